"""`/comments/<id>/like/`: the same for a comment; what both share is asked in `test_like_review.py`."""

import pytest

from reviews.models import Comment, Like
from reviews.recount import differences


@pytest.fixture
def comment(alice, episode, make_comment):
    return make_comment(alice, episode, body="the words")


def path(comment):
    return f"/comments/{comment.pk}/like/"


def test_it_is_felt_and_felt_no_more(as_member, bob, comment):
    browser = as_member(bob)
    for _ in range(2):
        answer = browser.post(path(comment), {"liked": "true"})
        assert answer.headers["Location"] == f"/comments/{comment.pk}/#comment-{comment.pk}"
    assert Comment.objects.get().like_count == 1
    assert differences() == []
    browser.post(path(comment), {"liked": "false"})
    assert Comment.objects.get().like_count == 0
    assert not Like.objects.exists()


def test_the_button_leads_back_to_its_spot_in_the_discussion(as_member, bob, comment):
    browser = as_member(bob)
    page = browser.get("/series/drama/episodes/2/comments/")
    back = f"%2Fseries%2Fdrama%2Fepisodes%2F2%2Fcomments%2F%23comment-{comment.pk}"
    assert f'formaction="{path(comment)}?next={back}" name="liked" value="true" aria-pressed="false"' in page.text
    answer = browser.post(f"{path(comment)}?next={back}", {"liked": "true"})
    assert answer.headers["Location"] == f"/series/drama/episodes/2/comments/#comment-{comment.pk}"


def test_under_a_review_too(as_member, alice, bob, episode, make_review, make_comment):
    review = make_review(bob, episode)
    answer = make_comment(alice, review)
    assert path(answer) in as_member(bob).get(f"/reviews/{review.pk}/").text


def test_a_visitor_is_led_to_log_in(client, comment):
    assert 'class="felt" href="/accounts/login/?next=' in client.get("/series/drama/episodes/2/comments/").text
    assert client.post(path(comment), {"liked": "true"}).status_code == 403
    assert not Like.objects.exists()


def test_ones_own_is_never_felt(as_member, alice, comment):
    answer = as_member(alice).post(path(comment), {"liked": "true"}, follow=True)
    assert "It is yours" in answer.text
    assert not Like.objects.exists()


def test_a_press_that_does_not_say_which_is_refused(as_member, bob, comment):
    assert as_member(bob).post(path(comment), {"liked": "maybe"}).status_code == 400


def test_what_is_gone_cannot_be_felt_and_a_tombstone_has_no_button(
    as_member, alice, bob, mona, una, episode, comment, make_comment
):
    Like.objects.feel(una, comment, wanted=True)
    make_comment(alice, episode, body="So it stays as a tombstone", parent=comment)
    browser = as_member(bob)
    comment.hide(mona, "Rude")
    assert path(comment) not in browser.get("/series/drama/episodes/2/comments/").text
    assert browser.post(path(comment), {"liked": "true"}).status_code == 404
    comment.restore(mona, "Fine")
    comment.retract()
    assert path(comment) not in browser.get("/series/drama/episodes/2/comments/").text
    assert browser.post(path(comment), {"liked": "true"}).status_code == 404
    assert browser.post(f"/comments/{'9' * 20}/like/", {"liked": "true"}).status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(as_member, bob, comment, method):
    assert getattr(as_member(bob), method)(path(comment)).status_code == 405
    assert not Like.objects.exists()


def test_buttons_cost_no_query(as_member, bob, crowd, episode, make_comment, queries_of):
    authors = crowd(20)
    make_comment(authors[0], episode)
    where = "/series/drama/episodes/2/comments/"
    few = queries_of(as_member(bob), where)
    for author in authors[1:]:
        Like.objects.feel(bob, make_comment(author, episode), wanted=True)
    assert queries_of(as_member(bob), where) <= few
