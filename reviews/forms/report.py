from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from episodes.guide import Guide
from reviews.forms.text import TOO_LONG, PointField, counted, scope_choices
from reviews.models import Comment, Report, Review, Rule
from reviews.models.case import LONGEST_NOTE
from soundtrack_site.forms import WrittenField

# The rule that each reason is about, by its anchor; of a member's page other words give something away.
ANCHORS = {
    Report.Reason.SPOILER: "say-how-far",
    Report.Reason.SPAM: "no-selling",
    Report.Reason.HARASSMENT: "be-kind",
}
ON_MEMBERS = {**ANCHORS, Report.Reason.SPOILER: "safe-names"}


class ReportForm(forms.Form):
    """What is wrong with a text, its headline or a member, for moderators."""

    kind = forms.ChoiceField(
        label=_("What is wrong"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong."), "invalid_choice": _("Choose one of these.")},
    )
    note = WrittenField(
        label=_("A word to the moderator"),
        help_text=_("Say what is wrong without retelling it."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs=counted(LONGEST_NOTE, rows=4)),
        error_messages=TOO_LONG,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Two queries, for the titles of the rules."""
        super().__init__(*args, **kwargs)
        titles = {rule.anchor: rule.title for rule in Rule.objects.filter(anchor__in=self.anchors.values()).in_words()}
        kinds: forms.ChoiceField = self.fields["kind"]  # type: ignore[assignment] # as above
        kinds.choices = [
            (reason.value, labelled(reason, titles.get(self.anchors.get(reason, ""), ""))) for reason in Report.Reason
        ]

    @property
    def anchors(self) -> dict[Report.Reason, str]:
        return ON_MEMBERS

    def clean(self) -> None:
        """Of another rule nobody knows which, unless it is said."""
        is_other = self.cleaned_data.get("kind") == Report.Reason.OTHER
        if is_other and not self.cleaned_data.get("note") and not self.has_error("note"):
            self.add_error("note", _("Say in a few words which rule it breaks."))

    @property
    def filed(self) -> dict[str, Any]:
        """What `Report.objects.file` is told."""
        return {"reason": self.cleaned_data["kind"], "note": self.cleaned_data["note"]}


class TextReportForm(ReportForm):
    """The same of a text: where it is a spoiler, also how far it should wait."""

    spoils_through = PointField(
        label=_("How far should it wait?"),
        help_text=_("Only if it tells too much. Leave it open if you cannot say."),
        nothing=_("Safe for everyone"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the points in this series.")},
    )
    field_order = ("is_headline", "kind", "spoils_through", "note")

    def __init__(self, *args: Any, text: Review | Comment, guide: Guide, parts: set[bool], **kwargs: Any) -> None:
        """`parts`: which of the text (False) and its headline (True) can be told of."""
        self.parts = parts
        super().__init__(*args, **kwargs)
        if len(parts) > 1:
            self.fields["is_headline"] = forms.TypedChoiceField(
                label=_("What is it about?"),
                widget=forms.RadioSelect,
                choices=[("false", gettext("The text")), ("true", headline_of(text))],
                coerce=lambda said: said == "true",
                initial="false",
                error_messages={
                    "required": _("Choose the text or its headline."),
                    "invalid_choice": _("Choose one of these."),
                },
            )
            self.order_fields(self.field_order)
        nearest = 1 if True in parts else text.spoils_through + 1
        field: PointField = self.fields["spoils_through"]  # type: ignore[assignment] # ours
        field.choices = scope_choices(guide, nearest)
        if not field.choices:
            del self.fields["spoils_through"]

    @property
    def anchors(self) -> dict[Report.Reason, str]:
        return ANCHORS

    @property
    def filed(self) -> dict[str, Any]:
        """A scope says something of spoilers alone. Where there is one part, that is meant."""
        values = super().filed
        values["is_headline"] = self.cleaned_data.get("is_headline", True in self.parts)
        if values["reason"] == Report.Reason.SPOILER:
            values["spoils_through"] = self.cleaned_data.get("spoils_through")
        return values


def labelled(reason: Report.Reason, title: str) -> str:
    """The reason in plain words, and the rule that it is about."""
    if not title:
        return str(reason.label)
    rule = gettext("Rule:")
    return format_html('<span>{}<br><span class="soft">{} {}</span></span>', reason.label, rule, title)


def headline_of(text: Review | Comment) -> str:
    return format_html("<span>{} <bdi>“{}”</bdi></span>", gettext("Its headline:"), getattr(text, "headline", ""))
