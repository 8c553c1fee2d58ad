import re
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers

from soundtrack_site.media import media
from soundtrack_site.pictures import NAME
from soundtrack_site.views import page_not_found

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)


def security_headers(get_response: GetResponse) -> GetResponse:
    """The headers that Django's own middleware does not send, on every answer: errors and static files too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response

    return middleware


METHODS = ("GET", "HEAD", "POST")


def known_methods(get_response: GetResponse) -> GetResponse:
    """A page is read, or sent a form. Whatever else a request may be is refused before anybody is looked up for it.

    Libraries' views take more: allauth's take a PUT for a form, and the admin answers TRACE and DELETE with its pages.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)

    return middleware


def pages_for_wrong_methods(get_response: GetResponse) -> GetResponse:
    """Whoever types the address of a button reads a page of ours, not the browser's own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method in ("GET", "HEAD") and not response.content:
            page = page_not_found(request, Http404())
            response.content = page.content
            response.headers["Content-Type"] = page.headers["Content-Type"]
        return response

    return middleware


PREFETCH_RULES = "prefetch.speculationrules"


def is_prefetch(request: HttpRequest) -> bool:
    """Whether the browser asks ahead of its reader, who may never come."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def prefetch(get_response: GetResponse) -> GetResponse:
    """Let a browser fetch ahead what its reader points at, by the rules that the header names.

    Whatever it fetched it forgets once something was sent: how far its reader has seen may be another point now.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in ("GET", "HEAD"):
            response.headers["Clear-Site-Data"] = '"prefetchCache", "prerenderCache"'
        elif response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Speculation-Rules"] = f'"{staticfiles_storage.url(PREFETCH_RULES)}"'
        return response

    return middleware


def ways_for_scripts(get_response: GetResponse) -> GetResponse:
    """Tell a script that sends a form in place where it leads, fragment and all: a followed redirect would not say."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "X-In-Place" in request.headers and response.has_header("Location"):
            response.headers["X-Leads-To"] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code = 204
            response.content = b""
        return response

    return middleware


def session_key_shape(get_response: GetResponse) -> GetResponse:
    """Take a session cookie that we cannot have set for none.

    A quoted cookie may spell a null byte, and PostgreSQL does not look for one: it fails.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not (key.isascii() and key.isalnum()):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        return get_response(request)

    return middleware


PICTURE = re.compile(rf"/media/(?P<name>{NAME})")


def uploaded_pictures(get_response: GetResponse) -> GetResponse:
    """Answer with a picture before anybody asks who wants it: no session, no cookie, no language, no query.

    What is not there is a page like any other, in its reader's words.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        found = PICTURE.fullmatch(request.path_info)
        if found:
            with suppress(Http404):
                return media(request, found["name"])
        return get_response(request)

    return middleware


SECRETS = {"token", "key"}


def has_secret(request: HttpRequest) -> bool:
    """Whether the address alone says whose page it is: a link from a mail, or to appeal by."""
    return request.resolver_match is not None and not SECRETS.isdisjoint(request.resolver_match.kwargs)


def cache_policy(get_response: GetResponse) -> GetResponse:
    """Who may keep an answer: anybody, where it neither came from a cookie nor sets one, and its address is no secret;
    otherwise only its reader.

    Stands above everything that sets cookies, or it would not see them. An answer to `?reveal=` is kept by nobody
    and found by no search engine.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        if "reveal" in request.GET:
            response.headers["X-Robots-Tag"] = "noindex"
            response.headers["Cache-Control"] = "private, no-store"
        elif not response.has_header("Cache-Control"):
            is_same_for_all = (
                request.method in ("GET", "HEAD")
                and response.status_code == 200
                and not request.COOKIES
                and not response.cookies
                and not has_secret(request)
            )
            response.headers["Cache-Control"] = (
                "public, max-age=0, must-revalidate" if is_same_for_all else "private, no-cache"
            )
        return response

    return middleware
