from __future__ import annotations

from django import template
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
