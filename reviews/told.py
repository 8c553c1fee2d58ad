"""What a member is told, row by row: what was done, and about what of theirs or of what they reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from accounts.models import User
from episodes.viewer import Viewer
from reviews.models import Appeal, Comment, Notification, Report, Review
from reviews.models.case import Target
from reviews.models.notification import NotificationQuerySet

if TYPE_CHECKING:
    from reviews.models import ModerationAction

TEXT = ("review__series", "review__episode", "comment__series", "comment__episode")
# All that a row says, along one join; the words of rules come in a query for each way to them.
JOINED = (
    "action__appeal",
    "action__member",
    "report__case__member",
    *(f"{path}__{name}" for path in ("action", "report__action") for name in ("sanction", "undone_by__undone_by")),
    *(f"{path}__{name}" for path in ("action", "report__case", "appeal__action") for name in TEXT),
)
RULES = tuple(f"{path}__rule__wordings" for path in ("action", "report__action", "appeal__action"))


def with_all(notices: NotificationQuerySet) -> NotificationQuerySet:
    """All that `Told` needs: four queries, however many rows there are."""
    return notices.select_related(*JOINED).prefetch_related(*RULES)


def is_past(act: ModerationAction) -> bool:
    """What it did is not so any more: taken back, over, or gone past by another act. Asks nothing, with `with_all`.

    What its author has put further since, or deleted, stays as moderators have left it.
    """
    if act.sanction is not None and act.takes_something:
        member = act.suffered
        still = member.is_banned() if act.verb == act.Verb.BAN else member.is_silenced()
        return not still or (act.sanction.lifted_at is None and not act.sanction.is_in_force)
    text = act.review or act.comment
    if act.is_undone or text is None:
        return act.is_undone
    match act.verb:
        case act.Verb.RESTORE:
            return text.hidden_at is not None  # what waits is said to wait
        case act.Verb.APPROVE:
            return text.hidden_at is not None or text.held_at is not None
        case act.Verb.RAISE:
            return text.deleted_at is None and text.spoils_through < (act.scope_after or 0)
        case act.Verb.HIDE | act.Verb.FOLD | act.Verb.LOCK:
            return not act.still_holds(text)
    return False


@dataclass(frozen=True)
class Told:
    """One notice. `act`: None where what answered a report was taken back, and somebody looks anew; else it knows
    what it is about and, but for what was appealed, whether it `is_past`.

    `own`: the text again, with its words, where it is a standing text of whoever is told.
    """

    notice: Notification
    act: ModerationAction | None
    text: Review | Comment | None
    member: User | None
    report: Report | None = None
    appeal: Appeal | None = None
    own: Review | Comment | None = None

    @classmethod
    def rows(cls, notices: Iterable[Notification], viewer: Viewer) -> list[Told]:
        """What this viewer is told, with the words that are their own: two queries."""
        rows = [cls.of(notice) for notice in notices]
        own: dict[Any, Review | Comment] = {}
        for model in (Review, Comment):
            keys = [row.text.pk for row in rows if isinstance(row.text, model) and row.report is None]
            if keys and viewer.member:
                found: Any = model._default_manager
                own |= {
                    (model, text.pk): text for text in found.by(viewer.member).for_reader(viewer).filter(pk__in=keys)
                }
        return [replace(row, own=own.get((type(row.text), row.text.pk))) if row.text else row for row in rows]

    @classmethod
    def of(cls, notice: Notification) -> Told:
        """Needs `with_all`."""
        report, appeal = notice.report, notice.appeal
        act = notice.action
        if act is None:
            act = report.action if report else appeal.action if appeal else None
        target: Target | None = report.case.target if report else act.target if act else None
        text = None if isinstance(target, User) else target
        if text is not None and text.episode is not None:
            text.episode.series = text.series
        if act is not None and report is not None:
            act.review, act.comment, act.member = report.case.review, report.case.comment, report.case.member
        if act is not None and appeal is None:
            act.is_past = is_past(act)  # type: ignore[attr-defined] # for the templates that say what was done
        return cls(notice, act, text, target if isinstance(target, User) else None, report, appeal)

    @property
    def leads_to_text(self) -> bool:
        """Its own page is there for whoever is told: its author while it is not deleted, others while it is live."""
        if self.text is None:
            return False
        return self.text.is_live if self.report else self.text.deleted_at is None

    @property
    def can_appeal(self) -> bool:
        """Nobody has yet, and it is not too late. Asks nothing: what it looks at came along."""
        act = self.notice.action
        return act is not None and act.can_be_appealed and not hasattr(act, "appeal")
