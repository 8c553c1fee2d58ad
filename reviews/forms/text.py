"""What the form of any text asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from reviews.models.text import LONGEST_BODY
from soundtrack_site.forms import WrittenField
from soundtrack_site.markdown import render_markdown

TOO_LONG = {"max_length": _("At most %(limit_value)d characters, please. This has %(show_value)d.")}


def scope_choices(guide: Guide, at_least: int = 0) -> list[tuple[int, str]]:
    """How far a text may spoil, in the series' words, up to the last episode that has aired."""
    choices = [
        (episode.number, gettext("Seen through %(episode)s") % {"episode": episode.label})
        for episode in guide.aired
        if episode.number >= at_least
    ]
    return choices if at_least else [(0, gettext("Everyone: it gives nothing away")), *choices]


def counted(most: int, **attrs: Any) -> dict[str, Any]:
    """Attributes of a field that says how much room is left, once little is: see `count_characters.js`."""
    return {
        "data-count": most,
        "data-count-left": _("Characters left: "),
        "data-count-over": _("Characters too many: "),
        **attrs,
    }


class ProofField(forms.Field):
    """The fingerprint of the words that a form began with: "" for none yet, None where the form names none.

    Whatever else is sent here is the proof of nothing that stands, and makes a conflict.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)


class ScopedForm(forms.Form):
    """What a text of any kind asks for: the words, and who may read them."""

    body = WrittenField(
        label=_("The rest"),
        help_text=_("*emphasis*, **strong**, > quote, - list and links work. At most 10,000 characters."),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs=counted(LONGEST_BODY, rows=8)),
        error_messages=TOO_LONG,
    )
    spoils_through = forms.TypedChoiceField(
        label=_("Who may read it"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say who may read it."),
            "invalid_choice": _("Choose one of the points in this series."),
        },
    )

    def __init__(self, *args: Any, guide: Guide, at_least: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guide = guide
        self.preview: SafeString | None = None
        self.set_floor(at_least)

    def set_floor(self, at_least: int) -> None:
        """A reply spoils at least as far as what it replies to; that is also where the form begins."""
        self.initial["spoils_through"] = max(at_least, self.initial.get("spoils_through", 0))
        self.fields["spoils_through"].choices = scope_choices(self.guide, at_least)  # type: ignore[attr-defined]

    def show_preview(self) -> None:
        """Have the words shown above the form as they would look. What else is wrong is said when they are sent."""
        if not {"body", NON_FIELD_ERRORS} & set(self.errors):
            self.preview = render_markdown(self.cleaned_data["body"])
            self.errors.clear()

    def begin_again(self, fingerprint: str) -> None:
        """What is typed here stands against other words now: sent once more, it takes their place."""
        self.data = {**dict(self.data.items()), self.add_prefix("began_with"): fingerprint}

    @property
    def is_in_conflict(self) -> bool:
        """Another tab has changed the words that this form began with."""
        return self.has_error(NON_FIELD_ERRORS, "conflict")
