"""`…/score/`: a member sees a score before they have rated."""

import pytest

from accounts.models import Sanction
from conftest import seen
from episodes.models import Progress

EPISODE = "/series/drama/episodes/2/"
PATH = f"{EPISODE}score/"
MEAN = '<span class="score__mean">4.0</span>'


@pytest.fixture
def rated(series, episode, crowd, make_review):
    for member in crowd(5):
        make_review(member, episode, stars=8, headline="", body="")
        make_review(member, series, stars=8, headline="", body="")
    return episode


def test_shows_the_score_from_now_on(as_member, alice, series, rated):
    seen(alice, series, 2)
    browser = as_member(alice)
    assert MEAN not in browser.get(EPISODE).text
    answer = browser.post(PATH)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{EPISODE}#score")
    assert MEAN in browser.get(EPISODE).text
    assert Progress.objects.get(member=alice).peeked == [2]


def test_shows_that_score_alone(as_member, alice, series, rated):
    seen(alice, series, 4)
    browser = as_member(alice)
    assert browser.post("/series/drama/score/").headers["Location"] == "/series/drama/#score"
    page = browser.get("/series/drama/").text
    assert MEAN in page
    assert "5 ratings, folded until you have rated" in page
    assert MEAN not in browser.get(EPISODE).text


def test_twice_is_once(as_member, alice, series, rated):
    seen(alice, series, 2)
    for _ in range(2):
        assert as_member(alice).post(PATH).status_code == 302
    assert Progress.objects.get(member=alice).peeked == [2]


def test_leads_back_to_where_it_was_pressed_and_nowhere_else(as_member, alice, series, rated):
    seen(alice, series, 2)
    browser = as_member(alice)
    for asked, led in (
        ("/series/drama/", "/series/drama/#score"),
        ("/series/drama/#ratings", "/series/drama/#ratings"),
        ("https://evil.example/", f"{EPISODE}#score"),
    ):
        assert browser.post(f"{PATH}?next={asked.replace('#', '%23')}").headers["Location"] == led


def test_who_has_said_nothing_of_how_far_they_are_has_nothing_folded(as_member, bob, rated):
    assert MEAN in as_member(bob).get(EPISODE).text
    assert as_member(bob).post(PATH).status_code == 302
    assert not Progress.objects.filter(member=bob).exists()


def test_needs_login(client, series, rated):
    assert client.post(PATH).status_code == 403


def test_a_silenced_member_may_look(as_member, alice, mona, series, rated):
    seen(alice, series, 2)
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Loud.")
    assert as_member(alice).post(PATH).status_code == 302


@pytest.mark.parametrize(
    "path", ["/series/unknown/score/", "/series/drama/episodes/9/score/", "/series/secret/episodes/1/score/"]
)
def test_what_is_not_there_is_404(as_member, alice, series, make_series, path):
    make_series("secret", published_at=None)
    assert as_member(alice).post(path).status_code == 404


def test_an_unaired_episode_has_no_score(as_member, alice, make_series):
    make_series(aired=1)
    assert as_member(alice).post(PATH).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "trace"])
def test_only_posts(as_member, alice, series, method):
    assert getattr(as_member(alice), method)(PATH).status_code == 405
