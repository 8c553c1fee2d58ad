from __future__ import annotations

from django import template
from django.http import HttpRequest

register = template.Library()


@register.simple_tag
def address_without_reveal(request: HttpRequest) -> str:
    """Path and query of this page, whatever it asks for but for what it shows this once."""
    query = request.GET.copy()
    query.pop("reveal", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
