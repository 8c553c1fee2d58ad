"""Every page as everybody meets it: who, in which theme, at which width, in which state, in which language.

Pairwise, unless PAGES=all asks for each cell: `make pages`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import combinations
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page, Response

from tests.browser.conftest import watch
from tests.page_checks.conftest import Validate
from tests.page_checks.desk_pages import ALIKE
from tests.page_checks.look import faults_of, refuse
from tests.page_checks.pages import NO_PAGES, PAGES, Cell, cells, pairwise
from tests.page_checks.site import Site

pytestmark = pytest.mark.browser

PATIENCE = 15_000  # milliseconds
ERROR = {"en": "Error:", "ko": "오류:"}
LOCALES = {"en": "en-GB", "ko": "ko-KR"}
LOOKED_AT = {view.removeprefix("admin:") for page in PAGES.values() for view in page.views}
EVERY_CELL = os.environ.get("PAGES") == "all"


def names(resolver: URLResolver, namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and not is_alike(str(pattern.name)):
                found.add(f"{namespace}:{pattern.name}" if namespace else str(pattern.name))
        elif pattern.namespace != "djdt":
            found |= names(pattern, pattern.namespace or namespace)
    return found


def is_alike(name: str) -> bool:
    """Django's own pages of a table, which look the same for each; the desk's are looked at one by one."""
    return name.endswith(ALIKE) and name not in LOOKED_AT


def test_every_url_is_declared() -> None:
    declared = {view for page in PAGES.values() for view in page.views} | set(NO_PAGES)
    assert names(get_resolver()) == declared


def test_pairs_cover_every_pair_that_can_be() -> None:
    every, chosen = cells(), pairwise(cells())

    def pairs(of: list[Cell]) -> set[object]:
        return {pair for cell in of for pair in combinations(enumerate(cell.values), 2)}

    assert pairs(chosen) == pairs(every)
    assert len(chosen) < len(every) / 8


@pytest.mark.parametrize("cell", cells() if EVERY_CELL else pairwise(cells()), ids=str)
def test_page(cell: Cell, chromium: Browser, site_of: Callable[[str], Site], validate: Validate) -> None:
    kind, page_type = PAGES[cell.page], cell.page
    site = site_of("empty" if cell.state == "empty" else "full")
    role = (
        f"clumsy_{cell.role}"
        if cell.state == "error" and f"clumsy_{cell.role}" in site.facts["sessions"]
        else cell.role
    )
    faults: list[str] = []
    context = chromium.new_context(
        base_url=site.url,
        viewport={"width": cell.width, "height": 640 if cell.width == 320 else 900},
        color_scheme="dark" if cell.theme == "dark" else "light",
        locale=LOCALES[cell.language],
    )
    try:
        context.set_default_timeout(PATIENCE)
        context.add_cookies(site.cookies(role))
        watch(context, site.url, faults.append)
        page = context.new_page()
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer) if is_page(answer, page) else None)
        path = site.path(kind.path, role)
        if kind.error:
            body = site.facts["errors"][kind.error]
            page.route(
                f"**{path}",
                lambda route: route.fulfill(body=body, status=200, content_type="text/html; charset=utf-8"),
            )
        page.goto(path)
        where = site.path(kind.lands, role) or urlsplit(path).path
        assert urlsplit(page.url).path == where, f"{page_type} leads elsewhere: {page.url}"
        if cell.state == "error":
            assert kind.refused is not None
            if kind.refused.without:
                context.clear_cookies(name=kind.refused.without)
            values = {name: site.path(value, role) for name, value in kind.refused.values.items()}
            refuse(page, kind.refused.field, values)
            assert answers[-1].status == (kind.refused.instead or 422)
            if not kind.refused.instead:
                assert page.locator("[role=alert]").first.is_visible(), "nothing says what was refused"
                assert page.title().startswith(ERROR[cell.language]), page.title()
        elif not kind.error:
            assert answers[-1].status == kind.status, f"{page_type}: {answers[-1].status} at {page.url}"
        faults += validate(answers[-1].text())
        faults += faults_of(page, cell.theme)
    finally:
        context.close()
    assert not faults, f"{page_type}\n" + "\n".join(faults)


def is_page(answer: Response, page: Page) -> bool:
    return (
        answer.request.is_navigation_request() and answer.frame == page.main_frame and not 300 <= answer.status < 400
    )
