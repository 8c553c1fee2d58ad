"""Every component in every state, for those who work on how this place looks."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from episodes.models import Series
from episodes.viewer import ViewerRequest
from reviews.design import figures
from soundtrack_site.colours import DECLARED, THEMES

COLOURS = ("paper", "sheet", "rule", "edge", "soft", "ink", "you", "error", "staff")
SIZES = ("xs", "s", "m", "l", "xl", "xxl", "sleeve", "score")
ICONS = ("search", "back", "on", "away", "open", "close", "done", "record")
REM = re.compile(r"([\d.]+)rem")


@require_safe
def design(request: ViewerRequest) -> HttpResponse:
    """For staff. All that is shown is invented: no row of anybody's is asked for."""
    if not request.user.is_staff:
        raise Http404(_("There is no such page."))
    context = {
        "parts": figures.parts(),
        "themes": THEMES,
        "colours": COLOURS,
        "inks": Series.Ink.values,
        "sizes": SIZES,
        "icons": ICONS,
        "gaps": gaps(),
    }
    return render(request, "reviews/design.html", context)


def gaps() -> list[tuple[str, float]]:
    """Name and rem of each step of space."""
    found = ((name, REM.fullmatch(value)) for name, value in DECLARED.items() if name.startswith("--gap-"))
    return [(name.removeprefix("--gap-"), float(rem[1])) for name, rem in found if rem]
