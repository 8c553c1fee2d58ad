"""Mails about what members are told: later, once, in their language, and without anybody's words."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from accounts.models import Sanction
from conftest import seen
from reviews.models import Appeal, ModerationAction, Notification, Report, Rule, RuleWording
from reviews.models.sanctions import hide_all, impose, lift
from reviews.models.undo import undo
from reviews.notices import BACK_OFF, mail_notification
from soundtrack_site.management.commands.work import STUCK, take_up_again

NOON = "2027-03-01T12:00:00Z"
WORDS = "The umbrella was hers all along"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@pytest.fixture
def text(clock, alice, episode, make_review):
    return make_review(alice, episode, headline="A plain line", body=WORDS, spoils_through=2)


def work() -> None:
    """What `manage.py work` does in one round, in this test's transaction."""
    take_up_again()
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    while (due := DBTaskResult.objects.ready().first()) is not None:
        due.claim("test")
        worker.run_task(due)


def later(clock: Any, **time: float) -> list[mail.EmailMessage]:
    """What is in the outbox so long afterwards; eleven minutes unless said."""
    clock.shift(timedelta(**(time or {"minutes": 11})))
    work()
    return mail.outbox


def test_it_goes_out_once_nobody_can_undo_the_act_any_more(clock, text, mona):
    text.hide(mona, "Rude")
    assert later(clock, minutes=9) == []
    (letter,) = later(clock, minutes=2)
    assert letter.to == ["alice@example.com"]
    assert later(clock, days=1) == [letter]


def test_it_is_enqueued_in_the_transaction_that_causes_it(clock, text, mona):
    with transaction.atomic():
        text.hide(mona, "Rude")
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()
    assert later(clock) == []


def test_what_was_undone_is_told_nobody(clock, text, bob, mona):
    Report.objects.file(bob, text, "spam")
    text.hide(mona, "Wrong row")
    undo(ModerationAction.objects.get(), mona, "Wrong row")
    assert later(clock) == []


def test_what_was_read_meanwhile_is_not_mailed(clock, text, alice, mona):
    text.hide(mona, "Rude")
    Notification.objects.mark_read(alice)
    assert later(clock) == []


@pytest.mark.parametrize("unwanted", [{"mails_notices": False}, {"email": ""}, {"is_active": False}])
def test_who_wants_no_mail_gets_none(clock, text, alice, mona, unwanted):
    type(alice).objects.filter(pk=alice.pk).update(**unwanted)
    text.hide(mona, "Rude")
    assert later(clock) == []
    assert Notification.objects.get().mailed_at is None


@pytest.fixture
def broken(monkeypatch):
    """A mail server that does not answer until it is told to."""
    tried = []

    def refuse(letter):
        tried.append(timezone.now())
        raise broken_by[0]

    broken_by: list[Exception] = [SMTPServerDisconnected("no")]
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)
    return tried, broken_by, monkeypatch


