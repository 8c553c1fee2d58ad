from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from episodes.models.series import Series
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from episodes.viewer import Point


class ProgressQuerySet(GuardedQuerySet["Progress"]):
    @transaction.atomic
    def record(self, member: User, series: Series, seen_through: int) -> tuple[Progress | None, Progress]:
        """Put the member at this point, forwards or back; `furthest` only ever rises. At most six queries.

        Answers where they were until then, None where they had never been asked, and where they are now.
        """
        member.queue_up()  # a first answer has no row yet that another could wait for
        before = self.select_for_update(no_key=True).filter(member=member, series=series).first()
        return before, self._move(member, series, seen_through, F("furthest"), models.Value(seen_through))

    def furthest(self, member: User, series: Series) -> int:
        """How far the member has ever seen it, and so may tell of; 0 for who was never asked."""
        return self.filter(member=member, series=series).values_list("furthest", flat=True).first() or 0

    def reach(self, member: User, series: Series, seen_through: int, furthest: int = 0) -> Progress:
        """Put the member at this point unless they are past it. They once were at `furthest`. At most four queries."""
        was = max(seen_through, furthest)
        return self._move(member, series, Greatest("seen_through", seen_through), F("furthest"), was)

    @transaction.atomic
    def peek(self, member: User, series: Series, number: int) -> None:
        """Remember that the member wants to see this score before rating. `number`: the episode's, 0 the series'."""
        progress = self.select_for_update(no_key=True).filter(member=member, series=series).first()
        if progress is not None and number not in progress.peeked:
            progress.peeked = sorted([*progress.peeked, number])
            progress.save(update_fields=["peeked"])

    def put_back(self, here: Progress, before: Point | None) -> bool:
        """Undo a slip: the one way in which `furthest` falls. Not where the row has moved since `here`; one query.

        Call `reviews.taken_back.take_back`, which holds back texts meanwhile. None: they had never been asked.
        """
        own = self.filter(pk=here.pk, updated_at=here.updated_at)
        if before is None:
            return own.delete()[0] > 0
        return own.update(seen_through=before.seen_through, furthest=before.furthest, updated_at=timezone.now()) > 0

    def _move(self, member: User, series: Series, point: object, furthest: object, at_least: object) -> Progress:
        own = self.filter(member=member, series=series)
        values = {"seen_through": point, "furthest": Greatest(furthest, at_least), "updated_at": timezone.now()}
        if not own.update(**values):
            self.bulk_create([Progress(member=member, series=series)], ignore_conflicts=True)
            own.update(**values)
        return own.first() or Progress(member=member, series=series)  # another press may take it back at once


class Progress(Guarded):
    """How far a member has seen a series. No row: never asked. `furthest` remembers what a rewatcher knows."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="progress")
    series = models.ForeignKey(Series, models.PROTECT, related_name="progress")
    seen_through = models.PositiveSmallIntegerField(_("seen through"), default=0)
    furthest = models.PositiveSmallIntegerField(_("furthest"), default=0)
    # Numbers of the episodes whose score the member asked to see before rating them; 0 is the series.
    peeked = models.JSONField(_("peeked at"), default=list, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [
            models.UniqueConstraint(fields=["member", "series"], name="progress_once_per_series"),
            models.CheckConstraint(condition=Q(furthest__gte=F("seen_through")), name="progress_furthest_not_behind"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.series} {self.seen_through}"

    @property
    def is_rewatching(self) -> bool:
        """They went back, and chose to be told less than they know."""
        return self.seen_through < self.furthest
