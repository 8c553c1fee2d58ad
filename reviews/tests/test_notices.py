"""Mails about what members are told: later, once, in their language, and without anybody's words."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.locmem import EmailBackend
from django.core.mail.utils import DNS_NAME
from django.db import OperationalError, transaction
from django.template import TemplateSyntaxError
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from accounts.models import Sanction
from conftest import seen
from reviews import notices
from reviews.models import Appeal, Comment, ModerationAction, Notification, Report, Rule, RuleWording
from reviews.models.sanctions import go_on, hide_all, impose, lift
from reviews.models.undo import undo
from reviews.notices import BACK_OFF, mail_notification
from reviews.tests.mail_server import listening
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
def server(settings, monkeypatch):
    """Where mails go now: a server that does as its test says."""
    with listening() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 0.3
        monkeypatch.setattr(DNS_NAME, "_fqdn", "bonus.test", raising=False)
        yield server


def weeks(clock: Any) -> None:
    """Long enough for every try that there will ever be."""
    for minutes in (11, *(pause + 1 for pause in BACK_OFF), 9000, 9000):
        later(clock, minutes=minutes)


def is_mailed() -> bool:
    return Notification.objects.get().mailed_at is not None


def test_a_server_takes_a_letter_once(clock, text, mona, server):
    text.hide(mona, "Rude")
    weeks(clock)
    (letter,) = server.letters
    assert "To: alice@example.com" in letter
    assert is_mailed()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("hello", "421 come back later"),
        ("hello", ""),
        ("hello", None),
        ("MAIL", "451 too busy"),
        ("MAIL", "421 too busy"),
        ("RCPT", "450 grey"),
        ("DATA", "452 no room"),
        (".", "451 looked at it, not now"),
        (".", "421 looked at it, going down"),
    ],
)
def test_what_did_not_go_out_is_tried_again_later_and_later(clock, text, mona, server, word, said, caplog):
    server.says[word] = said
    text.hide(mona, "Rude")
    weeks(clock)
    pauses = [(after - before).total_seconds() // 60 for before, after in pairwise(server.asked_at)]
    assert pauses == [pause + 1 for pause in BACK_OFF]
    assert caplog.text.count("could not be mailed, and is given up") == 1
    assert WORDS not in caplog.text
    assert not is_mailed()


@pytest.mark.parametrize("word", ["hello", "MAIL", "RCPT", "DATA", "."])
def test_it_goes_out_once_when_the_server_is_well_again(clock, text, mona, server, word):
    server.says[word] = "421 not now"
    text.hide(mona, "Rude")
    later(clock)
    assert not is_mailed()
    server.says.clear()
    server.letters.clear()
    later(clock, minutes=2)
    weeks(clock)
    assert len(server.letters) == 1
    assert is_mailed()


def test_a_refused_login_is_tried_again(clock, text, mona, server, settings):
    """It is about the site, not about the letter: an operator puts the password right."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "bonus", "wrong"
    server.says |= {"EHLO": "250-bonus.test\r\n250 AUTH PLAIN", "AUTH": "535 who are you"}
    text.hide(mona, "Rude")
    later(clock)
    assert server.letters == []
    server.says["AUTH"] = "235 welcome"
    later(clock, minutes=2)
    assert len(server.letters) == 1


@pytest.mark.parametrize(("word", "letters"), [("MAIL", 0), ("RCPT", 0), ("DATA", 0), (".", 1)])
def test_what_is_refused_for_good_is_given_up_at_once(clock, text, mona, server, word, letters, caplog):
    server.says[word] = "550 never"
    text.hide(mona, "Rude")
    weeks(clock)
    assert len(server.asked_at) == 1
    assert len(server.letters) == letters
    assert caplog.text.count("could not be mailed, and is given up") == 1
    assert not is_mailed()


@pytest.mark.parametrize("said", ["", None, "no number"])
def test_what_may_have_gone_out_is_not_sent_twice(clock, text, mona, server, said, caplog):
    """It had every word, and went away before it said whether it takes them."""
    server.says["."] = said
    text.hide(mona, "Rude")
    weeks(clock)
    assert len(server.letters) == 1
    assert caplog.text.count("was lost on its way") == 1
    assert WORDS not in caplog.text
    assert is_mailed()


@pytest.mark.parametrize("said", ["", None, "500 stay"])
def test_a_server_that_does_not_say_good_bye_has_taken_it(clock, text, mona, server, said, caplog):
    server.says["QUIT"] = said
    text.hide(mona, "Rude")
    weeks(clock)
    assert len(server.letters) == 1
    assert caplog.text == ""
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.parametrize("place", ["letter_about", "get_connection"])
@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database is locked"),
        TemplateSyntaxError("no such tag"),
        "\ud800".encode,
        ImproperlyConfigured("outbox"),
    ],
)
def test_whatever_goes_wrong_before_it_is_handed_over_may_pass(clock, text, mona, monkeypatch, place, error, caplog):
    def fail(*args):
        raise error() if callable(error) else error

    text.hide(mona, "Rude")
    with monkeypatch.context() as breaking:
        breaking.setattr(notices, place, fail)
        assert later(clock) == []
        assert not is_mailed()
        assert "is tried again" in caplog.text
    assert len(later(clock, minutes=2)) == 1
    assert len(later(clock, days=1)) == 1


def test_what_goes_wrong_every_time_is_given_up_in_the_end(clock, text, mona, monkeypatch, caplog):
    def fail(*args):
        raise TemplateSyntaxError("no such tag")

    text.hide(mona, "Rude")
    monkeypatch.setattr(notices, "letter_about", fail)
    weeks(clock)
    assert caplog.text.count("is tried again") == len(BACK_OFF)
    assert caplog.text.count("is given up") == 1
    assert "no such tag" in caplog.text
    assert not is_mailed()


