"""What somebody wrote and could not send yet: a member's drafts, and for a visitor their session, until they join.

Nothing is published from here: it waits in the form where it was typed, for its author to press the button.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from reviews.models import Draft
from reviews.models.draft import Values
from reviews.places import Place
from soundtrack_site.markdown import clean_text

if TYPE_CHECKING:
    from accounts.models import User

KEPT = "unsent"  # in the session: place → {"values", "kept_at"}
# What a form fills in by itself, or what is chosen about words: alone it is nothing to keep.
CHOSEN = {"spoils_through", "kind", "song", "parent", "began_with"}
MOST_PLACES = 20  # of one visitor; the oldest gives way


@dataclass(frozen=True)
class Unsent:
    """What waits in one place. `draft` is the member's row; a visitor has none."""

    values: Values
    kept_at: datetime
    draft: Draft | None = None

    @property
    def earlier_words(self) -> list[str]:
        return self.draft.earlier_words if self.draft else []


def unsent_at(request: HttpRequest, place: Place) -> Unsent | None:
    """What this reader typed here and has not sent. One query for a member."""
    if request.user.is_authenticated:
        draft = Draft.objects.by(request.user).at(place).first()
        return Unsent(draft.values, draft.kept_at, draft) if draft else None
    held = held_in(request.session).get(str(place))
    return Unsent(held.values, held.kept_at) if held else None


def keep_unsent(request: HttpRequest, place: Place, form: forms.Form) -> None:
    """Keep all that the form holds, whatever is wrong with it. An empty form is nothing to keep."""
    values = typed(form)
    if not values:
        return
    if request.user.is_authenticated:
        Draft.objects.keep(request.user, place, values)
        return
    held = {
        key: {"values": kept.values, "kept_at": kept.kept_at.isoformat()}
        for key, kept in held_in(request.session).items()
    }
    held.pop(str(place), None)
    held[str(place)] = {"values": values, "kept_at": timezone.now().isoformat()}
    request.session[KEPT] = dict(list(held.items())[-MOST_PLACES:])


def forget_unsent(request: HttpRequest, place: Place) -> None:
    """It was sent."""
    if request.user.is_authenticated:
        Draft.objects.by(request.user).at(place).delete()


def typed(form: forms.Form) -> Values:
    """What was posted for each field of the form; empty where nobody wrote or rated anything."""
    values: Values = {}
    for name in form.fields:
        value = form.data.get(form.add_prefix(name))
        if value:
            values[name] = clean_text(str(value))
    return values if set(values) - CHOSEN else {}


def held_in(session: SessionBase) -> dict[str, Unsent]:
    """What a visitor's session holds, oldest first. Place → what waits there."""
    return {
        key: Unsent(kept["values"], datetime.fromisoformat(kept["kept_at"]))
        for key, kept in session.get(KEPT, {}).items()
    }


def hand_over(session: SessionBase, member: User) -> list[Place]:
    """Make what a visitor's session holds the drafts of the member they turned out to be; answers where they are."""
    places = []
    for key, kept in held_in(session).items():
        place = Place.found(key)
        if place is not None:
            Draft.objects.bring(member, place, kept.values, kept.kept_at)
            places.append(place)
    return places
