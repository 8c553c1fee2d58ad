"""`/`: the page of the only series, or the newest of several."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from conftest import seen


def test_an_empty_site_says_so(client, db):
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing is published here yet" in page.text


def test_the_only_series_is_at_home_here(client, series):
    page = client.get("/")
    assert page.status_code == 200
    assert page.templates[0].name == "episodes/series.html"
    assert f'<link rel="canonical" href="{series.get_absolute_url()}">' in page.text


def test_of_several_the_newest_comes_first_and_has_the_band(client, make_series):
    make_series("older")
    newer = make_series("newer", published_at=datetime(2023, 1, 1, tzinfo=UTC))
    page = client.get("/")
    assert page.text.index('href="/series/newer/"') < page.text.index('href="/series/older/"')
    assert f'action="{newer.get_absolute_url()}progress/"' in page.text


@pytest.mark.parametrize("published_at", [None, timezone.now() + timedelta(days=1)])
def test_an_unpublished_series_is_not_shown(client, make_series, published_at):
    make_series("secret", published_at=published_at)
    page = client.get("/")
    assert "Secret" not in page.text
    assert "/series/secret/" not in page.text


def test_withholds_later_titles_and_the_ending(client, series):
    page = client.get("/")
    assert "Title 1" in page.text
    for words in ("Title 2", "제목 2", "Title 4", "Happily, in the snow."):
        assert words not in page.text


def test_a_member_is_shown_what_they_have_seen(as_member, alice, series):
    seen(alice, series, 4)
    page = as_member(alice).get("/")
    assert "Title 4" in page.text
    assert "Happily, in the snow." in page.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, series, method):
    assert getattr(client, method)("/").status_code == 405


def test_costs_the_same_whatever_is_written(client, series, episode, make_review, crowd, queries_of):
    bare = queries_of(client, "/")
    for member in crowd(21):
        make_review(member, series)
        make_review(member, episode)
    assert queries_of(client, "/") == bare


def test_costs_the_same_with_more_series(client, make_series, queries_of):
    make_series("one")
    make_series("two")
    bare = queries_of(client, "/")
    for number in range(19):
        make_series(f"more-{number}", episodes=1)
    assert queries_of(client, "/") == bare <= 8
