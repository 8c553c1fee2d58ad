from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from episodes.models import Progress
from reviews.models.holds import count, hold
from reviews.models.moderated import Moderated
from reviews.models.reading import LIVE, Subject, TextQuerySet, place
from reviews.models.revision import BESIDES, Revision, besides
from reviews.models.tally import Entry, Ledger
from reviews.models.text import RENDERED, check_aired, check_scope, text_constraints
from soundtrack_site.markdown import count_words

if TYPE_CHECKING:
    from reviews.models.moderation import ModerationAction

LONGEST_HEADLINE = 120  # characters
LAST_STARS = 5  # ratings that a member's row remembers
LONGEST_ANSWER = 300  # characters, to a prompt
# What a review of a whole series is asked besides.
PROMPTS = ("rewound", "stayed", "shown_to")
WORDLESS = Q(body="", folded_headline="", rewound="", stayed="", shown_to="")


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
        began_with: str | None = None,
        client: str | None = None,
        **prompts: str,
    ) -> Review:
        """Write the author's one review of the subject, or change it. Saying the same again changes nothing.

        A new review of an episode marks it as seen. One that takes the place of a hidden one is hidden like it. A
        scope below the one that the words stand at is taken for that one: only moderators lower it.
        `prompts`: answers by name, for a whole series. `began_with`: see `Text.check_unchanged`; `client`: `holds`.
        Raises ValidationError for an unaired episode, a scope beyond what has aired, a review without stars or
        text, and words that another tab has changed meanwhile.
        """
        series, episode = place(subject)
        draft = Review(author=author, series=series, episode=episode, stars=stars, headline=headline, **prompts)
        draft.write(body)  # rendering may take long: before the transaction
        draft.spoils_through = spoils_through
        with transaction.atomic():
            count(author, client)
            author.queue_up()
            check_aired(episode)
            check_scope(series, spoils_through)
            review = self.own(author, subject)
            if review is None:
                return draft.appear(client)
            draft.heed(review)
            draft.clean()
            if not review.says(draft):
                # Stars that were given meanwhile on the spot, and stand in the form as well, are no words to lose.
                if not (review.is_bare and review.stars == draft.stars):
                    review.check_unchanged(began_with)
                review.change_to(draft, client)
            return review

    def rate(self, author: User, subject: Subject, stars: int, client: str | None = None) -> Review:
        """Give stars, or others, and leave every word as it stands. Marks an episode as seen like a review.

        `client`: see `holds`; a press on a star is counted like one on "I felt that". Raises ValidationError for an
        unaired episode and stars beyond 1 to 10; FloodError.
        """
        series, episode = place(subject)
        bare = Review(author=author, series=series, episode=episode, stars=stars, spoils_through=0)
        bare.clean()  # also where there is a review already, which would take any stars
        with transaction.atomic():
            count(author, client, "like")
            author.queue_up()
            check_aired(episode)
            review = self.own(author, subject)
            if review is None:
                return bare.appear()
            if review.stars != stars:
                review.change_to(review.saying_the_same(stars=stars))
            return review

    def own(self, author: User, subject: Subject) -> Review | None:
        """The author's review of the subject, for a verb that changes it: with words, locked."""
        series, episode = place(subject)
        own = self.filter(author=author, series=series, episode=episode, deleted_at=None)
        return own.with_words().select_for_update(no_key=True).first()


