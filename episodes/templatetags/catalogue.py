from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from episodes.models import Episode, Series
from episodes.sleeve import SleeveArt
from episodes.viewer import Viewer
from soundtrack_site.markdown import stored_html

register = template.Library()


@register.filter
def numbered(series: Series, number: int) -> str:
    """ "Track 3", in the series' words."""
    return series.words.numbered(number)


@register.filter
def at_key(table: Mapping[Any, Any], key: Any) -> Any:
    return table.get(key)


@register.filter
def sleeve_art(episode: Episode) -> SleeveArt:
    """An episode's own, to be drawn by `episodes/_sleeve_art.html`."""
    return SleeveArt.of(episode.series.slug, episode.number, episode.runtime)


@register.filter
def seen_by(episode: Episode, viewer: Viewer) -> bool:
    """No query: the guide's viewer knows their point."""
    return viewer.has_seen(episode)


@register.filter
def duration(minutes: int) -> str:
    """182 → "3 h 02", 45 → "45 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


@register.filter
def clock(seconds: int) -> str:
    """Seconds into an episode: 750 → "12:30", 3723 → "1:02:03"."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@register.filter
def rendered(html: str | None) -> SafeString:
    """HTML that was rendered and cleaned when it was saved."""
    return stored_html(html or "")
