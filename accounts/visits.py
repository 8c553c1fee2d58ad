"""When a member was last here, kept by their own browser: no page that is only read writes a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User

COOKIE = "__Host-visit" if settings.IS_HTTPS else "visit"
COOKIE_SALT = "accounts.visit"
COOKIE_AGE = timedelta(days=400)  # browsers cap a cookie's life there
PAUSE = timedelta(minutes=30)  # whoever was away for longer comes for another visit
STEP = timedelta(minutes=1)  # how often the cookie is set anew at most


@dataclass(frozen=True)
class Visit:
    """`last`: when the member was last seen. `before`: when their visit before this one ended; None in the first."""

    last: datetime
    before: datetime | None = None

    @classmethod
    def of(cls, request: HttpRequest, member: User) -> Self | None:
        """What the member's browser kept. Another member's, what is not ours, too old or absurd is as if not there."""
        try:
            key, *times = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE_SALT, max_age=COOKIE_AGE)
            last, before = (None if at is None else datetime.fromtimestamp(at, UTC) for at in times)
        except (signing.BadSignature, ValueError, TypeError, OverflowError, OSError):
            return None
        now = timezone.now()
        if key != member.pk or last is None or not now - COOKIE_AGE < last <= now:
            return None
        if before is not None and before >= last:
            return None
        return cls(last, before)

    @classmethod
    def goes_on(cls, kept: Self | None, now: datetime) -> Self:
        """The visit that a request at this moment belongs to. The same object where there is nothing new to keep."""
        if kept is None:
            return cls(now)
        if now - kept.last > PAUSE:
            return cls(now, kept.last)
        return cls(now, kept.before) if now - kept.last >= STEP else kept

    def keep(self, response: HttpResponse, member: User) -> None:
        times = [None if at is None else int(at.timestamp()) for at in (self.last, self.before)]
        response.set_cookie(
            COOKIE,
            signing.dumps([member.pk, *times], salt=COOKIE_SALT),
            max_age=COOKIE_AGE,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )


def drop_cookie(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
