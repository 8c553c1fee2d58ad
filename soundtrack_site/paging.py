"""Pages by key: page n costs what page 1 costs, and nobody is shown a row twice because others post meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

M = TypeVar("M", bound=models.Model)

SIZE = 20  # rows
KEY = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page. `next_key` is what `?page=` asks for the next one; None on the last."""

    rows: list[M]
    next_key: int | None
    is_first: bool


def key_in(asked: str | None) -> int | None:
    """The key that `?page=` asks for, if it asks; anything but a key is a 404."""
    if asked is None:
        return None
    if not KEY.fullmatch(asked):
        raise Http404(_("There is no such page."))
    return int(asked)


def page_by_key(
    queryset: models.QuerySet[M], asked: str | None, *, newest_first: bool = True, size: int = SIZE
) -> Page[M]:
    """One query. `asked` is the primary key after which the page begins."""
    key = key_in(asked)
    if key is not None:
        queryset = queryset.filter(**{"pk__lt" if newest_first else "pk__gt": key})
    rows = list(queryset.order_by("-pk" if newest_first else "pk")[: size + 1])
    more = len(rows) > size
    return Page(rows[:size], rows[size - 1].pk if more else None, asked is None)
