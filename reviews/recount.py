"""Every stored count, worked out afresh from the texts themselves.

The verbs move counts by each text's ledger; this counts the texts in SQL and knows nothing of ledgers, so that
each proves the other. A handful of set-based queries, whatever the number of texts.

Members go on writing meanwhile. A verb moves texts and counts by the same step, so how far a count is off is
the same before and after it; a repair adds that difference, and it does not matter what has moved since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Case as Either
from django.db.models import Count, Expression, F, Max, Min, OuterRef, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from accounts.models import User
from episodes.models import Episode, Series
from reviews.models import (
    Case,
    Comment,
    Like,
    MomentTally,
    Notification,
    RatingTally,
    Report,
    Review,
    ScopeTally,
    Text,
)
from reviews.models.review import LAST_STARS, remember_stars
from reviews.models.tally import SLICE, Entry, Tally
from reviews.rules import broken_rules

Key = tuple[Any, ...]

# What two repairs on PostgreSQL meet at; any number that no other advisory lock of this database uses.
REPAIR_LOCK = 5_042_022


def differences() -> list[str]:
    """What the stored counts and the rows' relations get wrong, a sentence each. Changes nothing."""
    with one_moment():
        return [*map(str, wrong_counts()), *broken_rules()]


def repair() -> list[str]:
    """Put every count right; answers what was wrong. Broken rules stay for `differences` to tell.

    One short transaction for each wrong count. Cut short, it leaves the rest for the next time.
    """
    with alone():
        with one_moment():
            found = list(wrong_counts())
        for wrong in found:
            wrong.correct()
    return [str(wrong) for wrong in found]


@contextmanager
def one_moment() -> Iterator[None]:
    """Every query sees the database as it is now. On PostgreSQL nobody waits; SQLite's writers do, for BEGIN.

    Inside a transaction of the caller's, queries see what that lets them see.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def alone() -> Iterator[None]:
    """One repair at a time: a difference added twice would be a new one.

    On PostgreSQL outside any transaction, so that a repair holds no row while it waits for a writer.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [REPAIR_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [REPAIR_LOCK])


@dataclass(frozen=True)
class WrongCount:
    """A stored count that is not what the texts say."""

    row: str
    kept: int
    true: int
    series_id: int | None  # unknown where the episode says it
    episode_id: int | None
    move: Callable[[int], None]  # adds so many to what is stored

    def __str__(self) -> str:
        return f"{self.row} says {self.kept} and should say {self.true}."

    @transaction.atomic
    def correct(self) -> None:
        """Locks as every verb does: what counts, then the episode, then the series."""
        self.move(self.true - self.kept)
        # Pages kept what they had read.
        if self.episode_id is not None:
            Episode.objects.filter(pk=self.episode_id).update(version=F("version") + 1)
            Series.objects.filter(episodes=self.episode_id).update(version=F("version") + 1)
        elif self.series_id is not None:
            Series.objects.filter(pk=self.series_id).update(version=F("version") + 1)


@dataclass(frozen=True)
class WrongStars:
    """A member's row that remembers other stars than they gave last: no sum, so a repair looks again."""

    member: int
    kept: str
    true: str

    def __str__(self) -> str:
        return f'Member {self.member}: last_stars says "{self.kept}" and should say "{self.true}".'

    @transaction.atomic
    def correct(self) -> None:
        User.objects.queue_up(self.member)
        remember_stars(self.member)


@dataclass(frozen=True)
class Stock:
    """What the desk sorts a case by."""

    open_count: int = 0
    harm: int = 0
    waits_since: datetime | None = None

    def __str__(self) -> str:
        return f"open_count {self.open_count}, harm {self.harm}, waits_since {self.waits_since}"


@dataclass(frozen=True)
class WrongCase:
    """A case that is not sorted by the reports it has to answer. The worst and the oldest are no sums either."""

    case: int
    kept: Stock
    true: Stock

    def __str__(self) -> str:
        return f"Case {self.case} says {self.kept} and should say {self.true}."

    @transaction.atomic
    def correct(self) -> None:
        """Under the lock that reports and decisions take: of whose it is."""
        case = Case.objects.select_related("review", "comment").get(pk=self.case)
        text = case.review or case.comment
        User.objects.queue_up(case.member_id if text is None else text.author_id)
        case.take_stock()


def wrong_counts() -> Iterator[WrongCount | WrongStars | WrongCase]:
    for tally in TALLIES:
        yield from tally.wrong()
    for stored in STORED:
        yield from stored.wrong()
    yield from wrong_stars()
    yield from wrong_cases()


def wrong_stars() -> Iterator[WrongStars]:
    """Two queries."""
    true: dict[int, list[str]] = {}
    place = Window(RowNumber(), partition_by="author", order_by="-pk")
    given = Review.objects.live().filter(stars__isnull=False).annotate(place=place).filter(place__lte=LAST_STARS)
    for author, stars in given.order_by("author", "place").values_list("author", "stars"):
        true.setdefault(author, []).append(str(stars))
    kept = dict(User.objects.exclude(last_stars="").values_list("pk", "last_stars"))
    for member in sorted({*kept, *true}):
        should = " ".join(true.get(member, []))
        if kept.get(member, "") != should:
            yield WrongStars(member, kept.get(member, ""), should)


