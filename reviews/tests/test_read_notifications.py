"""`/notifications/read/`: all that a member was told is read; answers to them are not."""

import re

import pytest

from accounts.models import Sanction
from reviews.models import Notification
from reviews.models.sanctions import impose

LIST = "/notifications/"
PATH = "/notifications/read/"


@pytest.fixture
def hidden(alice, mona, episode, make_review):
    make_review(alice, episode).hide(mona, "Rude")


def drawn(browser, page=""):
    """The fields of the button on a page of the list."""
    (key,) = re.findall(
        r'formaction="/notifications/read/" name="newest" value="(\d+)"', browser.get(LIST + page).text
    )
    return {"newest": key}


def unread(member):
    member.refresh_from_db()
    return member.unread_notices


def test_all_is_read_at_once_and_twice_is_once(as_member, alice, hidden):
    browser = as_member(alice)
    fields = drawn(browser)
    for _time in range(2):
        page = browser.post(PATH, fields, follow=True)
        assert page.redirect_chain == [("/notifications/", 302)]
        assert "badge--new" not in page.text
    alice.refresh_from_db()
    assert alice.unread_count == 0


def test_what_came_after_the_page_was_drawn_stays_unread(as_member, alice, mona, hidden, episode, make_comment):
    browser = as_member(alice)
    fields = drawn(browser)
    make_comment(alice, episode).hide(mona, "Rude as well")
    assert "badge--new" in browser.post(PATH, fields, follow=True).text
    assert unread(alice) == 1
    assert Notification.objects.unread().values_list("action__reason").get() == ("Rude as well",)


def test_a_later_page_marks_all_as_well(as_member, alice, mona, series, make_comment):
    for number in range(22):
        make_comment(alice, series, body=f"Text {number}").hide(mona, "Rude")
    browser = as_member(alice)
    keys = Notification.objects.to(alice).values_list("pk", flat=True)
    fields = drawn(browser, f"?page={keys[19]}")
    make_comment(alice, series, body="One more").hide(mona, "Rude")
    browser.post(PATH, fields)
    assert unread(alice) == 1


@pytest.mark.parametrize("key", ["9" * 18, str(2**62 // 8)])
def test_a_key_that_nobody_was_told_by_marks_what_there_is(as_member, alice, bob, mona, hidden, key):
    impose(bob, Sanction.Kind.SILENCE, mona, "Rude")
    as_member(alice).post(PATH, {"newest": key})
    assert (unread(alice), unread(bob)) == (0, 1)


def test_a_button_without_a_key_says_so_and_marks_nothing(as_member, alice, hidden):
    page = as_member(alice).post(PATH, follow=True)
    assert page.redirect_chain == [(LIST, 302)]
    assert "That page was out of date. Please press once more." in page.text
    assert unread(alice) == 1


@pytest.mark.parametrize("key", ["", "x", "-1", "1-2", "9" * 30, "\0"])
def test_what_is_no_key_marks_nothing(as_member, alice, hidden, key):
    assert as_member(alice).post(PATH, {"newest": key}).status_code == 404
    assert unread(alice) == 1


def test_answers_stay_unread(as_member, alice, bob, episode, hidden, make_comment):
    root = make_comment(alice, episode)
    make_comment(bob, episode, parent=root)
    browser = as_member(alice)
    browser.post(PATH, drawn(browser))
    alice.refresh_from_db()
    assert alice.unread_count == 1


def test_nobody_reads_for_another(as_member, alice, bob, hidden):
    as_member(bob).post(PATH, {"newest": Notification.objects.get().pk})
    assert Notification.objects.unread().filter(recipient=alice).count() == 1


def test_silenced_members_read_too(as_member, alice, mona, hidden):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, mona, "Rude")
    assert as_member(alice).post(PATH).status_code == 302


def test_strangers_are_refused(client, db):
    assert client.post(PATH).status_code == 403


@pytest.mark.parametrize("method", ["get", "put", "delete", "trace"])
def test_only_posts(as_member, alice, method):
    assert getattr(as_member(alice), method)(PATH).status_code == 405
