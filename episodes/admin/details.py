"""What stands around series and episodes, a list each; and who has seen what, to be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from episodes.admin.catalogue import CatalogueAdmin
from episodes.admin.cues import CueInline
from episodes.models import (
    Credit,
    Episode,
    KeyMoment,
    Kin,
    Note,
    Person,
    PressReview,
    Progress,
    Song,
    Source,
    Tag,
    WatchLink,
)


class PressReviewForm(forms.ModelForm):
    def clean_episode(self) -> Episode | None:
        episode: Episode | None = self.cleaned_data["episode"]
        series = self.cleaned_data.get("series")
        if episode is not None and series is not None and episode.series_id != series.pk:
            raise ValidationError(_("That episode belongs to another series."), code="elsewhere")
        return episode


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