def wrong_cases() -> Iterator[WrongCase]:
    """Two queries."""
    open_reports = Report.objects.waiting().order_by().values("case").annotate(total=Count("pk"))
    columns = open_reports.annotate(worst=Max("harm"), oldest=Min("created_at"))
    true = {
        case: Stock(total, worst, oldest)
        for case, total, worst, oldest in columns.values_list("case", "total", "worst", "oldest")
    }
    waiting = Case.objects.exclude(open_count=0, harm=0, waits_since=None).order_by()
    kept = {
        case: Stock(total, worst, oldest)
        for case, total, worst, oldest in waiting.values_list("pk", "open_count", "harm", "waits_since")
    }
    for case in sorted({*kept, *true}):
        if kept.get(case, Stock()) != true.get(case, Stock()):
            yield WrongCase(case, kept.get(case, Stock()), true.get(case, Stock()))


@dataclass(frozen=True)
class TallyCount:
    """One table of tallies: the columns that name a row, and the count of texts for each."""

    model: type[Tally]
    columns: tuple[str, ...]
    texts: Callable[[], list[QuerySet[Any, Key]]]

    def true(self) -> dict[Key, int]:
        """Columns → texts that belong there. One query per kind of text."""
        return {
            key: count
            for texts in self.texts()
            for *columns, count in texts.annotate(total=Count("pk")).order_by()
            if (key := tuple(columns))
        }

    def wrong(self) -> Iterator[WrongCount]:
        kept = {tuple(key): count for *key, count in self.model._default_manager.values_list(*self.columns, "count")}
        true = self.true()
        for key in sorted({*kept, *true}, key=str):
            if kept.get(key, 0) != true.get(key, 0):
                columns = dict(zip(self.columns, key, strict=True))
                yield WrongCount(
                    row=f"{self.model.__name__} ({', '.join(f'{name} {value}' for name, value in columns.items())})",
                    kept=kept.get(key, 0),
                    true=true.get(key, 0),
                    series_id=columns.get("series_id"),
                    episode_id=columns["episode_id"],
                    move=partial(self.model.move, Entry.of(self.model.__name__, **columns)),
                )


def ratings() -> list[QuerySet[Any, Key]]:
    rated = Review.objects.live().filter(stars__isnull=False)
    return [rated.values_list("series_id", "episode_id", "stars")]


def scopes() -> list[QuerySet[Any, Key]]:
    columns = ("series_id", "episode_id", "kind_", "spoils_through")
    reviews = Review.objects.live().listed().annotate(kind_=Value("review"))
    comments = Comment.objects.live().filter(review=None).annotate(kind_=Value("comment"))
    answers = Comment.objects.live().filter(review__isnull=False).annotate(kind_=Value("answer"))
    return [texts.values_list(*columns) for texts in (reviews, comments, answers)]


def moments() -> list[QuerySet[Any, Key]]:
    timed = Comment.objects.live().filter(review=None, at__isnull=False)
    return [timed.annotate(slice=F("at") / SLICE).values_list("episode_id", "slice", "spoils_through")]


TALLIES = [
    TallyCount(RatingTally, ("series_id", "episode_id", "stars"), ratings),
    TallyCount(ScopeTally, ("series_id", "episode_id", "kind", "scope"), scopes),
    TallyCount(MomentTally, ("episode_id", "slice", "scope"), moments),
]


@dataclass(frozen=True)
class StoredCount:
    """A column of a text that counts rows elsewhere."""

    model: type[Text]
    column: str
    true: Callable[[], Expression]

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.annotate(true=self.true()).exclude(**{self.column: F("true")})

    def wrong(self) -> Iterator[WrongCount]:
        columns = ("pk", "series_id", "episode_id", self.column, "true")
        for pk, series_id, episode_id, kept, true in self.rows().order_by("pk").values_list(*columns):
            yield WrongCount(
                row=f"{self.model.__name__} {pk}: {self.column}",
                kept=kept,
                true=true,
                series_id=series_id,
                episode_id=episode_id,
                move=partial(self.move, pk),
            )

    def move(self, pk: int, step: int) -> None:
        row = self.model._default_manager.filter(pk=pk)
        row.update(**{self.column: F(self.column) + step, "version": F("version") + 1})


def naming(rows: QuerySet[Any], column: str) -> Coalesce:
    """How many of these rows name the text in that column."""
    named = rows.filter(**{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(named.annotate(total=Count("pk")).values("total")), 0)


@dataclass(frozen=True)
class UnreadCount:
    """How many answers, or notices, to them a member has not read: a column of their own row."""

    column: str
    total: Callable[[], Coalesce]

    def wrong(self) -> Iterator[WrongCount]:
        rows = User.objects.annotate(true=self.total()).exclude(**{self.column: F("true")})
        for pk, kept, true in rows.order_by("pk").values_list("pk", self.column, "true"):
            row = f"Member {pk}: {self.column}"
            move = partial(self.move, pk)
            yield WrongCount(row=row, kept=kept, true=true, series_id=None, episode_id=None, move=move)

    def move(self, pk: int, step: int) -> None:
        User.objects.filter(pk=pk).update(**{self.column: F(self.column) + step})


STORED: list[StoredCount | UnreadCount] = [
    UnreadCount("unread_answers", lambda: naming(Comment.objects.live().unread(), "answered")),
    UnreadCount("unread_notices", lambda: naming(Notification.objects.unread(), "recipient")),
    StoredCount(Review, "like_count", lambda: naming(Like.objects.all(), "review")),
    StoredCount(Comment, "like_count", lambda: naming(Like.objects.all(), "comment")),
    StoredCount(Review, "comment_count", lambda: naming(Comment.objects.live(), "review")),
    StoredCount(
        Comment,
        "comment_count",
        # A comment that opened a thread counts all of it, any other its direct answers.
        lambda: Either(
            When(root=None, then=naming(Comment.objects.live(), "root")),
            default=naming(Comment.objects.live(), "parent"),
        ),
    ),
]
