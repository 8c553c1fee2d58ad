"""Where scripts run, what is sent is answered in place: nothing half written is lost, and eye and focus stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from conftest import seen
from episodes.models import Series
from reviews.models import Comment, Like, Review
from reviews.models.flood import LIMITS, Limit
from tests.browser.conftest import Browse, words_on

pytestmark = pytest.mark.browser

EPISODE_2 = "/series/drama/episodes/2/"
DISCUSSION = f"{EPISODE_2}comments/"
HALF = "Half a thought"
TOP = "element => element.getBoundingClientRect().top"


@pytest.fixture
def texts(alice: User, bob: User, series: Series, make_comment: Callable[..., Comment]) -> list[Comment]:
    """Six open comments, long enough to scroll, and one that waits after Track 3. Bob has seen two."""
    seen(alice, series, 4)
    seen(bob, series, 2)
    second = series.episodes.get(number=2)
    comments = [make_comment(alice, second, body=f"Snow {number}. " * 60) for number in range(6)]
    return [*comments, make_comment(alice, second, body="He keeps the tape", spoils_through=3)]


@pytest.fixture
def talk(browse: Browse, bob: User, texts: list[Comment]) -> Page:
    """Bob's window on the discussion. It keeps a mark that every other document would have lost."""
    page = browse(member=bob)
    page.goto(DISCUSSION)
    page.evaluate("window.mark = true")
    return page


def assert_same_document(page: Page) -> None:
    assert page.evaluate("window.mark"), "another page was loaded"


def felt(page: Page, comment: Comment) -> None:
    page.locator(f"#{comment.reveal_name}").get_by_role("button", name="I felt that").click()


def test_a_half_written_text_outlives_every_press(talk: Page, texts: list[Comment]) -> None:
    waiting = texts[-1]
    field = talk.get_by_label("Your comment")
    field.press_sequentially(HALF)
    talk.get_by_role("radio", name="Safe for everyone").check()
    text = talk.locator(f"#{waiting.reveal_name}")

    felt(talk, texts[0])
    button = talk.locator(f"#{texts[0].reveal_name}").get_by_role("button", name="I felt that")
    expect(button).to_have_attribute("aria-pressed", "true")
    for point in (1, 2):
        talk.get_by_role("button", name=f"Track {point}", exact=True).click()
        expect(talk.locator("#band-question")).to_contain_text(f"een through Track {point}")
    talk.get_by_role("button", name="Dark", exact=True).click()
    expect(talk.locator("html")).to_have_attribute("data-theme", "dark")
    expect(field).to_have_value(HALF)

    text.get_by_role("link", name="Show just this one").click()
    expect(text).to_contain_text("He keeps the tape")
    expect(text).to_be_focused()
    assert talk.url.endswith(f"?reveal={waiting.reveal_name}#{waiting.reveal_name}")
    expect(field).to_have_value(HALF)

    text.get_by_role("link", name="Hide it again").click()
    expect(text).to_be_focused()
    assert "He keeps the tape" not in words_on(talk)
    expect(field).to_have_value(HALF)

    text.get_by_role("button", name="I've seen Track 3").click()
    expect(text).to_contain_text("He keeps the tape")
    expect(talk.get_by_role("status")).to_contain_text("Seen through Track 3.")
    expect(talk.locator("#band-question")).to_have_text("Seen through Track 3")
    expect(field).to_have_value(HALF)
    expect(talk.get_by_role("radio", name="Safe for everyone")).to_be_checked()
    assert_same_document(talk)

    # What was sent is not half written: the field is as the answer has it.
    talk.get_by_role("radio", name="No, nothing later").check()
    talk.get_by_role("button", name="Say it").click()
    said = talk.locator(".comment:target")
    expect(said).to_contain_text(HALF)
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport()
    expect(talk.get_by_role("status")).to_be_in_viewport()
    assert re.search(rf"{DISCUSSION}(\?\S+)?#comment-\d+$", talk.url)
    expect(field).to_have_value("")
    assert_same_document(talk)


