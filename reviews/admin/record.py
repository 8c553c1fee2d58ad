"""What a moderator should know of a member: what they wrote, what was done about it, what they reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Sanction, User
from reviews.models import Case, Comment, Report, Review
from reviews.models.moderation import TAKING

RECENT_DAYS = 30


@dataclass(frozen=True)
class Reporting:
    """How often a member has reported something, and how often a moderator then took something away for it.

    What was taken back since does not count: they were wrong together.
    """

    count: int = 0
    open_count: int = 0
    upheld_count: int = 0


def reporting_of(members: Iterable[int]) -> dict[int, Reporting]:
    """By the key of the member. One query."""
    stands = Q(action__undone_by=None) | Q(action__undone_by__undone_by__isnull=False)
    upheld = Q(action__verb__in=TAKING) & stands
    counted = (
        Report.objects.filter(by__in=set(members))
        .order_by()
        .values_list("by")
        .annotate(all=Count("pk"), waiting=Count("pk", filter=Q(action=None)), upheld=Count("pk", filter=upheld))
    )
    return {by: Reporting(*counts) for by, *counts in counted}


@dataclass(frozen=True)
class Record:
    member: User
    text_count: int
    recent_count: int
    hidden_count: int
    held_count: int
    case_count: int  # waiting, about them or about what they wrote
    sanctions: list[Sanction]
    reporting: Reporting
    recent_days: int = RECENT_DAYS

    @classmethod
    def of(cls, member: User) -> Record:
        """Five queries."""
        since = timezone.now() - timedelta(days=RECENT_DAYS)
        counts = [
            model._default_manager.filter(author=member).aggregate(
                text_count=Count("pk", filter=Q(deleted_at=None)),
                recent_count=Count("pk", filter=Q(created_at__gt=since)),
                hidden_count=Count("pk", filter=Q(hidden_at__isnull=False)),
                held_count=Count("pk", filter=Q(held_at__isnull=False)),
            )
            for model in (Review, Comment)
        ]
        about = Q(member=member) | Q(review__author=member) | Q(comment__author=member)
        return cls(
            member=member,
            **{name: sum(one[name] for one in counts) for name in counts[0]},
            case_count=Case.objects.waiting().filter(about).count(),
            sanctions=list(Sanction.objects.filter(member=member).select_related("imposed_by", "lifted_by")[:20]),
            reporting=reporting_of([member.pk]).get(member.pk, Reporting()),
        )
