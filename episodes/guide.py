"""A series and its episodes as one viewer may know them: what every page of a series begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from episodes.airing import Airing
from episodes.boundary import reaches
from episodes.models import Episode, Series
from episodes.sleeve import SleeveArt
from episodes.viewer import Viewer

FINALE_IS_NEWS = timedelta(days=60)
PER_SIDE = 4  # episodes; fewer than nine are split into two even sides


@dataclass(frozen=True)
class Side:
    letter: str
    episodes: list[Episode]


@dataclass(frozen=True)
class Guide:
    """Two queries, and one more for a member's progress. `now` is the moment that the whole page agrees on."""

    series: Series
    episodes: list[Episode]
    viewer: Viewer
    now: datetime

    @classmethod
    def of(cls, viewer: Viewer, slug: str) -> Guide:
        """Raises Http404 for a series that is not published."""
        now = timezone.now()
        series = get_object_or_404(Series.objects.published(now).for_reader(viewer), slug=slug)
        return cls.to(viewer, series, now)

    @classmethod
    def to(cls, viewer: Viewer, series: Series, now: datetime) -> Guide:
        episodes = list(Episode.objects.filter(series=series).for_reader(viewer, series).order_by("number"))
        for episode in episodes:
            episode.series = series
        return cls(series, episodes, viewer, now)

    @property
    def seen_through(self) -> int | None:
        return self.viewer.seen_through(self.series)

    @property
    def is_answered(self) -> bool:
        return self.seen_through is not None

    @property
    def aired(self) -> list[Episode]:
        return [episode for episode in self.episodes if episode.has_aired(self.now)]

    @property
    def is_complete(self) -> bool:
        """Every episode has aired."""
        return len(self.aired) == len(self.episodes) > 0

    @property
    def last_aired(self) -> int:
        return max((episode.number for episode in self.aired), default=0)

    @property
    def next_aired(self) -> Episode | None:
        """The first that this viewer has not seen and could have."""
        following = self.next_episode
        return following if following and following.has_aired(self.now) else None

    @property
    def folds_band(self) -> bool:
        """Once answered, a band of many cells is one row that opens."""
        return self.is_answered and len(self.aired) > 2 * PER_SIDE

    @property
    def has_seen_all(self) -> bool:
        return self.is_complete and reaches(self.viewer.point(self.series), self.last_aired)

    @property
    def airing(self) -> Airing | None:
        """The next episode to be shown, while the series runs."""
        coming = [(e.airs_at, e.number, e) for e in self.episodes if e.airs_at is not None and e.airs_at > self.now]
        return Airing.of(min(coming)[2], self.viewer, self.now) if coming else None

    @property
    def next_episode(self) -> Episode | None:
        """The first that this viewer has not seen; None for who has seen all there is."""
        point = self.viewer.point(self.series)
        return next((episode for episode in self.episodes if episode.number > point), None)

    def has_seen(self, subject: Series | Episode) -> bool:
        """A series is seen when all of it is."""
        return self.viewer.has_seen(subject) if isinstance(subject, Episode) else self.has_seen_all

    @property
    def offers_all_first(self) -> bool:
        """Two months after the finale most who come have seen it all: the first answer to an open question."""
        if self.is_answered or not self.is_complete:
            return False
        last = max(episode.airs_at for episode in self.episodes if episode.airs_at is not None)
        return self.now - last > FINALE_IS_NEWS

    @property
    def point_label(self) -> str:
        """ "Track 2": the last episode this viewer has seen, in the series' words."""
        return self.label_at(self.viewer.point(self.series))

    @property
    def furthest(self) -> int:
        """How far this viewer ever was, as far as there is something to go back to."""
        return min(self.viewer.furthest(self.series), self.last_aired)

    @property
    def furthest_label(self) -> str:
        return self.label_at(self.furthest)

    @property
    def is_rewatching(self) -> bool:
        """They went back, and are told less than they know."""
        return self.is_answered and self.viewer.point(self.series) < self.furthest

    @property
    def can_take_back(self) -> bool:
        """Their last step forward was a moment ago, and may have been a slip."""
        return self.viewer.slip(self.series) is not None

    @property
    def ending_label(self) -> str:
        """The episode after which the ending may be told: the last one, however far the scope reaches."""
        return self.label_at(self.series.ending_scope)

    def label_at(self, number: int) -> str:
        """What an episode is called, or the last one where the number is beyond all there are."""
        last = max((episode.number for episode in self.episodes), default=0)
        return self.series.words.numbered(min(number, last))

    @property
    def runtime(self) -> int | None:
        """Minutes of the whole series, if every episode's are known."""
        minutes = [episode.runtime for episode in self.episodes if episode.runtime is not None]
        return sum(minutes) if minutes and len(minutes) == len(self.episodes) else None

    @property
    def art(self) -> SleeveArt:
        """The series' own, with grooves for all the minutes that are known."""
        return SleeveArt.of(self.series.slug, minutes=sum(episode.runtime or 0 for episode in self.episodes))

    @property
    def seen_count(self) -> int:
        """Episodes of the track list that this viewer has seen."""
        return sum(self.viewer.has_seen(episode) for episode in self.episodes)

    @property
    def unseen_count(self) -> int:
        return len(self.episodes) - self.seen_count

    @property
    def native_epilogue(self) -> str:
        """What the epilogue is called in the series' own language, where its reader is told in another."""
        named = self.series.vocabulary.get(self.series.language, {}).get("epilogue", "")
        return "" if named == self.series.words.epilogue else named

    @property
    def sides(self) -> list[Side]:
        """The episodes as sides of a record: halves of a short series, fours of a longer one."""
        count = len(self.episodes)
        size = PER_SIDE if count > 2 * PER_SIDE else -(-count // 2) or 1
        parts = [self.episodes[start : start + size] for start in range(0, count, size)]
        return [Side(side_letter(place), part) for place, part in enumerate(parts)]

    def side_of(self, episode: Episode) -> str:
        """The letter of the side that it stands on."""
        return next(side.letter for side in self.sides if episode in side.episodes)

    def episode(self, number: int) -> Episode:
        for episode in self.episodes:
            if episode.number == number:
                return episode
        raise Http404(_("There is no such episode."))

    def aired_episode(self, number: int) -> Episode:
        """The episode, for pages that only make sense once it has aired."""
        episode = self.episode(number)
        if not episode.has_aired(self.now):
            raise Http404(_("It has not aired yet."))
        return episode

    def subject(self, number: int | None) -> Series | Episode:
        """What a page about "this" is about: an aired episode, or the series when no number is given."""
        return self.series if number is None else self.aired_episode(number)

    def before(self, episode: Episode) -> Episode | None:
        return next((other for other in reversed(self.episodes) if other.number < episode.number), None)

    def after(self, episode: Episode) -> Episode | None:
        return next((other for other in self.episodes if other.number > episode.number), None)


@dataclass(frozen=True)
class Cover:
    """A series on a shelf, and how far this viewer is in it: None where they were never asked."""

    series: Series
    art: SleeveArt
    seen_through: int | None

    @classmethod
    def shelf(cls, viewer: Viewer, series: Iterable[Series]) -> list[Cover]:
        """Of series `with_minutes`. For a member the viewer has to have looked them up, else each is a query."""
        return [
            cls(one, SleeveArt.of(one.slug, minutes=getattr(one, "minutes", None)), viewer.seen_through(one))
            for one in series
        ]

    @property
    def point_label(self) -> str:
        return self.series.words.numbered(self.seen_through or 0)


def side_letter(place: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
