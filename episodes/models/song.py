from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from episodes.boundary import within_reach
from episodes.models.episode import Episode
from episodes.models.series import Series
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer


class Song(Guarded):
    """A song of the soundtrack. What nobody knows of it stays empty; its part number or artist is enough."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="songs")
    part = models.PositiveSmallIntegerField(_("part"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    native_title = models.CharField(_("native title"), max_length=200, blank=True)
    artist = models.CharField(_("artist"), max_length=100, blank=True)
    native_artist = models.CharField(_("native name of the artist"), max_length=100, blank=True)
    released_on = models.DateField(_("released"), null=True, blank=True)
    released_about = models.CharField(_("released about"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("song")
        verbose_name_plural = _("songs")
        ordering = ["part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "part"], condition=Q(part__isnull=False), name="song_part_once"),
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(native_title="") | ~Q(artist=""),
                name="song_names_something",
                violation_error_message=_("A song has a title or an artist."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.native_title or self.artist


class CueQuerySet(GuardedQuerySet["Cue"]):
    def for_reader(self, viewer: Viewer, series: Series) -> Self:
        """Where a song is heard spoils its own episode."""
        reach = within_reach(viewer, "episode__number", series)
        return self.filter(reach, episode__series=series).select_related("song")


class Cue(Guarded):
    """A song heard in an episode; `at` is in seconds, unknown when nobody timed it."""

    song = models.ForeignKey(Song, models.CASCADE, related_name="cues")
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="cues")
    at = models.PositiveIntegerField(_("at second"), null=True, blank=True)

    objects = CueQuerySet.as_manager()

    class Meta:
        verbose_name = _("cue")
        verbose_name_plural = _("cues")
        ordering = ["episode", "at", "pk"]
        constraints = [models.UniqueConstraint(fields=["song", "episode", "at"], name="cue_once")]

    def __str__(self) -> str:
        return f"{self.episode} · {self.at}"
