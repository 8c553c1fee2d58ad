"""Looks at a page as its reader's browser laid it out, and says what is wrong with it."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

AUDIT = (Path(__file__).parent / "audit.js").read_text()


def faults_on(page: Page, theme: str) -> list[str]:
    """Every fault of structure, names, room and contrast, as "path: what and where"; empty for a sound page."""
    found: list[str] = page.evaluate(AUDIT, theme)
    at = urlsplit(page.url)
    return [f"{at.path}{'?' if at.query else ''}{at.query}: {fault}" for fault in found]
