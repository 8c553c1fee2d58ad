"""What is seen only between two steps, with the longest words people may write. Pages as they stand: `page_checks`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from conftest import member, seen
from episodes.models import KeyMoment, Series, Tag
from reviews.models import Comment, Draft, Review
from reviews.models.draft import Kept
from reviews.places import Place
from tests.browser.audit import faults_on
from tests.browser.conftest import Browse

pytestmark = pytest.mark.browser

KOREAN = "은수는 이십 년 동안 친구였던 선우에게 마음을 들키지 않으려고 노래를 만들지만, 그 노래가 먼저 고백해 버린다."
ENDLESS_WORD = "비" * 5_000 + "w" * 5_000
WIDE_NAME = "뷁" * 60
LONG_LINE = "헤드라인" * 30


class World(NamedTuple):
    """A long series with all that may stretch a page, and who comes by."""

    reader: User
    series: str
    episode: str
    said: Comment

    @property
    def composer(self) -> str:
        return f"{self.episode}review/"


@pytest.fixture
def world(
    make_series: Callable[..., Series],
    make_review: Callable[..., Review],
    make_comment: Callable[..., Comment],
    alice: User,
    bob: User,
) -> World:
    series = make_series(
        "long-drama",
        episodes=16,
        title="An Uncommonly Longwinded Romance of Sixteen Evenings",
        native_title="기상청사람들사내연애잔혹사편",
        language="ko",
        tagline=KOREAN,
        synopsis=f"{KOREAN} {'w' * 300}",
        aliases=["w" * 200, KOREAN],
    )
    series.tags.add(Tag.objects.create(kind=Tag.Kind.TROPE, name="friends to lovers, at long last"))
    episode = series.episodes.select_related("series").get(number=2)
    KeyMoment.objects.create(episode=episode, at=754, text=KOREAN)
    wide = member("w" * 30, display_name=WIDE_NAME, bio="w" * 500, star_meaning=WIDE_NAME * 3)
    for someone in (wide, alice, bob):
        seen(someone, series, 16)
    first = make_review(wide, episode, headline=LONG_LINE, body=f"{KOREAN}\n\n> {ENDLESS_WORD[5:]}"[:10_000])
    make_review(alice, episode, headline="w" * 120, body=f"- {ENDLESS_WORD[:9000]}", spoils_through=16)
    make_review(wide, series, headline=KOREAN, body=ENDLESS_WORD[:10_000])
    own = make_review(bob, series, headline=LONG_LINE, body=KOREAN, spoils_through=16)
    for number in range(4):
        make_review(member(f"member_{number}"), episode, headline="", body="")
    root = make_comment(wide, episode, body=ENDLESS_WORD[:10_000])
    reply = make_comment(alice, episode, body=KOREAN, parent=root)
    make_comment(wide, episode, body="```\n" + "w " * 300 + "\n```", parent=reply)
    make_comment(wide, first, body=f"[{'w' * 200}](https://example.com/{'w' * 200})")
    make_comment(wide, series, body=KOREAN)
    make_comment(wide, episode, body="Far ahead", spoils_through=16)
    make_comment(wide, episode, body=ENDLESS_WORD[:10_000], kind="moment", at=754)
    for number in range(5):
        make_review(member(f"writer_{number}"), episode, headline=LONG_LINE, stars=2 * number + 1, spoils_through=16)
    make_review(member("early_writer"), episode, headline="w" * 120, body=KOREAN)
    said = make_comment(bob, episode, body=KOREAN)
    make_comment(wide, episode, body=ENDLESS_WORD[:10_000], parent=said)
    make_comment(alice, episode, body=KOREAN, parent=said)
    make_comment(wide, own, body="Far ahead", spoils_through=16)
    make_comment(wide, episode, body=KOREAN, kind="song", song_name="w" * 120, at=3)
    Draft.objects.keep(bob, Place("talk", episode), {"body": ENDLESS_WORD[:10_000]})
    Draft.objects.bring(bob, Place("talk", episode), Kept({"body": KOREAN}, timezone.now()))
    for later in series.episodes.select_related("series").filter(number__gt=2):
        make_review(wide, later, headline="", body="", stars=later.number % 10 + 1)
    Series.objects.filter(pk=series.pk).update(ending="Happily")
    seen(bob, series, 2)
    return World(bob, f"/series/{series.slug}/", f"/series/{series.slug}/episodes/2/", said)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_no_page_breaks_on_the_way(browse: Browse, world: World, theme: str, phone: bool) -> None:
    """Refusals, previews, what waits unsent, two tabs, a deletion."""
    page = browse(phone=phone, theme=theme, member=world.reader)
    faults: list[str] = []

    def look(expected: str, page: Page = page) -> None:
        expect(page.locator(expected).first).to_be_visible()
        faults.extend(faults_on(page, theme))

    page.goto(world.episode)
    press(page, "Rate it")
    look("main [role=alert]")
    page.goto(world.episode)
    press(page, "Answer it")
    look("main [role=alert]")

    page.goto(f"{world.episode}comments/")
    look(".unsent details")
    page.locator(".unsent summary").click()
    look(".unsent details[open]")
    page.get_by_role("radio", name="A song: something plays").check()
    page.locator("#id_at").fill("99:59")
    page.get_by_label("Your comment").fill(KOREAN)
    press(page, "Say it")
    look("main [role=alert]")

    page.goto(f"{world.series}review/")
    page.get_by_label("The rest").fill(f"# {LONG_LINE}\n\n{ENDLESS_WORD[:9000]}")
    for prompt in ("rewound", "stayed", "show"):
        page.get_by_label(re.compile(prompt)).fill("w" * 200)
    press(page, "Preview")
    look("#preview")
    page.goto(f"{world.series}review/")
    look(".unsent")

    page.goto(world.composer)
    page.get_by_label("The rest").fill(KOREAN)
    other_tab = page.context.new_page()
    other_tab.goto(world.composer)
    other_tab.get_by_label("The rest").fill(ENDLESS_WORD[:10_000])
    other_tab.get_by_label("One line, safe").fill(LONG_LINE)
    press(other_tab, "Preview as a newcomer")
    look("#preview", other_tab)
    press(other_tab, "Put it on the record")
    look("main [role=alert]", other_tab)
    other_tab.get_by_role("radio", name="No, nothing later").check()
    press(other_tab, "Put it on the record")
    expect(other_tab.get_by_role("status")).to_be_visible()
    page.get_by_role("radio", name="No, nothing later").check()
    press(page, "Put it on the record")
    look(".stands-now")

    page.goto(f"/comments/{world.said.pk}/delete/")
    press(page, "Delete")
    look("[role=status] button")
    page.goto(f"{world.series}")
    page.locator(".band__more summary").click()
    press(page, "I've seen it all")
    expect(page.locator("#band-question")).to_have_text("You have seen it all")
    page.goto(f"{world.series}ratings/")
    look("fieldset")
    page.goto("/")
    look("#answers")
    assert not faults, "\n".join(faults)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
