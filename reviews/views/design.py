"""Every component in every state, for those who work on how this place looks."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from episodes.models import Series
from episodes.viewer import ViewerRequest
from reviews.design import figures
from soundtrack_site.colours import DECLARED, THEMES

SPRITE = settings.BASE_DIR / "static" / "icons.svg"
REM = re.compile(r"([\d.]+)rem")


@require_safe
def design(request: ViewerRequest) -> HttpResponse:
    """For staff. All that is shown is invented: no row of anybody's is asked for."""
    if not request.user.is_staff:
        raise Http404(_("There is no such page."))
    context = {
        "parts": figures.parts(),
        "themes": THEMES,
        "colours": [name for name, _value in tokens("color")],
        "inks": Series.Ink.values,
        "sizes": [name for name, _value in tokens("text")],
        "icons": re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")),
        "gaps": [(name, float(rem[1])) for name, value in tokens("gap") if (rem := REM.fullmatch(value))],
    }
    return render(request, "reviews/design.html", context)


def tokens(kind: str) -> list[tuple[str, str]]:
    """Name and value of each that `tokens.css` declares, as `--gap-xs` is one of "gap"."""
    prefix = f"--{kind}-"
    return [(name.removeprefix(prefix), value) for name, value in DECLARED.items() if name.startswith(prefix)]
