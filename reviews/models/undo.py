"""Taking back what a moderator did: each act by its opposite, within ten minutes without a word to anybody."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Sanction, User
from reviews.models.case import Case, Target, ask_again, columns_of
from reviews.models.moderation import ModerationAction
from reviews.models.notification import Notification
from reviews.models.policy import Policy
from reviews.models.sanctions import begin_to_restore, calm, impose, lift, raid_again, restore_texts

Verb = ModerationAction.Verb

# What can be reversed once ten minutes are over; all else is followed by another decision.
REVERSIBLE = {
    *("hide", "restore", "raise", "lower", "fold", "unfold", "lock", "unlock"),
    *("silence", "ban", "hide_all", "raid"),
}


def gone() -> ValidationError:
    return ValidationError(_("It does not stand any more: there is nothing to take back."), code="gone")


def stands(act: ModerationAction) -> bool:
    """Whether it can be reversed: nothing has been said since about what it is about. At most two queries."""
    if act.verb not in REVERSIBLE:
        return False
    if act.sanction is not None:
        return Sanction.objects.in_force(timezone.now()).filter(pk=act.sanction.pk).exists()
    if act.verb == Verb.RAID and not Policy.objects.current().is_raid():
        return False
    return last_word(act) is not None


def last_word(act: ModerationAction) -> ModerationAction | None:
    """The newest act of its kind about the same thing, while it leaves that as this act left it; else None.

    That is the act itself, or what undid its undoing: an act and the one that took it back say nothing together.
    """
    pair = [act.kind, ModerationAction.OPPOSITE.get(act.kind, act.kind)]
    said = list(acts_about(act.target).filter(verb__in=pair))  # the newest comes first
    newest = said[0] if said else None
    while said:
        last = said.pop(0)
        if last == act:
            return newest
        if not said or last.undoes_id != said.pop(0).pk:
            return None
    return None


def acts_about(target: Target | None) -> Any:
    acts = ModerationAction.objects
    return acts.about(target) if target is not None else acts.filter(review=None, comment=None, member=None)


def reverse(act: ModerationAction, by: User, reason: str, **told: Any) -> None:
    """Do the opposite of an act that still stands, with a reason. ValidationError where nothing is left to reverse."""
    with transaction.atomic():
        queue_up(act)
        do_opposite(act, by, reason, told)
    restore_texts(act)


@transaction.atomic
def do_opposite(act: ModerationAction, by: User, reason: str, told: dict[str, Any]) -> None:
    """`reverse`, under the locks of whom it concerns."""
    if not stands(act):
        raise gone()
    undoes = act if not hasattr(act, "undone_by") else last_word(act)
    text = act.standing_text
    told = {"undoes": undoes, **told}
    if not (opposite_on_text(act, text, by, reason, told) if text else opposite_on_others(act, by, reason, told)):
        raise gone()


def queue_up(act: ModerationAction, *others: int | None) -> None:
    """Lock whom taking an act back concerns, all at once and before anything else."""
    text = act.review or act.comment
    User.objects.queue_up(act.suffered_by, text.answered_id if text is not None else None, *others)


def opposite_on_text(act: ModerationAction, text: Any, by: User, reason: str, told: dict[str, Any]) -> bool:
    """Answers whether it was done. `text`: a review or a comment."""
    match act.verb:
        case Verb.RAISE:
            return bool(text.rescope(by, act.scope_before, reason, stood_at=act.scope_after, back=act, **told))
        case Verb.LOWER:
            return bool(text.rescope(by, act.scope_before, reason, stood_at=act.scope_after, **told))
        case Verb.UNFOLD:
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
        case Verb.SILENCE | Verb.BAN:
            return lift(act.sanction, by, reason, **told)  # type: ignore[arg-type] # a constraint: it has one
        case Verb.HIDE_ALL:
            begin_to_restore(act, by, reason, **told)
            return True
        case Verb.RAID:
            return calm(by, reason, **told)
    return False


def undo(act: ModerationAction, by: User, reason: str) -> None:
    """Take back one's own act of a moment ago: the mail about it has not gone out, and nobody hears of either.

    The log keeps both, and reports that the act answered wait again. Raises ValidationError once ten minutes are over,
    or where it does not stand any more.
    """
    if act.actor_id != by.pk or not act.can_undo:
        if act.actor_id == by.pk and hasattr(act, "undone_by"):
            raise gone()
        raise ValidationError(_("It was done too long ago. Do the opposite, with a reason."), code="late")
    from reviews.models.appeal import Appeal

    with transaction.atomic():
        acts = whole(act)
        unread = Notification.objects.unread()
        told = unread.filter(action__in=acts) | unread.filter(report__action__in=acts)
        queue_up(act, *told.values_list("recipient", flat=True))
        match act.verb:
            case Verb.KEEP | Verb.APPROVE:
                unsay(act, by, reason)
            case Verb.LIFT:
                impose_again(act, by)
            case Verb.CALM:
                if not raid_again(act, by, reason):
                    raise gone()
            case _:
                do_opposite(act, by, reason, {"is_told": False})
        for one in acts:
            Notification.objects.withdraw(one)
            Appeal.objects.reopen(one)
            ask_again(one)
        if text := act.standing_text:
            be_as_before(act, text)
    restore_texts(act)


def be_as_before(act: ModerationAction, text: Any) -> None:
    """Let the text wait or be folded again, where it was before the act and nobody has looked after all."""
    if act.verb == Verb.HIDE and act.held_for:
        text.hold_again(act.held_for)
    for case in Case.objects.waiting().filter(**columns_of(text)):
        case.fold_if_enough(text)


def whole(act: ModerationAction) -> list[ModerationAction]:
    """With what was done in one press with it: hiding all of a member's texts answers reports about each."""
    if act.verb != Verb.HIDE_ALL or act.batch is None:
        return [act]
    return list(ModerationAction.objects.filter(batch=act.batch).order_by("pk"))


def unsay(act: ModerationAction, by: User, reason: str) -> None:
    """Let it not have been kept, or not approved: neither has an opposite. Called under the author's lock."""
    if ModerationAction.objects.filter(undoes=act).exists():
        raise gone()
    text = act.standing_text
    if text is not None and act.verb == Verb.APPROVE and not text.hold_again(act.held_for):
        raise gone()
    ModerationAction.objects.record(by, act.verb, act.target, reason, undoes=act, is_told=False)


def impose_again(act: ModerationAction, by: User) -> None:
    """As it was before it was lifted, for as long as it would have lasted, and for the reason that it had."""
    lifted = act.sanction
    if lifted is None or ModerationAction.objects.filter(undoes=act).exists():
        raise gone()
    first = lifted.moderation_actions.exclude(verb=Verb.LIFT).select_related("rule").first()
    rule = first.rule if first is not None else None
    kind = Sanction.Kind(lifted.kind)
    impose(lifted.member, kind, by, lifted.reason, lifted.ends_at, rule=rule, undoes=act, is_told=False)