def test_a_press_stays_where_it_was(talk: Page, texts: list[Comment]) -> None:
    button = talk.locator(f"#{texts[4].reveal_name}").get_by_role("button", name="I felt that")
    button.scroll_into_view_if_needed()
    before = button.evaluate(TOP)
    button.focus()
    talk.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    assert abs(button.evaluate(TOP) - before) <= 1
    talk.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_be_focused()
    assert_same_document(talk)
    assert not Like.objects.exists()


def test_the_band_keeps_its_focus_and_its_page(talk: Page) -> None:
    cell = talk.get_by_role("button", name="Track 3", exact=True)
    cell.focus()
    talk.keyboard.press("Enter")
    expect(talk.locator("#band-question")).to_have_text("Seen through Track 3")
    expect(cell).to_be_focused()
    expect(cell).to_have_attribute("aria-current", "true")
    assert_same_document(talk)
    assert talk.evaluate("history.length") == 2, "the blank page and this one"


def test_a_double_press_is_sent_once(talk: Page, texts: list[Comment]) -> None:
    posts: list[str] = []
    talk.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    talk.locator(f"#{texts[0].reveal_name}").get_by_role("button", name="I felt that").dblclick()
    button = talk.locator(f"#{texts[0].reveal_name}").get_by_role("button", name="I felt that")
    expect(button).to_have_attribute("aria-pressed", "true")
    talk.get_by_label("Your comment").fill("Said once.")
    talk.get_by_role("button", name="Say it").dblclick()
    expect(talk.locator(".comment:target")).to_contain_text("Said once.")
    assert len(posts) == 2
    assert Comment.objects.with_words().filter(body="Said once.").count() == 1


def test_two_presses_in_a_row_both_count(talk: Page, texts: list[Comment]) -> None:
    for comment in texts[:2]:
        felt(talk, comment)
    for comment in texts[:2]:
        button = talk.locator(f"#{comment.reveal_name}").get_by_role("button", name="I felt that")
        expect(button).to_have_attribute("aria-pressed", "true")
    assert Like.objects.count() == 2


def test_what_is_refused_is_said_in_place(talk: Page) -> None:
    field = talk.get_by_label("Your comment")
    field.fill(HALF)
    talk.get_by_role("radio", name="Safe for everyone").check()
    talk.get_by_role("button", name="Say it").click()
    summary = talk.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(talk).to_have_title("Error: Discussion · Drama, Track 2 · Bonus Track")
    expect(field).to_have_value(HALF)
    assert talk.url.endswith(DISCUSSION)
    assert_same_document(talk)
    summary.get_by_role("link").first.click()
    talk.get_by_role("radio", name="No, nothing later").check()
    talk.get_by_role("button", name="Say it").click()
    expect(talk.locator(".comment:target")).to_contain_text(HALF)
    assert_same_document(talk)


def test_a_review_is_looked_at_refused_and_sent_in_place(browse: Browse, bob: User, series: Series) -> None:
    seen(bob, series, 4)
    page = browse(member=bob)
    page.goto(f"{EPISODE_2}review/")
    page.evaluate("window.mark = true")
    field = page.get_by_label("The rest")
    field.fill(HALF)
    page.get_by_role("button", name="Preview", exact=True).click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text(HALF)
    expect(preview).to_be_focused()
    expect(preview).to_be_in_viewport()
    expect(field).to_have_value(HALF)
    page.get_by_role("button", name="Put it on the record").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(preview).to_have_count(0)
    expect(field).to_have_value(HALF)
    page.get_by_role("radio", name="No, nothing later").check()
    page.get_by_role("button", name="Put it on the record").click()
    expect(page.locator("article.review")).to_contain_text(HALF)
    expect(page.get_by_role("status")).to_contain_text("It is on the record.")
    assert page.url.endswith(Review.objects.get().get_absolute_url())
    assert_same_document(page)


