"""What a member finds at home before anything else: answers to them, their next episode, what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from accounts.models import User
from episodes.airing import Airing
from episodes.guide import Guide
from episodes.models import Episode, Progress, Series
from episodes.viewer import Viewer
from reviews.glimpses import newest_of
from reviews.models import Comment, Review
from reviews.models.comment import CommentQuerySet
from reviews.waiting import Wait

ANSWERS = 5
NEWS = 5


@dataclass(frozen=True)
class SeriesWaits:
    """Answers that open further on in a series, nearest first."""

    series: Series
    waits: list[Wait]


@dataclass(frozen=True)
class Next:
    """The episode that this member has before them. `airing` is None once it has been shown, or nobody knows when."""

    series: Series
    episode: Episode
    has_aired: bool
    airing: Airing | None


@dataclass(frozen=True)
class Homecoming:
    """At most five queries; `answers` are unread first, `news` is empty where nobody knows of an earlier visit."""

    answers: list[Comment]
    waits: list[SeriesWaits]
    next: Next | None
    news: list[Review | Comment]

    @classmethod
    def of(
        cls, member: User, featured: Guide, published: list[Series], progress: list[Progress], since: datetime | None
    ) -> Homecoming:
        """`progress`: the member's points in the published series, of `Viewer.look_up`."""
        viewer, answers = featured.viewer, Comment.objects.answers_to(member).filter(series__in=published)
        return cls(
            open_answers(answers, viewer, has_unread=member.unread_answers > 0),
            waiting_answers(answers, viewer, published) if member.unread_answers else [],
            next_of(featured, published, progress),
            news_since(since, viewer, member, [row.series_id for row in progress]) if since else [],
        )

    @property
    def has_unread(self) -> bool:
        """Of the answers shown, or of those that stand behind them."""
        return any(answer.read_at is None for answer in self.answers)


def open_answers(answers: CommentQuerySet, viewer: Viewer, *, has_unread: bool) -> list[Comment]:
    """The newest that this member may read, unread ones first. One query.

    Each half stops at its fifth row: an order by both would sort all that anybody ever answered. Where nothing is
    unread, nobody looks for it among all that was read.
    """
    sent = answers.open_to(viewer).for_reader(viewer).with_subject()
    unread = [sent.unread()] if has_unread else []
    found = newest_of({"unread": unread, "read": [sent.exclude(read_at=None)]}, ANSWERS)
    return [*found["unread"], *found["read"]][:ANSWERS]


def waiting_answers(answers: CommentQuerySet, viewer: Viewer, published: Iterable[Series]) -> list[SeriesWaits]:
    """How many unread ones wait beyond the member's point, by series and scope. One query."""
    beyond = answers.unread().waiting_for(viewer).order_by("series", "spoils_through")
    counts = beyond.values_list("series", "spoils_through").annotate(count=Count("pk"))
    by_key = {series.pk: series for series in published}
    found: dict[int, list[Wait]] = {}
    for key, scope, count in counts:
        found.setdefault(key, []).append(Wait(scope, count, by_key[key].words.numbered(scope)))
    return [SeriesWaits(by_key[key], waits) for key, waits in found.items()]


def next_of(featured: Guide, published: Iterable[Series], progress: Iterable[Progress]) -> Next | None:
    """In the series that the member moved in last and has not finished. A query if that is not the featured one."""
    unfinished = (row for row in progress if row.seen_through < (getattr(row, "last_number", None) or 0))
    if (row := next(unfinished, None)) is None:
        return None
    guide = featured
    if row.series_id != featured.series.pk:
        series = next(series for series in published if series.pk == row.series_id)
        guide = Guide.to(featured.viewer, series, featured.now)
    episode = guide.next_episode
    if episode is None:
        return None
    airing = Airing.of(episode, guide.viewer, guide.now)
    return Next(guide.series, episode, episode.has_aired(guide.now), airing)


def news_since(since: datetime, viewer: Viewer, member: User, followed: list[int]) -> list[Review | Comment]:
    """What others have said since then in these series, as far as this member may read it. Two queries.

    The newest are asked for and the old among them dropped: an index knows the newest, none knows "since".
    Answers to the member stand elsewhere.
    """
    texts: list[Review | Comment] = []
    for lists in (Review.objects.listed(), Comment.objects.exclude(answered=member)):
        others = lists.open_to(viewer).filter(series__in=followed, folded_at=None).exclude(author=member)
        texts.extend(others.for_reader(viewer).with_subject().order_by("-pk")[:NEWS])
    fresh = [text for text in texts if text.created_at > since]
    return sorted(fresh, key=lambda text: text.created_at, reverse=True)[:NEWS]
