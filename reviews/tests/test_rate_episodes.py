"""`/series/<slug>/ratings/`: every episode in one go, for whoever has seen them all."""

import pytest

from accounts.models import Sanction
from conftest import PASSWORD, seen
from reviews.models import Draft, RatingTally, Review
from reviews.recount import differences

PATH = "/series/drama/ratings/"


@pytest.fixture
def browser(as_member, alice, series):
    seen(alice, series, 4)
    return as_member(alice)


def stars(author):
    return dict(Review.objects.by(author).values_list("episode__number", "stars"))


def test_asks_for_the_stars_of_each_episode_by_its_title(browser):
    page = browser.get(PATH)
    assert page.status_code == 200
    for number in range(1, 5):
        assert f"Title {number}" in page.text
        assert page.text.count(f'name="stars_{number}"') == 10


def test_rates_what_was_given_and_leads_to_the_season_review(browser, alice):
    answer = browser.post(PATH, {"stars_1": "7", "stars_3": "10", "stars_4": ""})
    assert answer.headers["Location"] == "/series/drama/review/"
    assert stars(alice) == {1: 7, 3: 10}
    assert "Your stars are on the record." in browser.get(answer.headers["Location"]).text
    assert differences() == []


def test_begins_with_what_was_given_before_and_leaves_it(browser, alice, episode, make_review):
    make_review(alice, episode, stars=9, body="the words", spoils_through=2)
    page = browser.get(PATH)
    assert page.text.count(" checked") == 1
    browser.post(PATH, {"stars_1": "7", "stars_2": "9"})
    assert stars(alice) == {1: 7, 2: 9}
    review = Review.objects.with_words().get(episode=episode)
    assert (review.body, review.version) == ("the words", 1)


def test_changes_stars_and_never_takes_them_away(browser, alice, episode, make_review):
    make_review(alice, episode, stars=9, body="the words", spoils_through=2)
    browser.post(PATH, {})
    assert stars(alice) == {2: 9}
    browser.post(PATH, {"stars_2": "4"})
    assert stars(alice) == {2: 4}
    assert dict(RatingTally.objects.filter(count__gt=0).values_list("stars", "count")) == {4: 1}
    assert differences() == []


def test_choosing_nothing_is_asked_about(browser, series):
    page = browser.post(PATH, {})
    assert page.status_code == 422
    assert "Choose stars for one of them at least." in page.text
    assert not Review.objects.exists()


def test_twice_is_once(browser, alice):
    for _ in range(2):
        browser.post(PATH, {"stars_1": "7", "stars_2": "8"})
    assert set(Review.objects.values_list("version", flat=True)) == {1}
    assert differences() == []


@pytest.mark.parametrize("wrong", ["0", "11", "x", "4.5", "\x00", "9" * 30])
def test_nonsense_is_refused_and_the_rest_is_kept(browser, wrong):
    page = browser.post(PATH, {"stars_1": "7", "stars_2": wrong})
    assert page.status_code == 422
    assert "Half a star to five, in halves." in page.text
    assert 'href="#id_stars_2_0"' in page.text
    assert page.text.count(" checked") == 1
    assert not Review.objects.exists()


@pytest.mark.parametrize("through", [None, 0, 3])
def test_whoever_has_not_seen_it_all_is_told_where_to_say_so(as_member, bob, series, through):
    if through is not None:
        seen(bob, series, through)
    page = as_member(bob).get(PATH)
    assert page.status_code == 200
    assert "When you have, say so above, and come back here." in page.text
    assert 'id="seen"' in page.text
    assert "stars_1" not in page.text
    assert "Title 4" not in page.text


def test_a_post_that_comes_too_early_keeps_what_was_chosen(as_member, bob, series):
    seen(bob, series, 2)
    page = as_member(bob).post(PATH, {"stars_1": "7"})
    assert page.status_code == 422
    assert "Say first, above, that you have seen it all." in page.text
    assert page.text.count(" checked") == 1
    assert "Title 4" not in page.text
    assert not Review.objects.exists()


def test_a_series_that_is_still_running_cannot_be_rated_whole(as_member, alice, make_series):
    running = make_series("running", aired=3)
    seen(alice, running, 3)
    page = as_member(alice).get("/series/running/ratings/")
    assert "The series is not over yet." in page.text
    assert "stars_1" not in page.text
    assert as_member(alice).post("/series/running/ratings/", {"stars_1": "7"}).status_code == 422
    assert not Review.objects.exists()


def test_a_series_that_is_not_there_is_a_404(browser, make_series):
    make_series("secret", published_at=None)
    for slug in ("secret", "unknown"):
        assert browser.get(f"/series/{slug}/ratings/").status_code == 404
        assert browser.post(f"/series/{slug}/ratings/").status_code == 404


def test_a_visitors_stars_wait_until_they_have_joined(client, bob, series):
    client.post("/series/drama/progress/", {"seen_through": "4"})
    answer = client.post(PATH, {"stars_1": "7", "stars_3": "9"})
    assert answer.headers["Location"] == f"/accounts/signup/?next={PATH.replace('/', '%2F')}"
    assert not Review.objects.exists()
    client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    page = client.get(PATH)
    assert "Unsent" in page.text
    assert [page.context["form"][f"stars_{number}"].initial for number in (1, 2, 3)] == ["7", None, "9"]
    client.post(PATH, {"stars_1": "7", "stars_3": "9"})
    assert sorted(Review.objects.values_list("episode__number", "stars")) == [(1, 7), (3, 9)]


def test_a_visitors_stars_wait_even_if_nobody_knows_how_far_they_have_seen(client, bob, series):
    """A member's session may have ended; and who has not seen it all is told once they have logged in."""
    client.post(PATH, {"stars_1": "7"})
    client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert Draft.objects.get().values == {"stars_1": "7"}
    page = client.post(PATH, {"stars_1": "7"})
    assert page.status_code == 422
    assert "Say first, above, that you have seen it all." in page.text


def test_a_silenced_member_reads_but_does_not_rate(browser, alice, mona):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    assert browser.get(PATH).status_code == 200
    assert browser.post(PATH, {"stars_1": "7"}).status_code == 403
    assert not Review.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(browser, method):
    assert getattr(browser, method)(PATH).status_code == 405


def test_costs_the_same_however_long_the_series(as_member, alice, make_series, queries_of):
    for slug, episodes in (("short", 1), ("long", 20)):
        seen(alice, make_series(slug, episodes=episodes), episodes)
    browser = as_member(alice)
    assert queries_of(browser, "/series/short/ratings/") == queries_of(browser, "/series/long/ratings/") <= 12
