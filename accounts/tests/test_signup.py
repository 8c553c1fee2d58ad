"""Joining: with and without a mail server, with one that is down, and with every kind of nonsense."""

from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.utils.html import escape

from accounts.models import User
from conftest import PASSWORD
from episodes.models import Progress
from episodes.viewer import COOKIE, COOKIE_SALT

SIGNUP = "/accounts/signup/"
CAROL = {"username": "carol", "email": "carol@example.com", "password1": PASSWORD}


def join(client, **values):
    """As a browser sends it, so that bytes that are no text arrive as they are."""
    body = urlencode({**CAROL, **values}, doseq=True)
    return client.post(SIGNUP, body, content_type="application/x-www-form-urlencoded")


def is_logged_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def mail_server(settings):
    """As with EMAIL_URL set: an address must be proven before its owner is let in."""
    settings.HAS_MAIL_SERVER = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.fixture
def dead_mail_server(mail_server, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2


def test_without_a_mail_server_joining_is_being_in(client, db):
    response = join(client)
    assert response.status_code == 302
    assert is_logged_in(client)
    carol = User.objects.get(username="carol")
    assert carol.check_password(PASSWORD)
    assert not EmailAddress.objects.get(user=carol, email="carol@example.com").verified
    page = client.get("/series/").content.decode()
    assert page.count('<li class="messages__item') == 1
    assert "You are in. This site has no mail server: the mail that confirms carol@example.com" in page
    assert "Hello" not in page


def test_the_mail_goes_to_the_outbox_as_a_file(client, db, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    assert join(client).status_code == 302
    (letter,) = (tmp_path / "outbox").iterdir()
    assert "carol@example.com" in letter.read_text()


def test_with_a_mail_server_the_link_in_the_mail_lets_in(client, db, mail_server):
    assert join(client)["Location"] == "/accounts/confirm-email/"
    assert not is_logged_in(client)
    page = client.get("/accounts/confirm-email/").content.decode()
    assert page.count("<h1>Look for our mail") == page.count("We wrote to carol@example.com.") == 1
    (letter,) = mail.outbox
    link = next(word for word in letter.body.split() if "/accounts/confirm-email/" in word)
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get(email="carol@example.com").verified
    client.post(link)
    assert EmailAddress.objects.get(email="carol@example.com").verified


def test_a_mail_server_that_is_down_costs_a_sentence_and_not_the_account(client, db, dead_mail_server, caplog):
    assert join(client)["Location"] == "/accounts/confirm-email/"
    page = client.get("/accounts/confirm-email/").content.decode()
    assert "A mail to you could not be sent just now." in page
    assert "We wrote to" not in page
    assert User.objects.filter(username="carol").exists()
    assert "carol@example.com" not in caplog.text.split("Traceback")[0]


def test_a_mail_server_that_is_down_does_not_stop_a_password_reset_page(client, alice, dead_mail_server):
    assert client.post("/accounts/password/reset/", {"email": "alice@example.com"}).status_code == 302


def test_an_outbox_that_cannot_be_written_does_not_stop_anybody(client, db, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    (tmp_path / "file").touch()
    settings.EMAIL_FILE_PATH = tmp_path / "file" / "outbox"
    assert join(client).status_code == 302
    assert is_logged_in(client)


@pytest.mark.parametrize("username", ["Carol", "CAROL", " carol "])
def test_usernames_are_kept_in_small_letters(client, db, username):
    join(client, username=username)
    assert User.objects.get().username == "carol"


def test_addresses_are_kept_in_small_letters(client, db):
    join(client, email="Carol@Example.COM")
    assert User.objects.get().email == "carol@example.com"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "", "Please fill this in."),
        ("username", "ab", "3 to 30 letters"),
        ("username", "with space", "3 to 30 letters"),
        ("username", "x" * 10_000, "At most 30 characters"),
        ("username", "a\0b", "characters that cannot be kept"),
        ("username", b"carol\xed\xa0\x80", "3 to 30 letters"),
        ("username", "ſong", "3 to 30 letters"),
        ("username", "\u212aim", "3 to 30 letters"),
        ("username", "admin", "belongs to the house"),
        ("username", "adm1n", "belongs to the house"),
        ("username", "alice", "Somebody has this name already."),
        ("username", "ALICE", "Somebody has this name already."),
        ("username", "a1ice", "too like another member"),
        ("username", "Al_Ice", "too like another member"),
        ("email", "", "Please fill this in."),
        ("email", "nowhere", "Enter a valid e-mail address."),
        ("email", "a\0b@example.com", "Enter a valid e-mail address."),
        ("email", b"carol@ex\xed\xa0\x80ample.com", "Enter a valid e-mail address."),
        ("email", "x" * 10_000 + "@example.com", "Enter a valid e-mail address."),
        ("email", "x" * 60 + "@" + "y." * 110 + "example.com", "Enter a valid e-mail address."),
        ("email", "carol@" + "ü" * 62 + ".example", "Enter a valid e-mail address."),
        ("email", "ALICE@example.com", "already registered"),
        ("password1", "", "Please fill this in."),
        ("password1", "short", "Too short: add 5 characters."),
        ("password1", "1234567890", "Too easy to guess"),
        ("password1", "carol@example.com", "Too like your username"),
        ("password1", "mandarin\0scarf lyric", "characters that cannot be kept"),
        ("password1", "1\n95", "Too short"),
    ],
)
def test_bad_input_is_named_at_its_field_and_the_rest_is_kept(client, alice, field, value, sentence):
    response = join(client, **{field: value})
    page = response.content.decode()
    assert response.status_code == 422
    assert User.objects.count() == 1
    assert sentence in page
    assert "<title>Error: Join" in page
    assert f'<a href="#id_{field}">' in page
    assert page.split(f'id="id_{field}_error"')[1].split("</ul>")[0].count("<li>") == 1
    widget = page[page.index(f'name="{field}"') :].split(">")[0]
    assert 'aria-invalid="true"' in widget
    assert f"id_{field}_error" in widget
    assert PASSWORD not in page
    for other in {"username", "email"} - {field}:
        assert f'value="{escape(CAROL[other])}"' in page


