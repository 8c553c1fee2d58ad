from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from episodes.boundary import Guarded
from reviews.models.comment import Comment
from reviews.models.review import Review
from reviews.models.revision import exactly_one


class Like(Guarded):
    """ "I felt that": one per member and text."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="likes")
    review = models.ForeignKey(Review, models.CASCADE, related_name="likes", null=True, blank=True)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="likes", null=True, blank=True)
    created_at = models.DateTimeField(_("felt"), auto_now_add=True)

    class Meta:
        verbose_name = _("like")
        verbose_name_plural = _("likes")
        constraints = [
            models.CheckConstraint(condition=exactly_one("review", "comment"), name="like_of_one_text"),
            models.UniqueConstraint(
                fields=["member", "review"], condition=Q(review__isnull=False), name="like_once_per_review"
            ),
            models.UniqueConstraint(
                fields=["member", "comment"], condition=Q(comment__isnull=False), name="like_once_per_comment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.review or self.comment}"
