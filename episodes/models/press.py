from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from episodes.boundary import within_reach
from episodes.models.episode import Episode
from episodes.models.series import Series, validate_few_words
from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer


def validate_quote(text: str) -> None:
    validate_few_words(text, most=25)


class WatchLink(Guarded):
    """Where it could be watched on the day somebody looked."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="watch_links")
    service = models.CharField(_("service"), max_length=100)
    region = models.CharField(_("region"), max_length=100, blank=True)
    url = models.URLField(_("address"), blank=True)
    checked_on = models.DateField(_("checked on"))

    class Meta:
        verbose_name = _("place to watch")
        verbose_name_plural = _("places to watch")
        ordering = ["service", "region"]
        constraints = [models.UniqueConstraint(fields=["series", "service", "region"], name="watchlink_once")]

    def __str__(self) -> str:
        return self.service


class PressReviewQuerySet(GuardedQuerySet["PressReview"]):
    def for_reader(self, viewer: Viewer, series: Series) -> Self:
        return self.filter(within_reach(viewer, "scope", series), series=series).select_related("episode")


class PressReview(Guarded):
    """What an outlet scored a series or an episode: `score` out of `scale`, in the outlet's own count."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="press_reviews")
    episode = models.ForeignKey(Episode, models.CASCADE, related_name="press_reviews", null=True, blank=True)
    outlet = models.CharField(_("outlet"), max_length=100)
    url = models.URLField(_("address"), blank=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    scale = models.PositiveSmallIntegerField(_("out of"), default=5, validators=[MinValueValidator(1)])
    quote = models.CharField(_("quote"), max_length=300, blank=True, validators=[validate_quote])
    scope = models.PositiveSmallIntegerField(_("spoils through"), default=0)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    objects = PressReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("press review")
        verbose_name_plural = _("press reviews")
        ordering = ["episode__number", "outlet"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "outlet"], condition=Q(episode=None), name="pressreview_once_per_series"
            ),
            models.UniqueConstraint(
                fields=["episode", "outlet"],
                condition=Q(episode__isnull=False),
                name="pressreview_once_per_episode",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | (Q(score__gte=0) & Q(score__lte=F("scale"))),
                name="pressreview_score_on_scale",
                violation_error_message=_("The score lies between 0 and what it is out of."),
            ),
            models.CheckConstraint(condition=Q(scale__gte=1), name="pressreview_scale_positive"),
            models.CheckConstraint(
                condition=Q(score__isnull=False) | ~Q(quote=""),
                name="pressreview_says_something",
                violation_error_message=_("A press review has a score, a quote or both."),
            ),
        ]

    def __str__(self) -> str:
        return self.outlet
