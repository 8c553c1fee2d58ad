"""Scopes and headlines moved while others write: held together as in `test_races`."""

from functools import partial

import pytest

from reviews.models import Comment, ModerationAction, Review
from reviews.recount import differences
from reviews.tests.counting import assert_counted
from reviews.tests.racing import meeting_before, no_errors, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(alice, episode):
    return Review.objects.publish(alice, episode, stars=8, headline="He dies", body="Words", spoils_through=1)


def test_two_moderators_raising_at_once_are_one_act(review, mona, admin_user):
    with meeting_before(Review, "put_at", 2):
        no_errors(
            together(
                partial(Review.objects.get(pk=review.pk).rescope, mona, 3, "It tells"),
                partial(Review.objects.get(pk=review.pk).rescope, admin_user, 3, "It tells"),
            )
        )
    assert ModerationAction.objects.count() == 1
    assert Review.objects.get().spoils_through == 3


def test_a_line_changed_while_it_is_folded_is_folded(review, alice, mona, episode):
    with meeting_before(Review, "settle_from", 2):
        no_errors(
            together(
                partial(review.fold_headline, mona, 2, "The line tells"),
                partial(Review.objects.publish, alice, episode, stars=8, headline="She dies", body="Words"),
            )
        )
    after = Review.objects.with_words().get()
    assert after.headline == ""
    assert after.folded_headline in ("He dies", "She dies")
    assert after.spoils_through == 2
    assert_counted()


def test_an_author_never_writes_below_a_scope_that_is_being_raised(review, alice, mona, episode):
    with meeting_before(Review, "settle_from", 2):
        no_errors(
            together(
                partial(review.rescope, mona, 4, "It tells"),
                partial(Review.objects.publish, alice, episode, stars=8, body="Other words", spoils_through=1),
            )
        )
    assert Review.objects.get().spoils_through == 4
    assert_counted()


@pytest.mark.parametrize("verb", ["author", "moderator"])
def test_a_comment_never_slips_under_a_scope_that_is_being_raised(review, bob, mona, verb):
    move = partial(review.raise_scope, 4) if verb == "author" else partial(review.rescope, mona, 4, "It tells")
    with meeting_before(Comment, "save", 2), meeting_before(Review, "put_at", 2):
        no_errors(together(move, partial(Comment.objects.post, bob, review, body="So true", spoils_through=1)))
    assert Comment.objects.get().spoils_through == 4
    assert differences() == []


def test_a_thread_put_up_and_down_among_its_writers_never_waits_in_a_circle(alice, bob, una, mona, episode):
    for turn in range(8):
        root = Comment.objects.post(alice, episode, body=f"Root {turn}", spoils_through=0)
        answer = Comment.objects.post(bob, episode, body=f"Answer {turn}", spoils_through=0, parent=root)
        no_errors(
            together(
                partial(root.rescope, mona, 3, "It tells"),
                partial(answer.raise_scope, 2),
                partial(Comment.objects.post, una, episode, body=f"More {turn}", spoils_through=1, parent=answer),
                partial(root.edit, body=f"Changed {turn}", spoils_through=1),
                partial(Comment.objects.answers_to(alice).mark_read, alice),
            )
        )
    assert_counted()
    assert differences() == []
