"""A second factor from being set up to being asked for."""

import pytest

from accounts.tests.test_account_pages import check
from conftest import PASSWORD
from tests.authenticator_app import shown

ACTIVATE = "/accounts/2fa/totp/activate/"


@pytest.fixture
def secret(alices_browser):
    """What alice's app was given when she switched it on."""
    alices_browser.get(ACTIVATE)
    secret = alices_browser.session["mfa.totp.secret"]
    assert alices_browser.post(ACTIVATE, {"code": shown(secret)}).status_code == 302
    return secret


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/generate/",
             "/accounts/2fa/totp/deactivate/", "/accounts/2fa/reauthenticate/"]
)  # fmt: skip
def test_its_pages_are_ours(alices_browser, secret, path):
    check(alices_browser.get(path, follow=True))


def test_a_login_asks_for_the_code_before_it_lets_in(alices_browser, alice, secret):
    alices_browser.post("/accounts/logout/")
    response = alices_browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in alices_browser.session
    check(alices_browser.get("/accounts/2fa/authenticate/"))
    for wrong in ("", "000000000", "\0", "x" * 10_000):
        check(alices_browser.post("/accounts/2fa/authenticate/", {"code": wrong}), status=422)
    assert "_auth_user_id" not in alices_browser.session


def test_a_recovery_code_lets_in_once(alices_browser, alice, secret):
    page = alices_browser.get("/accounts/2fa/recovery-codes/").content.decode()
    code = page.split("<li><code>")[1].split("<")[0]
    for expected in (True, False):
        alices_browser.post("/accounts/logout/")
        alices_browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
        alices_browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in alices_browser.session) is expected
