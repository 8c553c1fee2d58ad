from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from episodes.models import Progress


def points(progress):
    return progress.seen_through, progress.furthest


def test_an_answer_moves_the_point_both_ways_and_the_furthest_only_up(alice, series):
    moves = [Progress.objects.record(alice, series, point) for point in (2, 4, 1, 0)]
    assert [points(after) for _before, after in moves] == [(2, 2), (4, 4), (1, 4), (0, 4)]
    assert Progress.objects.count() == 1


def test_an_answer_says_where_it_moved_them_from(alice, series):
    moves = [Progress.objects.record(alice, series, point) for point in (2, 4, 1)]
    assert [before and points(before) for before, _after in moves] == [None, (2, 2), (4, 4)]


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
        _before, first = Progress.objects.record(alice, series, 1)
        clock.shift(timedelta(days=1))
        _before, second = Progress.objects.record(alice, series, 2)
        assert second.updated_at - first.updated_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("verb", "first", "later"),
    [
        ("record", 8, 6),  # of them two for the savepoint
        ("reach", 4, 2),
    ],
)
def test_moving_costs_few_queries(alice, series, verb, first, later, django_assert_num_queries):
    move = getattr(Progress.objects, verb)
    with django_assert_num_queries(first):
        move(alice, series, 1)
    with django_assert_num_queries(later):
        move(alice, series, 2)


def test_a_row_that_was_moved_since_is_not_put_back(alice, series):
    """Not even one that says the same again."""
    _before, here = Progress.objects.record(alice, series, 4)
    _before, now = Progress.objects.record(alice, series, 4)
    assert not Progress.objects.put_back(here, None)
    assert points(Progress.objects.get()) == (4, 4)
    assert Progress.objects.put_back(now, None)
    assert not Progress.objects.exists()
