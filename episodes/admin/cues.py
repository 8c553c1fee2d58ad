"""Where in an episode a song is heard, under either of the two."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from episodes.admin.catalogue import TableInline
from episodes.models import Cue


class CueFormSet(forms.BaseInlineFormSet):
    """Song and episode of a cue are of one series, whichever of the two the form stands under."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            song, episode = form.cleaned_data.get("song"), form.cleaned_data.get("episode")
            if song is not None and episode is not None and song.series_id != episode.series_id:
                elsewhere = _("Song and episode belong to different series.")
                form.add_error(None, ValidationError(elsewhere, code="elsewhere"))


class CueInline(TableInline):
    model = Cue
    formset = CueFormSet

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = db_field.remote_field.model.objects.select_related("series")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
