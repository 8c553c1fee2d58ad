"""Every cookie that this site sets, and why: the privacy page lists them, and nothing else may be set."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import preferences, visits
from episodes import viewer

DAY = 24 * 3600  # seconds


@dataclass(frozen=True)
class Cookie:
    name: str
    why: str
    lasts: str


def for_days(seconds: float) -> str:
    days = round(seconds / DAY)
    return ngettext("It lasts %(days)d day at most.", "It lasts %(days)d days at most.", days) % {"days": days}


def own_cookies() -> list[Cookie]:
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            _("Keeps you logged in. Before that: the steps of joining, and what you could not send yet."),
            for_days(settings.SESSION_COOKIE_AGE),
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            _("Proves that a form you send stood on this site."),
            for_days(settings.CSRF_COOKIE_AGE),
        ),
        Cookie(
            viewer.COOKIE,
            _("How far you have seen, while you have no account or are not logged in."),
            for_days(viewer.COOKIE_AGE),
        ),
        Cookie(
            viewer.STEP_COOKIE,
            _("Where you were before you said how far you have seen, in case you pressed the wrong one."),
            _("It lasts ten minutes."),
        ),
        Cookie(
            preferences.THEME_COOKIE,
            _("Light or dark pages, if you chose one here without being logged in."),
            for_days(preferences.COOKIE_AGE),
        ),
        Cookie(
            settings.LANGUAGE_COOKIE_NAME,
            _("The language of the pages, if you chose one here without being logged in."),
            for_days(preferences.COOKIE_AGE),
        ),
        Cookie(
            visits.COOKIE,
            _("When you were last here, so that pages can say what is new. Only for members; gone when you log out."),
            for_days(visits.COOKIE_AGE.total_seconds()),
        ),
        Cookie(
            CookieStorage.cookie_name,
            _("Carries a short note from us to the next page."),
            _("It is gone once you have read it."),
        ),
    ]
