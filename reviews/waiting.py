"""What lies beyond a viewer's point: the first of it as a stub, the others in numbers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Self, TypeVar

from django.utils.translation import ngettext

from episodes.models import Series
from episodes.viewer import Viewer
from reviews.models import Review, ScopeTally
from reviews.models.reading import TextQuerySet
from reviews.models.tally import ScopeTallyQuerySet
from reviews.models.text import Text

MOST_NAMED = 3  # points in one row of numbers
MOST_DISCS = 5
AT_HAND = 20  # of the rows that wait: so many are counted one by one where no tally counts them

T = TypeVar("T", bound=Text)


@dataclass(frozen=True)
class Wait:
    """`count` texts become readable once the viewer has seen through `scope`; with `or_later`, some only after it."""

    scope: int
    count: int
    label: str
    or_later: bool = False


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

    @property
    def review_fold(self) -> Fold:
        """For a page that shows no stub of a review."""
        return Fold.of(self.review_waits)

    @property
    def comment_fold(self) -> Fold:
        return Fold.of(self.comment_waits)


@dataclass(frozen=True)
class Fold:
    """One row of numbers in place of stubs: "5 more wait after Track 3. List them".

    `waits`: none where nobody counted. `first`: the one at which a list of them begins. `stands`: how far the stub
    spoils that stands before it: of that point there are more. `in_all`: the numbers are of all that waits there,
    with what is shown and with answers.
    """

    waits: list[Wait]
    first: Text | None = None
    stands: int | None = None
    in_all: bool = False

    @classmethod
    def of(
        cls, waits: list[Wait], first: Text | None = None, *, stands: int | None = None, in_all: bool = False
    ) -> Self:
        return cls(shortened(waits), first, stands, in_all)

    @property
    def lines(self) -> list[str]:
        return [self.said(wait) for wait in self.waits]

    def said(self, wait: Wait) -> str:
        if self.in_all:
            line = in_all_after(wait)
        elif self.stands is not None and self.is_of(wait, self.stands):
            line = more_after(wait)
        else:
            line = after(wait)
        return line % {"count": wait.count, "episode": wait.label}

    @staticmethod
    def is_of(wait: Wait, scope: int) -> bool:
        return scope == wait.scope or (wait.or_later and scope > wait.scope)

    @property
    def discs(self) -> range:
        """One for each, as far as they fit."""
        return range(min(sum(wait.count for wait in self.waits) or MOST_DISCS, MOST_DISCS))


def after(wait: Wait) -> str:
    if wait.or_later:
        return ngettext(
            "%(count)d waits after %(episode)s or later.", "%(count)d wait after %(episode)s or later.", wait.count
        )
    return ngettext("%(count)d waits after %(episode)s.", "%(count)d wait after %(episode)s.", wait.count)


def more_after(wait: Wait) -> str:
    if wait.or_later:
        return ngettext(
            "%(count)d more waits after %(episode)s or later.",
            "%(count)d more wait after %(episode)s or later.",
            wait.count,
        )
    return ngettext("%(count)d more waits after %(episode)s.", "%(count)d more wait after %(episode)s.", wait.count)


def in_all_after(wait: Wait) -> str:
    if wait.or_later:
        return ngettext(
            "%(count)d in all waits after %(episode)s or later.",
            "%(count)d in all wait after %(episode)s or later, answers included.",
            wait.count,
        )
    return ngettext(
        "%(count)d in all waits after %(episode)s.",
        "%(count)d in all wait after %(episode)s, answers included.",
        wait.count,
    )


def shortened(waits: list[Wait]) -> list[Wait]:
    """The nearest points one by one, and those of a long series after them together: "Track 4 or later"."""
    if len(waits) <= MOST_NAMED:
        return waits
    near, far = waits[: MOST_NAMED - 1], waits[MOST_NAMED - 1 :]
    return [*near, replace(far[0], count=sum(wait.count for wait in far), or_later=True)]


def is_stub(text: Text) -> bool:
    """It waits there without its words: neither open, nor a tombstone, nor folded by reports. Needs `for_reader`."""
    return text.is_live and not text.is_open and text.folded_at is None


def counted(stubs: Sequence[Text], series: Series) -> list[Wait]:
    """These stubs by their points, the nearest first."""
    found = Counter(stub.spoils_through for stub in stubs)
    return [Wait(scope, found[scope], series.words.numbered(scope)) for scope in sorted(found)]


@dataclass(frozen=True)
class Part(Generic[T]):
    """A text as a list shows it, with the row that stands for the stubs after it, if they are folded."""

    text: T
    fold: Fold | None = None
    is_alone: bool = False  # what it answers is not on this page


def parts_of(
    texts: Sequence[T], series: Series | None = None, *, target: Text | None = None, folds: bool = True
) -> list[Part[T]]:
    """Of neighbouring stubs of one series the first, and a row of numbers for the others. No query.

    `series`: theirs, unless each came with its own. `target`: what the page is about, which is never folded.
    """
    runs: list[list[T]] = []
    for text in texts:
        before = runs[-1][-1] if runs else None
        goes_on = before is not None and is_stub(before) and before.series_id == text.series_id
        if folds and goes_on and is_stub(text) and text != target:
            runs[-1].append(text)
        else:
            runs.append([text])
    here = {run[0].pk for run in runs}
    parts = []
    for first, *others in runs:
        fold = None
        if others:
            fold = Fold.of(counted(others, series or first.series), others[0], stands=first.spoils_through)
        answered = getattr(first, "parent_id", None)
        parts.append(Part(first, fold, answered is not None and answered not in here))
    return parts


@dataclass(frozen=True)
class Stubs(Generic[T]):
    """What waits on a page of what is open, apart from that and newest first.

    `shown`: the first stub, and whatever is open all the same: the viewer's own, and what they asked to be shown.
    `folded`: others at hand; `is_cut`: there are more.
    """

    shown: list[T]
    folded: list[T]
    is_cut: bool = False

    @classmethod
    def none(cls) -> Self:
        return cls([], [])

    @classmethod
    def of(cls, rows: Sequence[T]) -> Self:
        """`rows`: one more than AT_HAND where there are more, and what was asked for wherever it stands."""
        at_hand = [row for place, row in enumerate(rows) if place < AT_HAND or row.is_open]
        first = next((row for row in at_hand if is_stub(row)), None)
        shown = [row for row in at_hand if row == first or not is_stub(row)]
        folded = [row for row in at_hand if row not in shown]
        return cls(shown, folded, len(rows) > AT_HAND)

    @classmethod
    def among(cls, waiting: TextQuerySet[T], viewer: Viewer) -> Self:
        """One query; one more where something was asked for that is not among the newest."""
        rows = list(waiting.order_by("-pk")[: AT_HAND + 1])
        asked = {*viewer.revealed(waiting.kind)} - {row.pk for row in rows[:AT_HAND]}
        if asked and len(rows) > AT_HAND:
            rows += waiting.filter(pk__in=asked - {rows[AT_HAND].pk}).order_by("-pk")
        return cls.of(rows)

    @property
    def stub(self) -> T | None:
        return next((row for row in self.shown if is_stub(row)), None)

    def fold(self, series: Series, tallied: list[Wait], *, in_all: bool = False) -> Fold | None:
        """The row of numbers after what is shown. `tallied`: what the tallies say where not all are at hand."""
        first = self.folded[0] if self.folded else None
        stands = self.stub.spoils_through if self.stub else None
        if self.is_cut:
            return Fold.of(tallied, first, stands=stands, in_all=in_all and bool(tallied))
        return Fold.of(counted(self.folded, series), first, stands=stands) if self.folded else None

    def stays_among(self, rows: Iterable[T], most: int) -> bool:
        """Once the stub is open it stands among the newest `most`, of which `rows` are there now."""
        stub = self.stub
        return stub is None or sum(row.pk > stub.pk for row in (*rows, *self.shown)) < most
