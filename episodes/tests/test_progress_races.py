"""Presses at the same moment, in two tabs or by a double click: none is an error, and the furthest stays."""

from functools import partial

import pytest
from django.test import Client

from conftest import HERE, seen
from episodes.models import Progress
from episodes.models.progress import ProgressQuerySet
from reviews.models import Review
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


def test_a_double_click_in_the_band_is_answered_twice(alice, series):
    def press(point):
        browser = Client(headers=HERE)
        browser.force_login(alice, backend="accounts.backends.MemberBackend")
        return browser.post("/series/drama/progress/", {"seen_through": point}).status_code

    assert no_errors(together(*(partial(press, point) for point in (2, 2, 4, 1)))) == [302] * 4
    assert points()[1] == 4
