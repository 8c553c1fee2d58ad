"""What the form of any text asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from reviews.models.text import LONGEST_BODY, Text
from soundtrack_site.forms import WrittenField
from soundtrack_site.markdown import render_markdown

if TYPE_CHECKING:
    from reviews.newcomer import Newcomer

SAY_IF_LATER = _("Choose whether it gives away anything later: No, or how far it goes.")
SCOPE = re.compile(r"[0-9]{1,4}", re.ASCII)
TOO_LONG = {"max_length": _("At most %(limit_value)d characters, please. This has %(show_value)d.")}


class PointField(forms.TypedChoiceField):
    """One of the points of a series, as radios in the band's cells.

    `nothing`: what the cell of 0 says, `lead`: what stands before the others. `far`: from this point on nobody is
    asked about what comes later. `is_question`: its label asks, so what is wrong with it is said without the label.
    """

    far: int | None = None

    def __init__(
        self, *, nothing: str | Promise, lead: str | Promise = "", is_question: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(coerce=int, empty_value=None, widget=forms.RadioSelect, **kwargs)
        self.template_name = "reviews/_points_field.html"
        self.nothing, self.lead, self.is_question = nothing, lead, is_question

    @property
    def first(self) -> int | None:
        """The first of the numbers, which stand together beside the cell of 0."""
        return next((number for number, _label in self.offered if number), None)

    @property
    def only(self) -> tuple[int, str] | None:
        """Where one point is left there is nothing to choose: it is said, and sent along."""
        return self.offered[0] if len(self.offered) == 1 else None

    @property
    def offered(self) -> list[tuple[int, str]]:
        return list(self.choices)  # type: ignore[arg-type] # numbers and their words, in no groups


def scope_choices(guide: Guide, at_least: int = 0) -> list[tuple[int, str]]:
    """How far a text may spoil, in the series' words, up to the last episode that has aired."""
    choices = [
        (episode.number, gettext("Seen through %(episode)s") % {"episode": episode.label})
        for episode in guide.aired
        if episode.number >= at_least
    ]
    if not at_least:
        return [(0, gettext("Safe for everyone: it gives nothing away")), *choices]
    if len(choices) == 1:
        (last, _label), *_none = choices
        return [(last, gettext("Everybody who has seen %(episode)s.") % {"episode": guide.label_at(last)})]
    return choices


def lowest_point(text: Text | None, guide: Guide) -> dict[str, Any]:
    """The lowest point that the author of this text may choose now, and why: others have relied on where it stands.

    Needs `with_words`.
    """
    if text is None:
        return {"at_least": 0}
    at_least = max(text.least_scope, text.spoils_through if text.has_scoped_words else 0)
    if not at_least:
        return {"at_least": 0}
    if text.least_scope == at_least:
        why = gettext("A moderator has put this after %(episode)s; it cannot go below.")
    elif at_least == guide.last_aired:
        why = gettext("It is after %(episode)s now, the last that has aired.")
    else:
        why = gettext("It is after %(episode)s now. You can put it further, not nearer: others have relied on it.")
    return {"at_least": at_least, "why": why % {"episode": guide.series.words.numbered(at_least)}}


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


