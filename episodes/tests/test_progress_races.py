"""Presses at the same moment, in two tabs or by a double click: none is an error, and the furthest stays."""

from functools import partial

import pytest
from django.test import Client

from conftest import HERE, seen
from episodes.models import Progress
from episodes.models.progress import ProgressQuerySet
from reviews.models import Comment, Review
from reviews.recount import differences
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


@pytest.mark.parametrize("begun", [True, False])
def test_a_press_while_another_is_written_waits_for_it(alice, series, begun):
    """Also a first answer, which has no row yet. Each knows where it found them."""
    if begun:
        seen(alice, series, 1)
    later: list[Progress | None] = []
    with meanwhile(ProgressQuerySet, "update", lambda: later.extend(Progress.objects.record(alice, series, 4))):
        before, after = Progress.objects.record(alice, series, 2)
    assert (before and before.furthest, after.furthest) == (1 if begun else None, 2)
    assert [progress and progress.furthest for progress in later] == [2, 4]
    assert points() == (4, 4)


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


@pytest.mark.parametrize("verb", ["retract", "hide"])
def test_an_answer_to_oneself_that_ends_meanwhile_never_waits_in_a_circle(
    alice, bob, mona, series, make_comment, verb
):
    """Its end moves the counts of two earlier texts; one of them is by who takes back a slip."""
    seen(alice, series, 1)
    root = make_comment(bob, series, body="Root")
    own = make_comment(alice, series, body="Mine", parent=root)
    more = make_comment(alice, series, body="And more", parent=own)
    undo = slip_of(alice, series)
    end = more.retract if verb == "retract" else partial(more.hide, mona, "Rude")
    with meanwhile(Comment, "settle_from", undo):
        end()
    assert points() == (1, 1)
    assert not Comment.objects.live().filter(pk=more.pk).exists()
    assert differences() == []


def test_slips_taken_back_among_all_verbs_of_a_thread_never_wait_in_a_circle(alice, bob, mona, series, make_comment):
    undo = slip_of(alice, series)
    for turn in range(6):
        root = make_comment(bob, series, body=f"Root {turn}")
        own = make_comment(alice, series, body=f"Mine {turn}", parent=root)
        more = make_comment(alice, series, body=f"More {turn}", parent=own)
        answer = make_comment(bob, series, body=f"Answer {turn}", parent=own)
        no_errors(
            together(
                undo,
                partial(root.rescope, mona, 1, "It tells"),
                partial(own.raise_scope, 1),
                more.retract,
                partial(answer.hide, mona, "Rude"),
                partial(Comment.objects.answers_to(alice).mark_read, alice),
            )
        )
    assert differences() == []
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
