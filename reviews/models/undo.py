"""Taking back what a moderator did: each act by its opposite, within ten minutes without a word to anybody."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Sanction, User
from reviews.models.case import Report, ask_again
from reviews.models.moderation import ModerationAction
from reviews.models.notification import Notification
from reviews.models.policy import Policy
from reviews.models.sanctions import declare_raid, end_raid, impose, lift, restore_all
from reviews.models.text import Held

# What can be reversed once ten minutes are over; all else is followed by another decision.
REVERSIBLE = {
    *("hide", "restore", "raise", "lower", "fold", "unfold", "lock", "unlock"),
    *("silence", "ban", "hide_all", "raid"),
}


def stands(act: ModerationAction) -> bool:
    """Whether it can be reversed: it is the last word about what it is about. At most three queries."""
    if act.verb not in REVERSIBLE or act.is_undone:
        return False
    if act.sanction is not None:
        return Sanction.objects.in_force(timezone.now()).filter(pk=act.sanction.pk).exists()
    if act.verb == ModerationAction.Verb.RAID:
        return Policy.objects.current().is_raid()
    target = act.target
    pair = [act.kind, ModerationAction.OPPOSITE[act.kind]]
    return target is not None and ModerationAction.objects.about(target).filter(verb__in=pair).first() == act


def reverse(act: ModerationAction, by: User, reason: str, **told: Any) -> None:
    """Do the opposite of an act that still stands, with a reason. ValidationError where nothing is left to reverse."""
    told = {"undoes": act, **told}
    text = act.review or act.comment
    if ModerationAction.objects.filter(undoes=act).exists() or not (
        opposite_on_text(act, text, by, reason, told) if text else opposite_on_others(act, by, reason, told)
    ):
        raise ValidationError(_("It does not stand any more: there is nothing to take back."), code="gone")


def opposite_on_text(act: ModerationAction, text: Any, by: User, reason: str, told: dict[str, Any]) -> bool:
    """Answers whether it was done. `text`: a review or a comment."""
    if act.verb in (ModerationAction.Verb.RAISE, ModerationAction.Verb.LOWER):
        return bool(text.rescope(by, act.scope_before, reason, stood_at=act.scope_after, **told))
    if act.verb == ModerationAction.Verb.UNFOLD:
        return bool(text.fold_headline(by, act.scope_before or 1, reason, **told))
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
    match act.verb:
        case ModerationAction.Verb.SILENCE | ModerationAction.Verb.BAN:
            return lift(act.sanction, by, reason, **told)  # type: ignore[arg-type] # a constraint: it has one
        case ModerationAction.Verb.HIDE_ALL:
            restore_all(act, by, reason, **told)
            return True
        case ModerationAction.Verb.RAID:
            return end_raid(by, reason)
    return False


@transaction.atomic
def undo(act: ModerationAction, by: User, reason: str) -> None:
    """Take back one's own act of a moment ago: the mail about it has not gone out, and nobody hears of either.

    The log keeps both. Raises ValidationError once ten minutes are over, or where it does not stand any more.
    """
    if act.actor_id != by.pk or not act.can_undo:
        raise ValidationError(_("It was done too long ago. Do the opposite, with a reason."), code="late")
    acts = whole(act)
    unread = Notification.objects.unread()
    told = unread.filter(action__in=acts) | unread.filter(report__action__in=acts)
    User.objects.queue_up(act.suffered_by, *told.values_list("recipient", flat=True))
    match act.verb:
        case ModerationAction.Verb.KEEP | ModerationAction.Verb.APPROVE:
            unsay(act, by, reason)
        case ModerationAction.Verb.LIFT:
            impose_again(act, by, reason)
        case ModerationAction.Verb.CALM:
            declare_raid(by, reason)
        case _:
            reverse(act, by, reason, is_told=False)
    for one in acts:
        Notification.objects.withdraw(one)
        ask_again(one)
    if text := act.review or act.comment:
        for report in Report.objects.waiting().about(text).select_related("case"):
            report.fold_if_enough(text)


def whole(act: ModerationAction) -> list[ModerationAction]:
    """With what was done in one press with it: hiding all of a member's texts answers reports about each."""
    if act.verb != ModerationAction.Verb.HIDE_ALL or act.batch is None:
        return [act]
    return list(ModerationAction.objects.filter(batch=act.batch).order_by("pk"))


def unsay(act: ModerationAction, by: User, reason: str) -> None:
    """Let it not have been kept, or not approved: neither has an opposite. Called under the author's lock."""
    if ModerationAction.objects.filter(undoes=act).exists():
        raise ValidationError(_("It does not stand any more: there is nothing to take back."), code="gone")
    text: Any = act.review or act.comment
    if text is not None and act.verb == ModerationAction.Verb.APPROVE:
        hold_again(text.locked())
    ModerationAction.objects.record(by, act.verb, act.target, reason, undoes=act, is_told=False)


def hold_again(text: Any) -> None:
    """Let it wait once more. What it was held for is not kept, so its author is told the mildest. On a locked row."""
    if not text.is_live:
        raise ValidationError(_("It does not stand any more: there is nothing to take back."), code="gone")
    before = text.ledger()
    text.held_at, text.held_for = timezone.now(), Held.FIRST
    text.save_stamps("held_at", "held_for")
    text.settle_from(before)


def impose_again(act: ModerationAction, by: User, reason: str) -> None:
    """As it was before it was lifted, for as long as it would have lasted."""
    lifted = act.sanction
    if lifted is None or ModerationAction.objects.filter(undoes=act).exists():
        raise ValidationError(_("It does not stand any more: there is nothing to take back."), code="gone")
    kind = Sanction.Kind(lifted.kind)
    impose(lifted.member, kind, by, reason, lifted.ends_at, undoes=act, is_told=False)
