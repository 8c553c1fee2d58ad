"""Taking back what a moderator did: each act by its opposite, within ten minutes without a word to anybody."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.models.case import ask_again
from reviews.models.moderation import ModerationAction
from reviews.models.notification import Notification
from reviews.models.sanctions import end_raid, lift, restore_all


def reverse(act: ModerationAction, by: User, reason: str, **told: Any) -> None:
    """Do the opposite of an act that still stands, with a reason. ValidationError where nothing is left to reverse."""
    told = {"undoes": act, **told}
    text = act.review or act.comment
    if not (opposite_on_text(act, text, by, reason, told) if text else opposite_on_others(act, by, reason, told)):
        raise ValidationError(_("It does not stand any more: there is nothing to take back."), code="gone")


def opposite_on_text(act: ModerationAction, text: Any, by: User, reason: str, told: dict[str, Any]) -> bool:
    """Answers whether it was done. `text`: a review or a comment."""
    if act.verb in (ModerationAction.Verb.RAISE, ModerationAction.Verb.LOWER):
        return bool(text.rescope(by, act.scope_before, reason, stood_at=act.scope_after, **told))
    opposites = {
        "hide": "restore",
        "restore": "hide",
        "fold": "unfold_headline",
        "lock": "open_thread",
        "unlock": "close_thread",
    }
    return act.verb in opposites and bool(getattr(text, opposites[act.verb])(by, reason, **told))


def opposite_on_others(act: ModerationAction, by: User, reason: str, told: dict[str, Any]) -> bool:
    """The same, for what was done to a member or to the whole site."""
    if act.sanction is not None and act.verb != ModerationAction.Verb.LIFT:
        return lift(act.sanction, by, reason, **told)
    if act.verb == ModerationAction.Verb.HIDE_ALL:
        restore_all(act, by, reason, **told)
        return True
    return act.verb == ModerationAction.Verb.RAID and end_raid(by, reason)


@transaction.atomic
def undo(act: ModerationAction, by: User, reason: str) -> None:
    """Take back one's own act of a moment ago: the mail about it has not gone out, and nobody hears of either.

    The log keeps both. Raises ValidationError once ten minutes are over, or where it does not stand any more.
    """
    if act.actor_id != by.pk or not act.can_undo:
        raise ValidationError(_("It was done too long ago. Do the opposite, with a reason."), code="late")
    told = Notification.objects.unread().filter(action=act) | Notification.objects.unread().filter(report__action=act)
    User.objects.queue_up(act.suffered_by, *told.values_list("recipient", flat=True))
    reverse(act, by, reason, is_told=False)
    Notification.objects.withdraw(act)
    ask_again(act)
