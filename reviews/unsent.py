"""What somebody wrote and could not send yet: a member's drafts, and for a visitor their session, until they join.

Nothing is published from here: it waits in the form where it was typed, for its author to press the button.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from reviews.models import Draft
from reviews.models.draft import Values
from reviews.places import Place
from soundtrack_site.markdown import clean_text

if TYPE_CHECKING:
    from accounts.models import User

KEPT = "unsent"  # in the session: place → {"values", "kept_at"}
# What a form fills in by itself, or what is chosen about words: alone it is nothing to keep.
CHOSEN = {"spoils_through", "kind", "song", "parent", "began_with"}
SCOPE = re.compile(r"[0-9]{1,4}")
MOST_TYPED = 50_000  # characters of one form; more than any of its fields takes, and still on the page that says so
MOST_PLACES = 20  # of one visitor; the oldest gives way


@dataclass(frozen=True)
class Unsent:
    """What waits in one place. `draft` is the member's row; a visitor has none."""

    values: Values
    kept_at: datetime
    draft: Draft | None = None

    @property
    def initial(self) -> dict[str, Any]:
        """The same as a form begins with it."""
        scope = self.values.get("spoils_through", "")
        rest = {name: value for name, value in self.values.items() if name != "spoils_through"}
        return {**rest, "spoils_through": int(scope)} if SCOPE.fullmatch(scope) else rest

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


def put_by(request: HttpRequest, place: Place, form: forms.Form) -> HttpResponse | None:
    """The answer to a form that is not to be sent now; None where it is, or where the page has more to say of it.

    A member may keep it for later. A visitor's, once nothing is wrong with it, waits until they have joined.
    """
    if not form.is_bound or "preview" in request.POST:
        return None
    if not request.user.is_authenticated:
        return join_first(request, place, form) if form.is_valid() else None
    if "keep" not in request.POST:
        return None
    keep_unsent(request, place, form)
    messages.success(request, _("Kept. Nobody sees it until you send it."))
    return redirect(place.path)


def join_first(request: HttpRequest, place: Place, form: forms.Form) -> HttpResponse:
    """Keep what a visitor wrote, and lead them to join or, where they were logged in as they began, to log in."""
    keep_unsent(request, place, form)
    was_member = "csrfmiddlewaretoken" in request.POST
    said = (
        _("You are not logged in any more. Your words are kept: log in, and they stand where you wrote them.")
        if was_member
        else _("Your words are kept. Join or log in, and they stand where you wrote them, ready to be sent.")
    )
    messages.success(request, said)
    entrance = reverse("account_login" if was_member else "account_signup")
    return redirect(f"{entrance}?{urlencode({'next': place.path})}")


def keep_refused(request: HttpRequest, place: Place, form: forms.Form) -> None:
    """A member's text that was not sent, because something is wrong with it or it was only looked at, waits too."""
    if form.is_bound and request.user.is_authenticated:
        keep_unsent(request, place, form)


def forget_unsent(request: HttpRequest, place: Place) -> None:
    """It was sent."""
    if request.user.is_authenticated:
        Draft.objects.by(request.user).at(place).delete()


def typed(form: forms.Form) -> Values:
    """What was posted for each field of the form; empty where nobody wrote or rated anything."""
    posted = {name: form.data.get(form.add_prefix(name)) for name in form.fields}
    values = {name: clean_text(str(value)) for name, value in posted.items() if value is not None}
    has_words = any(value.strip() for name, value in values.items() if name not in CHOSEN)
    return values if has_words and sum(map(len, values.values())) <= MOST_TYPED else {}


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
