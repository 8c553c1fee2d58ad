from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from episodes.boundary import beyond_reach, sent, within_reach
from episodes.models import Episode, Progress, Series
from reviews.models.tally import Entry, Ledger, settle
from soundtrack_site.markdown import RENDERER_VERSION, count_words, render_markdown, stored_html
from soundtrack_site.withheld import Withholding, WithholdingQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from episodes.viewer import Viewer
    from reviews.models.revision import Revision

# Nobody hid it, nothing holds it, its author has not deleted it: it counts, and everybody may know of it.
LIVE = Q(hidden_at=None, held_at=None, deleted_at=None)

LONGEST_BODY = 10_000  # characters
# What is derived from the words when they are written.
RENDERED = ("whole_html", "renderer_version", "word_count")

# How long its author can take a deletion back.
UNDO_WINDOW = timedelta(minutes=30)

T = TypeVar("T", bound="Text")

Subject = Series | Episode


def place(subject: Subject) -> tuple[Series, Episode | None]:
    if isinstance(subject, Episode):
        return subject.series, subject
    return subject, None


class TextQuerySet(WithholdingQuerySet[T]):
    kind: ClassVar[str]  # what `?reveal=` calls these texts

    def about(self, subject: Subject) -> Self:
        series, episode = place(subject)
        return self.filter(series=series, episode=episode)

    def by(self, member: User) -> Self:
        return self.filter(author=member, deleted_at=None)

    def live(self) -> Self:
        return self.filter(LIVE)

    def with_subject(self) -> Self:
        return self.select_related("author", "series", "episode")

    def visible_to(self, viewer: Viewer) -> Self:
        """Rows this viewer may know of at all: live, their own, or a tombstone that holds up live replies.

        Which words of them are sent, `for_reader` decides.
        """
        return self.filter(LIVE | self._own(viewer) | Q(comment_count__gt=0))

    def open_to(self, viewer: Viewer, series: Series | None = None) -> Self:
        """Live rows that spoil no further than this viewer has seen. Lists of one series name it."""
        return self.live().filter(within_reach(viewer, "spoils_through", series))

    def open_threads(self, viewer: Viewer, series: Series) -> Self:
        """The same, and what is gone but still holds up live replies."""
        open_rows = LIVE & within_reach(viewer, "spoils_through", series)
        return self.filter(open_rows | (~LIVE & Q(comment_count__gt=0)))

    def waiting_for(self, viewer: Viewer, series: Series | None = None) -> Self:
        """Live rows that spoil further: stubs, but for the viewer's own and what they asked to be shown."""
        return self.live().filter(beyond_reach(viewer, "spoils_through", series))

    def same_seat(self, viewer: Viewer, series: Series) -> Self:
        """Texts whose authors had seen no further than this viewer has when they wrote them."""
        return self.filter(within_reach(viewer, "author_seen_through", series))

    def for_reader(self, viewer: Viewer, series: Series | None = None) -> Self:
        """Adds `sent_html`: the words, or null where this viewer gets a stub; and `is_felt`: whether they felt it.

        Words are sent when they spoil no further than the viewer has seen, when they are their own, or
        when this request asked for them: then alone `is_revealed`. Lists of one series name it, and compare with a
        literal. `written_before`: the first episode that the author had not seen then; None if they had seen all.
        """
        readable = rule = self._readable(viewer, series)
        is_revealed: Value | Case = Value(False)
        if revealed := viewer.revealed(self.kind):
            asked = LIVE & Q(pk__in=revealed)
            rule = readable | asked
            is_revealed = Case(When(readable, then=False), When(asked, then=True), default=False)
        return self.annotate(
            **{f"sent_{name}": sent(column, rule) for name, column in self.model.sent_words.items()},
            is_revealed=is_revealed,
            is_felt=self._felt_by(viewer),
            written_before=self._unseen_then(),
        ).select_related("author")

    @staticmethod
    def _unseen_then() -> Subquery:
        later = Episode.objects.filter(series=OuterRef("series"), number__gt=OuterRef("author_seen_through"))
        return Subquery(later.order_by("number").values("number")[:1])

    def _felt_by(self, viewer: Viewer) -> Exists | Value:
        if viewer.member_id is None:
            return Value(False)
        likes = apps.get_model("reviews", "Like")._default_manager
        return Exists(likes.filter(**{self.kind: OuterRef("pk")}, member=viewer.member_id))

    def _readable(self, viewer: Viewer, series: Series | None) -> Q:
        return (LIVE & within_reach(viewer, "spoils_through", series)) | self._own(viewer)

    def _own(self, viewer: Viewer) -> Q:
        if viewer.member_id is None:
            return Q(pk=None)
        return Q(author=viewer.member_id, deleted_at=None)


