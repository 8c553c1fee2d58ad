"""`/preferences/`: light or dark, and a language, by the buttons of the footer. Visitors too."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Sanction, User

PATH = "/preferences/"
PAGE = "/guidelines/"


def theme_in(page):
    found = re.search(r"<html[^>]* data-theme=\"(\w+)\"", page.text)
    return found[1] if found else "system"


def language_in(page):
    return re.findall(r'<html lang="(\w+)"', page.text)[0]


def said(member):
    member.refresh_from_db()
    return member.theme, member.language


def test_a_visitors_browser_keeps_the_theme(client, db):
    answer = client.post(PATH, {"theme": "dark", "next": PAGE})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = client.get(PAGE)
    assert theme_in(page) == "dark"
    assert '<meta name="color-scheme" content="dark">' in page.text
    assert "sessionid" not in client.cookies


def test_a_visitors_browser_keeps_the_language(client, db):
    client.post(PATH, {"language": "ko"})
    page = client.get(PAGE, headers={"accept-language": "en"})
    assert language_in(page) == page["Content-Language"] == "ko"


def test_one_choice_leaves_the_other(client, db):
    client.post(PATH, {"language": "ko"})
    client.post(PATH, {"theme": "light"})
    page = client.get(PAGE)
    assert (theme_in(page), language_in(page)) == ("light", "ko")


def test_as_the_device_has_it_needs_no_cookie(client, db):
    client.post(PATH, {"theme": "dark"})
    client.post(PATH, {"theme": "system"})
    assert theme_in(client.get(PAGE)) == "system"
    assert client.cookies["theme"].value == ""


def test_a_members_row_keeps_both(as_member, alice):
    browser = as_member(alice)
    browser.post(PATH, {"theme": "dark"})
    browser.post(PATH, {"language": "ko"})
    assert said(alice) == ("dark", "ko")
    assert {"theme", "language"}.isdisjoint(browser.cookies)
    page = as_member(alice).get(PAGE)
    assert (theme_in(page), language_in(page)) == ("dark", "ko")


def test_what_a_browser_was_told_before_yields_to_the_member(client, alice):
    client.post(PATH, {"theme": "dark", "language": "ko"})
    client.force_login(alice, backend="accounts.backends.MemberBackend")
    assert theme_in(client.get(PAGE)) == "dark"  # she has said nothing yet
    client.post(PATH, {"theme": "system"})
    page = client.get(PAGE)
    assert (theme_in(page), language_in(page)) == ("system", "en")


def test_settings_have_the_last_word_too(client, alice):
    client.post(PATH, {"theme": "dark"})
    client.force_login(alice, backend="accounts.backends.MemberBackend")
    client.post("/settings/", {"theme": "system"})
    assert theme_in(client.get(PAGE)) == "system"


def test_a_silenced_member_may_turn_the_light_off(as_member, alice, mona):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Hush.")
    as_member(alice).post(PATH, {"theme": "dark"})
    assert said(alice)[0] == "dark"


def test_bob_changes_only_himself(as_member, alice, bob):
    as_member(bob).post(PATH, {"theme": "dark", "username": "alice", "pk": alice.pk})
    assert said(alice) == ("system", "")
    assert said(bob) == ("dark", "")


@pytest.mark.parametrize(
    "form", [{}, {"theme": "neon"}, {"theme": "dark", "language": "xx"}, {"language": "../en"}, {"theme": "a\x00b"}]
)
def test_what_is_no_choice_changes_nothing(client, as_member, alice, form):
    assert client.post(PATH, form).status_code == 302
    assert {"theme", "language"}.isdisjoint(client.cookies)
    as_member(alice).post(PATH, form)
    assert said(alice) == ("system", "")


@pytest.mark.parametrize("junk", ["neon", "", "dark;x", '"><script>', "x" * 3000, "system"])
def test_junk_in_the_cookies_is_no_wish(client, db, junk):
    client.cookies["theme"] = client.cookies["language"] = junk
    page = client.get(PAGE)
    assert page.status_code == 200
    assert (theme_in(page), language_in(page)) == ("system", "en")


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("http://testserver/series/?x=1", "/series/?x=1"),
        ("https://evil.example/", "/"),
        ("http://testserver/preferences/", "/"),
        ("http://testserver//evil.example", "/"),
        ("", "/"),
    ],
)
def test_leads_back_to_where_the_button_was(client, db, referer, leads_to):
    answer = client.post(PATH, {"theme": "dark"}, headers={"referer": referer})
    assert answer["Location"] == leads_to


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", PATH])
def test_leads_nowhere_else(client, db, asked):
    assert client.post(PATH, {"theme": "dark", "next": asked})["Location"] == "/"


def test_a_page_that_answers_a_form_leads_home(client, series):
    page = client.post("/series/drama/progress/", {"seen_through": "x"})
    assert page.status_code == 422
    assert '<input type="hidden" name="next" value="/">' in page.text


def test_from_elsewhere_it_asks_once_more(alice):
    browser = Client()
    browser.force_login(alice, backend="accounts.backends.MemberBackend")
    page = browser.post(PATH, {"theme": "dark"}, headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 403
    assert "Was that you?" in page.text
    assert said(alice) == ("system", "")


def test_the_buttons_say_what_holds(client, db):
    client.post(PATH, {"theme": "dark"})
    page = client.get(PAGE)
    assert re.findall(r'value="(\w+)"[^>]* aria-pressed="true"', page.text) == ["dark", "en"]


def test_whose_page_it_is_is_said_to_caches(client, db):
    assert client.get(PAGE)["Cache-Control"].startswith("public")
    client.post(PATH, {"theme": "dark"})
    assert client.get(PAGE)["Cache-Control"].startswith("private")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "trace"])
def test_wrong_method(client, db, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_costs_one_write(as_member, alice, queries_of, django_assert_max_num_queries):
    browser = as_member(alice)
    with django_assert_max_num_queries(3):
        browser.post(PATH, {"theme": "dark"})
    assert User.objects.get(pk=alice.pk).version == alice.version + 1


def test_a_refused_form_of_accounts_can_be_asked_for_again(client, db):
    """Its page answers a form, but whoever reads its errors in another language stays on it."""
    page = client.post("/accounts/signup/", {"username": ""})
    assert page.status_code == 422
    assert '<form class="preferences" method="post"' in page.text
    assert 'name="next"' not in page.text.split('class="preferences"')[1]


def test_a_script_stays_on_the_page_it_shows(client, db):
    """It shows the answer of a form in place: the address that the browser tells is still that of the page."""
    headers = {"X-In-Place": "1", "Referer": "http://testserver/series/", "Sec-Fetch-Site": "same-origin"}
    answer = client.post(PATH, {"theme": "dark", "next": "/"}, headers=headers)
    assert answer.headers["X-Leads-To"] == "/series/"
