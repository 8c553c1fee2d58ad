"""A page of reviews must not read them all: what both databases say they would do with a hundred thousand."""

from itertools import cycle, islice, product
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max, Min
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from conftest import seen, viewer_of
from episodes.guide import Guide
from episodes.homecoming import open_answers
from episodes.models import Episode
from episodes.views import talk_about
from reviews.listing import CommentListing, CommentOrder, ReviewListing, ReviewOrder
from reviews.models import Comment, Review
from soundtrack_site.paging import Key

MEMBERS = 1000
EPISODES = 100
PAGE = 21
READING_ALL = [f"{scan} reviews_{table}" for scan in ("Seq Scan on", "SCAN") for table in ("review", "comment")]
READING_ALL += ["SCAN U0", "SCAN V0"]  # what a subquery calls its table
SORTING = ("TEMP B-TREE", "Sort")
GENERATED = ("author_id", "episode_id", "spoils_through", "stars", "like_count")


@pytest.fixture
def crowd(una, make_series):
    """A hundred thousand reviews of a hundred episodes, every other one safe."""
    series = make_series(episodes=EPISODES)
    User.objects.bulk_create(User(username=f"fan_{number}") for number in range(MEMBERS))
    seen(una, series, EPISODES)
    columns = [
        field.column
        for field in Review._meta.local_concrete_fields
        if not field.primary_key and field.column not in GENERATED
    ]
    pattern = Review.objects.publish(una, series, stars=8, headline="A safe line", body="Words")
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO reviews_review ({names}, {", ".join(GENERATED)})
            SELECT {", ".join(f'pattern."{column}"' for column in columns)},
                   fan.id, episode.id, (fan.id %% 2) * episode.number, nullif(fan.id %% 11, 0), fan.id %% 7
            FROM reviews_review AS pattern, accounts_user AS fan, episodes_episode AS episode
            WHERE pattern.id = %s AND fan.username LIKE 'fan_%%'
            ORDER BY fan.id, episode.id
            """,  # noqa: S608 - the names are our own columns
            [pattern.pk],
        )
        assert cursor.rowcount == MEMBERS * EPISODES
        cursor.execute("ANALYZE")
    yield series
    if connection.vendor == "sqlite":  # its statistics outlive the rows, and would steer other tests' queries
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1")


def middle() -> int:
    """The key half way through the crowd, whose keys begin where another test's ended."""
    first, last = Review.objects.aggregate(first=Min("pk"), last=Max("pk")).values()
    return int((first + last) // 2)


@pytest.fixture
def crowd_of_comments(crowd, una):
    """Twenty thousand moments of one episode, all over its time."""
    episode = Episode.objects.get(series=crowd, number=50)
    Comment.objects.bulk_create(
        Comment(
            author=una,
            series=crowd,
            episode=episode,
            kind="moment",
            at=number % 2700,
            body="Words",
            spoils_through=50,
            author_seen_through=50,
            like_count=number % 400,
        )
        for number in range(20 * MEMBERS)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return crowd


def test_a_page_of_one_episode_is_read_off_its_own_index(crowd, una):
    episode = Episode.objects.get(series=crowd, number=50)
    seen(una, crowd, 60)
    listed = Review.objects.about(episode).listed()
    for viewer in (viewer_of(), viewer_of(una)):
        newest = listed.open_to(viewer, crowd)
        for page in (newest, newest.filter(pk__lt=middle()), listed.waiting_for(viewer, crowd)):
            told = page.for_reader(viewer, crowd).order_by("-pk")[:PAGE].explain()
            assert "review_live_" in told
            assert "Seq Scan on reviews_review" not in told
            assert "SCAN reviews_review" not in told


@pytest.fixture
def sorts_only_when_it_must(crowd):
    """PostgreSQL likes to sort a hundred rows in memory: let it say whether it could have read them in order."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")


@pytest.mark.usefixtures("sorts_only_when_it_must")
def test_no_order_sorts_and_no_page_begins_at_the_first(crowd, una):
    """Each part of a page is a range of an index that has its order: as cheap in the depth as at the top."""
    episode = Episode.objects.get(series=crowd, number=50)
    viewer = viewer_of(una)
    guide = Guide.to(viewer, crowd, timezone.now())
    deep = Key(middle(), 1)
    for order, stars, key, same_seat in product(ReviewOrder, (None, 8), (None, deep), (False, True)):
        listing = ReviewListing(order, stars, False, same_seat)
        listed = Review.objects.about(episode).listed()
        rows = listing.of(listed, guide).open_to(viewer, crowd).for_reader(viewer, crowd)
        for part in (part for run in listing.runs(rows) for part in run.after(key)):
            told = part[:PAGE].explain()
            assert "review_live_" in told
            # No index has one number of stars by how often they were felt: there the chosen few are sorted.
            sorting = () if stars and order == ReviewOrder.FELT else SORTING
            for costly in (*READING_ALL, *sorting):
                assert costly not in told, told


@pytest.mark.usefixtures("sorts_only_when_it_must")
def test_a_minute_and_the_most_felt_talk_are_ranges_of_an_index(crowd_of_comments, una):
    episode = Episode.objects.get(series=crowd_of_comments, number=50)
    guide = Guide.to(viewer_of(una), crowd_of_comments, timezone.now())
    roots = Comment.objects.about(episode).roots()
    middle = roots.order_by("pk")[10 * MEMBERS].pk
    felt = CommentListing(CommentOrder.FELT)
    minute = CommentListing(CommentOrder.OLDEST, minute=600)
    for listing, key, index in (
        (felt, None, "comment_live_felt"),
        (felt, Key(middle, 3), "comment_live_felt"),
        (minute, None, "comment_moments"),
        (minute, Key(middle, 610), "comment_moments"),
    ):
        rows = listing.open_roots(roots, guide).for_reader(guide.viewer, guide.series)
        for part in listing.runs(rows)[0].after(key):
            told = part[:PAGE].explain()
            assert index in told, told
            for costly in (*READING_ALL, *SORTING):
                assert costly not in told, told


@pytest.fixture
def crowd_that_answers(crowd, una):
    """Five thousand answers to each of four members, all read: in the room, under a review, about thirteen episodes.

    A few answers to the bonus question of the first of these and a few lines stand below all the rest.
    """
    fan, *others = User.objects.filter(username__in=["fan_1", "fan_2", "fan_3", "fan_4"]).order_by("pk")
    episode = Episode.objects.get(series=crowd, number=50)
    review = Review.objects.about(episode).earliest("pk")
    talk: list[dict[str, Any]] = [
        {"episode": one} for one in Episode.objects.filter(series=crowd, number__range=(50, 62))
    ]
    places = islice(cycle([{}, {"episode": episode, "review": review}, *talk]), 20 * MEMBERS)
    few: list[dict[str, Any]] = [{"episode": episode, "kind": "bonus"}] * 40 + [
        {"episode": episode, "kind": "line", "at": 9}
    ] * 40
    Comment.objects.bulk_create(
        Comment(
            author=fan,
            series=crowd,
            body="Words",
            spoils_through=number % 60,
            author_seen_through=50 + number % 10,
            like_count=number % 400,
            answered=[una, *others][number % 4],
            read_at=timezone.now(),
            **place,
        )
        for number, place in enumerate([*few, *places])
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return review


def plans_of(ask):
    """What the database says it would do for each query that this asks."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"{explain} {query['sql']}")
            yield "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.usefixtures("sorts_only_when_it_must")
def test_the_most_felt_answers_to_a_review_are_a_range_of_an_index(crowd_that_answers, una):
    review = crowd_that_answers
    seen(una, review.series, 50)
    guide = Guide.to(viewer_of(una), review.series, timezone.now())
    listing = CommentListing(CommentOrder.FELT)
    middle = review.comments.order_by("pk")[MEMBERS].pk
    for key in (None, Key(middle, 3)):
        rows = listing.open_roots(review.comments.roots(), guide).for_reader(guide.viewer, guide.series)
        for part in listing.runs(rows)[0].after(key):
            told = part[:PAGE].explain()
            assert "comment_of_review_felt" in told, told
            for costly in (*READING_ALL, *SORTING):
                assert costly not in told, told


@pytest.mark.usefixtures("sorts_only_when_it_must")
@pytest.mark.parametrize("kind", ["bonus", "line"])
def test_talk_of_one_kind_is_a_range_of_an_index(crowd_that_answers, una, kind):
    episode = crowd_that_answers.episode
    guide = Guide.to(viewer_of(una), episode.series, timezone.now())
    listing = CommentListing(CommentOrder.OLDEST, kind=Comment.Kind(kind))
    roots = Comment.objects.about(episode).roots()
    for key in (None, Key(10 * MEMBERS)):
        rows = listing.open_roots(roots, guide).for_reader(guide.viewer, guide.series)
        for part in listing.runs(rows)[0].after(key):
            told = part[:PAGE].explain()
            assert "comment_live_by_kind" in told, told
            for costly in (*READING_ALL, *SORTING):
                assert costly not in told, told


@pytest.mark.usefixtures("sorts_only_when_it_must")
def test_the_glimpses_of_an_episode_are_each_read_off_an_index(crowd_that_answers, una):
    episode = crowd_that_answers.episode
    seen(una, episode.series, 50)
    guide = Guide.to(viewer_of(una), episode.series, timezone.now())
    episode = guide.episode(50)
    (told,) = plans_of(lambda: talk_about(guide, episode))
    assert "comment_live_by_kind" in told, told
    if connection.vendor == "sqlite":  # PostgreSQL goes back through all that is new until it has three of here
        assert told.count("comment_roots") == 3, told
    for costly in (*READING_ALL, *SORTING):
        assert costly not in told, told


@pytest.mark.usefixtures("sorts_only_when_it_must")
def test_the_newest_answers_to_a_member_are_read_off_an_index(crowd_that_answers, una):
    seen(una, crowd_that_answers.series, 50)
    (told,) = plans_of(lambda: open_answers(Comment.objects.answers_to(una), viewer_of(una), has_unread=True))
    assert "comment_unread" in told, told
    assert "comment_answers" in told, told
    for costly in (*READING_ALL, *SORTING):
        assert costly not in told, told
