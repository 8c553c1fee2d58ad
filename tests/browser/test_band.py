"""The band in hands: on and back and on again, by mouse and by keyboard, with few episodes and with many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conftest import seen
from episodes.models import Progress, Series
from tests.browser.conftest import Browse, words_on
from tests.browser.hands import Hand, Sit

pytestmark = pytest.mark.browser

EPISODE_2 = "/series/drama/episodes/2/"


def stands(hand: Hand, words: str) -> None:
    expect(hand.page.locator("#band-question")).to_have_text(words)


def said(hand: Hand, words: str) -> None:
    expect(hand.page.get_by_role("status")).to_contain_text(words)


@pytest.mark.parametrize("is_member", [True, False], ids=["member", "visitor"])
def test_who_rewatches_hides_what_comes_later_and_finds_back(
    sit: Sit, alice: User, bob: User, series: Series, make_review: Callable[..., object], is_member: bool
) -> None:
    make_review(alice, series, body="The snow melts.", spoils_through=4)
    hand = sit(bob if is_member else None)
    hand.page.goto(EPISODE_2)
    hand.press("I've seen it all")
    said(
        hand,
        "You have seen it all: everything is open to you. 1 review opened across the series. "
        "The Bonus Track of Track 4 is open.",
    )

    hand.press("I'm rewatching: hide what comes later again")
    said(hand, "What comes after Track 2 is hidden again. The way back to Track 4 is above.")
    stands(hand, "Rewatching: seen through Track 2")
    hand.page.goto("/series/drama/reviews/")
    assert "The snow melts." not in words_on(hand.page)

    hand.press("Back to Track 4, where I was")
    stands(hand, "You have seen it all")
    assert "The snow melts." in words_on(hand.page)
    hand.page.goto(EPISODE_2)
    expect(hand.page.get_by_role("button", name="Back to")).to_have_count(0)


def test_the_way_to_the_bonus_track_leads_there(sit: Sit, series: Series) -> None:
    hand = sit()
    hand.page.goto(EPISODE_2)
    hand.go(hand.page.get_by_role("button", name="Track 3", exact=True))
    hand.follow("Bonus Track of Track 3")
    expect(hand.page.locator("#bonus-track")).to_be_in_viewport()
    expect(hand.page.locator(".bonus-track")).to_contain_text("Epilogue 3")


def test_a_press_at_a_stub_leads_back_to_it_with_what_opened_in_sight(
    browse: Browse, bob: User, series: Series, crowd: Callable[..., list[User]], make_review: Callable[..., object]
) -> None:
    for author in crowd(9):
        make_review(author, series, body="The snow melts. " * 60, spoils_through=author.pk % 3)
    page = browse(javascript=False, phone=True, member=bob)
    page.goto("/series/drama/reviews/?waiting=list")
    stub = page.locator(".stub").last
    name = stub.get_attribute("id")
    stub.get_by_role("button", name="I've seen").click()
    said = page.get_by_role("status")
    expect(said).to_contain_text("opened across the series.")
    expect(said).to_be_in_viewport(ratio=1)
    text = page.locator(f"#{name}")
    expect(text).to_be_in_viewport()
    below, above = said.bounding_box(), text.bounding_box()
    assert below is not None
    assert above is not None
    assert below["y"] + below["height"] <= above["y"], "what was said covers the text"


@pytest.mark.parametrize("count", [16, 60])
def test_a_long_band_is_folded_and_opens(sit: Sit, bob: User, make_series: Callable[..., Series], count: int) -> None:
    series = make_series("long", count)
    seen(bob, series, 9)
    hand = sit(bob)
    hand.page.goto("/series/long/")
    hand.press("I've seen Track 10")
    stands(hand, "Seen through Track 10")
    cell = hand.page.get_by_role("button", name=f"Track {count - 1}", exact=True)
    expect(cell).to_have_count(0)
    if hand.scripts:
        hand.reach(hand.page.locator("summary", has_text="Change"))  # type: ignore[attr-defined] # a keyboard's
        hand.page.keyboard.press("Enter")
    else:
        hand.page.locator("summary", has_text="Change").click()
    hand.go(cell)
    stands(hand, f"Seen through Track {count - 1}")
    assert Progress.objects.get().seen_through == count - 1


@pytest.mark.parametrize("count", [4, 16, 60])
def test_no_band_is_wider_than_a_phone(
    browse: Browse, bob: User, make_series: Callable[..., Series], count: int
) -> None:
    series = make_series("long", count)
    page = browse(javascript=False, phone=True, member=bob)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    flat = "buttons => buttons.filter(one => one.checkVisibility() && one.offsetHeight < 44).length"
    for point in (None, count, 3):
        if point is not None:
            seen(bob, series, point)
        page.goto("/series/long/episodes/2/")
        if page.locator("summary", has_text="Change").count():
            page.locator("summary", has_text="Change").click()
        assert not page.evaluate(wide), f"at {point}"
        assert page.locator(".band button, .band summary").evaluate_all(flat) == 0
