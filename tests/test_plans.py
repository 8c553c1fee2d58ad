"""A page of reviews must not read them all: what both databases say they would do with a hundred thousand."""

import pytest
from django.db import connection

from accounts.models import User
from conftest import seen, viewer_of
from episodes.models import Episode
from reviews.models import Review

MEMBERS = 1000
EPISODES = 100
PAGE = 21


@pytest.fixture
def crowd(una, make_series):
    """A hundred thousand reviews of a hundred episodes, every other one safe."""
    series = make_series(episodes=EPISODES)
    User.objects.bulk_create(User(username=f"fan_{number}") for number in range(MEMBERS))
    seen(una, series, EPISODES)
    columns = [
        field.column
        for field in Review._meta.local_concrete_fields
        if not field.primary_key and field.column not in ("author_id", "episode_id", "spoils_through")
    ]
    pattern = Review.objects.publish(una, series, stars=8, headline="A safe line", body="Words")
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO reviews_review ({names}, author_id, episode_id, spoils_through)
            SELECT {", ".join(f'pattern."{column}"' for column in columns)},
                   fan.id, episode.id, (fan.id %% 2) * episode.number
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
