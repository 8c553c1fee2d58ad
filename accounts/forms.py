"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.account.internal.templatekit import get_entrance_context_data
from django import forms
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User


def without_placeholders(form: forms.Form) -> None:
    """A label says what a field is for; a grey word inside it says it twice, and less readably."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        without_placeholders(self)


class SignupForm(allauth.SignupForm):
    TRAP = "website"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("3 to 30 letters a–z, digits or underscores. Everybody sees it.")
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].help_text = _("Nobody sees it.")
        without_placeholders(self)
        trap = self.fields[self.TRAP]
        trap.label = _("Leave this empty")
        trap.template_name = "accounts/_trap_field.html"
        trap.widget.attrs = {"tabindex": "-1", "autocomplete": "off"}

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Two people who take one name at the same moment both passed the checks: the database decides.

        Not in a transaction: hashing and mail, which take long, happen in there.
        """
        try:
            saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            self.add_error(None, _("Somebody took that name or address this very moment. Please try again."))
            context = {"form": self, **get_entrance_context_data(request)}
            return None, render(request, "account/signup.html", context, status=409)
        return saved


class AddEmailForm(allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        without_placeholders(self)

    def clean_email(self) -> str:
        """One address, one account: allauth would accept another's here and fail once it becomes the primary one."""
        email: str = super().clean_email()
        email_already_exists(email, user=self.user, always_raise=True)
        return email
