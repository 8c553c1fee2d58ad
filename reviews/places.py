"""Where something can be said: one name for each form, kept with what was typed into it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse

from episodes.models import Episode, Series
from reviews.models import Comment, Review
from reviews.models.review import edit_review_url

# What each form can be about.
FORMS: dict[str, tuple[type[models.Model], ...]] = {
    "review": (Series, Episode),
    "talk": (Series, Episode),
    "bonus": (Episode,),
    "answer": (Review, Comment),
    "edit": (Comment,),
    "ratings": (Series,),
}
KEY = re.compile(r"([a-z]+)/([a-z]+)-(\d{1,18})")


@dataclass(frozen=True)
class Place:
    """A form, and the row that it is about: a review of this episode, an answer to that comment."""

    form: str
    target: Any

    def __str__(self) -> str:
        """ "answer/comment-40": its key."""
        return f"{self.form}/{self.target._meta.model_name}-{self.target.pk}"

    @classmethod
    def found(cls, key: str) -> Place | None:
        """The place of this key, if there is one. One query."""
        match = KEY.fullmatch(key)
        for model in FORMS.get(match[1], ()) if match else ():
            if match and model._meta.model_name == match[2]:
                rows = model._default_manager.select_related(*RELATED[model])
                target = rows.filter(pk=int(match[3])).first()
                return cls(match[1], target) if target is not None else None
        return None

    @property
    def columns(self) -> dict[str, Any]:
        """The same as foreign keys, for a draft."""
        target = self.target
        if isinstance(target, Series):
            return {"series": target}
        if isinstance(target, Episode):
            return {"series": target.series, "episode": target}
        return {"series": target.series, "episode": target.episode, target._meta.model_name: target}

    @property
    def path(self) -> str:
        """The page where the form stands, at the form."""
        target = self.target
        if self.form == "review":
            return edit_review_url(target)
        if self.form == "bonus":
            return f"{target.get_absolute_url()}#bonus-track"
        if self.form == "edit":
            return reverse("reviews:edit_comment", args=[target.pk])
        if self.form == "ratings":
            return reverse("reviews:rate_episodes", args=[target.slug])
        if self.form == "answer":
            return f"{target.get_absolute_url()}#reply"
        if isinstance(target, Series):
            return f"{reverse('reviews:comments', args=[target.slug])}#say"
        return f"{reverse('reviews:comments', args=[target.series.slug, target.number])}#say"


RELATED: dict[type[models.Model], tuple[str, ...]] = {
    Series: (),
    Episode: ("series",),
    Review: ("series", "episode__series"),
    Comment: ("series", "episode__series"),
}
