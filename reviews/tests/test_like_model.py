"""`Like.objects.feel`, and what the table itself refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from conftest import viewer_of
from reviews.models import Comment, Like, Review
from reviews.recount import differences
from reviews.tests.counting import assert_counted


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()
    assert differences() == []


@pytest.fixture(params=["review", "comment"])
def text(request, alice, episode, make_review, make_comment):
    return (make_review if request.param == "review" else make_comment)(alice, episode)


def feel(member, text, wanted=True):
    Like.objects.feel(member, text, wanted)
    return type(text).objects.get(pk=text.pk).like_count


def is_felt(text, viewer):
    return type(text).objects.for_reader(viewer).get(pk=text.pk).is_felt


def test_each_member_counts_once(text, bob, una):
    assert feel(bob, text) == 1
    assert feel(bob, text) == 1
    assert feel(una, text) == 2
    assert feel(bob, text, wanted=False) == 1
    assert feel(bob, text, wanted=False) == 1
    assert Like.objects.get().member == una


def test_not_to_feel_what_was_never_felt_changes_nothing(text, bob):
    version = text.version
    assert feel(bob, text, wanted=False) == 0
    assert type(text).objects.get(pk=text.pk).version == version


def test_a_change_raises_the_version_that_pages_are_kept_by(text, bob):
    version = type(text).objects.get(pk=text.pk).version
    for wanted in (True, True, False, False):
        feel(bob, text, wanted)
    assert type(text).objects.get(pk=text.pk).version == version + 2


@pytest.mark.parametrize("wanted", [True, False])
def test_ones_own_is_refused(text, alice, wanted):
    with pytest.raises(ValidationError) as refused:
        Like.objects.feel(alice, text, wanted)
    assert refused.value.code == "own"


@pytest.mark.parametrize("end", ["hide", "retract"])
def test_what_was_taken_away_is_refused_and_may_still_be_felt_no_more(text, mona, bob, una, end):
    feel(bob, text)
    text.hide(mona, "Rude") if end == "hide" else text.retract()
    with pytest.raises(ValidationError) as refused:
        Like.objects.feel(una, text, wanted=True)
    assert refused.value.code == "gone"
    assert feel(bob, text) == 1  # it is so already
    assert feel(bob, text, wanted=False) == 0


def test_a_stale_copy_in_hand_changes_nothing(text, mona, bob):
    stale = type(text).objects.get(pk=text.pk)
    text.hide(mona, "Rude")
    with pytest.raises(ValidationError):
        Like.objects.feel(bob, stale, wanted=True)


def test_likes_outlast_hiding(text, mona, bob):
    feel(bob, text)
    text.hide(mona, "Rude")
    text.restore(mona, "Fine")
    assert type(text).objects.get(pk=text.pk).like_count == 1


def test_a_reader_is_told_of_their_own_alone(text, alice, bob, una):
    feel(bob, text)
    assert is_felt(text, viewer_of(bob)) is True
    for viewer in (viewer_of(), viewer_of(una), viewer_of(alice)):
        assert is_felt(text, viewer) is False


def test_a_review_and_a_comment_of_one_number_are_two(alice, bob, episode, make_review, make_comment):
    review, comment = make_review(alice, episode), make_comment(alice, episode)
    Review.objects.filter(pk=review.pk).update(id=70)
    Comment.objects.filter(pk=comment.pk).update(id=70)
    review, comment = Review.objects.get(pk=70), Comment.objects.get(pk=70)
    feel(bob, review)
    assert is_felt(review, viewer_of(bob))
    assert not is_felt(comment, viewer_of(bob))
    assert feel(bob, comment) == 1
    assert feel(bob, review, wanted=False) == 0
    assert is_felt(comment, viewer_of(bob))


def test_the_table_takes_one_per_member_and_text_and_only_one_text(alice, bob, episode, make_review, make_comment):
    review, comment = make_review(alice, episode), make_comment(alice, episode)
    for text in (review, comment):
        feel(bob, text)
    for wrong in (
        {"review": review},
        {"comment": comment},
        {"review": review, "comment": comment},
        {},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Like.objects.create(member=bob, **wrong)


def test_feeling_costs_at_most_five_queries(text, bob, django_assert_max_num_queries):
    """And the savepoint around them, which a request's own transaction does not have."""
    with django_assert_max_num_queries(7):
        Like.objects.feel(bob, text, wanted=True)
    with django_assert_max_num_queries(7):
        Like.objects.feel(bob, text, wanted=False)
