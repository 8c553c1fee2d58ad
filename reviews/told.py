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
    "action__sanction",
    "action__appeal",
    "action__undone_by",
    "report__case__member",
    *(f"{path}__{name}" for path in ("action", "report__case", "appeal__action") for name in TEXT),
)
RULES = tuple(f"{path}__rule__wordings" for path in ("action", "report__action", "appeal__action"))


def with_all(notices: NotificationQuerySet) -> NotificationQuerySet:
    """All that `Told` needs: four queries, however many rows there are."""
    return notices.select_related(*JOINED).prefetch_related(*RULES)


@dataclass(frozen=True)
class Told:
    """One notice. `act`: None where what answered a report was taken back, and somebody looks anew.

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
