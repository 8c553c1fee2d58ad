"""Counts that pages read instead of counting: ratings, texts per scope, moments per slice.

Each text knows which counts it stands in: its ledger. A verb takes the ledger before and after its change
and settles the difference in the same transaction.
`manage.py recount` counts the texts in SQL, without ledgers, and compares.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _

from episodes.boundary import within_reach
from episodes.models import Episode, Series
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer

SLICE = 5  # seconds of an episode in one row of MomentTally


@dataclass(frozen=True, order=True)
class Entry:
    """One row that counts a text, found by its columns. Entries sort in the order in which rows are locked.

    `table`: the name of a model here, or `accounts.User`, whose rows a verb has locked before all others.
    """

    table: str
    columns: tuple[tuple[str, int | str], ...]

    @classmethod
    def of(cls, table: str, **columns: int | str | None) -> Entry:
        return cls(table, tuple((name, WHOLE_SERIES if value is None else value) for name, value in columns.items()))

    @property
    def lookup(self) -> dict[str, int | str | None]:
        """The columns as a filter, which finds a row also where the episode is null."""
        return {name: None if (name, value) == ("episode_id", WHOLE_SERIES) else value for name, value in self.columns}


# Stands in an entry for the null episode, which would not sort.
WHOLE_SERIES = 0

Ledger = Counter[Entry]


def settle(before: Ledger, after: Ledger) -> None:
    """Move every count that differs, in one order for everybody, so that two writers never wait for each other.

    One query per differing row; three when the row is new.
    """
    for entry in sorted({*before, *after}):
        if step := after[entry] - before[entry]:
            apps.get_model(entry.table if "." in entry.table else f"reviews.{entry.table}").move(entry, step)


class Tally(Guarded):
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        abstract = True

    @classmethod
    def move(cls, entry: Entry, step: int) -> None:
        rows = cls._default_manager.filter(**entry.lookup)
        if not rows.update(count=F("count") + step):
            # An upsert cannot name a partial index, so: make sure there is a row, then count.
            cls._default_manager.bulk_create([cls(**entry.lookup)], ignore_conflicts=True)
            rows.update(count=F("count") + step)


class SubjectQuerySet(GuardedQuerySet[Any]):
    def about(self, subject: Series | Episode) -> Self:
        if isinstance(subject, Episode):
            return self.filter(series=subject.series_id, episode=subject)
        return self.filter(series=subject, episode=None)


class RatingTally(Tally):
    """How many live reviews gave these stars: ten rows are the histogram and the mean of a subject."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="rating_tallies")
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="rating_tallies", null=True, blank=True)
    stars = models.PositiveSmallIntegerField(_("stars"))

    objects = SubjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "stars"], condition=Q(episode=None), name="ratingtally_once_per_series"
            ),
            models.UniqueConstraint(
                fields=["series", "episode", "stars"],
                condition=Q(episode__isnull=False),
                name="ratingtally_once_per_episode",
            ),
            models.CheckConstraint(condition=Q(stars__range=(1, 10)), name="ratingtally_stars_1_to_10"),
            models.CheckConstraint(condition=Q(count__gte=0), name="ratingtally_count_from_0"),
        ]

    def __str__(self) -> str:
        return f"{self.stars}: {self.count}"


class ScopeTallyQuerySet(SubjectQuerySet):
    def for_reader(self, viewer: Viewer, series: Series) -> Self:
        """Adds `is_open`: whether this viewer may read the texts that the row counts. Nearest first."""
        rule = When(within_reach(viewer, "scope", series), then=True)
        return self.annotate(is_open=Case(rule, default=False)).order_by("scope")


class ScopeTally(Tally):
    """How many live texts of this kind spoil through `scope`: answers "5 wait after Track 3"."""

    class Kind(models.TextChoices):
        REVIEW = "review", _("Review")
        COMMENT = "comment", _("Comment")
        ANSWER = "answer", _("Answer to a review")

    series = models.ForeignKey(Series, models.CASCADE, related_name="scope_tallies")
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="scope_tallies", null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    scope = models.PositiveSmallIntegerField(_("spoils through"))

    objects = ScopeTallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "kind", "scope"], condition=Q(episode=None), name="scopetally_once_per_series"
            ),
            models.UniqueConstraint(
                fields=["series", "episode", "kind", "scope"],
                condition=Q(episode__isnull=False),
                name="scopetally_once_per_episode",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["review", "comment", "answer"]), name="scopetally_kind_known"
            ),
            models.CheckConstraint(condition=Q(count__gte=0), name="scopetally_count_from_0"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}: {self.count}"


class MomentTallyQuerySet(GuardedQuerySet["MomentTally"]):
    def for_reader(self, viewer: Viewer, episode: Episode) -> QuerySet[Any, Any]:
        """Each `slice` and the `total` of moments in it that this viewer may read."""
        reach = within_reach(viewer, "scope", episode.series)
        return self.filter(reach, episode=episode, count__gt=0).values("slice").annotate(total=Sum("count"))


class MomentTally(Tally):
    """How many live moments lie in a slice of five seconds: what the waveform is drawn from."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="moment_tallies")
    slice = models.PositiveSmallIntegerField(_("slice"))
    scope = models.PositiveSmallIntegerField(_("spoils through"))

    objects = MomentTallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "slice", "scope"], name="momenttally_once"),
            models.CheckConstraint(condition=Q(count__gte=0), name="momenttally_count_from_0"),
        ]

    def __str__(self) -> str:
        return f"{self.slice}: {self.count}"
