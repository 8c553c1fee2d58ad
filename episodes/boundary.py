"""The one rule of this site: words of scope k are sent only to those who have seen through k.

Every table with scoped words asks here, in its own `.for_reader(viewer)`; nothing else compares scopes.
A model that lists columns as `withheld` does not load them: every query that starts from a `Guarded` model
leaves them out, of its own rows and of joined ones, and asking for one by name raises `WithheldError`.
What a reader may have arrives under another name, `sent_…`, decided in SQL.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Case, Expression, F, Q, Value, When
from django.db.models.constants import LOOKUP_SEP
from django.db.models.sql import Query

if TYPE_CHECKING:
    from episodes.models import Series
    from episodes.viewer import Viewer

M = TypeVar("M", bound=models.Model)

# Django's own: column to load → the mask of the row that it joins. An empty mask loads the whole row.
Mask = dict[Any, Any]


class WithheldError(Exception):
    """Someone asked a row for words that its query was not allowed to load."""


def within_reach(viewer: Viewer, scope: str, series: Series | None = None, path: str = "series") -> Q:
    """True where the words' scope is no further than the viewer has seen.

    `scope` is the column to compare. With `series` the point is a literal; without, each row is held
    against the viewer's point in its own series, found along `path`. Unanswered counts as 0.
    """
    point: int | Expression = viewer.point(series) if series is not None else viewer.point_in(path)
    return Q(**{f"{scope}__lte": point})


def beyond_reach(viewer: Viewer, scope: str, series: Series | None = None, path: str = "series") -> Q:
    """The other side of the same rule; within one series a range that an index can answer."""
    point: int | Expression = viewer.point(series) if series is not None else viewer.point_in(path)
    return Q(**{f"{scope}__gt": point})


def sent(column: str, rule: Q) -> Case:
    """The column where the rule holds, else null: words that are not sent are not in the answer of the database."""
    return Case(When(rule, then=Released(column)), default=Value(None))


class Released(F):
    """A withheld column that a rule lets out. Only `sent` may name one."""

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: set[str] | None = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        return Query.resolve_ref(query, self.name, allow_joins, reuse, summarize)  # type: ignore[attr-defined] # F's


class GuardedQuery(Query):
    """The SQL of a guarded queryset. Whatever chooses columns passes through here, in whatever order it was said."""

    has_words = False  # may load what its own model withholds; never what joined ones do

    def get_select_mask(self) -> Mask:
        return self._without_words(self.get_meta(), super().get_select_mask(), self.select_related)

    def _without_words(self, opts: Any, mask: Mask, joins: Any, depth: int = 0) -> Mask:
        if joins is True:  # of a bare select_related(), which follows what cannot be null
            followed = [field for field in opts.concrete_fields if field.is_relation and not field.null]
            joins = {field.name: depth + 1 < self.max_depth for field in followed}
        joined = {opts.get_field(name): further for name, further in (joins or {}).items()}
        mask = dict(mask) or {field: {} for field in [*opts.concrete_fields, *joined]}
        if depth or not self.has_words:
            for name in getattr(opts.model, "withheld", ()):
                mask.pop(opts.get_field(name), None)
        for field, further in joined.items():
            if field in mask and field.is_relation:
                mask[field] = self._without_words(field.related_model._meta, mask[field], further, depth + 1)
        return mask

    def set_values(self, fields: Iterable[str] | None) -> None:
        """For values() and values_list(); without names they mean every column."""
        for name in fields or [field.name for field in self.get_meta().concrete_fields]:
            self._refuse_words(name)
        super().set_values(fields)

    def add_immediate_loading(self, field_names: Iterable[str]) -> None:
        """For only()."""
        field_names = list(field_names)
        for name in field_names:
            self._refuse_words(name)
        super().add_immediate_loading(field_names)

    def resolve_ref(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """For F() and for every function and aggregate that names a column."""
        self._refuse_words(name)
        return super().resolve_ref(name, *args, **kwargs)

    def _refuse_words(self, name: str) -> None:
        steps = name.split(LOOKUP_SEP)
        if steps[0] in self.annotations:
            return
        path, field, *_ = self.names_to_path(steps, self.get_meta())
        if field.name in getattr(field.model, "withheld", ()) and (path or not self.has_words):
            raise WithheldError(f"{self.get_meta().label}.{name}: read it through for_reader() or with_words()")


class GuardedQuerySet(models.QuerySet[M]):
    def __init__(
        self,
        model: type[M] | None = None,
        query: Query | None = None,
        using: str | None = None,
        hints: dict[str, models.Model] | None = None,
    ) -> None:
        super().__init__(model, query or GuardedQuery(model), using, hints)


class WithholdingQuerySet(GuardedQuerySet[M]):
    def with_words(self) -> Self:
        """Load this model's withheld columns after all: for the verbs, the author's own form, and the admin."""
        queryset = self.all()
        queryset.query.has_words = True  # type: ignore[attr-defined] # a GuardedQuery
        return queryset


class GuardedManager(models.Manager[M]):
    def get_queryset(self) -> models.QuerySet[M]:
        return GuardedQuerySet(self.model, using=self._db)


class Guarded(models.Model):
    """A row from which a path leads to withheld words."""

    objects: models.Manager[Any] = GuardedManager()

    class Meta:
        abstract = True
        # `review.episode`, refreshing and prefetching come this way, and must not bring what `objects` leaves behind.
        base_manager_name = "objects"


class Withholding(Guarded):
    """A row whose words stay in the database unless a query was allowed to send them."""

    withheld: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

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
        elif from_queryset is None and {*self.withheld} - self.get_deferred_fields():
            # Whoever holds the words gets them refreshed too, rather than keeping old ones.
            from_queryset = models.QuerySet(type(self))
        super().refresh_from_db(using, fields, from_queryset)
