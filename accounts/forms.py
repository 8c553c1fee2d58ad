"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.account.internal.templatekit import get_entrance_context_data
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User


class InOurWords(forms.Form):
    """Comes before a form of allauth's."""

    labels: ClassVar[dict[str, Any]] = {}  # by name, translated late

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            # A label says what a field is for; a grey word inside it says it twice, and less readably.
            field.widget.attrs.pop("placeholder", None)
            if name == "email":
                field.label = _("E-mail address")
                field.error_messages["invalid"] = _("Enter a valid e-mail address.")
            elif name == "password1":
                # Sentences: allauth would list them, as if they were errors.
                field.help_text = " ".join(filter(None, password_validators_help_texts()))


class LoginForm(InOurWords, allauth.LoginForm):
    labels = {"login": gettext_lazy("Username or e-mail address")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(InOurWords, allauth.SignupForm):
    TRAP = "website"
    labels = {TRAP: gettext_lazy("Leave this empty")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = _("3 to 30 letters a–z, digits or underscores. Everybody sees it.")
        self.fields["email"].help_text = _("Nobody sees it.")
        trap: Any = self.fields[self.TRAP]
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


class AddEmailForm(InOurWords, allauth.AddEmailForm):
    def clean_email(self) -> str:
        """One address, one account: allauth would accept another's here and fail once it becomes the primary one."""
        email: str = super().clean_email()
        email_already_exists(email, user=self.user, always_raise=True)
        return email


class ChangePasswordForm(InOurWords, allauth.ChangePasswordForm):
    labels = {
        "oldpassword": gettext_lazy("Current password"),
        "password1": gettext_lazy("New password"),
        "password2": gettext_lazy("New password, again"),
    }


class SetPasswordForm(InOurWords, allauth.SetPasswordForm):
    labels = {"password2": gettext_lazy("Password, again")}


class ResetPasswordForm(InOurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, allauth.ResetPasswordKeyForm):
    labels = {"password1": gettext_lazy("New password"), "password2": gettext_lazy("New password, again")}


class ReauthenticateForm(InOurWords, allauth.ReauthenticateForm):
    pass
