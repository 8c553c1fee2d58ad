"""What waits, asked for once and hidden again: the focus lands on the text, and its name says what it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from conftest import seen
from episodes.models import Series
from reviews.models import Comment, Review
from tests.browser.conftest import words_on
from tests.browser.hands import Sit

pytestmark = pytest.mark.browser

REVIEWS = "/series/drama/episodes/2/reviews/"


def test_one_text_is_shown_once_and_hidden_again(
    sit: Sit, alice: User, bob: User, series: Series, make_review: Callable[..., Review]
) -> None:
    second = series.episodes.get(number=2)
    make_review(bob, second, stars=7, headline="Stay", body="They marry", spoils_through=3)
    review = make_review(alice, second, stars=7, headline="Bring a scarf", body="He keeps the tape", spoils_through=3)
    hand = sit()
    hand.page.goto(f"{REVIEWS}?stars=7")
    text = hand.page.locator(f"#{review.reveal_name}")
    expect(text).to_have_accessible_name("Review by Alice, waiting after Track 3")

    hand.follow("Show just this one", text)
    expect(hand.page).to_have_url(re.compile(rf"\?stars=7&reveal={review.reveal_name}#{review.reveal_name}$"))
    expect(text).to_be_focused()
    expect(text).to_have_accessible_name("Review by Alice, shown to you this once")
    expect(text).to_contain_text("Shown to you this once: it spoils through Track 3.")
    expect(text).to_contain_text("He keeps the tape")
    assert "They marry" not in words_on(hand.page)

    other = hand.page.locator("article.stub")
    hand.follow("Show just this one", other)
    assert "He keeps the tape" not in words_on(hand.page), "one at a time"
    assert "They marry" in words_on(hand.page)
    hand.page.go_back()

    hand.follow("Hide it again", text)
    expect(hand.page).to_have_url(re.compile(rf"{re.escape(REVIEWS)}\?stars=7#{review.reveal_name}$"))
    expect(text).to_be_focused()
    expect(text).to_have_accessible_name("Review by Alice, waiting after Track 3")
    assert "He keeps the tape" not in words_on(hand.page)

    hand.press("I've seen Track 3", text)
    expect(hand.page).to_have_url(re.compile(rf"{re.escape(REVIEWS)}\?stars=7#{review.reveal_name}$"))
    expect(text).to_be_focused()
    expect(text).to_contain_text("He keeps the tape")
    assert "They marry" in words_on(hand.page)


def test_replies_that_wait_are_listed_where_they_stand(
    sit: Sit, alice: User, bob: User, series: Series, make_comment: Callable[..., Comment]
) -> None:
    seen(alice, series, 1)
    root = make_comment(bob, series, body="Is it worth it?")
    replies = [make_comment(bob, series, parent=root, body=f"Far {number}", spoils_through=3) for number in range(4)]
    make_comment(bob, series, parent=root, body="It is")
    hand = sit(alice)
    hand.page.goto("/series/drama/comments/")
    stubs = hand.page.locator("article.stub")
    expect(stubs).to_have_count(1)
    expect(hand.page.locator("main")).to_contain_text("3 more wait after Track 3.")

    hand.follow("List them")
    expect(hand.page).to_have_url(re.compile(rf"/comments/{replies[1].pk}/\?waiting=list#{replies[1].reveal_name}$"))
    expect(stubs).to_have_count(4)
    first = hand.page.locator(f"#{replies[1].reveal_name}")
    expect(first).to_be_focused()
    hand.follow("Show just this one", first)
    expect(first).to_contain_text("Far 1")
    expect(stubs).to_have_count(3)
    hand.follow("Hide it again", first)
    expect(stubs).to_have_count(4)
    hand.press("I've seen Track 3", first)
    expect(first).to_contain_text("Far 1")
    expect(stubs).to_have_count(0)
