from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide


class ProgressForm(forms.Form):
    """How far a viewer has seen: 0 for not started, at most the last episode that has aired."""

    seen_through = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guide = guide

    def clean_seen_through(self) -> int:
        point: int = self.cleaned_data["seen_through"]
        if point > self.guide.last_aired:
            raise forms.ValidationError(_("That one has not aired yet."), code="unaired")
        return point
