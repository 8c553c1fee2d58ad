from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.models.comment import Comment
from reviews.models.review import Review
from reviews.models.revision import exactly_one, target_of
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from reviews.models.text import Text


class AppendOnlyError(TypeError):
    """Someone tried to change or remove a row of the log."""


class ModerationActionQuerySet(GuardedQuerySet["ModerationAction"]):
    def record(
        self,
        actor: User,
        verb: str,
        target: Text,
        reason: str,
        *,
        scope_before: int | None = None,
        scope_after: int | None = None,
    ) -> ModerationAction:
        """`scope_before` and `scope_after`: where the text stood and stands, for verbs that move it."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say why: the author will want to know.")}, code="reason")
        scopes = {"scope_before": scope_before, "scope_after": scope_after}
        return self.create(actor=actor, verb=verb, reason=reason.strip(), **scopes, **target_of(target))

    def about(self, target: Text) -> Self:
        """Acts on this text. A review may have taken the place of the one that a moderator saw."""
        if isinstance(target, Review):
            same = {"author": target.author_id, "series": target.series_id, "episode": target.episode_id}
            return self.filter(**{f"review__{name}": value for name, value in same.items()})
        return self.filter(**target_of(target))

    def standing_on(self, target: Text) -> list[ModerationAction]:
        """What moderators did to this text that still holds, for its author to be told why; one act of a kind."""
        latest: dict[str, ModerationAction] = {}
        for act in self.about(target):  # the newest comes first
            latest.setdefault(act.kind, act)
        return [act for act in latest.values() if act.still_holds(target)]

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")


class ModerationAction(Guarded):
    """One act of a moderator: a row that is written once. It never holds a member's words."""

    class Verb(models.TextChoices):
        HIDE = "hide", _("Hidden")
        RESTORE = "restore", _("Restored")
        RAISE = "raise", _("Scope raised")
        LOWER = "lower", _("Scope lowered")
        FOLD = "fold", _("Headline folded")
        UNFOLD = "unfold", _("Headline unfolded")

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("moderator"), related_name="moderation_actions"
    )
    verb = models.CharField(_("what was done"), max_length=20, choices=Verb.choices)
    review = models.ForeignKey(Review, models.PROTECT, related_name="moderation_actions", null=True, blank=True)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="moderation_actions", null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000)
    scope_before = models.PositiveSmallIntegerField(_("spoiled through"), null=True, blank=True)
    scope_after = models.PositiveSmallIntegerField(_("spoils through"), null=True, blank=True)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = ModerationActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("moderation log entry")
        verbose_name_plural = _("moderation log entries")
        ordering = ["-pk"]
        base_manager_name = "objects"  # no way around
        constraints = [
            models.CheckConstraint(condition=exactly_one("review", "comment"), name="moderationaction_of_one_text"),
            models.CheckConstraint(condition=~Q(reason=""), name="moderationaction_has_reason"),
            models.CheckConstraint(
                condition=Q(verb__in=["hide", "restore", "raise", "lower", "fold", "unfold"]),
                name="moderationaction_verb_known",
            ),
            models.CheckConstraint(
                condition=Q(scope_before=None, scope_after=None, verb__in=["hide", "restore"])
                | (~Q(verb__in=["hide", "restore"]) & Q(scope_before__isnull=False, scope_after__isnull=False)),
                name="moderationaction_says_which_scopes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.review or self.comment}"

    @property
    def kind(self) -> str:
        """What it is about: a later act of the same kind takes its place."""
        return {"restore": "hide", "lower": "raise", "unfold": "fold"}.get(self.verb, self.verb)

    @property
    def summary(self) -> str:
        """ "Scope raised: 1 → 3"."""
        said = self.get_verb_display()
        return said if self.scope_after is None else f"{said}: {self.scope_before} → {self.scope_after}"

    def still_holds(self, text: Text) -> bool:
        """Whether the text stands as this act left it. What was undone, or gone past by its author, does not."""
        match self.verb:
            case self.Verb.HIDE:
                return text.hidden_at is not None
            case self.Verb.RAISE | self.Verb.LOWER:
                return text.spoils_through == self.scope_after
            case self.Verb.FOLD:
                return isinstance(text, Review) and text.headline_folded_at is not None
        return False

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("The moderation log is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The moderation log is append-only.")
