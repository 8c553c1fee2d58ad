"""What a page costs those who load it, in bytes as they are sent: gzip, first view, nothing kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.page_checks.page_type import ANYBODY
from tests.page_checks.pages import PAGES
from tests.page_checks.site import Site

pytestmark = pytest.mark.browser

KB = 1_000
MOST_HTML, MOST_CSS, MOST_JS, MOST_FONTS = 14 * KB, 12 * KB, 6 * KB, 50 * KB
MOST_REQUESTS = 8
LEVEL = 9  # as WhiteNoise packs files
# Of the demo: twenty items of what people write, where the world of the matrix has only the longest.
PATHS = {
    "home": "/",
    "series": "/series/soundtrack-1/",
    "episode": "/series/soundtrack-1/episodes/2/",
    "recap": "/series/soundtrack-1/episodes/2/recap/",
    "reviews": "/series/soundtrack-1/episodes/2/reviews/",
    "season reviews": "/series/soundtrack-1/reviews/",
    "comments": "/series/soundtrack-1/episodes/2/comments/",
    "room": "/series/soundtrack-1/comments/",
    "composer": "/series/soundtrack-1/episodes/2/review/",
    "season composer": "/series/soundtrack-1/review/",
    "member": "/members/sora/",
    "drafts": "/settings/drafts/",
    "settings": "/settings/",
}


def zipped(body: bytes) -> int:
    return len(gzip.compress(body, LEVEL))


def pages(site: Site) -> Iterator[tuple[str, str, str]]:
    """Name, reader, path: the demo's for everybody who may, and whatever else the matrix knows."""
    for name, path in PATHS.items():
        for role in ("fan", "visitor") if "visitor" in PAGES[name].roles else ("fan",):
            yield name, role, path
    for name, page in PAGES.items():
        if name not in PATHS and page.roles == ANYBODY and not page.error:
            yield name, "visitor", site.path(page.path)


def test_html(site_of: Callable[[str], Site], capsys: pytest.CaptureFixture[str]) -> None:
    site = site_of("full")
    weights = {}
    for name, role, path in pages(site):
        body = site.get(path, role).body
        weights[name, role] = zipped(body), len(body)
    with capsys.disabled():
        print()  # noqa: T201 - the table is what this is for
        for (name, role), (small, whole) in sorted(weights.items(), key=lambda item: -item[1][0]):
            print(f"{name:20} {role:8} {small / KB:6.1f} kB of {whole / KB:6.1f} kB")  # noqa: T201
    heavy = {key: small for key, (small, _whole) in weights.items() if small > MOST_HTML and key[0] in PATHS}
    assert not heavy


@pytest.mark.parametrize("path", [PATHS["home"], PATHS["episode"], PATHS["reviews"], PATHS["composer"]])
def test_the_rest_of_a_first_view(
    chromium: Browser, site_of: Callable[[str], Site], capsys: pytest.CaptureFixture[str], path: str
) -> None:
    site = site_of("full")
    context = chromium.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sent: dict[str, bytes] = {}
    page.on("response", lambda answer: sent.update({urlsplit(answer.url).path: answer.body()}))
    page.goto(path, wait_until="networkidle")
    context.close()
    sums = {
        kind: sum(
            zipped(body) if kind != ".woff2" else len(body) for name, body in sent.items() if name.endswith(kind)
        )
        for kind in (".css", ".js", ".woff2")
    }
    with capsys.disabled():
        told = ", ".join(f"{kind} {weight / KB:.1f} kB" for kind, weight in sums.items())
        print(f"\n{path}: {len(sent)} requests; {told}")  # noqa: T201
    assert 0 < sums[".css"] <= MOST_CSS
    assert 0 < sums[".js"] <= MOST_JS
    assert sums[".woff2"] <= MOST_FONTS
    assert len(sent) <= MOST_REQUESTS, sorted(sent)


def test_every_font_together_is_light() -> None:
    fonts = list((settings.BASE_DIR / "static").rglob("*.woff2"))
    assert fonts
    assert sum(font.stat().st_size for font in fonts) <= MOST_FONTS, fonts
