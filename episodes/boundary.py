"""The one rule of this site: words of scope k are sent only to those who have seen through k.

Every table with scoped words asks here, in its own `.for_reader(viewer)`; nothing else compares scopes.
A model that lists columns as `withheld` never loads them by itself: its manager defers them, and touching
one raises `WithheldError`. What a reader may have arrives under another name, `sent_…`, decided in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Case, Expression, F, Q, Value, When
from django.db.models.constants import LOOKUP_SEP

if TYPE_CHECKING:
    from episodes.models import Series
    from episodes.viewer import Viewer

M = TypeVar("M", bound=models.Model)
W = TypeVar("W", bound="Withholding")


class WithheldError(Exception):
    """Someone asked a row for words that its query was not allowed to load."""


def within_reach(viewer: Viewer, scope: str, series: Series | None = None, path: str = "series") -> Q:
    """True where the words' scope is no further than the viewer has seen.

    `scope` is the column to compare. With `series` the point is a literal; without, each row is held
    against the viewer's point in its own series, found along `path`. Unanswered counts as 0.
    """
    point: int | Expression = viewer.point(series) if series is not None else viewer.point_in(path)
    return Q(**{f"{scope}__lte": point})


def beyond_reach(viewer: Viewer, scope: str, series: Series) -> Q:
    """The other side of the same rule, as a range that an index can answer."""
    return Q(**{f"{scope}__gt": viewer.point(series)})


def sent(column: str, rule: Q) -> Case:
    """The column where the rule holds, else null: words that are not sent are not in the answer of the database."""
    return Case(When(rule, then=F(column)), default=Value(None))


class GuardedQuerySet(models.QuerySet[M]):
    def select_related(self, *fields: Any) -> Self:
        """Join without bringing along what the joined rows withhold."""
        queryset = super().select_related(*fields)
        paths = [path for path in fields if path is not None]
        return queryset.defer(*(column for path in paths for column in withheld_along(self.model, path)))


def withheld_along(model: type[models.Model], path: str) -> Iterator[str]:
    """`episode__title`, …: the withheld columns of every model that a join passes through."""
    walked: list[str] = []
    for step in path.split(LOOKUP_SEP):
        model = model._meta.get_field(step).related_model  # type: ignore[assignment] # a join follows relations
        walked.append(step)
        yield from (LOOKUP_SEP.join([*walked, column]) for column in getattr(model, "withheld", ()))


class WithholdingQuerySet(GuardedQuerySet[M]):
    def only(self, *fields: Any) -> Self:
        """Django takes the withheld columns out of the list, and an empty list for all columns: keep the key in."""
        return super().only("pk", *fields)

    def with_words(self) -> Self:
        """Load the withheld columns after all: for the verbs, the author's own form, and the admin."""
        return self.defer(None)


class WithholdingManager(models.Manager[W]):
    def get_queryset(self) -> models.QuerySet[W]:
        return super().get_queryset().defer(*self.model.withheld)


class Withholding(models.Model):
    """A row whose words stay in the database unless a query was allowed to send them."""

    withheld: ClassVar[tuple[str, ...]] = ()

    objects: models.Manager[Any] = WithholdingManager()

    class Meta:
        abstract = True
        # `review.episode` and prefetching come this way, and must not bring what joins leave behind.
        base_manager_name = "objects"

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        """Django loads a deferred column through here: refuse the withheld ones."""
        if fields is not None:
            fields = list(fields)
            if asked := [name for name in fields if name in self.withheld]:
                raise WithheldError(f"{type(self).__name__}.{asked[0]}: read it through for_reader() or with_words()")
        elif from_queryset is None and not self.get_deferred_fields() & {*self.withheld}:
            # Whoever holds the words gets them refreshed too, rather than keeping old ones.
            from_queryset = models.QuerySet(type(self))
        super().refresh_from_db(using, fields, from_queryset)
