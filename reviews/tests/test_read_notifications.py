"""`/notifications/read/`: all that a member was told is read; answers to them are not."""

import pytest

from accounts.models import Sanction
from reviews.models import Notification

PATH = "/notifications/read/"


@pytest.fixture
def hidden(alice, mona, episode, make_review):
    make_review(alice, episode).hide(mona, "Rude")


def test_all_is_read_at_once_and_twice_is_once(as_member, alice, hidden):
    browser = as_member(alice)
    for _time in range(2):
        page = browser.post(PATH, follow=True)
        assert page.redirect_chain == [("/notifications/", 302)]
        assert "badge--new" not in page.text
    alice.refresh_from_db()
    assert alice.unread_count == 0


def test_answers_stay_unread(as_member, alice, bob, episode, hidden, make_comment):
    root = make_comment(alice, episode)
    make_comment(bob, episode, parent=root)
    as_member(alice).post(PATH)
    alice.refresh_from_db()
    assert alice.unread_count == 1


def test_nobody_reads_for_another(as_member, alice, bob, hidden):
    as_member(bob).post(PATH)
    assert Notification.objects.unread().filter(recipient=alice).count() == 1


def test_silenced_members_read_too(as_member, alice, mona, hidden):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, mona, "Rude")
    assert as_member(alice).post(PATH).status_code == 302


def test_strangers_are_refused(client, db):
    assert client.post(PATH).status_code == 403


@pytest.mark.parametrize("method", ["get", "put", "delete", "trace"])
def test_only_posts(as_member, alice, method):
    assert getattr(as_member(alice), method)(PATH).status_code == 405
