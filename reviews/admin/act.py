"""One thing that a moderator can do, and the form that asks for the rule and the reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from episodes.viewer import Viewer
from reviews.models import ModerationAction, ReasonTemplate, Rule
from soundtrack_site.forms import WrittenField

Values = dict[str, Any]
LATE = "late"  # the error of who comes second


class TemplateField(forms.ModelChoiceField):
    """Words that moderators need often: each is shown whole, for it is what a member will read."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}: {obj.words}"


def newest() -> int:
    """How far the log has come. One query."""
    return ModerationAction.objects.values_list("pk", flat=True).first() or 0


class ReasonForm(forms.Form):
    """A ready reason, or one's own words: those win where both are given. Five queries.

    It says how far the log had come when its page was shown: who has not seen a decision does not go past it.
    `compact`: the ready reasons as a list that opens, where other things stand beside the form.
    """

    log_seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=newest)
    template = TemplateField(
        label=_("A ready reason"),
        queryset=ReasonTemplate.objects.none(),
        required=False,
        empty_label=_("None of these: my own words"),
        blank=True,
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
        error_messages={"invalid_choice": _("This ready reason is gone. Choose another, or write your own.")},
    )
    rule = forms.ModelChoiceField(
        label=_("Rule"),
        queryset=Rule.objects.none(),
        required=False,
        empty_label=_("That of the ready reason, or none"),
        error_messages={"invalid_choice": _("This rule is gone. Choose another.")},
    )
    reason = WrittenField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_(
            "It stays in the log for good, and its author reads it. Say what was wrong, without repeating it."
        ),
    )
    unsaid: ClassVar[Any] = _("Say why: the author will want to know.")
    # Fields that a form adds come before these.
    BEHIND: ClassVar[tuple[str, ...]] = ("template", "rule", "reason")

    def __init__(self, data: Any, *, compact: bool = False, **values: Any) -> None:
        super().__init__(data, **values)
        if compact:
            self.fields["template"].widget = forms.Select()
        templates = ReasonTemplate.objects.filter(language=get_language()).select_related("rule")
        rules = Rule.objects.in_words()
        if rules.exists():
            self.fields["template"].queryset = templates  # type: ignore[attr-defined]
            self.fields["rule"].queryset = rules  # type: ignore[attr-defined]
        else:
            del self.fields["template"], self.fields["rule"]
        self.order_fields([name for name in self.fields if name not in self.BEHIND])

    def clean(self) -> Values:
        values = super().clean() or {}
        template = values.get("template")
        if "reason" in values and not values["reason"]:
            if template is None:
                self.add_error("reason", ValidationError(self.unsaid, code="required"))
            else:
                values["reason"] = template.words
        if template is not None and not values.get("rule"):
            values["rule"] = template.rule
        return values

    def look_at(self, target: Any) -> None:
        """Go by it as it stands now: a verb has refused, and says why."""
        self.data = {**dict(self.data.items()), "log_seen": newest()}

    def check_seen(self, target: Any, by: User) -> None:
        """Refuse to decide past what another has decided since the page was shown: ValidationError. One query."""
        seen = self.cleaned_data.get("log_seen")
        if seen is None:
            return
        since = ModerationAction.objects.about(target).filter(pk__gt=seen).exclude(actor=by).select_related("actor")
        if last := since.first():
            decided = _("%(name)s has decided meanwhile: %(what)s. Look at it, and press again if you still mean it.")
            values = {"name": last.actor.name, "what": last.summary}
            raise ValidationError(decided, code=LATE, params=values)

    def come_late(self) -> None:
        """Say that nothing is left to do, beside what was typed."""
        if not self.has_error(NON_FIELD_ERRORS, code=LATE):
            self.add_error(None, ValidationError(_("Nothing was left to do. What you wrote is kept here."), code=LATE))

    @property
    def said(self) -> str | None:
        """The reason, whatever else was wrong."""
        return getattr(self, "cleaned_data", {}).get("reason") or None

    @property
    def status(self) -> int:
        if not self.errors:
            return 200
        return 409 if self.has_error(NON_FIELD_ERRORS, code=LATE) else 422


class LogForm(ReasonForm):
    """For what nobody is told a reason of but whoever reads the log."""

    unsaid = _("Say why: it stays in the log.")

    def __init__(self, data: Any, **values: Any) -> None:
        super().__init__(data, **values)
        self.fields["reason"].help_text = _("It stays in the log for good, and moderators can read it there.")


def is_own(target: Any, by: Any) -> bool:
    """They are it, or wrote it."""
    return bool((target.pk if isinstance(target, User) else target.author_id) == by.pk)


class Act:
    """`name` stands in URLs and in the names of actions. A target is a text or a member."""

    name: ClassVar[str]
    title: ClassVar[Promise]
    bulk_title: ClassVar[Any]  # what Django takes for a description
    explains: ClassVar[Promise]
    done: ClassVar[Any]
    asks: ClassVar[type[ReasonForm]] = ReasonForm

    def title_for(self, target: Any) -> Promise:
        return self.title

    def may(self, by: User, target: Any) -> bool:
        """Nobody judges themselves, nor what they wrote."""
        return not is_own(target, by)

    def awaits(self, target: Any) -> bool:
        """Whether it would change anything. What its author deleted has no words left to act upon."""
        raise NotImplementedError

    def awaiting(self, targets: list[Any]) -> list[Any]:
        """Of several."""
        return [target for target in targets if self.awaits(target)]

    def check(self, targets: list[Any]) -> None:
        """Refuse targets that do not go together: ValidationError."""

    def form(self, data: Any, viewer: Viewer, targets: list[Any]) -> ReasonForm:
        return self.asks(data)

    def do(self, target: Any, by: User, values: Values) -> bool:
        """Answers whether it changed anything: another moderator may have been faster."""
        raise NotImplementedError

    def told(self, values: Values) -> Values:
        """What the log is told besides the reason."""
        return {"rule": values["rule"]} if values.get("rule") else {}
