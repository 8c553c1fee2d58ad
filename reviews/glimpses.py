"""Several short lists of comments in one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from django.db.models import CharField, Value

from reviews.models import Comment
from reviews.models.comment import CommentQuerySet

GLIMPSE = 3  # comments of each list
NEWEST, MOST_FELT = ("-pk",), ("-like_count", "pk")


def newest_of(
    lists: Mapping[str, Sequence[CommentQuerySet]], each: int = GLIMPSE, felt: Collection[str] = ()
) -> dict[str, list[Comment]]:
    """The newest rows of each of these lists by name, of the lists in `felt` the most felt. One query for them all.

    A list is made of `for_reader` parts that share no row. Each part finds its own rows by an index, which an OR
    of them would not. A row that stands in two lists comes twice. What reports have folded stands in its place alone.
    """
    parts = [
        part.filter(folded_at=None)
        .first_by(*(MOST_FELT if name in felt else NEWEST), most=each)
        .annotate(glimpse=Value(name, CharField()))
        for name, rows in lists.items()
        for part in rows
    ]
    found: dict[str, list[Comment]] = {name: [] for name in lists}
    if not parts:
        return found
    every = parts[0].union(*parts[1:], all=True)
    for comment in sorted(cast("list[Comment]", list(every)), key=lambda row: -row.pk):
        found[comment.glimpse].append(comment)  # type: ignore[attr-defined] # annotated above
    for name in found.keys() & set(felt):
        found[name].sort(key=lambda row: (-row.like_count, row.pk))
    return {name: comments[:each] for name, comments in found.items()}
