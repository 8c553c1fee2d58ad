"""The catalogue, for editors. Whatever is saved or deleted here raises the version of the pages that show it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from episodes.models import (
    Credit,
    Cue,
    Episode,
    KeyMoment,
    Kin,
    Note,
    Person,
    PressReview,
    Progress,
    Series,
    Song,
    Source,
    Tag,
    WatchLink,
)
from episodes.picture_admin import AdminPictureField, PicturedAdmin, PictureForm
from soundtrack_site import pictures
from soundtrack_site.forms import LineField

# An address without a scheme is meant as https.
HTTPS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


# Forms


class TableField(forms.JSONField):
    """JSON whose every text is storable. What no parser takes, however deep or long, is an error of the field."""

    def to_python(self, value: Any) -> Any:
        try:
            return cleaned(super().to_python(value))
        except (RecursionError, ValueError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Give back what was typed, unparsed: it may be what no parser takes."""
        return None if data is None else InvalidJSONInput(data)


def cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return LineField(required=False).clean(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    return value


class SeriesForm(PictureForm):
    picture = "poster"
    LONGEST_ALIAS = 200  # characters

    aliases = TableField(
        label=_("other spellings"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_('A list of texts in double quotes: ["Sound Track 1", "사운드트랙 넘버원"]'),
    )
    vocabulary = TableField(
        label=_("vocabulary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=_(
            'For each language what the series calls things: {"en": {"one": "Track", "many": "Tracks", "epilogue": '
            '"Bonus Track", "felt": "I felt that", "stars": [ten phrases, for ½ to 5]}, "ko": {…}}. '
            "What is left out has the site's plain words."
        ),
    )

    poster = AdminPictureField(pictures.POSTER, _("poster"))

    def clean_aliases(self) -> list[str]:
        aliases = self.cleaned_data["aliases"] or []
        if not isinstance(aliases, list) or any(
            not isinstance(alias, str) or not 0 < len(alias) <= self.LONGEST_ALIAS for alias in aliases
        ):
            raise ValidationError(_("Other spellings are a list of short texts."), code="aliases")
        return aliases

    def clean_vocabulary(self) -> object:
        return self.cleaned_data["vocabulary"] or {}


class EpisodeForm(PictureForm):
    """An empty title scope is the number before; the number itself is fixed once there is an episode."""

    picture = "still"

    title_scope = forms.IntegerField(
        label=_("title spoils through"),
        required=False,
        min_value=0,
        widget=AdminIntegerFieldWidget(),
        help_text=_("Empty: the number before. 0 when anyone may know it."),
    )
    still = AdminPictureField(pictures.STILL, _("still"))

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        number = self.cleaned_data.get("number", self.instance.number)
        if number and "title_scope" in self.cleaned_data and self.cleaned_data["title_scope"] is None:
            self.cleaned_data["title_scope"] = number - 1
        return self.cleaned_data


class PressReviewForm(forms.ModelForm):
    def clean_episode(self) -> Episode | None:
        episode: Episode | None = self.cleaned_data["episode"]
        series = self.cleaned_data.get("series")
        if episode is not None and series is not None and episode.series_id != series.pk:
            raise ValidationError(_("That episode belongs to another series."), code="elsewhere")
        return episode


class CueFormSet(forms.BaseInlineFormSet):
    """Song and episode of a cue are of one series, whichever of the two the form stands under."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            song, episode = form.cleaned_data.get("song"), form.cleaned_data.get("episode")
            if song is not None and episode is not None and song.series_id != episode.series_id:
                elsewhere = _("Song and episode belong to different series.")
                form.add_error(None, ValidationError(elsewhere, code="elsewhere"))


# Inlines


class TableInline(admin.TabularInline):
    extra = 0
    formfield_overrides = HTTPS


class KinInline(TableInline):
    model = Kin
    fk_name = "series"
    autocomplete_fields = ("to_series",)


class NoteInline(TableInline):
    model = Note


class SourceInline(TableInline):
    model = Source


class WatchLinkInline(TableInline):
    model = WatchLink


class KeyMomentInline(TableInline):
    model = KeyMoment
    readonly_fields = ("spotted_by",)


class CueInline(TableInline):
    model = Cue
    formset = CueFormSet

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = db_field.remote_field.model.objects.select_related("series")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


# Pages


class CatalogueAdmin(admin.ModelAdmin):
    """`in_series` and `in_episodes` lead from a series, an episode, to the rows of this page."""

    in_series: ClassVar[str]
    in_episodes: ClassVar[str | None] = None
    list_per_page = 50
    formfield_overrides = HTTPS

    def touch(self, rows: list[Any]) -> None:
        """Raise the versions of what shows these rows, episodes before series: the order of every verb."""
        keys = [row.pk for row in rows]
        if self.in_episodes is not None:
            Episode.objects.filter(**{f"{self.in_episodes}__in": keys}).update(version=F("version") + 1)
        Series.objects.filter(**{f"{self.in_series}__in": keys}).update(version=F("version") + 1)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            self.touch([obj])  # it may leave a series or an episode with this change
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.touch([form.instance])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.touch([obj])
        super().delete_model(request, obj)

    @transaction.atomic  # Django opens none for many rows
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.touch(list(queryset))
        super().delete_queryset(request, queryset)


class CornerstoneAdmin(PicturedAdmin, CatalogueAdmin):
    """A series or an episode: members build on it, so it goes only while nobody has."""

    in_series = "pk"
    # Columns that others write meanwhile: this form never carries an old value back.
    kept_by_others: ClassVar[set[str]] = {"id", "version"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).with_words()  # type: ignore[attr-defined, no-any-return] # each has its own queryset

    def save_row(self, obj: Any, change: bool, kept: set[str]) -> None:
        """`kept`: columns that this form did not change, besides those that others write."""
        if not change:
            obj.save()
            return
        kept = kept | self.kept_by_others
        obj.save(update_fields=[column.name for column in obj._meta.concrete_fields if column.name not in kept])

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        standing = [sentence for obj in objs for sentence in self.built_on(obj)]
        if standing:
            return [str(obj) for obj in objs], {}, set(), standing
        return super().get_deleted_objects(objs, request)

    def built_on(self, obj: Any) -> list[str]:
        """What members would lose, a line per kind; empty when it may go."""
        reviews, comments, seen = obj.reviews.count(), obj.comments.count(), self.seen_by(obj)
        lines = (
            (reviews, ngettext("%(name)s: %(count)d review", "%(name)s: %(count)d reviews", reviews)),
            (comments, ngettext("%(name)s: %(count)d comment", "%(name)s: %(count)d comments", comments)),
            (seen, ngettext("%(name)s: seen by %(count)d member", "%(name)s: seen by %(count)d members", seen)),
        )
        return [line % {"name": obj, "count": count} for count, line in lines if count]

    def seen_by(self, obj: Any) -> int:
        """How many members have been there; a series and an episode count differently."""
        raise NotImplementedError


@admin.register(Series)
class SeriesAdmin(CornerstoneAdmin):
    form = SeriesForm
    picture = "poster"
    shape = pictures.POSTER
    kept_by_others = {"id", "version", "loaded"}
    list_display = ("title", "native_title", "network", "premiere", "published_at")
    list_filter = ("country", "network", "tags")
    search_fields = ("title", "native_title", "romanised_title", "aliases")
    ordering = ("title",)
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("tags",)
    inlines = (KinInline, NoteInline, SourceInline, WatchLinkInline)
    fieldsets = (
        (None, {"fields": ("title", "native_title", "romanised_title", "aliases", "slug", "published_at")}),
        (_("For newcomers"), {"fields": ("tagline", "synopsis", "tags")}),
        (_("How it ends"), {"fields": ("ending", "ending_scope")}),
        (_("Facts"), {"fields": ("network", "country", "language", "time_zone", "premiere")}),
        (_("Its own words"), {"fields": ("vocabulary",)}),
        (_("Looks"), {"fields": ("ink", "poster", "poster_alt", "poster_caption", "poster_credit")}),
    )

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:
        self.save_row(obj, change, self.take_picture(request, obj, form))

    def seen_by(self, obj: Series) -> int:
        return obj.progress.count()


@admin.register(Episode)
class EpisodeAdmin(CornerstoneAdmin):
    form = EpisodeForm
    picture = "still"
    shape = pictures.STILL
    in_series = "episodes"
    in_episodes = "pk"
    list_display = ("__str__", "title", "airs_at", "runtime", "title_scope")
    list_filter = ("series",)
    list_select_related = ("series",)
    search_fields = ("title", "native_title", "series__title", "series__native_title", "=number")
    ordering = ("series__title", "number")
    autocomplete_fields = ("series",)
    inlines = (KeyMomentInline, CueInline)
    fieldsets = (
        (None, {"fields": ("series", "number", "title", "native_title", "title_scope")}),
        (_("When"), {"fields": ("airs_at", "airs_precision", "runtime", "runtime_is_approximate")}),
        (_("For newcomers"), {"fields": ("logline",)}),
        (_("For those who have seen it"), {"fields": ("recap", "bonus_track", "bonus_question")}),
        (_("Still"), {"fields": ("still", "still_alt", "still_caption", "still_credit")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Scopes and progress are counted in these numbers: they stay what they are."""
        return ("series", "number") if obj else ()

    def save_model(self, request: HttpRequest, obj: Episode, form: Any, change: bool) -> None:
        obj.render()
        self.save_row(obj, change, self.take_picture(request, obj, form))

    def seen_by(self, obj: Episode) -> int:
        return Progress.objects.filter(series=obj.series_id, furthest__gte=obj.number).count()


@admin.register(KeyMoment)
class KeyMomentAdmin(CatalogueAdmin):
    in_series = "episodes__key_moments"
    in_episodes = "key_moments"
    list_display = ("__str__", "at", "text", "spotted_by")
    list_filter = ("episode__series",)
    list_select_related = ("episode__series", "spotted_by")
    search_fields = ("text", "episode__series__title")
    ordering = ("episode__series__title", "episode__number", "order", "at", "pk")
    autocomplete_fields = ("episode",)
    readonly_fields = ("spotted_by",)


@admin.register(Tag)
class TagAdmin(CatalogueAdmin):
    in_series = "tags"
    list_display = ("name", "kind")
    list_filter = ("kind",)
    search_fields = ("name",)
    ordering = ("kind", "name")


@admin.register(Person)
class PersonAdmin(CatalogueAdmin):
    in_series = "credits__person"
    list_display = ("name", "native_name", "known_for")
    search_fields = ("name", "native_name")
    ordering = ("name",)


@admin.register(Credit)
class CreditAdmin(CatalogueAdmin):
    in_series = "credits"
    list_display = ("__str__", "series", "job", "person", "character", "scope", "order")
    list_filter = ("series", "job")
    list_select_related = ("series", "person")
    search_fields = ("person__name", "person__native_name", "character", "native_character", "also_written")
    ordering = ("series__title", "order", "pk")
    autocomplete_fields = ("series", "person")


@admin.register(Song)
class SongAdmin(CatalogueAdmin):
    in_series = "songs"
    in_episodes = "cues__song"
    list_display = ("__str__", "series", "part", "artist", "released_on")
    list_filter = ("series",)
    list_select_related = ("series",)
    search_fields = ("title", "native_title", "artist", "native_artist")
    ordering = ("series__title", "part", "pk")
    autocomplete_fields = ("series",)
    inlines = (CueInline,)


@admin.register(Kin)
class KinAdmin(CatalogueAdmin):
    in_series = "kin"
    list_display = ("title", "series", "to_series", "why")
    list_filter = ("series",)
    list_select_related = ("series", "to_series")
    search_fields = ("title", "why")
    ordering = ("series__title", "order", "pk")
    autocomplete_fields = ("series", "to_series")


@admin.register(Note)
class NoteAdmin(CatalogueAdmin):
    in_series = "notes"
    list_display = ("about", "series", "scope")
    list_filter = ("series",)
    list_select_related = ("series",)
    search_fields = ("about", "text")
    ordering = ("series__title", "order", "pk")
    autocomplete_fields = ("series",)


@admin.register(Source)
class SourceAdmin(CatalogueAdmin):
    in_series = "sources"
    list_display = ("name", "series", "url")
    list_filter = ("series",)
    list_select_related = ("series",)
    search_fields = ("name", "url")
    ordering = ("series__title", "order", "pk")
    autocomplete_fields = ("series",)


@admin.register(WatchLink)
class WatchLinkAdmin(CatalogueAdmin):
    in_series = "watch_links"
    list_display = ("service", "region", "series", "url", "checked_on")
    list_filter = ("series", "region")
    list_select_related = ("series",)
    search_fields = ("service", "region", "url")
    ordering = ("series__title", "service", "region")
    autocomplete_fields = ("series",)


@admin.register(PressReview)
class PressReviewAdmin(CatalogueAdmin):
    form = PressReviewForm
    in_series = "press_reviews"
    in_episodes = "press_reviews"
    list_display = ("outlet", "series", "episode", "score", "scale", "scope", "checked_on")
    list_filter = ("series", "outlet")
    list_select_related = ("series", "episode__series")
    search_fields = ("outlet", "quote")
    ordering = ("series__title", "episode__number", "outlet")
    autocomplete_fields = ("series", "episode")


@admin.register(Progress)
class ProgressAdmin(admin.ModelAdmin):
    """Members move themselves; here it is only read."""

    list_display = ("member", "series", "seen_through", "furthest", "updated_at")
    list_filter = ("series",)
    list_select_related = ("member", "series")
    search_fields = ("member__username",)
    ordering = ("-updated_at", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
