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
from reviews.models.sanctions import impose, lift
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


def test_what_was_taken_back_in_part_can_only_be_granted(alice, mona, episode, make_review, other_moderator):
    review = make_review(alice, episode, body="Words", spoils_through=1)
    review.rescope(mona, 4, "It tells all")
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "Not all")
    review.rescope(mona, 2, "It tells half")
    assert Appeal.objects.get().heard_at is None
    with pytest.raises(ValidationError):
        appeal.hear(other_moderator, False, "It stands")
    assert appeal.hear(other_moderator, True, "It was put back")
    assert [act.verb for act in ModerationAction.objects.order_by("pk")] == ["raise", "lower"]
    assert Notification.objects.filter(recipient=alice, kind="appeal").exists()


def give_back(act, by, reason):
    assert act.review.restore(by, reason)


@pytest.mark.parametrize("giving_back", [undo, reverse, give_back])
def test_what_is_taken_back_while_an_appeal_waits_grants_it_and_tells_once(alice, appeal, mona, giving_back):
    giving_back(appeal.action, mona, "I was wrong")
    appeal = Appeal.objects.get()
    assert (appeal.is_granted, appeal.heard_by, appeal.answer) == (True, mona, "I was wrong")
    told = Notification.objects.filter(recipient=alice, withdrawn_at=None)
    assert [notice.kind for notice in told if notice.action != appeal.action] == ["appeal"]


@pytest.mark.parametrize("is_read", [True, False])
def test_what_was_given_back_by_mistake_leaves_the_appeal_waiting(
    alice, appeal, hidden, mona, other_moderator, is_read
):
    give_back(appeal.action, mona, "Wrong row")
    if is_read:
        Notification.objects.mark_read(alice)
    undo(ModerationAction.objects.get(verb="restore"), mona, "Wrong row")
    assert Appeal.objects.get().heard_at is None
    assert not Notification.objects.to(alice).filter(kind="appeal").exists()
    assert appeal.hear(other_moderator, False, "It was rude")
    assert Notification.objects.unread().filter(recipient=alice, appeal=appeal).count() == 1


def test_a_lift_grants_what_was_asked_about_that_sanction_alone(alice, mona):
    acts = [impose(alice, kind, mona, "Rude") for kind in (Sanction.Kind.SILENCE, Sanction.Kind.BAN)]
    silence, ban = (Appeal.objects.lodge(alice, act, "Not me") for act in acts)
    assert acts[0].sanction
    lift(acts[0].sanction, mona, "Long enough")
    assert list(Appeal.objects.waiting()) == [ban]
    assert Appeal.objects.get(pk=silence.pk).is_granted


def test_a_silence_that_has_run_out_may_have_been_right(alice, mona, other_moderator, monkeypatch):
    act = impose(alice, Sanction.Kind.SILENCE, mona, "Rude", timezone.now() + timedelta(hours=1))
    appeal = Appeal.objects.lodge(alice, act, "Not me")
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert appeal.hear(other_moderator, False, "It was rude")
    assert Appeal.objects.get().is_granted is False


@pytest.mark.parametrize("is_granted", [True, False])
def test_of_a_text_that_its_author_deleted_both_answers_can_be_given(appeal, hidden, other_moderator, is_granted):
    hidden.retract()
    assert appeal.hear(other_moderator, is_granted, "I have looked")
    assert Appeal.objects.get().is_granted is is_granted
    hidden.unretract()
    hidden.refresh_from_db()
    assert hidden.is_live is is_granted


def test_an_appeal_about_the_scope_of_what_was_deleted_is_granted_without_an_act(
    alice, mona, episode, make_review, other_moderator
):
    review = make_review(alice, episode, body="Words", spoils_through=1)
    review.rescope(mona, 4, "It tells all")
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "Not all")
    review.retract()
    assert appeal.hear(other_moderator, True, "Not all, indeed")
    assert ModerationAction.objects.count() == 1


def test_an_old_decision_does_not_take_a_newer_one_back(appeal, hidden, mona, other_moderator):
    hidden.restore(mona, "I was wrong")
    hidden.hide(other_moderator, "For another reason")
    for taking_back in (reverse, undo):
        with pytest.raises(ValidationError):
            taking_back(appeal.action, mona, "Old")
    assert not appeal.hear(User.objects.create_user("ida", is_staff=True), True, "That one was wrong")
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