def test_an_odd_password_is_accepted_rather_than_an_error(client, db):
    assert join(client, password1="눈 오는 날의 사운드트랙\n1\n95 🎧").status_code == 302


@pytest.mark.parametrize("wrong", [{"username": ["carol", "other"]}, {"unknown": "x"}, {"username": "[]"}])
def test_shapes_nobody_sends_by_hand_are_no_error(client, db, wrong):
    assert join(client, **wrong).status_code in (200, 302, 422)


def test_the_trap_catches_programs_quietly_and_has_no_inline_style(client, db):
    page = client.get(SIGNUP).content.decode()
    assert '<div class="trap" aria-hidden="true">' in page
    assert "style=" not in page
    assert join(client, website="https://spam.example").status_code == 302
    assert not User.objects.exists()


def test_labels_and_hints_are_tied_to_their_fields(client, db):
    page = client.get(SIGNUP).content.decode()
    for field, autocomplete in (("username", "username"), ("email", "email"), ("password1", "new-password")):
        assert f'for="id_{field}"' in page
        widget = page[page.index(f'name="{field}"') :].split(">")[0]
        assert f'autocomplete="{autocomplete}"' in widget
        assert f'aria-describedby="id_{field}_helptext"' in widget
        assert f'id="id_{field}_helptext"' in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["alice", "a1ice"])
def test_who_comes_second_to_a_name_is_told_to_try_another(client, alice, monkeypatch, name):
    """As if alice had joined between the check and the write."""
    monkeypatch.setattr("accounts.adapter.AccountAdapter.clean_username", lambda self, username: username.lower())
    response = join(client, username=name)
    page = response.content.decode()
    assert response.status_code == 409
    assert "this very moment" in page
    assert f'value="{name}"' in page
    assert f'value="{CAROL["email"]}"' in page
    assert User.objects.count() == 1


def test_with_a_mail_server_a_taken_address_is_not_told_to_strangers(client, alice, mail_server):
    response = join(client, email="alice@example.com")
    assert response["Location"] == "/accounts/confirm-email/"
    assert User.objects.count() == 1
    assert mail.outbox[0].to == ["alice@example.com"]


def test_a_visitors_point_is_carried_over(client, series):
    client.cookies[COOKIE] = signing.dumps({str(series.pk): 2}, salt=COOKIE_SALT)
    response = join(client)
    assert Progress.objects.get(member__username="carol", series=series).seen_through == 2
    assert response.cookies[COOKIE].value == ""
    page = client.get("/series/").content.decode()
    assert "waits in its outbox. We remembered: Drama, through Track 2." in page
    assert page.count('<li class="messages__item') == 1


def test_next_leads_back_into_the_site_and_never_out(client, db):
    assert join(client, next="/series/drama/")["Location"] == "/series/drama/"
    client.post("/accounts/logout/")
    response = join(client, username="dora", email="dora@example.com", next="//evil.example/")
    assert response["Location"] == "/"


def test_without_a_mail_server_a_new_member_can_have_a_second_factor(client, db):
    join(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "qr.svg" in client.get("/accounts/2fa/totp/activate/").content.decode()
