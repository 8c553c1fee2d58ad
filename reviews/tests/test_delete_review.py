"""`/reviews/<id>/delete/`: its author takes a review away."""

import pytest

from accounts.models import Sanction
from conftest import seen
from reviews.models import Review, Revision
from reviews.recount import differences


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="Bring tissues", body="the words", spoils_through=2)


def path(review):
    return f"/reviews/{review.pk}/delete/"


def test_asks_first(as_member, alice, review):
    page = as_member(alice).get(path(review))
    assert page.status_code == 200
    assert "Delete this review?" in page.text
    assert "the words" in page.text
    assert Review.objects.get().deleted_at is None


def test_deletes_and_leads_to_the_episode(as_member, alice, review):
    answer = as_member(alice).post(path(review))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/series/drama/episodes/2/"
    gone = Review.objects.with_words().get()
    assert (gone.body, gone.headline, gone.stars) == ("", "", None)
    assert gone.deleted_at is not None
    assert Revision.objects.with_words().get().body == "the words"
    assert differences() == []


def test_a_second_press_finds_nothing(as_member, alice, review):
    browser = as_member(alice)
    browser.post(path(review))
    assert browser.post(path(review)).status_code == 404
    assert Revision.objects.count() == 1


def test_a_silenced_member_may_and_is_offered_no_undo_that_would_be_refused(as_member, alice, mona, review):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    page = as_member(alice).post(path(review), follow=True)
    assert "Your review is deleted." in page.text
    assert ">Undo</button>" not in page.text
    assert not Review.objects.by(alice).exists()


def test_afterwards_another_can_be_written(as_member, alice, episode, review):
    browser = as_member(alice)
    browser.post(path(review))
    browser.post("/series/drama/episodes/2/review/", {"stars": "2", "spoils_through": "2"})
    assert Review.objects.by(alice).get().stars == 2
    assert differences() == []


def test_answers_under_it_stay(client, as_member, alice, bob, series, review, make_comment):
    make_comment(bob, review, body="an answer", spoils_through=2)
    as_member(alice).post(path(review))
    seen(bob, series, 2)
    page = as_member(bob).get(f"/reviews/{review.pk}/")
    assert page.status_code == 200
    assert "an answer" in page.text
    assert "A review stood here" in page.text


def test_a_stranger_is_asked_to_log_in(client, review):
    assert client.get(path(review)).headers["Location"] == f"/accounts/login/?next={path(review)}"
    assert client.post(path(review)).status_code == 403
    assert Review.objects.get().deleted_at is None


def test_anothers_is_as_a_missing_one(as_member, bob, review):
    browser = as_member(bob)
    for wrong in (path(review), "/reviews/999999/delete/", f"/reviews/{'9' * 20}/delete/"):
        assert browser.get(wrong).status_code == 404
        assert browser.post(wrong).status_code == 404
    assert Review.objects.get().deleted_at is None


def test_a_moderator_has_other_means(as_member, mona, review):
    assert as_member(mona).post(path(review)).status_code == 404
    assert Review.objects.get().deleted_at is None


def test_a_hidden_one_is_its_authors_to_delete(as_member, alice, mona, review):
    review.hide(by=mona, reason="Spoils.")
    assert as_member(alice).post(path(review)).status_code == 302
    assert Review.objects.get().deleted_at is not None
    assert differences() == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(as_member, alice, review, method):
    assert getattr(as_member(alice), method)(path(review)).status_code == 405
    assert Review.objects.get().deleted_at is None