class HindsightForm(forms.Form):
    """A form that asks once, of an author who has seen further than their text spoils, whether it touches that too.

    `known`: how far they had seen when they wrote what they now change; None for new words.
    """

    def __init__(self, *args: Any, guide: Guide, known: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guide = guide
        self.furthest = min(guide.viewer.furthest(guide.series), guide.last_aired)
        self.asks_hindsight = known is None or self.furthest > known

    def put(self, name: str, value: str) -> None:
        """Take this for what was posted; should the page come back, it stands there."""
        self.data = {**dict(self.data.items()), self.add_prefix(name): value}

    def offer_hindsight(self, question: str, first: int, at_least: int) -> None:
        """Add the question, with an answer for each point after `first`, or none where nothing comes later.

        With what was posted every point is taken, as it was another page that offered them.
        """
        if not self.asks_hindsight or self.furthest <= at_least:
            self.fields.pop("hindsight", None)
            return
        # The same field again where the floor has moved: once the form was looked through, the page shows that one.
        self.fields.setdefault(
            "hindsight",
            PointField(
                label=question,
                help_text=_("Please answer. With a yes it waits for those who have seen as much."),
                nothing=_("No"),
                lead=_("Yes, up to"),
                is_question=True,
                required=False,
                error_messages={"invalid_choice": SAY_IF_LATER},
            ),
        )
        self.answer_beyond(at_least if self.is_bound else first)

    def answer_beyond(self, first: int) -> None:
        """Offer the points after `first`, beside that nothing comes later."""
        later = [
            (episode.number, gettext("Yes, up to %(episode)s") % {"episode": episode.label})
            for episode in self.guide.aired
            if first < episode.number <= self.furthest
        ]
        field: PointField = self.fields["hindsight"]  # type: ignore[assignment] # ours
        field.choices = [(0, gettext("No, nothing later")), *later]

    def weigh_hindsight(self, chosen: int | None, *, has_scoped_words: bool) -> int | None:
        """How far the text spoils, with what its author said of later episodes; an error where they said nothing."""
        answer: int | None = self.cleaned_data.pop("hindsight", None)
        if "hindsight" not in self.fields or chosen is None or chosen >= self.furthest:
            return chosen
        if answer is not None and answer <= chosen:
            # What it touches lies within the point that was chosen: nothing comes later.
            answer = 0
            self.put("hindsight", "0")
        # Should the page come back, it asks of what lies beyond the point that was chosen.
        self.answer_beyond(chosen)
        if self.has_error("hindsight") or not has_scoped_words:
            return chosen
        if answer is None:
            self.add_error("hindsight", forms.ValidationError(SAY_IF_LATER, code="required"))
            return chosen
        return max(chosen, answer)


class ScopedForm(HindsightForm):
    """What a text of any kind asks for: the words, and who may read them."""

    body = WrittenField(
        label=_("The rest"),
        help_text=_("*emphasis*, **strong**, > quote, - list and links work."),
        required=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs=counted(LONGEST_BODY, rows=8)),
        error_messages=TOO_LONG,
    )
    spoils_through = PointField(
        label=_("Who may read it"),
        nothing=_("Safe for everyone"),
        error_messages={
            "required": _("Say who may read it."),
            "invalid_choice": _("Choose one of the points in this series."),
        },
    )

    def __init__(self, *args: Any, guide: Guide, at_least: int = 0, why: str = "", **kwargs: Any) -> None:
        """`at_least`: the lowest point that may be chosen, and `why` that is so, in words."""
        super().__init__(*args, guide=guide, **kwargs)
        self.preview: SafeString | None = None
        self.newcomer: Newcomer | None = None  # what somebody who has not started would be sent, where that was asked
        self.is_lifted = False
        self.set_floor(at_least, why)

    def set_floor(self, at_least: int, why: str = "") -> None:
        """A reply spoils at least as far as what it replies to; that is also where the form begins."""
        self.floor = at_least
        self.lift(at_least)
        first = self.initial["spoils_through"] = max(at_least, self.initial.get("spoils_through", 0))
        field: PointField = self.fields["spoils_through"]  # type: ignore[assignment] # ours
        field.choices = scope_choices(self.guide, at_least)
        self["spoils_through"].help_text = field.help_text = why if at_least else ""
        question = gettext("You have seen through %(episode)s. Does this give away anything after the point above?")
        said = question % {"episode": self.guide.series.words.numbered(self.furthest)}
        self.offer_hindsight(said, first if first < self.furthest else at_least, at_least)
        field.far = self.furthest if "hindsight" in self.fields else None

    def lift(self, at_least: int) -> None:
        """Take a lower point that was posted for the lowest: it was offered before that was raised."""
        posted = str(self.data.get(self.add_prefix("spoils_through"), ""))
        if SCOPE.fullmatch(posted) and int(posted) < at_least:
            self.put("spoils_through", str(at_least))
            self.is_lifted = True

    def said_of_floor(self, text: Text) -> str:
        """What an author hears whose text was sent, and stands further than they asked; "" where it does not."""
        stands = text.spoils_through
        is_lifted = self.is_lifted and stands == self.floor
        if not stands or not (is_lifted or stands != self.cleaned_data["spoils_through"]):
            return ""
        return gettext("It waits after %(episode)s: it can go no nearer.") % {"episode": self.guide.label_at(stands)}

    def weigh_scope(self, *, has_scoped_words: bool = True) -> None:
        chosen = self.cleaned_data.get("spoils_through")
        weighed = self.weigh_hindsight(chosen, has_scoped_words=has_scoped_words)
        if weighed is not None:
            self.cleaned_data["spoils_through"] = weighed

    def show_preview(self) -> bool:
        """Have the words shown above the form as they would look. What else is wrong is said when they are sent."""
        if {"body", NON_FIELD_ERRORS} & set(self.errors):
            return False
        if self.is_for_newcomer and "spoils_through" in self.errors:
            return False
        self.preview = render_markdown(self.cleaned_data["body"])
        self.errors.clear()
        return True

    @property
    def is_for_newcomer(self) -> bool:
        """The preview that was asked for is the page of somebody who has not started."""
        return self.data.get("preview") == "newcomer"

    def begin_again(self, fingerprint: str) -> None:
        """What is typed here stands against other words now: sent once more, it takes their place."""
        self.put("began_with", fingerprint)

    @property
    def is_in_conflict(self) -> bool:
        """Another tab has changed the words that this form began with."""
        return self.has_error(NON_FIELD_ERRORS, "conflict")


class RaiseForm(forms.Form):
    """How far a text spoils, for its author at any time: further, never nearer."""

    spoils_through = PointField(
        label=_("Who may read it"),
        nothing=_("Safe for everyone"),
        error_messages={
            "required": _("Say who may read it."),
            "invalid_choice": _("Choose one of the points that are left."),
        },
    )

    def __init__(self, *args: Any, text: Text, guide: Guide, **kwargs: Any) -> None:
        lowest = lowest_point(text, guide)
        super().__init__(*args, **{"initial": {"spoils_through": text.spoils_through}, **kwargs})
        field: PointField = self.fields["spoils_through"]  # type: ignore[assignment] # ours
        field.choices = scope_choices(guide, lowest["at_least"])
        field.help_text = lowest.get("why", "")
