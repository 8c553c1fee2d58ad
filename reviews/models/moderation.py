from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Sanction, User
from reviews.models.case import Report, answer, columns_of
from reviews.models.comment import Comment
from reviews.models.review import Review
from reviews.models.revision import exactly_one
from reviews.models.rule import Rule
from reviews.models.text import Held
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from reviews.models.case import Target
    from reviews.models.text import Text

# What can be done to a text, to a member and to the whole site; and which of it moves where a text stands.
ON_TEXTS = ["keep", "hide", "restore", "approve", "raise", "lower", "fold", "unfold", "lock", "unlock"]
ON_MEMBERS = ["keep", "silence", "ban", "lift", "hide_all", "restore_all"]
ON_SITE = ["raid", "calm"]
SCOPED = ["raise", "lower", "fold", "unfold"]
SANCTIONING = ["silence", "ban", "lift"]
# What takes something from whom it is done to.
TAKING = ["hide", "raise", "fold", "lock", "silence", "ban", "hide_all"]

UNDO_WINDOW = timedelta(minutes=10)
APPEAL_WINDOW = timedelta(days=60)


class AppendOnlyError(TypeError):
    """Someone tried to change or remove a row of the log."""


class ModerationActionQuerySet(GuardedQuerySet["ModerationAction"]):
    def record(
        self,
        actor: User,
        verb: str,
        target: Target | None,
        reason: str,
        *,
        rule: Rule | None = None,
        answers: Iterable[Report] = (),
        scope_before: int | None = None,
        scope_after: int | None = None,
        carried: dict[int, int] | None = None,
        held_for: str = "",
        sanction: Sanction | None = None,
        batch: uuid.UUID | None = None,
        undoes: ModerationAction | None = None,
        is_told: bool = True,
    ) -> ModerationAction:
        """Write one act into the log, and tell whom it concerns. Called in the verb's transaction, under its locks.

        `target`: None for what is about the whole site. `answers`: the reports that it decides; who filed them is
        locked already. `scope_before`, `scope_after`: where the text stood and stands; `carried`: where stood what
        went up with it, by its key. `held_for`: what it had waited for until then. `batch`: what was done with one
        press. `is_told`: False for a part of something of which its author hears as a whole.
        """
        from reviews.models.appeal import Appeal
        from reviews.models.notification import Notification

        if not reason.strip():
            raise ValidationError({"reason": _("Say why: the author will want to know.")}, code="reason")
        act = self.create(
            actor=actor,
            text_scope=target.stands_at() if isinstance(target, (Review, Comment)) else 0,
            is_told=is_told,
            verb=verb,
            reason=reason.strip(),
            rule=rule,
            scope_before=scope_before,
            scope_after=scope_after,
            carried=carried or {},
            held_for=held_for,
            sanction=sanction,
            batch=batch,
            undoes=undoes,
            **(columns_of(target) if target is not None else {}),
        )
        reports = list(answers)
        answer(reports, act)
        # Whoever appealed hears of it by what they are answered.
        if not Appeal.objects.settle_with(act) and is_told:
            Notification.objects.tell_author(act)
        Notification.objects.tell_reporters(act, reports)
        return act

    def about(self, target: Target) -> Self:
        """Acts on this text or member. A review may have taken the place of the one that a moderator saw."""
        if isinstance(target, Review):
            same = {"author": target.author_id, "series": target.series_id, "episode": target.episode_id}
            return self.filter(**{f"review__{name}": value for name, value in same.items()})
        return self.filter(**columns_of(target))

    def standing_on(self, target: Text) -> list[ModerationAction]:
        """What moderators did to this text that still holds, for its author to be told why; one act of a kind."""
        latest: dict[str, ModerationAction] = {}
        taken_back = set()
        acts = self.about(target).select_related("rule", "appeal", "undone_by")  # type: ignore[arg-type] # a review or a comment
        for act in acts.prefetch_related("rule__wordings"):  # the newest comes first
            if act.pk in taken_back:
                continue
            if act.is_echo or (act.undoes_id is not None and not act.takes_something):
                taken_back.add(act.undoes_id)  # it and what it took back say nothing together
            else:
                latest.setdefault(act.kind, act)
        return [act for act in latest.values() if act.still_holds(target)]

    def closing(self, target: Text) -> ModerationAction | None:
        """What closed the thread below this text, for whoever would have answered. At most two queries."""
        if target.locked_at is None:
            return None
        return next((act for act in self.standing_on(target) if act.verb == "lock"), None)

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """It can overwrite rows; each act is recorded by itself."""
        raise AppendOnlyError("The moderation log is append-only.")

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")


