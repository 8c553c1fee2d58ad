"""What a member has watched, and the stars they gave on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from episodes.models import Progress, Series
from reviews.models import Review

MOST_SERIES = 50


@dataclass(frozen=True)
class Bar:
    """One rated episode, where it stands in the series.

    A wave is drawn in units of a tenth of a half star: seven tenths up, three down.
    """

    number: int
    label: str
    stars: int

    WIDTH = 60
    STEP = 100
    LINE = 210
    HEIGHT = 300

    @property
    def x(self) -> int:
        return (self.number - 1) * self.STEP

    @property
    def y(self) -> int:
        return self.LINE - 21 * self.stars

    @property
    def height(self) -> int:
        return 30 * self.stars


@dataclass(frozen=True)
class Row:
    series: Series
    seen_through: int
    whole: int | None  # stars for the series as a whole
    bars: list[Bar]

    @property
    def label(self) -> str:
        """ "Track 3": the last episode they have seen, in the series' words."""
        return self.series.words.numbered(self.seen_through)

    @property
    def width(self) -> int:
        return max(bar.x for bar in self.bars) + Bar.WIDTH


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
        bars = [Bar(number, series.words.numbered(number), given) for number, given in rated]
        return Row(series, progress.seen_through, stars.get(None), bars)
