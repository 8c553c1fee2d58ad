"""What was said since a member was last here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Case, Q, Value, When

from episodes.viewer import Viewer
from reviews.models.reading import LIVE, TextQuerySet
from reviews.models.text import Text

Texts = TypeVar("Texts", bound=TextQuerySet[Any])

IS_NEW = "is_new"  # what templates call it


def telling_new(texts: Texts, viewer: Viewer, since: datetime | None) -> Texts:
    """Adds `is_new`: others wrote it after `since`, the end of the member's visit before this one. No query."""
    if since is None or viewer.member_id is None:
        return texts.annotate(**{IS_NEW: Value(False)})
    is_news = LIVE & Q(created_at__gt=since) & ~Q(author=viewer.member_id)
    return texts.annotate(**{IS_NEW: Case(When(is_news, then=True), default=False)})


def count_new(texts: Iterable[Text]) -> int:
    return sum(getattr(text, IS_NEW, False) for text in texts)