def test_words_of_another_tab_are_not_written_over_after_a_press(
    browse: Browse, bob: User, series: Series, make_review: Callable[..., Review]
) -> None:
    """Half a text still stands against the words it began with, whatever the page has learned meanwhile."""
    seen(bob, series, 2)
    second = series.episodes.get(number=2)
    make_review(bob, second, body="First")
    page = browse(member=bob)
    page.goto(f"{EPISODE_2}review/")
    page.get_by_label("The rest").fill(HALF)
    Review.objects.publish(bob, second, stars=8, body="From another tab", spoils_through=2)
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Put it on the record").click()
    expect(page.get_by_role("region", name="Stands now")).to_contain_text("From another tab")
    expect(page.get_by_label("The rest")).to_have_value(HALF)


def test_stars_refused_lead_to_their_own_form_and_back(browse: Browse, bob: User, series: Series) -> None:
    seen(bob, series, 2)
    page = browse(member=bob)
    page.goto(EPISODE_2)
    page.evaluate("window.mark = true")
    page.get_by_role("button", name="Rate it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose your stars first.")
    assert page.url.endswith(EPISODE_2), "the address of the form alone shows nothing"
    page.go_back()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="Rate it")).to_be_visible()
    page.locator("[name=stars][value='8']").check(force=True)
    page.get_by_role("button", name="Rate it").click()
    expect(page.get_by_role("status")).to_contain_text("On the record: 4")
    expect(page.get_by_role("button", name="Change my stars")).to_be_focused()
    assert_same_document(page)
    assert Review.objects.get().stars == 8


def test_back_and_forward_show_what_they_showed(talk: Page, texts: list[Comment]) -> None:
    text = talk.locator(f"#{texts[-1].reveal_name}")
    text.get_by_role("link", name="Show just this one").click()
    expect(text).to_contain_text("He keeps the tape")
    talk.go_back()
    expect(text).not_to_contain_text("He keeps the tape")
    assert talk.url.endswith(DISCUSSION)
    talk.go_forward()
    expect(text).to_contain_text("He keeps the tape")
    assert_same_document(talk)
    talk.reload()
    expect(text).to_contain_text("He keeps the tape")
    talk.go_back()
    expect(text).not_to_contain_text("He keeps the tape")


def test_a_failing_network_leaves_the_ordinary_way(talk: Page, texts: list[Comment]) -> None:
    """Once: the form goes as it would without scripts."""
    tries = count()

    def fail_once(route: Route) -> None:
        if next(tries):
            route.continue_()
        else:
            route.abort()

    talk.route("**/like/**", fail_once)
    with talk.expect_navigation(wait_until="load"):
        felt(talk, texts[0])
    button = talk.locator(f"#{texts[0].reveal_name}").get_by_role("button", name="I felt that")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert not talk.evaluate("window.mark")


def test_words_outlive_a_network_that_is_gone(talk: Page) -> None:
    """The browser's own page would come in place of ours, and take them with it."""
    field = talk.get_by_label("Your comment")
    field.press_sequentially(HALF)
    talk.context.set_offline(True)
    talk.get_by_role("button", name="Say it").click()
    expect(talk.get_by_role("alert")).to_contain_text("We cannot tell whether that arrived")
    expect(field).to_have_value(HALF)
    assert_same_document(talk)
    talk.context.set_offline(False)
    talk.get_by_role("button", name="Say it").click()
    expect(talk.locator(".comment", has_text=HALF)).to_have_count(1)


