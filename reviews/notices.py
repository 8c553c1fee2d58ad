"""Mails about what a member is told: through the task queue, later, and never twice.

A notification is kept and its task enqueued in the transaction that causes both. The mail goes out once the moderator
can no longer take the act back. It says what was done, why, and where to read more; of words it has the recipient's
own, and nobody else's.
"""

from __future__ import annotations

import logging
import zoneinfo
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from html import unescape
from smtplib import SMTPDataError, SMTPHeloError, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from accounts.letters import paragraphs
from accounts.zones import known_zones

if TYPE_CHECKING:
    from reviews.models import Notification
    from reviews.told import Told

logger = logging.getLogger(__name__)

# After these many minutes what failed is tried again; then it is given up, and said so in the log.
BACK_OFF = (1, 5, 30, 120, 600)

# Of what goes wrong in handing a letter over, this comes before a word of it: ValueError is an address that cannot be
# written down. A connection that breaks says nothing of when it did.
BEFORE_ITS_WORDS = (SMTPSenderRefused, SMTPRecipientsRefused, SMTPHeloError, SMTPNotSupportedError, ValueError)

# How what was done is said, by kind of notification: as on the page that lists them.
SAID = {"decision": "_ruling.html", "outcome": "_outcome.html", "appeal": "_heard.html"}


class NotSentError(Exception):
    """It was taken and certainly did not go out; the cause says why."""


class PerhapsSentError(Exception):
    """It was taken, and nobody knows what became of it."""


def send_later(notification: Notification) -> None:
    """Enqueue its mail, for when nobody can undo the act any more. Called in the transaction that keeps it."""
    from reviews.models.moderation import UNDO_WINDOW

    mail_notification.using(run_after=timezone.now() + UNDO_WINDOW).enqueue(notification.pk)


@task()
def mail_notification(key: int, tried: int = 0) -> None:
    """Send it, unless it was withdrawn, was read meanwhile, is not wanted, or may have gone out already.

    What certainly did not go out is tried again later, whatever stopped it. What may have gone out is not.
    """
    try:
        send(key)
    except PerhapsSentError:
        logger.exception("Notification %d was lost on its way: it may have gone out, and is not sent twice", key)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is said in the log and may pass
        put_off(key, tried, error)


def send(key: int) -> None:
    """Take it, then hand it over: a worker that dies between has sent it once or not at all.

    All that may fail before that does so with nothing taken: words, their encoding, the way to the server.
    """
    from reviews.models import Notification
    from reviews.told import with_all

    wanted = Notification.objects.unread().filter(pk=key, mailed_at=None)
    welcome = with_all(wanted).filter(recipient__mails_notices=True, recipient__is_active=True)
    notification = welcome.exclude(recipient__email="").select_related("recipient").first()
    if notification is None:
        return
    letter = letter_about(notification)
    letter.message().as_bytes()
    connection = get_connection()
    try:
        connection.open()
        # Of one table: with a join, PostgreSQL would look at how the row was before another worker took it.
        if wanted.update(mailed_at=timezone.now()):
            hand_over(letter, connection)
    finally:
        with suppress(OSError):  # a server that does not say good-bye
            connection.close()


def hand_over(letter: EmailMultiAlternatives, connection: BaseEmailBackend) -> None:
    """Send it by an open connection. Raises NotSentError or PerhapsSentError, nothing else."""
    try:
        connection.send_messages([letter])
    except BEFORE_ITS_WORDS as error:
        raise NotSentError from error
    except SMTPDataError as error:
        raise (NotSentError if 400 <= error.smtp_code < 600 else PerhapsSentError) from error
    except Exception as error:
        raise PerhapsSentError from error


def put_off(key: int, tried: int, error: Exception) -> None:
    """Give back what was taken, and enqueue it again for later; or give it up, and say so.

    Where the database does not answer either, the task fails with the error, and `take_up_failed` does the rest.
    """
    from reviews.models import Notification

    is_over = tried >= len(BACK_OFF) or is_for_good(error)
    if is_over:
        logger.error("Notification %d could not be mailed, and is given up", key, exc_info=error)
    else:
        reason = type(error.__cause__ or error).__name__
        logger.warning("Notification %d could not be mailed yet, and is tried again: %s", key, reason)
    try:
        with transaction.atomic():
            if isinstance(error, NotSentError):
                Notification.objects.filter(pk=key).update(mailed_at=None)
            if not is_over:
                mail_notification.using(run_after=again(tried)).enqueue(key, tried + 1)
    except DatabaseError as silent:
        raise error from silent


