from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.preferences import theme_of


def preferences(request: HttpRequest) -> dict[str, object]:
    """`theme`: light, dark or system. A visitor without a session costs no query."""
    return {"theme": SimpleLazyObject(lambda: theme_of(request))}
