"""Pictures of the demo into docs/screenshots/: `make screenshots`. The same pages give the same pictures."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import LAUNCH_ARGUMENTS, path_of_chromium
from tests.page_checks.site import Site, served

FOLDER = settings.BASE_DIR / "docs/screenshots"
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
COLOURS = 64  # of a palette: the pages are ink on paper
TRACK = "/series/soundtrack-1/episodes/2"
# Name of the picture: path, reader, who looks in which way. A stem with "whole" shows the page to its end.
SHOTS = [
    ("home", "/", "fan", "desktop", "light", "en"),
    ("home", "/", "visitor", "phone", "dark", "en"),
    ("series", "/series/soundtrack-1/", "visitor", "desktop", "light", "en"),
    ("series-whole", "/series/soundtrack-1/", "fan", "desktop", "dark", "en"),
    ("series", "/series/soundtrack-1/", "visitor", "phone", "light", "ko"),
    ("episode", f"{TRACK}/", "fan", "desktop", "light", "en"),
    ("episode-whole", f"{TRACK}/", "fan", "desktop", "dark", "en"),
    ("episode-whole", f"{TRACK}/", "visitor", "phone", "light", "en"),
    ("episode", f"{TRACK}/", "fan", "phone", "dark", "en"),
    ("recap", f"{TRACK}/recap/", "fan", "desktop", "light", "en"),
    ("reviews", f"{TRACK}/reviews/", "visitor", "desktop", "light", "en"),
    ("comments", f"{TRACK}/comments/", "fan", "phone", "light", "en"),
    ("composer", f"{TRACK}/review/", "fan", "desktop", "light", "en"),
    ("composer", f"{TRACK}/review/", "fan", "phone", "dark", "en"),
    ("member", "/members/sora/", "fan", "desktop", "light", "en"),
    ("sign-up", "/accounts/signup/", "visitor", "phone", "light", "en"),
]


def picture(browser: Browser, site: Site, shot: tuple[str, ...]) -> tuple[str, bytes]:
    stem, path, reader, form, theme, language = shot
    width, height = SIZES[form]
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="ko-KR" if language == "ko" else "en-GB",
        timezone_id="Asia/Seoul",
    )
    cookies: list[Any] = site.cookies(reader)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    taken = page.screenshot(full_page=stem.endswith("whole"), animations="disabled", caret="hide")
    context.close()
    name = "-".join([stem.removesuffix("-whole"), form, theme, *([language] if language != "en" else [])])
    return name, taken


def small(taken: bytes) -> bytes:
    """A palette instead of colours for each point: a fifth of the size, and nobody sees it."""
    image = Image.open(io.BytesIO(taken)).convert("RGB")
    out = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def take() -> None:
    path = path_of_chromium()
    assert path is not None, "Install chromium or name one in CHROMIUM."
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as home, served("demo", Path(home)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
        for shot in SHOTS:
            name, taken = picture(browser, site, shot)
            (FOLDER / f"{name}.png").write_bytes(small(taken))
            print(f"docs/screenshots/{name}.png")  # noqa: T201 - it takes a while
        browser.close()