@pytest.mark.parametrize("error", [SMTPServerDisconnected("no"), ImproperlyConfigured("outbox"), TimeoutError()])
def test_a_server_that_does_not_answer_is_asked_again_later_and_later(clock, text, mona, broken, error, caplog):
    tried, broken_by, _patch = broken
    broken_by[0] = error
    text.hide(mona, "Rude")
    for minutes in (11, *(pause + 1 for pause in BACK_OFF), 9000, 9000):
        later(clock, minutes=minutes)
    pauses = [(after - before).total_seconds() // 60 for before, after in pairwise(tried)]
    assert pauses == [pause + 1 for pause in BACK_OFF]
    assert "could not be mailed" in caplog.text
    assert WORDS not in caplog.text


def test_it_goes_out_when_the_server_is_there_again(clock, text, mona, broken):
    tried, _error, patch = broken
    text.hide(mona, "Rude")
    assert later(clock) == []
    patch.undo()
    assert len(later(clock, minutes=2)) == 1
    assert len(later(clock, days=1)) == 1
    assert len(tried) == 1


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_worker_that_dies_on_the_way_never_sends_twice(clock, text, mona, monkeypatch, is_sent):
    """It may have sent it: nobody knows, so nobody sends it again."""
    text.hide(mona, "Rude")
    send = mail.EmailMultiAlternatives.send

    def die(letter):
        if is_sent:
            send(letter)
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(mail.EmailMultiAlternatives, "send", die)
        clock.shift(timedelta(minutes=11))
        with pytest.raises(SystemExit):
            mail_notification.call(Notification.objects.get().pk)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    assert len(later(clock, seconds=STUCK.total_seconds() + 1)) == is_sent
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_worker_that_died_before_it_began_has_lost_nothing(clock, text, mona):
    text.hide(mona, "Rude")
    clock.shift(timedelta(minutes=11))
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    assert later(clock, seconds=STUCK.total_seconds() - 1) == []
    assert len(later(clock, seconds=2)) == 1


def said(letter: Any) -> str:
    """Both parts, which say the same."""
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    return f"{letter.subject}\n{letter.body}\n{html}"


def test_the_author_hears_what_was_done_under_which_rule_why_and_where_to_appeal(clock, text, mona):
    rule = Rule.objects.create(anchor="be-kind")
    RuleWording.objects.create(rule=rule, language="en", title="Be kind", body="Please.")
    text.hide(mona, "It calls\n\nher names", rule=rule)
    (letter,) = later(clock)
    act = ModerationAction.objects.get()
    assert letter.subject == "Bonus Track: A text of yours is hidden"
    assert letter.extra_headers == {"Auto-Submitted": "auto-generated"}
    for part in (
        "Your review · Drama, Track 2",
        "It calls her names",
        "Be kind",
        f"{site_settings.SITE_URL}/guidelines/#be-kind",
        f"{site_settings.SITE_URL}/appeals/{act.pk}/",
        f"{site_settings.SITE_URL}/settings/",
    ):
        assert said(letter).count(part) >= 2, part
    assert said(letter).count('class="go"') == 1
    assert letter.body.endswith(f"-- \nBonus Track\n{site_settings.SITE_URL}/\n")


def test_authors_are_sent_their_own_words_and_nobody_is_sent_anothers(clock, text, bob, mona, episode, make_comment):
    seen(bob, episode.series, 4)
    Report.objects.file(bob, text, "harassment", "Title 2 says it all")
    text.fold_headline(mona, 2, "It gives it away")
    text.hide(mona, "Rude")
    text.restore(mona, "After all")
    comment = make_comment(bob, episode, body="Only the scarf")
    comment.close_thread(mona, "Enough")
    for letter in later(clock):
        theirs = {"> Only the scarf"} if letter.to == [bob.email] else {f"> {WORDS}", "> A plain line"}
        if "reported" in letter.body:
            theirs = set()
        for word in ("> Only the scarf", f"> {WORDS}", "> A plain line"):
            assert (word in letter.body) == (word in theirs), (letter.to, word)
        for secret in ("Title 2", "says it all"):
            assert secret not in said(letter)
    assert len(mail.outbox) == 5


def test_own_words_draw_no_button_and_hide_no_end(clock, alice, episode, make_comment, mona):
    address = f"{site_settings.SITE_URL}/elsewhere/"
    make_comment(alice, episode, body=f"Look:\n{address}\n\n-- \n<b>me</b>").hide(mona, "Spam")
    (letter,) = later(clock)
    html = said(letter)
    assert f'href="{address}"' not in html
    assert "&lt;b&gt;me&lt;/b&gt;" in html
    assert html.count('class="go"') == 1
    assert "/appeals/" in html


def test_what_its_author_deleted_meanwhile_is_not_sent(clock, text, mona):
    text.hide(mona, "Rude")
    text.retract()
    (letter,) = later(clock)
    assert WORDS not in said(letter)


def test_whoever_reported_hears_the_verb_and_neither_reason_nor_names(clock, text, bob, mona):
    Report.objects.file(bob, text, "harassment")
    text.hide(mona, "Her ending is the umbrella")
    (letter,) = [one for one in later(clock) if one.to == ["bob@example.com"]]
    assert letter.subject == "Bonus Track: What came of your report"
    assert "has hidden it" in said(letter)
    for secret in ("umbrella", "Alice", "alice", "mona", "/appeals/"):
        assert secret not in said(letter)


@pytest.mark.parametrize("is_granted", [True, False])
def test_who_appealed_hears_how_it_ended(clock, text, alice, admin_user, mona, is_granted):
    text.hide(mona, "Rude")
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "A quote from Track 4")
    appeal.hear(admin_user, is_granted, "We read it again")
    letter = later(clock)[-1]
    assert letter.subject == "Bonus Track: Your appeal was heard"
    assert "We read it again" in said(letter)
    assert ("taken back" in said(letter)) == is_granted
    assert "Track 4" not in said(letter)


def test_a_banned_member_is_led_to_the_page_that_says_how_to_appeal(clock, text, alice, mona):
    impose(alice, Sanction.Kind.BAN, mona, "Three times now", timezone.now() + timedelta(days=7))
    (letter,) = later(clock)
    assert letter.subject == "Bonus Track: You are banned"
    assert f"{site_settings.SITE_URL}/accounts/login/" in letter.body
    assert "/notifications/" not in letter.body


def test_a_letter_is_in_the_language_and_by_the_clock_of_its_reader(clock, text, alice, mona):
    alice.settle_in(language="ko", time_zone="Asia/Seoul")
    impose(alice, Sanction.Kind.SILENCE, mona, "Rude", timezone.now() + timedelta(days=1))
    (letter,) = later(clock)
    assert '<html lang="ko">' in said(letter)
    assert "9:00" in letter.body
    assert "오후" in letter.body


def test_every_verb_has_a_letter(clock, text, alice, mona, episode, make_comment):
    """Each with a subject, both parts and no gap where a word is missing."""
    comment = make_comment(alice, episode, body=WORDS)
    for verb in ("close_thread", "open_thread", "hide", "restore"):
        for one in (text, comment):
            getattr(one, verb)(mona, "A reason")
    text.fold_headline(mona, 2, "A reason")
    text.unfold_headline(mona, "A reason")
    for scope in (3, 0):
        comment.rescope(mona, scope, "A reason")
    hide_all(alice, mona, "A reason")
    impose(alice, Sanction.Kind.SILENCE, mona, "A reason")
    lift(Sanction.objects.get(), mona, "A reason")
    letters = later(clock)
    assert len(letters) == 8 + 2 + 2 + 1 + 2
    for letter in letters:
        assert letter.subject.removeprefix("Bonus Track: ") not in ("", "A moderator has decided something")
        assert "None" not in said(letter)
        assert "\n\n\n" not in letter.body
