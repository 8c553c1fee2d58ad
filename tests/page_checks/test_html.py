"""What no window of the matrix shows: mails. Sound HTML all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory

from accounts.models import User
from tests.page_checks.conftest import Validate

LETTERS = sorted(
    str(path.relative_to(settings.BASE_DIR / "templates")).removesuffix("_message.txt")
    for path in Path(settings.BASE_DIR / "templates").glob("*/email/*_message.txt")
    if not path.name.startswith("base")
)


def test_there_are_letters() -> None:
    assert "account/email/password_reset_key" in LETTERS


@pytest.mark.django_db
@pytest.mark.parametrize("letter", LETTERS)
def test_mails(letter: str, alice: User, validate: Validate) -> None:
    link = "http://localhost:8000/accounts/password/reset/key/1-abc/"
    said = {
        **dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), link),
        "user": alice,
        "username": "alice",
        "email": "alice@example.com",
        "code": "ABC-DEF",
        "key": "abc",
    }
    with context.request_context(RequestFactory().get("/")):
        mail = get_adapter().render_mail(letter, "alice@example.com", said)
    assert isinstance(mail, EmailMultiAlternatives)
    (drawn,) = [content for content, kind in mail.alternatives if kind == "text/html"]
    assert not validate(str(drawn))


def test_a_fault_is_noticed(validate: Validate) -> None:
    page = "<!doctype html><html lang=en><head><title>A page</title></head><body>{}</body></html>"
    assert validate(page.format("<main><h1>Here</h1></main>")) == []
    assert any("No “p” element" in fault for fault in validate(page.format("<div><h1>Here</h1></p></div>")))
