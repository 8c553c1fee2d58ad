"""Comments as a page shows them: first words, and what was answered, two levels deep."""

from __future__ import annotations

from dataclasses import dataclass

from episodes.models import Series
from episodes.viewer import Viewer
from reviews.models import Comment
from reviews.models.comment import CommentQuerySet

MOST_REPLIES = 100  # on one page of threads; the rest are a link away
BEFORE = 10  # replies shown above the one that a link points to
AFTER = 40


@dataclass(frozen=True)
class Thread:
    """A first comment and the replies shown under it. `more` replies are not."""

    root: Comment
    replies: list[Comment]
    more: int


def threads_under(
    roots: list[Comment], viewer: Viewer, series: Series, among: CommentQuerySet | None = None
) -> list[Thread]:
    """The roots with their replies, oldest first. One query, however many roots.

    `among`: the comments that may be shown, all unless said.
    """
    replies = (Comment.objects.all() if among is None else among).under(roots)
    rows = replies.visible_to(viewer).for_reader(viewer, series).for_list()[:MOST_REPLIES]
    by_root: dict[int, list[Comment]] = {root.pk: [] for root in roots}
    for reply in rows:
        by_root[reply.root_id or 0].append(reply)
    return [
        Thread(root, replies, max(0, root.comment_count - sum(reply.is_live for reply in replies)))
        for root, replies in ((root, by_root[root.pk]) for root in roots)
    ]


def comments_of(threads: list[Thread]) -> list[Comment]:
    return [comment for thread in threads for comment in (thread.root, *thread.replies)]


@dataclass(frozen=True)
class Stretch:
    """The part of a thread around one comment. The keys lead to what was said before and after."""

    root: Comment
    replies: list[Comment]
    earlier: bool
    later_key: int | None


def stretch_around(root: Comment, target: Comment, after: int | None, viewer: Viewer, series: Series) -> Stretch:
    """The replies from `after` on, or else around the target. At most two queries."""
    replies = Comment.objects.under([root]).visible_to(viewer).for_reader(viewer, series).for_list()
    before: list[Comment] = []
    if after is not None:
        rows = list(replies.filter(pk__gt=after)[: AFTER + 1])
    else:
        if target.pk != root.pk:
            before = list(reversed(replies.filter(pk__lt=target.pk).order_by("-pk")[: BEFORE + 1]))
        rows = list(replies.filter(pk__gte=target.pk)[: AFTER + 1])
    earlier = after is not None or len(before) > BEFORE
    later_key = rows[AFTER - 1].pk if len(rows) > AFTER else None
    return Stretch(root, [*before[-BEFORE:], *rows[:AFTER]], earlier, later_key)
