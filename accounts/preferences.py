"""Light or dark, and which language: a member's row says it, else a cookie of the browser, else the device."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.middleware import member_of
from accounts.models import User

THEME_COOKIE = "__Host-theme" if settings.IS_HTTPS else "theme"
COOKIE_AGE = 400 * 24 * 3600  # seconds; browsers cap a cookie's life there


def theme_of(request: HttpRequest) -> str:
    """Light or dark, or the system's. What a cookie says that is neither is no wish."""
    member = member_of(request)
    wishes = [member.theme if member else User.Theme.SYSTEM, request.COOKIES.get(THEME_COOKIE, "")]
    return next((wish for wish in wishes if wish in (User.Theme.LIGHT, User.Theme.DARK)), User.Theme.SYSTEM)


class PreferencesForm(forms.Form):
    """One button of the footer: what it does not name stays as it is."""

    theme = forms.ChoiceField(choices=User.Theme.choices, required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)

    @property
    def wishes(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}


def keep(response: HttpResponse, theme: str = "", language: str = "") -> None:
    """In the browser. As the device has it needs no cookie."""
    if theme == User.Theme.SYSTEM:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
        theme = ""
    for name, value in ((THEME_COOKIE, theme), (settings.LANGUAGE_COOKIE_NAME, language)):
        if value:
            response.set_cookie(
                name, value, max_age=COOKIE_AGE, secure=settings.IS_HTTPS, httponly=True, samesite="Lax"
            )


def drop_cookies(request: HttpRequest, response: HttpResponse) -> None:
    """What a member decides for good goes before what this browser was once told."""
    for name in {THEME_COOKIE, settings.LANGUAGE_COOKIE_NAME}.intersection(request.COOKIES):
        response.delete_cookie(name, samesite="Lax")
