"""What a member is told: what moderators did to what is theirs, and what came of what they reported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.models.revision import exactly_one
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from reviews.models.appeal import Appeal
    from reviews.models.case import Report
    from reviews.models.moderation import ModerationAction


class NotificationQuerySet(GuardedQuerySet["Notification"]):
    def to(self, member: User) -> Self:
        """What a member is told, newest first, with all that says what it is about."""
        return (
            self.filter(recipient=member, withdrawn_at=None)
            .select_related("action__rule", "report__action__rule", "appeal__action__rule")
            .order_by("-pk")
        )

    def unread(self) -> Self:
        return self.filter(read_at=None, withdrawn_at=None)

    def newest(self) -> int | None:
        return self.values_list("pk", flat=True).first()

    def tell_author(self, action: ModerationAction) -> None:
        """Tell whom it was done to, unless they did it themselves or it changes nothing for them."""
        member = action.suffered_by
        if member is not None and member != action.actor_id and action.verb != action.Verb.KEEP:
            self._tell([Notification(recipient_id=member, kind=Notification.Kind.DECISION, action=action)])

    def tell_reporters(self, action: ModerationAction, reports: Iterable[Report]) -> None:
        """Tell each who reported it what was decided. Where that was undone and is decided anew, this takes the place
        of what they had read.
        """
        rows = [
            Notification(recipient_id=report.by_id, kind=Notification.Kind.OUTCOME, report=report)
            for report in reports
            if report.by_id != action.actor_id
        ]
        if rows:
            read = self.filter(report__in=[row.report for row in rows], withdrawn_at=None, read_at__isnull=False)
            read.update(withdrawn_at=timezone.now())
        self._tell(rows)

    def tell_of_appeal(self, appeal: Appeal) -> None:
        """Where that was undone and is answered anew, this takes the place of what they had read."""
        self.filter(appeal=appeal, withdrawn_at=None).update(withdrawn_at=timezone.now())
        self._tell([Notification(recipient_id=appeal.by_id, kind=Notification.Kind.APPEAL, appeal=appeal)])

    def withdraw(self, action: ModerationAction) -> None:
        """Let go of what was told of an act that was undone before its mail went out. Recipients are locked."""
        told = self.unread().filter(Q(action=action) | Q(report__action=action) | Q(appeal__granted_with=action))
        for member in told.values_list("recipient", flat=True).distinct().order_by("recipient"):
            count = told.filter(recipient=member).count()
            User.objects.filter(pk=member).update(unread_notices=F("unread_notices") - count)
        told.update(withdrawn_at=timezone.now())
        # An appeal that waits again says nothing more of how it ended, to whoever has read it neither.
        self.filter(appeal__granted_with=action, withdrawn_at=None).update(withdrawn_at=timezone.now())

    @transaction.atomic
    def mark_read(self, member: User, through: int | None = None) -> int:
        """Note that the member has seen these; answers how many were new. Twice is once.

        `through`: the key of the newest that there was when the page was drawn. What came later nobody has seen yet. A
        member's keys grow in the order in which they are told, for the verbs lock whom they tell.
        """
        member.queue_up()
        seen = self.unread().filter(recipient=member)
        if through is not None:
            seen = seen.filter(pk__lte=through)
        count = seen.update(read_at=timezone.now())
        User.objects.filter(pk=member.pk).update(unread_notices=F("unread_notices") - count)
        return count

    def _tell(self, told: Iterable[Notification]) -> None:
        """Keep them and count them for their recipients, whom the verb has locked; mail follows in its own time."""
        from reviews.notices import send_later

        rows = self.bulk_create(list(told))
        for row in sorted(rows, key=lambda row: row.recipient_id):
            User.objects.filter(pk=row.recipient_id).update(unread_notices=F("unread_notices") + 1)
            send_later(row)


class Notification(Guarded):
    """One thing that one member is told. It holds no words of theirs or of others: it leads to them."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("What a moderator did")
        OUTCOME = "outcome", _("What came of a report")
        APPEAL = "appeal", _("What came of an appeal")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    action = models.ForeignKey(
        "reviews.ModerationAction", models.PROTECT, related_name="notifications", null=True, blank=True
    )
    report = models.ForeignKey("reviews.Report", models.PROTECT, related_name="notifications", null=True, blank=True)
    appeal = models.ForeignKey("reviews.Appeal", models.PROTECT, related_name="notifications", null=True, blank=True)
    created_at = models.DateTimeField(_("told"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    # Taken before the mail server is asked: what may have gone out is not sent twice.
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("action", "report", "appeal"), name="notification_about_one"),
            models.CheckConstraint(
                condition=Q(kind="decision", action__isnull=False)
                | Q(kind="outcome", report__isnull=False)
                | Q(kind="appeal", appeal__isnull=False),
                name="notification_kind_fits",
            ),
            models.UniqueConstraint(
                fields=["recipient", "action"], condition=Q(action__isnull=False), name="notification_once_per_action"
            ),
            models.UniqueConstraint(
                fields=["recipient", "appeal"],
                condition=Q(appeal__isnull=False, withdrawn_at=None),
                name="notification_once_per_appeal",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], condition=Q(withdrawn_at=None), name="notification_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.recipient}"
