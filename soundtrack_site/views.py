"""What is said when something goes wrong. None of it tells whether what was asked for exists."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone

from soundtrack_site.kept_text import KeptText, kept_texts

# Seconds. Nearly all limits of allauth count by the minute; it does not say which one was reached.
PATIENCE = 60


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not even the host may be right, so the page asks nothing of the request."""
    return HttpResponse(render_to_string("400.html", bare_context()), status=400)


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"kept_texts": refused_texts(request)}, status=404)


def too_many_requests(
    request: HttpRequest, exception: Exception | None = None, retry_after: int = PATIENCE
) -> HttpResponse:
    """`retry_after`: seconds until the limit lets this client through again."""
    context = {
        "minutes": -(-retry_after // 60),
        "until": timezone.now() + timedelta(seconds=retry_after),
        "kept_texts": refused_texts(request),
    }
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Database, session or cache may be what broke: the page needs none of them."""
    return HttpResponse(render_to_string("500.html", bare_context()), status=500)


def bare_context() -> dict[str, str]:
    """The style sheet where it is to be found: these pages do without it too."""
    try:
        stylesheet = static("css/site.css")
    except (ValueError, OSError, ImproperlyConfigured):
        stylesheet = ""
    return {"site_name": settings.SITE_NAME, "stylesheet": stylesheet}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Give back what was written."""
    return render(request, "403_csrf.html", {"kept_texts": refused_texts(request)}, status=403)


def refused_texts(request: HttpRequest) -> list[KeptText]:
    """What was written, except where people write passwords and addresses."""
    if request.method != "POST" or request.path.startswith("/accounts/"):
        return []
    return kept_texts(request)
