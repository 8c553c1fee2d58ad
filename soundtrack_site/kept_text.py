"""What somebody typed into a form that was refused, to give it back on the page that says why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from soundtrack_site.markdown import clean_text

LABELS: dict[str, str | Promise] = {
    "headline": _("The safe line"),
    "body": _("The text"),
    "rewound": _("The moment I rewound"),
    "stayed": _("The song that stayed"),
    "shown_to": _("Who I'd show it to"),
    "at": _("When"),
    "song_name": _("Song"),
    "display_name": _("Display name"),
    "bio": _("About me"),
    "star_meaning": _("What my stars mean"),
    "reason": _("Reason"),
    "answer": _("Answer"),
    "note": _("A word to the moderator"),
}
# What forms carry along, and what is chosen from a list: nobody wrote it.
MACHINERY = {"csrfmiddlewaretoken", "next", "action", "writer", "resumes", "began_with", "parent", "website"}
LISTED = {"kind", "song", "language", "time_zone", "theme"}
SECRET = re.compile(r"password|secret|token|code", re.IGNORECASE)
# Stars, scopes and ticked boxes are chosen, not written: nobody misses them on a page that saves words.
CHOSEN = re.compile(r"\d*|on|off|true|false", re.IGNORECASE)


@dataclass(frozen=True)
class KeptText:
    name: str
    label: str | Promise
    text: str


def kept_texts(request: HttpRequest) -> list[KeptText]:
    """Every text of the refused form, in its order; no secrets, no machinery."""
    return [
        KeptText(name, LABELS.get(name) or capfirst(name.replace("_", " ")), clean_text(text))
        for name, texts in request.POST.lists()
        if name not in MACHINERY | LISTED and not SECRET.search(name)
        for text in texts
        if not CHOSEN.fullmatch(text.strip())
    ]
