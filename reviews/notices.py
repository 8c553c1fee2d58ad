"""Mails about what a member is told: through the task queue, later, and never twice.

A notification is kept and its task enqueued in the transaction that causes both. The mail goes out once the moderator
can no longer take the act back. It says that something was done, and where to read it: no words of anybody's.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task

if TYPE_CHECKING:
    from reviews.models import Notification

logger = logging.getLogger(__name__)

# After these many minutes it is tried again; then it is given up, and said so in the log.
BACK_OFF = (1, 5, 30, 120, 600)


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

    notification = Notification.objects.select_related("recipient").get(pk=key)
    member = notification.recipient
    if not (member.email and member.mails_notices and member.is_active):
        return
    wanted = Notification.objects.unread().filter(pk=key, mailed_at=None)
    if not wanted.update(mailed_at=timezone.now()):
        return
    try:
        letter_about(notification).send()
    except OSError:
        Notification.objects.filter(pk=key).update(mailed_at=None)
        if tried >= len(BACK_OFF):
            logger.exception("Notification %d could not be mailed", key)
            return
        again = timezone.now() + timedelta(minutes=BACK_OFF[tried])
        mail_notification.using(run_after=again).enqueue(key, tried + 1)


def letter_about(notification: Notification) -> EmailMultiAlternatives:
    member = notification.recipient
    with translation.override(member.language or settings.LANGUAGE_CODE):
        context = {"notification": notification, "member": member}
        subject = render_to_string("reviews/email/notification_subject.txt", context).strip()
        text = render_to_string("reviews/email/notification_message.txt", context)
        html = render_to_string("reviews/email/notification_message.html", context)
    letter = EmailMultiAlternatives(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}", text, to=[member.email])
    letter.attach_alternative(html, "text/html")
    return letter
