"""What moderators do to members and to the whole site, with a reason in the log."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Sanction, User
from reviews.models.case import Report
from reviews.models.comment import Comment
from reviews.models.moderation import ModerationAction
from reviews.models.policy import RAID, Policy
from reviews.models.review import Review

if TYPE_CHECKING:
    from reviews.models.moderated import Moderated

MOST_AT_ONCE = 500  # texts that one press takes out of sight


def refuse_staff(member: User, by: User) -> None:
    """Nobody sanctions staff from the desk, nor themselves: those who appoint moderators do. PermissionDenied."""
    if member.is_staff or member.is_superuser or member.pk == by.pk:
        raise PermissionDenied


def reports_about(member: User) -> list[Report]:
    """Those that a decision about the member answers; who filed them and the member are locked now."""
    reports = list(Report.objects.waiting().about(member))
    User.objects.queue_up(member.pk, *(report.by_id for report in reports))
    return reports


@transaction.atomic
def impose(
    member: User, kind: Sanction.Kind, by: User, reason: str, until: datetime | None = None, **told: Any
) -> ModerationAction:
    """Silence or ban a member until then, or for good. PermissionDenied for staff and oneself."""
    refuse_staff(member, by)
    if until is not None and until <= timezone.now():
        raise ValidationError({"until": _("That is over already.")}, code="until")
    reports = reports_about(member)
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
def keep_member(member: User, by: User, reason: str, **told: Any) -> ModerationAction:
    """Say that what was reported about a member needs nothing done."""
    reports = reports_about(member)
    return ModerationAction.objects.record(by, ModerationAction.Verb.KEEP, member, reason, answers=reports, **told)


def hide_all(member: User, by: User, reason: str, **told: Any) -> int:
    """Take every text of a member out of sight, each by its own verb; answers how many. They are told once.

    Restored by `restore_all` of the act that this leaves in the log.
    """
    refuse_staff(member, by)
    batch = uuid.uuid4()
    done = 0
    for text in texts_of(member, hidden_at=None, deleted_at=None):
        done += text.hide(by, reason, batch=batch, is_told=False, rule=told.get("rule"))
    with transaction.atomic():
        ModerationAction.objects.record(
            by,
            ModerationAction.Verb.HIDE_ALL,
            member,
            reason,
            answers=reports_about(member),
            batch=batch,
            **told,
        )
    return done


def restore_all(act: ModerationAction, by: User, reason: str, **told: Any) -> int:
    """Put back what one press took out of sight, but for what another act hid since; answers how many."""
    member = act.member
    if member is None or act.batch is None:
        return 0
    batch = uuid.uuid4()
    hidden = ModerationAction.objects.filter(batch=act.batch, verb=ModerationAction.Verb.HIDE)
    done = 0
    for one in hidden.select_related("review", "comment").order_by("pk"):
        text = one.review or one.comment
        if text and ModerationAction.objects.about(text).filter(verb__in=["hide", "restore"]).first() == one:
            done += text.restore(by, reason, batch=batch, is_told=False)
    with transaction.atomic():
        User.objects.queue_up(member.pk)
        if not ModerationAction.objects.filter(undoes=told.get("undoes", act)).exists():  # another was faster
            ModerationAction.objects.record(by, ModerationAction.Verb.RESTORE_ALL, member, reason, batch=batch, **told)
    return done


def texts_of(member: User, **stamps: Any) -> list[Moderated]:
    rows: list[QuerySet[Any]] = [
        model._default_manager.filter(author=member, **stamps).order_by("pk")[:MOST_AT_ONCE]
        for model in (Review, Comment)
    ]
    return [text for texts in rows for text in texts]


@transaction.atomic
def declare_raid(by: User, reason: str) -> ModerationAction:
    """Hold what new accounts write, for six hours from now."""
    Policy.objects.update_or_create(key=1, defaults={"raid_until": timezone.now() + RAID})
    return ModerationAction.objects.record(by, ModerationAction.Verb.RAID, None, reason)


@transaction.atomic
def end_raid(by: User, reason: str) -> bool:
    """What is held already waits on; answers whether there was a raid."""
    calmed = Policy.objects.filter(raid_until__gt=timezone.now()).update(raid_until=None)
    if calmed:
        ModerationAction.objects.record(by, ModerationAction.Verb.CALM, None, reason)
    return bool(calmed)
