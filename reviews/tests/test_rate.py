"""`…/rating/`: stars alone, given where the subject is looked at."""

import pytest

from accounts.models import Sanction
from conftest import seen
from episodes.models import Progress
from reviews.models import RatingTally, Review
from reviews.recount import differences

EPISODE = "/series/drama/episodes/2/rating/"
SERIES = "/series/drama/rating/"


@pytest.fixture
def browser(as_member, alice, series):
    seen(alice, series, 2)
    return as_member(alice)


def test_stars_are_on_the_record_in_the_series_words(browser, alice, episode):
    answer = browser.post(EPISODE, {"stars": "9"}, follow=True)
    assert answer.request["PATH_INFO"] == "/series/drama/episodes/2/"
    assert "On the record: 4½, phrase 9." in answer.text
    review = Review.objects.get()
    assert (review.author, review.episode, review.stars, review.is_bare) == (alice, episode, 9, True)
    assert differences() == []


def test_a_series_without_phrases_says_the_number(as_member, alice, make_series):
    make_series("plain", vocabulary={})
    assert "On the record: 4½." in as_member(alice).post("/series/plain/rating/", {"stars": "9"}, follow=True).text


def test_of_the_whole_series_too(browser, series):
    answer = browser.post(SERIES, {"stars": "10"})
    assert answer.headers["Location"] == "/series/drama/"
    assert (Review.objects.get().episode, Review.objects.get().stars) == (None, 10)


@pytest.mark.parametrize("where", ["query", "form"])
def test_it_leads_back_to_where_they_were_given(browser, series, where):
    back = "/series/drama/episodes/2/?page=2#score"
    path = f"{EPISODE}?next=%2Fseries%2Fdrama%2Fepisodes%2F2%2F%3Fpage%3D2%23score" if where == "query" else EPISODE
    answer = browser.post(path, {"stars": "9", "next": back if where == "form" else ""})
    assert answer.headers["Location"] == back


def test_it_leads_nowhere_else(browser, series):
    for elsewhere in ("https://evil.example/", "//evil.example", "\x00"):
        answer = browser.post(EPISODE, {"stars": "9", "next": elsewhere})
        assert answer.headers["Location"] == "/series/drama/episodes/2/"


def test_the_words_of_a_review_stay_as_they_are(browser, alice, episode, make_review):
    make_review(alice, episode, stars=3, headline="A line", body="the words", spoils_through=2)
    browser.post(EPISODE, {"stars": "7"})
    review = Review.objects.with_words().get()
    assert (review.stars, review.headline, review.body, review.spoils_through) == (7, "A line", "the words", 2)
    assert dict(RatingTally.objects.filter(count__gt=0).values_list("stars", "count")) == {7: 1}


def test_twice_is_once(browser, episode):
    for _ in range(2):
        assert browser.post(EPISODE, {"stars": "7"}).status_code == 302
    assert (Review.objects.get().version, RatingTally.objects.get().count) == (1, 1)


def test_whoever_rates_an_episode_has_seen_it_and_is_told(as_member, bob, episode):
    answer = as_member(bob).post(EPISODE, {"stars": "7"}, follow=True)
    assert "On the record: 3½, phrase 7. You have seen through Track 2 now." in answer.text
    assert Progress.objects.get(member=bob).seen_through == 2


def test_a_hidden_review_stays_hidden_and_its_author_is_told(browser, alice, mona, episode, make_review):
    make_review(alice, episode, stars=3).hide(mona, "Rude")
    answer = browser.post(EPISODE, {"stars": "7"}, follow=True)
    assert "A moderator has hidden this review" in answer.text
    assert Review.objects.get().stars == 7
    assert not RatingTally.objects.filter(count__gt=0).exists()


@pytest.mark.parametrize("path", [EPISODE, SERIES])
@pytest.mark.parametrize("data", [{}, *({"stars": stars} for stars in ("", "0", "11", "4.5", "x", "\x00", "9" * 30))])
def test_nonsense_is_refused_with_the_stars_to_choose_again(browser, path, data):
    page = browser.post(path, {**data, "next": "/series/"})
    assert page.status_code == 422
    assert "Choose your stars first." in page.text or "Half a star to five, in halves." in page.text
    assert 'name="stars" value="10"' in page.text
    assert '<input type="hidden" name="next" value="/series/">' in page.text
    assert not Review.objects.exists()


def test_the_refusals_band_and_form_lead_back_to_a_page_that_is_there(browser):
    page = browser.post(EPISODE, {})
    assert page.text.count('name="next" value="/series/drama/episodes/2/"') == 2


def test_what_has_not_aired_or_is_not_there_is_not_rated(browser, make_series):
    make_series("airing", aired=2)
    make_series("secret", published_at=None)
    for path in ("airing/episodes/3", "drama/episodes/9", "secret/episodes/1", "secret", "unknown"):
        assert browser.post(f"/series/{path}/rating/", {"stars": "7"}).status_code == 404
    assert not Review.objects.exists()


def test_a_strangers_stars_wait_in_the_form_of_the_review(client, series):
    answer = client.post(EPISODE, {"stars": "7"})
    assert answer.headers["Location"].startswith("/accounts/signup/?next=")
    assert not Review.objects.exists()
    form = client.get("/series/drama/episodes/2/review/").context["form"]
    assert form["stars"].initial == "7"


def test_a_silenced_member_is_told_so(browser, alice, mona):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    assert browser.post(EPISODE, {"stars": "7"}).status_code == 403
    assert not Review.objects.exists()


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(browser, method):
    assert getattr(browser, method)(EPISODE).status_code == 405
