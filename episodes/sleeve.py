"""Sleeve art: a record and a lens, drawn from a slug, a number and a runtime, and from nothing that anybody said.

The same subject has the same art for ever. What people said of it may not enter: it would tell where the story
turns, and the picture would be another every day. Radii and centres are whole numbers of a box of 120, for circles
of fractions came out as eggs.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from math import cos, hypot, pi, sin

BOX = 120
REACH = 104  # both discs side by side, at most: the rest is margin
RECORD = range(30, 43)  # radii
LENS = range(18, 31)
BITE = 6  # how far the lens stands out beyond the record, at least
MINUTES_PER_GROOVE = 4
MOST_GROOVES = 16
FEW_GROOVES = 5  # more would flicker on a thumbnail


@dataclass(frozen=True)
class Disc:
    x: int
    y: int
    radius: int

    @property
    def path(self) -> str:
        """Two half circles, to be filled by the rule of even and odd."""
        r = self.radius
        return f"M{self.x - r} {self.y}a{r} {r} 0 0 1 {2 * r} 0a{r} {r} 0 0 1 {-2 * r} 0"


@dataclass(frozen=True)
class SleeveArt:
    record: Disc
    lens: Disc
    groove_count: int

    @classmethod
    def of(cls, slug: str, number: int = 0, minutes: int | None = None) -> SleeveArt:
        """`number` 0 is the series itself; without `minutes` the record has as few grooves as a thumbnail."""
        seed = sha256(f"{slug}/{number}".encode()).digest()
        record, lens = (radii[byte % len(radii)] for radii, byte in ((RECORD, seed[0]), (LENS, seed[1])))
        nearest = max(0.55 * record, record - lens + BITE)
        furthest = min(1.05 * record, REACH - record - lens)
        apart = nearest + (furthest - nearest) * seed[2] / 255
        angle = 2 * pi * int.from_bytes(seed[3:5]) / 0x10000
        right, down = apart * cos(angle), apart * sin(angle)
        # Their common outline, not the record, stands in the middle of the box.
        x, y = (round((BOX - step * (1 + (lens - record) / hypot(right, down))) / 2) for step in (right, down))
        grooves = min(MOST_GROOVES, max(1, minutes // MINUTES_PER_GROOVE)) if minutes else FEW_GROOVES
        return cls(Disc(x, y, record), Disc(round(x + right), round(y + down), lens), grooves)

    @property
    def discs(self) -> str:
        """Both as one path, so that each turns the other around where they overlap."""
        return self.record.path + self.lens.path

    @property
    def label(self) -> int:
        """Radius of the paper in the middle of the record."""
        return round(0.14 * self.record.radius)

    @property
    def grooves(self) -> list[str]:
        """Radii of the rings, from the label outwards."""
        return self.rings(self.groove_count)

    @property
    def few_grooves(self) -> list[str]:
        return self.rings(min(self.groove_count, FEW_GROOVES))

    def rings(self, count: int) -> list[str]:
        step = (self.record.radius - self.label) / (count + 1)
        return [f"{self.label + step * place:.4g}" for place in range(1, count + 1)]
