"""How somebody who cannot log in appeals all the same: by a link that only the page that refuses them shows."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from accounts.models import Sanction
from reviews.models import ModerationAction

SALT = "reviews.appeal_ban"
LASTS = timedelta(days=1)  # whoever logs in again is shown another


def appeal_url(sanction: Sanction | None) -> str:
    """Where this sanction is appealed without logging in; "" for one that is over, or that no act imposed."""
    act = ModerationAction.objects.filter(sanction=sanction, verb="ban").first() if sanction else None
    return reverse("reviews:appeal_ban", args=[signing.dumps(act.pk, salt=SALT)]) if act else ""


def act_of(token: str) -> ModerationAction | None:
    """The ban that such a link is about; None for one that is not ours, or too old."""
    try:
        key = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return ModerationAction.objects.select_related("sanction", "rule", "member", "undone_by").filter(pk=key).first()
