"""Appeals: what was decided, what the member says to it, and the form by which another moderator answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminRadioSelect
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.admin.act import LATE
from reviews.admin.desk import DeskAdmin, may_decide, moderator_of, page_of
from reviews.admin.filters import BeyondFilter, WaitingFilter
from reviews.admin.reading import Deed, Reading, Words
from reviews.admin.record import Record
from reviews.models import Appeal, Comment, ModerationAction, Review
from reviews.models.undo import stands
from soundtrack_site.forms import WrittenField, errors_on, posted


class HearForm(forms.Form):
    is_granted = forms.TypedChoiceField(
        label=_("What you decide"),
        choices=[("yes", _("Grant it: the decision is undone")), ("no", _("Let the decision stand"))],
        coerce=lambda value: value == "yes",
        widget=AdminRadioSelect(attrs={"class": "radiolist"}),
        error_messages={"required": _("Say what you decide."), "invalid_choice": _("Choose one of these.")},
    )
    answer = WrittenField(
        label=_("Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_("The member reads it. Say what you looked at, and why you see it so."),
        error_messages={"required": _("Say why: the author will want to know.")},
    )


class HeardFilter(WaitingFilter):
    done = ("heard", _("heard"))
    waits = Q(heard_at=None)


@dataclass(frozen=True)
class Hearing:
    """`suggested`: another moderator than who decided. `alone_at`: from when on whoever decided may hear it."""

    appeal: Appeal
    words: Words
    deed: Deed  # what was decided, and why
    text: Any
    text_words: Words | None
    text_url: str
    action_url: str
    member_url: str
    record: Record
    may_hear: bool
    is_own_decision: bool
    still_stands: bool
    suggested: User | None
    alone_at: datetime


class AppealAdmin(DeskAdmin):
    change_form_template = "admin/reviews/appeal.html"
    fields = ("action",)  # the template shows the appeal; no form is drawn
    list_display = ("lodged", "by", "decision", "decided_by", "heard", "outcome")
    list_filter = (HeardFilter, BeyondFilter)
    ordering = ("pk",)
    sortable_by = ()
    askable = frozenset({"state", "beyond"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        return Reading(request).of(rows).select_related("by", "action__actor", "action__rule", "series", "heard_by")

    def has_hear_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("reviews.decide_case")

    def may_hear(self, request: HttpRequest, appeal: Appeal) -> bool:
        """To grant it is to do what the decision did, the other way round."""
        return self.has_hear_permission(request) and may_decide(request.user, appeal.action)

    @admin.display(description=_("lodged"))
    def lodged(self, appeal: Any) -> Any:
        return appeal.created_at

    @admin.display(description=_("against"))
    def decision(self, appeal: Any) -> str:
        return str(appeal.action.summary)

    @admin.display(description=_("decided by"))
    def decided_by(self, appeal: Any) -> str:
        return str(appeal.action.actor.username)

    @admin.display(description=_("heard by"), empty_value="–")
    def heard(self, appeal: Any) -> str | None:
        return appeal.heard_by.username if appeal.heard_by else None

    @admin.display(description=_("outcome"), empty_value="–")
    def outcome(self, appeal: Any) -> Any:
        return {True: _("granted"), False: _("stands"), None: None}[appeal.is_granted]

    # One appeal

    def get_urls(self) -> list[URLPattern]:
        hear = path("<int:object_id>/hear/", self.admin_site.admin_view(self.hear), name="reviews_appeal_hear")
        return [hear, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        appeal = context["original"]
        hearing = self.hearing(request, appeal)
        may_hear = appeal.heard_at is None and hearing.may_hear
        context.update(hearing=hearing, form=context.get("hear_form") or (HearForm() if may_hear else None))
        return super().render_change_form(request, context, *args, **kwargs)

    def hearing(self, request: HttpRequest, appeal: Any) -> Hearing:
        reading = Reading(request)
        (deed,) = reading.deeds(ModerationAction.objects.filter(pk=appeal.action_id))
        action = deed.act
        model, key = (Review, action.review_id) if action.review_id else (Comment, action.comment_id)
        text = None
        if key:
            rows = reading.of(model._default_manager.filter(pk=key))
            text = rows.select_related("author", "series", "episode__series").get()
        moderator = moderator_of(request)
        return Hearing(
            appeal=appeal,
            words=reading.appeal(appeal),
            deed=deed,
            text=text,
            text_words=reading.words(text) if text is not None else None,
            text_url=page_of(text) if text is not None else "",
            action_url=page_of(action),
            member_url=page_of(appeal.by) if request.user.has_perm("accounts.view_user") else "",
            record=Record.of(appeal.by),
            may_hear=self.may_hear(request, appeal) and appeal.may_hear(moderator),
            is_own_decision=action.actor_id == moderator.pk,
            still_stands=stands(action),
            suggested=self.suggested(appeal),
            alone_at=appeal.own_turn_at(),
        )

    def suggested(self, appeal: Appeal) -> User | None:
        """Of all who may hear it the one who has heard fewest. One query."""
        others = appeal.others().annotate(heard=Count("heard_appeals", distinct=True))
        return others.order_by("heard", "pk").first()

    def hear(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if not self.has_hear_permission(request):
            raise PermissionDenied
        appeal = self.get_object(request, str(object_id))
        if appeal is None:
            self.message_user(request, _("There is no such appeal."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:reviews_appeal_changelist"))
        if not self.may_hear(request, appeal):
            raise PermissionDenied
        back = page_of(appeal)
        if request.method != "POST":
            return HttpResponseRedirect(back)
        form = HearForm(posted(request))
        if form.is_valid():
            with errors_on(form):
                values, moderator = form.cleaned_data, moderator_of(request)
                if appeal.hear(moderator, values["is_granted"], values["answer"]):
                    self.message_user(request, _("It is answered, and its member is told."), messages.SUCCESS)
                    return HttpResponseRedirect(back)
                appeal = self.get_queryset(request).get(pk=appeal.pk)
                if (appeal.heard_by, appeal.answer) == (moderator, values["answer"]):  # a second press
                    self.message_user(request, _("Nothing was left to do."), messages.INFO)
                    return HttpResponseRedirect(back)
                late = _("Somebody has answered it meanwhile. What you wrote is kept here.")
                raise ValidationError(late, code=LATE)
        context = {
            **self.admin_site.each_context(request),
            "title": str(appeal),
            "opts": self.opts,
            "original": appeal,
            "hearing": self.hearing(request, appeal),
            "form": form,
        }
        status = 409 if form.has_error(NON_FIELD_ERRORS, code=LATE) else 422
        return TemplateResponse(request, self.change_form_template, context, status=status)
