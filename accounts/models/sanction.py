"""Who may not write or not come in, until when, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from soundtrack_site.withheld import Guarded, GuardedQuerySet


class SanctionQuerySet(GuardedQuerySet["Sanction"]):
    def in_force(self, now: datetime) -> SanctionQuerySet:
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now, lifted_at=None)

    def longest_in_force(self, member: User, kind: Sanction.Kind) -> Sanction | None:
        """The one that says until when; for good outlasts any date. None once all have run out or were lifted."""
        theirs = self.in_force(timezone.now()).filter(member=member, kind=kind)
        return theirs.order_by(F("ends_at").desc(nulls_first=True), "-pk").first()

    @transaction.atomic
    def impose(
        self,
        member: User,
        kind: Sanction.Kind,
        by: User,
        reason: str,
        until: datetime | None = None,
    ) -> Sanction:
        """Silence or ban a member until then, or for good, and stamp their row so that no page needs to ask here."""
        sanction = self.create(
            member=member, kind=kind, imposed_by=by, reason=reason, starts_at=timezone.now(), ends_at=until
        )
        sanction.stamp_member()
        return sanction


class Sanction(Guarded):
    """Why a member may not post (silence) or not even log in (ban). `User` carries the stamp pages read."""

    # A ban or silence for good still needs a date to compare with.
    FOR_GOOD = datetime(9999, 1, 1, tzinfo=timezone.get_fixed_timezone(0))

    class Kind(models.TextChoices):
        SILENCE = "silence", _("Silence")
        BAN = "ban", _("Ban")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sanctions")
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    reason = models.TextField(_("reason"), max_length=1000)

    imposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="imposed_sanctions")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lifted_sanctions", null=True, blank=True
    )

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["silence", "ban"]), name="sanction_kind_known"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="sanction_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="sanction_has_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="sanction_lifted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.member}"

    @property
    def length(self) -> str:
        """As it was meant, in words, to the minute: it begins a moment after its end was chosen. Empty: for good."""
        if self.ends_at is None:
            return ""
        minutes = round((self.ends_at - self.starts_at) / timedelta(minutes=1))
        return timesince(self.starts_at, self.starts_at + timedelta(minutes=minutes))

    @property
    def is_in_force(self) -> bool:
        now = timezone.now()
        return self.lifted_at is None and self.starts_at <= now and (self.ends_at is None or self.ends_at > now)

    def lasts_until(self, until: datetime | None) -> bool:
        """Whether it ends no earlier than that, to the minute; None is never."""
        if self.ends_at is None:
            return True
        return until is not None and self.ends_at > until - timedelta(minutes=1)

    @transaction.atomic
    def lift(self, by: User) -> None:
        self.lifted_at, self.lifted_by = timezone.now(), by
        self.save(update_fields=["lifted_at", "lifted_by"])
        self.stamp_member()

    def stamp_member(self) -> None:
        """Write the latest end of this kind's sanctions in force to the member's row. Two queries."""
        User.objects.select_for_update(no_key=True).get(pk=self.member_id)
        ends = Sanction.objects.in_force(timezone.now()).filter(member=self.member_id, kind=self.kind)
        latest = max((sanction.ends_at or self.FOR_GOOD for sanction in ends), default=None)
        column = "banned_until" if self.kind == self.Kind.BAN else "silenced_until"
        User.objects.filter(pk=self.member_id).update(**{column: latest}, version=F("version") + 1)
