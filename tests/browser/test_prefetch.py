"""What a reader points at is fetched ahead, unless asking for it does something; and is forgotten once they send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.signals import request_started
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from conftest import seen
from episodes.models import Series
from reviews.models import Comment
from tests.browser.conftest import Browse, words_on

pytestmark = pytest.mark.browser

SERIES = "/series/drama/"
EPISODE_2 = "/series/drama/episodes/2/"
DISCUSSION = f"{EPISODE_2}comments/"
POINTING = 600  # milliseconds; a browser asks after 200


class Ahead:
    """The paths that were asked for ahead of their reader, and those that were asked for by them."""

    def __init__(self) -> None:
        self.ahead: list[str] = []
        self.asked: list[str] = []

    def note(self, environ: dict[str, Any] | None = None, **_rest: object) -> None:
        if environ is not None and not environ["PATH_INFO"].startswith("/static/"):
            is_ahead = "prefetch" in environ.get("HTTP_SEC_PURPOSE", "")
            (self.ahead if is_ahead else self.asked).append(environ["PATH_INFO"])


@pytest.fixture
def ahead() -> Iterator[Ahead]:
    ahead = Ahead()
    request_started.connect(ahead.note)
    yield ahead
    request_started.disconnect(ahead.note)


def point_at(link: Locator) -> None:
    link.hover()
    link.page.wait_for_timeout(POINTING)


def rules(page: Page) -> list[dict[str, Any]]:
    """The rules that the browser has taken, and which links of the page they name, as it tells its own tools."""
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("Preload.preloadingAttemptSourcesUpdated", lambda event: found.append(event))
    session.send("Preload.enable")
    page.wait_for_timeout(POINTING)
    return found[-1]["preloadingAttemptSources"] if found else []


def test_a_page_that_is_pointed_at_is_fetched_once(browse: Browse, bob: User, series: Series, ahead: Ahead) -> None:
    page = browse(member=bob)
    page.goto(SERIES)
    page.wait_for_timeout(POINTING)
    link = page.locator(f"main a[href='{EPISODE_2}']").first
    point_at(link)
    assert ahead.ahead == [EPISODE_2]
    ahead.asked.clear()
    link.click()
    expect(page).to_have_url(re.compile(f"{EPISODE_2}$"))
    assert EPISODE_2 not in ahead.asked, "it was there already"


def test_nothing_is_fetched_ahead_that_does_more_than_show(
    browse: Browse, alice: User, mona: User, series: Series, make_comment: Callable[..., Comment]
) -> None:
    seen(alice, series, 4)
    seen(mona, series, 2)
    second = series.episodes.get(number=2)
    for scope in (2, 3):
        make_comment(alice, second, body="Snow", at=750, kind="moment", spoils_through=scope)
    page = browse(member=mona)
    named: set[str] = set()
    for path in ("/", EPISODE_2, DISCUSSION, "/settings/"):
        page.goto(path)
        named |= {source["key"]["url"].removeprefix(page.url.split("/", 3)[0] + "//") for source in rules(page)}
    paths = {"/" + url.split("/", 1)[1] for url in named}
    assert {SERIES, EPISODE_2, DISCUSSION, f"{EPISODE_2}recap/", "/guidelines/"} <= paths
    assert not {path for path in paths if "?" in path}, "a minute, a choice or a revealed text costs, and may tell"
    for door in ("/accounts/", "/admin/", "/settings/", "/feeds/"):
        assert not {path for path in paths if path.startswith(door)}
    for form in ("review/", "ratings/", "edit/", "scope/", "delete/"):
        assert not {path for path in paths if path.endswith(f"/{form}")}


def test_what_was_fetched_ahead_is_forgotten_when_a_point_moves(
    browse: Browse, alice: User, bob: User, series: Series, ahead: Ahead, make_comment: Callable[..., Comment]
) -> None:
    """Who goes back is not shown, of all things, what they had pointed at before."""
    for someone in (alice, bob):
        seen(someone, series, 4)
    make_comment(alice, series.episodes.get(number=2), body="He keeps the tape", spoils_through=4)
    page = browse(member=bob)
    page.goto(EPISODE_2)
    page.wait_for_timeout(POINTING)
    link = page.locator(f"main a[href='{DISCUSSION}']").first
    point_at(link)
    assert ahead.ahead == [DISCUSSION]
    page.get_by_role("button", name="Track 1", exact=True).click()
    expect(page.locator("#band-question")).to_have_text("Rewatching: seen through Track 1")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Discussion of")
    assert "He keeps the tape" not in words_on(page)
