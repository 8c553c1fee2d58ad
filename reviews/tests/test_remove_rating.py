"""`/reviews/<id>/rating/delete/`: take the stars back."""

import pytest

from accounts.models import Sanction
from reviews.models import Draft, RatingTally, Review
from reviews.recount import differences


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, stars=9, body="the words", spoils_through=2)


def path(review):
    return f"/reviews/{review.pk}/rating/delete/"


def test_the_stars_go_and_the_words_stay(as_member, alice, review):
    browser = as_member(alice)
    answer = browser.post(path(review))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/series/drama/episodes/2/review/"
    assert ">Undo</button>" not in browser.get(answer.headers["Location"]).text, "only a deletion can be undone"
    review = Review.objects.with_words().get()
    assert (review.stars, review.body) == (None, "the words")
    assert RatingTally.objects.get().count == 0
    assert differences() == []


def test_a_bare_rating_is_gone_with_its_stars(as_member, alice, episode, make_review):
    rating = make_review(alice, episode, headline="", body="")
    answer = as_member(alice).post(path(rating), follow=True)
    assert "Your stars are taken back." in answer.text
    assert not Review.objects.by(alice).exists()
    assert differences() == []


def test_a_headline_goes_with_the_stars_and_both_can_be_brought_back(as_member, alice, episode, make_review):
    review = make_review(alice, episode, stars=9, headline="A line", body="")
    browser = as_member(alice)
    undo = f"/reviews/{review.pk}/delete/undo/"
    page = browser.post(path(review), follow=True).text
    assert not Review.objects.by(alice).exists()
    assert f'form="act" formaction="{undo}">Undo</button>' in page
    browser.post(undo)
    again = Review.objects.by(alice).get()
    assert (again.stars, again.headline) == (9, "A line")
    assert differences() == []


def test_a_silenced_member_may(as_member, alice, mona, review):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    assert as_member(alice).post(path(review)).status_code == 302
    assert Review.objects.get().stars is None


def test_twice_is_once(as_member, alice, review):
    browser = as_member(alice)
    browser.post(path(review))
    assert browser.post(path(review)).status_code == 302
    assert differences() == []


def test_a_stranger_changes_nothing(client, review):
    assert client.post(path(review)).status_code == 403
    assert Review.objects.get().stars == 9


def test_anothers_is_as_a_missing_one(as_member, bob, review):
    browser = as_member(bob)
    assert browser.post(path(review)).status_code == 404
    assert browser.post("/reviews/999999/rating/delete/").status_code == 404
    assert browser.post(f"/reviews/{'9' * 20}/rating/delete/").status_code == 404
    assert Review.objects.get().stars == 9


def test_of_a_hidden_review_too(as_member, alice, mona, review):
    review.hide(by=mona, reason="Spoils.")
    assert as_member(alice).post(path(review)).status_code == 302
    assert Review.objects.get().stars is None
    assert differences() == []


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(as_member, alice, review, method):
    assert getattr(as_member(alice), method)(path(review)).status_code == 405
    assert Review.objects.get().stars == 9


def test_what_was_changed_in_the_form_and_not_sent_waits(as_member, alice, episode, make_review):
    """The button stands in the form of the review, and sends all that is in it."""
    review = make_review(alice, episode, stars=8, body="As it stood")
    form = {"stars": "8", "headline": "A safe line", "body": "As I would have it", "spoils_through": "2"}
    browser = as_member(alice)
    browser.post(f"/reviews/{review.pk}/rating/delete/", form)
    page = browser.get("/series/drama/episodes/2/review/")
    assert "Unsent" in page.text
    assert page.context["form"]["body"].initial == "As I would have it"
    assert page.context["form"]["stars"].initial is None
    assert browser.post("/series/drama/episodes/2/review/", {**form, "stars": ""}).status_code == 302


def test_what_was_not_changed_waits_nowhere(as_member, alice, episode, make_review):
    review = make_review(alice, episode, stars=8, headline="A safe line", body="As it stood")
    form = {"stars": "8", "headline": "A safe line", "body": "As it stood", "spoils_through": "0"}
    as_member(alice).post(f"/reviews/{review.pk}/rating/delete/", form)
    assert not Draft.objects.exists()
