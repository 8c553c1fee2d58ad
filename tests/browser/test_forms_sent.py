"""Whatever can be sent can be sent by mouse without scripts, and by keyboard alone: held for every URL of ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload

from accounts.models import Sanction, User
from conftest import seen
from episodes.models import Episode, Series
from reviews.banned import appeal_url
from reviews.models import Comment, Draft, Review
from reviews.models.sanctions import impose
from reviews.places import Place
from soundtrack_site.tests.test_house import VIEWS, methods
from tests.browser.hands import Hand, Sit

pytestmark = pytest.mark.browser

SERIES = "/series/drama/"
EPISODE_2 = "/series/drama/episodes/2/"
FELT = re.compile("^I felt that")


@dataclass(frozen=True)
class World:
    """Bob has seen it all and said a little; alice has said more, and answered him twice."""

    alices: Review
    bobs: Review
    heard: Comment
    said: Comment
    ban: Sanction


@pytest.fixture
def spoken(
    series: Series,
    alice: User,
    bob: User,
    crowd: Callable[[int], list[User]],
    make_review: Callable[..., Review],
    make_comment: Callable[..., Comment],
    make_series: Callable[..., Series],
    mona: User,
    una: User,
) -> World:
    make_series("other")
    second: Episode = series.episodes.select_related("series").get(number=2)
    for someone in (alice, bob):
        seen(someone, series, 4)
    said = make_comment(bob, second, body="Rain")
    for fan in crowd(4):
        make_review(fan, second, headline="", body="")  # with alice's, enough for a score to fold
    for body in ("Snow", "Sleet"):
        make_comment(alice, second, body=body, parent=said)
    Draft.objects.keep(bob, Place("review", series), {"body": "Worth it?"})
    make_comment(bob, series, body="Far too long").hide(mona, "It insults somebody")
    ban = impose(una, Sanction.Kind.BAN, mona, "Scarves")
    assert ban.sanction is not None
    return World(
        ban=ban.sanction,
        alices=make_review(alice, second, headline="Bring a scarf"),
        bobs=make_review(bob, series.episodes.get(number=3), headline="Bring two"),
        heard=make_comment(alice, second, body="Hail"),
        said=said,
    )


def set_progress(hand: Hand, world: World) -> None:
    hand.page.goto(EPISODE_2)
    hand.press("Track 4")


def undo_progress(hand: Hand, world: World) -> None:
    hand.page.goto("/series/other/")
    hand.press("Track 4")
    hand.posted.clear()
    hand.press("I pressed the wrong one")


def peek(hand: Hand, world: World) -> None:
    hand.page.goto(EPISODE_2)
    hand.press("Peek at the score")


def rate(hand: Hand, world: World) -> None:
    hand.page.goto(EPISODE_2)
    hand.choose("4: phrase 8")
    hand.press("Rate it")


def rate_episodes(hand: Hand, world: World) -> None:
    hand.page.goto(f"{SERIES}ratings/")
    hand.choose("5: phrase 10", hand.page.get_by_role("group", name="Title 4"))
    hand.press("Put them on the record")


def edit_review(hand: Hand, world: World) -> None:
    hand.page.goto("/series/drama/episodes/1/review/")
    hand.write("The rest", "It begins well.")
    hand.choose("No, nothing later")
    hand.press("Put it on the record")


def remove_rating(hand: Hand, world: World) -> None:
    hand.page.goto(world.bobs.get_edit_url())
    hand.press("Remove rating")


def raise_review(hand: Hand, world: World) -> None:
    hand.page.goto(world.bobs.get_absolute_url())
    hand.follow("It spoils further")
    hand.choose("Seen through Track 3")
    hand.press("Put it there")


def delete_review(hand: Hand, world: World) -> None:
    hand.page.goto(world.bobs.get_absolute_url())
    hand.follow("Delete")
    hand.press("Delete")


def answer_review(hand: Hand, world: World) -> None:
    hand.page.goto(world.alices.get_absolute_url())
    hand.write("Your comment", "I had one.")
    hand.choose("Yes, up to Track 3")
    hand.press("Say it")


def like_review(hand: Hand, world: World) -> None:
    hand.page.goto(EPISODE_2)
    hand.press(FELT, hand.page.locator(f"#{world.alices.reveal_name}"))


def comments(hand: Hand, world: World) -> None:
    hand.page.goto(f"{SERIES}comments/")
    hand.write("Your comment", "Worth it.")
    hand.choose("No, nothing later")
    hand.press("Say it")


def answer_bonus(hand: Hand, world: World) -> None:
    hand.page.goto(EPISODE_2)
    hand.write(re.compile("^Your answer"), "The umbrella.")
    hand.choose("No, nothing later")
    hand.press("Answer it")


def like_comment(hand: Hand, world: World) -> None:
    hand.page.goto(world.heard.get_absolute_url())
    hand.press(FELT)


def edit_comment(hand: Hand, world: World) -> None:
    hand.page.goto(world.said.get_absolute_url())
    hand.follow("Change")
    hand.write("Your comment", "Drizzle")
    hand.press("Change it")


def raise_comment(hand: Hand, world: World) -> None:
    hand.page.goto(world.said.get_absolute_url())
    hand.follow("It spoils further")
    hand.choose("Seen through Track 3")
    hand.press("Put it there")


def delete_comment(hand: Hand, world: World) -> None:
    hand.page.goto(world.said.get_absolute_url())
    hand.follow("Delete")
    hand.press("Delete")


def undo(hand: Hand, world: World) -> None:
    """On the page that says what was deleted."""
    hand.press("Undo")


def read_answer(hand: Hand, world: World) -> None:
    hand.page.goto("/")
    hand.press(re.compile("^Read it there"))


def read_answers(hand: Hand, world: World) -> None:
    hand.page.goto("/")
    hand.press("Mark all as read")


def report_review(hand: Hand, world: World) -> None:
    hand.page.goto(world.alices.get_absolute_url())
    hand.follow("Report", hand.page.locator(f"#{world.alices.reveal_name}"))
    hand.choose(re.compile("^It tells too much"))
    hand.choose("Seen through Track 3")
    hand.press("Report it")


def report_comment(hand: Hand, world: World) -> None:
    hand.page.goto(world.heard.get_absolute_url())
    hand.follow("Report", hand.page.locator(f"#{world.heard.reveal_name}"))
    hand.choose(re.compile("^It breaks another rule"))
    hand.write(re.compile("^A word to the moderator"), "Lyrics.")
    hand.press("Report it")


def report_member(hand: Hand, world: World) -> None:
    hand.page.goto("/members/alice/")
    hand.follow("Report this member")
    hand.choose(re.compile("^It hurts somebody"))
    hand.press("Report it")


def read_notifications(hand: Hand, world: World) -> None:
    hand.page.goto("/notifications/")
    hand.press("Mark all as read")


def appeal(hand: Hand, world: World) -> None:
    hand.page.goto("/notifications/")
    hand.follow("Appeal")
    hand.write("Why should we look again?", "It was a quote.")
    hand.press("Appeal")


def appeal_ban(hand: Hand, world: World) -> None:
    """By the link that the page shows which refuses them; here they are not banned yet."""
    hand.page.goto(appeal_url(world.ban))
    hand.write("Why should we look again?", "It was my sister.")
    hand.press("Appeal")


def delete_draft(hand: Hand, world: World) -> None:
    hand.page.goto("/settings/drafts/")
    hand.follow("Throw it away")
    hand.press("Throw it away")


def settings(hand: Hand, world: World) -> None:
    hand.page.goto("/settings/")
    hand.choose("Dark")
    hand.press("Keep these settings")


def edit_avatar(hand: Hand, world: World) -> None:
    hand.page.goto("/settings/")
    hand.follow("My picture")
    file = BytesIO()
    Image.new("RGB", (300, 300), "teal").save(file, "PNG")
    me: FilePayload = {"name": "me.png", "mimeType": "image/png", "buffer": file.getvalue()}
    hand.page.get_by_label("A picture from this device").set_input_files(me)
    hand.press("Show this picture")


def delete_avatar(hand: Hand, world: World) -> None:
    hand.page.goto("/settings/avatar/")
    hand.press("Take my picture away")


def set_preferences(hand: Hand, world: World) -> None:
    hand.page.goto(EPISODE_2)
    hand.press("Dark")
    hand.page.locator("html[data-theme=dark]").wait_for()


# In the order in which they are gone through: what is undone has just been done.
WAYS: dict[str, Callable[[Hand, World], None]] = {
    "episodes:set_progress": set_progress,
    "episodes:undo_progress": undo_progress,
    "reviews:peek": peek,
    "reviews:rate": rate,
    "reviews:rate_episodes": rate_episodes,
    "reviews:edit_review": edit_review,
    "reviews:remove_rating": remove_rating,
    "reviews:raise_review": raise_review,
    "reviews:delete_review": delete_review,
    "reviews:undelete_review": undo,
    "reviews:answer_review": answer_review,
    "reviews:like_review": like_review,
    "reviews:comments": comments,
    "reviews:answer_bonus": answer_bonus,
    "reviews:like_comment": like_comment,
    "reviews:edit_comment": edit_comment,
    "reviews:raise_comment": raise_comment,
    "reviews:read_answer": read_answer,
    "reviews:read_answers": read_answers,
    "reviews:report_review": report_review,
    "reviews:report_comment": report_comment,
    "reviews:report_member": report_member,
    "reviews:read_notifications": read_notifications,
    "reviews:appeal": appeal,
    "reviews:appeal_ban": appeal_ban,
    "reviews:delete_comment": delete_comment,
    "reviews:undelete_comment": undo,
    "reviews:delete_draft": delete_draft,
    "accounts:settings": settings,
    "accounts:edit_avatar": edit_avatar,
    "accounts:delete_avatar": delete_avatar,
    "accounts:set_preferences": set_preferences,
}


def test_every_address_that_takes_a_form_is_gone_to() -> None:
    assert set(WAYS) == {name for name, view in VIEWS.items() if "POST" in methods(view)}


@pytest.mark.usefixtures("media")
def test_every_form_can_be_sent(sit: Sit, bob: User, spoken: World) -> None:
    hand = sit(bob)
    for name, way in WAYS.items():
        hand.posted.clear()
        way(hand, spoken)
        assert hand.posted == {name}
        assert not hand.page.get_by_role("alert").is_visible(), f"{name} was refused: {hand.page.title()}"
