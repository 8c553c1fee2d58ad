"""The first page of the admin: what waits for a moderator, the worst first, each with a way there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from reviews.models import Appeal, Case, Comment, Policy, Report, Review
from reviews.models.case import CLAIM


@dataclass(frozen=True)
class Heap:
    """What waits of one sort. `since`: the oldest of it."""

    label: str
    count: int
    url: str
    since: datetime | None = None

    @property
    def is_fresh(self) -> bool:
        return self.since is not None and timezone.now() - self.since < timedelta(minutes=1)


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
    """Nothing for who decides no cases. Each case counts once, under the worst that was said. Six queries."""
    if not request.user.has_perm("reviews.decide_case"):
        return {}
    cases_url = reverse("admin:reviews_case_changelist")
    waiting = Case.objects.waiting()
    by_harm = waiting.order_by().values_list("harm").annotate(Count("pk"), Min("waits_since"))
    told = {harm: (count, since) for harm, count, since in by_harm}
    heaps = [
        Heap(str(Report.Reason(name).label), count, f"{cases_url}?reason={name}", since)
        for name, harm in Report.HARM.items()
        for count, since in [told.get(harm, (0, None))]
    ]
    for model in (Review, Comment):
        held = model._default_manager.filter(held_at__isnull=False, hidden_at=None, deleted_at=None)
        count, since = held.aggregate(count=Count("pk"), since=Min("held_at")).values()
        url = reverse(f"admin:reviews_{model._meta.model_name}_changelist") + "?state=held"
        heaps.append(Heap(held_label(model, count), count, url, since))
    count, since = Appeal.objects.waiting().order_by().aggregate(count=Count("pk"), since=Min("created_at")).values()
    label = ngettext("Appeal to hear", "Appeals to hear", count)
    heaps.append(Heap(label, count, reverse("admin:reviews_appeal_changelist"), since))
    claimed = waiting.filter(claimed_at__gt=timezone.now() - CLAIM).values_list("claimed_by__username", flat=True)
    policy = Policy.objects.current()
    front = Front(
        case_count=sum(count for count, _since in told.values()),
        cases_url=cases_url,
        heaps=heaps,
        claimed=Counter(claimed).most_common(),
        is_raid=policy.is_raid(),
        raid_until=policy.raid_until,
        raid_url=reverse("admin:reviews_policy_raid"),
    )
    return {"front": front}


def held_label(model: type[Any], count: int) -> str:
    if model is Review:
        return ngettext("Held review", "Held reviews", count)
    return ngettext("Held comment", "Held comments", count)
