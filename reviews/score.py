"""Ratings of one subject, as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reviews.models import RatingTally

FEWEST = 5  # ratings, before a mean means anything


@dataclass(frozen=True)
class Bar:
    stars: int
    count: int
    percent: int


@dataclass
class Score:
    """Counts by half stars, 1–10."""

    counts: dict[int, int] = field(default_factory=dict)

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

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        """Mean in stars, 0.5–5, or None while too few have rated."""
        if self.count < FEWEST:
            return None
        return sum(stars * count for stars, count in self.counts.items()) / self.count / 2

    @property
    def bars(self) -> list[Bar]:
        """Ten bars whose percentages add to 100, by largest remainder."""
        total = self.count
        if not total:
            return []
        shares = {stars: 100 * self.counts.get(stars, 0) / total for stars in range(1, 11)}
        percents = {stars: int(share) for stars, share in shares.items()}
        by_remainder = sorted(shares, key=lambda stars: (percents[stars] - shares[stars], stars))
        for stars in by_remainder[: 100 - sum(percents.values())]:
            percents[stars] += 1
        return [Bar(stars, self.counts.get(stars, 0), percents[stars]) for stars in range(1, 11)]
