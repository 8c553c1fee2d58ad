"""What moderators do to members and to the whole site, with a reason in the log."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from accounts.models import Sanction, User
from reviews.models.case import Report
from reviews.models.comment import Comment
from reviews.models.moderation import ModerationAction
from reviews.models.policy import RAID, Policy
from reviews.models.review import Review
from reviews.models.text import UNDO_WINDOW
from reviews.notices import BACK_OFF

if TYPE_CHECKING:
    from reviews.models.moderated import Moderated

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 100  # texts that one press takes out of sight while the moderator waits
SOON = timedelta(seconds=30)  # until the queue takes what one press has left


def refuse_staff(member: User, by: User) -> None:
    """Nobody sanctions staff from the desk, nor themselves: those who appoint moderators do. PermissionDenied."""
    if member.is_staff or member.is_superuser or member.pk == by.pk:
        raise PermissionDenied


def reports_about(member: User, by: User, told: dict[str, Any]) -> list[Report]:
    """Those that a decision about the member answers; who filed them and the member are locked now.

    What takes another act back answers none. PermissionDenied for oneself.
    """
    if member.pk == by.pk:
        raise PermissionDenied
    reports = [] if told.get("undoes") else list(Report.objects.waiting().about(member))
    User.objects.queue_up(member.pk, *(report.by_id for report in reports))
    return Report.objects.still_waiting(reports)


@transaction.atomic
def impose(
    member: User, kind: Sanction.Kind, by: User, reason: str, until: datetime | None = None, **told: Any
) -> ModerationAction:
    """Silence or ban a member until then, or for good. PermissionDenied for staff and oneself.

    Raises ValidationError where one of the kind lasts as long already: a second press changes nothing.
    """
    refuse_staff(member, by)
    if until is not None and until <= timezone.now():
        raise ValidationError({"until": _("That is over already.")}, code="until")
    reports = reports_about(member, by, told)
    standing = Sanction.objects.longest_in_force(member, kind)
    if standing is not None and standing.lasts_until(until):
        raise ValidationError(
            _("That is so already, and for as long. Lift it first to make it shorter."), code="twice"
        )
    sanction = Sanction.objects.impose(member, kind, by, reason, until)
    return ModerationAction.objects.record(by, str(kind), member, reason, answers=reports, sanction=sanction, **told)


@transaction.atomic
def lift(sanction: Sanction, by: User, reason: str, **told: Any) -> bool:
    """End a sanction now; answers whether it was this call that did it."""
    User.objects.queue_up(sanction.member_id)
    standing = Sanction.objects.select_for_update(no_key=True).select_related("member").get(pk=sanction.pk)
    refuse_staff(standing.member, by)
    if is_due := standing.lifted_at is None:
        standing.lift(by)
        ModerationAction.objects.record(
            by, ModerationAction.Verb.LIFT, standing.member, reason, sanction=standing, **told
        )
    return is_due


@transaction.atomic
def keep_member(member: User, by: User, reason: str, **told: Any) -> bool:
    """Say that what was reported about a member needs nothing done; answers whether anything waited for that.

    Of staff as well: only sanctions on them are out of reach. PermissionDenied for oneself.
    """
    reports = reports_about(member, by, told)
    if reports:
        ModerationAction.objects.record(by, ModerationAction.Verb.KEEP, member, reason, answers=reports, **told)
    return bool(reports)


def hide_all(member: User, by: User, reason: str, *, among: int = 1, **told: Any) -> int:
    """Take every text of a member out of sight, each by its own verb; answers how many are gone. They are told once.

    The act stands in the log before the first text goes. Of very many, or where this breaks off, the queue takes the
    rest. Nothing is done, and nobody told, where there is nothing to hide. `among`: how many members one press does
    this to, who share what it does at once.
    """
    refuse_staff(member, by)
    with transaction.atomic():
        reports = reports_about(member, by, told)
        if not texts_of(member, 1, **STANDING):
            return 0
        act = ModerationAction.objects.record(
            by,
            ModerationAction.Verb.HIDE_ALL,
            member,
            reason,
            answers=reports,
            batch=uuid.uuid4(),
            **told,
        )
        go_on_later(act)
    return hide_texts(act, among=among)


def hide_texts(act: ModerationAction, most: int = MOST_AT_ONCE, *, among: int = 1) -> int:
    """Hide what an act says is hidden, as far as it stands yet; answers how many. Each in its own transaction.

    Whoever undoes the act meanwhile undoes this too. `among`: as for `hide_all`.
    """
    done = 0
    for text in left_of(act, max(1, most // among), Q(deleted_at=None)):
        if undoing(act) is not None:
            break
        done += text.hide(act.actor, act.reason, batch=act.batch, is_told=False, rule=act.rule)
    restore_texts(act)
    return done


def restore_all(act: ModerationAction, by: User, reason: str, **told: Any) -> int:
    """Put back what one press took out of sight, but for what another act hid since; answers how many."""
    begin_to_restore(act, by, reason, **told)
    return restore_texts(act)


@transaction.atomic
def begin_to_restore(act: ModerationAction, by: User, reason: str, **told: Any) -> None:
    """Say in the log that it is put back, once; the queue does what `restore_texts` leaves."""
    if act.member is None or act.batch is None:
        return
    User.objects.queue_up(act.member_id)
    told.setdefault("undoes", act)
    if not ModerationAction.objects.filter(undoes=told["undoes"]).exists():  # another was faster
        verb, batch = ModerationAction.Verb.RESTORE_ALL, uuid.uuid4()
        go_on_later(ModerationAction.objects.record(by, verb, act.member, reason, batch=batch, **told))


def restore_texts(act: ModerationAction, most: int = MOST_AT_ONCE) -> int:
    """Restore what an act had hidden, where it was taken back; answers how many. Each in its own transaction.

    What cannot come back keeps nothing else from it.
    """
    back = undoing(act) if act.verb == ModerationAction.Verb.HIDE_ALL else None
    if back is None:
        return 0
    hidden = ModerationAction.objects.filter(batch=act.batch, verb=ModerationAction.Verb.HIDE, undone_by=None)
    hidden = hidden.filter(Q(comment=None) | Q(comment__deleted_at=None, comment__hidden_at__isnull=False))
    done = 0
    for one in hidden.select_related("review", "comment").order_by("pk"):
        done += restore_text(one, back)
        if done == most:
            break
    return done


@transaction.atomic
def restore_text(one: ModerationAction, back: ModerationAction) -> bool:
    """Restore what one act had hidden, or let it wait again as it had; not what another has hidden or restored since.

    Answers whether it was this call that did it. At no time does anybody read what had waited.
    """
    seen = one.review or one.comment
    User.objects.queue_up(one.suffered_by, seen.answered_id if seen is not None else None)
    text = one.standing_text
    if text is None or ModerationAction.objects.about(text).filter(verb__in=["hide", "restore"]).first() != one:
        return False
    is_due = text.restore(back.actor, back.reason, batch=back.batch, is_told=False, undoes=one)
    if is_due and one.held_for:
        text.hold_again(one.held_for)
    return is_due


def undoing(act: ModerationAction) -> ModerationAction | None:
    return ModerationAction.objects.filter(undoes=act).select_related("actor").first()


STANDING = {"hidden_at": None, "deleted_at": None}


def texts_of(member: User, most: int, *which: Q, **stamps: Any) -> list[Moderated]:
    rows: list[QuerySet[Any]] = [
        model._default_manager.filter(*which, author=member, **stamps).order_by("pk")[:most]
        for model in (Review, Comment)
    ]
    return [text for texts in rows for text in texts][:most]


def left_of(act: ModerationAction, most: int, *which: Q) -> list[Moderated]:
    """What an act says is hidden and is not yet. What somebody has put back since stays."""
    done = ModerationAction.objects.filter(Q(batch=act.batch) | Q(verb=ModerationAction.Verb.RESTORE, pk__gt=act.pk))
    rest = ~Q(moderation_actions__in=done)
    return texts_of(act.suffered, most, rest, *which, hidden_at=None, created_at__lte=act.created_at)


def is_left(act: ModerationAction) -> bool:
    """Whether anything is to be hidden yet, or may be: what its author deleted a moment ago can come back."""
    may_stand = Q(deleted_at=None) | Q(deleted_at__gt=timezone.now() - UNDO_WINDOW)
    return undoing(act) is None and bool(left_of(act, 1, may_stand))


def go_on_later(act: ModerationAction) -> None:
    """Enqueue what may be left of it, in the transaction that records it. Mostly nothing is."""
    go_on.using(run_after=timezone.now() + SOON).enqueue(act.pk)


@task()
def go_on(key: int, tried: int = 0) -> None:
    """Hide, or restore, as many texts again as one press does, until none is left.

    Where it fails `take_up_failed` tries it again later, so often and no more.
    """
    try:
        act = ModerationAction.objects.select_related("actor", "member", "rule").get(pk=key)
        if act.verb == ModerationAction.Verb.HIDE_ALL:
            hide_texts(act)
            is_over = not is_left(act)
        else:
            is_over = act.undoes is None or not restore_texts(act.undoes)
        if not is_over:
            with transaction.atomic():
                go_on_later(act)
    except Exception:
        if tried >= len(BACK_OFF):
            logger.exception("What act %d says of a member's texts could not be done to all of them: given up", key)
        raise


@transaction.atomic
def declare_raid(by: User, reason: str, **told: Any) -> ModerationAction:
    """Hold what new accounts write, for six hours from now."""
    Policy.objects.update_or_create(key=1, defaults={"raid_until": timezone.now() + RAID})
    return ModerationAction.objects.record(by, ModerationAction.Verb.RAID, None, reason, **told)


@transaction.atomic
def calm(by: User, reason: str, **told: Any) -> bool:
    """End a raid. What is held already waits on; answers whether there was one."""
    calmed = Policy.objects.filter(raid_until__gt=timezone.now()).update(raid_until=None)
    if calmed:
        ModerationAction.objects.record(by, ModerationAction.Verb.CALM, None, reason, **told)
    return bool(calmed)


@transaction.atomic
def raid_again(act: ModerationAction, by: User, reason: str) -> bool:
    """Let a raid that was called off last as long as it would have; answers whether it is not over anyway."""
    declared = ModerationAction.objects.filter(verb=ModerationAction.Verb.RAID, pk__lt=act.pk).order_by("pk").last()
    until = declared.created_at + RAID if declared else None
    is_due = until is not None and until > timezone.now() and undoing(act) is None
    if is_due and Policy.objects.filter(raid_until=None).update(raid_until=until):
        ModerationAction.objects.record(by, ModerationAction.Verb.RAID, None, reason, undoes=act, is_told=False)
        return True
    return False
