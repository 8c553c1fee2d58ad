"""How lists of the desk are narrowed, and whether they open what their moderator has not seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reviews.admin.reading import BEYOND, OPEN_ALL
from reviews.models import LIVE, Text
from reviews.templatetags.ratings import in_stars

STATES: dict[str, tuple[Promise, Q]] = {
    "live": (_("live"), LIVE),
    "hidden": (_("hidden"), Q(hidden_at__isnull=False, deleted_at=None)),
    "held": (_("held"), Q(held_at__isnull=False, hidden_at=None, deleted_at=None)),
    "deleted": (_("deleted by its author"), Q(deleted_at__isnull=False)),
}


def state_of(text: Text) -> Promise:
    """The same in Python, for a row that is here already."""
    stamps = {"deleted": text.deleted_at, "hidden": text.hidden_at, "held": text.held_at}
    return STATES[next((name for name, stamp in stamps.items() if stamp), "live")][0]


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, (label, _rule) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = STATES.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class StarsFilter(admin.SimpleListFilter):
    """Half stars are how they are stored; people read 3½."""

    title = _("stars")
    parameter_name = "stars"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(halves), in_stars(halves)) for halves in range(1, 11)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(stars=chosen) if chosen in dict(self.lookup_choices) else queryset


class UnaskedFilter(admin.SimpleListFilter):
    """`unasked`: what the list shows by itself. Django calls that *All*, which it is not."""

    unasked: ClassVar[Promise]

    def choices(self, changelist: Any) -> Iterator[Any]:
        by_itself, *others = super().choices(changelist)
        yield {**by_itself, "display": self.unasked}
        yield from others


class WaitingFilter(UnaskedFilter):
    """What waits, until somebody asks for the rest. `done`: what is decided, in an address and in words."""

    title = _("state")
    parameter_name = "state"
    unasked = _("waiting")
    done: ClassVar[tuple[str, Promise]]
    waits: ClassVar[Q]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        name, label = self.done
        return [(name, str(label)), ("all", str(_("all")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(~self.waits if self.value() == self.done[0] else self.waits)


class BeyondFilter(UnaskedFilter):
    """Stubs, or every word, as a raid needs it. It narrows nothing: `Reading` heeds what was chosen."""

    title = _("what I have not seen yet")
    parameter_name = BEYOND
    unasked = _("Keep it closed")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(OPEN_ALL, str(_("Open all of it")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset
