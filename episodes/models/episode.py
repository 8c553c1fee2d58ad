from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from episodes.boundary import sent, within_reach
from episodes.models.series import Series, described
from soundtrack_site.markdown import RENDERER_VERSION, render_markdown
from soundtrack_site.withheld import Guarded, GuardedQuerySet, Withholding, WithholdingQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer


class EpisodeQuerySet(WithholdingQuerySet["Episode"]):
    def aired(self, now: datetime) -> Self:
        """An episode whose date nobody knows has not aired."""
        return self.filter(airs_at__lte=now)

    def for_reader(self, viewer: Viewer, series: Series | None = None) -> Self:
        """Adds `sent_title`, `sent_native_title`, `sent_recap_html`, `sent_bonus_track_html`, `sent_bonus_question`,
        `sent_still` with its `_alt`, `_caption` and `_credit`.

        A title goes by its own scope; the rest spoils its own episode. A still's name is kept back like a word:
        whoever knows it may have the picture.
        """
        title = within_reach(viewer, "title_scope", series)
        inside = within_reach(viewer, "number", series)
        return self.annotate(
            sent_title=sent("title", title),
            sent_native_title=sent("native_title", title),
            sent_recap_html=sent("recap_html", inside),
            sent_bonus_track_html=sent("bonus_track_html", inside),
            sent_bonus_question=sent("bonus_question", inside),
            sent_still=sent("still", inside),
            sent_still_alt=sent("still_alt", inside),
            sent_still_caption=sent("still_caption", inside),
            sent_still_credit=sent("still_credit", inside),
        )


class Episode(Withholding):
    """A numbered part of a series. Its number never changes: scopes and progress are counted in it."""

    class Precision(models.TextChoices):
        DAY = "day", _("Day")
        MINUTE = "minute", _("Minute")

    # How far a moment may lie past an approximate runtime, and past an unknown one.
    APPROXIMATE_SLACK = timedelta(minutes=10)
    LONGEST = timedelta(hours=6)

    withheld: ClassVar[tuple[str, ...]] = (
        "title",
        "native_title",
        "recap",
        "recap_html",
        "bonus_track",
        "bonus_track_html",
        "bonus_question",
        "still",
        "still_alt",
        "still_caption",
        "still_credit",
    )

    series = models.ForeignKey(Series, models.PROTECT, verbose_name=_("series"), related_name="episodes")
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    title = models.CharField(_("title"), max_length=200, blank=True)
    native_title = models.CharField(_("native title"), max_length=200, blank=True)
    title_scope = models.PositiveSmallIntegerField(
        _("title spoils through"), help_text=_("Normally the number before; 0 when anyone may know it.")
    )

    airs_at = models.DateTimeField(_("airs"), null=True, blank=True)
    airs_precision = models.CharField(
        _("air time is known to the"), max_length=6, choices=Precision.choices, default=Precision.DAY
    )
    runtime = models.PositiveSmallIntegerField(
        _("runtime in minutes"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    runtime_is_approximate = models.BooleanField(_("runtime is approximate"), default=False)

    logline = models.CharField(_("logline"), max_length=300, blank=True, help_text=_("Safe for newcomers."))
    recap = models.TextField(_("recap"), max_length=10_000, blank=True)
    recap_html = models.TextField(editable=False, blank=True)
    bonus_track = models.TextField(_("epilogue"), max_length=5_000, blank=True)
    bonus_track_html = models.TextField(editable=False, blank=True)
    bonus_question = models.CharField(_("question after the epilogue"), max_length=300, blank=True)
    renderer_version = models.PositiveSmallIntegerField(default=RENDERER_VERSION, editable=False)

    still = models.ImageField(_("still"), upload_to="stills/", blank=True)
    still_alt = models.CharField(_("still in words"), max_length=200, blank=True)
    still_caption = models.CharField(_("still caption"), max_length=200, blank=True)
    still_credit = models.CharField(_("still credit"), max_length=200, blank=True)
    still_width = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    still_height = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        ordering = ["series", "number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="episode_once_per_series"),
            models.CheckConstraint(condition=Q(number__gte=1), name="episode_number_from_1"),
            models.CheckConstraint(
                condition=Q(title_scope__lte=F("number")),
                name="episode_title_scope_not_beyond",
                violation_error_message=_("A title cannot spoil later episodes than its own."),
            ),
            models.CheckConstraint(condition=Q(runtime=None) | Q(runtime__gte=1), name="episode_runtime_positive"),
            models.CheckConstraint(
                condition=Q(airs_precision__in=["day", "minute"]), name="episode_airs_precision_known"
            ),
            models.CheckConstraint(
                condition=described("still"),
                name="episode_still_described",
                violation_error_message=_("A picture needs its words, a caption and a credit."),
            ),
        ]

    def __str__(self) -> str:
        """Never the title: this string turns up in lists that know nothing of the reader."""
        return f"{self.series} · {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("episodes:episode", args=[self.series.slug, self.number])

    @property
    def label(self) -> str:
        """ "Track 3", in the series' words."""
        return self.series.words.numbered(self.number)

    @property
    def name(self) -> str:
        """The title as far as this reader may know it, else the label. Needs `for_reader`."""
        return getattr(self, "sent_title", None) or self.label

    def has_aired(self, now: datetime) -> bool:
        return self.airs_at is not None and self.airs_at <= now

    @property
    def latest_at(self) -> int:
        """The last second of the episode that a moment may be pinned to."""
        if self.runtime is None:
            return int(self.LONGEST.total_seconds())
        slack = self.APPROXIMATE_SLACK if self.runtime_is_approximate else timedelta()
        return int((timedelta(minutes=self.runtime) + slack).total_seconds())

    def render(self) -> None:
        """Render the editors' texts; the caller saves. Needs `with_words`."""
        self.recap_html = render_markdown(self.recap)
        self.bonus_track_html = render_markdown(self.bonus_track)
        self.renderer_version = RENDERER_VERSION


class KeyMomentQuerySet(GuardedQuerySet["KeyMoment"]):
    def for_reader(self, viewer: Viewer, series: Series) -> Self:
        """A key moment spoils its own episode: whoever has not seen it gets no row."""
        return self.filter(within_reach(viewer, "episode__number", series), episode__series=series)


class KeyMoment(Guarded):
    """One line of an episode that editors want remembered. `at` is in seconds, unknown when nobody timed it."""

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="key_moments")
    at = models.PositiveIntegerField(_("at second"), null=True, blank=True)
    text = models.CharField(_("text"), max_length=300)
    spotted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("spotted by"),
        related_name="spotted_key_moments",
        null=True,
        blank=True,
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = KeyMomentQuerySet.as_manager()

    class Meta:
        verbose_name = _("key moment")
        verbose_name_plural = _("key moments")
        ordering = ["order", "at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="keymoment_has_text")]

    def __str__(self) -> str:
        return f"{self.episode} · {self.order}"
