"""`/comments/<id>/delete/undo/`: the same for a comment; what both share is asked in `test_undelete_review.py`."""

import pytest

from reviews.models import Comment, Revision
from reviews.recount import differences


@pytest.fixture
def comment(alice, episode, make_comment):
    return make_comment(alice, episode, body="the words", spoils_through=2)


def path(comment):
    return f"/comments/{comment.pk}/delete/undo/"


def stands(comment):
    return Comment.objects.get(pk=comment.pk).deleted_at is None


def test_the_message_of_a_deletion_carries_the_button(as_member, alice, comment):
    page = as_member(alice).post(f"/comments/{comment.pk}/delete/", follow=True)
    assert (
        f'Your comment is deleted. <button class="button button--quiet" form="act" formaction="{path(comment)}"'
        in (page.text)
    )


def test_it_brings_the_comment_back(as_member, alice, comment):
    browser = as_member(alice)
    browser.post(f"/comments/{comment.pk}/delete/")
    for _ in range(2):
        answer = browser.post(path(comment), follow=True)
        assert answer.request["PATH_INFO"] == f"/comments/{comment.pk}/"
        assert "Your comment is back." in answer.text
        assert "the words" in answer.text
    assert not Revision.objects.exists()
    assert differences() == []


@pytest.mark.parametrize("place", ["episode", "series", "review"])
def test_where_it_cannot_come_back_its_discussion_says_why(
    as_member, request, alice, bob, episode, make_review, make_comment, place
):
    subject = make_review(bob, episode) if place == "review" else request.getfixturevalue(place)
    comment = make_comment(alice, subject)
    comment.retract()
    Revision.objects.all().delete()
    answer = as_member(alice).post(path(comment), follow=True)
    assert answer.status_code == 200
    assert "It cannot be brought back any more." in answer.text
    assert not stands(comment)


def test_a_discussion_that_is_gone_too_is_not_led_to(as_member, alice, bob, episode, make_review, make_comment):
    review = make_review(bob, episode)
    comment = make_comment(alice, review)
    comment.retract()
    review.retract()
    browser = as_member(alice)
    assert browser.post(path(comment), follow=True).status_code == 200
    assert stands(comment)
    assert differences() == []
    comment.retract()
    Revision.objects.all().delete()
    answer = browser.post(path(comment), follow=True)
    assert answer.status_code == 200
    assert "It cannot be brought back any more." in answer.text


def test_a_stranger_is_asked_to_log_in(client, comment):
    comment.retract()
    assert client.post(path(comment)).status_code == 403
    assert not stands(comment)


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_anothers_is_as_a_missing_one(as_member, request, comment, who):
    comment.retract()
    browser = as_member(request.getfixturevalue(who))
    for wrong in (path(comment), "/comments/999999/delete/undo/", f"/comments/{'9' * 20}/delete/undo/"):
        assert browser.post(wrong).status_code == 404
    assert not stands(comment)


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(as_member, alice, comment, method):
    comment.retract()
    assert getattr(as_member(alice), method)(path(comment)).status_code == 405
    assert not stands(comment)
