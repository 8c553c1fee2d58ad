"""What a moderator can do to texts, a class each: what it asks for, the verb it calls, what it says afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from episodes.guide import Guide
from episodes.viewer import Viewer
from reviews.admin.act import Act, LogForm, ReasonForm, Values
from reviews.forms.text import scope_choices
from reviews.models import Report, Review, Text
from reviews.models.moderated import Moderated


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
    field_order = ("spoils_through",)

    def __init__(self, data: Any, viewer: Viewer, text: Text, at_least: int, chosen: int | None = None) -> None:
        super().__init__(data, initial={"spoils_through": chosen})
        guide = Guide.to(viewer, text.series, timezone.now())
        self.fields["spoils_through"].choices = scope_choices(guide, at_least)  # type: ignore[attr-defined]


class RescopeForm(ScopeForm):
    """Says where the text stood when it was shown: a second moderator puts nothing back unseen."""

    stood_at = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, viewer: Viewer, text: Text) -> None:
        super().__init__(data, viewer, text, at_least=text.lowest_scope(), chosen=proposed_scope(text))
        self.text = text
        self.initial["stood_at"] = text.spoils_through

    def clean(self) -> Values:
        values = super().clean()
        if values.get("stood_at") is None:
            self.look_at(self.text)
            unsaid = _("What was sent does not say where the text stood. See where it stands, and send it again.")
            raise ValidationError(unsaid, code="stood_at")
        return values

    def look_at(self, target: Any) -> None:
        super().look_at(target)
        self.data = {**self.data, "stood_at": target.spoils_through}


def proposed_scope(text: Text) -> int:
    """Where those who reported a spoiler would put it, else where it stands. One query."""
    reports = Report.objects.waiting().about(text)  # type: ignore[arg-type] # a review or a comment
    return max(text.spoils_through, reports.aggregate(scope=Max("spoils_through"))["scope"] or 0)


def keys_of(text: Text) -> tuple[int | None, int | None]:
    """As a case names it: a review, or a comment."""
    return (text.pk, None) if isinstance(text, Review) else (None, text.pk)


def parts_of(text: Text) -> tuple[bool, ...]:
    """Whether the headline is judged: as the case says from which a moderator came, else both."""
    parts: tuple[bool, ...] = getattr(text, "judged_parts", (False, True))
    return parts


class Keep(Act):
    name = "keep"
    title = _("Keep")
    bulk_title = _("Keep the selected, with a reason")
    explains = _("It may stand as it does. Whoever reported it is told so; its author is not.")
    done = ngettext_lazy("%d text kept.", "%d texts kept.")
    asks = LogForm

    def awaits(self, target: Text) -> bool:
        return bool(self.awaiting([target]))

    def awaiting(self, targets: list[Any]) -> list[Any]:
        """Those that somebody has reported, or that reports have folded. One query."""
        reports = Report.objects.waiting().filter(
            Q(case__review__in=[target.pk for target in targets if isinstance(target, Review)])
            | Q(case__comment__in=[target.pk for target in targets if not isinstance(target, Review)])
        )
        columns = ("case__review", "case__comment", "case__is_headline")
        told = {(*keys,) for keys in reports.order_by().values_list(*columns)}
        return [
            target
            for target in targets
            if target.folded_at is not None or told & {(*keys_of(target), part) for part in parts_of(target)}
        ]

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        """Every part: one that was kept is no reason to leave the other."""
        told = self.told(values)
        kept = [target.keep(by, values["reason"], is_headline=part, **told) for part in parts_of(target)]
        return any(kept)


class Hide(Act):
    name = "hide"
    title = _("Hide")
    bulk_title = _("Hide the selected, with a reason")
    explains = _("Nobody but its author and moderators will see it. It stops counting until it is restored.")
    done = ngettext_lazy("%d text hidden.", "%d texts hidden.")

    def title_for(self, target: Text) -> Promise:
        return _("Refuse") if target.held_at is not None else self.title

    def awaits(self, target: Text) -> bool:
        return target.deleted_at is None and target.hidden_at is None

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        return target.hide(by, values["reason"], **self.told(values))


class Restore(Act):
    name = "restore"
    title = _("Restore")
    bulk_title = _("Restore the selected, with a reason")
    explains = _("Everybody will see it again, and it counts again.")
    done = ngettext_lazy("%d text restored.", "%d texts restored.")

    def awaits(self, target: Text) -> bool:
        return target.deleted_at is None and target.hidden_at is not None

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        return target.restore(by, values["reason"], **self.told(values))


class Approve(Act):
    name = "approve"
    title = _("Approve")
    bulk_title = _("Approve the selected, with a reason")
    explains = _("It was held back. From now on everybody may read it, as far as its scope says.")
    done = ngettext_lazy("%d text approved.", "%d texts approved.")

    def awaits(self, target: Text) -> bool:
        return target.deleted_at is None and target.hidden_at is None and target.held_at is not None

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        return target.approve(by, values["reason"], **self.told(values))


class Lock(Act):
    name = "lock"
    title = _("Close the thread")
    bulk_title = _("Close the threads of the selected, with a reason")
    explains = _("Nobody can answer below it any more. What stands there stays.")
    done = ngettext_lazy("%d thread closed.", "%d threads closed.")

    def awaits(self, target: Text) -> bool:
        return target.deleted_at is None and target.locked_at is None

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        return target.close_thread(by, values["reason"], **self.told(values))


class Unlock(Act):
    name = "unlock"
    title = _("Open the thread")
    bulk_title = _("Open the threads of the selected, with a reason")
    explains = _("Members can answer below it again.")
    done = ngettext_lazy("%d thread opened.", "%d threads opened.")

    def awaits(self, target: Text) -> bool:
        return target.deleted_at is None and target.locked_at is not None

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        return target.open_thread(by, values["reason"], **self.told(values))


class Rescope(Act):
    name = "scope"
    title = _("Raise or lower scope")
    explains = _(
        "Readers who have seen that far get its words, others a stub. What answers it goes up with it, and does not "
        "come down with it. Its author can go further, and no lower."
    )
    done = ngettext_lazy("%d text has another scope now.", "%d texts have another scope now.")

    def awaits(self, target: Text) -> bool:
        return target.deleted_at is None and target.word_count > 0

    def form(self, data: Any, viewer: Viewer, targets: list[Any]) -> ReasonForm:
        (text,) = targets
        return RescopeForm(data, viewer, text)

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        told = self.told(values)
        return target.rescope(by, values["spoils_through"], values["reason"], stood_at=values["stood_at"], **told)


class Raise(Rescope):
    """Several texts of one series at once. None comes down by it."""

    name = "raise"
    title = _("Raise scope")
    bulk_title = _("Raise the scope of the selected, with a reason")
    explains = _("Those that spoil further already stay where they are. What answers them goes up with them.")

    def check(self, targets: list[Any]) -> None:
        if len({text.series_id for text in targets}) > 1:
            raise ValidationError(_("Choose texts of one series: a scope is counted in its episodes."), code="series")

    def form(self, data: Any, viewer: Viewer, targets: list[Any]) -> ReasonForm:
        return ScopeForm(data, viewer, targets[0], at_least=1)

    def do(self, target: Moderated, by: User, values: Values) -> bool:
        return target.rescope(by, values["spoils_through"], values["reason"], only_up=True, **self.told(values))


class Fold(Act):
    name = "fold"
    title = _("Fold the headline into the text")
    explains = _(
        "A headline is for everybody. One that gives something away becomes a part of the text, and its stub shows "
        "none. Choose how far the text spoils with it."
    )
    done = ngettext_lazy("%d headline folded into its text.", "%d headlines folded into their texts.")

    def awaits(self, target: Review) -> bool:
        return target.deleted_at is None and bool(target.headline)

    def form(self, data: Any, viewer: Viewer, targets: list[Any]) -> ReasonForm:
        (text,) = targets
        return ScopeForm(data, viewer, text, at_least=max(1, text.spoils_through), chosen=proposed_scope(text))

    def do(self, target: Review, by: User, values: Values) -> bool:
        return target.fold_headline(by, values["spoils_through"], values["reason"], **self.told(values))


class Unfold(Act):
    name = "unfold"
    title = _("Unfold the headline")
    explains = _("Everybody will read the headline again, above the text. The text keeps its scope.")
    done = ngettext_lazy("%d headline unfolded.", "%d headlines unfolded.")

    def awaits(self, target: Review) -> bool:
        return target.deleted_at is None and target.headline_folded_at is not None

    def do(self, target: Review, by: User, values: Values) -> bool:
        return target.unfold_headline(by, values["reason"], **self.told(values))
