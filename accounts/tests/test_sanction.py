"""Silence and ban: what the rows refuse, and the stamps that pages read."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Sanction

BAN, SILENCE = Sanction.Kind.BAN, Sanction.Kind.SILENCE


@pytest.fixture
def later():
    return timezone.now() + timedelta(days=7)


def impose(member, kind, by, until=None, reason="A reason"):
    return Sanction.objects.impose(member, kind, by=by, reason=reason, until=until)


def insert(member, by, **values):
    row = {"kind": BAN, "reason": "A reason", "starts_at": timezone.now(), **values}
    with transaction.atomic():
        return Sanction.objects.create(member=member, imposed_by=by, **row)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"kind": "stocks"}, "sanction_kind_known"),
        ({"reason": ""}, "sanction_has_reason"),
        ({"ends_at": timezone.now() - timedelta(days=1)}, "sanction_ends_after_start"),
        ({"lifted_at": timezone.now()}, "sanction_lifted_by_someone"),
    ],
)
def test_database_refuses(alice, mona, values, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        insert(alice, mona, **values)


def test_a_ban_for_good_stamps_the_member(alice, mona):
    before = alice.version
    impose(alice, BAN, mona)
    alice.refresh_from_db()
    assert alice.banned_until == Sanction.FOR_GOOD
    assert alice.is_banned()
    assert not alice.is_silenced()
    assert alice.version == before + 1


def test_a_silence_ends_by_itself(alice, mona, later):
    impose(alice, SILENCE, mona, until=later)
    alice.refresh_from_db()
    assert alice.is_silenced()
    assert not alice.is_silenced(later)
    assert not alice.is_banned()


def test_the_longest_of_several_counts(alice, mona, later):
    impose(alice, SILENCE, mona, until=later)
    impose(alice, SILENCE, mona, until=later - timedelta(days=1))
    alice.refresh_from_db()
    assert alice.silenced_until == later
    longest = Sanction.objects.longest_in_force(alice, SILENCE)
    assert longest is not None
    assert longest.ends_at == later
    for_good = impose(alice, SILENCE, mona)
    assert Sanction.objects.longest_in_force(alice, SILENCE) == for_good


def test_lifting_one_leaves_what_the_others_say(alice, mona, later):
    longer = impose(alice, BAN, mona)
    impose(alice, BAN, mona, until=later)
    longer.lift(by=mona)
    alice.refresh_from_db()
    assert alice.banned_until == later
    assert longer.lifted_by == mona


def test_lifting_the_last_frees_the_member(alice, mona):
    impose(alice, BAN, mona).lift(by=mona)
    alice.refresh_from_db()
    assert alice.banned_until is None
    assert Sanction.objects.longest_in_force(alice, BAN) is None


def test_kinds_do_not_touch_each_other(alice, mona):
    silence = impose(alice, SILENCE, mona)
    impose(alice, BAN, mona)
    silence.lift(by=mona)
    alice.refresh_from_db()
    assert alice.silenced_until is None
    assert alice.is_banned()


def test_what_has_run_out_is_not_in_force(alice, mona):
    now = timezone.now()
    insert(alice, mona, starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    assert Sanction.objects.longest_in_force(alice, BAN) is None


def test_its_length_is_told_as_it_was_chosen(alice, mona, later):
    assert impose(alice, SILENCE, mona, later).length == "1\xa0week"
    assert impose(alice, SILENCE, mona).length == ""


def test_a_member_is_locked_so_that_others_may_point_to_them_meanwhile(alice, mona, monkeypatch):
    """Who answers alice or is told of her, in a transaction of its own, waits for no ban: PostgreSQL's NO KEY."""
    lock, how = QuerySet.select_for_update, []

    def noted(rows, **kwargs):
        how.append(kwargs)
        return lock(rows, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    impose(alice, BAN, mona).lift(mona)
    assert how == [{"no_key": True}] * 2
