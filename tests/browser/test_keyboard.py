"""The same essentials with no hand on the mouse: every focus shows, and goes where the eye goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from conftest import seen
from episodes.models import Progress, Series
from reviews.models import Comment, Review
from tests.browser.conftest import Browse
from tests.browser.hands import MOST_STOPS, focused

pytestmark = pytest.mark.browser

EPISODE_2 = "/series/drama/episodes/2/"


def tab_to(page: Page, text: str = "", **wanted: str) -> dict[str, Any]:
    """Press Tab until something with this text, or this name and value, has the focus."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = focused(page)
        assert here["tag"] == "body" or here["outline"] >= 2, f"no visible focus on {here}"
        if text in here["text"] and all(here[key] == value for key, value in wanted.items()):
            return here
    raise AssertionError(f"Tab never came to {text or wanted}")


@pytest.fixture
def talked_about(
    series: Series, alice: User, make_review: Callable[..., Review], make_comment: Callable[..., Comment]
) -> Series:
    """A series with something of every kind to stop at."""
    second = series.episodes.get(number=2)
    seen(alice, series, 4)
    make_review(alice, second, headline="Bring a scarf", body="He keeps the tape", spoils_through=2)
    make_review(
        alice, series, headline="Stay to the end", body="See [the map](https://example.com/)", spoils_through=0
    )
    make_comment(alice, second, body="Snow", spoils_through=0)
    return series


def test_the_skip_link_is_first_shows_itself_and_leads_past_the_header(page: Page, series: Series) -> None:
    page.goto(EPISODE_2)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the page")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", ["/", EPISODE_2, f"{EPISODE_2}review/", f"{EPISODE_2}comments/", "/accounts/signup/"])
def test_the_focus_shows_and_follows_the_page(browse: Browse, talked_about: Series, bob: User, path: str) -> None:
    page = browse(member=None if "signup" in path else bob)
    page.goto(path)
    stops: list[dict[str, Any]] = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = focused(page)
        if here["tag"] == "body":
            break
        assert here["outline"] >= 2, f"no visible focus on {here}"
        assert here["width"] > 0, f"the focus went to what nobody sees: {here}"
        stops.append(here)
    else:
        raise AssertionError("Tab never leaves the page")
    assert len(stops) > 5
    # The skip link slides in above all others; lines that wrap stand a little lower than their neighbours. Up it goes
    # only to a column further on.
    for before, after in pairwise(stops[1:]):
        is_below = after["top"] + after["height"] > before["top"]
        assert is_below or after["left"] >= before["left"] + before["width"], f"from {before} back up to {after}"


def test_the_band_is_answered_with_the_keyboard(browse: Browse, bob: User, series: Series) -> None:
    page = browse(javascript=False, member=bob)
    page.goto(EPISODE_2)
    tab_to(page, name="seen_through", value="2")
    page.keyboard.press("Enter")
    expect(page.locator("#band-question")).to_have_text("Seen through Track 2")
    tab_to(page, name="seen_through", value="1")
    page.keyboard.press("Space")
    expect(page.locator("#band-question")).to_have_text("Rewatching: seen through Track 1")
    assert Progress.objects.get(member=bob, series=series).seen_through == 1


def test_a_review_is_written_with_the_keyboard(browse: Browse, bob: User, series: Series) -> None:
    seen(bob, series, 2)
    page = browse(javascript=False, member=bob)
    page.goto(EPISODE_2)
    tab_to(page, "Write a review")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^My review"))

    tab_to(page, "Put it on the record")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Give stars, write something, or both.")
    expect(alert).to_be_focused()

    tab_to(page, name="stars")
    page.keyboard.press("Space")
    for _half in range(8):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="4½: phrase 9")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Bring a scarf")
    page.keyboard.press("Tab")
    page.keyboard.type("He keeps the tape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="Seen through Track 2")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="No, nothing later")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("“Bring a scarf”")

    review = Review.objects.with_words().get()
    assert (review.stars, review.body, review.spoils_through) == (9, "He keeps the tape", 1)


def test_a_comment_is_written_with_the_keyboard(
    browse: Browse, bob: User, alice: User, series: Series, make_review: Callable[..., Review]
) -> None:
    seen(bob, series, 2)
    make_review(alice, series.episodes.get(number=2), headline="Bring a scarf")
    page = browse(javascript=False, member=bob)
    page.goto(EPISODE_2)
    tab_to(page, "“Bring a scarf”")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Replies")).to_be_visible()
    tab_to(page, name="body")
    page.keyboard.type("It snowed here too.")
    tab_to(page, "Say it")
    page.keyboard.press("Space")
    expect(page.locator("article.comment")).to_contain_text("It snowed here too.")
    assert Comment.objects.get().author == bob
