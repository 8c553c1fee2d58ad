"""A page of reviews must not read them all: what both databases say they would do with a hundred thousand."""

from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from conftest import seen, viewer_of
from episodes.guide import Guide
from episodes.models import Episode
from reviews.listing import CommentListing, CommentOrder, ReviewListing, ReviewOrder
from reviews.models import Comment, Review
from soundtrack_site.paging import Key

MEMBERS = 1000
EPISODES = 100
PAGE = 21
READING_ALL = [f"{scan} reviews_{table}" for scan in ("Seq Scan on", "SCAN") for table in ("review", "comment")]
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
        for page in (newest, newest.filter(pk__lt=50_000), listed.waiting_for(viewer, crowd)):
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
    for order, stars, key in product(ReviewOrder, (None, 8), (None, Key(50_000, 1))):
        listing = ReviewListing(order, stars, False)
        rows = listing.of(Review.objects.about(episode).listed()).open_to(viewer, crowd).for_reader(viewer, crowd)
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
