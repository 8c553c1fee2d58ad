"""What every page owes a member: their language, their clock, and what is new to them.

A request without a session cookie is a visitor's: nobody is looked up for it.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from contextlib import ExitStack

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.models import User
from accounts.visits import Visit, drop_cookie
from accounts.zones import known_zones
from episodes.viewer import drop_step
from soundtrack_site.middleware import is_prefetch

GetResponse = Callable[[HttpRequest], HttpResponse]


def member_of(request: HttpRequest) -> User | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if request.user.is_authenticated else None


def as_member_likes(get_response: GetResponse) -> GetResponse:
    """A member's pages speak their language and tell their time. What is stored but not known here is no wish."""

    def middleware(request: HttpRequest) -> HttpResponse:
        member = member_of(request)
        if member is None:
            return get_response(request)
        with ExitStack() as wishes:
            if member.time_zone in known_zones():
                wishes.enter_context(timezone.override(zoneinfo.ZoneInfo(member.time_zone)))
            if member.language not in dict(settings.LANGUAGES):
                return get_response(request)
            wishes.enter_context(translation.override(member.language))
            response = get_response(request)
            # LocaleMiddleware, further up, would name the browser's.
            response.headers.setdefault("Content-Language", member.language)
            return response

    return middleware


def remember_visit(get_response: GetResponse) -> GetResponse:
    """Give every request `visit_before`: when this member's visit before this one ended, None if nobody knows.

    It is kept in the member's own browser, and forgotten there when they log out, as is their last step.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        member = member_of(request)
        request.visit_before = None  # type: ignore[attr-defined] # see ViewerRequest
        if member is None:
            return get_response(request)
        kept = Visit.of(request, member)
        visit = Visit.goes_on(kept, timezone.now())
        request.visit_before = visit.before  # type: ignore[attr-defined]
        response = get_response(request)
        if not request.user.is_authenticated:
            drop_cookie(response)
            drop_step(response)
        elif visit is not kept and not is_prefetch(request):
            visit.keep(response, member)
        return response

    return middleware
