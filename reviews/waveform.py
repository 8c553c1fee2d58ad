"""Waves: what was said over the time of an episode, what was given over the episodes of a series.

A wave is drawn in whole units: a bar takes 6 of 10 across and up to 100 in height, seven tenths of it above the line
and three below. It is stretched to its place, so only proportions matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import Any, Self

from django.db.models import CharField, Count, F, QuerySet, Value
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from episodes.models import Cue, Episode, KeyMoment
from episodes.templatetags.catalogue import clock
from episodes.viewer import Viewer
from reviews.models import Comment, MomentTally, RatingTally
from reviews.models.tally import SLICE

STEP = 10  # units across from one bar to the next
THICK = 6
TALL = 100
LINE = 70
LEAST = 6  # percent: what a bar of nothing is drawn with, so that the line goes on
SONGS = 112  # where the short lines of songs end, below the bars

MOST_BARS = 90
STRETCHES = 10  # links of a drawing: on the smallest phone each is still as wide as a fingertip needs
MINUTE = 60  # seconds
FEWEST = 10  # moments, before a drawing says anything
GENTLE = 4  # moments that fill the height: fewer are drawn lower, so that one voice is no climax
SWELL = (1, 0.6, 0.25)  # how much of a moment sounds in its bar, in the next, in the one after: pins are rough
MOST_PEAKS = 3
APART = 4  # bars between two peaks
PEAK = 0.75  # of the loudest, for another to be named beside it
MOST_KEYS = 5  # key moments of a list; the recap has them all


NONE = Value("", CharField())


@dataclass(frozen=True)
class Bar:
    """One bar; `percent` of the height. `at`: the second it leads to, if something was said in it."""

    place: int
    percent: int
    at: int | None = None
    is_own: bool = False

    @property
    def clock(self) -> str:
        return clock(self.at or 0)

    @property
    def path(self) -> str:
        above, below = round(self.percent * LINE / 100), round(self.percent * (TALL - LINE) / 100)
        return f"M{self.place * STEP} {LINE - above}h{THICK}v{above + below}h-{THICK}z"


@dataclass(frozen=True)
class Stretch:
    """A tenth of the drawing, and the bars of it in which something was said: one link, wide enough to be hit."""

    start: int
    width: int
    bars: list[Bar]

    @property
    def ground(self) -> str:
        return f"M{self.start} 0h{self.width}v{TALL}h-{self.width}z"

    @property
    def clock(self) -> str:
        """Where most was said in it."""
        return max(self.bars, key=lambda bar: (bar.percent, -bar.place)).clock

    @property
    def path(self) -> str:
        return "".join(bar.path for bar in self.bars if not bar.is_own)

    @property
    def own_path(self) -> str:
        return "".join(bar.path for bar in self.bars if bar.is_own)


@dataclass(frozen=True)
class SmallWave:
    """A wave of a few bars, without links: ratings in order. Every place has room, also where nothing was given."""

    bars: list[Bar]
    places: int

    @classmethod
    def of(cls, stars: Iterable[tuple[int, float]], places: int = 0) -> Self:
        """Pairs of a number from 1 and half stars."""
        bars = [Bar(number - 1, round(10 * given)) for number, given in stars]
        return cls(bars, max([places, *(bar.place + 1 for bar in bars)]))

    @property
    def width(self) -> int:
        return self.places * STEP - (STEP - THICK)

    @property
    def path(self) -> str:
        return "".join(bar.path for bar in self.bars)


@dataclass
class Counts:
    """What is counted of an episode and marked in it: half stars → ratings, seconds → moments, songs."""

    ratings: dict[int, int] = field(default_factory=dict)
    moments: dict[int, int] = field(default_factory=dict)
    own: dict[int, int] = field(default_factory=dict)
    keys: list[tuple[int, str]] = field(default_factory=list)
    songs: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, viewer: Viewer, episode: Episode) -> Self:
        """Only what this viewer may read. One query; of an episode they have not seen only its ratings."""
        parts: dict[str, QuerySet[Any, Any]] = {
            "ratings": RatingTally.objects.about(episode).values(second=F("stars"), total=F("count"), words=NONE)
        }
        if viewer.has_seen(episode):
            series = episode.series
            keys = KeyMoment.objects.for_reader(viewer, series).filter(episode=episode, at__isnull=False)
            songs = Cue.objects.for_reader(viewer, series).filter(episode=episode, at__isnull=False)
            moments = MomentTally.objects.for_reader(viewer, episode)
            parts["keys"] = keys.values(second=F("at"), total=Value(1), words=F("text"))
            parts["songs"] = songs.values(second=F("at"), total=Value(1), words=NONE)
            parts["moments"] = moments.values(second=F("slice") * SLICE, total=F("total"), words=NONE)
            if viewer.member is not None:
                said = Comment.objects.about(episode).open_to(viewer, series).by(viewer.member)
                own = said.filter(at__isnull=False).values("at").annotate(total=Count("pk"))
                parts["own"] = own.values(second=F("at"), total=F("total"), words=NONE)
        columns = ("what", "second", "total", "words")
        rows = [
            part.annotate(what=Value(name, CharField())).order_by().values_list(*columns)
            for name, part in parts.items()
        ]
        found = cls()
        for what, second, total, words in sorted(rows[0].union(*rows[1:], all=True)):
            kept = getattr(found, what)
            if isinstance(kept, list):
                kept.append((second, words))
            else:
                kept[second] = total
        return found


@dataclass(frozen=True)
class Line:
    """One row of the list below a waveform: what editors or a member pinned to this second."""

    at: int
    key: str = ""
    comment: Comment | None = None
    is_own: bool = False


@dataclass(frozen=True)
class Waveform:
    """An episode's moments over its time. `is_recorded`: this viewer has seen it.

    The scale is the runtime. Where that is approximate or unknown, what lies past it stretches the scale to the end
    of its minute: nobody knows better than who pinned it. Only what this viewer may read is on the scale.
    """

    counts: Counts
    runtime: int | None  # seconds
    is_exact: bool
    is_recorded: bool
    minute: int | None = None  # the first second of the minute that the page shows

    @classmethod
    def of(cls, counts: Counts, episode: Episode, viewer: Viewer, minute: int | None = None) -> Self:
        """No query."""
        runtime = None if episode.runtime is None else episode.runtime * MINUTE
        is_exact = runtime is not None and not episode.runtime_is_approximate
        return cls(counts, runtime, is_exact, viewer.has_seen(episode), minute)

    @property
    def count(self) -> int:
        return sum(self.counts.moments.values())

    @property
    def own_count(self) -> int:
        return sum(self.counts.own.values())

    @property
    def is_drawn(self) -> bool:
        return self.is_recorded and self.count >= FEWEST

    @cached_property
    def length(self) -> int:
        """Seconds from one end of the drawing to the other."""
        if self.is_exact and self.runtime:
            return self.runtime
        keys = [at for at, _words in self.counts.keys]
        latest = max([*self.counts.moments, *self.counts.songs, *keys], default=0)
        if self.runtime and latest < self.runtime:
            return self.runtime
        return (latest // MINUTE + 1) * MINUTE

    @property
    def labels(self) -> list[str]:
        """What stands under its beginning, middle and end."""
        return [clock(0), clock(self.length // 2), clock(self.length)]

    @cached_property
    def places(self) -> int:
        """Bars of the drawing: no more than there are slices, so that each slice has one of its own."""
        return max(1, min(MOST_BARS, self.length // SLICE))

    @property
    def width(self) -> int:
        return self.places * STEP - (STEP - THICK)

    @property
    def height(self) -> int:
        return SONGS if self.counts.songs else TALL

    def place(self, second: int) -> int:
        return min(second * self.places // self.length, self.places - 1)

    def x(self, second: int) -> int:
        return min(second * self.width // self.length, self.width)

    @cached_property
    def drawing(self) -> list[Bar]:
        """Every bar. Heights grow with the root of what sounds in them, as loudness does."""
        said: dict[int, Counter[int]] = {}
        for second, count in self.counts.moments.items():
            said.setdefault(self.place(second), Counter())[second] += count
        sound: defaultdict[int, float] = defaultdict(float)
        for place, seconds in said.items():
            for away in range(1 - len(SWELL), len(SWELL)):
                sound[place + away] += SWELL[abs(away)] * seconds.total()
        full = max(GENTLE, *sound.values()) if sound else GENTLE
        own = {self.place(at - at % SLICE) for at in self.counts.own}
        return [
            Bar(
                place,
                max(LEAST, round(100 * sqrt(sound[place] / full))),
                min(said[place], key=lambda at: (-said[place][at], at)) if place in said else None,
                place in own,
            )
            for place in range(self.places)
        ]

    @property
    def bars(self) -> list[Bar]:
        """Those in which something was said."""
        return [bar for bar in self.drawing if bar.at is not None]

    @property
    def stretches(self) -> list[Stretch]:
        """Those in which something was said. What does not go into tenths belongs to the last."""
        long = -(-self.places // STRETCHES)
        last = self.places // long - 1
        found: defaultdict[int, list[Bar]] = defaultdict(list)
        for bar in self.bars:
            found[min(bar.place // long, last)].append(bar)
        return [
            Stretch(
                start=number * long * STEP,
                width=(self.places - last * long if number == last else long) * STEP,
                bars=bars,
            )
            for number, bars in sorted(found.items())
        ]

    @property
    def rest(self) -> str:
        """The others, as one path."""
        return "".join(bar.path for bar in self.drawing if bar.at is None)

    @property
    def here(self) -> str:
        """The ground behind the minute that is shown; empty where all is shown, or what lies past the end."""
        if self.minute is None or self.minute > self.length:
            return ""
        first, last = self.place(self.minute), self.place(self.minute + MINUTE - 1)
        wide = (last - first) * STEP + THICK + 4
        return f"M{first * STEP - 2} 0h{wide}v{TALL}h-{wide}z"

    @property
    def key_marks(self) -> str:
        return "".join(f"M{self.x(at)} 0v{TALL}" for at, _words in self.counts.keys)

    @property
    def song_marks(self) -> str:
        return "".join(f"M{self.x(at)} {TALL + 4}v{SONGS - TALL - 4}" for at in self.counts.songs)

    @property
    def peaks(self) -> list[int]:
        """The seconds around which most was said; none where more than three are as loud."""
        loudest = max((bar.percent for bar in self.bars), default=0)
        found: list[Bar] = []
        for bar in sorted(self.bars, key=lambda bar: (-bar.percent, bar.place)):
            if bar.percent >= PEAK * loudest and all(abs(bar.place - other.place) >= APART for other in found):
                found.append(bar)
        if len(found) > MOST_PEAKS:
            found = [bar for bar in found[:MOST_PEAKS] if bar.percent > found[MOST_PEAKS].percent]
        return sorted(bar.at for bar in found if bar.at is not None)

    @property
    def summary(self) -> str:
        times = get_text_list([clock(at) for at in self.peaks], _("and"))
        return _("Most is said around %(times)s.") % {"times": times} if times else _("No minute stands out.")

    def lines(self, comments: Iterable[Comment], viewer: Viewer) -> list[Line]:
        """Key moments and what members pinned, as they come in the episode."""
        keys = [Line(at, key=words) for at, words in self.counts.keys[:MOST_KEYS]]
        said = [
            Line(comment.at, comment=comment, is_own=comment.is_by(viewer.user))
            for comment in comments
            if comment.at is not None
        ]
        return sorted(keys + said, key=lambda line: line.at)
