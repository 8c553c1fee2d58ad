"""How a list was asked for: in which order, and what of it. What makes no sense is as if it were not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from episodes.guide import Guide
from reviews.models import Comment, Review
from reviews.models.comment import CommentQuerySet
from reviews.models.reading import LIVE
from reviews.models.review import ReviewQuerySet
from reviews.templatetags.ratings import in_stars
from soundtrack_site.clock import seconds_in
from soundtrack_site.paging import Run

FEWEST = 6  # texts of a list, before it is worth sorting
MINUTE = 60  # seconds
LIST = "list"  # what `?waiting=` says to have every stub

C = TypeVar("C", bound=models.TextChoices)


@dataclass(frozen=True)
class Choice:
    """One answer to a control, as a link: `value` is what the address says; None for what it need not say."""

    value: str | None
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Control:
    """One question about a list; the first choice is what everybody gets who asks nothing."""

    name: str
    label: str
    choices: list[Choice]


class ReviewOrder(models.TextChoices):
    NEWEST = "newest", gettext_lazy("Newest")
    FELT = "felt", gettext_lazy("Most felt")
    HIGHEST = "highest", gettext_lazy("Highest")
    LOWEST = "lowest", gettext_lazy("Lowest")


class CommentOrder(models.TextChoices):
    OLDEST = "oldest", gettext_lazy("Oldest first")
    FELT = "felt", gettext_lazy("Most felt")


# Falls after what has a number, whichever end the database would put it.
UNRATED = Q(stars=None)


def asks_same_seat(query: Mapping[str, Any]) -> bool:
    """`?seat=same`: only texts whose authors had seen no further than the reader has. Anybody may ask."""
    return query.get("seat") == "same"


def seats_differ(guide: Guide) -> bool:
    """Others may have known more than this reader: mid-series, and for whoever watches again."""
    point = guide.viewer.point(guide.series)
    return 0 < point < guide.last_aired or point < guide.viewer.furthest(guide.series)


@dataclass(frozen=True)
class ReviewListing:
    """`?sort=`, `?stars=` (half stars), `?seat=same` and `?waiting=list` of a page of reviews."""

    order: ReviewOrder
    stars: int | None
    lists_waiting: bool
    same_seat: bool = False
    offers_seat: bool = False

    @classmethod
    def asked(cls, query: Mapping[str, Any], guide: Guide) -> Self:
        stars = query.get("stars")
        return cls(
            member_of(ReviewOrder, query.get("sort")),
            int(stars) if stars in {str(half) for half in range(1, 11)} else None,
            query.get("waiting") == LIST,
            asks_same_seat(query),
            asks_same_seat(query) or seats_differ(guide),
        )

    @property
    def is_filtered(self) -> bool:
        return self.stars is not None or self.same_seat

    def of(self, reviews: ReviewQuerySet, guide: Guide) -> ReviewQuerySet:
        if self.stars is not None:
            reviews = reviews.filter(stars=self.stars)
        return reviews.same_seat(guide.viewer, guide.series) if self.same_seat else reviews

    def runs(self, rows: ReviewQuerySet) -> list[Run[Review]]:
        """The rows in the order asked for; in an order by stars, those without follow, newest first."""
        if self.order == ReviewOrder.FELT:
            return [Run(rows, "-pk", "-like_count")]
        if self.order == ReviewOrder.NEWEST or self.stars is not None:  # all have the same stars
            return [Run(rows)]
        rated = rows.filter(~UNRATED)
        by_stars = Run(rated, "-pk", "-stars") if self.order == ReviewOrder.HIGHEST else Run(rated, "pk", "stars")
        return [by_stars, Run(rows.filter(UNRATED))]

    @property
    def controls(self) -> list[Control]:
        stars = [Choice(None, _("Any"), self.stars is None)]
        stars += [Choice(str(half), in_stars(half), self.stars == half) for half in range(10, 0, -1)]
        return [order_control(self.order), Control("stars", _("Stars"), stars)]


@dataclass(frozen=True)
class CommentListing:
    """`?sort=`, `?kind=`, `?at=`, `?seat=same` and `?waiting=list` of a discussion. `minute`: its first second."""

    order: CommentOrder
    kind: Comment.Kind | None = None
    minute: int | None = None
    same_seat: bool = False
    lists_waiting: bool = False
    has_kinds: bool = False
    offers_seat: bool = False

    @classmethod
    def asked(cls, query: Mapping[str, Any], guide: Guide, *, of_episode: bool) -> Self:
        """Kinds and minutes are an episode's."""
        at = seconds_in(query.get("at") or "") if of_episode else None
        minute = None if at is None else at - at % MINUTE
        asked = query.get("kind")
        kind = Comment.Kind(asked) if of_episode and asked in Comment.Kind.values else None
        return cls(
            member_of(CommentOrder, query.get("sort")),
            kind,
            minute,
            asks_same_seat(query),
            query.get("waiting") == LIST and minute is None and kind is None,
            of_episode,
            asks_same_seat(query) or seats_differ(guide),
        )

    @classmethod
    def of_thread(cls, query: Mapping[str, Any], guide: Guide) -> Self:
        """What is said under a review or a comment has neither kinds nor minutes."""
        return cls(
            member_of(CommentOrder, query.get("sort")),
            same_seat=asks_same_seat(query),
            lists_waiting=query.get("waiting") == LIST,
            offers_seat=asks_same_seat(query) or seats_differ(guide),
        )

    @property
    def tells_waiting(self) -> bool:
        """When something is said tells of what happens, and of what kind it is, too: what waits is told by neither."""
        return self.minute is None and self.kind is None

    @property
    def is_filtered(self) -> bool:
        return self.kind is not None or self.minute is not None or self.same_seat

    def of(self, roots: CommentQuerySet, guide: Guide) -> CommentQuerySet:
        if self.kind is not None:
            roots = roots.filter(kind=self.kind)
        if self.minute is not None:
            roots = roots.filter(at__gte=self.minute, at__lt=self.minute + MINUTE)
        return self.seated(roots, guide)

    def seated(self, comments: CommentQuerySet, guide: Guide) -> CommentQuerySet:
        return comments.same_seat(guide.viewer, guide.series) if self.same_seat else comments

    def open_roots(self, roots: CommentQuerySet, guide: Guide) -> CommentQuerySet:
        """What this reader may have of it. Tombstones hold a place among all that was said, not in a choice of it."""
        viewer, series = guide.viewer, guide.series
        if self.is_filtered:
            return self.of(roots, guide).open_to(viewer, series)
        return roots.open_threads(viewer, series)

    def runs(self, rows: CommentQuerySet) -> list[Run[Comment]]:
        """The rows in the order asked for; tombstones were felt by nobody any more, and follow."""
        if self.order == CommentOrder.FELT:
            return [Run(rows.filter(LIVE), "pk", "-like_count"), Run(rows.filter(~LIVE), "pk")]
        return [Run(rows, "pk", "at" if self.minute is not None else "")]

    @property
    def controls(self) -> list[Control]:
        found = [order_control(self.order)]
        if self.has_kinds:
            kinds = [Choice(None, _("Everything"), self.kind is None)]
            kinds += [Choice(kind.value, str(kind.label), self.kind == kind) for kind in Comment.Kind]
            found.append(Control("kind", _("What"), kinds))
        return found


def order_control(order: C) -> Control:
    first = next(iter(type(order)))
    choices = [Choice(None if one == first else str(one.value), str(one.label), one == order) for one in type(order)]
    return Control("sort", _("Order"), choices)


def member_of(orders: type[C], asked: str | None) -> C:
    """The order asked for, else the first."""
    return orders(asked) if asked in orders.values else next(iter(orders))
