"""Mails: in our words, as text and as HTML that say the same."""

import re
from html import unescape
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.test import RequestFactory
from django.utils import timezone

from accounts.letters import Paragraph, paragraphs
from conftest import PASSWORD

LINK = "http://asked.example/accounts/somewhere/?next=/"
CONTEXT = {
    "activate_url": LINK,
    "password_reset_url": LINK,
    "signup_url": LINK,
    "username": "alice",
    "from_email": "old@example.com",
    "to_email": "new@example.com",
    "deleted_email": "old@example.com",
    "ip": "192.0.2.7",
    "user_agent": "Browser <b>of</b> somebody",
}
# What belongs to ways in that this site does not offer, and a mail that nothing in allauth sends.
NEVER_SENT = {"login_code", "password_reset_code", "email_confirm"}
THEIRS = {
    path.name.removesuffix("_message.txt"): path
    for app in ("account", "mfa")
    for path in (Path(allauth.__file__).parent / "templates" / app / "email").glob("*_message.txt")
    if path.name != "base_message.txt"
}
SENT = sorted(set(THEIRS) - NEVER_SENT)


def letter(name, alice):
    prefix = f"{THEIRS[name].parts[-3]}/email/{name}"
    request = RequestFactory().get("/")
    with request_context(request):
        context = {**CONTEXT, "user": alice, "timestamp": timezone.now(), "request": request}
        get_adapter(request).send_mail(prefix, "alice@example.com", context)
    return sent()


def sent():
    return mail.outbox[-1]


def html_of(posted):
    ((html, kind),) = posted.alternatives
    assert kind == "text/html"
    return html


@pytest.mark.parametrize("name", SENT)
def test_a_mail_is_ours_from_subject_to_sender(alice, name):
    app = THEIRS[name].parts[-3]
    for kind in ("subject", "message"):
        assert (settings.BASE_DIR / "templates" / app / "email" / f"{name}_{kind}.txt").exists()
    posted = letter(name, alice)
    assert re.fullmatch(r"Bonus Track: \S.*[^.]", posted.subject)
    assert str(posted.body).endswith(f"-- \nBonus Track\n{settings.SITE_URL}/")
    for host in ("asked.example", "testserver"):
        assert host not in f"{posted.body}{html_of(posted)}", "whatever host was asked for, a mail names ours"
    for theirs in ("email", "click", "Hello from", "Thank you for using", "You're receiving"):
        assert theirs not in str(posted.body).replace("/email/", "")


@pytest.mark.parametrize("name", SENT)
def test_both_parts_say_the_same(alice, name):
    posted = letter(name, alice)
    html = html_of(posted)
    assert html.startswith("<!doctype html>\n<html lang=")
    title = posted.subject.removeprefix("Bonus Track: ")
    assert [unescape(said) for said in re.findall(r"<title>(.*)</title>", html)] == [title]
    body = html.split("</h1>")[1]
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
    text = str(posted.body).partition("\n-- \n")[0]
    for line in text.splitlines():
        assert line.strip().rstrip(":") in said
    assert not re.search(r"\sstyle=|<script|<img|<table", html)
    assert set(re.findall(r'href="([^"]+)"', html)) == {*re.findall(r"https?://\S+", text), settings.SITE_URL}


def test_nobody_writes_markup_into_a_mail(alice):
    html = html_of(letter("password_changed", alice))
    assert "Browser &lt;b&gt;of&lt;/b&gt; somebody" in html


@pytest.mark.parametrize("said", ["https://evil.example/login", f"{settings.SITE_URL}/accounts/logout/"])
def test_nobody_writes_a_link_into_a_mail(alices_browser, said):
    new = "velvet-umbrella-chorus-77"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    alices_browser.post("/accounts/password/change/", form, headers={"user-agent": said})
    assert f"“{said}”" in str(sent().body)
    html = html_of(sent())
    assert f"“{said}”" in html
    assert f'href="{said}' not in html


def test_a_mail_speaks_its_readers_language(client, alice):
    client.post("/accounts/password/reset/", {"email": "alice@example.com"}, headers={"Accept-Language": "ko"})
    html = html_of(sent())
    assert '<html lang="ko">' in html


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One.\n\nTwo,\nthree.", [Paragraph("One."), Paragraph("Two,\nthree.")]),
        ("Go:\nhttps://here.example/a", [Paragraph("Go:\nhttps://here.example/a")]),
        ("Go:\nhttp://localhost:8000/a", [Paragraph("Go", "http://localhost:8000/a")]),
        ("Go:\nhttp://localhost:8000.evil.example/", [Paragraph("Go:\nhttp://localhost:8000.evil.example/")]),
        ("Go to https://here.example/a now", [Paragraph("Go to https://here.example/a now")]),
        ("https://alone.example/", [Paragraph("https://alone.example/")]),
        ("One.\r\n\r\n\r\nTwo.\n\n-- \nThe site\nhttps://site.example/", [Paragraph("One."), Paragraph("Two.")]),
    ],
)
def test_a_text_falls_into_paragraphs(text, parts):
    assert list(paragraphs(text)) == parts


def test_a_member_hears_of_what_could_lock_them_out(alices_browser, alice):
    new = "velvet-umbrella-chorus-77"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    alices_browser.post("/accounts/password/change/", form)
    assert len(mail.outbox) == 1
    assert sent().to == ["alice@example.com"]
    assert "If it was not, set a new password at once." in str(sent().body)
