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
from reviews.models.moderated import Moderated
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

    def look_at(self, text: Text) -> None:
        """Go by the text as it stands now: a verb has refused, and says why."""


class ScopeForm(ReasonForm):
    """`at_least`: what the text answers spoils that far. `chosen`: what is offered first."""

    spoils_through = forms.TypedChoiceField(
        label=_("Who may read it"),
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "radiolist"}),
        error_messages={
            "required": _("Say who may read it."),
            "invalid_choice": _("Choose one of the points in this series."),
        },
    )
    field_order = ("spoils_through", "reason")

    def __init__(self, data: Any, viewer: Viewer, text: Text, at_least: int, chosen: int | None = None) -> None:
        super().__init__(data, initial={"spoils_through": chosen})
        guide = Guide.to(viewer, text.series, timezone.now())
        self.fields["spoils_through"].choices = scope_choices(guide, at_least)  # type: ignore[attr-defined]


class RescopeForm(ScopeForm):
    """Says where the text stood when it was shown: a second moderator puts nothing back unseen."""

    stood_at = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, viewer: Viewer, text: Text) -> None:
        super().__init__(data, viewer, text, at_least=text.lowest_scope(), chosen=text.spoils_through)
        self.text = text
        self.initial["stood_at"] = text.spoils_through

    def clean(self) -> Values:
        values = super().clean() or {}
        if values.get("stood_at") is None:
            self.look_at(self.text)
            unsaid = _("What was sent does not say where the text stood. See where it stands, and send it again.")
            raise ValidationError(unsaid, code="stood_at")
        return values

    def look_at(self, text: Text) -> None:
        self.data = {**dict(self.data.items()), "stood_at": text.spoils_through}


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

    def do(self, text: Moderated, by: User, values: Values) -> bool:
        return text.hide(by, values["reason"])


class Restore(Act):
    name = "restore"
    title = _("Restore")
    explains = _("Everybody will see it again, and it counts again.")
    done = ngettext_lazy("%d text restored.", "%d texts restored.")

    def awaits(self, text: Text) -> bool:
        return text.deleted_at is None and text.hidden_at is not None

    def do(self, text: Moderated, by: User, values: Values) -> bool:
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
        return RescopeForm(data, viewer, text)

    def do(self, text: Moderated, by: User, values: Values) -> bool:
        return text.rescope(by, values["spoils_through"], values["reason"], stood_at=values["stood_at"])


class Raise(Rescope):
    """Several texts of one series at once. None comes down by it."""

    name = "raise"
    title = _("Raise scope")
    explains = _("Those that spoil further already stay where they are. What answers them goes up with them.")

    def form(self, data: Any, viewer: Viewer, texts: list[Any]) -> ReasonForm:
        return ScopeForm(data, viewer, texts[0], at_least=1)

    def do(self, text: Moderated, by: User, values: Values) -> bool:
        return text.rescope(by, values["spoils_through"], values["reason"], only_up=True)


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
        return ScopeForm(data, viewer, text, at_least=max(1, text.spoils_through), chosen=text.spoils_through)

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
