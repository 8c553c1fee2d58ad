"""Rules across rows, which no constraint sees and one writing verb each keeps: the rows that break one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from episodes.models import Cue, Episode, PressReview, Progress
from reviews.models import Comment, Review


def broken_rules() -> Iterator[str]:
    """A sentence for each row that breaks one."""
    for rule, rows in rules():
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            yield f"{rows.model.__name__} {pk}: {rule}."


def rules() -> Iterator[tuple[str, QuerySet[Any]]]:
    last = Coalesce(
        Subquery(
            Episode.objects.filter(series=OuterRef("series"))
            .order_by()
            .values("series")
            .annotate(last=Max("number"))
            .values("last")
        ),
        0,
    )
    progress = Progress.objects.filter(member=OuterRef("author"), series=OuterRef("series"))
    furthest = Coalesce(Subquery(progress.values("furthest")), 0)  # who was never asked has seen nothing
    for texts in (Review.objects.annotate(last=last), Comment.objects.annotate(last=last)):
        yield "its episode belongs to another series", elsewhere(texts, "episode", "series")
        yield "it spoils beyond the last episode", texts.filter(spoils_through__gt=F("last"))
        yield "its author had seen beyond the last episode", texts.filter(author_seen_through__gt=F("last"))
        yield (
            "its author has never seen as far as it says",
            texts.annotate(furthest=furthest).filter(author_seen_through__gt=F("furthest")),
        )
    yield (
        "its author had not seen the episode it is about",
        Review.objects.filter(episode__number__gt=F("author_seen_through")),
    )
    comments = Comment.objects.all()
    yield "its review is about something else", elsewhere(comments, "review", "series", "episode")
    yield "it answers a comment in another place", elsewhere(comments, "parent", "series", "episode", "review")
    yield "its thread began in another place", elsewhere(comments, "root", "series", "episode", "review")
    yield "its thread began with an answer", comments.filter(root__root__isnull=False)
    yield (
        "it answers a comment of another thread",
        comments.filter(parent__isnull=False).exclude(Q(parent=F("root")) | Q(parent__root=F("root"))),
    )
    yield "it names a song of another series", comments.filter(song__isnull=False).exclude(song__series=F("series"))
    standing = comments.filter(deleted_at=None)
    yield "it spoils less than what it answers", standing.filter(spoils_through__lt=F("parent__spoils_through"))
    yield "it spoils less than its review", standing.filter(spoils_through__lt=F("review__spoils_through"))
    whom = Coalesce("parent__author", "review__author")
    told = comments.annotate(whom=whom)
    yield (
        "it answers another member than it says",
        told.exclude(Q(answered=F("whom")) | Q(answered=None, whom=F("author")) | Q(answered=None, whom=None)),
    )
    yield "its author felt it", Review.objects.filter(likes__member=F("author"))
    yield "its author felt it", Comment.objects.filter(likes__member=F("author"))
    yield (
        "it is further than the last episode",
        Progress.objects.annotate(last=last).filter(furthest__gt=F("last")),
    )
    yield "its episode belongs to another series", elsewhere(PressReview.objects.all(), "episode", "series")
    yield "its song belongs to another series", Cue.objects.exclude(song__series=F("episode__series"))


def elsewhere(rows: QuerySet[Any], relation: str, *columns: str) -> QuerySet[Any]:
    """Rows that differ from the row they point at in one of these columns; null equals null."""
    differs = Q()
    for column in columns:
        theirs = f"{relation}__{column}"
        both_null = Q(**{f"{column}__isnull": True, f"{theirs}__isnull": True})
        differs |= ~(Q(**{column: F(theirs)}) | both_null)
    return rows.filter(differs, **{f"{relation}__isnull": False})
