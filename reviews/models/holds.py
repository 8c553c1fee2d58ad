"""How much may be written, and what waits for a moderator before anybody reads it.

Both are about what somebody sends from a page: `client` tells one network from another ("" where that is unknown). A
command that fills a database writes without: None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from reviews.models.flood import Burst
from reviews.models.policy import HeldWord, Policy
from reviews.models.text import Held

if TYPE_CHECKING:
    from accounts.models import User
    from reviews.models.text import Text


def count(author: User, client: str | None) -> None:
    """Count one text of this author's. FloodError. Called first in its transaction."""
    if client is not None:
        Burst.objects.spend("text", author.pk, client)


def hold(text: Text, client: str | None) -> None:
    """Make a new text wait where the policy says so; the caller saves. At most four queries."""
    if client is not None and (reason := reason_to_hold(text)):
        text.held_at, text.held_for = timezone.now(), reason


def reason_to_hold(text: Text) -> str:
    """ "" where it may stand at once. Needs `with_words`."""
    if text.author.is_staff:
        return ""
    said = text.every_word().casefold()
    if any(word in said for word in HeldWord.objects.values_list("word", flat=True)):
        return Held.WORD
    policy = Policy.objects.current()
    is_raid = policy.is_raid()
    if not (is_raid or policy.holds != Policy.Holds.OFF) or not policy.is_new(text.author):
        return ""
    if is_raid:
        return Held.RAID
    if policy.holds == Policy.Holds.ALWAYS:
        return Held.FIRST
    return Held.LINK if "<a " in text.whole_html or "://" in said else ""
