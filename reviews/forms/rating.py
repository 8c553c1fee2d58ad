"""Stars without a word: for one subject, or for every episode of a series at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from episodes.models import Episode
from episodes.vocabulary import Vocabulary
from reviews.templatetags.ratings import stars_in_words


def stars_field(words: Vocabulary, label: Any, *, required: bool) -> forms.TypedChoiceField:
    """Ten half stars as radios, each with the series' words for it."""
    return forms.TypedChoiceField(
        label=label,
        required=required,
        choices=[(half, stars_in_words(half, words)) for half in range(1, 11)],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose your stars first."),
            "invalid_choice": _("Half a star to five, in halves."),
        },
    )


class RatingForm(forms.Form):
    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stars"] = stars_field(guide.series.words, _("Your stars"), required=True)


class EpisodeRatingsForm(forms.Form):
    """A row of stars per episode; whatever is left open stays as it is."""

    def __init__(
        self,
        *args: Any,
        guide: Guide,
        own: Mapping[int, int | None],
        unsent: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """`own`: the member's stars by episode number; `unsent`: stars that wait, by field."""
        super().__init__(*args, **kwargs)
        self.guide = guide
        self.own: dict[str, int | None] = {}
        for episode in guide.aired:
            name = f"stars_{episode.number}"
            self.fields[name] = stars_field(guide.series.words, episode.name, required=False)
            self.own[name] = own.get(episode.number)
            self.initial[name] = (unsent or {}).get(name, self.own[name])

    def clean(self) -> dict[str, Any]:
        # A visitor is asked once they have logged in: a member's session may have ended meanwhile.
        if self.guide.viewer.member and not self.guide.has_seen_all:
            raise forms.ValidationError(_("Say first, above, that you have seen it all."), code="unseen")
        values = super().clean() or {}
        if not self.errors and not any(values.values()):
            raise forms.ValidationError(_("Choose stars for one of them at least."), code="empty")
        return values

    def given(self) -> Iterator[tuple[Episode, int]]:
        """Each episode that got stars, or others than before."""
        for episode in self.guide.aired:
            name = f"stars_{episode.number}"
            if self.cleaned_data[name] and self.cleaned_data[name] != self.own[name]:
                yield episode, self.cleaned_data[name]