class ModerationAction(Guarded):
    """One act of a moderator: a row that is written once. It never holds a member's words."""

    class Verb(models.TextChoices):
        KEEP = "keep", _("Kept")
        HIDE = "hide", _("Hidden")
        RESTORE = "restore", _("Restored")
        APPROVE = "approve", _("Approved")
        RAISE = "raise", _("Scope raised")
        LOWER = "lower", _("Scope lowered")
        FOLD = "fold", _("Headline folded")
        UNFOLD = "unfold", _("Headline unfolded")
        LOCK = "lock", _("Thread closed")
        UNLOCK = "unlock", _("Thread opened")
        SILENCE = "silence", _("Silenced")
        BAN = "ban", _("Banned")
        LIFT = "lift", _("Sanction lifted")
        HIDE_ALL = "hide_all", _("All texts hidden")
        RESTORE_ALL = "restore_all", _("All texts restored")
        RAID = "raid", _("Raid declared")
        CALM = "calm", _("Raid over")

    # What undoes it, and what it says of the same thing: a later act of the same kind takes its place.
    OPPOSITE: ClassVar[dict[str, str]] = {
        "hide": "restore",
        "raise": "lower",
        "fold": "unfold",
        "lock": "unlock",
        "hide_all": "restore_all",
        "silence": "lift",
        "ban": "lift",
        "raid": "calm",
    }
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("moderator"), related_name="moderation_actions"
    )
    verb = models.CharField(_("what was done"), max_length=20, choices=Verb.choices)
    review = models.ForeignKey(Review, models.PROTECT, related_name="moderation_actions", null=True, blank=True)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="moderation_actions", null=True, blank=True)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="suffered_actions", null=True, blank=True
    )
    rule = models.ForeignKey(
        Rule, models.PROTECT, verbose_name=_("rule"), related_name="moderation_actions", null=True, blank=True
    )
    reason = models.TextField(_("reason"), max_length=1000)
    scope_before = models.PositiveSmallIntegerField(_("spoiled through"), null=True, blank=True)
    scope_after = models.PositiveSmallIntegerField(_("spoils through"), null=True, blank=True)
    # How far the text spoiled then: what its author deletes says it no more, and a reason may tell as much.
    text_scope = models.PositiveSmallIntegerField(default=0, editable=False)
    # The answers that went up with it: their keys, and where each stood.
    carried = models.JSONField(default=dict, blank=True, editable=False)
    # What the text had waited for until then, so that it waits again where this is undone.
    held_for = models.CharField(_("held for"), max_length=6, choices=Held, blank=True, editable=False)
    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="moderation_actions", null=True, blank=True)
    batch = models.UUIDField(null=True, blank=True, editable=False)
    undoes = models.OneToOneField("self", models.PROTECT, related_name="undone_by", null=True, blank=True)
    # False for a part of something, and for what was undone at once: whom it is done to has not heard of it by itself.
    is_told = models.BooleanField(default=True, editable=False)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = ModerationActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("moderation log entry")
        verbose_name_plural = _("moderation log entries")
        ordering = ["-pk"]
        base_manager_name = "objects"  # no way around
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("review", "comment", "member")
                | Q(review=None, comment=None, member=None, verb__in=ON_SITE),
                name="moderationaction_about_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="moderationaction_has_reason"),
            models.CheckConstraint(
                condition=Q(review=None, comment=None) | Q(verb__in=ON_TEXTS), name="moderationaction_verb_of_texts"
            ),
            models.CheckConstraint(
                condition=Q(member=None) | Q(verb__in=ON_MEMBERS), name="moderationaction_verb_of_members"
            ),
            models.CheckConstraint(
                condition=Q(scope_before__isnull=False, scope_after__isnull=False, verb__in=SCOPED)
                | (Q(scope_before=None, scope_after=None) & ~Q(verb__in=SCOPED)),
                name="moderationaction_says_which_scopes",
            ),
            models.CheckConstraint(
                condition=Q(sanction__isnull=False, verb__in=SANCTIONING)
                | (Q(sanction=None) & ~Q(verb__in=SANCTIONING)),
                name="moderationaction_says_which_sanction",
            ),
        ]
        indexes = [models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="moderationaction_batch")]

    def __str__(self) -> str:
        return f"{self.summary} ({self.target})" if self.target else self.summary

    @property
    def target(self) -> Target | None:
        return self.review or self.comment or self.member

    @property
    def standing_text(self) -> Review | Comment | None:
        """The text as it stands: a review may have taken the place of the one that a moderator saw. One query."""
        if self.review is None:
            return self.comment
        seen = self.review
        same = Review.objects.filter(author=seen.author_id, series=seen.series_id, episode=seen.episode_id)
        return same.filter(deleted_at=None).first() or seen

    @property
    def suffered_by(self) -> int | None:
        """The key of the member whom it is done to."""
        text = self.review or self.comment
        return text.author_id if text is not None else self.member_id

    @property
    def suffered(self) -> User:
        """The same, for what was done to a member as a whole."""
        if self.member is None:
            raise TypeError(f"{self.verb} is not about a member")
        return self.member

    @property
    def kind(self) -> str:
        """What it is about: a later act of the same kind takes its place."""
        return {undo: verb for verb, undo in self.OPPOSITE.items()}.get(self.verb, self.verb)

    @property
    def can_undo(self) -> bool:
        """It was done a moment ago, and nobody has undone it."""
        fresh = timezone.now() < self.created_at + UNDO_WINDOW
        return fresh and self.verb != self.Verb.RESTORE_ALL and self.undoes_id is None and not self.is_undone

    @property
    def is_undone(self) -> bool:
        """Somebody has taken it back, and nobody has undone that. Two queries, unless both were loaded along."""
        return hasattr(self, "undone_by") and not hasattr(self.undone_by, "undone_by")

    @property
    def is_echo(self) -> bool:
        """It puts a text back under what an earlier act had said, of which nobody has heard that it was gone."""
        return self.undoes_id is not None and not self.is_told and self.sanction_id is None

    @property
    def has_run_out(self) -> bool:
        """It was for a time, which is over, and nobody ended it before."""
        return self.sanction is not None and self.sanction.lifted_at is None and not self.sanction.is_in_force

    @property
    def takes_something(self) -> bool:
        """From whom it is done to, who may therefore want a second look."""
        return self.verb in TAKING

    @property
    def can_be_appealed(self) -> bool:
        """It takes something from somebody, holds to this day, and is not too old. Needs what it is about."""
        is_fresh = timezone.now() <= self.created_at + APPEAL_WINDOW
        return self.takes_something and is_fresh and not self.is_echo and self.is_in_force

    @property
    def is_in_force(self) -> bool:
        """What it took is taken to this day: neither given back, nor over, nor gone past by its author."""
        if self.is_undone:
            return False
        if self.sanction is not None:
            return self.sanction.is_in_force
        text = self.review or self.comment
        return text is None or self.still_holds(text)

    @property
    def summary(self) -> str:
        """ "Scope raised: 1 → 3"."""
        said = self.get_verb_display()
        if self.verb in (self.Verb.KEEP, self.Verb.APPROVE) and self.undoes_id is not None:
            return gettext("Taken back: %(what)s") % {"what": said}
        is_moved = self.scope_before != self.scope_after
        return f"{said}: {self.scope_before} → {self.scope_after}" if is_moved else said

    def still_holds(self, text: Text) -> bool:
        """Whether the text stands as this act left it. What was undone, or gone past by its author, does not."""
        match self.verb:
            case self.Verb.HIDE:
                return text.hidden_at is not None
            case self.Verb.RAISE | self.Verb.LOWER:
                return text.spoils_through == self.scope_after
            case self.Verb.FOLD:
                return isinstance(text, Review) and text.headline_folded_at is not None
            case self.Verb.LOCK:
                return text.locked_at is not None
        return False

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("The moderation log is append-only.")
        kwargs["force_insert"] = True  # a key that somebody chose might be that of another row
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")
