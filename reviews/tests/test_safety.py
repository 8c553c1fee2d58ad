"""`/safety/`: what somebody can do who was hurt."""

import re

import pytest

PATH = "/safety/"


def test_says_what_to_do_and_what_is_not_there_yet(client, db):
    page = client.get(PATH)
    assert page.status_code == 200
    assert re.findall(r'<h2 id="([a-z-]+)"', page.text)[:3] == ["tell-us", "what-moderators-do", "blocking"]
    assert "You cannot block a member yet." in page.text
    assert 'href="/guidelines/"' in page.text


def test_a_member_reads_it_too(as_member, alice):
    assert as_member(alice).get(PATH).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, db, method):
    assert getattr(client, method)(PATH).status_code == 405
