"""`/reviews/<id>/comments/`: say something under a review."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import seen
from reviews.models import Comment
from reviews.recount import differences

FORM = {"body": "I cried *too*.", "spoils_through": "2"}


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, body="the words", spoils_through=2)


def path(review):
    return f"/reviews/{review.pk}/comments/"


def test_posts_under_the_review_and_leads_to_it(as_member, bob, review):
    answer = as_member(bob).post(path(review), FORM)
    comment = Comment.objects.with_words().get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/reviews/{review.pk}/#comment-{comment.pk}"
    assert (comment.author, comment.review, comment.body, comment.parent) == (bob, review, "I cried *too*.", None)
    assert differences() == []


def test_answers_an_answer(as_member, alice, bob, review, make_comment):
    first = make_comment(bob, review, spoils_through=3)
    as_member(alice).post(path(review), {**FORM, "parent": first.pk})
    reply = Comment.objects.get(author=alice)
    assert (reply.parent, reply.root) == (first, first)
    assert reply.spoils_through == 3
    assert differences() == []


def test_who_comes_to_read_is_led_to_the_review(client, review):
    answer = client.get(path(review))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/reviews/{review.pk}/#comments"


def test_a_link_on_a_refused_form_still_leads_where_it_says(client, review):
    answer = client.get(path(review), {"reveal": review.reveal_name})
    assert answer.headers["Location"] == f"/reviews/{review.pk}/?reveal={review.reveal_name}#comments"


def test_a_scope_below_the_reviews_is_raised_to_it(as_member, bob, review):
    as_member(bob).post(path(review), {**FORM, "spoils_through": "0"})
    assert Comment.objects.get().spoils_through == 2


def test_a_double_press_is_one_comment(as_member, bob, review):
    browser = as_member(bob)
    browser.post(path(review), FORM)
    browser.post(path(review), FORM)
    assert Comment.objects.count() == 1


def test_a_strangers_answer_waits_until_they_have_joined(client, review):
    assert client.post(path(review), FORM).headers["Location"].startswith("/accounts/signup/?next=")
    assert not Comment.objects.exists()
    assert "I cried *too*." in client.get(f"/reviews/{review.pk}/").text


def test_a_hidden_review_is_404_for_strangers(as_member, bob, mona, review):
    review.hide(by=mona, reason="Spoils.")
    browser = as_member(bob)
    assert browser.get(path(review)).status_code == 404
    assert browser.post(path(review), FORM).status_code == 404
    assert not Comment.objects.exists()


def test_what_was_taken_away_meanwhile_takes_no_answer(as_member, bob, mona, review, make_comment):
    """The review is hidden, and answers keep its place: the text comes back with the reason."""
    make_comment(mona, review)
    review.hide(by=mona, reason="Spoils.")
    page = as_member(bob).post(path(review), FORM)
    assert page.status_code == 422
    assert "What you answer has been taken away meanwhile." in page.text
    assert "I cried *too*." in page.text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("pk", [0, 999_999, "9" * 19, "9" * 20])
def test_a_missing_review_is_404(as_member, bob, series, pk):
    browser = as_member(bob)
    assert browser.get(f"/reviews/{pk}/comments/").status_code == 404
    assert browser.post(f"/reviews/{pk}/comments/", FORM).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(client, review, method):
    assert getattr(client, method)(path(review)).status_code == 405


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"body": ""}, "Write something first."),
        ({"body": " \n "}, "Write something first."),
        ({"body": "b" * 10_001}, "At most 10000 characters"),
        ({"body": "null \x00 byte"}, "characters that cannot be kept"),
        ({"spoils_through": "5"}, "Choose one of the points"),
        ({"spoils_through": "x"}, "Choose one of the points"),
        ({"parent": "x"}, "taken away meanwhile"),
        ({"parent": "-1"}, "taken away meanwhile"),
        ({"parent": "999999"}, "taken away meanwhile"),
        ({"parent": "9" * 30}, "taken away meanwhile"),
    ],
)
def test_bad_input_keeps_the_text_and_writes_nothing(as_member, bob, review, wrong, says):
    form = {**FORM, **wrong}
    page = as_member(bob).post(path(review), form)
    assert page.status_code == 422
    assert says in page.text
    assert f">\n{form['body']}</textarea>" in page.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("where", ["another review", "the episode", "deleted", "hidden"])
def test_a_parent_elsewhere_or_gone_is_refused(
    as_member, alice, bob, mona, episode, review, make_comment, make_review, where
):
    place = {"another review": make_review(bob, episode), "the episode": episode}.get(where, review)
    parent = make_comment(alice, place, spoils_through=2)
    if where == "deleted":
        parent.retract()
    if where == "hidden":
        parent.hide(by=mona, reason="Spoils.")
    page = as_member(bob).post(path(review), {**FORM, "parent": parent.pk})
    assert page.status_code == 422
    assert "taken away meanwhile" in page.text
    assert "I cried *too*." in page.text
    assert f'name="parent" value="{parent.pk}"' not in page.text  # sent again, the words stand on their own
    assert Comment.objects.count() == 1


def test_a_refused_form_shows_no_words_beyond_its_author(as_member, bob, series, review):
    seen(bob, series, 1)
    page = as_member(bob).post(path(review), {"body": ""})
    assert page.status_code == 422
    assert "the words" not in page.text


def test_a_silenced_member_gets_the_text_back(as_member, bob, review):
    bob.silenced_until = timezone.now() + timedelta(days=1)
    bob.save(update_fields=["silenced_until"])
    page = as_member(bob).post(path(review), FORM)
    assert page.status_code == 403
    assert "I cried *too*." in page.text
    assert not Comment.objects.exists()


def test_an_answer_to_a_review_that_is_deleted_meanwhile_gives_the_text_back(as_member, bob, review):
    review.retract()
    page = as_member(bob).post(path(review), FORM)
    assert page.status_code == 404
    assert "I cried *too*." in page.text
    assert not Comment.objects.exists()
