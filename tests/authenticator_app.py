"""The app that shows whoever has it six digits, new ones every half minute."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PERIOD = 30  # seconds


def shown(secret: str, *, ahead: int = 0, lasting: float = 2) -> str:
    """The digits of now, or of so many periods ahead; those of now will do for as many seconds as `lasting` says."""
    left = PERIOD - time.time() % PERIOD
    if left < lasting:
        time.sleep(left)
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + ahead)))
