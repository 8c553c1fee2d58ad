from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.text import TOO_LONG, counted
from reviews.models.appeal import LONGEST_APPEAL
from soundtrack_site.forms import WrittenField


class AppealForm(forms.Form):
    body = WrittenField(
        label=_("Why should we look again?"),
        help_text=_("A moderator reads this together with what was decided, and why."),
        max_length=LONGEST_APPEAL,
        widget=forms.Textarea(attrs=counted(LONGEST_APPEAL, rows=6)),
        error_messages={**TOO_LONG, "required": _("Say why, in your own words.")},
    )
