"""Where a reader may be led: only to pages of this site."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, asked: str) -> str | None:
    """The path, with query and fragment, of an address or path that was sent to us; None where it leads elsewhere.

    Checked twice, because what is left of `http://our.site//evil.example/` is an address again.
    """
    if not url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return None
    path = urlunsplit(("", "", *urlsplit(asked)[2:]))
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else None
