from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from episodes.boundary import sent, within_reach
from episodes.models import Series
from reviews.models.moderation import ModerationAction
from reviews.models.notification import Notification
from reviews.models.undo import reverse
from soundtrack_site.withheld import Withholding, WithholdingQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer

LONGEST_APPEAL = 1_000  # characters
ALONE = timedelta(hours=24)  # after which whoever decided may hear the appeal: there may be nobody else


class AppealQuerySet(WithholdingQuerySet["Appeal"]):
    def waiting(self) -> Self:
        return self.filter(heard_at=None).order_by("pk")

    @transaction.atomic
    def lodge(self, by: User, action: ModerationAction, body: str) -> Appeal:
        """Ask that somebody looks at a decision again, once. Twice is once: the words of the first stand.

        Raises ValidationError for what was not done to them, cannot be undone, or is too long ago.
        """
        by.queue_up()
        if appeal := self.filter(action=action).first():
            return appeal
        if action.suffered_by != by.pk or not action.can_be_appealed:
            raise ValidationError(_("This cannot be appealed."), code="closed")
        appeal = Appeal(action=action, by=by, body=body.strip())
        text = action.review or action.comment
        if text is not None:
            appeal.series_id, appeal.text_scope = text.series_id, text.stands_at()
        appeal.save(force_insert=True)
        return appeal

    def for_member(self, member: User) -> Self:
        """Their own, with all that they said as `sent_body`."""
        return self.filter(by=member).annotate(sent_body=sent("body", Q(by=member.pk)))

    def for_moderator(self, viewer: Viewer, opens_all: bool = False) -> Self:
        """Adds `sent_body`: it may give away as much as the text that it is about, then and now."""
        readable = Q(series=None) | within_reach(viewer, "text_scope")
        for scope in ("action__review__spoils_through", "action__comment__spoils_through"):
            readable &= Q(**{f"{scope}__isnull": True}) | within_reach(viewer, scope)
        asked = Q(pk__isnull=False) if opens_all else Q(pk__in=viewer.revealed("appeal"))
        return self.annotate(sent_body=sent("body", readable | asked)).select_related("by", "action__actor")


class Appeal(Withholding):
    """A member asks for a second look at what was done to them or to a text of theirs: once for each decision."""

    withheld: ClassVar[tuple[str, ...]] = ("body",)

    action = models.OneToOneField(ModerationAction, models.PROTECT, related_name="appeal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appeals")
    body = models.TextField(_("what the member says"), max_length=LONGEST_APPEAL)
    series = models.ForeignKey(Series, models.PROTECT, related_name="+", null=True, blank=True)
    text_scope = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("lodged"), auto_now_add=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="heard_appeals", null=True, blank=True
    )
    heard_at = models.DateTimeField(_("heard"), null=True, blank=True)
    is_granted = models.BooleanField(_("granted"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="appeal_says_something"),
            models.CheckConstraint(
                condition=Q(heard_at=None, heard_by=None, is_granted=None, answer="")
                | (Q(heard_at__isnull=False, heard_by__isnull=False, is_granted__isnull=False) & ~Q(answer="")),
                name="appeal_heard_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.action}"

    def may_hear(self, moderator: User) -> bool:
        """Anybody but who decided; they too once it has waited for a day. Never who lodged it."""
        if moderator.pk == self.by_id:
            return False
        return moderator.pk != self.action.actor_id or timezone.now() > self.created_at + ALONE

    @transaction.atomic
    def hear(self, by: User, is_granted: bool, answer: str) -> bool:
        """Decide it, and undo the decision where it is granted. Answers whether it was this call that did it.

        Raises ValidationError for who may not hear it, without an answer, and where the decision does not stand any
        more: then it is not granted but answered.
        """
        if not answer.strip():
            raise ValidationError({"answer": _("Say why: the author will want to know.")}, code="reason")
        text = self.action.review or self.action.comment
        User.objects.queue_up(self.by_id, text.answered_id if text is not None else None)
        appeal = Appeal.objects.select_for_update(no_key=True).select_related("action").with_words().get(pk=self.pk)
        if not appeal.may_hear(by):
            raise ValidationError(_("Another moderator hears this one."), code="own")
        if is_due := appeal.heard_at is None:
            appeal.heard_by, appeal.heard_at = by, timezone.now()
            appeal.is_granted, appeal.answer = is_granted, answer.strip()
            appeal.save(update_fields=["heard_by", "heard_at", "is_granted", "answer"])
            if is_granted:
                # The appeal's own notice says it.
                reverse(appeal.action, by, answer, rule=appeal.action.rule, is_told=False)
            Notification.objects.tell_of_appeal(appeal)
        return is_due
