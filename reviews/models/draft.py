from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from episodes.boundary import Guarded, GuardedQuerySet
from episodes.models import Episode, Series
from reviews.models.comment import Comment
from reviews.models.review import Review

if TYPE_CHECKING:
    from accounts.models import User


class DraftQuerySet(GuardedQuerySet["Draft"]):
    def by(self, member: User) -> DraftQuerySet:
        return self.filter(member=member).order_by("-kept_at", "-pk")


class Draft(Guarded):
    """What a member wrote and has not sent: one for each place where something can be said.

    `place` names the place ("review/episode-7", "answer/comment-40"); the foreign keys say the same to the database.
    `values`: what stands in each field of the form, as it would be posted.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts")
    place = models.CharField(_("place"), max_length=60)
    series = models.ForeignKey(Series, models.PROTECT, related_name="drafts")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="drafts", null=True, blank=True)
    review = models.ForeignKey(Review, models.PROTECT, related_name="drafts", null=True, blank=True)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="drafts", null=True, blank=True)
    values = models.JSONField(_("what was typed"), default=dict)
    kept_at = models.DateTimeField(_("kept"), default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-kept_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["member", "place"], name="draft_once_per_place")]
        indexes = [models.Index(fields=["member", "-kept_at"], name="draft_by_member")]

    def __str__(self) -> str:
        return f"{self.member}: {self.place}"
