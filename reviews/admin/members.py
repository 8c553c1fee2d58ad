"""What moderators do to members, a class each. Staff are out of reach: whoever appointed them answers for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Sanction, User
from episodes.viewer import Viewer
from reviews.admin.act import Act, LogForm, ReasonForm, Values
from reviews.models import Report
from reviews.models.sanctions import hide_all, impose, keep_member, lift


class SanctionForm(ReasonForm):
    days = forms.TypedChoiceField(
        label=_("How long"),
        choices=[("1", _("1 day")), ("7", _("7 days")), ("30", _("30 days")), ("0", _("For good"))],
        coerce=int,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
        error_messages={"required": _("Say for how long."), "invalid_choice": _("Choose one of these.")},
    )

    def until(self) -> datetime | None:
        """None: for good."""
        days: int = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=days) if days else None

    def clean(self) -> Values:
        values = super().clean()
        if "days" in values:
            values["until"] = self.until()
        return values


class HideAllForm(ReasonForm):
    """Knows how many are chosen with it: one press does no more for many than for one, the queue does the rest."""

    def __init__(self, data: Any, targets: list[Any]) -> None:
        super().__init__(data)
        self.among = len(targets)

    def clean(self) -> Values:
        return {**super().clean(), "among": self.among}


class LiftForm(ReasonForm):
    sanction = forms.ModelChoiceField(
        label=_("Which"),
        queryset=Sanction.objects.none(),
        empty_label=None,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
        error_messages={"invalid_choice": _("It has ended meanwhile.")},
    )

    def __init__(self, data: Any, member: User) -> None:
        standing = Sanction.objects.in_force(timezone.now()).filter(member=member).select_related("member")
        super().__init__(data, initial={"sanction": standing.first()})
        self.fields["sanction"].queryset = standing  # type: ignore[attr-defined]


def is_staff(member: User) -> bool:
    return member.is_staff or member.is_superuser


class MemberAct(Act):
    """Refuses staff, oneself, and accounts that have ended."""

    def may(self, by: User, target: User) -> bool:
        return super().may(by, target) and not is_staff(target)

    def awaits(self, target: User) -> bool:
        return not target.scrubbed_at

    def check(self, targets: list[Any]) -> None:
        if staff := [target.username for target in targets if is_staff(target)]:
            refused = _("Staff are not sanctioned here: %(names)s.") % {"names": ", ".join(staff)}
            raise ValidationError(refused, code="staff")


class KeepMember(Act):
    """Of anybody: whoever is reported, staff too, is answered for."""

    name = "keep"
    title = _("Leave as it is")
    bulk_title = _("Leave the selected as they are, with a reason")
    explains = _("What was reported about them needs nothing done. Whoever reported it is told so; they are not.")
    done = ngettext_lazy("%d member left as they are.", "%d members left as they are.")
    asks = LogForm

    def awaits(self, target: User) -> bool:
        return Report.objects.waiting().about(target).exists()

    def do(self, target: User, by: User, values: Values) -> bool:
        return bool(keep_member(target, by, values["reason"], **self.told(values)))


class Silence(MemberAct):
    name = "silence"
    title = _("Silence")
    bulk_title = _("Silence the selected, with a reason")
    explains = _("They can read, and change and delete what is theirs. They cannot post until it ends.")
    done = ngettext_lazy("%d member silenced.", "%d members silenced.")
    kind = Sanction.Kind.SILENCE
    days = "7"

    def form(self, data: Any, viewer: Viewer, targets: list[Any]) -> ReasonForm:
        return SanctionForm(data, initial={"days": self.days})

    def do(self, target: User, by: User, values: Values) -> bool:
        impose(target, self.kind, by, values["reason"], values["until"], **self.told(values))
        return True


class Ban(Silence):
    name = "ban"
    title = _("Ban")
    bulk_title = _("Ban the selected, with a reason")
    explains = _("They cannot log in until it ends, and are logged out everywhere. What they wrote stays.")
    done = ngettext_lazy("%d member banned.", "%d members banned.")
    kind = Sanction.Kind.BAN
    days = "0"


class Lift(MemberAct):
    name = "lift"
    title = _("Lift a sanction")
    explains = _("It ends now, and they are told.")
    done = ngettext_lazy("%d sanction lifted.", "%d sanctions lifted.")

    def awaits(self, target: User) -> bool:
        return super().awaits(target) and Sanction.objects.in_force(timezone.now()).filter(member=target).exists()

    def form(self, data: Any, viewer: Viewer, targets: list[Any]) -> ReasonForm:
        (member,) = targets
        return LiftForm(data, member)

    def do(self, target: User, by: User, values: Values) -> bool:
        return lift(values["sanction"], by, values["reason"], **self.told(values))


class HideAll(MemberAct):
    name = "hide_all"
    title = _("Hide all their texts")
    bulk_title = _("Hide all texts of the selected, with a reason")
    explains = _("Everything they wrote goes out of sight, and stops counting. One press puts it all back.")
    done = ngettext_lazy("All texts of %d member hidden.", "All texts of %d members hidden.")

    def form(self, data: Any, viewer: Viewer, targets: list[Any]) -> ReasonForm:
        return HideAllForm(data, targets)

    def do(self, target: User, by: User, values: Values) -> bool:
        hide_all(target, by, values["reason"], among=values["among"], **self.told(values))
        return True


ON_MEMBERS: tuple[Act, ...] = (KeepMember(), Silence(), Ban(), Lift(), HideAll())
IN_BULK: tuple[Act, ...] = (Silence(), Ban(), HideAll())
