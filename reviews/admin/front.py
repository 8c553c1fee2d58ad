"""The first page of the admin: what waits for a moderator, the worst first, each with a way there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviews.models import Appeal, Case, Comment, Policy, Report, Review
from reviews.models.case import CLAIM


@dataclass(frozen=True)
class Heap:
    """What waits of one sort. `since`: the oldest of it."""

    label: Promise | str
    count: int
    url: str
    since: datetime | None = None


@dataclass(frozen=True)
class Front:
    case_count: int
    cases_url: str
    heaps: list[Heap]
    claimed: list[tuple[str, int]]
    is_raid: bool
    raid_until: datetime | None
    raid_url: str

    @property
    def is_quiet(self) -> bool:
        return not any(heap.count for heap in self.heaps)


def front_of(request: HttpRequest) -> dict[str, Any]:
    """Nothing for who decides no cases. Seven queries."""
    if not request.user.has_perm("reviews.decide_case"):
        return {}
    cases_url = reverse("admin:reviews_case_changelist")
    reports = Report.objects.waiting().order_by().values_list("reason")
    told = {row[0]: row[1:] for row in reports.annotate(Count("case", distinct=True), Min("created_at"))}
    heaps = [
        Heap(Report.Reason(name).label, *told_of(told, name, f"{cases_url}?reason={name}")) for name in Report.HARM
    ]
    for model in (Review, Comment):
        held = model._default_manager.filter(held_at__isnull=False, hidden_at=None, deleted_at=None)
        count, since = held.aggregate(count=Count("pk"), since=Min("held_at")).values()
        url = reverse(f"admin:reviews_{model._meta.model_name}_changelist") + "?state=held"
        heaps.append(Heap(HELD[model], count, url, since))
    count, since = Appeal.objects.waiting().order_by().aggregate(count=Count("pk"), since=Min("created_at")).values()
    heaps.append(Heap(_("Appeals"), count, reverse("admin:reviews_appeal_changelist"), since))
    waiting = Case.objects.waiting()
    claimed = waiting.filter(claimed_at__gt=timezone.now() - CLAIM).values_list("claimed_by__username", flat=True)
    policy = Policy.objects.current()
    front = Front(
        case_count=waiting.count(),
        cases_url=cases_url,
        heaps=heaps,
        claimed=Counter(claimed).most_common(),
        is_raid=policy.is_raid(),
        raid_until=policy.raid_until,
        raid_url=reverse("admin:reviews_policy_raid"),
    )
    return {"front": front}


def told_of(told: dict[str, tuple[int, datetime]], name: str, url: str) -> tuple[int, str, datetime | None]:
    count, since = told.get(name, (0, None))
    return count, url, since


HELD: dict[type[Any], Promise] = {Review: _("Held reviews"), Comment: _("Held comments")}
