"""What is taken out of sight is gone from every page at the next request, and what is put back returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conftest import seen
from reviews.models import Comment, ModerationAction, Review
from reviews.models.sanctions import hide_all, restore_all
from tests.test_get_writes_nothing import NAMES, address

LINE, BODY, SAID, REPLIED = "qzheadline", "qzbody", "qzcomment", "qzreply"
WORDS = (LINE, BODY, SAID, REPLIED)
# Where each of them stands while it is in sight: a walk that came to none of these would prove nothing.
STANDS = {
    LINE: {"episodes:episode", "reviews:review", "reviews:reviews", "accounts:member"},
    BODY: {"episodes:episode", "reviews:review", "reviews:reviews"},
    SAID: {"episodes:episode", "reviews:comments", "reviews:comment"},
    REPLIED: {"reviews:comments"},
}
KNOWN = set.union(*STANDS.values())


@dataclass
class Told:
    """Texts by alice, each with a word of its own, and readers who have seen everything."""

    world: Any
    texts: list[Any]
    readers: list[Client]

    def surfaces(self, names: Iterable[str] = ()) -> dict[str, set[str]]:
        """Word → names of the pages on which a reader finds it who asks for it. `names`: of those pages alone."""
        found: dict[str, set[str]] = {word: set() for word in WORDS}
        query = "?order=felt&" + "&".join(f"reveal={text.reveal_name}" for text in self.texts)
        for name, arguments in NAMES:
            if names and name not in names:
                continue
            path = address(self.world, name, arguments)
            for reader in self.readers:
                page = reader.get(path, follow=True).text + reader.get(path + query, follow=True).text
                for word in WORDS:
                    if word in page:
                        found[word].add(name)
        return found


@pytest.fixture
def told(
    as_member: Callable[[User], Client],
    world: Any,
    alice: User,
    bob: User,
    mona: User,
    make_review: Callable[..., Review],
    make_comment: Callable[..., Comment],
) -> Told:
    for reader in (bob, mona):
        seen(reader, world.series, 3)
    episode = world.series.episodes.select_related("series").get(number=1)
    review = make_review(alice, episode, headline=LINE, body=BODY)
    comment = make_comment(alice, episode, body=SAID, kind="moment", at=60)
    reply = make_comment(alice, episode, body=REPLIED, parent=make_comment(bob, episode, body="A root"))
    there = replace(world, episode=episode, review=review, comment=comment)
    return Told(there, [review, comment, reply], [Client(), as_member(bob), as_member(mona)])


def assert_in_sight(told: Told) -> None:
    found = told.surfaces(KNOWN)
    assert {word: STANDS[word] - found[word] for word in WORDS} == {word: set() for word in WORDS}


def hide(told: Told, _author: User, by: User) -> None:
    for text in told.texts:
        text.hide(by, "Rude")


def hide_every(_told: Told, author: User, by: User) -> None:
    hide_all(author, by, "A spammer")


def hold(told: Told, _author: User, _by: User) -> None:
    for text in told.texts:
        before = text.ledger()
        text.held_at, text.held_for = timezone.now(), "first"
        text.save_stamps("held_at", "held_for")
        text.settle_from(before)


def delete(told: Told, _author: User, _by: User) -> None:
    for text in told.texts:
        text.retract()


@pytest.mark.parametrize("take_away", [hide, hide_every, hold, delete], ids=lambda way: way.__name__)
def test_it_is_on_no_page_any_more(told, alice, mona, take_away):
    assert_in_sight(told)
    take_away(told, alice, mona)
    assert told.surfaces() == {word: set() for word in WORDS}


@pytest.mark.parametrize("is_in_one_go", [True, False])
def test_what_is_put_back_stands_where_it_stood(told, alice, mona, is_in_one_go):
    if is_in_one_go:
        hide_all(alice, mona, "A spammer")
        restore_all(ModerationAction.objects.get(verb="hide_all"), mona, "Not a spammer")
    else:
        hide(told, alice, mona)
        for text in told.texts:
            text.restore(mona, "After all")
    assert_in_sight(told)


def test_what_was_held_stands_once_it_is_approved(told, alice, mona):
    hold(told, alice, mona)
    for text in told.texts:
        text.approve(mona, "Fine")
    assert_in_sight(told)
