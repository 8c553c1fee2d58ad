"""`/comments/<id>/delete/`: its author takes a comment away."""

import pytest

from accounts.models import Sanction
from reviews.models import Comment, Revision
from reviews.recount import differences


@pytest.fixture
def comment(alice, episode, make_comment):
    return make_comment(alice, episode, body="the words", spoils_through=2)


def path(comment):
    return f"/comments/{comment.pk}/delete/"


def stands(comment):
    return Comment.objects.get(pk=comment.pk).deleted_at is None


def test_asks_first(as_member, alice, comment):
    page = as_member(alice).get(path(comment))
    assert page.status_code == 200
    assert "Delete this comment?" in page.text
    assert stands(comment)


def test_deletes_and_leads_to_the_discussion(as_member, alice, comment):
    answer = as_member(alice).post(path(comment))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/series/drama/episodes/2/comments/"
    assert not stands(comment)
    assert Comment.objects.with_words().get().body == ""
    assert Revision.objects.with_words().get().body == "the words"
    assert differences() == []


def test_what_answered_it_stays_with_a_gap_above(client, as_member, alice, bob, episode, comment, make_comment):
    make_comment(bob, episode, parent=comment, body="the reply", spoils_through=2)
    page = as_member(alice).post(path(comment), follow=True)
    assert "A comment stood here." in page.text
    assert "the words" not in page.text
    assert differences() == []


def test_a_silenced_member_may_and_is_offered_no_undo_that_would_be_refused(as_member, alice, mona, comment):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    page = as_member(alice).post(path(comment), follow=True)
    assert "Your comment is deleted." in page.text
    assert ">Undo</button>" not in page.text
    assert not stands(comment)


def test_under_a_review_it_leads_back_there(as_member, alice, bob, episode, make_review, make_comment):
    review = make_review(bob, episode)
    page = as_member(alice).post(path(make_comment(alice, review)), follow=True)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == f"/reviews/{review.pk}/"


def test_a_second_press_finds_nothing(as_member, alice, comment):
    browser = as_member(alice)
    browser.post(path(comment))
    assert browser.post(path(comment)).status_code == 404
    assert Revision.objects.count() == 1


def test_a_stranger_is_asked_to_log_in(client, comment):
    assert client.get(path(comment)).headers["Location"] == f"/accounts/login/?next={path(comment)}"
    assert client.post(path(comment)).status_code == 403
    assert stands(comment)


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_anothers_is_as_a_missing_one(as_member, request, comment, who):
    browser = as_member(request.getfixturevalue(who))
    for wrong in (path(comment), "/comments/999999/delete/", f"/comments/{'9' * 20}/delete/"):
        assert browser.get(wrong).status_code == 404
        assert browser.post(wrong).status_code == 404
    assert stands(comment)


def test_a_hidden_one_is_its_authors_to_delete(as_member, alice, mona, comment):
    comment.hide(by=mona, reason="Spoils.")
    assert as_member(alice).post(path(comment)).status_code == 302
    assert not stands(comment)
    assert differences() == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(as_member, alice, comment, method):
    assert getattr(as_member(alice), method)(path(comment)).status_code == 405
    assert stands(comment)


def test_under_a_review_that_is_gone_it_leads_to_the_discussion(
    as_member, alice, bob, episode, make_review, make_comment
):
    review = make_review(bob, episode)
    comment = make_comment(alice, review)
    review.retract()
    page = as_member(alice).post(path(comment), follow=True)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == "/series/drama/episodes/2/comments/"
