"""What lies beyond a viewer's point, in numbers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from episodes.models import Series
from episodes.viewer import Viewer
from reviews.models import Review, ScopeTally
from reviews.models.tally import ScopeTallyQuerySet


@dataclass(frozen=True)
class Wait:
    """`count` texts become readable once the viewer has seen through `scope`."""

    scope: int
    count: int
    label: str


@dataclass(frozen=True)
class Waiting:
    """All and waiting texts of a subject, by kind. One query."""

    totals: dict[str, int]
    waits: dict[str, list[Wait]]

    @classmethod
    def for_viewer(cls, viewer: Viewer, series: Series, tallies: ScopeTallyQuerySet) -> Waiting:
        totals: dict[str, int] = {}
        waits: dict[str, list[Wait]] = {}
        for tally in tallies.for_reader(viewer, series):
            totals[tally.kind] = totals.get(tally.kind, 0) + tally.count
            if tally.count and not tally.is_open:
                label = series.words.numbered(tally.scope)
                waits.setdefault(tally.kind, []).append(Wait(tally.scope, tally.count, label))
        return cls(totals, waits)

    @property
    def reviews(self) -> int:
        return self.totals.get(ScopeTally.Kind.REVIEW, 0)

    @property
    def comments(self) -> int:
        return self.totals.get(ScopeTally.Kind.COMMENT, 0)

    @property
    def waiting_reviews(self) -> int:
        return sum(wait.count for wait in self.review_waits)

    @property
    def review_waits(self) -> list[Wait]:
        return self.waits.get(ScopeTally.Kind.REVIEW, [])

    def reviews_beyond(self, shown: Iterable[Review]) -> list[Wait]:
        """What waits besides the stubs that a page shows: "5 more wait after Track 3"."""
        here = Counter(review.spoils_through for review in shown)
        left = (replace(wait, count=wait.count - here[wait.scope]) for wait in self.review_waits)
        return [wait for wait in left if wait.count > 0]

    @property
    def comment_waits(self) -> list[Wait]:
        return self.waits.get(ScopeTally.Kind.COMMENT, [])
