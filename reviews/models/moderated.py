from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.models.holds import hold
from reviews.models.text import Text, check_scope

if TYPE_CHECKING:
    from reviews.models.case import Report
    from reviews.models.moderation import ModerationAction


class Moderated(Text):
    """What moderators do to a text: a verb each, with a reason in the log, telling whom it concerns.

    Each answers whether it was this call that did it: twice is once, and another moderator may have been faster.
    `told`: what the log is told besides, see `ModerationActionQuerySet.record`. PermissionDenied for one's own text:
    somebody else decides about it.
    """

    class Meta:
        abstract = True

    def judged(self, by: User, told: dict[str, Any], *, is_headline: bool | None = False) -> tuple[Self, list[Report]]:
        """This row, locked, and the reports that a decision about it answers.

        `is_headline`: whether it decides about the headline; None: about both. What takes another act back answers
        nothing: somebody may have reported it meanwhile, and deserves a look. Whoever will hear of it is locked
        before, as everywhere; reports that come in meanwhile wait for the next decision.
        """
        from reviews.models.case import Report

        if self.author_id == by.pk:
            raise PermissionDenied
        waiting = Report.objects.waiting().about(self)  # type: ignore[arg-type] # a review or a comment
        if is_headline is not None:
            waiting = waiting.filter(case__is_headline=is_headline)
        reports = [] if told.get("undoes") else list(waiting)
        User.objects.queue_up(self.author_id, self.answered_id, *(report.by_id for report in reports))
        return self.locked(), Report.objects.still_waiting(reports)

    def note(self, by: User, verb: str, reason: str, answers: list[Report], **told: Any) -> None:
        """Write it into the log, once it is done. Somebody has looked: what reports had folded is open again."""
        from reviews.models.moderation import ModerationAction

        if self.folded_at is not None:
            self.folded_at = None
            self.save_stamps("folded_at")
        ModerationAction.objects.record(by, verb, self, reason, answers=answers, **told)  # type: ignore[arg-type] # a review or a comment

    def learn(self, text: Self, *names: str) -> None:
        """What the locked row says now."""
        for name in (*names, "folded_at", "version"):
            setattr(self, name, getattr(text, name))

    @transaction.atomic
    def keep(self, by: User, reason: str, *, is_headline: bool = False, **told: Any) -> bool:
        """Say that what was reported needs nothing done: the text, or its headline, stays as it is."""
        text, reports = self.judged(by, told, is_headline=is_headline)
        if is_due := bool(reports) or text.folded_at is not None:
            text.note(by, "keep", reason, reports, **told)
        self.learn(text)
        return is_due

    @transaction.atomic
    def hide(self, by: User, reason: str, **told: Any) -> bool:
        """Take the text out of sight. What is deleted has nothing to hide; what was held is decided by it."""
        text, reports = self.judged(by, told, is_headline=None)
        if is_due := text.deleted_at is None and text.hidden_at is None:
            before, held_for = text.ledger(), text.held_for
            text.hidden_at, text.hidden_by = timezone.now(), by
            text.held_at, text.held_for = None, ""
            text.save_stamps("hidden_at", "hidden_by", "held_at", "held_for")
            text.settle_from(before)
            text.note(by, "hide", reason, reports, held_for=held_for, **told)
        self.learn(text, "hidden_at", "hidden_by", "held_at", "held_for")
        return is_due

    @transaction.atomic
    def restore(self, by: User, reason: str, **told: Any) -> bool:
        """Put a hidden text back; what its author deleted stays deleted.

        Where an act is taken back, nobody has read what was written since: it waits where the policy says so. Then
        also what its author has deleted is not hidden any more, should they bring it back.
        """
        text, reports = self.judged(by, told)
        undoes = told.get("undoes")
        if is_due := text.hidden_at is not None and (text.deleted_at is None or undoes is not None):
            before = text.ledger()
            text.hidden_at = text.hidden_by = None
            if undoes is not None and text.has_changed_since(undoes):
                hold(text, client="")
            text.save_stamps("hidden_at", "hidden_by", "held_at", "held_for")
            text.settle_from(before)
            text.note(by, "restore", reason, reports, **told)
        self.learn(text, "hidden_at", "hidden_by", "held_at", "held_for")
        return is_due

    @transaction.atomic
    def hold_again(self, held_for: str) -> bool:
        """Let it wait once more for what it had waited for: nobody has looked after all. Only what is live."""
        User.objects.queue_up(self.author_id, self.answered_id)
        text = self.locked()
        if is_due := text.is_live:
            before = text.ledger()
            text.held_at, text.held_for = timezone.now(), held_for
            text.save_stamps("held_at", "held_for")
            text.settle_from(before)
        self.learn(text, "held_at", "held_for")
        return is_due

    @transaction.atomic
    def approve(self, by: User, reason: str, **told: Any) -> bool:
        """Let a held text stand: from now on everybody may read it, as far as its scope says."""
        text, reports = self.judged(by, told)
        if is_due := text.deleted_at is None and text.held_at is not None:
            before, held_for = text.ledger(), text.held_for
            text.held_at, text.held_for = None, ""
            text.save_stamps("held_at", "held_for")
            text.settle_from(before)
            text.note(by, "approve", reason, reports, held_for=held_for, **told)
        self.learn(text, "held_at", "held_for")
        return is_due

    @transaction.atomic
    def close_thread(self, by: User, reason: str, **told: Any) -> bool:
        """Let nobody answer below it any more. What stands there stays."""
        return self._lock_thread(timezone.now(), by, "lock", reason, told)

    @transaction.atomic
    def open_thread(self, by: User, reason: str, **told: Any) -> bool:
        return self._lock_thread(None, by, "unlock", reason, told)

    def _lock_thread(self, at: datetime | None, by: User, verb: str, reason: str, told: dict[str, Any]) -> bool:
        text, reports = self.judged(by, told)
        if is_due := text.deleted_at is None and (text.locked_at is None) != (at is None):
            text.locked_at, text.locked_by = at, by if at else None
            text.save_stamps("locked_at", "locked_by")
            text.note(by, verb, reason, reports, **told)
        self.learn(text, "locked_at", "locked_by")
        return is_due

    @transaction.atomic
    def rescope(
        self,
        by: User,
        scope: int,
        reason: str,
        *,
        stood_at: int | None = None,
        only_up: bool = False,
        back: ModerationAction | None = None,
        **told: Any,
    ) -> bool:
        """Put it further or nearer. Its author can go no lower afterwards.

        What answers it goes up with it, and stays where it is when this comes down; but for what went up by `back`,
        the act that this takes back.
        `stood_at`: where the moderator saw it; `only_up`: leave it where it spoils further already. Raises
        ValidationError like `raise_scope`, for a scope below that of what it answers, "moved" where it stands
        elsewhere meanwhile, and "edited" where words that nobody looked at would come down with `back`.
        """
        text, reports = self.judged(by, told)
        text.check_has_scope()
        check_scope(self.series, scope)
        text.check_unchanged_since(back)
        before = text.spoils_through
        if stood_at is not None and stood_at != before:
            raise ValidationError(_("Somebody has moved it meanwhile: look where it stands now."), code="moved")
        if only_up:
            scope = max(scope, before)
        if scope < text.lowest_scope():
            raise ValidationError(
                {"spoils_through": _("It answers something that spoils further than that.")}, code="scope"
            )
        if scope != before:
            carried = text.below().lower_than(scope) if scope > before else {}
            text.least_scope = scope
            text.put_at(scope, back)
            verb = "raise" if scope > before else "lower"
            moved = {"scope_before": before, "scope_after": scope, "carried": carried}
            text.note(by, verb, reason, reports, **moved, **told)
        self.learn(text, "spoils_through", "least_scope")
        return scope != before