class Text(Withholding):
    """What reviews and comments share: words, how far they spoil, and who took them away.

    The words are withheld: ask for them through `for_reader`, or `with_words` where a verb changes them.
    """

    withheld: ClassVar[tuple[str, ...]] = ("body", "whole_html")
    # What `for_reader` sends, as `sent_…`, and the column it stands in.
    sent_words: ClassVar[dict[str, str]] = {"html": "whole_html"}
    # The member who hears of it; a column only where a text answers another.
    answered_id: int | None = None
    # The columns that its author's form fills in; all that "the same text" means.
    said: ClassVar[tuple[str, ...]]

    series = models.ForeignKey(Series, models.PROTECT, verbose_name=_("series"), related_name="%(class)ss")
    episode = models.ForeignKey(
        Episode, models.PROTECT, verbose_name=_("episode"), related_name="%(class)ss", null=True, blank=True
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("author"), related_name="%(class)ss"
    )

    body = models.TextField(_("text"), max_length=LONGEST_BODY, blank=True)
    spoils_through = models.PositiveSmallIntegerField(_("spoils through"))
    author_seen_through = models.PositiveSmallIntegerField(_("author had seen through"))

    whole_html = models.TextField(editable=False, blank=True)
    renderer_version = models.PositiveSmallIntegerField(default=RENDERER_VERSION, editable=False)
    word_count = models.PositiveIntegerField(_("words"), default=0, editable=False)
    like_count = models.PositiveIntegerField(_("likes"), default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("hidden by"),
        related_name="hidden_%(class)ss",
        null=True,
        blank=True,
        editable=False,
    )
    held_at = models.DateTimeField(_("held"), null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_live(self) -> bool:
        return self.hidden_at is None and self.held_at is None and self.deleted_at is None

    @property
    def is_open(self) -> bool:
        """The words were sent. False where the template shows a stub or a tombstone. Needs `for_reader`."""
        return getattr(self, "sent_html", None) is not None

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def body_html(self) -> SafeString:
        """The words that this reader may have. Needs `for_reader`."""
        return stored_html(getattr(self, "sent_html", None) or "")

    @property
    def subject(self) -> Subject:
        return self.episode or self.series

    @property
    def reveal_name(self) -> str:
        """What `?reveal=` and fragments call it: "review-12"."""
        return f"{self._meta.model_name}-{self.pk}"

    def get_like_url(self) -> str:
        return reverse(f"reviews:like_{self._meta.model_name}", args=[self.pk])

    @property
    def can_return(self) -> bool:
        """Its author deleted it a moment ago and may take that back."""
        return self.deleted_at is not None and timezone.now() < self.deleted_at + UNDO_WINDOW

    @property
    def fingerprint(self) -> str:
        """Short proof of what it says now: a form carries the one it began with. Needs `with_words`."""
        said = json.dumps([getattr(self, name) for name in self.said], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def is_by(self, user: object) -> bool:
        return self.author_id == getattr(user, "pk", None)

    def says(self: T, other: T) -> bool:
        return all(getattr(self, name) == getattr(other, name) for name in self.said)

    def check_unchanged(self, began_with: str | None) -> None:
        """Refuse to write over words that whoever writes has not seen: ValidationError "conflict".

        `began_with`: the fingerprint that the form began with, "" for none; None asks for no check.
        """
        if began_with is not None and began_with != self.fingerprint:
            raise ValidationError(
                _("Meanwhile this was changed in another tab. Both are here: send again what is to stand."),
                code="conflict",
            )

    @property
    def besides(self) -> list[tuple[Promise | str, str]]:
        """Its words besides body and headline, each with what asked for it. Needs `with_words`."""
        from reviews.models.revision import besides

        return besides(self.more_words())

    def more_words(self) -> dict[str, Any]:
        """What it says besides body, headline and stars, for a revision to keep. Needs `with_words`."""
        return {}

    @classmethod
    def move(cls, entry: Entry, step: int) -> None:
        """A text counts its comments as a tally counts texts."""
        cls._default_manager.filter(**entry.lookup).update(comment_count=F("comment_count") + step)

    def ledger(self) -> Ledger:
        """The rows in which this text counts now; empty unless it is live."""
        raise NotImplementedError

    def write(self, body: str) -> None:
        """Take new words and all that is derived from them; the caller saves."""
        self.body = body
        self.whole_html = render_markdown(body)
        self.renderer_version = RENDERER_VERSION
        self.word_count = count_words(body)

    def learn_hindsight(self) -> None:
        """An author who has seen further meanwhile writes with that knowledge; the caller saves. One query."""
        progress = Progress.objects.filter(member=self.author_id, series=self.series_id).first()
        self.author_seen_through = max(self.author_seen_through or 0, progress.furthest if progress else 0)

    def locked(self: T) -> T:
        """This row as it is now, for a verb that changes it, held until the transaction ends."""
        rows: TextQuerySet[T] = type(self)._default_manager.all()  # type: ignore[assignment] # each text has its own
        return rows.with_words().select_for_update(no_key=True).get(pk=self.pk)

    def settle_from(self, before: Ledger, others: Ledger | None = None) -> None:
        """Bring all counts from the ledger as it was to the ledger as it is, and the subject's version up.

        `others`: where texts that changed along with this one count now. A verb settles once, at its end:
        twice would lock tallies after the episode and the series, and two writers could wait for each other.
        """
        after = self.ledger()
        after.update(others or {})
        settle(before, after)
        if self.episode_id is not None:
            Episode.objects.filter(pk=self.episode_id).update(version=F("version") + 1)
        Series.objects.filter(pk=self.series_id).update(version=F("version") + 1)

    @transaction.atomic
    def hide(self, by: User, reason: str) -> None:
        """Take the text out of sight, with a reason in the log. Twice is once; what is deleted has nothing to hide."""
        from reviews.models.moderation import ModerationAction

        text = self.locked()
        if text.deleted_at is None and text.hidden_at is None:
            before = text.ledger()
            text.hidden_at, text.hidden_by = timezone.now(), by
            text.save_stamps("hidden_at", "hidden_by")
            text.settle_from(before)
            ModerationAction.objects.record(by, ModerationAction.Verb.HIDE, text, reason)
        self.hidden_at, self.hidden_by, self.version = text.hidden_at, text.hidden_by, text.version

    @transaction.atomic
    def restore(self, by: User, reason: str) -> None:
        """Put a hidden text back; what its author deleted stays deleted."""
        from reviews.models.moderation import ModerationAction

        text = self.locked()
        if text.deleted_at is None and text.hidden_at is not None:
            before = text.ledger()
            text.hidden_at = text.hidden_by = None
            text.save_stamps("hidden_at", "hidden_by")
            text.settle_from(before)
            ModerationAction.objects.record(by, ModerationAction.Verb.RESTORE, text, reason)
        self.hidden_at, self.hidden_by, self.version = text.hidden_at, text.hidden_by, text.version

    @transaction.atomic
    def retract(self) -> None:
        """Delete for its author: the row stays as a stamp, the words go to a revision that can be erased."""
        from reviews.models.revision import Revision

        text = self.locked()
        if text.deleted_at is None:
            kept = Revision.objects.keep(text)
            before = text.ledger()
            text.deleted_at = kept.replaced_at  # by which `unretract` knows these words from earlier ones
            text.blank()
            text.version += 1
            text.save()
            text.settle_from(before)
        self.deleted_at = text.deleted_at

    @transaction.atomic
    def unretract(self) -> None:
        """Take a deletion back, for half an hour: the words come back from their revision.

        Meanwhile scopes may have been raised above it, and what came back below it before may be lower than it.
        Raises ValidationError once that time is over, the words were erased, or another text took its place.
        """
        from reviews.models.revision import Revision

        self.author.queue_up(self.answered_id)
        text = self.locked()
        if text.deleted_at is not None:
            kept = Revision.objects.of(text).filter(replaced_at=text.deleted_at).first()
            if kept is None or not text.can_return:
                raise ValidationError(_("It cannot be brought back any more."), code="gone")
            text.deleted_at = None
            text.say_again(kept)
            text.version += 1
            text.save()
            before, after = text.below().raise_to(text.spoils_through)
            text.settle_from(before, after)
            kept.delete()
        self.deleted_at = None

    def below(self) -> Any:
        """The comments that answer it, and those that answer them; they spoil at least as far."""
        raise NotImplementedError

    def say_again(self, kept: Revision) -> None:
        """Take back the words of a revision; the caller saves."""
        self.write(kept.body)
        self.spoils_through = kept.spoils_through

    def blank(self) -> None:
        """Let go of every word."""
        self.write("")
        self.spoils_through = 0

    def save_stamps(self, *fields: str) -> None:
        self.version += 1
        self.save(update_fields=[*fields, "version"])


def check_scope(series: Series, scope: int) -> None:
    """A scope lies within what has aired of the series. One query; raises ValidationError."""
    last = series.episodes.aired(timezone.now()).aggregate(last=Max("number"))["last"] or 0
    if not 0 <= scope <= last:
        raise ValidationError({"spoils_through": _("This series has no such episode yet.")}, code="scope")


def check_aired(episode: Episode | None) -> None:
    if episode is not None and not episode.has_aired(timezone.now()):
        raise ValidationError(_("It has not aired yet."), code="unaired")


def text_constraints(table: str) -> list[Any]:
    """What one row of any text can prove about itself."""
    return [
        models.CheckConstraint(
            condition=Q(hidden_at=None, hidden_by=None) | Q(hidden_at__isnull=False, hidden_by__isnull=False),
            name=f"{table}_hidden_by_someone",
        ),
        models.CheckConstraint(
            condition=Q(deleted_at=None) | Q(body="", whole_html=""), name=f"{table}_deleted_has_no_words"
        ),
    ]
