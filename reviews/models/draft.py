from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from episodes.models import Episode, Series
from reviews.models.comment import Comment
from reviews.models.review import Review
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from reviews.places import Place

Values = dict[str, str]  # what stands in each field of a form, as it would be posted

# Fields of any form that people write into, in the order in which they stand there.
WRITTEN = ("headline", "rewound", "stayed", "shown_to", "at", "song_name", "body")
# The rows that say where a draft waits, for `select_related`.
PLACES = ("series", "episode__series", "review__author", "review__series", "comment__author", "comment__series")
MOST_EARLIER = 10  # texts beside the last one; the oldest gives way


def words_of(values: Values) -> list[str]:
    return [values[name] for name in WRITTEN if values.get(name, "").strip()]


@dataclass(frozen=True)
class Kept:
    """What waits in one place. `earlier`: texts that stood there before and are in no later one, newest first."""

    values: Values
    kept_at: datetime
    earlier: list[Values] = field(default_factory=list)

    @property
    def stamp(self) -> str:
        """What a form says that began with these words: it takes their place, any other stands beside them."""
        return self.kept_at.astimezone(UTC).isoformat()

    @property
    def earlier_words(self) -> list[str]:
        return [said for values in self.earlier for said in words_of(values)]

    def beside(self, older: Values) -> Self:
        others = [values for values in self.earlier if values != older]
        return replace(self, earlier=[older, *others][:MOST_EARLIER])

    def taking(self, values: Values, resumes: str, now: datetime) -> Kept:
        """The same after somebody typed these; fields that their form does not have stay as they are."""
        merged = {**self.values, **values}
        if merged == self.values:
            return self
        kept = Kept(merged, now, self.earlier)
        is_written_over = any(said not in words_of(merged) for said in words_of(self.values))
        return kept.beside(self.values) if is_written_over and resumes != self.stamp else kept

    def meeting(self, other: Kept) -> Kept:
        """Both, where one was typed before its author was known: the younger is to be sent, the older beside it."""
        younger, older = sorted((self, other), key=lambda kept: kept.kept_at, reverse=True)
        found = replace(younger, earlier=[*younger.earlier])
        for values in reversed([older.values, *older.earlier]):
            if values != found.values and values not in found.earlier:
                found = found.beside(values)
        return found


class DraftQuerySet(GuardedQuerySet["Draft"]):
    def by(self, member: User) -> DraftQuerySet:
        return self.filter(member=member)

    def at(self, place: Place) -> DraftQuerySet:
        return self.filter(place=str(place))

    @transaction.atomic
    def keep(self, member: User, place: Place, values: Values, resumes: str = "") -> Kept:
        """Keep what the member typed here. Words that its form did not begin with stay beside it.

        `resumes`: the stamp of the draft that the form began with.
        """
        draft = self._of(member, place)
        now = timezone.now()
        return self._put(draft, member, place, draft.kept.taking(values, resumes, now) if draft else Kept(values, now))

    @transaction.atomic
    def bring(self, member: User, place: Place, kept: Kept) -> Kept:
        """Keep what was typed before its author was known, and lose nothing that they had kept here before."""
        draft = self._of(member, place)
        return self._put(draft, member, place, draft.kept.meeting(kept) if draft else kept)

    @transaction.atomic
    def sent(self, member: User, place: Place, values: Values, resumes: str) -> None:
        """What was typed here was sent. A draft that its form did not begin with, and that says else, still waits."""
        draft = self._of(member, place)
        if draft is None or (resumes != draft.kept.stamp and words_of(values) != draft.words):
            return
        if not draft.earlier:
            draft.delete()
            return
        self._put(draft, member, place, Kept(draft.earlier[0], draft.kept_at, draft.earlier[1:]))

    def _of(self, member: User, place: Place) -> Draft | None:
        member.queue_up()
        return self.by(member).at(place).first()

    def _put(self, draft: Draft | None, member: User, place: Place, kept: Kept) -> Kept:
        columns = {"values": kept.values, "earlier": kept.earlier, "kept_at": kept.kept_at}
        if draft is None:
            self.create(member=member, place=str(place), **columns, **place.columns)
        else:
            self.filter(pk=draft.pk).update(**columns)
        return kept


class Draft(Guarded):
    """What a member wrote and has not sent: one for each place where something can be said.

    `place` names the place ("review/episode-7", "answer/comment-40"); the foreign keys say the same to the database.
    `values`: what stands in each field of the form, as it would be posted. `earlier`: the same of older texts that
    another tab or another day left here.
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
    def kept(self) -> Kept:
        return Kept(self.values, self.kept_at, self.earlier)

    @property
    def words(self) -> list[str]:
        """What was written into it, without what was only chosen."""
        return words_of(self.values)

    @property
    def earlier_words(self) -> list[str]:
        return self.kept.earlier_words

    @property
    def leads_somewhere(self) -> bool:
        """False for a change to a comment that is not the member's: there is no form for it."""
        return self.form != "edit" or (self.comment is not None and self.comment.author_id == self.member_id)
