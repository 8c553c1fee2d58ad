"""A second look at a decision: once, by somebody else, and answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import seen, viewer_of
from reviews.models import Appeal, ModerationAction, Notification
from reviews.models.appeal import ALONE
from reviews.models.sanctions import impose
from reviews.models.undo import reverse, undo
from reviews.tests.counting import assert_counted


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


@pytest.fixture
def other_moderator(db):
    return User.objects.create_user("otto", is_staff=True)


@pytest.fixture
def hidden(alice, mona, episode, make_review):
    review = make_review(alice, episode, body="Words", spoils_through=2)
    review.hide(mona, "Rude")
    return review


@pytest.fixture
def appeal(alice, hidden):
    return Appeal.objects.lodge(alice, ModerationAction.objects.get(), "  It was a quote  ")


def sent_body(moderator):
    appeal: Any = Appeal.objects.for_moderator(viewer_of(moderator)).get()
    return appeal.sent_body


def test_one_appeal_for_each_decision(alice, appeal):
    again = Appeal.objects.lodge(alice, appeal.action, "And another thing")
    assert again == appeal
    assert Appeal.objects.with_words().get().body == "It was a quote"


def test_only_whom_it_was_done_to_may_appeal(bob, hidden):
    with pytest.raises(ValidationError):
        Appeal.objects.lodge(bob, ModerationAction.objects.get(), "On her behalf")


def test_what_was_undone_or_took_nothing_is_not_appealed(alice, mona, hidden):
    hidden.restore(mona, "A mistake")
    with pytest.raises(ValidationError):
        Appeal.objects.lodge(alice, ModerationAction.objects.get(verb="restore"), "Why")


def test_who_decided_and_is_alone_hears_it_only_after_a_day(appeal, mona, monkeypatch):
    assert not appeal.may_hear(mona)
    with pytest.raises(ValidationError):
        appeal.hear(mona, False, "I meant it")
    later = timezone.now() + ALONE + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert appeal.hear(mona, False, "I meant it")


@pytest.mark.usefixtures("admin_user")
def test_who_decided_and_is_not_alone_hears_it_where_nobody_came_for_a_week(appeal, mona, monkeypatch):
    now = timezone.now()
    for days, may in ((2, False), (8, True)):
        later = now + timedelta(days=days)
        monkeypatch.setattr("django.utils.timezone.now", lambda later=later: later)
        assert appeal.may_hear(mona) == may


def test_a_granted_appeal_puts_it_right_and_tells(alice, appeal, hidden, other_moderator, mona):
    assert appeal.hear(other_moderator, True, "It was a quote indeed")
    hidden.refresh_from_db()
    assert hidden.is_live
    act = ModerationAction.objects.get(verb="restore")
    assert (act.undoes, act.actor, act.reason) == (appeal.action, other_moderator, "It was a quote indeed")
    assert Notification.objects.filter(recipient=alice).latest("pk").appeal == appeal
    assert not appeal.hear(other_moderator, False, "Twice")
    assert Appeal.objects.get().is_granted


def test_a_refused_appeal_changes_nothing_and_tells(alice, appeal, hidden, other_moderator):
    assert appeal.hear(other_moderator, False, "It was rude")
    hidden.refresh_from_db()
    assert not hidden.is_live
    assert Notification.objects.filter(recipient=alice, kind="appeal").count() == 1


def test_an_appeal_is_answered_in_words(appeal, other_moderator):
    with pytest.raises(ValidationError):
        appeal.hear(other_moderator, True, "   ")
    assert Appeal.objects.get().heard_at is None


def test_what_was_restored_meanwhile_can_only_be_granted(alice, appeal, hidden, mona, other_moderator):
    hidden.restore(mona, "I was wrong")
    with pytest.raises(ValidationError):
        appeal.hear(other_moderator, False, "It stands")
    assert Appeal.objects.get().heard_at is None
    assert appeal.hear(other_moderator, True, "It was put back")
    assert [act.verb for act in ModerationAction.objects.order_by("pk")] == ["hide", "restore"]
    assert Notification.objects.filter(recipient=alice, kind="appeal").exists()


@pytest.mark.parametrize("verb", [undo, reverse])
def test_what_is_taken_back_while_an_appeal_waits_grants_it(alice, appeal, mona, verb):
    verb(appeal.action, mona, "I was wrong")
    appeal = Appeal.objects.get()
    assert (appeal.is_granted, appeal.heard_by, appeal.answer) == (True, mona, "I was wrong")
    assert Notification.objects.filter(recipient=alice, appeal=appeal).exists()


def test_an_old_decision_does_not_take_a_newer_one_back(appeal, hidden, mona, other_moderator):
    hidden.restore(mona, "I was wrong")
    hidden.hide(other_moderator, "For another reason")
    for taking_back in (reverse, undo):
        with pytest.raises(ValidationError):
            taking_back(appeal.action, mona, "Old")
    assert appeal.hear(User.objects.create_user("ida", is_staff=True), True, "That one was wrong")
    hidden.refresh_from_db()
    assert hidden.hidden_at is not None


def test_what_has_run_out_or_was_restored_is_not_appealed(alice, mona, hidden):
    act = ModerationAction.objects.get()
    assert act.can_be_appealed
    hidden.restore(mona, "A mistake")
    act = ModerationAction.objects.get(pk=act.pk)
    assert not act.can_be_appealed
    with pytest.raises(ValidationError):
        Appeal.objects.lodge(alice, act, "Why")
    hidden.hide(mona, "After all")
    undo(ModerationAction.objects.latest("pk"), mona, "Wrong row")
    silence: Any = impose(alice, Sanction.Kind.SILENCE, mona, "Rude")
    assert silence.can_be_appealed
    silence.sanction.lift(mona)
    assert not silence.can_be_appealed


def test_a_ban_can_be_appealed(alice, mona, other_moderator):
    act = impose(alice, Sanction.Kind.BAN, mona, "Rude")
    appeal = Appeal.objects.lodge(alice, act, "Not me")
    appeal.hear(other_moderator, True, "Not her")
    alice.refresh_from_db()
    assert not alice.is_banned()


def test_its_words_wait_as_long_as_the_text(appeal, mona, series):
    seen(mona, series, 1)
    assert sent_body(mona) is None
    seen(mona, series, 2)
    assert sent_body(mona) == "It was a quote"
