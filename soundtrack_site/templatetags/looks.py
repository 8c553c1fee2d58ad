"""How things look, where a template cannot say it in a class of its own."""

from __future__ import annotations

import json
from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@cache
def covered() -> frozenset[str]:
    """What our cut of the display face has, as `make fonts` noted it."""
    note = json.loads((settings.BASE_DIR / "static" / "fonts" / "hahmlet.json").read_text())
    return frozenset(note["characters"])


@register.filter
def display_face(words: object) -> str:
    """Class for a title of the catalogue. One that our cut does not cover whole is set in the reader's own as a whole.

    Use like `<span class="{{ series.native_title|display_face }}">`.
    """
    return "display" if covered().issuperset(str(words)) else "display display--system"


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the few drawings in `icons.svg`. It is decoration: words stand beside it."""
    return format_html(
        '<svg class="icon" width="20" height="20" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons.svg"),
        name,
    )
