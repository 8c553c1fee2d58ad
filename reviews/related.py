"""Where to read on from a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.db.models import Q, Subquery
from django.utils.translation import gettext as _

from episodes.guide import Guide
from episodes.models import Kin
from reviews.models import Review

MOST = 20  # of one member's reviews in a series


@dataclass(frozen=True)
class Elsewhere:
    """Another review by the same member, and what of this series it is about."""

    label: str
    review: Review


@dataclass(frozen=True)
class Related:
    """All of it is headlines and stars, which are safe for everybody; the words stay behind."""

    newer: Review | None
    older: Review | None
    other_view: Review | None
    elsewhere: list[Elsewhere]
    kin: list[Kin]

    @classmethod
    def to(cls, review: Review, guide: Guide) -> Self:
        """Three queries, whatever there is."""
        about = Review.objects.about(review.subject).live().listed().exclude(pk=review.pk)
        nearest = {
            "newer": about.filter(pk__gt=review.pk).order_by("pk"),
            "older": about.filter(pk__lt=review.pk).order_by("-pk"),
        }
        rated = about.filter(~Q(stars=None))
        if review.stars is not None:
            nearest["lowest"] = rated.filter(stars__lt=review.stars).order_by("stars", "pk")
            nearest["highest"] = rated.filter(stars__gt=review.stars).order_by("-stars", "-pk")
        # Each is one step into an index; asked for together they are one query.
        wanted = Q()
        for one in nearest.values():
            wanted |= Q(pk=Subquery(one.values("pk")[:1]))
        found = list(Review.objects.filter(wanted).select_related("author").order_by("pk"))
        return cls(
            newer=next((one for one in found if one.pk > review.pk), None),
            older=next((one for one in reversed(found) if one.pk < review.pk), None),
            other_view=other_view(review, found),
            elsewhere=elsewhere(review, guide),
            kin=list(guide.series.kin.select_related("to_series")),
        )


def other_view(review: Review, found: list[Review]) -> Review | None:
    """The one that differs most in stars, if any does."""
    others = [one for one in found if one.stars and review.stars and one.stars != review.stars]
    return max(others, key=lambda one: abs((one.stars or 0) - (review.stars or 0)), default=None)


def elsewhere(review: Review, guide: Guide) -> list[Elsewhere]:
    """What else its author reviewed of this series: episode by episode, then the whole."""
    own = Review.objects.live().listed().filter(author=review.author_id, series=guide.series).exclude(pk=review.pk)
    by_episode = {one.episode_id: one for one in own.order_by("-pk")[:MOST]}
    labels = {episode.pk: episode.label for episode in guide.episodes}
    found = [Elsewhere(label, by_episode[key]) for key, label in labels.items() if key in by_episode]
    if whole := by_episode.get(None):
        found.append(Elsewhere(_("The whole series"), whole))
    return found
