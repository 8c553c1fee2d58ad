"""Series and episodes: what members build on, with all that is edited on their pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from episodes.admin.catalogue import CatalogueAdmin, TableInline
from episodes.admin.cues import CueInline
from episodes.admin.pictures import AdminPictureField, PicturedAdmin, PictureForm
from episodes.admin.table_field import TableField
from episodes.models import Episode, KeyMoment, Kin, Note, Progress, Series, Source, WatchLink
from soundtrack_site import pictures


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
