from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reviews.models.comment import Comment
from reviews.models.holds import count
from reviews.models.review import Review
from reviews.models.revision import exactly_one, target_of
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from reviews.models.text import Text


class LikeQuerySet(GuardedQuerySet["Like"]):
    @transaction.atomic
    def feel(self, member: User, text: Text, wanted: bool, client: str | None = None) -> None:
        """Say that the member felt this text, or does not any more. Asking for what is so already changes nothing.

        `client`: see `holds`. Raises ValidationError for their own text and for one that has been taken away, and
        FloodError.
        """
        count(member, client, "like")
        member.queue_up()
        texts = type(text)._default_manager
        locked = texts.select_for_update(no_key=True).get(pk=text.pk)
        if locked.author_id == member.pk:
            raise ValidationError(_("It is yours: others say whether they felt it."), code="own")
        own = self.filter(member=member, **target_of(text))
        if wanted == own.exists():
            return
        if not wanted:
            own.delete()
        elif not locked.is_live:
            raise ValidationError(_("It has been taken away meanwhile."), code="gone")
        else:
            self.create(member=member, **target_of(text))
        step = 1 if wanted else -1
        texts.filter(pk=text.pk).update(like_count=F("like_count") + step, version=F("version") + 1)


class Like(Guarded):
    """ "I felt that": one per member and text."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="likes")
    review = models.ForeignKey(Review, models.CASCADE, related_name="likes", null=True, blank=True)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="likes", null=True, blank=True)
    created_at = models.DateTimeField(_("felt"), auto_now_add=True)

    objects = LikeQuerySet.as_manager()

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