class Review(Moderated):
    """A member's one rating or review, or both, of an episode or of a whole series.

    Its headline is safe for everybody by rule; only the body has a scope. Where that rule was broken, a moderator
    folds the headline into the text: then it is `folded_headline`, and has the scope of the body.
    """

    withheld = ("body", "whole_html", "folded_headline", *PROMPTS)
    sent_words = {"html": "whole_html", "folded_headline": "folded_headline", **{name: name for name in PROMPTS}}
    said = ("stars", "line", "body", "spoils_through", *PROMPTS)

    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True, help_text=_("1–10 half stars"))
    headline = models.CharField(_("headline"), max_length=LONGEST_HEADLINE, blank=True)
    folded_headline = models.CharField(BESIDES["folded_headline"], max_length=LONGEST_HEADLINE, blank=True)
    headline_folded_at = models.DateTimeField(_("headline folded"), null=True, blank=True, editable=False)
    headline_folded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("headline folded by"),
        related_name="folded_headlines",
        null=True,
        blank=True,
        editable=False,
    )
    rewound = models.CharField(BESIDES["rewound"], max_length=LONGEST_ANSWER, blank=True)
    stayed = models.CharField(BESIDES["stayed"], max_length=LONGEST_ANSWER, blank=True)
    shown_to = models.CharField(BESIDES["shown_to"], max_length=LONGEST_ANSWER, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-pk"]
        permissions = [("moderate_review", _("Can hide and restore reviews"))]
        constraints = [
            *text_constraints("review", WORDLESS),
            models.CheckConstraint(
                condition=Q(headline_folded_at=None, headline_folded_by=None, folded_headline="")
                | Q(headline_folded_at__isnull=False, headline_folded_by__isnull=False, headline=""),
                name="review_headline_folded_by_someone",
            ),
            models.CheckConstraint(condition=Q(stars=None) | Q(stars__range=(1, 10)), name="review_stars_1_to_10"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=False) | Q(stars__isnull=False) | ~WORDLESS,
                name="review_stars_or_words",
            ),
            models.CheckConstraint(condition=~WORDLESS | Q(spoils_through=0), name="review_without_words_is_safe"),
            models.CheckConstraint(
                condition=Q(deleted_at=None)
                | Q(headline="", folded_headline="", stars=None, rewound="", stayed="", shown_to=""),
                name="review_deleted_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(episode=None) | Q(rewound="", stayed="", shown_to=""),
                name="review_only_a_series_has_prompts",
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
            models.Index(fields=["series", "episode", "-like_count", "-id"], condition=LIVE, name="review_live_felt"),
            models.Index(fields=["series", "episode", "stars", "id"], condition=LIVE, name="review_live_by_stars"),
            models.Index(fields=["author", "-id"], condition=Q(deleted_at=None), name="review_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.episode or self.series}"

    @property
    def open_headline(self) -> str:
        """What stands above it for this reader: nothing while reports have folded the text. Needs `for_reader`."""
        return "" if self.folded_at is not None and not self.is_open else self.headline

    def get_absolute_url(self) -> str:
        return reverse("reviews:review", args=[self.pk])

    def get_edit_url(self) -> str:
        return edit_review_url(self.subject)

    def clean(self) -> None:
        if self.episode is not None and any(getattr(self, name) for name in PROMPTS):
            raise ValidationError(_("Only a whole series is asked that."), code="prompts")
        if self.stars is None and not self.has_scoped_words:
            raise ValidationError(_("Give stars, write something, or both."), code="empty")
        if self.stars is not None and not 1 <= self.stars <= 10:
            raise ValidationError({"stars": _("Half a star to five.")}, code="stars")
        for name, longest in (("headline", LONGEST_HEADLINE), *((name, LONGEST_ANSWER) for name in PROMPTS)):
            if len(getattr(self, name)) > longest:
                raise ValidationError({name: _("That is longer than can be kept.")}, code="max_length")

    @property
    def is_bare(self) -> bool:
        """Only stars: counted, never listed."""
        return not self.headline and not self.word_count

    @property
    def line(self) -> str:
        """Its one line as its author wrote it, wherever it stands. Needs `with_words`."""
        return self.headline or self.folded_headline

    @line.setter
    def line(self, said: str) -> None:
        self.headline, self.folded_headline = (said, "") if self.headline_folded_at is None else ("", said)

    @property
    def has_scoped_words(self) -> bool:
        """It says more than stars and a safe line. Needs `with_words`."""
        return bool(self.body or self.folded_headline) or any(getattr(self, name) for name in PROMPTS)

    @property
    def answers(self) -> list[tuple[Promise | str, str]]:
        """Each prompt that it answers, in words, with the answer this reader may have. Needs `for_reader`."""
        return besides({name: getattr(self, f"sent_{name}", None) for name in PROMPTS})

    def count_words(self) -> int:
        return super().count_words() + sum(count_words(getattr(self, name)) for name in ("folded_headline", *PROMPTS))

    def more_words(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("folded_headline", *PROMPTS) if getattr(self, name)}

    def saying_the_same(self, **but: Any) -> Review:
        """An unsaved review that says what this one says, but for these."""
        draft = Review(author_id=self.author_id, series_id=self.series_id, episode_id=self.episode_id)
        draft.take_rulings(self)
        for name in (*self.said, *RENDERED):
            setattr(draft, name, but.get(name, getattr(self, name)))
        return draft

    def appear(self, client: str | None = None) -> Review:
        """Be saved for the first time; in place of a deleted one, under whatever moderators decided about that.

        What stays hidden is not held besides: whoever restores it has read it, see `restore`.
        """
        self.stay_ruled()
        hold(self, client)
        self.clean()
        if self.episode is not None:
            Progress.objects.reach(self.author, self.series, self.episode.number)
        self.learn_hindsight()
        self.save(force_insert=True)
        self.settle_from(Ledger())
        return self

    def stay_ruled(self) -> None:
        """Stand as moderators left the one deleted last: nobody deletes their way around them. One query."""
        every = Review.objects.filter(author=self.author, series=self.series, episode=self.episode)
        last = every.order_by("-deleted_at", "-pk").first()
        if last is not None:
            self.hidden_at, self.hidden_by = last.hidden_at, last.hidden_by
            self.take_rulings(last)
        self.take_scope()

    def take_rulings(self, other: Review) -> None:
        """Fold the headline, and go no lower, where moderators decided so about the other."""
        line = self.line
        self.headline_folded_at, self.headline_folded_by_id = other.headline_folded_at, other.headline_folded_by_id
        self.least_scope = other.least_scope
        self.line = line
        self.word_count = self.count_words()
        self.take_scope()

    def take_scope(self) -> None:
        """Stand as far as its words spoil and a moderator put it; without a text nothing spoils."""
        self.spoils_through = max(self.spoils_through or 0, self.least_scope) if self.has_scoped_words else 0

    def heed(self, review: Review) -> None:
        """Be what that review can become by its author's hand: its words are never put lower."""
        self.take_rulings(review)
        if self.has_scoped_words and review.has_scoped_words:
            self.spoils_through = max(self.spoils_through, review.spoils_through)

    def change_to(self, draft: Review, client: str | None = None) -> None:
        """Say what the draft says. Called on a locked row; whoever rewatches stays where they are."""
        Revision.objects.keep(self)
        before, was_bare = self.ledger(), self.is_bare
        for name in (*self.said, *RENDERED):
            setattr(self, name, getattr(draft, name))
        hold(self, client)
        self.learn_hindsight()
        if not was_bare:  # the first words after stars are no change of words
            self.edited_at = timezone.now()
        self.version += 1
        self.save()
        self.settle_all_from(before)

    def locked(self) -> Review:
        User.objects.queue_up(self.author_id)  # whose row remembers these stars
        return super().locked()

    def settle_from(self, before: Ledger, others: Ledger | None = None) -> None:
        if rated(before) != rated(self.ledger()):
            remember_stars(self.author_id)
        super().settle_from(before, others)

    def can_edit(self, user: object) -> bool:
        return self.is_by(user) and self.deleted_at is None

    def ledger(self) -> Ledger:
        counts = Ledger()
        if self.is_live:
            subject = {"series_id": self.series_id, "episode_id": self.episode_id}
            if self.stars is not None:
                counts[Entry.of("RatingTally", **subject, stars=self.stars)] += 1
            if not self.is_bare:
                counts[Entry.of("ScopeTally", kind="review", **subject, scope=self.spoils_through)] += 1
        return counts

    def below(self) -> Any:
        return self.comments.all()

    def blank(self) -> None:
        self.line, self.stars = "", None
        for name in PROMPTS:
            setattr(self, name, "")
        super().blank()

    def every_word(self) -> str:
        return "\n".join([self.line, super().every_word(), *(getattr(self, name) for name in PROMPTS)])

    def say_again(self, kept: Revision) -> None:
        another = Review.objects.filter(author=self.author, series=self.series, episode=self.episode, deleted_at=None)
        if another.exists():
            raise ValidationError(_("You have written another review since. It stands."), code="replaced")
        self.stay_ruled()
        self.line, self.stars = kept.headline or kept.more.get("folded_headline", ""), kept.stars
        for name in PROMPTS:
            setattr(self, name, kept.more.get(name, ""))
        super().say_again(kept)
        self.take_scope()
        self.clean()

    @transaction.atomic
    def fold_headline(self, by: User, scope: int, reason: str, **told: Any) -> bool:
        """Make the headline a part of the text that spoils through `scope`, for a moderator, with a reason in the log.

        It was no safe line: a stub says nothing in its place, and what its author writes there later is folded too.
        Twice is once. Raises ValidationError for a scope of 0 or beyond what has aired, and where no headline is left.
        """
        review, reports = self.judged(by, told, is_headline=True)
        review.check_stands()
        if is_due := review.headline_folded_at is None:
            if not review.headline:
                raise ValidationError(_("It has no headline."), code="gone")
            check_scope(self.series, scope)
            if scope == 0:
                safe = _("A line that gives nothing away stays where it is.")
                raise ValidationError({"spoils_through": safe}, code="scope")
            review.least_scope = max(review.least_scope, scope)
            carried = review.below().lower_than(max(review.spoils_through, scope))
            review.move_line("fold", by, reason, timezone.now(), answers=reports, carried=carried, **told)
        self.learn_line(review)
        return is_due

    @transaction.atomic
    def unfold_headline(self, by: User, reason: str, **told: Any) -> bool:
        """Put the line above the text again, where everybody reads it. Twice is once.

        The text stays at its scope, but for one that an act had put further along with its line, and is taken back.
        Raises ValidationError where neither stars nor a text are left for the line to stand above.
        """
        review, reports = self.judged(by, told, is_headline=True)
        review.check_unchanged_since(told.get("undoes"))
        if is_due := review.deleted_at is None and review.headline_folded_at is not None:
            if review.stars is None and not any(getattr(review, name) for name in ("body", *PROMPTS)):
                alone = _("Its author has taken stars and text away: a line does not stand alone.")
                raise ValidationError(alone, code="empty")
            folded = told.get("undoes")
            is_back = folded is not None and folded.verb == "fold" and review.spoils_through == folded.scope_after
            review.move_line("unfold", by, reason, None, back=folded if is_back else None, answers=reports, **told)
        self.learn_line(review)
        return is_due

    def move_line(
        self,
        verb: str,
        by: User,
        reason: str,
        folded_at: datetime | None,
        back: ModerationAction | None = None,
        **told: Any,
    ) -> None:
        """Put the line into the text, or above it again, and say so in the log. Called on a locked row.

        `back`: the act that put the text further with it, and is taken back.
        """
        line, spoiled, before = self.line, self.spoils_through, self.ledger()
        self.headline_folded_at, self.headline_folded_by = folded_at, by if folded_at else None
        self.line = line
        self.word_count = self.count_words()
        if back is not None:
            self.spoils_through = self.least_scope = back.scope_before or 0
        self.take_scope()
        if not self.has_scoped_words:
            self.least_scope = 0  # it was about the line
        self.version += 1
        self.save()
        self.settle_all_from(before, back)
        self.note(by, verb, reason, scope_before=spoiled, scope_after=self.spoils_through, **told)

    def learn_line(self, review: Review) -> None:
        """What the locked row says of the headline now."""
        stamps = ("headline_folded_at", "headline_folded_by_id", "version")
        for name in ("headline", "spoils_through", "least_scope", *stamps):
            setattr(self, name, getattr(review, name))

    @transaction.atomic
    def remove_rating(self) -> None:
        """Take the stars back. A review that was nothing else is gone."""
        review = self.locked()
        if review.stars is None:
            return
        if not review.has_scoped_words:
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


def rated(ledger: Ledger) -> Ledger:
    """The part of a ledger that counts stars."""
    return Ledger({entry: count for entry, count in ledger.items() if "stars" in dict(entry.columns)})


def remember_stars(author: int) -> None:
    """Write a member's last ratings, newest first, to their row, which the verb has locked. At most two queries."""
    given = Review.objects.live().filter(author=author, stars__isnull=False).order_by("-pk")
    stars = " ".join(map(str, given.values_list("stars", flat=True)[:LAST_STARS]))
    User.objects.filter(pk=author).exclude(last_stars=stars).update(last_stars=stars, version=F("version") + 1)


def edit_review_url(subject: Subject) -> str:
    series, episode = place(subject)
    if episode is None:
        return reverse("reviews:edit_review", args=[series.slug])
    return reverse("reviews:edit_review", args=[series.slug, episode.number])
