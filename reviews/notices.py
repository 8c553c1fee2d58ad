"""Mails about what a member is told: through the task queue, later, and never twice.

A notification is kept and its task enqueued in the transaction that causes both. The mail goes out once the moderator
can no longer take the act back. It says what was done, why, and where to read more; of words it has the recipient's
own, and nobody else's.
"""

from __future__ import annotations

import logging
import zoneinfo
from contextlib import ExitStack
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task

from accounts.letters import paragraphs
from accounts.zones import known_zones

if TYPE_CHECKING:
    from reviews.models import Notification
    from reviews.told import Told

logger = logging.getLogger(__name__)

# After these many minutes it is tried again; then it is given up, and said so in the log.
BACK_OFF = (1, 5, 30, 120, 600)

# How what was done is said, by kind of notification: as on the page that lists them.
SAID = {"decision": "_ruling.html", "outcome": "_outcome.html", "appeal": "_heard.html"}


def send_later(notification: Notification) -> None:
    """Enqueue its mail, for when nobody can undo the act any more. Called in the transaction that keeps it."""
    from reviews.models.moderation import UNDO_WINDOW

    mail_notification.using(run_after=timezone.now() + UNDO_WINDOW).enqueue(notification.pk)


@task()
def mail_notification(key: int, tried: int = 0) -> None:
    """Send it, unless it was withdrawn, was read meanwhile, is not wanted, or may have gone out already.

    It is taken before the server is asked: a worker that dies then has sent it once or not at all.
    """
    from reviews.models import Notification
    from reviews.told import with_all

    wanted = Notification.objects.unread().filter(pk=key, mailed_at=None)
    welcome = with_all(wanted).filter(recipient__mails_notices=True, recipient__is_active=True)
    notification = welcome.exclude(recipient__email="").select_related("recipient").first()
    if notification is None:
        return
    letter = letter_about(notification)
    # Of one table: with a join, PostgreSQL would look at how the row was before another worker took it.
    if not wanted.update(mailed_at=timezone.now()):
        return
    try:
        letter.send()
    except (OSError, ImproperlyConfigured):  # SMTPException is an OSError, an unwritable outbox the other
        if tried >= len(BACK_OFF):
            logger.exception("Notification %d could not be mailed", key)
            return
        with transaction.atomic():
            Notification.objects.filter(pk=key).update(mailed_at=None)
            again = timezone.now() + timedelta(minutes=BACK_OFF[tried])
            mail_notification.using(run_after=again).enqueue(key, tried + 1)


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