def take_up_failed() -> None:
    """Try again what failed in a way that the task could not put off itself. One query where nothing did.

    Mails, and what one press left of a member's texts: of either, the second argument is how often it was tried.
    """
    from reviews.models import Notification
    from reviews.models.sanctions import go_on

    failed = DBTaskResult.objects.failed().filter(task_path__in=[mail_notification.module_path, go_on.module_path])
    for result in failed:
        key, tried = (*result.args_kwargs["args"], 0)[:2]
        if tried >= len(BACK_OFF):
            continue
        with transaction.atomic():
            later = {"args_kwargs": {"args": [key, tried + 1], "kwargs": {}}, "run_after": again(tried)}
            if not failed.filter(pk=result.pk).update(status="READY", **later):
                continue  # another worker was here
            if result.exception_class_path == f"{__name__}.{NotSentError.__qualname__}":
                Notification.objects.filter(pk=key).update(mailed_at=None)


def again(tried: int) -> datetime:
    return timezone.now() + timedelta(minutes=BACK_OFF[tried])


def is_for_good(error: Exception) -> bool:
    """Whether the server has refused this letter, its sender or its recipient, and would do so again."""
    match error.__cause__:
        case SMTPRecipientsRefused(recipients=refused):
            codes = [code for code, _said in refused.values()]
        case SMTPSenderRefused(smtp_code=code) | SMTPDataError(smtp_code=code):
            codes = [code]
        case _:
            return False
    return all(code >= 500 for code in codes)


def letter_about(notification: Notification) -> EmailMultiAlternatives:
    """In the language of its reader and by their clock. Words are written once, as text; HTML is drawn from them."""
    member = notification.recipient
    with ExitStack() as wishes:
        wishes.enter_context(translation.override(member.language or settings.LANGUAGE_CODE))
        if member.time_zone in known_zones():
            wishes.enter_context(timezone.override(zoneinfo.ZoneInfo(member.time_zone)))
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        context = {**told_by(notification), **site}
        subject = render_to_string("reviews/email/notification_subject.txt", context).strip()
        text = render_to_string("reviews/email/notification_message.txt", context).strip() + "\n"
        drawn = {"subject": subject, "paragraphs": paragraphs(text), **site}
        html = render_to_string("account/email/letter.html", drawn)
    headers = {"Auto-Submitted": "auto-generated"}
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"
    letter = EmailMultiAlternatives(subject, text, to=[member.email], headers=headers)
    letter.attach_alternative(html, "text/html")
    return letter


def told_by(notification: Notification) -> dict[str, Any]:
    """What its mail says. A reason is told to whom it was done to; whoever reported hears the verb alone."""
    from reviews.told import Told

    told = Told.of(notification)
    given = told.appeal.answer if told.appeal else notification.action.reason if notification.action else ""
    details = {"act": told.act, "series": told.text and told.text.series, "appeal": told.appeal}
    return {
        "told": told,
        "about": in_one_line("reviews/email/_about.txt", {"told": told}),
        "said": in_one_line(f"reviews/{SAID[notification.kind]}", details),
        "reason": " ".join(given.split()),
        "own": own_words(told) if told.report is None else "",
        "is_banned": notification.recipient.is_banned(),
    }


def own_words(told: Told) -> str:
    """The recipient's own text as it stands, each line marked as quoted. Nothing where they have deleted it."""
    from reviews.models import Review

    if told.text is None:
        return ""
    rows: Any = type(told.text)._default_manager
    text = rows.by(told.notice.recipient).with_words().filter(pk=told.text.pk).first()
    if text is None:
        return ""
    line = text.line if isinstance(told.text, Review) else ""
    words = "\n\n".join(filter(None, (line, text.body)))
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())


def in_one_line(template: str, context: dict[str, Any]) -> str:
    """Words that a page says, for a mail."""
    return " ".join(unescape(render_to_string(template, context)).split())
