"""Every kind of page, in every shape it may take, with the longest words people may write."""

from __future__ import annotations

import re
from collections.abc import Callable

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


class World:
    """A long series with all that may stretch a page, and the paths to see it at."""

    def __init__(
        self, series: Series, reader: User, review: Review, own: Review, comment: Comment, said: Comment, draft: Draft
    ) -> None:
        episode = f"/series/{series.slug}/episodes/2"
        self.series = f"/series/{series.slug}/"
        self.episode = f"{episode}/"
        self.reader = reader
        self.said = said
        self.open_to_all = [
            "/",
            "/series/",
            f"/series/{series.slug}/",
            f"/series/{series.slug}/reviews/",
            f"/series/{series.slug}/comments/",
            f"{episode}/",
            f"{episode}/recap/",
            f"{episode}/reviews/",
            f"{episode}/reviews/?sort=lowest",
            f"{episode}/reviews/?stars=8",
            f"{episode}/reviews/?waiting=list",
            f"{episode}/comments/",
            f"{episode}/comments/?sort=felt&kind=moment",
            f"{episode}/comments/?at=12:34",
            f"{episode}/comments/?waiting=list",
            f"/reviews/{review.pk}/",
            f"/comments/{comment.pk}/",
            f"/members/{review.author.username}/",
            "/guidelines/",
            "/safety/",
            "/privacy/",
            "/no-such-page/",
            "/accounts/password/reset/",
        ]
        self.for_strangers = ["/accounts/login/", "/accounts/signup/"]
        self.for_members = [
            f"{episode}/review/",
            f"/series/{series.slug}/review/",
            f"{self.series}ratings/",
            f"{episode}/comments/?seat=same",
            f"/reviews/{own.pk}/scope/",
            f"/reviews/{own.pk}/delete/",
            f"/comments/{said.pk}/edit/",
            f"/comments/{said.pk}/scope/",
            f"/comments/{said.pk}/delete/",
            "/settings/drafts/",
            f"/settings/drafts/{draft.pk}/delete/",
            f"/members/{reader.username}/",
            "/settings/",
            "/accounts/logout/",
            "/accounts/email/",
            "/accounts/password/change/",
            "/accounts/sessions/",
            "/accounts/2fa/",
        ]
        self.composer = f"{episode}/review/"


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
    return World(series, bob, first, own, root, said, Draft.objects.get())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
@pytest.mark.parametrize("is_member", [True, False], ids=["member", "visitor"])
def test_no_page_breaks(browse: Browse, world: World, theme: str, phone: bool, is_member: bool) -> None:
    page = browse(phone=phone, theme=theme, member=world.reader if is_member else None)
    faults: list[str] = []
    for path in [*world.open_to_all, *(world.for_members if is_member else world.for_strangers)]:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if "no-such" in path else 200), f"{path}: {answer.status}"
        faults += faults_on(page, theme)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_no_page_with_errors_breaks(browse: Browse, world: World, phone: bool) -> None:
    page = browse(phone=phone, member=world.reader)
    page.goto(world.composer)
    page.get_by_label("One line, safe").fill(LONG_LINE * 2)
    page.get_by_label("The rest").fill(ENDLESS_WORD + KOREAN)
    page.get_by_role("button", name="Put it on the record").click()
    assert_refused_but_sound(page)

    stranger = browse(phone=phone)
    stranger.goto("/accounts/login/")
    stranger.get_by_label("Username or e-mail address").fill("w" * 200)
    stranger.get_by_label("Password").fill("w" * 200)
    stranger.get_by_role("button", name="Log in", exact=True).click()
    assert_refused_but_sound(stranger)

    stranger.goto("/")
    stranger.locator("[name=seen_through]").first.evaluate("button => { button.value = 99; }")
    stranger.locator("[name=seen_through]").first.click()
    assert_refused_but_sound(stranger)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_no_page_breaks_on_the_way(browse: Browse, world: World, theme: str, phone: bool) -> None:
    """What is seen only between two steps: refusals, previews, what waits unsent, two tabs, a deletion."""
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


def assert_refused_but_sound(page: Page) -> None:
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.title().startswith("Error:")
    faults = faults_on(page, "light")
    assert not faults, "\n".join(faults)
