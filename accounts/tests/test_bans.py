"""A ban holds from the next request on: sessions, links, codes and pages that were open already."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import Sanction, User
from conftest import HERE, PASSWORD
from reviews.models import Comment, Draft, Like, Report, Review
from reviews.models.sanctions import impose
from tests.authenticator_app import shown

NEW = "velvet-umbrella-chorus-77"
ROOM = "/series/drama/comments/"
REASON = "Sold scarves in every thread"


@pytest.fixture
def ban(alice: User, mona: User) -> Any:
    return lambda: impose(alice, Sanction.Kind.BAN, mona, REASON)


@pytest.fixture
def browser(as_member, alice, series) -> Client:
    return as_member(alice)


def is_in(browser: Client) -> bool:
    return "/accounts/logout/" in browser.get("/").text


def test_every_session_ends_at_its_next_request(as_member, alice, ban):
    browsers = [as_member(alice) for _ in range(2)]
    assert all(is_in(browser) for browser in browsers)
    ban()
    assert not any(is_in(browser) for browser in browsers)
    for path in ("/settings/", "/accounts/email/", "/accounts/2fa/", "/settings/drafts/"):
        assert "/accounts/login/" in browsers[0].get(path)["Location"]


def test_a_session_that_a_moderator_had_opens_no_desk_any_more(as_member, mona):
    browser = as_member(mona)
    assert browser.get("/admin/").status_code == 200
    Sanction.objects.impose(mona, Sanction.Kind.BAN, by=mona, reason=REASON)  # the desk refuses it; an operator may
    assert browser.get("/admin/").status_code == 302


def form_on(browser: Client, path: str) -> dict[str, str]:
    """What the form of an open page sends along by itself."""
    page = browser.get(path).text
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


@pytest.mark.parametrize("headers", [{}, {"X-In-Place": "1"}])
def test_a_page_that_was_open_posts_nothing(browser, bob, series, make_comment, ban, headers):
    theirs = make_comment(bob, series)
    hidden = form_on(browser, ROOM)
    assert hidden["writer"]
    ban()
    posts = {
        ROOM: {**hidden, "body": "One more scarf", "spoils_through": "0", "kind": "talk"},
        "/series/drama/episodes/1/review/": {**hidden, "stars": "9", "body": "One more scarf", "spoils_through": "1"},
        "/series/drama/episodes/1/rating/": {**hidden, "stars": "9"},
        theirs.get_like_url(): {**hidden, "liked": "true"},
        f"/comments/{theirs.pk}/report/": {**hidden, "reason": "spam"},
        "/settings/": {**hidden, "theme": "dark", "bio": "Scarves"},
    }
    for path, values in posts.items():
        answer = browser.post(path, values, headers={**HERE, **headers})
        assert answer.status_code == 403, path
        assert REASON in answer.text, path
        assert values.get("body", "") in answer.text, path
    assert list(Comment.objects.all()) == [theirs]
    for model in (Review, Like, Report, Draft):
        assert not model.objects.exists()
    assert User.objects.get(username="alice").bio == ""


def test_a_session_from_before_another_password_is_told_nothing(browser, alice, ban):
    hidden = form_on(browser, ROOM)
    alice.set_password(NEW)
    alice.save()
    ban()
    values = {**hidden, "body": "One more scarf", "spoils_through": "0", "kind": "talk"}
    assert REASON not in browser.post(ROOM, values, headers=HERE, follow=True).text


def reset_link(browser: Client) -> str:
    browser.post("/accounts/password/reset/", {"email": "alice@example.com"})
    return next(word for word in str(mail.outbox[-1].body).split() if "/password/reset/key/" in word)


@pytest.mark.parametrize("is_open", [True, False])
def test_the_link_of_a_forgotten_password_is_dead_and_says_why(client, alice, ban, is_open):
    """Whether it was followed before, and the form stands open, or not."""
    link = reset_link(client)
    if is_open:
        link = client.get(link)["Location"]
    ban()
    for answer in (client.get(link, follow=True), client.post(link, {"password1": NEW, "password2": NEW})):
        assert answer.status_code == 403
        assert REASON in answer.text
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert "_auth_user_id" not in client.session


def test_a_code_typed_after_the_ban_opens_nothing(alices_browser, ban):
    activate = "/accounts/2fa/totp/activate/"
    alices_browser.get(activate)
    secret = alices_browser.session["mfa.totp.secret"]
    assert alices_browser.post(activate, {"code": shown(secret)}).status_code == 302
    client = Client(headers=HERE)
    client.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    ban()
    for typed in (shown(secret, ahead=ahead) for ahead in (0, 1, -1)):
        answer = client.post("/accounts/2fa/authenticate/", {"code": typed})
        assert "_auth_user_id" not in client.session
        if answer.status_code == 403:
            break
    assert REASON in answer.text


def test_a_link_that_confirms_an_address_lets_nobody_in(client, ban, settings):
    client.post("/accounts/signup/", {"username": "hana", "email": "hana@example.com", "password1": PASSWORD})
    hana = User.objects.get(username="hana")
    link = next(word for word in str(mail.outbox[-1].body).split() if "/confirm-email/" in word)
    browser = Client(headers=HERE)
    Sanction.objects.impose(hana, Sanction.Kind.BAN, by=hana, reason=REASON)
    browser.post(link)
    assert "_auth_user_id" not in browser.session
    assert not is_in(browser)


def test_once_it_is_over_they_come_in_as_before(client, alice, mona, ban):
    ban().sanction.lift(by=mona)
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    assert client.post("/accounts/login/", {"login": "alice", "password": PASSWORD}).status_code == 302
    assert is_in(client)
