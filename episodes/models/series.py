from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from episodes.boundary import sent, there_is, within_reach
from episodes.vocabulary import Vocabulary, validate_vocabulary
from soundtrack_site.withheld import Guarded, GuardedQuerySet, Withholding, WithholdingQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer

MOST_EPISODES = 999


def validate_few_words(text: str, most: int = 20) -> None:
    if len(text.split()) > most:
        raise ValidationError(_("At most %(most)d words."), params={"most": most}, code="too_many_words")


def described(picture: str) -> Q:
    """There is none, or it has all that a page needs to show it: words for who does not see it, credit, size."""
    words = ~Q(**{f"{picture}_alt": ""}) & ~Q(**{f"{picture}_caption": ""}) & ~Q(**{f"{picture}_credit": ""})
    size = Q(**{f"{picture}_width__isnull": False, f"{picture}_height__isnull": False})
    return Q(**{picture: ""}) | (words & size)


class Tag(Guarded):
    """What kind of story it is, by one word: a genre, a trope or a mood."""

    class Kind(models.TextChoices):
        GENRE = "genre", _("Genre")
        TROPE = "trope", _("Trope")
        MOOD = "mood", _("Mood")

    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="tag_once"),
            models.CheckConstraint(condition=Q(kind__in=["genre", "trope", "mood"]), name="tag_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class SeriesQuerySet(WithholdingQuerySet["Series"]):
    def published(self, now: datetime) -> Self:
        return self.filter(published_at__lte=now)

    def with_minutes(self) -> Self:
        """Adds `minutes`: how long its episodes are together, as far as that is known; None where it is not at all."""
        return self.annotate(minutes=Sum("episodes__runtime"))

    def for_reader(self, viewer: Viewer) -> Self:
        """Adds `has_ending`, and `sent_ending`: whether it ends happily, for those who may know or asked to."""
        rule = within_reach(viewer, "ending_scope", path="pk") | Q(pk__in=viewer.revealed("ending"))
        return self.annotate(sent_ending=sent("ending", rule), has_ending=there_is("ending"))


class Series(Withholding):
    """One title with its own list of episodes. What it calls them is in its `vocabulary`."""

    class Ink(models.TextChoices):
        MANDARIN = "mandarin", _("Mandarin")
        ROSE = "rose", _("Rose")
        PLUM = "plum", _("Plum")
        WISTERIA = "wisteria", _("Wisteria")
        INDIGO = "indigo", _("Indigo")
        SEA = "sea", _("Sea")
        PINE = "pine", _("Pine")
        BARLEY = "barley", _("Barley")

    withheld: ClassVar[tuple[str, ...]] = ("ending",)

    slug = models.SlugField(_("slug"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    native_title = models.CharField(_("native title"), max_length=200, blank=True)
    romanised_title = models.CharField(_("romanised title"), max_length=200, blank=True)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True)

    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    synopsis = models.TextField(_("synopsis"), max_length=2000, blank=True, help_text=_("Safe for newcomers."))
    ending = models.CharField(_("does it end happily?"), max_length=200, blank=True)
    ending_scope = models.PositiveSmallIntegerField(
        _("the ending spoils through"), default=MOST_EPISODES, help_text=_("Normally the last episode's number.")
    )
    vocabulary = models.JSONField(_("vocabulary"), default=dict, blank=True, validators=[validate_vocabulary])
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="series", blank=True)

    network = models.CharField(_("network"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166, such as KR."))
    language = models.CharField(_("original language"), max_length=10, blank=True, help_text=_("BCP 47, such as ko."))
    time_zone = models.CharField(_("time zone of its air times"), max_length=64, default="UTC")
    premiere = models.DateField(_("premiere"), null=True, blank=True)
    ink = models.CharField(_("ink"), max_length=8, choices=Ink.choices, default=Ink.MANDARIN)
    poster = models.ImageField(_("poster"), upload_to="posters/", blank=True)
    poster_alt = models.CharField(_("poster in words"), max_length=200, blank=True)
    poster_caption = models.CharField(_("poster caption"), max_length=200, blank=True)
    poster_credit = models.CharField(_("poster credit"), max_length=200, blank=True)
    # Pixels of the larger size, so that a page keeps its place while it loads.
    poster_width = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    poster_height = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    loaded = models.JSONField(_("last loaded document"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="series_has_title"),
            models.CheckConstraint(
                condition=Q(ink__in=["mandarin", "rose", "plum", "wisteria", "indigo", "sea", "pine", "barley"]),
                name="series_ink_known",
            ),
            models.CheckConstraint(
                condition=described("poster"),
                name="series_poster_described",
                violation_error_message=_("A picture needs its words, a caption and a credit."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("episodes:series", args=[self.slug])

    @cached_property
    def words(self) -> Vocabulary:
        return Vocabulary.of(self.vocabulary)

    @property
    def ending_reveal(self) -> str:
        """What `?reveal=` calls the answer to "does it end happily?"."""
        return f"ending-{self.pk}"

    def touch(self) -> None:
        """Raise the version: something that this series' pages show has changed. One query."""
        type(self).objects.filter(pk=self.pk).update(version=F("version") + 1)


class Kin(Guarded):
    """A series that this one recalls, and why. It need not be on this site."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="kin")
    title = models.CharField(_("title"), max_length=200)
    to_series = models.ForeignKey(
        Series, models.SET_NULL, verbose_name=_("on this site"), related_name="recalled_by", null=True, blank=True
    )
    why = models.CharField(_("why"), max_length=200, validators=[validate_few_words])
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("kin")
        verbose_name_plural = _("kin")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "title"], name="kin_once"),
            models.CheckConstraint(
                condition=Q(to_series=None) | ~Q(to_series=F("series")), name="kin_is_another_series"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class NoteQuerySet(GuardedQuerySet["Note"]):
    def for_reader(self, viewer: Viewer, series: Series) -> Self:
        return self.filter(within_reach(viewer, "scope", series), series=series)


class Note(Guarded):
    """Where the sources disagree: what each says, and which is used here."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="notes")
    about = models.CharField(_("about"), max_length=100)
    text = models.TextField(_("text"), max_length=1000)
    scope = models.PositiveSmallIntegerField(_("spoils through"), default=0)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["series", "about"], name="note_once")]

    def __str__(self) -> str:
        return self.about


class Source(Guarded):
    """Who the facts were learnt from."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="sources")
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("address"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["series", "name"], name="source_once")]

    def __str__(self) -> str:
        return self.name
