"""What waits for a moderator before anybody reads it, and how much may be written at all."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import viewer_of
from reviews.models import (
    Burst,
    Comment,
    FloodError,
    HeldWord,
    Like,
    ModerationAction,
    Notification,
    Policy,
    Report,
    Review,
)
from reviews.models.flood import LIMITS
from reviews.models.sanctions import declare_raid, impose
from reviews.tests.counting import assert_counted
from reviews.tests.racing import together

HERE = "203.0.113.9"
LINK = "Watch it at https://example.org/free"


NOON = "2026-03-01T12:00:00Z"


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


@pytest.fixture(autouse=True)
def _noon():
    """No minute ends while a test counts what is written in one."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def established(alice, series, make_comment):
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now() - timedelta(days=30))
    for word in ("One", "Two", "Three"):
        make_comment(alice, series, body=word)
    alice.refresh_from_db()
    return alice


def say(author, series, body, client=HERE):
    return Comment.objects.post(author, series, body=body, spoils_through=0, client=client)


@pytest.mark.parametrize(
    ("holds", "body", "held_for"),
    [
        ("off", "Hello", ""),
        ("off", LINK, ""),
        ("links", "Hello", ""),
        ("links", LINK, "link"),
        ("always", "Hello", "first"),
        ("always", LINK, "first"),
    ],
)
def test_what_new_accounts_write_waits_as_the_operator_says(alice, series, holds, body, held_for):
    Policy.objects.create(holds=holds)
    comment = say(alice, series, body)
    assert comment.held_for == held_for
    assert comment.is_held == bool(held_for)


@pytest.mark.parametrize("holds", ["off", "links", "always"])
def test_those_who_have_been_here_for_a_while_do_not_wait(established, series, holds):
    Policy.objects.create(holds=holds)
    assert not say(established, series, LINK).is_held


def test_an_old_account_that_never_wrote_is_new(alice, series):
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now() - timedelta(days=900))
    alice.refresh_from_db()
    assert say(alice, series, LINK).held_for == "link"


@pytest.fixture
def old(alice):
    User.objects.filter(pk=alice.pk).update(date_joined=timezone.now() - timedelta(days=900))
    alice.refresh_from_db()
    return alice


def is_new(member):
    return Policy.objects.current().is_new(member)


def test_stars_alone_make_nobody_established(old, bob, series):
    for episode in series.episodes.order_by("number")[:3]:
        Review.objects.rate(old, episode, 8)
    assert is_new(old)
    assert say(old, series, LINK).held_for == "link"
    Report.objects.file(old, bob, "spam")
    assert not Report.objects.get().is_established


def test_texts_that_reports_have_folded_or_a_moderator_hid_do_not_count(old, mona, series, make_comment):
    texts = [make_comment(old, series, body=word) for word in ("One", "Two", "Three")]
    assert not is_new(old)
    Comment.objects.filter(pk=texts[0].pk).update(folded_at=timezone.now())
    assert is_new(old)
    Comment.objects.filter(pk=texts[0].pk).update(folded_at=None)
    texts[1].hide(mona, "Rude")
    assert is_new(old)


def test_reviews_with_words_count_and_so_do_lines_alone(old, series, make_review):
    episodes = series.episodes.order_by("number")
    Review.objects.publish(old, episodes[0], stars=8, headline="A line")
    Review.objects.publish(old, episodes[1], stars=None, body="A text")
    assert is_new(old)
    Review.objects.publish(old, series, stars=None, body="", rewound="The bridge")
    assert not is_new(old)


def test_a_word_on_the_list_holds_whoever_writes_it_in_whatever_case(established, mona, series):
    HeldWord.objects.create(word=" Casino ")
    assert say(established, series, "A CASINOlike evening").held_for == "word"
    assert not say(mona, series, "Casino").is_held  # who would approve it


def test_in_a_raid_everything_of_new_accounts_waits(alice, established, bob, mona, series):
    Policy.objects.create(holds="off")
    declare_raid(mona, "Bots")
    assert say(bob, series, "Hello").held_for == "raid"
    assert not say(established, series, "Hello").is_held


def test_a_review_waits_too_and_its_stars_do_not_count(alice, episode):
    review = Review.objects.publish(alice, episode, stars=9, headline=LINK, client=HERE)
    assert review.held_for == "link"


def test_what_takes_the_place_of_a_hidden_one_is_hidden_and_not_held_besides(alice, bob, mona, episode):
    hidden = Review.objects.publish(alice, episode, stars=9, headline="A line", client=HERE)
    hidden.hide(mona, "Rude")
    hidden.retract()
    review = Review.objects.publish(alice, episode, stars=9, headline=LINK, client=HERE)
    assert review.is_hidden
    assert not review.is_held
    review.restore(mona, "It is better now")
    assert review in Review.objects.visible_to(viewer_of(bob))


def test_what_is_held_is_its_authors_alone_until_approved(alice, bob, mona, series):
    comment = say(alice, series, LINK)
    assert comment not in Comment.objects.visible_to(viewer_of(bob))
    assert Comment.objects.for_reader(viewer_of(alice), series).get(pk=comment.pk).body_html
    assert comment.approve(mona, "A fine link")
    assert not comment.approve(mona, "Twice")
    assert comment in Comment.objects.visible_to(viewer_of(bob))
    assert ModerationAction.objects.get().verb == "approve"
    assert Notification.objects.get().recipient == alice


