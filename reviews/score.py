"""Ratings of one subject, as a page shows them.

A member who has seen something and not rated it yet finds its score folded, unless they wished otherwise or peeked:
then no page sends its mean or its histogram.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from episodes.guide import Guide
from episodes.models import Series
from reviews.models import RatingTally, Review
from reviews.models.reading import Subject
from reviews.waveform import SmallWave

FEWEST = 5  # ratings, before a mean means anything


@dataclass(frozen=True)
class Bar:
    stars: int
    count: int
    percent: int
    height: int  # of a hundred: the most given reaches it, what nobody gave is not drawn

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass
class Score:
    """Counts by half stars, 1–10."""

    counts: dict[int, int] = field(default_factory=dict)
    is_folded: bool = False

    @classmethod
    def by_episode(cls, tallies: Iterable[RatingTally]) -> dict[int | None, Score]:
        """Episode key → its score; None is the series itself."""
        scores: dict[int | None, Score] = {}
        for tally in tallies:
            scores.setdefault(tally.episode_id, cls()).counts[tally.stars] = tally.count
        return scores

    @classmethod
    def of(cls, tallies: Iterable[RatingTally]) -> Score:
        """The score of one subject. One query."""
        return cls({tally.stars: tally.count for tally in tallies})

    @classmethod
    def for_viewer(cls, guide: Guide, subject: Subject) -> Score:
        """The score of one subject, folded for whom it folds. One query, one more where it might be folded."""
        score = cls.of(RatingTally.objects.about(subject))
        if guide.viewer.member is None or not folds(guide, subject, None):
            return score
        rated = Review.objects.by(guide.viewer.member).about(subject).filter(stars__isnull=False)
        return score.folded(not rated.exists())

    def folded(self, is_folded: bool) -> Score:
        """Without mean and bars, if there are any."""
        return replace(self, is_folded=is_folded and self.mean is not None)

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        """Mean in stars, 0.5–5, or None while too few have rated or it is folded."""
        if self.is_folded or self.count < FEWEST:
            return None
        return sum(stars * count for stars, count in self.counts.items()) / self.count / 2

    @property
    def bars(self) -> list[Bar]:
        """Ten bars whose percentages add to 100, by largest remainder."""
        total = self.count
        if self.is_folded or not total:
            return []
        shares = {stars: 100 * self.counts.get(stars, 0) / total for stars in range(1, 11)}
        percents = {stars: int(share) for stars, share in shares.items()}
        by_remainder = sorted(shares, key=lambda stars: (percents[stars] - shares[stars], stars))
        for stars in by_remainder[: 100 - sum(percents.values())]:
            percents[stars] += 1
        most = max(self.counts.values())
        heights = {stars: max(2 * (count > 0), round(100 * count / most)) for stars, count in self.counts.items()}
        return [
            Bar(stars, self.counts.get(stars, 0), percents[stars], heights.get(stars, 0)) for stars in range(1, 11)
        ]


@dataclass(frozen=True)
class Scores:
    """The scores of a series and of its episodes by number, and the viewer's own stars; None is the series itself."""

    by_number: dict[int | None, Score]
    own: dict[int | None, int | None]

    @classmethod
    def of(cls, guide: Guide) -> Scores:
        """Each score folds by itself. One query, two for a member."""
        series, member = guide.series, guide.viewer.member
        found = Score.by_episode(RatingTally.objects.filter(series=series))
        stars = (
            Review.objects.by(member).filter(series=series).values_list("episode__number", "stars") if member else ()
        )
        own: dict[int | None, int | None] = dict(stars)
        scores: dict[int | None, Score] = {}
        subjects: list[Subject] = [series, *guide.episodes]
        for subject in subjects:
            key, number = (None, None) if isinstance(subject, Series) else (subject.pk, subject.number)
            scores[number] = found.get(key, Score()).folded(folds(guide, subject, own.get(number)))
        return cls(scores, own)

    @property
    def waves(self) -> list[tuple[bool, SmallWave]]:
        """What fans gave over the episodes, and what the viewer gave (True)."""
        numbers = sorted(number for number in self.by_number if number is not None)
        means = [(number, 2 * mean) for number in numbers if (mean := self.by_number[number].mean)]
        own = [(number, stars) for number in numbers if (stars := self.own.get(number))]
        given: list[tuple[bool, list[tuple[int, float]]]] = [(False, list(means)), (True, list(own))]
        return [(is_own, SmallWave.of(stars, len(numbers))) for is_own, stars in given if stars]

    @property
    def whole(self) -> Score:
        return self.by_number[None]


def folds(guide: Guide, subject: Subject, own_stars: int | None) -> bool:
    """Whether this viewer is to rate the subject before they are told what others gave it. No query."""
    member = guide.viewer.member
    if member is None or not member.folds_scores or own_stars is not None or not guide.has_seen(subject):
        return False
    progress = guide.viewer.progress(guide.series)
    return progress is None or peek_number(subject) not in progress.peeked


def peek_number(subject: Subject) -> int:
    """What `Progress.peeked` calls it: the episode's number, 0 for the series."""
    return 0 if isinstance(subject, Series) else subject.number
