"""A forgotten password: the mail, its link, and who may not come in by it."""

import pytest
from django.core import mail

from conftest import PASSWORD

RESET = "/accounts/password/reset/"
NEW = "velvet-umbrella-chorus-77"
UNSENDABLE = "x@" + "ü" * 62 + ".example"  # longer than a label may be once it is written in ASCII
TOO_LONG = "x" * 60 + "@" + "y." * 110 + "example.com"  # a form's 320 characters, but not the column's 254


def link_to(client, address):
    client.post(RESET, {"email": address})
    (letter,) = mail.outbox
    return next(word for word in letter.body.split() if RESET + "key/" in word)


def set_password(client, link, first=NEW, second=NEW):
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"password1": first, "password2": second})


def test_the_link_sets_a_new_password_once_and_logs_in(client, alice):
    link = link_to(client, "Alice@Example.com")
    assert set_password(client, link).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_the_pages_say_where_the_mail_is(client, alice):
    for path in (RESET, RESET + "done/"):
        assert "This site has no mail server" in client.get(path).content.decode()


def test_an_unknown_address_is_answered_alike(client, alice):
    known = client.post(RESET, {"email": "alice@example.com"})
    unknown = client.post(RESET, {"email": "nobody@example.com"})
    assert (
        (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"]) == (302, RESET + "done/")
    )


@pytest.mark.parametrize("address", ["", "nowhere", "a\0b@example.com", "x" * 10_000, UNSENDABLE, TOO_LONG])
def test_a_bad_address_is_named(client, db, address):
    response = client.post(RESET, {"email": address})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Forgotten password" in page
    assert 'id="id_email_error"' in page


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("", "", "Please fill this in."),
        ("short", "short", "Too short"),
        (NEW, PASSWORD, "not the same password"),
        ("a\0" * 9, NEW, "characters that cannot be kept"),
    ],
)
def test_a_bad_password_is_named_and_changes_nothing(client, alice, first, second, sentence):
    response = set_password(client, link_to(client, "alice@example.com"), first, second)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "<title>Error: New password" in page
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


@pytest.mark.parametrize("key", ["x-y", "1-set-password", "zzzzzzzzzzzzzzzzzzzz-abc", "0-0"])
def test_a_made_up_link_is_refused(client, db, key):
    response = client.get(f"{RESET}key/{key}/", follow=True)
    assert response.status_code == 200
    assert "This link no longer works" in response.content.decode()


def test_a_banned_member_does_not_come_in_by_it(client, ned):
    response = set_password(client, link_to(client, "ned@example.com"))
    assert response.status_code == 403
    assert "Sold scarves" in response.content.decode()
    assert "_auth_user_id" not in client.session
