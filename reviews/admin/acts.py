"""What a moderator can do to texts, a class each: what it asks for, the verb it calls, what it says afterwards."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from episodes.guide import Guide
from episodes.viewer import Viewer
from reviews.forms.text import scope_choices
from reviews.models import Review, Text
from soundtrack_site.forms import WrittenField

Values = dict[str, Any]


class ReasonForm(forms.Form):
    reason = WrittenField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_(
            "It stays in the log for good, and its author reads it. Say what was wrong, without repeating it."
        ),
        error_messages={"required": _("Say why: the author will want to know.")},
    )


class ScopeForm(ReasonForm):
    """`at_least`: what the text answers spoils that far. `stood_at`: where it stood when the form was shown."""

    spoils_through = forms.TypedChoiceField(
        label=_("Who may read it"),
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
        error_messages={
            "required": _("Say who may read it."),
            "invalid_choice": _("Choose one of the points in this series."),
        },
    )
    stood_at = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("spoils_through", "reason")

    def __init__(self, data: Any, viewer: Viewer, text: Text, at_least: int, stood_at: int | None) -> None:
        super().__init__(data, initial={"spoils_through": stood_at, "stood_at": stood_at})
        self.stands_at = stood_at
        guide = Guide.to(viewer, text.series, timezone.now())
        self.fields["spoils_through"].choices = scope_choices(guide, at_least)  # type: ignore[attr-defined]

    def clean(self) -> Values:
        values = super().clean() or {}
        if self.stands_at is not None and values.get("stood_at") != self.stands_at:
            # Two moderators at once: the second would put back what the first has just done.
            self.data = {**dict(self.data.items()), "stood_at": self.stands_at}
            moved = _("Meanwhile somebody else has moved it: it spoils through %(scope)d now. Look again.")
            raise ValidationError(moved, params={"scope": self.stands_at}, code="moved")
        return values


class Act:
    """`name` stands in URLs and in the names of actions."""

    name: ClassVar[str]
    title: ClassVar[Promise]
    explains: ClassVar[Promise]
    done: ClassVar[Any]

    def awaits(self, text: Any) -> bool:
        """Whether it would change anything. What its author deleted has no words left to act upon."""
        raise NotImplementedError

    def form(self, data: Any, viewer: Viewer, texts: list[Any]) -> ReasonForm:
        return ReasonForm(data)

    def do(self, text: Any, by: User, values: Values) -> bool:
        """Answers whether it changed anything: another moderator may have been faster."""
        raise NotImplementedError


class Hide(Act):
    name = "hide"
    title = _("Hide")
    explains = _("Nobody but its author and moderators will see it. It stops counting until it is restored.")
    done = ngettext_lazy("%d text hidden.", "%d texts hidden.")

    def awaits(self, text: Text) -> bool:
        return text.deleted_at is None and text.hidden_at is None

    def do(self, text: Text, by: User, values: Values) -> bool:
        return text.hide(by, values["reason"])


class Restore(Act):
    name = "restore"
    title = _("Restore")
    explains = _("Everybody will see it again, and it counts again.")
    done = ngettext_lazy("%d text restored.", "%d texts restored.")

    def awaits(self, text: Text) -> bool:
        return text.deleted_at is None and text.hidden_at is not None

    def do(self, text: Text, by: User, values: Values) -> bool:
        return text.restore(by, values["reason"])


class Rescope(Act):
    name = "scope"
    title = _("Raise or lower scope")
    explains = _(
        "Readers who have seen that far get its words, others a stub. What answers it goes up with it, and does not "
        "come down with it. Its author can go further, and no lower."
    )
    done = ngettext_lazy("%d text has another scope now.", "%d texts have another scope now.")

    def awaits(self, text: Text) -> bool:
        return text.deleted_at is None and text.word_count > 0

    def form(self, data: Any, viewer: Viewer, texts: list[Any]) -> ReasonForm:
        (text,) = texts
        return ScopeForm(data, viewer, text, at_least=text.lowest_scope(), stood_at=text.spoils_through)

    def do(self, text: Text, by: User, values: Values) -> bool:
        return text.rescope(by, values["spoils_through"], values["reason"])


class Raise(Rescope):
    """Several texts of one series at once. None comes down by it."""

    name = "raise"
    title = _("Raise scope")
    explains = _("Those that spoil further already stay where they are. What answers them goes up with them.")

    def form(self, data: Any, viewer: Viewer, texts: list[Any]) -> ReasonForm:
        return ScopeForm(data, viewer, texts[0], at_least=1, stood_at=None)

    def do(self, text: Text, by: User, values: Values) -> bool:
        return text.rescope(by, max(values["spoils_through"], text.spoils_through), values["reason"])


class Fold(Act):
    name = "fold"
    title = _("Fold the headline into the text")
    explains = _(
        "A headline is for everybody. One that gives something away becomes a part of the text, and its stub shows "
        "none. Choose how far the text spoils with it."
    )
    done = ngettext_lazy("%d headline folded into its text.", "%d headlines folded into their texts.")

    def awaits(self, text: Review) -> bool:
        return text.deleted_at is None and bool(text.headline)

    def form(self, data: Any, viewer: Viewer, texts: list[Any]) -> ReasonForm:
        (text,) = texts
        return ScopeForm(data, viewer, text, at_least=max(1, text.spoils_through), stood_at=text.spoils_through)

    def do(self, text: Review, by: User, values: Values) -> bool:
        return text.fold_headline(by, values["spoils_through"], values["reason"])


class Unfold(Act):
    name = "unfold"
    title = _("Unfold the headline")
    explains = _("Everybody will read the headline again, above the text. The text keeps its scope.")
    done = ngettext_lazy("%d headline unfolded.", "%d headlines unfolded.")

    def awaits(self, text: Review) -> bool:
        return text.deleted_at is None and text.headline_folded_at is not None

    def do(self, text: Review, by: User, values: Values) -> bool:
        return text.unfold_headline(by, values["reason"])
