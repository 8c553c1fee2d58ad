from __future__ import annotations

import logging
from html import unescape
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import punycode
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.arrival import bring_along
from accounts.decorators import banned
from accounts.letters import at_home, paragraphs
from accounts.models import User
from episodes.viewer import drop_cookie, read_cookie
from reviews.models import Draft
from reviews.models.draft import PLACES
from reviews.unsent import MOST_PLACES, hand_over

logger = logging.getLogger(__name__)

PROMISE = "account/messages/email_confirmation_sent.txt"
WELCOME = "account/messages/logged_in.txt"

WAYS = {
    "reauthenticate": _lazy("With your password"),
    "mfa_reauthenticate": _lazy("With a code"),
    "mfa_reauthenticate:webauthn": _lazy("With a passkey or security key"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Our rules on top of allauth's."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _lazy("This account is closed."),
        "cannot_remove_primary_email": _lazy("Your main address stays. Make another the main one first."),
        "duplicate_email": _lazy("This e-mail address is one of yours already."),
        "email_password_mismatch": _lazy("The e-mail address or the password is not correct."),
        "email_taken": _lazy("Somebody is already registered with this e-mail address."),
        "enter_current_password": _lazy("Enter the password that you have now."),
        "incorrect_code": _lazy("That is not the code, or no longer."),
        "incorrect_password": _lazy("That is not the password."),
        "invalid_login": _lazy("Nobody can be logged in with that."),
        "invalid_password_reset": _lazy("This link no longer works: it was used already, or it is too old."),
        "max_email_addresses": _lazy("An account has at most %d e-mail addresses."),
        "rate_limited": _lazy("Too many tries in a short time. Please wait some minutes."),
        "same_as_current": _lazy("That is what you have already."),
        "too_many_login_attempts": _lazy("Too many tries in a short time. Please wait some minutes."),
        "unknown_email": _lazy("No account has this address."),
        "unverified_primary_email": _lazy("Only a confirmed address can be the main one. Please confirm it first."),
        "username_blacklisted": _lazy("This name belongs to the house. Please take another."),
        "username_password_mismatch": _lazy("The username or the password is not correct."),
        "username_taken": _lazy("Somebody has this name already."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Everybody is sent the same pages, whatever their request calls itself.

        Except for the one question that no page asks: its script wants to know what a passkey is to sign.
        """
        match = request.resolver_match
        return request.method == "GET" and match is not None and match.url_name == "mfa_login_webauthn"

    def clean_username(self, username: str, shallow: bool = False) -> str:
        cleaned: str = super().clean_username(username, shallow)
        if not shallow:
            User.objects.refuse_look_alike(cleaned)
        return cleaned

    def clean_email(self, email: str) -> str:
        """Refuse what the form lets through but neither the column nor the mail's header can hold."""
        longest = User._meta.get_field("email").max_length
        try:
            sendable = punycode(email.rpartition("@")[2])
        except UnicodeError:
            sendable = ""
        if not sendable or (longest and len(email) > longest):
            raise ValidationError(_("Enter a valid e-mail address."), code="invalid")
        return email

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """Never the main one: nobody could be sent a new password. allauth lets the last one go."""
        # Not `primary`: an account that was made by a command has none marked.
        is_main = email_address.email == email_address.user.email
        return not is_main and bool(super().can_delete_email(email_address))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that does not answer, or an outbox on a full disk, is no reason to lose a sign-up: say so."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, ImproperlyConfigured):  # SMTPException is an OSError, an unwritable outbox the other
            logger.exception("%s could not be sent", template_prefix)
            if self.request is not None:
                self.request.allauth.mail_failed = True
                messages.error(self.request, _("A mail to you could not be sent just now."))

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Words are written once, as text; the HTML part is drawn from them."""
        addresses = {name: at_home(said) for name, said in context.items() if name.endswith("_url")}
        context = {**context, **addresses, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        mail: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        drawn = {
            "subject": mail.subject.removeprefix(account_settings.EMAIL_SUBJECT_PREFIX),
            "paragraphs": paragraphs(str(mail.body)),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }
        mail.attach_alternative(render_to_string("account/email/letter.html", drawn), "text/html")
        return mail

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": WAYS.get(way["id"], way["description"])} for way in ways]

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Promise no mail that was not sent. `greet` speaks to whoever has come in, of their mail as well."""
        if message_template == PROMISE:
            if getattr(self.request.allauth, "mail_failed", False):
                return
            if not self.is_proof_needed and not request.user.is_authenticated:
                self.request.allauth.promise = args[0] if args else kwargs["message_context"]
                return
        if message_template != WELCOME:
            super().add_message(request, level, message_template, *args, **kwargs)

    @property
    def is_proof_needed(self) -> bool:
        return bool(account_settings.EMAIL_VERIFICATION == account_settings.EmailVerificationMethod.MANDATORY)

    def pre_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse | None:
        """Tell a banned member why. Only somebody who has just proved to be them gets this far."""
        if not user.is_banned():
            refused: HttpResponse | None = super().pre_login(request, user, **login)
            return refused
        clear_login(request)
        return banned(request, user)

    def login(self, request: HttpRequest, user: User) -> None:
        """Asked once more: a code may be typed long after the password, and a ban have come between."""
        if user.is_banned():
            raise ImmediateHttpResponse(self.pre_login(request, user))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **login)
        points = read_cookie(request)
        arrival = bring_along(user, points)
        self.greet(request, user, response, arrival.remembered)
        for said in arrival.said():
            messages.info(request, said)
        if points:
            drop_cookie(response)
        self.bring_words(request, user, response)
        return response

    def greet(self, request: HttpRequest, user: User, response: HttpResponse, remembered: str) -> None:
        """At most one message. Hello is said only where nothing else is: home says it in its title."""
        sentences = [remembered]
        if promise := getattr(self.request.allauth, "promise", None):
            sentences.insert(0, unescape(render_to_string(PROMISE, promise, request)).strip())
        elif not remembered and not len(messages.get_messages(request)):
            is_home = response.headers.get("Location") == reverse("episodes:home")
            sentences = [] if is_home else [_("Hello, %(name)s.") % {"name": user.name}]
        if said := " ".join(filter(None, sentences)):
            messages.success(request, said)

    def bring_words(self, request: HttpRequest, user: User, response: HttpResponse) -> None:
        """What they wrote before they logged in is a draft now. Say what waits, unless they are led there."""
        hand_over(request.session, user)
        led_to = response.headers.get("Location", "")
        waiting = [draft.where.path for draft in Draft.objects.by(user).select_related(*PLACES)[:MOST_PLACES]]
        if waiting and led_to not in waiting:
            link = format_html('<a href="{}">{}</a>', reverse("reviews:drafts"), _("Go on writing"))
            messages.info(request, format_html("{} {}", _("What you wrote and have not sent waits for you."), link))


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _lazy("Switch the second factor off before you add an address."),
        "cannot_delete_authenticator": _lazy("The second factor stays on."),
        "cannot_generate_recovery_codes": _lazy("Recovery codes come with a second factor. Set one up first."),
        "incorrect_code": _lazy("That is not the code, or no longer."),
        "unverified_email": _lazy("Confirm your e-mail address first: it is the way back in if all else is lost."),
    }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 # allauth's name
        return _("Key %(number)d") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}