def test_hiding_decides_what_was_held(alice, mona, series):
    comment = say(alice, series, LINK)
    assert comment.hide(mona, "An advertisement")
    comment.restore(mona, "No, it was fine")
    assert Comment.objects.get(pk=comment.pk).is_live


def test_a_member_writes_so_much_in_a_minute_and_is_told_when_there_is_room(alice, series):
    Policy.objects.create(holds="off")
    most = LIMITS["text"][0].most
    for number in range(most):
        say(alice, series, f"Text {number}")
    with pytest.raises(FloodError) as refusal:
        say(alice, series, "One more")
    assert timezone.now() < refusal.value.until <= timezone.now() + timedelta(minutes=1)
    assert Comment.objects.count() == most


def test_what_is_refused_was_not_counted(alice, series):
    with pytest.raises(Exception, match="no such episode"):
        Comment.objects.post(alice, series, body="Words", spoils_through=99, client=HERE)
    assert not Burst.objects.filter(count__gt=0).exists()


def test_what_a_command_writes_is_neither_counted_nor_held(alice, series):
    for number in range(LIMITS["text"][0].most + 1):
        assert not say(alice, series, f"{LINK} {number}", client=None).is_held
    assert not Burst.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_limits_are_exact_when_all_write_at_once(alice, series):
    Policy.objects.create(holds="off")
    most = LIMITS["text"][0].most
    results = together(*[lambda number=number: say(alice, series, f"Text {number}") for number in range(most + 4)])
    assert sum(isinstance(result, Comment) for result in results) == most
    assert sum(isinstance(result, FloodError) for result in results) == 4


def test_old_stretches_are_let_go(alice, series):
    say(alice, series, "Words")
    Burst.objects.update(began_at=timezone.now() - timedelta(days=3))
    assert Burst.objects.over().count() == Burst.objects.count() > 0


def test_stars_alone_never_wait(alice, episode):
    Policy.objects.create(holds="always")
    assert not Review.objects.publish(alice, episode, stars=9, client=HERE).is_held


@pytest.mark.parametrize("holds", ["links", "always"])
def test_what_stands_waits_once_its_author_puts_a_link_in(alice, mona, series, episode, holds):
    """Or nobody would need to write a link at first."""
    comment = say(alice, series, "Hello", client=None)
    Review.objects.publish(alice, episode, stars=9, body="Hello")
    Policy.objects.create(holds=holds)
    comment.edit(body=LINK, spoils_through=0, client=HERE)
    assert comment.is_held
    assert Review.objects.publish(alice, episode, stars=9, body=LINK, client=HERE).is_held
    assert not Comment.objects.live().exists()
    assert not Review.objects.live().exists()


def test_what_waits_keeps_its_place_when_it_is_changed(alice, episode):
    held = Review.objects.publish(alice, episode, stars=9, headline=LINK, client=HERE)
    again = Review.objects.publish(alice, episode, stars=9, headline=f"{LINK} today", client=HERE)
    assert again.held_at == held.held_at


def test_what_is_hidden_stays_hidden_and_waits_for_nothing(alice, mona, episode):
    review = Review.objects.publish(alice, episode, stars=9, headline="Hello")
    review.hide(mona, "Rude")
    assert not Review.objects.publish(alice, episode, stars=9, headline=LINK, client=HERE).is_held


def test_changes_are_counted_like_texts(alice, series):
    Policy.objects.create(holds="off")
    comment = say(alice, series, "Hello", client=None)
    for number in range(LIMITS["text"][0].most):
        comment.edit(body=f"Hello {number}", spoils_through=0, client=HERE)
    with pytest.raises(FloodError):
        comment.edit(body="Once more", spoils_through=0, client=HERE)


def test_presses_are_counted_apart_from_texts(alice, bob, series, episode, make_comment):
    comment, most = make_comment(bob, series), LIMITS["like"][0].most
    for number in range(most):
        Like.objects.feel(alice, comment, number % 2 == 0, HERE)
    for press in (
        lambda: Like.objects.feel(alice, comment, True, HERE),
        lambda: Review.objects.rate(alice, episode, 8, HERE),
    ):
        with pytest.raises(FloodError):
            press()
    Like.objects.feel(alice, comment, True)
    assert not Burst.objects.filter(kind="text").exists()
    assert say(alice, series, "Hello")


def test_who_is_silenced_helps_to_fold_nothing(bob, mona, series, make_comment):
    for body in ("One", "Two", "Three"):
        make_comment(bob, series, body=body)
    User.objects.filter(pk=bob.pk).update(date_joined=timezone.now() - timedelta(days=99))
    bob.refresh_from_db()
    impose(bob, Sanction.Kind.SILENCE, mona, "Rude")
    assert not is_new(bob)
    bob.refresh_from_db()
    Report.objects.file(bob, mona, "spam")
    assert not Report.objects.get().is_established
