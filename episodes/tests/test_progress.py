from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from episodes.models import Progress


def points(progress):
    return progress.seen_through, progress.furthest


def test_an_answer_moves_the_point_both_ways_and_the_furthest_only_up(alice, series):
    assert points(Progress.objects.record(alice, series, 2)) == (2, 2)
    assert points(Progress.objects.record(alice, series, 4)) == (4, 4)
    assert points(Progress.objects.record(alice, series, 1)) == (1, 4)
    assert points(Progress.objects.record(alice, series, 0)) == (0, 4)
    assert Progress.objects.count() == 1


def test_reaching_an_episode_moves_the_point_only_up(alice, series):
    assert points(Progress.objects.reach(alice, series, 2)) == (2, 2)
    assert points(Progress.objects.reach(alice, series, 1)) == (2, 2)
    assert points(Progress.objects.reach(alice, series, 3)) == (3, 3)


def test_a_rewatcher_reaches_again_what_they_knew(alice, series):
    Progress.objects.record(alice, series, 4)
    Progress.objects.record(alice, series, 0)
    assert points(Progress.objects.reach(alice, series, 2)) == (2, 4)


def test_each_member_and_series_has_its_own(alice, bob, series, make_series):
    Progress.objects.record(alice, series, 4)
    Progress.objects.record(bob, series, 1)
    Progress.objects.record(alice, make_series("other"), 2)
    assert sorted(map(points, Progress.objects.all())) == [(1, 1), (2, 2), (4, 4)]


def test_the_row_says_when_it_was_last_moved(alice, series):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = Progress.objects.record(alice, series, 1).updated_at
        clock.shift(timedelta(days=1))
        assert Progress.objects.record(alice, series, 2).updated_at - first == timedelta(days=1)


@pytest.mark.parametrize("verb", ["record", "reach"])
def test_moving_costs_at_most_four_queries(alice, series, verb, django_assert_max_num_queries):
    move = getattr(Progress.objects, verb)
    with django_assert_max_num_queries(6):  # and the savepoint around making the row
        move(alice, series, 1)
    with django_assert_max_num_queries(2):
        move(alice, series, 2)
