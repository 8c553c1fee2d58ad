"""`/privacy/`: what is kept and why; nothing else may be."""

import pytest
from django.conf import settings

from accounts.cookies import own_cookies
from conftest import PASSWORD
from soundtrack_site.pictures import AVATAR, address, develop

PATH = "/privacy/"


def test_anybody_may_read_and_keep_it(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(PATH)
    assert page.status_code == 200
    assert page["Cache-Control"].startswith("public")
    for cookie in own_cookies():
        assert f"<code>{cookie.name}</code>" in page.text
    assert "at most" in page.text


def test_members_read_the_same(as_member, alice):
    assert "What moderators see" in as_member(alice).get(PATH).text


def test_every_cookie_of_a_long_day_is_named(client, alice, series, episode):
    """Read, answer, log in, write, change settings, log out."""
    client.get("/")
    client.post("/preferences/", {"theme": "dark", "language": "en"})
    client.post("/series/drama/progress/", {"seen_through": 1}, headers={"sec-fetch-site": "same-origin"})
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    for path in ("/", "/settings/", "/series/drama/episodes/2/review/", "/accounts/email/", "/members/alice/"):
        client.get(path, follow=True)
    client.post("/series/drama/episodes/2/review/", {"stars": "9", "headline": "", "body": "", "spoils_through": "2"})
    client.post("/settings/", {"theme": "dark"})
    held = set(client.cookies)
    client.post("/accounts/logout/")
    assert held | set(client.cookies) == {cookie.name for cookie in own_cookies()}


def test_a_picture_that_was_taken_away_is_soon_gone_from_everywhere(client, alice, media, make_picture):
    alice.wear(develop(make_picture(), AVATAR))
    assert "A browser that has shown it may keep it for a day." in client.get(PATH).text
    kept = client.get(address(alice.avatar.name))["Cache-Control"]
    assert "max-age=86400," in kept


def test_the_policy_lets_no_page_ask_another_site():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    sources = {source for value in directives.values() if isinstance(value, list) for source in value}
    assert sources == {"'self'", "'none'"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, method, db):
    assert getattr(client, method)(PATH).status_code == 405
