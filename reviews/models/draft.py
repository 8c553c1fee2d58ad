from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from episodes.boundary import Guarded, GuardedQuerySet
from episodes.models import Episode, Series
from reviews.models.comment import Comment
from reviews.models.review import Review

if TYPE_CHECKING:
    from accounts.models import User
    from reviews.places import Place

Values = dict[str, str]  # what stands in each field of a form, as it would be posted


class DraftQuerySet(GuardedQuerySet["Draft"]):
    def by(self, member: User) -> DraftQuerySet:
        return self.filter(member=member)

    def at(self, place: Place) -> DraftQuerySet:
        return self.filter(place=str(place))

    @transaction.atomic
    def keep(self, member: User, place: Place, values: Values, kept_at: datetime | None = None) -> None:
        """Keep what the member typed here. The younger of two texts is the draft; the older stays beside it.

        `kept_at`: when it was typed, where that was not now.
        """
        member.queue_up()
        now = kept_at or timezone.now()
        draft = self.by(member).at(place).first()
        if draft is None:
            self.create(member=member, place=str(place), values=values, kept_at=now, **place.columns)
        elif draft.values != values:
            draft.take(values, now)

    @transaction.atomic
    def bring(self, member: User, place: Place, values: Values, kept_at: datetime) -> None:
        """Keep what was typed before its author was known, and lose nothing that they had kept here before."""
        member.queue_up()
        draft = self.by(member).at(place).first()
        if draft is None or draft.values == values or draft.earlier == values:
            if draft is None:
                self.keep(member, place, values, kept_at)
            return
        younger, older = (values, draft.values) if kept_at > draft.kept_at else (draft.values, values)
        draft.earlier = older
        draft.take(younger, max(kept_at, draft.kept_at))


class Draft(Guarded):
    """What a member wrote and has not sent: one for each place where something can be said.

    `place` names the place ("review/episode-7", "answer/comment-40"); the foreign keys say the same to the database.
    `values`: what stands in each field of the form, as it would be posted. `earlier`: the same of an older text,
    where two met because one was written before its author had logged in.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts")
    place = models.CharField(_("place"), max_length=60)
    series = models.ForeignKey(Series, models.PROTECT, related_name="drafts")
    episode = models.ForeignKey(Episode, models.PROTECT, related_name="drafts", null=True, blank=True)
    review = models.ForeignKey(Review, models.PROTECT, related_name="drafts", null=True, blank=True)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="drafts", null=True, blank=True)
    values = models.JSONField(_("what was typed"), default=dict)
    earlier = models.JSONField(_("what was typed before"), default=list, blank=True)
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

    @property
    def form(self) -> str:
        """Which form it was typed into: see `reviews.places`."""
        return self.place.partition("/")[0]

    @property
    def where(self) -> Place:
        """Its place. No query where the rows were joined."""
        from reviews.places import Place

        target: Any = self.comment or self.review if self.form in ("answer", "edit") else self.episode or self.series
        return Place(self.form, target)

    @property
    def words(self) -> list[str]:
        """What was written into it, without what was only chosen."""
        return words_of(self.values)

    @property
    def earlier_words(self) -> list[str]:
        return words_of(self.earlier)

    def take(self, values: Values, kept_at: datetime) -> None:
        self.values, self.kept_at = values, kept_at
        self.save(update_fields=["values", "earlier", "kept_at"])


# Fields of any form that people write into, in the order in which they stand there.
WRITTEN = ("headline", "rewound", "stayed", "shown_to", "at", "song_name", "body")


def words_of(values: Values) -> list[str]:
    return [values[name] for name in WRITTEN if values.get(name, "").strip()]
