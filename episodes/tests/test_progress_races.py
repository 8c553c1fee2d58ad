"""Presses at the same moment, in two tabs or by a double click: none is an error, and the furthest stays."""

from functools import partial

import pytest
from django.test import Client

from conftest import HERE, seen
from episodes.models import Progress
from episodes.models.progress import ProgressQuerySet
from reviews.models import Comment, Review
from reviews.rules import broken_rules
from reviews.tests.racing import meanwhile, meeting_before, no_errors, together

pytestmark = pytest.mark.django_db(transaction=True)


def points():
    progress = Progress.objects.get()
    return progress.seen_through, progress.furthest


def test_a_first_answer_given_twice_is_one_row(alice, series):
    with meeting_before(ProgressQuerySet, "bulk_create", 4):
        no_errors(together(*[partial(seen, alice, series, 2)] * 4))
    assert points() == (2, 2)


def test_of_different_answers_at_once_one_stands_and_the_highest_is_kept(alice, series):
    with meeting_before(ProgressQuerySet, "bulk_create", 4):
        no_errors(together(*(partial(seen, alice, series, point) for point in (3, 1, 4, 2))))
    point, furthest = points()
    assert point in (1, 2, 3, 4)
    assert furthest == 4


def test_a_press_after_others_have_looked_is_the_last(alice, series):
    """The first is held back before it writes: the other's higher point is not lost when it does."""
    seen(alice, series, 1)
    with meanwhile(ProgressQuerySet, "update", partial(seen, alice, series, 4)):
        seen(alice, series, 2)
    assert points() == (2, 4)


def test_rating_while_going_back_keeps_the_furthest(alice, series):
    seen(alice, series, 4)
    third = series.episodes.get(number=3)
    no_errors(together(partial(seen, alice, series, 1), partial(Review.objects.rate, alice, third, 8)))
    point, furthest = points()
    assert point in (1, 3)
    assert furthest == 4


def slip_of(alice, series):
    """A browser in which alice has just gone from 1 to 4, and a press that takes it back."""
    seen(alice, series, 1)
    browser = Client(headers=HERE)
    browser.force_login(alice, backend="accounts.backends.MemberBackend")
    browser.post("/series/drama/progress/", {"seen_through": 4})

    def undo():
        answer = browser.post("/series/drama/progress/undo/")
        assert answer.status_code == 302

    return undo


@pytest.mark.parametrize("table", [Review, Comment])
def test_a_text_that_is_being_written_is_not_left_knowing_more_than_its_author(alice, series, make_comment, table):
    """Whichever comes first: the slip stays, or the text learns nothing of it."""
    undo = slip_of(alice, series)
    third = series.episodes.get(number=3)
    write = partial(Review.objects.rate, alice, third, 8)
    if table is Comment:
        write = partial(make_comment, alice, third, spoils_through=3)
    with meanwhile(table, "learn_hindsight", undo):
        write()
    assert not list(broken_rules())


def test_a_text_that_is_being_changed_is_not_left_either(alice, series, make_comment):
    seen(alice, series, 1)
    older = make_comment(alice, series, body="I wonder", spoils_through=0)
    undo = slip_of(alice, series)
    with meanwhile(Comment, "settle_from", undo):
        older.edit(body="I know", spoils_through=0)
    assert not list(broken_rules())


def test_a_press_while_a_slip_is_taken_back_stands(alice, series):
    undo = slip_of(alice, series)
    with meanwhile(ProgressQuerySet, "put_back", partial(seen, alice, series, 2)):
        undo()
    assert points() in ((2, 4), (2, 2))


def test_a_slip_taken_back_twice_at_once_is_taken_back_once(alice, series):
    undo = slip_of(alice, series)
    no_errors(together(undo, undo))
    assert points() == (1, 1)


def test_a_press_whose_row_another_takes_back_is_no_error(alice, series):
    """Between the writing of the row and the look at it."""
    with meanwhile(ProgressQuerySet, "first", lambda: Progress.objects.all().delete()):
        seen(alice, series, 2)


def test_a_double_click_in_the_band_is_answered_twice(alice, series):
    def press(point):
        browser = Client(headers=HERE)
        browser.force_login(alice, backend="accounts.backends.MemberBackend")
        return browser.post("/series/drama/progress/", {"seen_through": point}).status_code

    assert no_errors(together(*(partial(press, point) for point in (2, 2, 4, 1)))) == [302] * 4
    assert points()[1] == 4
