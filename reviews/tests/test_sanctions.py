"""What moderators do to members and to the site: told, limited, and taken back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Sanction
from reviews.models import Case, Comment, ModerationAction, Notification, Policy, Report, Review, sanctions
from reviews.models.sanctions import calm, declare_raid, hide_all, impose, keep_member, lift
from reviews.models.text import UNDO_WINDOW
from reviews.models.undo import reverse, stands, undo
from reviews.recount import repair
from reviews.tests.counting import assert_counted

SILENCE, BAN = Sanction.Kind.SILENCE, Sanction.Kind.BAN


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


@pytest.mark.parametrize("kind", [SILENCE, BAN])
def test_a_sanction_is_logged_told_and_lifted(alice, mona, kind):
    act: Any = impose(alice, kind, mona, "Three times now", timezone.now() + timedelta(days=1))
    alice.refresh_from_db()
    assert (alice.is_silenced(), alice.is_banned()) == (kind == SILENCE, kind == BAN)
    assert (act.verb, act.member, act.sanction.kind) == (kind, alice, kind)
    assert Notification.objects.get().recipient == alice
    assert lift(act.sanction, mona, "Enough")
    assert not lift(act.sanction, mona, "Enough")
    alice.refresh_from_db()
    assert not alice.is_silenced()
    assert not alice.is_banned()
    assert [one.verb for one in ModerationAction.objects.order_by("pk")] == [kind, "lift"]


def test_staff_and_oneself_are_not_sanctioned(mona, admin_user):
    for member, by in ((admin_user, mona), (mona, admin_user), (mona, mona)):
        with pytest.raises(PermissionDenied):
            impose(member, BAN, by, "Because")
        with pytest.raises(PermissionDenied):
            hide_all(member, by, "Because")
    assert not Sanction.objects.exists()


def test_a_sanction_ends_in_the_future(alice, mona):
    with pytest.raises(ValidationError):
        impose(alice, BAN, mona, "Because", timezone.now())


def test_reports_about_a_member_are_answered_by_what_is_done(alice, bob, una, mona):
    Report.objects.file(bob, alice, "harassment")
    impose(alice, SILENCE, mona, "Rude")
    assert not Case.objects.waiting().exists()
    Report.objects.file(una, alice, "spam")
    keep_member(alice, mona, "That was no spam")
    assert not Case.objects.waiting().exists()
    assert Notification.objects.filter(kind="outcome").count() == 2
    assert not keep_member(alice, mona, "That was no spam")


def test_what_was_reported_of_staff_is_answered_too(alice, mona, admin_user):
    Report.objects.file(alice, mona, "harassment")
    assert keep_member(mona, admin_user, "She did her work")
    assert not Case.objects.waiting().exists()


def test_a_second_press_imposes_nothing(alice, mona):
    week = timezone.now() + timedelta(days=7)
    impose(alice, SILENCE, mona, "Rude", week)
    for until in (week, week + timedelta(seconds=20), week - timedelta(days=6)):
        with pytest.raises(ValidationError):
            impose(alice, SILENCE, mona, "Rude", until)
    impose(alice, SILENCE, mona, "Ruder", week + timedelta(days=1))
    impose(alice, BAN, mona, "Rude")
    for end in (None, week):
        with pytest.raises(ValidationError):
            impose(alice, BAN, mona, "Rude", end)
    assert Notification.objects.filter(recipient=alice).count() == Sanction.objects.count() == 3


def test_a_second_press_hides_nothing_and_tells_nobody(alice, mona, series, make_comment):
    make_comment(alice, series)
    assert hide_all(alice, mona, "A spammer") == 1
    assert hide_all(alice, mona, "A spammer") == 0
    assert Notification.objects.filter(recipient=alice).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_one_press_leaves_is_hidden_and_restored_by_the_queue(alice, mona, series, make_comment, monkeypatch):
    for number in range(5):
        make_comment(alice, series, body=f"{number}")
    monkeypatch.setattr(sanctions.hide_texts, "__defaults__", (2,))
    monkeypatch.setattr(sanctions.restore_texts, "__defaults__", (2,))
    assert hide_all(alice, mona, "A spammer") == 2
    act = ModerationAction.objects.get(verb="hide_all")
    for left in (1, 0, 0):
        sanctions.go_on.call(act.pk)
        assert Comment.objects.live().count() == left
    undo(act, mona, "Wrong row")
    assert Comment.objects.live().count() == 2
    back = ModerationAction.objects.get(undoes=act)
    for back_again in (4, 5, 5):
        sanctions.go_on.call(back.pk)
        assert Comment.objects.live().count() == back_again
    sanctions.go_on.call(act.pk)  # too late
    assert Comment.objects.live().count() == 5


def test_what_breaks_off_is_in_the_log_and_in_the_queue(alice, mona, series, make_comment, monkeypatch):
    make_comment(alice, series)

    def fail(*args, **kwargs):
        raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr(Comment, "hide", fail)
        with pytest.raises(BrokenPipeError):
            hide_all(alice, mona, "A spammer")
    act = ModerationAction.objects.get(verb="hide_all")
    assert Notification.objects.filter(recipient=alice, action=act).exists()
    assert DBTaskResult.objects.filter(task_path__endswith="go_on", args_kwargs__args=[act.pk]).exists()
    sanctions.go_on.call(act.pk)
    assert not Comment.objects.live().exists()


def test_what_cannot_come_back_keeps_nothing_else_from_it(alice, mona, series, make_comment, monkeypatch):
    texts = [make_comment(alice, series, body=f"{number}") for number in range(9)]
    hide_all(alice, mona, "A spammer")
    for text in texts[:2]:
        text.retract()
    for text in texts[2:6]:
        text.restore(mona, "This one is fine")
    for text in texts[2:4]:
        text.hide(mona, "Not fine")
    monkeypatch.setattr(sanctions.restore_texts, "__defaults__", (2,))
    reverse(ModerationAction.objects.get(verb="hide_all"), mona, "Not a spammer")
    assert set(Comment.objects.live()) == set(texts[4:8])
    back = ModerationAction.objects.get(verb="restore_all")
    for _time in range(2):
        sanctions.go_on.call(back.pk)
        assert set(Comment.objects.live()) == set(texts[4:])


def test_what_had_waited_is_read_by_nobody_while_it_is_put_back(alice, mona, series, make_comment, monkeypatch):
    text = make_comment(alice, series)
    Comment.objects.filter(pk=text.pk).update(held_at=timezone.now(), held_for="word")
    repair()
    hide_all(alice, mona, "A spammer")

    def die(*args):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(Comment, "hold_again", die)
        with pytest.raises(SystemExit):
            reverse(ModerationAction.objects.get(verb="hide_all"), mona, "Not a spammer")
    assert not Comment.objects.live().exists()
    sanctions.go_on.call(ModerationAction.objects.get(verb="restore_all").pk)
    assert Comment.objects.values_list("held_for", "hidden_at").get() == ("word", None)


def test_many_members_share_what_one_press_does_at_once(
    as_member, alice, bob, una, mona, series, make_comment, monkeypatch
):
    members = [alice, bob, una]
    for member in members:
        for number in range(3):
            make_comment(member, series, body=f"{number}")
    monkeypatch.setattr(sanctions.hide_texts, "__defaults__", (4,))
    chosen = {"action": "hide_all_selected", "_selected_action": [member.pk for member in members]}
    answer = as_member(mona).post("/admin/accounts/user/", {**chosen, "confirmed": "yes", "reason": "Spam"})
    assert answer.status_code == 302
    assert Comment.objects.live().count() == 9 - 3
    for act in ModerationAction.objects.filter(verb="hide_all"):
        sanctions.go_on.call(act.pk)
    assert not Comment.objects.live().exists()


def test_what_its_author_had_deleted_before_the_press_is_hidden_when_it_comes_back(
    alice, mona, series, make_comment, make_review
):
    with time_machine.travel("2027-03-01T12:00:00Z", tick=False) as clock:
        deleted, left = make_comment(alice, series), make_review(alice, series)
        make_comment(alice, series, body="Stands")
        Comment.objects.get(pk=deleted.pk).retract()
        left.retract()
        hide_all(alice, mona, "A spammer")
        act = ModerationAction.objects.get(verb="hide_all")
        clock.shift(UNDO_WINDOW - timedelta(seconds=1))
        sanctions.go_on.call(act.pk)
        Comment.objects.get(pk=deleted.pk).unretract()
        clock.shift(timedelta(seconds=1))
        waiting = DBTaskResult.objects.filter(task_path=sanctions.go_on.module_path)
        before = waiting.count()
        sanctions.go_on.call(act.pk)
        assert not Comment.objects.live().exists()
        assert (before, waiting.count()) == (2, 2)  # the press, and once more while something could come back
    acts = ModerationAction.objects.filter(verb="hide")
    assert not acts.exclude(review=None).exists()  # of what stays deleted the log says nothing
    reverse(act, mona, "Not a spammer")
    assert Comment.objects.live().count() == 2


def test_what_was_hidden_before_the_press_and_put_back_since_stays(alice, mona, series, make_comment):
    text = make_comment(alice, series)
    text.hide(mona, "Rude")
    make_comment(alice, series, body="Another")
    hide_all(alice, mona, "A spammer")
    text.restore(mona, "Not rude")
    sanctions.go_on.call(ModerationAction.objects.get(verb="hide_all").pk)
    assert list(Comment.objects.live()) == [text]


def test_what_was_written_after_the_press_is_not_hidden_by_the_queue(alice, mona, series, make_comment):
    make_comment(alice, series)
    hide_all(alice, mona, "A spammer")
    later = make_comment(alice, series, body="Sorry")
    sanctions.go_on.call(ModerationAction.objects.get(verb="hide_all").pk)
    assert list(Comment.objects.live()) == [later]


def test_all_texts_of_a_member_go_at_once_and_come_back_at_once(
    alice, bob, mona, series, episode, make_review, make_comment
):
    review = make_review(alice, episode, body="One")
    comments = [make_comment(alice, series, body=word) for word in ("Two", "Three")]
    before = make_comment(alice, series, body="Hidden before")
    before.hide(mona, "For itself")
    kept = make_comment(bob, series, body="Mine")
    assert hide_all(alice, mona, "A spammer") == 3
    assert list(Review.objects.live()) == []
    assert list(Comment.objects.live()) == [kept]
    told = Notification.objects.filter(recipient=alice, action__verb__in=["hide", "hide_all"])
    assert set(told.values_list("action__reason", flat=True)) == {"For itself", "A spammer"}
    assert told.count() == 2
    reverse(ModerationAction.objects.get(verb="hide_all"), mona, "Not a spammer")
    assert list(Review.objects.live()) == [review]
    assert set(Comment.objects.live()) == {*comments, kept}


def test_what_was_hidden_again_for_itself_stays_hidden(alice, mona, series, make_comment):
    comment = make_comment(alice, series, body="One")
    hide_all(alice, mona, "A spammer")
    comment.restore(mona, "This one is fine")
    comment.hide(mona, "Not fine")
    reverse(ModerationAction.objects.get(verb="hide_all"), mona, "Not a spammer")
    assert not Comment.objects.live().exists()


def test_a_press_on_the_wrong_button_is_taken_back(alice, mona):
    undo(impose(alice, BAN, mona, "Wrong row"), mona, "Wrong row")
    alice.refresh_from_db()
    assert not alice.is_banned()
    assert alice.unread_count == 0
    assert not Notification.objects.unread().exists()


def test_a_raid_lasts_six_hours_or_until_it_is_called_off(mona, monkeypatch):
    declare_raid(mona, "Bots")
    assert Policy.objects.current().is_raid()
    assert not Policy.objects.current().is_raid(timezone.now() + timedelta(hours=6, minutes=1))
    assert calm(mona, "They are gone")
    assert not calm(mona, "They are gone")
    assert not Policy.objects.current().is_raid()
    assert [one.verb for one in ModerationAction.objects.order_by("pk")] == ["raid", "calm"]


def test_what_has_no_opposite_is_taken_back_as_well(alice, bob, mona, series, make_comment):
    text = make_comment(alice, series)
    Comment.objects.filter(pk=text.pk).update(held_at=timezone.now(), held_for="link")
    repair()
    Report.objects.file(bob, text, "spam")
    Comment.objects.get().approve(mona, "It is fine")
    for act in ModerationAction.objects.all():
        undo(act, mona, "Wrong row")
        with pytest.raises(ValidationError):
            undo(ModerationAction.objects.get(pk=act.pk), mona, "Again")
    assert Comment.objects.get().is_held
    assert Case.objects.waiting().exists()
    assert not Notification.objects.unread().exists()
    Comment.objects.get().keep(mona, "Let it wait")
    undo(ModerationAction.objects.filter(verb="keep").get(), mona, "Wrong row")
    assert Case.objects.waiting().exists()
    assert ModerationAction.objects.latest("pk").summary == "Taken back: Kept"


def test_what_was_lifted_by_mistake_is_imposed_as_it_was(alice, mona):
    until = timezone.now() + timedelta(days=7)
    act: Any = impose(alice, SILENCE, mona, "Rude", until)
    lift(act.sanction, mona, "Wrong row")
    undo(ModerationAction.objects.get(verb="lift"), mona, "Wrong row")
    alice.refresh_from_db()
    assert alice.silenced_until == until


def test_only_the_last_word_is_reversed(alice, mona, series, make_comment):
    text = make_comment(alice, series)
    text.hide(mona, "Once")
    first = ModerationAction.objects.get()
    assert stands(first)
    text.restore(mona, "A mistake")
    text.hide(mona, "After all")
    assert not stands(first)
    last = ModerationAction.objects.latest("pk")
    assert stands(last)
    reverse(last, mona, "Enough")
    last = ModerationAction.objects.get(pk=last.pk)
    assert not stands(last)
    with pytest.raises(ValidationError):
        reverse(last, mona, "Again")
