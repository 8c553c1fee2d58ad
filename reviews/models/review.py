from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from episodes.models import Progress
from reviews.models.revision import Revision
from reviews.models.tally import Entry, Ledger
from reviews.models.text import (
    LIVE,
    Subject,
    Text,
    TextQuerySet,
    check_aired,
    check_scope,
    place,
    text_constraints,
)

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_HEADLINE = 120  # characters
SAID = ("stars", "headline", "body", "spoils_through")


class ReviewQuerySet(TextQuerySet["Review"]):
    kind = "review"

    def listed(self) -> Self:
        """Reviews that say something; bare ratings only count."""
        return self.filter(~Q(headline="") | Q(word_count__gt=0))

    def publish(
        self,
        author: User,
        subject: Subject,
        *,
        stars: int | None,
        headline: str = "",
        body: str = "",
        spoils_through: int = 0,
    ) -> Review:
        """Write the author's one review of the subject, or change it. Saying the same again changes nothing.

        A new review of an episode marks it as seen. One that takes the place of a hidden one is hidden like it.
        Raises ValidationError for an unaired episode, a scope beyond what has aired, and a review without
        stars or text.
        """
        series, episode = place(subject)
        draft = Review(author=author, series=series, episode=episode, stars=stars, headline=headline)
        draft.spoils_through = spoils_through if body else 0
        draft.write(body)  # rendering may take long: before the transaction
        draft.clean()
        with transaction.atomic():
            author.queue_up()
            check_aired(episode)
            check_scope(series, spoils_through)
            own = self.filter(author=author, series=series, episode=episode)
            review = own.filter(deleted_at=None).with_words().select_for_update(no_key=True).first()
            if review is None:
                return draft.appear(after=own.order_by("-pk").first())
            if not review.says(draft):
                review.change_to(draft)
            return review


class Review(Text):
    """A member's one rating or review, or both, of an episode or of a whole series.

    Its headline is safe for everybody by rule; only the body has a scope.
    """

    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True, help_text=_("1–10 half stars"))
    headline = models.CharField(_("headline"), max_length=LONGEST_HEADLINE, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-pk"]
        permissions = [("moderate_review", _("Can hide and restore reviews"))]
        constraints = [
            *text_constraints("review"),
            models.CheckConstraint(condition=Q(stars=None) | Q(stars__range=(1, 10)), name="review_stars_1_to_10"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=False) | Q(stars__isnull=False) | ~Q(body=""),
                name="review_stars_or_body",
            ),
            models.CheckConstraint(condition=~Q(body="") | Q(spoils_through=0), name="review_without_body_is_safe"),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(headline="", stars=None), name="review_deleted_says_nothing"
            ),
            models.UniqueConstraint(
                fields=["author", "series"],
                condition=Q(episode=None, deleted_at=None),
                name="review_once_per_series",
            ),
            models.UniqueConstraint(
                fields=["author", "series", "episode"],
                condition=Q(episode__isnull=False, deleted_at=None),
                name="review_once_per_episode",
            ),
        ]
        indexes = [
            models.Index(fields=["series", "episode", "-id"], condition=LIVE, name="review_live_newest"),
            models.Index(
                fields=["series", "episode", "spoils_through", "-id"], condition=LIVE, name="review_live_by_scope"
            ),
            models.Index(fields=["author", "-id"], condition=Q(deleted_at=None), name="review_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.episode or self.series}"

    def get_absolute_url(self) -> str:
        return reverse("reviews:review", args=[self.pk])

    def get_edit_url(self) -> str:
        return edit_review_url(self.subject)

    def clean(self) -> None:
        if self.stars is None and not self.body:
            raise ValidationError(_("Give stars, write something, or both."), code="empty")
        if self.stars is not None and not 1 <= self.stars <= 10:
            raise ValidationError({"stars": _("Half a star to five.")}, code="stars")

    @property
    def is_bare(self) -> bool:
        """Only stars: counted, never listed."""
        return not self.headline and not self.word_count

    def appear(self, after: Review | None) -> Review:
        """Be saved for the first time. `after`: the author's last review of the same, deleted and perhaps hidden."""
        if after is not None:
            self.hidden_at, self.hidden_by = after.hidden_at, after.hidden_by
        if self.episode is not None:
            Progress.objects.reach(self.author, self.series, self.episode.number)
        self.learn_hindsight()
        self.save(force_insert=True)
        self.settle_from(Ledger())
        return self

    def change_to(self, draft: Review) -> None:
        """Say what the draft says. Called on a locked row; whoever rewatches stays where they are."""
        Revision.objects.keep(self)
        before = self.ledger()
        for name in SAID:
            setattr(self, name, getattr(draft, name))
        self.write(draft.body)
        self.learn_hindsight()
        self.edited_at = timezone.now()
        self.version += 1
        self.save()
        # A reply spoils at least as far as what it answers. No tally counts what stands under a review.
        self.comments.raise_to(self.spoils_through)
        self.settle_from(before)

    def says(self, other: Review) -> bool:
        return all(getattr(self, name) == getattr(other, name) for name in SAID)

    def can_edit(self, user: object) -> bool:
        return self.is_by(user) and self.deleted_at is None

    def ledger(self) -> Ledger:
        counts = Ledger()
        if self.is_live:
            subject = {"series_id": self.series_id, "episode_id": self.episode_id}
            if self.stars is not None:
                counts[Entry.of("RatingTally", **subject, stars=self.stars)] += 1
            if not self.is_bare:
                counts[Entry.of("ScopeTally", **subject, kind="review", scope=self.spoils_through)] += 1
        return counts

    def blank(self) -> None:
        super().blank()
        self.headline, self.stars = "", None

    @transaction.atomic
    def remove_rating(self) -> None:
        """Take the stars back. A review that was nothing else is gone."""
        review = self.locked()
        if review.stars is None:
            return
        if not review.body:
            review.retract()
            self.deleted_at = review.deleted_at or timezone.now()
            return
        Revision.objects.keep(review)
        before = review.ledger()
        review.stars = None
        review.edited_at = timezone.now()
        review.version += 1
        review.save(update_fields=["stars", "edited_at", "version"])
        review.settle_from(before)
        self.stars = None


def edit_review_url(subject: Subject) -> str:
    series, episode = place(subject)
    if episode is None:
        return reverse("reviews:edit_review", args=[series.slug])
    return reverse("reviews:edit_review", args=[series.slug, episode.number])
