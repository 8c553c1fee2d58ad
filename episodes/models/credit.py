from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from episodes.boundary import within_reach
from episodes.models.series import Series
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer


class Person(Guarded):
    """Someone in the cast or crew."""

    name = models.CharField(_("name"), max_length=100)
    native_name = models.CharField(_("native name"), max_length=100, blank=True)
    known_for = models.CharField(_("known for"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "native_name"], name="person_once"),
            models.CheckConstraint(condition=~Q(name=""), name="person_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CreditQuerySet(GuardedQuerySet["Credit"]):
    def for_reader(self, viewer: Viewer, series: Series) -> Self:
        """A credit that gives something away is not there for those who have not seen it."""
        return self.filter(within_reach(viewer, "scope", series), series=series).select_related("person")


class Credit(Guarded):
    """What a person did for a series. A part that nobody knows the player of has no person."""

    class Job(models.TextChoices):
        CAST = "cast", _("Cast")
        DIRECTOR = "director", _("Director")
        WRITER = "writer", _("Writer")
        PRODUCTION = "production", _("Production")
        PLANNING = "planning", _("Planning")
        MUSIC = "music", _("Music")

    series = models.ForeignKey(Series, models.CASCADE, related_name="credits")
    person = models.ForeignKey(Person, models.PROTECT, related_name="credits", null=True, blank=True)
    job = models.CharField(_("job"), max_length=10, choices=Job.choices)
    character = models.CharField(_("character"), max_length=100, blank=True)
    native_character = models.CharField(_("native name of the character"), max_length=100, blank=True)
    also_written = models.CharField(_("also written"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    scope = models.PositiveSmallIntegerField(_("spoils through"), default=0)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CreditQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(character=""),
                name="credit_names_someone",
                violation_error_message=_("A credit names a person, a character or both."),
            ),
            models.CheckConstraint(
                condition=Q(job__in=["cast", "director", "writer", "production", "planning", "music"]),
                name="credit_job_known",
            ),
        ]

    def __str__(self) -> str:
        return self.character or f"{self.get_job_display()}: {self.person}"
