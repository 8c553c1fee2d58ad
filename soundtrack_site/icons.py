"""What browsers ask of a site beside its pages: how it wants to stand on a home screen, and its mark."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from soundtrack_site.colours import as_hex

TOUCH_ICON = "apple-touch-icon.png"
ICONS = (
    # File, type, sizes, and what it is fit for: "maskable" may lose its edges.
    ("icon.svg", "image/svg+xml", "any", "any"),
    (TOUCH_ICON, "image/png", "180x180", "any"),
    ("icon-512.png", "image/png", "512x512", "any maskable"),
)


@require_safe
def webmanifest(request: HttpRequest) -> JsonResponse:
    """In the colours of daylight: a manifest knows no other theme."""
    paper = as_hex("--color-paper", "light")
    return JsonResponse(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "id": "/",
            "start_url": reverse("episodes:home"),
            "scope": "/",
            "display": "minimal-ui",
            "background_color": paper,
            "theme_color": paper,
            "icons": [
                {"src": static(name), "type": kind, "sizes": sizes, "purpose": purpose}
                for name, kind, sizes, purpose in ICONS
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """For who asks at the old address without having read a page. A picture of points: not everybody draws SVG."""
    return HttpResponseRedirect(static(TOUCH_ICON))
