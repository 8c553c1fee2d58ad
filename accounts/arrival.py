"""What a visitor brings along when they join or log in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from episodes.models import Episode, Progress, Series


@dataclass(frozen=True)
class Point:
    series: Series
    seen_through: int

    def __str__(self) -> str:
        if self.seen_through == 0:
            return _("%(series)s, not started") % {"series": self.series.title}
        episode = self.series.words.numbered(self.seen_through)
        return _("%(series)s, through %(episode)s") % {"series": self.series.title, "episode": episode}


@transaction.atomic
def bring_along(member: User, points: dict[int, int]) -> list[Point]:
    """Carry a visitor's points (series key → seen through) into the member's rows wherever they are further.

    Series that are not there, and episodes that have not aired, are none of theirs. Three queries, and at
    most four more for each series that moves.
    """
    if not points:
        return []
    now = timezone.now()
    aired = Episode.objects.aired(now).filter(series__in=points)
    last_aired = dict(aired.values_list("series").annotate(Max("number")).order_by())
    held = dict(Progress.objects.filter(member=member, series__in=points).values_list("series", "seen_through"))
    moved = []
    for series in Series.objects.published(now).filter(pk__in=points):
        point = min(points[series.pk], last_aired.get(series.pk, 0))
        if series.pk not in held or point > held[series.pk]:
            Progress.objects.reach(member, series, point)
            moved.append(Point(series, point))
    return moved
