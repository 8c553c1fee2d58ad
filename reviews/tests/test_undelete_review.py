"""`/reviews/<id>/delete/undo/`: a deletion taken back. What may come back is asked in `test_text_verbs.py`."""

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Sanction
from reviews.models import Review, Revision
from reviews.models.text import UNDO_WINDOW
from reviews.recount import differences


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, stars=9, headline="A line", body="the words", spoils_through=2)


def path(review):
    return f"/reviews/{review.pk}/delete/undo/"


def stands(review):
    return Review.objects.get(pk=review.pk).deleted_at is None


def test_the_message_of_a_deletion_carries_the_button(as_member, alice, review):
    page = as_member(alice).post(f"/reviews/{review.pk}/delete/", follow=True)
    assert "Your review is deleted." in page.text
    assert f'form="act" formaction="{path(review)}">Undo</button>' in page.text
    assert '<form id="act" method="post" data-swap>' in page.text


def test_it_brings_the_review_back_word_for_word(as_member, alice, review):
    browser = as_member(alice)
    browser.post(f"/reviews/{review.pk}/delete/")
    answer = browser.post(path(review))
    assert answer.headers["Location"] == f"/reviews/{review.pk}/"
    assert "Your review is back." in browser.get(answer.headers["Location"]).text
    again = Review.objects.with_words().get()
    assert (again.stars, again.headline, again.body, again.spoils_through) == (9, "A line", "the words", 2)
    assert not Revision.objects.exists()
    assert differences() == []


def test_a_bare_rating_comes_back_on_the_page_of_what_it_rates(as_member, alice, series, make_review):
    rating = make_review(alice, series, headline="", body="")
    rating.retract()
    answer = as_member(alice).post(path(rating), follow=True)
    assert answer.request["PATH_INFO"] == "/series/drama/"
    assert "Your review is back." in answer.text
    assert stands(rating)


def test_a_second_press_is_harmless(as_member, alice, review):
    review.retract()
    browser = as_member(alice)
    for _ in range(2):
        answer = browser.post(path(review), follow=True)
        assert "Your review is back." in answer.text
    assert Review.objects.get().version == 3
    assert differences() == []


def test_where_it_cannot_come_back_the_next_page_says_why(as_member, alice, episode, review, make_review):
    review.retract()
    make_review(alice, episode, body="Another")
    answer = as_member(alice).post(path(review), follow=True)
    assert answer.request["PATH_INFO"] == "/series/drama/episodes/2/"
    assert "You have written another review since. It stands." in answer.text
    assert not stands(review)


def test_after_half_an_hour_it_is_too_late(as_member, alice, review):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        review.retract()
        browser = as_member(alice)
        clock.shift(UNDO_WINDOW)
        answer = browser.post(path(review), follow=True)
    assert "It cannot be brought back any more." in answer.text
    assert not stands(review)


def test_a_stranger_is_asked_to_log_in(client, review):
    review.retract()
    assert client.post(path(review)).status_code == 403
    assert not stands(review)


def test_a_silenced_member_brings_nothing_back(as_member, alice, mona, review):
    review.retract()
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    assert as_member(alice).post(path(review)).status_code == 403
    assert not stands(review)


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_anothers_is_as_a_missing_one(as_member, request, review, who):
    review.retract()
    browser = as_member(request.getfixturevalue(who))
    for wrong in (path(review), "/reviews/999999/delete/undo/", f"/reviews/{'9' * 20}/delete/undo/"):
        assert browser.post(wrong).status_code == 404
    assert not stands(review)


def test_nor_in_a_series_that_is_not_published(as_member, alice, series, review):
    review.retract()
    type(series).objects.filter(pk=series.pk).update(published_at=None)
    assert as_member(alice).post(path(review)).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(as_member, alice, review, method):
    review.retract()
    assert getattr(as_member(alice), method)(path(review)).status_code == 405
    assert not stands(review)
