"""What a moderator is told of a member's reports: how often they were right."""

import pytest

from accounts.models import Sanction
from reviews.admin.record import Reporting, reporting_of
from reviews.models import Comment, ModerationAction, Report
from reviews.models.sanctions import impose, keep_member
from reviews.models.undo import reverse


@pytest.fixture
def reported(bob, una, series, make_comment):
    """Texts of bob that una has reported, as many as asked for."""

    def report(count: int) -> list[Comment]:
        texts = [make_comment(bob, series, body=f"Text {number}") for number in range(count)]
        for text in texts:
            Report.objects.file(una, text, "spam")
        return texts

    return report


def last() -> ModerationAction:
    return ModerationAction.objects.latest("pk")


def test_only_what_took_something_away_counts(bob, una, mona, reported):
    hidden, raised, kept, approved, _waits = reported(5)
    hidden.hide(mona, "Spam")
    raised.rescope(mona, 2, "It tells")
    kept.keep(mona, "It is fine")
    approved.hold_again("word")
    approved.approve(mona, "It is fine")
    Report.objects.file(una, bob, "harassment")
    impose(bob, Sanction.Kind.SILENCE, mona, "Rude")
    assert reporting_of([una.pk]) == {una.pk: Reporting(count=6, open_count=1, upheld_count=3)}


def test_nothing_was_right_in_leaving_a_member_as_they_are(bob, una, mona):
    Report.objects.file(una, bob, "harassment")
    keep_member(bob, mona, "Nothing there")
    assert reporting_of([una.pk])[una.pk].upheld_count == 0


def test_what_was_taken_back_does_not_count_until_that_is_undone(una, mona, reported):
    (text,) = reported(1)
    text.hide(mona, "Spam")
    hiding = last()
    assert reporting_of([una.pk])[una.pk].upheld_count == 1
    reverse(hiding, mona, "None")
    assert reporting_of([una.pk])[una.pk] == Reporting(count=1)
    reverse(last(), mona, "Spam after all")
    assert reporting_of([una.pk])[una.pk].upheld_count == 1


def test_many_cost_as_much_as_one(una, mona, reported, django_assert_num_queries):
    for text in reported(6):
        text.hide(mona, "Spam")
        reverse(last(), mona, "None")
    with django_assert_num_queries(1):
        assert reporting_of([una.pk])[una.pk] == Reporting(count=6)
