"""What every page owes whoever writes faster than is taken in: when there is room again, and their words."""

from __future__ import annotations

import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from reviews.models import FloodError
from soundtrack_site.views import too_many_requests


def say_when(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a FloodError of any view with 429. Nothing was written: its transaction is over."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FloodError):
            return None
        wait = math.ceil((exception.until - timezone.now()).total_seconds())
        return too_many_requests(request, exception, retry_after=max(wait, 1))

    middleware.process_exception = process_exception  # type: ignore[attr-defined] # where Django looks for it
    return middleware
