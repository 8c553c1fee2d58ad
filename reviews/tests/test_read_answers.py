"""`/replies/read/`: all answers that a member may read are read."""

import pytest

from conftest import seen

PATH = "/replies/read/"


@pytest.fixture
def answers(alice, bob, series, episode, make_comment):
    """Two open answers to alice, who has seen track 1, and one that waits after track 2."""
    root = make_comment(alice, episode, spoils_through=0)
    for words, scope in (("one", 0), ("two", 1), ("three", 2)):
        make_comment(bob, episode, parent=root, body=words, spoils_through=scope)
    seen(alice, series, 1)


def unread(member):
    member.refresh_from_db()
    return member.unread_count


def test_marks_what_is_open_and_keeps_what_waits(as_member, alice, answers):
    assert unread(alice) == 3
    page = as_member(alice).post(PATH)
    assert (page.status_code, page.headers["Location"]) == (302, "/")
    assert unread(alice) == 1


def test_marks_nobody_elses(as_member, alice, bob, una, answers):
    for member in (bob, una):
        assert as_member(member).post(PATH).status_code == 302
    assert unread(alice) == 3


def test_nothing_to_read_is_no_mistake(as_member, una):
    assert as_member(una).post(PATH).status_code == 302


def test_leaves_an_unpublished_series_alone(as_member, alice, series, answers):
    type(series).objects.update(published_at=None)
    as_member(alice).post(PATH)
    assert unread(alice) == 3


def test_needs_login(client, alice, answers):
    assert client.post(PATH).status_code == 403
    assert unread(alice) == 3


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "trace"])
def test_only_posts(as_member, alice, method):
    assert getattr(as_member(alice), method)(PATH).status_code == 405
