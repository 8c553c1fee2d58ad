"""The composer as hands and eyes meet it: stars in a row, fields that come with the kind, and room that runs out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from conftest import seen
from episodes.models import Series, Song
from reviews.models import Comment
from tests.browser.conftest import Browse

MakeSeries = Callable[..., Series]

pytestmark = pytest.mark.browser

REVIEW = "/series/drama/episodes/2/review/"
DISCUSSION = "/series/drama/episodes/2/comments/"


@pytest.fixture
def plain(browse: Browse, bob: User, series: Series) -> Page:
    """A phone without scripts."""
    seen(bob, series, 2)
    return browse(javascript=False, phone=True, member=bob)


def test_stars_are_large_enough_and_say_what_they_mean(plain: Page) -> None:
    plain.goto(REVIEW)
    for place in range(10):
        box = plain.locator(f"#id_stars_{place}").bounding_box()
        assert box is not None
        assert box["width"] >= 24
        assert box["height"] >= 44
    expect(plain.get_by_text("No stars yet")).to_be_visible()
    plain.locator("#id_stars_6").click()
    expect(plain.get_by_role("radio", name="3½: phrase 7")).to_be_checked()
    expect(plain.get_by_text("No stars yet")).to_be_hidden()
    said = plain.get_by_text("3½: phrase 7").bounding_box()
    kept_back = plain.get_by_text("4: phrase 8").bounding_box()
    assert said is not None
    assert kept_back is not None
    assert said["width"] > 50
    assert kept_back["width"] <= 1


def test_fields_come_with_the_kind_that_needs_them(plain: Page, series: Series) -> None:
    song = Song.objects.create(series=series, title="Sagi")
    plain.goto(DISCUSSION)
    at, choice, name = (plain.locator(f"#id_{field}") for field in ("at", "song", "song_name"))
    for kind, shown in (("talk", [0, 0, 0]), ("moment", [1, 0, 0]), ("line", [1, 0, 0]), ("song", [1, 1, 1])):
        plain.check(f"[name=kind][value={kind}]")
        assert [field.is_visible() for field in (at, choice, name)] == shown, kind
    choice.select_option(str(song.pk))
    expect(name).to_be_hidden()
    at.fill("12:30")
    plain.fill("[name=body]", "This one.")
    plain.get_by_role("button", name="Say it").click()
    comment = Comment.objects.get()
    assert (comment.kind, comment.song, comment.at) == ("song", song, 750)


def test_a_field_with_a_mistake_is_there_whatever_the_kind(plain: Page) -> None:
    plain.goto(f"{DISCUSSION}?at=12:30")
    expect(plain.locator("#id_at")).to_have_value("12:30")
    plain.check("[name=kind][value=talk]")
    plain.fill("[name=body]", "Just talk.")
    plain.get_by_role("button", name="Say it").click()
    expect(plain.get_by_role("alert")).to_contain_text("Is it a moment?")
    expect(plain.locator("#id_at")).to_be_visible()
    plain.fill("#id_at", "")
    plain.get_by_role("button", name="Say it").click()
    assert Comment.objects.get().kind == "talk"


def test_the_points_of_a_long_series_are_cells_that_fit(browse: Browse, bob: User, make_series: MakeSeries) -> None:
    """As in the band, at 320 px too: the chosen one is said in words, and all up to it are filled."""
    series = make_series(slug="long", episodes=60)
    seen(bob, series, 60)
    page = browse(javascript=False, member=bob)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/series/long/episodes/40/comments/")
    for radio in page.locator(".points-field--spoils_through [type=radio]").all():
        box = radio.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] + box["width"] <= 320
    said = page.get_by_text("Seen through Track 40", exact=True).bounding_box()
    assert said is not None
    assert said["width"] > 50
    filled = "cell => getComputedStyle(cell).backgroundColor"
    colours = [
        page.locator(f".points-field__cell[for=id_spoils_through_{place}]").evaluate(filled)
        for place in (0, 1, 40, 41)
    ]
    assert colours[0] == colours[3] != colours[1] == colours[2]


def test_arrows_walk_the_points(browse: Browse, bob: User, series: Series) -> None:
    seen(bob, series, 2)
    page = browse(member=bob)
    page.goto(DISCUSSION)
    page.locator("#id_spoils_through_2").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Seen through Track 3")).to_be_checked()
    expect(page.get_by_text("Seen through Track 3", exact=True)).to_be_visible()


def test_what_comes_later_is_asked_while_it_matters(browse: Browse, bob: User, series: Series) -> None:
    seen(bob, series, 4)
    page = browse(javascript=False, phone=True, member=bob)
    page.goto(DISCUSSION)
    question = page.get_by_role("group", name="You have seen through Track 4.")
    expect(question).to_be_visible()
    page.get_by_role("radio", name="Seen through Track 4").check()
    expect(question).to_be_hidden()
    page.get_by_role("radio", name="Safe for everyone").check()
    page.fill("[name=body]", "He knew.")
    page.get_by_role("button", name="Say it").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_role("radio", name="No, nothing later")).to_be_focused()
    page.get_by_role("radio", name="Yes, up to Track 3").check()
    page.get_by_role("button", name="Say it").click()
    assert Comment.objects.get().spoils_through == 3


def test_a_newcomers_page_can_be_looked_at_and_not_pressed(plain: Page) -> None:
    plain.goto(REVIEW)
    plain.fill("[name=body]", "It *snowed*.")
    plain.get_by_role("button", name="Preview as a newcomer").click()
    preview = plain.locator("#preview")
    expect(preview).to_be_in_viewport()
    expect(preview).to_contain_text("waiting after Track 2")
    expect(preview).not_to_contain_text("snowed")
    button = preview.locator("button")
    assert button.evaluate("button => { button.focus(); return document.activeElement !== button; }")
    expect(plain.locator("[name=body]")).to_have_value("It *snowed*.")


def test_a_preview_is_where_the_eye_is(plain: Page) -> None:
    plain.goto(DISCUSSION)
    plain.fill("[name=body]", "It *snowed*.")
    plain.get_by_role("button", name="Preview", exact=True).click()
    expect(plain.locator("#preview")).to_be_in_viewport()
    expect(plain.locator("#preview em")).to_have_text("snowed")
    expect(plain.locator("[name=body]")).to_have_value("It *snowed*.")


def test_little_room_is_said(browse: Browse, bob: User, series: Series) -> None:
    page = browse(member=bob)
    page.goto("/series/drama/review/")
    line = page.locator("#id_headline")
    said = page.locator("#id_headline ~ [aria-live]")
    shown = page.locator("#id_headline ~ .field__count")
    line.fill("x" * 95)
    expect(said).to_have_text("")
    expect(shown).to_be_hidden()
    line.fill("x" * 96)
    expect(said).to_have_text("Characters left: 24")
    line.fill("x" * 100)
    expect(shown).to_have_text("Characters left: 20")
    expect(said).to_have_text("Characters left: 24")  # read out at thresholds alone
    line.fill("x" * 114)
    expect(said).to_have_text("Characters left: 6")
    line.fill("🎧" * 121)
    expect(said).to_have_text("Characters too many: 1")
    line.fill("short")
    expect(said).to_have_text("")
    expect(shown).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_answer_can_be_read_while_it_is_typed(browse: Browse, bob: User, series: Series, theme: str) -> None:
    """The bonus track is turned round: paper on ink. The field in it is ink on paper again."""
    seen(bob, series, 2)
    page = browse(member=bob, theme=theme)
    page.goto("/series/drama/episodes/2/")
    colours = page.locator("#bonus_body").evaluate(
        "field => [getComputedStyle(field).color, getComputedStyle(field).backgroundColor]"
    )
    assert colours[0] != colours[1]
    page.fill("#bonus_body", "The umbrella.")
    page.get_by_role("button", name="Answer it", exact=True).click()
    page.wait_for_url("**/series/drama/episodes/2/#bonus-track")
    assert Comment.objects.get().kind == "bonus"


def test_a_half_written_text_is_not_left_behind_unasked(browse: Browse, bob: User, series: Series) -> None:
    page = browse(member=bob)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(REVIEW)
    page.get_by_label("The rest").press_sequentially("Half a thought")
    page.get_by_role("link", name="Series", exact=True).click(no_wait_after=True)
    expect(page.get_by_label("The rest")).to_have_value("Half a thought")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Keep for later").click()
    expect(page.get_by_text("Kept. Nobody sees it until you send it.")).to_be_visible()
    page.get_by_role("link", name="Series", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Series")
    assert asked == ["beforeunload"], "what was sent or kept is left without a question"
