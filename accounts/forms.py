"""allauth's forms in our words, and a member's settings."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.account.internal.flows.manage_email import email_already_exists
from allauth.account.internal.templatekit import get_entrance_context_data
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.zones import zones_by_region
from reviews.unsent import hand_over
from soundtrack_site.forms import LineField, WrittenField

TOO_LONG = {"max_length": gettext_lazy("At most %(limit_value)d characters, please. This has %(show_value)d.")}


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
    labels = {"password2": gettext_lazy("Password, again")}


class ResetPasswordForm(InOurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, allauth.ResetPasswordKeyForm):
    labels = {"password1": gettext_lazy("New password"), "password2": gettext_lazy("New password, again")}


class ReauthenticateForm(InOurWords, allauth.ReauthenticateForm):
    pass


def language_choices() -> list[tuple[str, str]]:
    """Each language by its own name: whoever looks for theirs may not read the one of the page."""
    own_names = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("As my browser asks")), *own_names]


def zone_choices() -> list[tuple[str, Any]]:
    site_zone = _("The site's: %(zone)s") % {"zone": settings.TIME_ZONE}
    return [("", site_zone), ("UTC", "UTC"), *zones_by_region()]


class SettingsForm(forms.Form):
    """What a member decides about themselves: what others see, how pages look, which mails come."""

    READ_BY_OTHERS: ClassVar[set[str]] = {"display_name", "bio", "star_meaning"}

    display_name = LineField(
        label=gettext_lazy("Display name"),
        help_text=gettext_lazy("In any script. Without one, your username stands there."),
        required=False,
        max_length=60,
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

    @classmethod
    def values_of(cls, member: User) -> dict[str, Any]:
        return {name: getattr(member, name) for name in cls.base_fields}

    @property
    def says_something_new(self) -> bool:
        """Others would read words in it that they could not before. Needs a valid form."""
        return any(self.cleaned_data[name] for name in self.READ_BY_OTHERS.intersection(self.changed_data))
