"""`/series/`: everything that is published."""

import pytest

from episodes.models import Tag

PATH = "/series/"


def test_lists_what_is_published_and_nothing_else(client, make_series):
    make_series("shown", tagline="Who sings it first?")
    make_series("secret", published_at=None)
    page = client.get(PATH)
    assert page.status_code == 200
    assert '<a href="/series/shown/" lang="en">Shown</a>' in page.text
    assert "Who sings it first?" in page.text
    assert "Secret" not in page.text


@pytest.mark.parametrize("is_member", [True, False])
def test_says_how_far_its_reader_is_in_each(client, as_member, alice, make_series, is_member):
    begun, done = make_series("begun"), make_series("done", ink="sea")
    make_series("other")
    browser = as_member(alice) if is_member else client
    for series, point in ((begun, 0), (done, 4)):
        browser.post(f"/series/{series.slug}/progress/", {"seen_through": point})
    page = browser.get(PATH).text
    assert page.count("Seen through") == page.count("sleeve-art--seen") == 1
    assert "Seen through Track 4" in page
    assert '<li class="sleeves__sleeve" data-ink="sea">' in page


def test_an_empty_list_says_so(client, db):
    assert "Nothing is published here yet" in client.get(PATH).text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, series, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_costs_the_same_for_every_length(client, as_member, alice, make_series, queries_of):
    browser = as_member(alice)
    counts, own = [], []
    for number in range(21):
        make_series(f"one-{number}", episodes=1).tags.add(Tag.objects.create(kind="mood", name=str(number)))
        counts.append(queries_of(client, PATH))
        own.append(queries_of(browser, PATH))
    assert len(set(counts)) == len(set(own)) == 1
    assert own[0] <= 12
