"""What a member has watched, and the stars they gave on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from episodes.models import Progress, Series
from reviews.models import Review
from reviews.waveform import SmallWave

MOST_SERIES = 50


@dataclass(frozen=True)
class Row:
    series: Series
    seen_through: int
    whole: int | None  # stars for the series as a whole
    stars: list[tuple[int, int]]  # for an episode by its number

    @property
    def label(self) -> str:
        """ "Track 3": the last episode they have seen, in the series' words."""
        return self.series.words.numbered(self.seen_through)

    @property
    def wave(self) -> SmallWave:
        return SmallWave.of(self.stars, self.seen_through)

    @property
    def rated(self) -> list[tuple[str, int]]:
        """The same, with what the series calls its episodes."""
        return [(self.series.words.numbered(number), given) for number, given in self.stars]


@dataclass(frozen=True)
class Shelf:
    """The series a member watched last, `MOST_SERIES` at most. Numbers and stars alone: nobody is told a title."""

    rows: list[Row]
    is_cut: bool

    @classmethod
    def of(cls, member: User, now: datetime) -> Shelf:
        """Two queries."""
        watched = Progress.objects.filter(member=member, series__published_at__lte=now).select_related("series")
        found = list(watched.order_by("-updated_at", "-pk")[: MOST_SERIES + 1])
        kept = found[:MOST_SERIES]
        rated = Review.objects.live().filter(author=member, series__in=[progress.series_id for progress in kept])
        stars: dict[int, dict[int | None, int]] = {}
        for series, number, given in rated.values_list("series", "episode__number", "stars"):
            if given is not None:
                stars.setdefault(series, {})[number] = given
        rows = [cls.row(progress, stars.get(progress.series_id, {})) for progress in kept]
        return cls(rows, len(found) > MOST_SERIES)

    @staticmethod
    def row(progress: Progress, stars: dict[int | None, int]) -> Row:
        series = progress.series
        rated = sorted((number, given) for number, given in stars.items() if number is not None)
        return Row(series, progress.seen_through, stars.get(None), rated)
