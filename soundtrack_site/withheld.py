"""Words that no query reads or asks about by accident.

A model that lists columns as `withheld` does not load them: every query that starts from a `Guarded` model
leaves them out, of its own rows and of joined ones. Naming one, to choose it, to filter, to order or to reckon
with it, raises `WithheldError`: an answer to "whose text says that she leaves?" is as good as the text.
`with_words()` lets a query name the columns of its own model; of joined rows never.

Out of its sight: SQL in a string (`raw`, `RawSQL`, `extra`, a cursor), the joining tables that Django makes, and
tables of other packages that lead to a member (`Group`, `LogEntry`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F
from django.db.models.constants import LOOKUP_SEP
from django.db.models.sql import Query, UpdateQuery
from django.db.models.sql.query import JoinInfo

M = TypeVar("M", bound=models.Model)

# Django's own: column to load → the mask of the row that it joins. An empty mask loads the whole row.
Mask = dict[Any, Any]


class WithheldError(Exception):
    """Someone asked for words, or about words, that their query was not allowed to have."""


class Released(F):
    """A withheld column of the query's own model that a rule lets out. For whoever keeps the rule, nobody else."""

    def resolve_expression(
        self,
        query: Any = None,
        allow_joins: bool = True,
        reuse: set[str] | None = None,
        summarize: bool = False,
        for_save: bool = False,
    ) -> Any:
        column = query.get_meta().get_field(self.name)  # type: ignore[attr-defined] # F's
        return column.get_col(query.get_initial_alias() if query.alias_cols else None)


class GuardedQuery(Query):
    """The SQL of a guarded queryset.

    Whatever chooses columns passes through `get_select_mask`, whatever names one through `setup_joins`.
    """

    has_words = False  # may name what its own model withholds; never what joined ones do

    def chain(self, klass: type[Query] | None = None) -> Query:
        # Else `update(headline=F("body"))` would carry words into a column that everybody reads.
        return super().chain(GuardedUpdateQuery if klass is UpdateQuery else klass)

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

    def add_immediate_loading(self, field_names: Iterable[str]) -> None:
        """For only(), whose mask would leave a withheld column out without a word."""
        field_names = list(field_names)
        for name in field_names:
            path, field, *_ = self.names_to_path(name.split(LOOKUP_SEP), self.get_meta())
            self._refuse_words(field, is_own=not path)
        super().add_immediate_loading(field_names)

    def setup_joins(self, names: Sequence[str], opts: Any, alias: str, *args: Any, **kwargs: Any) -> JoinInfo:
        """For values(), filters and F(), wherever it stands, at once; for what a query is ordered by, once it runs."""
        info = super().setup_joins(names, opts, alias, *args, **kwargs)
        self._refuse_words(info.final_field, is_own=not info.path and alias == self.get_initial_alias())
        return info

    def _refuse_words(self, field: Any, is_own: bool) -> None:
        if field.name in getattr(field.model, "withheld", ()) and not (is_own and self.has_words):
            raise WithheldError(f"{field}: read it through for_reader(), or say with_words() where it is told why")


class GuardedUpdateQuery(GuardedQuery, UpdateQuery):
    pass


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
        """Load this model's withheld columns after all, and let what follows ask about them.

        For the verbs, the author's own form and the admin: `test_one_rule.py` lists the places.
        """
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