def test_words_that_no_mail_can_hold_take_nothing_from_the_notice(clock, text, mona, monkeypatch, server):
    """Lone surrogates are not written down; an address with a line break is not said to a server."""
    text.hide(mona, "Rude")
    with monkeypatch.context() as breaking:
        breaking.setattr(notices, "own_words", lambda told: "\ud800")
        later(clock)
    assert not is_mailed()
    later(clock, minutes=2)
    assert len(server.letters) == 1


def test_an_address_that_cannot_be_said_to_a_server_is_no_letter_lost(clock, text, alice, mona, server):
    type(alice).objects.filter(pk=alice.pk).update(email="alice@example@com")
    text.hide(mona, "Rude")
    later(clock)
    assert not is_mailed()
    type(alice).objects.filter(pk=alice.pk).update(email="alice@example.com")
    later(clock, minutes=2)
    assert len(server.letters) == 1


class Silent:
    """A database that does not answer who puts a mail off."""

    def __init__(self, monkeypatch: Any) -> None:
        self.patch = monkeypatch.context()

    def __enter__(self) -> None:
        def locked(*args: Any) -> None:
            raise OperationalError("database is locked")

        self.patch.__enter__().setattr(notices, "again", locked)

    def __exit__(self, *error: object) -> None:
        self.patch.__exit__(None, None, None)


@pytest.mark.parametrize("word", ["hello", "RCPT"])
def test_a_task_that_failed_is_taken_up_again_with_what_it_had_taken(clock, text, mona, server, word, monkeypatch):
    server.says[word] = "421 not now"
    text.hide(mona, "Rude")
    with Silent(monkeypatch):
        later(clock)
    assert DBTaskResult.objects.get().status == "FAILED"
    server.says.clear()
    later(clock, seconds=1)
    assert server.letters == []
    later(clock, minutes=2)
    weeks(clock)
    assert len(server.letters) == 1
    assert is_mailed()


def test_a_task_that_fails_every_time_is_taken_up_so_often_and_no_more(clock, text, mona, server, monkeypatch):
    server.says["hello"] = "421 not now"
    text.hide(mona, "Rude")
    for pause in (10, *BACK_OFF, 9000, 9000):
        with Silent(monkeypatch):
            later(clock, minutes=pause + 1)
        take_up_again()
    assert len(server.asked_at) == len(BACK_OFF) + 1


def test_a_task_that_failed_once_it_was_sent_sends_nothing_more(clock, text, mona, server):
    text.hide(mona, "Rude")
    later(clock)
    DBTaskResult.objects.update(status="FAILED", exception_class_path="django.db.utils.OperationalError")
    weeks(clock)
    assert len(server.letters) == 1


def test_two_workers_with_the_same_notice_send_it_once(clock, text, mona, server, monkeypatch):
    """The other one takes it while this one is on its way to the server."""
    text.hide(mona, "Rude")
    key = Notification.objects.get().pk
    connect = notices.get_connection  # type: ignore[attr-defined] # where it is looked up

    def overtaken():
        monkeypatch.setattr(notices, "get_connection", connect)
        mail_notification.call(key)
        return connect()

    monkeypatch.setattr(notices, "get_connection", overtaken)
    weeks(clock)
    assert len(server.letters) == 1


def test_a_site_without_a_server_keeps_each_in_its_outbox(clock, text, mona, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", tmp_path
    text.hide(mona, "Rude")
    weeks(clock)
    (kept,) = tmp_path.iterdir()
    assert "To: alice@example.com" in kept.read_text()


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_worker_that_dies_on_the_way_never_sends_twice(clock, text, mona, monkeypatch, is_sent):
    """It may have sent it: nobody knows, so nobody sends it again."""
    text.hide(mona, "Rude")
    send = EmailBackend.send_messages

    def die(connection, letters):
        if is_sent:
            send(connection, letters)
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(EmailBackend, "send_messages", die)
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


@pytest.fixture
def locked(alice, mona, series, make_comment, clock):
    """Everything of alice's is hidden, says the log; the database was locked before the first text."""
    for number in range(3):
        make_comment(alice, series, body=f"{number}")

    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    patch = pytest.MonkeyPatch()
    patch.setattr(Comment, "hide", fail)
    with pytest.raises(OperationalError):
        hide_all(alice, mona, "A spammer")
    yield patch
    patch.undo()


def going_on() -> Any:
    return DBTaskResult.objects.filter(task_path=go_on.module_path)


def test_what_one_press_left_is_taken_up_again_where_it_failed(clock, locked):
    later(clock, minutes=1)
    assert going_on().get().status == "FAILED"
    locked.undo()
    later(clock, seconds=1)
    assert Comment.objects.live().count() == 3
    later(clock, minutes=2)
    assert not Comment.objects.live().exists()
    assert {task.status for task in going_on()} == {"SUCCESSFUL"}


def test_what_one_press_left_is_taken_up_so_often_and_no_more(clock, locked, caplog):
    tries = []
    for pause in (1, *BACK_OFF, 9000, 9000):
        later(clock, minutes=pause + 1)
        take_up_again()
        tries.append(going_on().get().started_at)
    assert len(set(tries)) == len(BACK_OFF) + 1
    assert caplog.text.count("could not be done to all of them: given up") == 1


def test_what_a_worker_that_died_had_left_of_one_press_is_taken_up(clock, locked):
    locked.undo()
    going_on().update(status="RUNNING", started_at=timezone.now())
    later(clock, seconds=STUCK.total_seconds() - 1)
    assert Comment.objects.live().count() == 3
    later(clock, seconds=2)
    assert not Comment.objects.live().exists()


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
