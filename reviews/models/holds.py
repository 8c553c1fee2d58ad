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


def count(member: User, client: str | None, kind: str = "text") -> None:
    """Count one act of this member's, of a kind in `LIMITS`. FloodError. Called first in its transaction."""
    if client is not None:
        Burst.objects.spend(kind, member.pk, client)


def hold(text: Text, client: str | None) -> None:
    """Make a text wait where the policy says so, a new one or one with new words; the caller saves.

    At most four queries. What waits already keeps its place, and what is hidden stays that.
    """
    if client is not None and text.held_at is None and text.hidden_at is None and (reason := reason_to_hold(text)):
        text.held_at, text.held_for = timezone.now(), reason


def reason_to_hold(text: Text) -> str:
    """ "" where it may stand at once, as stars alone do. Needs `with_words`."""
    said = text.every_word().casefold()
    if text.author.is_staff or not said.strip():
        return ""
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
