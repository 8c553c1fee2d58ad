"""When an episode is going to be shown: on the clock of its series, on the reader's own, and how far off that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.zones import known_zones
from episodes.models import Episode
from episodes.viewer import Viewer

NEAR = timedelta(days=6)  # a weekday alone still names one day


@dataclass(frozen=True)
class Airing:
    """An episode that is still to come. `yours` is None where the reader's clock is unknown or shows the same."""

    episode: Episode
    airs_at: datetime
    yours: datetime | None
    is_near: bool
    soon: str

    @classmethod
    def of(cls, episode: Episode, viewer: Viewer, now: datetime) -> Airing | None:
        """None where nobody knows when, or where it has been shown. No query."""
        if episode.airs_at is None or episode.has_aired(now):
            return None
        airs_at = episode.airs_at.astimezone(zone_named(episode.series.time_zone) or UTC)
        yours = None
        own_zone = zone_named(viewer.member.time_zone) if viewer.member else None
        if own_zone is not None and episode.airs_precision == Episode.Precision.MINUTE:
            there = episode.airs_at.astimezone(own_zone)
            yours = there if there.utcoffset() != airs_at.utcoffset() else None
        soon = how_soon(yours or airs_at, now)
        return cls(episode, airs_at, yours, episode.airs_at - now < NEAR, soon)

    @property
    def is_timed(self) -> bool:
        """The hour is known, not the day alone."""
        return self.episode.airs_precision == Episode.Precision.MINUTE

    @property
    def zone(self) -> str:
        """ "KST"."""
        return self.airs_at.tzname() or ""

    @property
    def is_another_day_there(self) -> bool:
        """The reader's calendar shows another day than the series' own."""
        return self.yours is not None and self.yours.date() != self.airs_at.date()


def zone_named(name: str) -> tzinfo | None:
    return ZoneInfo(name) if name in known_zones() else None


def how_soon(airs_at: datetime, now: datetime) -> str:
    """ "today", "tomorrow", "in 2 days": nights to sleep, on the clock that `airs_at` is told on."""
    nights = (airs_at.date() - now.astimezone(airs_at.tzinfo).date()).days
    if nights <= 0:
        return _("today")
    if nights == 1:
        return _("tomorrow")
    return ngettext("in %(count)d day", "in %(count)d days", nights) % {"count": nights}
