import pytest

from accounts.models import Sanction
from reviews.models import Draft
from reviews.places import Place


@pytest.fixture
def draft(alice, episode):
    Draft.objects.keep(alice, Place("review", episode), {"body": "Half a thought"})
    return Draft.objects.get()


@pytest.fixture
def path(draft):
    return f"/settings/drafts/{draft.pk}/delete/"


def test_it_asks_before_it_throws_anything_away(as_member, alice, path):
    page = as_member(alice).get(path)
    assert page.status_code == 200
    assert "Half a thought" in page.text
    assert Draft.objects.exists()


def test_it_throws_it_away(as_member, alice, path):
    assert as_member(alice).post(path).headers["Location"] == "/settings/drafts/"
    assert not Draft.objects.exists()


def test_a_silenced_member_may_throw_it_away(as_member, alice, mona, path):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    assert as_member(alice).post(path).headers["Location"] == "/settings/drafts/"
    assert not Draft.objects.exists()


def test_it_needs_login(client, path):
    assert client.get(path).status_code == 302
    assert client.post(path).status_code == 403
    assert Draft.objects.exists()


def test_bob_cannot(as_member, bob, path):
    assert as_member(bob).get(path).status_code == 404
    assert as_member(bob).post(path).status_code == 404
    assert Draft.objects.exists()


def test_twice_is_once(as_member, alice, path):
    as_member(alice).post(path)
    assert as_member(alice).post(path).status_code == 404


def test_other_methods_are_refused(as_member, alice, path):
    assert as_member(alice).put(path).status_code == 405
