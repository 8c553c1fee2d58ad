"""How much one may write in how short a time: counted in the database, in the transaction that writes.

So it is exact however many processes answer, and what is refused afterwards was never counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from soundtrack_site.withheld import Guarded, GuardedQuerySet


class FloodError(Exception):
    """More than is taken in so short a time. `until`: when there is room again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Limit:
    """At most `most` of a kind in each stretch of `seconds`. `who`: member, client or site."""

    who: str
    seconds: int
    most: int

    def stretch(self, now: datetime) -> datetime:
        began = int(now.timestamp()) // self.seconds * self.seconds
        return datetime.fromtimestamp(began, tz=now.tzinfo)

    def ends(self, now: datetime) -> datetime:
        return self.stretch(now) + timedelta(seconds=self.seconds)


MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
# Each kind of act in its own numbers: what a lively evening needs several times over.
LIMITS = {
    "text": (
        Limit("member", MINUTE, 6),
        Limit("member", HOUR, 60),
        Limit("client", HOUR, 120),
        Limit("site", MINUTE, 600),
    ),
    "like": (Limit("member", MINUTE, 60), Limit("client", MINUTE, 180), Limit("site", MINUTE, 3_000)),
    "report": (Limit("member", HOUR, 20), Limit("member", DAY, 60), Limit("client", HOUR, 60)),
}


class BurstQuerySet(GuardedQuerySet["Burst"]):
    def spend(self, kind: str, member: int, client: str = "") -> None:
        """Count one act of this kind. Called first in its transaction: a row is held until that ends.

        `client`: what tells one network from another; empty where there is none. Raises FloodError. A query for each
        limit, three where a stretch begins.
        """
        now = timezone.now()
        for limit, who in self._counted(kind, member, client):
            row = self.filter(kind=kind, who=who, seconds=limit.seconds, began_at=limit.stretch(now))
            if row.filter(count__lt=limit.most).update(count=F("count") + 1):
                continue
            self.bulk_create(
                [Burst(kind=kind, who=who, seconds=limit.seconds, began_at=limit.stretch(now))], ignore_conflicts=True
            )
            if not row.filter(count__lt=limit.most).update(count=F("count") + 1):
                raise FloodError(limit.ends(now))

    @staticmethod
    def _counted(kind: str, member: int, client: str) -> Iterator[tuple[Limit, str]]:
        """In one order for everybody, so that nobody waits in a circle; what all share comes last."""
        names = {"member": f"member:{member}", "client": client and f"client:{client}", "site": "site"}
        for limit in LIMITS[kind]:
            if who := names[limit.who]:
                yield limit, who

    def over(self) -> BurstQuerySet:
        """Stretches that have long ended."""
        return self.filter(began_at__lt=timezone.now() - timedelta(seconds=2 * DAY))


class Burst(Guarded):
    """How often somebody did something in one stretch of time."""

    kind = models.CharField(max_length=8)
    who = models.CharField(max_length=60)
    seconds = models.PositiveIntegerField()
    began_at = models.DateTimeField(_("from"))
    count = models.PositiveIntegerField(_("count"), default=0)

    objects = BurstQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["who", "kind", "seconds", "began_at"], name="burst_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["text", "like", "report"]), name="burst_kind_known"),
        ]
        indexes = [models.Index(fields=["began_at"], name="burst_by_age")]

    def __str__(self) -> str:
        return f"{self.who}: {self.count}"
