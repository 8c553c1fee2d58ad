"""`/comments/<id>/read/`: lead to an answer, and note that it was read."""

import pytest

from accounts.models import Sanction
from conftest import seen


@pytest.fixture
def answer(alice, bob, episode, make_comment):
    """Bob's answer to alice, after track 2."""
    root = make_comment(alice, episode, body="Who else cried", spoils_through=2)
    return make_comment(bob, episode, parent=root, body="I did", spoils_through=2)


def is_read(comment):
    return type(comment).objects.values_list("read_at", flat=True).get(pk=comment.pk) is not None


def test_leads_there_and_marks_it(as_member, alice, series, answer):
    seen(alice, series, 2)
    page = as_member(alice).post(f"/comments/{answer.pk}/read/")
    assert (page.status_code, page.headers["Location"]) == (302, f"/comments/{answer.pk}/")
    assert is_read(answer)
    alice.refresh_from_db()
    assert alice.unread_count == 0


def test_twice_is_once(as_member, alice, series, answer):
    seen(alice, series, 2)
    for _ in range(2):
        assert as_member(alice).post(f"/comments/{answer.pk}/read/").status_code == 302
    alice.refresh_from_db()
    assert alice.unread_count == 0


def test_a_stub_was_not_read(as_member, alice, series, answer):
    seen(alice, series, 1)
    assert as_member(alice).post(f"/comments/{answer.pk}/read/").status_code == 302
    assert not is_read(answer)
    alice.refresh_from_db()
    assert alice.unread_count == 1


def test_needs_login(client, answer):
    assert client.post(f"/comments/{answer.pk}/read/").status_code == 403
    assert not is_read(answer)


def test_who_was_not_answered_finds_nothing(as_member, bob, una, series, answer):
    for member in (bob, una):
        seen(member, series, 2)
        assert as_member(member).post(f"/comments/{answer.pk}/read/").status_code == 404
    assert not is_read(answer)


def test_what_answers_nobody_is_404(as_member, alice, answer):
    assert as_member(alice).post(f"/comments/{answer.root_id}/read/").status_code == 404
    assert as_member(alice).post("/comments/999999/read/").status_code == 404


def test_hidden_is_404(as_member, alice, mona, series, answer):
    seen(alice, series, 2)
    answer.hide(by=mona, reason="Rude.")
    assert as_member(alice).post(f"/comments/{answer.pk}/read/").status_code == 404


def test_of_an_unpublished_series_is_404(as_member, alice, series, answer):
    seen(alice, series, 2)
    type(series).objects.update(published_at=None)
    assert as_member(alice).post(f"/comments/{answer.pk}/read/").status_code == 404


def test_a_silenced_member_may_read(as_member, alice, mona, series, answer):
    seen(alice, series, 2)
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Loud.")
    assert as_member(alice).post(f"/comments/{answer.pk}/read/").status_code == 302
    assert is_read(answer)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "trace"])
def test_only_posts(as_member, alice, answer, method):
    assert getattr(as_member(alice), method)(f"/comments/{answer.pk}/read/").status_code == 405