@pytest.mark.parametrize(
    "answer", ["return new Response('', { status: 503 })", "throw new DOMException('', 'TimeoutError')"]
)
def test_what_may_have_been_done_is_not_sent_again(
    browse: Browse, bob: User, texts: list[Comment], answer: str
) -> None:
    """A server that failed after the work, or that was slow at it, does not get it twice."""
    page = browse(member=bob)
    done = f"async (url, asked) => {{ const sent = await ask(url, asked); if (!asked.body) return sent; {answer}; }}"
    page.add_init_script(f"const ask = fetch; window.fetch = {done};")
    page.goto(DISCUSSION)
    page.evaluate("window.mark = true")
    field = page.get_by_label("Your comment")
    field.fill(HALF)
    page.get_by_role("button", name="Say it").click()
    told = page.get_by_role("alert")
    expect(told).to_have_text("We cannot tell whether that arrived. Please look before you send it again.")
    expect(told).to_be_focused()
    expect(page.locator(".comment", has_text=HALF)).to_have_count(1)
    expect(field).to_have_value(HALF)
    assert_same_document(page)
    assert Comment.objects.filter(author=bob).count() == 1


def test_a_page_of_another_kind_is_gone_to(talk: Page, texts: list[Comment]) -> None:
    """Whose session has ended is asked in by a whole page, and keeps their words."""
    talk.get_by_label("Your comment").fill(HALF)
    talk.context.clear_cookies()
    with talk.expect_navigation(wait_until="load"):
        talk.get_by_role("button", name="Say it").click()
    expect(talk.get_by_role("status")).to_contain_text("Your words are kept")
    assert not Comment.objects.filter(author__username="bob").exists()


def test_words_that_another_page_has_no_room_for_are_asked_about(talk: Page) -> None:
    talk.goto(EPISODE_2)
    talk.locator("#bonus_body").press_sequentially(HALF)
    talk.on("dialog", lambda dialog: dialog.dismiss())
    with talk.expect_event("dialog") as asked:
        talk.get_by_role("button", name="Rate it").click()
    assert asked.value.type == "beforeunload"
    expect(talk.locator("#bonus_body")).to_have_value(HALF)


def test_light_or_dark_is_chosen_in_place(talk: Page) -> None:
    talk.get_by_label("Your comment").press_sequentially(HALF)
    dark = talk.get_by_role("button", name="Dark", exact=True)
    dark.click()
    expect(talk.locator("html")).to_have_attribute("data-theme", "dark")
    expect(talk.locator("meta[name=color-scheme]")).to_have_attribute("content", "dark")
    expect(dark).to_be_focused()
    expect(talk.get_by_label("Your comment")).to_have_value(HALF)
    assert_same_document(talk)


def test_pages_fade_into_each_other_where_motion_is_welcome(browse: Browse, series: Series) -> None:
    """The errors of a transition that fails would be caught by the window's own watch."""
    fading = "new Promise(done => addEventListener('pagereveal', event => done(Boolean(event.viewTransition))))"
    for motion in (True, False):
        page = browse(motion=motion)
        page.add_init_script(f"window.fades = {fading}")
        page.goto(EPISODE_2)
        page.get_by_role("navigation", name="Site").get_by_role("link", name="Series").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Series")
        assert page.evaluate("window.fades") is motion


def test_a_time_of_airing_is_told_on_the_readers_clock(
    chromium: Browser, live_server: LiveServer, series: Series
) -> None:
    airs_at = (timezone.now() + timedelta(days=3)).replace(hour=8, minute=0, second=0, microsecond=0)
    series.episodes.filter(number=4).update(airs_at=airs_at, airs_precision="minute")
    context = chromium.new_context(base_url=live_server.url, timezone_id="Asia/Kathmandu", locale="en-GB")
    page = context.new_page()
    page.goto("/series/drama/episodes/4/")
    expect(page.locator(".airing").first).to_contain_text("13:45 yours")
    context.close()


def test_who_writes_too_fast_is_told_when_there_is_room_and_given_their_words_back(
    talk: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "text", (Limit("member", 3600, 0),))
    talk.get_by_label("Your comment").fill(HALF)
    talk.get_by_role("radio", name="Safe for everyone").check()
    talk.get_by_role("radio", name="No, nothing later").check()
    talk.get_by_role("button", name="Say it").click()
    expect(talk.get_by_role("heading", name="A little slower")).to_be_visible()
    expect(talk.get_by_label("The text")).to_have_value(HALF)
    assert not Comment.objects.filter(author__username="bob").exists()
