"""Comments as a page shows them: first words, and what was answered, two levels deep."""

from __future__ import annotations

from dataclasses import dataclass, field

from episodes.guide import Guide
from episodes.models import Series
from episodes.viewer import Viewer
from reviews.listing import CommentListing
from reviews.models import Comment
from reviews.models.comment import CommentQuerySet
from reviews.waiting import AT_HAND, Part, Stubs, parts_of
from soundtrack_site.paging import Page, page_by_key, page_of

MOST_REPLIES = 100  # on one page of threads; the rest are a link away
BEFORE = 10  # replies shown above the one that a link points to
AFTER = 40


@dataclass(frozen=True)
class Thread:
    """A first comment and the replies shown under it. `more` replies are not.

    `is_cut`: there may be more, and nobody counted how many: counts know no seats.
    """

    root: Comment
    replies: list[Comment]
    more: int = 0
    is_cut: bool = False
    parts: list[Part[Comment]] = field(default_factory=list)


def threads_of(
    roots: list[Comment], replies: list[Comment], series: Series, *, same_seat: bool = False
) -> list[Thread]:
    """The roots, each with its own among these replies; of neighbouring stubs only the first stands there.

    `same_seat`: these are the replies from the viewer's seat alone.
    """
    by_root: dict[int | None, list[Comment]] = {root.pk: [] for root in roots}
    for reply in replies:
        by_root[reply.root_id].append(reply)
    is_full = len(replies) >= MOST_REPLIES
    threads = []
    for root in roots:
        own = by_root[root.pk]
        more = max(0, root.comment_count - sum(reply.is_live for reply in own))
        is_cut = same_seat and is_full and more > 0
        threads.append(Thread(root, own, 0 if same_seat else more, is_cut, parts_of(own, series)))
    return threads


def comments_of(threads: list[Thread]) -> list[Comment]:
    return [comment for thread in threads for comment in (thread.root, *thread.replies)]


@dataclass(frozen=True)
class Talk:
    """A page of a discussion or of a review's thread: what is open as it was asked for, or a list of what waits.

    What waits stands apart, newest first, whatever was asked for: its place among the rest would tell how much it
    was felt. `stubs`: that, on the first page of what is open. Replies stand below their roots, oldest first.
    """

    page: Page[Comment]
    threads: list[Thread]
    stubs: Stubs[Comment] = field(default_factory=Stubs.none)

    @classmethod
    def of(cls, comments: CommentQuerySet, listing: CommentListing, guide: Guide, asked: str | None) -> Talk:
        """`comments`: all that is said there. `asked`: the key of the page. At most four queries."""
        viewer, series = guide.viewer, guide.series
        sent = comments.for_reader(viewer, series).for_list()
        waiting = listing.of(sent.roots(), guide).waiting_for(viewer, series)
        if listing.lists_waiting:
            page = page_by_key(waiting, asked)
            return cls(page, [Thread(root, []) for root in page.rows])
        page = page_of(listing.runs(listing.open_roots(sent.roots(), guide)), asked)
        replies = listing.seated(sent.under(page.rows), guide).visible_to(viewer)
        parts = [replies.first_by("pk", most=MOST_REPLIES)]
        if page.is_first and listing.tells_waiting:
            parts.append(waiting.first_by("-pk", most=AT_HAND + 1))
            if asked_for := viewer.revealed(comments.kind):
                parts.append(waiting.filter(pk__in=asked_for).order_by())
        found = {row.pk: row for row in parts[0].union(*parts[1:], all=True)}
        rows: list[Comment] = sorted(found.values(), key=lambda row: row.pk)
        below = [row for row in rows if row.root_id is not None]
        threads = threads_of(page.rows, below, series, same_seat=listing.same_seat)
        return cls(page, threads, Stubs.of([row for row in reversed(rows) if row.root_id is None]))

    @property
    def shown(self) -> list[Comment]:
        return [*comments_of(self.threads), *self.stubs.shown]


@dataclass(frozen=True)
class Stretch:
    """The part of a thread around one comment. The keys lead to what was said before and after."""

    root: Comment
    replies: list[Comment]
    earlier: bool
    later_key: int | None
    parts: list[Part[Comment]]


def stretch_around(
    root: Comment,
    target: Comment,
    after: int | None,
    viewer: Viewer,
    series: Series,
    *,
    same_seat: bool = False,
    folds: bool = True,
) -> Stretch:
    """The replies from `after` on, or else around the target. At most two queries.

    `same_seat`: of the others only what people said who had seen no further than this viewer. `folds`: of
    neighbouring stubs only the first is shown; the target always is.
    """
    every = Comment.objects.under([root])
    if same_seat:
        every = every.same_seat(viewer, series) | every.filter(pk=target.pk)
    replies = every.visible_to(viewer).for_reader(viewer, series).for_list()
    before: list[Comment] = []
    if after is not None:
        rows = list(replies.filter(pk__gt=after)[: AFTER + 1])
    else:
        if target.pk != root.pk:
            before = list(reversed(replies.filter(pk__lt=target.pk).order_by("-pk")[: BEFORE + 1]))
        rows = list(replies.filter(pk__gte=target.pk)[: AFTER + 1])
    earlier = after is not None or len(before) > BEFORE
    later_key = rows[AFTER - 1].pk if len(rows) > AFTER else None
    shown = [*before[-BEFORE:], *rows[:AFTER]]
    return Stretch(root, shown, earlier, later_key, parts_of(shown, series, target=target, folds=folds))
