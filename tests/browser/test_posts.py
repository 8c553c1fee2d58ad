"""The forms of the door, by mouse without scripts and by keyboard alone. All others: `test_forms_sent`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from conftest import PASSWORD
from episodes.models import Series
from tests.authenticator_app import shown
from tests.browser.conftest import let_in
from tests.browser.hands import Hand, Sit

pytestmark = pytest.mark.browser

ANOTHER = "wet-tape-orchard-91"
SENDING = "button:visible:not([type=button])"

# What is not sent by a form alone, or by nobody here.
WITHOUT_HANDS = {
    "account_confirm_login_code": "logging in by a mailed code is off",
    **dict.fromkeys(
        ["mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_login_webauthn"],
        "a key is only spoken to by a script: `accounts/tests/test_second_factor.py`",
    ),
    **dict.fromkeys(["mfa_edit_webauthn", "mfa_remove_webauthn"], "of a key that only a script can add"),
}


@dataclass
class Door:
    """Who stands before it, and what came by mail."""

    hand: Hand
    mails: list[EmailMessage]
    secret: str = ""

    def send(self, path: str = "", **fields: str) -> None:
        """Fill in the form of a page and press its first button. Raises AssertionError where it is refused."""
        if path:
            self.hand.page.goto(path)
        holding = "".join(f":has([name={name}])" for name in fields)
        form = self.hand.page.locator(f"main form{holding}:has({SENDING})").first
        for name, words in fields.items():
            self.hand.fill(form.locator(f"[name={name}]"), words)
        self.hand.go(form.locator(SENDING).first)
        assert not self.hand.page.get_by_role("alert").is_visible(), self.hand.page.title()

    def link(self, path: str) -> str:
        """The newest link with this path that was mailed."""
        found = re.findall(rf"https?://[^/\s]+({path}\S+)", "\n".join(str(mail.body) for mail in self.mails))
        return str(found[-1])

    def code(self) -> str:
        cache.clear()  # no code opens twice; here nobody waits half a minute for the next
        return shown(self.secret, lasting=10)


def sign_up(door: Door) -> None:
    door.send("/accounts/signup/", username="hana", email="hana@example.com", password1=PASSWORD)


def confirm_email(door: Door) -> None:
    door.send(door.link("/accounts/confirm-email/"))


def log_out(door: Door) -> None:
    door.send("/accounts/logout/")


def reset_password(door: Door) -> None:
    door.send("/accounts/password/reset/", email="hana@example.com")


def reset_from_key(door: Door) -> None:
    door.hand.page.goto(door.link("/accounts/password/reset/key/"))
    names = [str(field.get_attribute("name")) for field in door.hand.page.locator("main [type=password]").all()]
    door.send(**dict.fromkeys(names, ANOTHER))
    EmailAddress.objects.filter(user__username="hana").update(verified=True)


def log_in(door: Door) -> None:
    if door.hand.page.locator("a[href='/accounts/logout/']").count():
        door.hand.page.context.clear_cookies()
    door.send("/accounts/login/", login="hana", password=ANOTHER)


def add_address(door: Door) -> None:
    door.send("/accounts/email/", email="hana@example.org")


def change_password(door: Door) -> None:
    door.hand.page.goto("/accounts/password/change/")
    names = [str(field.get_attribute("name")) for field in door.hand.page.locator("main [type=password]").all()]
    door.send(**{name: ANOTHER if name == "oldpassword" else PASSWORD for name in names})


def set_password(door: Door) -> None:
    """For whoever came without one."""
    hana = User.objects.get(username="hana")
    hana.set_unusable_password()
    hana.save()
    page = door.hand.page
    page.context.clear_cookies()
    let_in(page.context, page.url.partition("/accounts/")[0], hana)
    page.goto("/accounts/password/set/")
    names = [str(field.get_attribute("name")) for field in page.locator("main [type=password]").all()]
    door.send(**dict.fromkeys(names, ANOTHER))


def reauthenticate(door: Door) -> None:
    door.send("/accounts/reauthenticate/?next=/", password=ANOTHER)


def end_sessions(door: Door) -> None:
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": "hana", "password": ANOTHER})
    elsewhere.get("/accounts/sessions/")
    door.send("/accounts/sessions/")


def switch_app_on(door: Door) -> None:
    page = door.hand.page
    page.goto("/accounts/2fa/totp/activate/")
    found = re.search(r"\b[A-Z2-7]{32}\b", page.content().replace(" ", "")) or re.search(
        r"[A-Z2-7]{32}", page.content()
    )
    assert found, page.content()
    door.secret = found[0]
    door.send(code=door.code())


def make_codes(door: Door) -> None:
    door.send("/accounts/2fa/recovery-codes/generate/")


def answer_app(door: Door) -> None:
    """On the page that a password has led to."""
    door.hand.page.context.clear_cookies()
    door.send("/accounts/login/", login="hana", password=ANOTHER)
    door.hand.posted.clear()
    door.send(code=door.code())


def answer_app_again(door: Door) -> None:
    door.send("/accounts/2fa/reauthenticate/?next=/", code=door.code())


def switch_app_off(door: Door) -> None:
    door.send("/accounts/2fa/totp/deactivate/")


# In the order in which they are gone through.
WAYS: dict[str, Callable[[Door], None]] = {
    "account_signup": sign_up,
    "account_confirm_email": confirm_email,
    "account_logout": log_out,
    "account_reset_password": reset_password,
    "account_reset_password_from_key": reset_from_key,
    "account_login": log_in,
    "account_email": add_address,
    "account_change_password": change_password,
    "account_set_password": set_password,
    "account_reauthenticate": reauthenticate,
    "usersessions_list": end_sessions,
    "mfa_activate_totp": switch_app_on,
    "mfa_generate_recovery_codes": make_codes,
    "mfa_authenticate": answer_app,
    "mfa_reauthenticate": answer_app_again,
    "mfa_deactivate_totp": switch_app_off,
}


def doors(resolver: URLResolver) -> Iterator[str]:
    """The names of allauth's addresses that take a form."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace is None:
                yield from doors(pattern)
        elif isinstance(pattern, URLPattern) and hasattr(getattr(pattern.callback, "view_class", None), "post"):
            yield str(pattern.name)


def test_every_address_of_the_door_that_takes_a_form_is_gone_to() -> None:
    assert set(WAYS) | set(WITHOUT_HANDS) == set(doors(get_resolver()))


def test_every_form_of_the_door_can_be_sent(sit: Sit, series: Series, mailoutbox: list[EmailMessage]) -> None:
    door = Door(sit(), mailoutbox)
    for name, way in WAYS.items():
        cache.clear()  # limits of the door are tested elsewhere
        door.hand.posted.clear()
        way(door)
        assert door.hand.posted == {name}
