"""What somebody wrote and could not send yet: a member's drafts, and for a visitor their session, until they join.

Nothing is published from here: it waits in the form where it was typed, for its author to press the button.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.decorators import session_ended
from accounts.models import User
from reviews.models import Draft, FloodError
from reviews.models.draft import Kept, Values
from reviews.places import Place
from soundtrack_site.markdown import clean_text

KEPT = "unsent"  # in the session: place → {"values", "kept_at", "earlier"}
# What a form fills in by itself, or what is chosen about words: alone it is nothing to keep.
CHOSEN = {"spoils_through", "hindsight", "kind", "song", "parent", "began_with"}
SCOPE = re.compile(r"[0-9]{1,4}")
MOST_TYPED = 50_000  # characters of one form; more than any of its fields takes, and still on the page that says so
MOST_PLACES = 20  # of one visitor; the oldest gives way
TRAP = "website"  # a field of visitors' forms that people do not see
WRITER = signing.Signer(salt="reviews.writer")


@dataclass(frozen=True)
class Unsent(Kept):
    """What waits where a form stands. `draft` is the member's row; a visitor has none."""

    draft: Draft | None = None

    @property
    def initial(self) -> dict[str, Any]:
        """The same as a form begins with it."""
        scope = self.values.get("spoils_through", "")
        rest = {name: value for name, value in self.values.items() if name != "spoils_through"}
        return {**rest, "spoils_through": int(scope)} if SCOPE.fullmatch(scope) else rest


def unsent_at(request: HttpRequest, place: Place) -> Unsent | None:
    """What this reader typed here and has not sent. One query for a member."""
    if request.user.is_authenticated:
        draft = Draft.objects.by(request.user).at(place).first()
        return Unsent(draft.values, draft.kept_at, draft.earlier, draft) if draft else None
    held = held_in(request.session).get(str(place))
    return Unsent(held.values, held.kept_at, held.earlier) if held else None


def keep_unsent(request: HttpRequest, place: Place, form: forms.Form) -> Kept | None:
    """Keep all that the form holds, whatever is wrong with it. None where it holds nothing, or more than is kept.

    Nor is anything kept for a program.

    A form that a member was given is theirs also after their session has ended, whoever logs in next.
    """
    values, resumes = typed(form), request.POST.get("resumes", "")
    if not values or is_trapped(request):
        return None
    if member := writer_of(request):
        kept = Draft.objects.keep(member, place, values, resumes)
    else:
        kept = hold(request.session, place, values, resumes)
    form.resumes = kept.stamp  # type: ignore[attr-defined] # what its page sends along the next time
    return kept


def put_by(request: HttpRequest, place: Place, form: forms.Form) -> HttpResponse | None:
    """The answer to a form that is not to be sent now; None where it is, or where the page has more to say of it.

    A member may keep it for later. A visitor's, once nothing is wrong with it, waits until they have joined.
    """
    if not form.is_bound or "preview" in request.POST:
        return None
    if not request.user.is_authenticated:
        if is_trapped(request):
            form.is_valid()  # what else there is to say comes first
            form.add_error(None, _("Something on its way filled in more than you did. Please send it once more."))
            return None
        return join_first(request, place, form) if "login" in request.POST or form.is_valid() else None
    if "keep" not in request.POST:
        return None
    if keep_unsent(request, place, form) is None:
        if form.is_valid() or not typed(form):
            form.errors.clear()
            form.add_error(None, _("There is nothing here to keep yet."))
        return None
    messages.success(request, _("Kept. Nobody sees it until you send it."))
    return redirect(place.path)


def is_trapped(request: HttpRequest) -> bool:
    """A program filled in what nobody sees. A browser that did so for a person finds it empty the next time."""
    return not request.user.is_authenticated and bool(request.POST.get(TRAP))


def join_first(request: HttpRequest, place: Place, form: forms.Form) -> HttpResponse:
    """Keep what a visitor wrote, and lead them to join or, where they have an account, to log in."""
    is_kept = keep_unsent(request, place, form) is not None
    if not is_kept and "login" not in request.POST:
        return session_ended(request)
    was_member = writer_of(request) is not None
    if was_member:
        said = _("You are not logged in any more. Your words are kept: log in, and they stand where you wrote them.")
    else:
        said = _("Your words are kept. Join or log in, and they stand where you wrote them, ready to be sent.")
    if is_kept:
        messages.success(request, said)
    entrance = reverse("account_login" if was_member or "login" in request.POST else "account_signup")
    return redirect(f"{entrance}?{urlencode({'next': place.path})}")


def keep_refused(request: HttpRequest, place: Place, form: forms.Form) -> None:
    """A text that was not sent, because something is wrong with it or it was only looked at, waits too."""
    if form.is_bound:
        keep_unsent(request, place, form)


@contextmanager
def kept_in_a_flood(request: HttpRequest, place: Place, form: forms.Form) -> Iterator[None]:
    """What comes faster than is taken in waits like what is refused, though another page says so."""
    try:
        yield
    except FloodError:
        keep_refused(request, place, form)
        raise


def forget_unsent(request: HttpRequest, place: Place, form: forms.Form) -> None:
    """It was sent."""
    if request.user.is_authenticated:
        Draft.objects.sent(request.user, place, typed(form), request.POST.get("resumes", ""))


def typed(form: forms.Form) -> Values:
    """What was posted for each field of the form; empty where nobody wrote or rated anything, or too much to keep."""
    posted = {name: form.data.get(form.add_prefix(name)) for name in form.fields}
    values = {name: clean_text(str(value)) for name, value in posted.items() if value is not None}
    has_words = any(value.strip() for name, value in values.items() if name not in CHOSEN)
    return values if has_words and sum(map(len, values.values())) <= MOST_TYPED else {}


def signed_writer(member: User) -> str:
    """For a hidden field: whose words these will be, should the session end while they are typed."""
    return WRITER.sign(str(member.pk))


def writer_of(request: HttpRequest) -> User | None:
    """Who is logged in, else for whom the form was made. Nothing is kept for who is banned."""
    if request.user.is_authenticated:
        return request.user
    try:
        key = int(WRITER.unsign(request.POST.get("writer", "")))
    except (signing.BadSignature, ValueError):
        return None
    found = User.objects.filter(pk=key, scrubbed_at=None).first()
    return None if found is None or found.is_banned() else found


def held_in(session: SessionBase) -> dict[str, Kept]:
    """What a visitor's session holds, oldest first. Place → what waits there."""
    return {
        key: Kept(kept["values"], datetime.fromisoformat(kept["kept_at"]), kept["earlier"])
        for key, kept in session.get(KEPT, {}).items()
    }


def hold(session: SessionBase, place: Place, values: Values, resumes: str) -> Kept:
    held, now = held_in(session), timezone.now()
    before = held.pop(str(place), None)
    held[str(place)] = kept = before.taking(values, resumes, now) if before else Kept(values, now)
    session[KEPT] = {
        key: {"values": one.values, "kept_at": one.kept_at.isoformat(), "earlier": one.earlier}
        for key, one in list(held.items())[-MOST_PLACES:]
    }
    return kept


def hand_over(session: SessionBase, member: User) -> None:
    """Make what a visitor's session holds the drafts of the member they turned out to be, and of nobody else."""
    for key, kept in held_in(session).items():
        place = Place.found(key)
        if place is not None:
            Draft.objects.bring(member, place, kept)
    session.pop(KEPT, None)
