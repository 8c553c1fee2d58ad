from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from episodes.models import Episode, Progress, Series
from reviews.models.reading import Subject, T, TextQuerySet
from reviews.models.tally import Entry, Ledger, settle
from soundtrack_site.markdown import RENDERER_VERSION, count_words, render_markdown, stored_html
from soundtrack_site.withheld import Withholding

if TYPE_CHECKING:
    from reviews.models.moderation import ModerationAction
    from reviews.models.revision import Revision

LONGEST_BODY = 10_000  # characters
# What is derived from the words when they are written.
RENDERED = ("whole_html", "renderer_version", "word_count")

# How long its author can take a deletion back.
UNDO_WINDOW = timedelta(minutes=30)


class Held(models.TextChoices):
    FIRST = "first", _("first posts of a new account")
    LINK = "link", _("a link from a new account")
    WORD = "word", _("a word on the list")
    RAID = "raid", _("a raid")


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
    # Where a moderator has put it; 0 where none has. Its author goes no lower, the site's `rescope` may.
    least_scope = models.PositiveSmallIntegerField(_("spoils at least through"), default=0, editable=False)

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
    # Waits for a moderator before anybody reads it, and why.
    held_at = models.DateTimeField(_("held"), null=True, blank=True, editable=False)
    held_for = models.CharField(_("held for"), max_length=6, choices=Held, blank=True, editable=False)
    # Folded over reports until a moderator has looked: it stands and counts, and is read by whoever unfolds it.
    folded_at = models.DateTimeField(_("folded"), null=True, blank=True, editable=False)
    # Nobody answers below it any more.
    locked_at = models.DateTimeField(_("thread closed"), null=True, blank=True, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("thread closed by"),
        related_name="locked_%(class)ss",
        null=True,
        blank=True,
        editable=False,
    )
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
    def is_withheld(self) -> bool:
        """A stub or a tombstone stands there in place of the words. Needs `for_reader`."""
        return not self.is_open

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def is_held(self) -> bool:
        return self.held_at is not None

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

    def get_report_url(self) -> str:
        return reverse(f"reviews:report_{self._meta.model_name}", args=[self.pk])

    def get_admin_url(self) -> str:
        return reverse(f"admin:reviews_{self._meta.model_name}_change", args=[self.pk])

    def get_desk_url(self) -> str:
        """Where the staff's pencil leads: to its case, which no list of texts has to ask for."""
        return reverse(f"admin:reviews_{self._meta.model_name}_desk", args=[self.pk])

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

    @property
    def has_scoped_words(self) -> bool:
        """It says something that its scope is about. Needs `with_words`."""
        return bool(self.body)

    def every_word(self) -> str:
        """All that it says, for whoever looks for something in it. Needs `with_words`."""
        return self.body

    def count_words(self) -> int:
        """Words that its scope is about. Needs `with_words`."""
        return count_words(self.body)

    def write(self, body: str) -> None:
        """Take new words and all that is derived from them; the caller saves."""
        self.body = body
        self.whole_html = render_markdown(body)
        self.renderer_version = RENDERER_VERSION
        self.word_count = self.count_words()

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

    def settle_all_from(self, before: Ledger, back: ModerationAction | None = None) -> None:
        """The same, once what answers it is put no lower than it stands now; or back, see `put_at`."""
        below, scope = self.below(), self.spoils_through
        answers_before, answers_after = below.put_back(back, scope) if back else below.raise_to(scope)
        before.update(answers_before)
        self.settle_from(before, answers_after)

    @transaction.atomic
    def raise_scope(self, scope: int) -> None:
        """Keep it from readers who have seen less, as its author may at any time. Nothing here ever lowers it.

        A revision keeps how far it went before. Raises ValidationError for a scope beyond what has aired, and for a
        text that is gone or says nothing a scope is about.
        """
        from reviews.models.revision import Revision

        text = self.locked()
        text.check_has_scope()
        check_scope(self.series, scope)
        if scope > text.spoils_through:
            Revision.objects.keep(text)
            text.put_at(scope)
        self.spoils_through, self.version = text.spoils_through, text.version

    def lowest_scope(self) -> int:
        """The least that what it answers allows."""
        return 0

    def stands_at(self) -> int:
        """How far it spoils. What was deleted is not raised with what it answers, but its words wait as long."""
        return max(self.spoils_through, self.lowest_scope() if self.deleted_at else 0)

    def check_has_scope(self) -> None:
        """Refuse to scope what is not there. Needs `with_words`."""
        self.check_stands()
        if not self.has_scoped_words:
            raise ValidationError(_("Stars and a headline are for everybody: no scope is theirs."), code="empty")

    def check_unchanged_since(self, act: ModerationAction | None) -> None:
        """Refuse to bring words forward unseen that their author wrote once an act had put them further."""
        if act is not None and (self.edited_at or self.created_at) > act.created_at:
            raise ValidationError(_("Its author has changed it since: look at it, and decide anew."), code="edited")

    def has_changed_since(self, act: ModerationAction) -> bool:
        """Its author has written in it, or put it further, once that was done. At most one query."""
        from reviews.models.revision import Revision

        if self.created_at > act.created_at:
            return True
        return Revision.objects.of(self).filter(replaced_at__gt=act.created_at).exists()

    def check_stands(self) -> None:
        if self.deleted_at is not None:
            raise ValidationError(_("Its author has deleted it meanwhile."), code="gone")

    def put_at(self, scope: int, back: ModerationAction | None = None) -> None:
        """Stand at this scope, and what answers it at no lower one. Called on a locked row.

        `back`: the act that put it further, and is taken back: what it carried up comes down as well.
        """
        before = self.ledger()
        self.spoils_through = scope
        self.save_stamps("spoils_through", "least_scope")
        self.settle_all_from(before, back)

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

        text = self.locked()
        if text.deleted_at is not None:
            kept = Revision.objects.of(text).with_words().filter(replaced_at=text.deleted_at).first()
            if kept is None or not text.can_return:
                raise ValidationError(_("It cannot be brought back any more."), code="gone")
            text.deleted_at = None
            text.say_again(kept)
            text.version += 1
            text.save()
            text.settle_all_from(Ledger())
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


def text_constraints(table: str, scopeless: Q | None = None) -> list[Any]:
    """What one row of any text can prove about itself. `scopeless`: rows without words that a scope is about."""
    unscoped = Q(deleted_at__isnull=False) | (scopeless or Q())
    return [
        models.CheckConstraint(
            condition=unscoped | Q(spoils_through__gte=F("least_scope")), name=f"{table}_scope_as_moderated"
        ),
        models.CheckConstraint(
            condition=Q(hidden_at=None, hidden_by=None) | Q(hidden_at__isnull=False, hidden_by__isnull=False),
            name=f"{table}_hidden_by_someone",
        ),
        models.CheckConstraint(
            condition=Q(locked_at=None, locked_by=None) | Q(locked_at__isnull=False, locked_by__isnull=False),
            name=f"{table}_locked_by_someone",
        ),
        models.CheckConstraint(
            condition=Q(held_at=None, held_for="") | Q(held_at__isnull=False, held_for__in=Held.values),
            name=f"{table}_held_for_something",
        ),
        models.CheckConstraint(
            condition=Q(deleted_at=None) | Q(body="", whole_html=""), name=f"{table}_deleted_has_no_words"
        ),
    ]
