from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.groups import MODERATORS
from accounts.models import User
from episodes.boundary import sent, within_reach
from episodes.models import Progress, Series
from reviews.models.moderation import ModerationAction
from reviews.models.notification import Notification
from reviews.models.sanctions import restore_texts
from reviews.models.undo import do_opposite, queue_up, stands
from soundtrack_site.withheld import Withholding, WithholdingQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer

LONGEST_APPEAL = 1_000  # characters
ALONE = timedelta(hours=24)  # after which whoever decided may hear the appeal where there is nobody else
NOBODY_CAME = timedelta(days=7)  # the same, where there is somebody else


class AppealQuerySet(WithholdingQuerySet["Appeal"]):
    def waiting(self) -> Self:
        return self.filter(heard_at=None).order_by("pk")

    def settle_with(self, act: ModerationAction) -> bool:
        """Grant what was asked for, where this act gives it; answers whether anything was. At most one query.

        Called in the transaction that records the act, under the lock of whom it concerns.
        """
        takes = [take for take, give in ModerationAction.OPPOSITE.items() if give == act.verb]
        if not takes or act.target is None:
            return False
        given = ModerationAction.objects.about(act.target).filter(verb__in=takes)
        if act.verb == ModerationAction.Verb.LIFT:
            given = given.filter(sanction=act.sanction)
        elif act.verb == ModerationAction.Verb.RESTORE_ALL:
            given = given.filter(undone_by=act)
        elif act.verb == ModerationAction.Verb.LOWER:
            given = given.filter(scope_before__gte=act.scope_after)
        appeals = list(self.waiting().filter(action__in=given).select_for_update(no_key=True))
        for appeal in appeals:
            appeal.settle(act.actor, True, act.reason, act)
        return bool(appeals)

    def reopen(self, act: ModerationAction) -> None:
        """Let what an act had granted wait again: it is undone, and its notices are withdrawn."""
        nothing = {"heard_by": None, "heard_at": None, "is_granted": None, "answer": "", "granted_with": None}
        self.filter(granted_with=act).update(**nothing)

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
            appeal.series_id = text.series_id
            appeal.text_scope = max(text.stands_at(), Progress.objects.furthest(by, text.series))
        appeal.save(force_insert=True)
        return appeal

    def for_member(self, member: User) -> Self:
        """Their own, with all that they said as `sent_body`."""
        return self.filter(by=member).annotate(sent_body=sent("body", Q(by=member.pk)))

    def for_moderator(self, viewer: Viewer, opens_all: bool = False) -> Self:
        """Adds `sent_body`: it may give away as much as the text that it is about, and all that its writer has seen.

        What is said about a sanction may be about any series: it is opened by itself.
        """
        readable = Q(series__isnull=False) & within_reach(viewer, "text_scope")
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
    # The act that gave what was asked for.
    granted_with = models.ForeignKey(
        ModerationAction, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

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
        return gettext("%(name)s appeals: %(what)s") % {"name": self.by, "what": self.action.summary}

    def others(self) -> QuerySet[User]:
        """Who could hear it besides whoever decided and who lodged it."""
        decides = Q(is_superuser=True) | Q(groups__name=MODERATORS)
        staff = User.objects.filter(decides, is_staff=True, is_active=True).distinct()
        return staff.exclude(pk__in=[self.action.actor_id, self.by_id])

    def own_turn_at(self) -> datetime:
        """From when on whoever decided may hear it: after a day where they are alone, else after a week."""
        return self.created_at + (NOBODY_CAME if self.others().exists() else ALONE)

    def may_hear(self, moderator: User) -> bool:
        """Anybody but who decided, and they only when it is their turn. Never who lodged it. At most two queries."""
        if moderator.pk == self.by_id:
            return False
        return moderator.pk != self.action.actor_id or timezone.now() > self.own_turn_at()

    def hear(self, by: User, is_granted: bool, answer: str) -> bool:
        """Decide it, and undo the decision where it is granted. Answers whether it was this call that did it.

        Raises ValidationError for who may not hear it, without an answer, where the decision cannot be undone unseen,
        and where it is to stand but does not any more.
        """
        if not answer.strip():
            raise ValidationError({"answer": _("Say why: the author will want to know.")}, code="reason")
        with transaction.atomic():
            is_due = self._answer(by, is_granted, answer.strip())
        restore_texts(self.action)
        return is_due

    def _answer(self, by: User, is_granted: bool, answer: str) -> bool:
        queue_up(self.action, self.by_id)
        appeal = Appeal.objects.select_for_update(no_key=True).select_related("action").with_words().get(pk=self.pk)
        if not appeal.may_hear(by):
            raise ValidationError(_("Another moderator hears this one."), code="own")
        if is_due := appeal.heard_at is None:
            is_standing = stands(appeal.action)
            if is_standing and is_granted and not appeal.is_beyond_mending:
                do_opposite(appeal.action, by, answer, {"rule": appeal.action.rule})
            elif not is_standing and not is_granted and not appeal.action.has_run_out:
                raise ValidationError(
                    _("It has been taken back meanwhile: grant the appeal, and say so."), code="gone"
                )
            if Appeal.objects.waiting().filter(pk=appeal.pk).exists():  # not settled with the opposite
                appeal.settle(by, is_granted, answer)
        return is_due

    @property
    def is_beyond_mending(self) -> bool:
        """Its author has deleted the text: nothing is left to give back but its sight. At most one query."""
        text = self.action.standing_text
        return text is not None and text.deleted_at is not None and self.action.kind != ModerationAction.Verb.HIDE

    def settle(self, by: User, is_granted: bool, answer: str, act: ModerationAction | None = None) -> None:
        """Write down how it ended, and tell whoever lodged it. Called under their lock."""
        self.heard_by, self.heard_at = by, timezone.now()
        self.is_granted, self.answer, self.granted_with = is_granted, answer, act
        self.save(update_fields=["heard_by", "heard_at", "is_granted", "answer", "granted_with"])
        Notification.objects.tell_of_appeal(self)
