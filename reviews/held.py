"""What whoever wrote something hears when a moderator looks at it first."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviews.models import Text
from reviews.models.text import Held

WHY: dict[str, str | Promise] = {
    Held.FIRST: gettext_lazy("A moderator looks at it first, as at everything from a new account."),
    Held.LINK: gettext_lazy("A moderator looks at it first: it has a link, and your account is new."),
    Held.WORD: gettext_lazy("A moderator looks at it first: it has a word that we ask about."),
    Held.RAID: gettext_lazy("A moderator looks at it first: just now we do so with everything from new accounts."),
}


def said_of_held(text: Text, otherwise: str) -> str:
    """Why it waits, what that means and that they will hear; `otherwise` where it stands at once."""
    if not text.is_held:
        return otherwise
    until = _("Until then only you see it. You will hear what came of it.")
    return f"{WHY[text.held_for]} {until}"
