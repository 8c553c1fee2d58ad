"""Small forms that carry no token, because a token sets a cookie, and a cookie ends kept pages.

A browser says by itself where a form stood. Where it does not, or where that was elsewhere, we ask once more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


def same_origin_or_asks(
    view: Callable[Concatenate[R, P], HttpResponse],
) -> Callable[Concatenate[R, P], HttpResponse]:
    """Let a form through that stood on our own page or carries a token; put any other before its sender again."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method in SAFE_METHODS or stood_here(request) or has_token(request):
            return view(request, *args, **kwargs)
        return ask_again(request)

    return guarded


def stood_here(request: HttpRequest) -> bool:
    """By Sec-Fetch-Site where the browser sends it, else by Origin."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def has_token(request: HttpRequest) -> bool:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return False
    return _TokenCheck(lambda _: HttpResponse()).process_view(request, ask_again, (), {}) is None


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check, which answers instead of logging and refusing."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def ask_again(request: HttpRequest) -> HttpResponse:
    fields: list[tuple[str, Any]] = [
        (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    return render(request, "ask_again.html", {"fields": fields}, status=403)
