from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from episodes.models import Series
from episodes.vocabulary import Vocabulary

register = template.Library()


@register.filter
def in_stars(halves: int | None) -> str:
    """9 → "4½"; nothing for nothing."""
    if not halves:
        return ""
    whole, half = divmod(halves, 2)
    return f"{whole or ''}{'½' if half else ''}"


@register.simple_tag
def stars(halves: int | None, *, yours: bool = False, muted: bool = False) -> SafeString:
    """Five stars drawn, and said: "4½ stars". Nothing for nothing.

    `yours`: this reader gave them, so they have their colour. `muted`: the words beside them say it already.
    """
    if not halves:
        return SafeString("")
    looks = f"stars v{halves} stars--yours" if yours else f"stars v{halves}"
    if muted:
        return format_html('<span class="{}" aria-hidden="true"></span>', looks)
    return format_html('<span class="{}"><span class="visually-hidden">{}</span></span>', looks, counted_stars(halves))


@register.simple_tag
def counted_stars(halves: int) -> str:
    """ "4½ stars". Half a star and one are "star"; `count` is what a language counts by, never what it shows."""
    return ngettext("%(stars)s star", "%(stars)s stars", 1 if halves <= 2 else 2) % {"stars": in_stars(halves)}


def stars_in_words(halves: int, words: Vocabulary) -> str:
    """ "4½: on repeat all week"."""
    phrase = words.star_phrase(halves)
    return f"{in_stars(halves)}: {phrase}" if phrase else in_stars(halves)


@register.filter
def phrased(halves: int, series: Series) -> str:
    return stars_in_words(halves, series.words)


@register.filter
def roughly(words: int) -> str:
    """A length that says how much waits without saying which text it is: "about 120 words"."""
    if words < 10:
        return _("A few words")
    step = 10 if words < 200 else 50
    rounded = max(step, round(words / step) * step)
    return ngettext("About %(count)d word", "About %(count)d words", rounded) % {"count": rounded}
