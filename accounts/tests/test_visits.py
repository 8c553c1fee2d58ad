"""When a member was last here: kept by their own browser, for them alone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client

from accounts.visits import COOKIE, COOKIE_SALT, PAUSE
from conftest import PASSWORD

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(*, hours=0, minutes=0, seconds=0):
    return time_machine.travel(NOON + timedelta(hours=hours, minutes=minutes, seconds=seconds), tick=False)


def signed(*values):
    return signing.dumps(list(values), salt=COOKIE_SALT)


def seconds(**ago):
    return int((NOON - timedelta(**ago)).timestamp())


@pytest.fixture
def browser(alice, series):
    """alice, for a year: only her visits end, not her session."""
    browser = Client()
    with at():
        browser.force_login(alice, backend="accounts.backends.MemberBackend")
        browser.session.set_expiry(366 * 24 * 3600)
    return browser


def visit_before(browser):
    return browser.get("/series/").wsgi_request.visit_before


def test_a_first_visit_has_none_before_it(browser):
    with at():
        assert visit_before(browser) is None
        cookie = browser.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 400 * 24 * 3600


def test_a_visit_goes_on_until_half_an_hour_of_silence(browser):
    for minutes in (0, 29, 58, 88):
        with at(minutes=minutes):
            assert visit_before(browser) is None


def test_after_half_an_hour_of_silence_another_visit_begins(browser):
    with at():
        visit_before(browser)
    with at(minutes=20):
        visit_before(browser)
    with at(minutes=20, seconds=PAUSE.total_seconds() + 1):
        assert visit_before(browser) == NOON + timedelta(minutes=20)
    with at(hours=1):
        assert visit_before(browser) == NOON + timedelta(minutes=20), "the same for the whole visit"
    with at(hours=3):
        assert visit_before(browser) == NOON + timedelta(hours=1)


def test_the_cookie_is_set_anew_once_a_minute_at_most(browser):
    with at():
        assert COOKIE in browser.get("/series/").cookies
    with at(seconds=59):
        assert COOKIE not in browser.get("/series/").cookies
    with at(seconds=60):
        assert COOKIE in browser.get("/series/").cookies


def test_a_page_fetched_ahead_is_no_visit(browser):
    with at():
        visit_before(browser)
    with at(hours=1):
        ahead = browser.get("/series/", headers={"sec-purpose": "prefetch"})
        assert ahead.wsgi_request.visit_before == NOON
        assert COOKIE not in ahead.cookies
    with at(hours=2):
        assert visit_before(browser) == NOON, "nobody came in between"


def test_a_visitor_gets_none_and_their_page_stays_everybodys(client, series):
    page = client.get("/series/")
    assert page.wsgi_request.visit_before is None
    assert not page.cookies
    assert page["Cache-Control"].startswith("public")


def test_a_visitor_with_a_members_cookie_is_not_looked_up(client, series, alice, django_assert_num_queries):
    client.cookies[COOKIE] = signed(alice.pk, seconds(hours=2), None)
    with at(), django_assert_num_queries(1):
        page = client.get("/series/")
    assert page.wsgi_request.visit_before is None
    assert COOKIE not in page.cookies


def test_a_session_that_is_over_keeps_the_visit_for_the_next_log_in(browser):
    with at():
        visit_before(browser)
    browser.session.flush()
    with at(hours=1):
        assert COOKIE not in browser.get("/series/").cookies
        browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
        assert visit_before(browser) == NOON


def test_logging_out_forgets_it(browser):
    with at():
        visit_before(browser)
        answer = browser.post("/accounts/logout/")
    assert answer.cookies[COOKIE].value == ""
    assert answer.cookies[COOKIE]["max-age"] == 0


ODD = {
    "anothers": lambda alice, bob: signed(bob.pk, seconds(hours=2), seconds(hours=9)),
    "of another kind": lambda alice, bob: signing.dumps([alice.pk, seconds(hours=2), None], salt="another"),
    "tampered": lambda alice, bob: signed(alice.pk, seconds(hours=2), seconds(hours=9))[:-2] + "xx",
    "from the future": lambda alice, bob: signed(alice.pk, seconds(hours=-2), None),
    "ancient": lambda alice, bob: signed(alice.pk, seconds(days=401), None),
    "backwards": lambda alice, bob: signed(alice.pk, seconds(hours=9), seconds(hours=2)),
    "too short": lambda alice, bob: signed(alice.pk, seconds(hours=2)),
    "too long": lambda alice, bob: signed(alice.pk, seconds(hours=2), None, None),
    "without an end": lambda alice, bob: signed(alice.pk, None, None),
    "beyond all time": lambda alice, bob: signed(alice.pk, 10**30, None),
    "words": lambda alice, bob: signed(alice.pk, "yesterday", None),
    "a number": lambda alice, bob: signing.dumps(7, salt=COOKIE_SALT),
    "a table": lambda alice, bob: signing.dumps({"last": 1}, salt=COOKIE_SALT),
    "empty": lambda alice, bob: "",
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_not_ours_or_absurd_is_as_if_it_were_not_there(browser, alice, bob, what):
    with at():
        browser.cookies[COOKIE] = ODD[what](alice, bob)
        page = browser.get("/series/")
        assert page.status_code == 200
        assert page.wsgi_request.visit_before is None
        assert COOKIE in page.cookies


def test_what_is_ours_counts(browser, alice):
    with at():
        browser.cookies[COOKIE] = signed(alice.pk, seconds(minutes=5), seconds(hours=9))
        assert visit_before(browser) == NOON - timedelta(hours=9)
