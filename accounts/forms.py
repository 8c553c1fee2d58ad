"""allauth's forms in our words, and a member's settings."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.zones import zones_by_region
from reviews.unsent import hand_over
from soundtrack_site.forms import LineField, WrittenField
from soundtrack_site.markdown import clean_text

TOO_LONG = {"max_length": gettext_lazy("At most %(limit_value)d characters, please. This has %(show_value)d.")}


# A name or a code is no prose: a phone shall not capitalise or correct it.
AS_TYPED = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
LONGEST_KEY_NAME = 60


def password_help() -> str:
    """Two sentences, where the validators would make a list: what is rare is said when it happens."""
    (least,) = (rule.min_length for rule in get_default_password_validators() if hasattr(rule, "min_length"))
    strong = _("A few unrelated words in a row are strong and easy to keep.")
    return f"{_('At least %(number)d characters.') % {'number': least}} {strong}"


class InOurWords(forms.Form):
    """Comes before a form of allauth's."""

    labels: ClassVar[dict[str, Any]] = {}  # by name, translated late
    hints: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)
            # Each word of a page is read before the first field is typed into; only what went wrong comes first.
            field.widget.attrs.pop("autofocus", None)
            # A label says what a field is for; a grey word inside it says it twice, and less readably.
            field.widget.attrs.pop("placeholder", None)
            if name == "email":
                field.label = _("E-mail address")
                field.error_messages["invalid"] = _("Enter a valid e-mail address.")
                field.widget.attrs["autocomplete"] = "email"
            elif name in ("password", "oldpassword"):
                link = '<a href="{}">{}</a>'
                field.help_text = format_html(link, reverse("account_reset_password"), _("Forgotten it?"))
            elif name == "password1":
                field.help_text = password_help()
            field.error_messages |= {
                "required": _("Please fill this in."),
                "min_length": _("At least %(limit_value)d characters, please."),
                "null_characters_not_allowed": _("This has characters that cannot be kept. Please take them out."),
                **TOO_LONG,
            }

    def add_error(self, field: str | None, error: Any) -> None:
        if field == "password2" and not isinstance(error, ValidationError):
            error = _("That is not the same password again.")
        elif field and isinstance(error, ValidationError):
            error = error.error_list[0]  # a short password is easy to guess as well: one thing to mend at a time
        super().add_error(field, error)


class LoginForm(InOurWords, allauth.LoginForm):
    labels = {"login": gettext_lazy("Username or e-mail address"), "password": gettext_lazy("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", **AS_TYPED}


class SignupForm(InOurWords, allauth.SignupForm):
    TRAP = "website"
    labels = {
        TRAP: gettext_lazy("Leave this empty"),
        "username": gettext_lazy("Username"),
        "password1": gettext_lazy("Password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= AS_TYPED
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
        if saved[0] is not None:
            # Now, because whoever opens the mail's link in another browser comes back without this session.
            hand_over(request.session, saved[0])
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
    labels = {"password1": gettext_lazy("Password"), "password2": gettext_lazy("Password, again")}


class ResetPasswordForm(InOurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, allauth.ResetPasswordKeyForm):
    labels = {"password1": gettext_lazy("New password"), "password2": gettext_lazy("New password, again")}


class ReauthenticateForm(InOurWords, allauth.ReauthenticateForm):
    labels = {"password": gettext_lazy("Password")}


class CodeForm(InOurWords):
    labels = {"code": gettext_lazy("Code from your app, or a recovery code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= AS_TYPED


class SecondFactorForm(CodeForm, second_factor.AuthenticateForm):
    pass


class ReauthenticateByCodeForm(CodeForm, second_factor.ReauthenticateForm):
    pass


class ActivateAppForm(InOurWords, totp.ActivateTOTPForm):
    labels = {"code": gettext_lazy("Code from your app")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddKeyForm(InOurWords, webauthn.AddWebAuthnForm):
    labels = {"name": gettext_lazy("What you call it"), "passwordless": gettext_lazy("Log in with this key alone")}
    hints = {
        "name": gettext_lazy("So that you know it from your other keys."),
        "passwordless": gettext_lazy("Without a password: the key asks for your finger, your face or a PIN instead."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"maxlength": LONGEST_KEY_NAME, "autocomplete": "off"}

    def clean_name(self) -> str:
        """Cut, not refused: by now the key itself believes that it was added."""
        name: str = super().clean_name()
        return " ".join(clean_text(name).split())[:LONGEST_KEY_NAME]


class RenameKeyForm(InOurWords, webauthn.EditWebAuthnForm):
    name = LineField(max_length=LONGEST_KEY_NAME, error_messages=TOO_LONG)
    labels = {"name": gettext_lazy("What you call it")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"


def language_choices() -> list[tuple[str, str]]:
    """Each language by its own name: whoever looks for theirs may not read the one of the page."""
    own_names = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("As my browser asks")), *own_names]


def zone_choices() -> list[tuple[str, Any]]:
    site_zone = _("The site's: %(zone)s") % {"zone": settings.TIME_ZONE}
    return [("", site_zone), ("UTC", "UTC"), *zones_by_region()]


class UserTokenForm(allauth.UserTokenForm):
    """The link of a forgotten password. It is dead while a ban lasts; who holds it hears why."""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean()
        if self.reset_user.is_banned():
            raise ImmediateHttpResponse(get_adapter().pre_login(context.request, self.reset_user))
        return values


class SettingsForm(forms.Form):
    """What a member decides about themselves: what others see, how pages look, which mails come."""

    READ_BY_OTHERS: ClassVar[set[str]] = {"display_name", "bio", "star_meaning"}

    display_name = LineField(
        label=gettext_lazy("Display name"),
        help_text=gettext_lazy("In any script. Without one, your username stands there."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages=TOO_LONG,
    )
    bio = WrittenField(
        label=gettext_lazy("About me"),
        help_text=gettext_lazy("Everybody may read it, so keep it safe for people who have seen nothing yet."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=TOO_LONG,
    )
    star_meaning = LineField(
        label=gettext_lazy("What my stars mean"),
        help_text=gettext_lazy("One line, such as: five is for what I will watch every winter."),
        required=False,
        max_length=200,
        error_messages=TOO_LONG,
    )

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=language_choices,
        widget=forms.Select(attrs={"autocomplete": "language"}),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the languages in the list.")},
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=zone_choices,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the zones in the list.")},
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Light or dark"),
        choices=User.Theme.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the three."),
            "invalid_choice": gettext_lazy("Choose one of the three."),
        },
    )
    folds_scores = forms.BooleanField(
        label=gettext_lazy("Fold a score until I have rated"),
        help_text=gettext_lazy("So that other people's stars do not sway yours."),
        required=False,
    )
    mails_notices = forms.BooleanField(
        label=gettext_lazy("Mail me what moderators tell me"),
        help_text=gettext_lazy("It stands under Notices in any case."),
        required=False,
    )

    @classmethod
    def values_of(cls, member: User) -> dict[str, Any]:
        return {name: getattr(member, name) for name in cls.base_fields}

    @property
    def says_something_new(self) -> bool:
        """Others would read words in it that they could not before. Needs a valid form."""
        return any(self.cleaned_data[name] for name in self.READ_BY_OTHERS.intersection(self.changed_data))
