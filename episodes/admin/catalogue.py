"""What each page of the catalogue does: whatever is saved or deleted raises the version of the pages that show it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from episodes.models import Episode, Series

# An address without a scheme is meant as https.
HTTPS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {models.URLField: {"assume_scheme": "https"}}


class TableInline(admin.TabularInline):
    extra = 0
    formfield_overrides = HTTPS


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
