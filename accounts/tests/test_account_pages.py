"""Every page of allauth's that we show: ours in looks, under our policy, with one heading and tied labels."""

import re

import pytest
from django.test import Client

from accounts.models import Sanction
from conftest import PASSWORD

OPEN = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/x-y/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/made-up/",
    "/accounts/inactive/",
]
MEMBERS = [
    "/accounts/logout/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
]


def check(response, status=200):
    page = response.content.decode()
    assert response.status_code == status
    assert (status == 422) == ("<title>Error: " in page) == ('class="error-summary"' in page)
    assert 'class="site-header"' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page)
    assert 'src="data:' not in page
    assert '<meta name="robots" content="noindex">' in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'\sfor="([^"]+)"', page)) <= set(ids)
    described = " ".join(re.findall(r'aria-describedby="([^"]+)"', page)).split()
    assert set(described) <= set(ids)
    main = page.split("<main")[1].split("</main>")[0]
    assert all("csrfmiddlewaretoken" in form for form in re.findall(r'method="post".*?</form>', main, re.DOTALL))


@pytest.mark.parametrize("path", OPEN)
def test_a_strangers_page(client, db, path):
    check(client.get(path, follow=True))


@pytest.mark.parametrize("path", MEMBERS)
def test_a_members_page(alices_browser, path):
    check(alices_browser.get(path, follow=True))


@pytest.mark.parametrize("path", MEMBERS)
def test_a_strangers_visit_to_a_members_page_goes_to_the_login(client, db, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(("/accounts/login/", "/"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path", ["/accounts/password/change/", "/accounts/reauthenticate/", "/accounts/2fa/totp/activate/"]
)
@pytest.mark.parametrize("value", ["", "\0", "x" * 10_000, "🎧"])
def test_nonsense_is_answered_with_the_form(alices_browser, path, value):
    fields = ("oldpassword", "password1", "password2", "password", "code")
    check(alices_browser.post(path, dict.fromkeys(fields, value)), status=422)


def test_a_password_change_keeps_the_member_in(alices_browser, alice):
    new = "velvet-umbrella-chorus-77"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    alices_browser.post("/accounts/password/change/", form)
    alice.refresh_from_db()
    assert alice.check_password(new)
    assert alices_browser.get("/accounts/email/").status_code == 200


def test_the_way_into_the_admin_is_the_members_login(db):
    response = Client().get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/")


def test_a_banned_moderator_is_out_of_the_admin(as_member, mona, admin_user):
    client = as_member(mona)
    assert client.get("/admin/").status_code == 200
    Sanction.objects.impose(mona, Sanction.Kind.BAN, by=admin_user, reason="Hid what she disliked.")
    assert client.get("/admin/").status_code == 302


def test_no_page_of_theirs_answers_in_json(client, db):
    response = client.post("/accounts/login/", {}, headers={"Accept": "application/json"})
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", MEMBERS)
def test_a_members_page_speaks_in_our_words(alices_browser, path):
    page = alices_browser.get(path, follow=True).content.decode()
    for theirs in ("Email", "Two-Factor", "Change Password", "Confirm Access", "New Password", "Current Password"):
        assert theirs not in page


def test_asking_once_more_is_in_our_words(as_member, alice):
    page = as_member(alice).get("/accounts/reauthenticate/").content.decode()
    assert "Is it you?" in page
    assert "Confirm Access" not in page


def test_passkeys_are_offered_only_where_scripts_run(client, db):
    page = client.get("/accounts/login/").content.decode()
    before, after = page.split('<section class="section" hidden data-with-scripts>')
    assert "passkey" not in before.split("<main")[1]
    assert "passkey_login" in after.split("</section>")[0]
    assert "js/site.js" in before


def test_the_browser_is_told_what_a_passkey_is_to_sign(client, db):
    """allauth's script asks for it; everything else under this address is a page."""
    path = "/accounts/2fa/webauthn/login/"
    answer = client.get(path, headers={"Accept": "application/json"})
    assert "challenge" in answer.json()["request_options"]["publicKey"]
    assert client.post(path, {}, headers={"Accept": "application/json"})["Location"] == "/accounts/login/"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_only_scripts_can_show_a_password(client, db, path):
    page = client.get(path).content.decode()
    (button,) = re.findall(r"<button[^>]*data-shows[^>]*>", page)
    assert 'type="button"' in button
    assert " hidden data-with-scripts " in button
    (shown,) = re.findall(r'data-shows="([^"]+)"', button)
    assert re.search(rf'<input type="password"[^>]* id="{shown}"', page)


AUTOCOMPLETE = {
    "/accounts/login/": {"login": "username", "password": "current-password"},
    "/accounts/signup/": {"username": "username", "email": "email", "password1": "new-password"},
    "/accounts/password/reset/": {"email": "email"},
    "/accounts/email/": {"email": "email"},
    "/accounts/reauthenticate/": {"password": "current-password"},
    "/accounts/password/change/": {
        "oldpassword": "current-password",
        "password1": "new-password",
        "password2": "new-password",
    },
    "/accounts/2fa/totp/activate/": {"code": "one-time-code"},
    "/settings/": {"display_name": "nickname", "language": "language"},
}


@pytest.mark.parametrize("path", AUTOCOMPLETE)
def test_browsers_know_what_to_fill_in(request, client, db, path):
    browser = request.getfixturevalue("alices_browser") if path in MEMBERS or path == "/settings/" else client
    page = browser.get(path).content.decode()
    for name, token in AUTOCOMPLETE[path].items():
        (tag,) = re.findall(rf'<(?:input|select)[^>]* id="id_{name}"[^>]*>', page)
        assert f'autocomplete="{token}"' in tag
    assert "autofocus" not in page, "only what went wrong is read before the page"
