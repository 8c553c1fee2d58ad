"""Pages by key: page n costs what page 1 costs, and nobody is shown a row twice because others post meanwhile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

M = TypeVar("M", bound=models.Model)

SIZE = 20  # rows
KEY = re.compile(r"(?:([0-9]{1,9})-)?([0-9]{1,18})")


@dataclass(frozen=True)
class Key:
    """The last row of a page: its primary key and, where rows are sorted by a column, what stands in that."""

    pk: int
    value: int | None = None

    def __str__(self) -> str:
        return str(self.pk) if self.value is None else f"{self.value}-{self.pk}"

    @classmethod
    def read(cls, asked: str | None) -> Self | None:
        """The key that `?page=` asks for, if it asks; anything but a key is a 404."""
        if asked is None:
            return None
        found = KEY.fullmatch(asked)
        if found is None:
            raise no_such_page()
        return cls(int(found[2]), None if found[1] is None else int(found[1]))


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page. `next_key` is what `?page=` asks for the next one; None on the last."""

    rows: list[M]
    next_key: str | None
    is_first: bool


@dataclass(frozen=True)
class Run(Generic[M]):
    """Rows in an order that an index can read off: by `column`, if there is one, then by `pk`.

    Both are written as for `order_by`, and "-stars" is the column stars, falling. It is never null in these rows.
    """

    rows: models.QuerySet[M]
    pk: str = "-pk"
    column: str = ""

    def after(self, key: Key | None) -> list[models.QuerySet[M]]:
        """What follows the key, each queryset a range of the index: first its equals by the column, then the others.

        One condition for both would have to step over all equals that earlier pages have shown.
        """
        ordered = self.rows.order_by(*filter(None, (self.column, self.pk)))
        if key is None:
            return [ordered]
        further = [ordered.filter(**{beyond(self.column): key.value})] if self.column else []
        equals = ordered.filter(**{self.column.lstrip("-"): key.value}) if self.column else ordered
        return [equals.filter(**{beyond(self.pk): key.pk}), *further]

    def key_of(self, row: M) -> Key:
        return Key(row.pk, getattr(row, self.column.lstrip("-")) if self.column else None)


def beyond(column: str) -> str:
    """The lookup for what follows a value in this order."""
    return f"{column[1:]}__lt" if column.startswith("-") else f"{column}__gt"


def page_of(runs: Sequence[Run[M]], asked: str | None, *, size: int = SIZE) -> Page[M]:
    """A page of several runs, one after the other: at most one with a column, and one without after it.

    So the key alone says in which run it lies. As many queries as it takes to fill the page, three at most.
    """
    key = Key.read(asked)
    start = 0
    if key is not None:
        fitting = (place for place, run in enumerate(runs) if bool(run.column) == (key.value is not None))
        start = next(fitting, len(runs))
    if start == len(runs):
        raise no_such_page()
    found: list[tuple[M, Run[M]]] = []
    for place, run in enumerate(runs[start:]):
        for ordered in run.after(key if place == 0 else None):
            found += [(row, run) for row in ordered[: size + 1 - len(found)]]
            if len(found) > size:
                row, last = found[size - 1]
                return Page([row for row, _run in found[:size]], str(last.key_of(row)), asked is None)
    return Page([row for row, _run in found], None, asked is None)


def page_by_key(
    queryset: models.QuerySet[M], asked: str | None, *, newest_first: bool = True, size: int = SIZE
) -> Page[M]:
    """One query. `asked` is the primary key after which the page begins."""
    return page_of([Run(queryset, "-pk" if newest_first else "pk")], asked, size=size)


def key_in(asked: str | None) -> int | None:
    """The primary key that `?page=` asks for where rows have no other order."""
    key = Key.read(asked)
    if key is not None and key.value is not None:
        raise no_such_page()
    return key.pk if key else None


def no_such_page() -> Http404:
    return Http404(_("There is no such page."))
