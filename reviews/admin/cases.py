"""What members report: cases by harm and age, narrowed, claimed, and decided several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from episodes.boundary import within_reach
from reviews.admin.act import is_own
from reviews.admin.acts import Hide, Keep, Lock
from reviews.admin.case import brief_of
from reviews.admin.desk import ActingAdmin, bulk, moderator_of
from reviews.admin.filters import BeyondFilter, WaitingFilter, state_of
from reviews.admin.reading import Reading, measured_headlines
from reviews.admin.texts import CommentAdmin, ReviewAdmin, TextAdmin
from reviews.models import Comment, Report, Review
from reviews.models.case import CLAIM

LEAVE_OUT = "out"


class StateFilter(WaitingFilter):
    done = ("decided", _("decided"))
    waits = Q(open_count__gt=0)


class ReasonFilter(admin.SimpleListFilter):
    """The worst that waits for an answer, as the first page counts it; any report where cases are decided."""

    title = _("worst reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Report.Reason.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        reason = self.value()
        if reason not in Report.HARM:
            return queryset
        if request.GET.get("state") not in ("decided", "all"):
            return queryset.filter(harm=Report.HARM[reason])
        return queryset.filter(Exists(Report.objects.filter(case=OuterRef("pk"), reason=reason)))


class SeenFilter(BeyondFilter):
    """Stubs, nothing at all, or every word of what the moderator has not seen yet."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(LEAVE_OUT, str(_("Only up to where I have seen"))), *super().lookups(request, model_admin)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != LEAVE_OUT:
            return queryset
        viewer = Reading(request).viewer
        rule = within_reach(viewer, "suspected_scope")
        reviews = measured_headlines(Review.objects.suspected().filter(rule))
        reviews = reviews.filter(within_reach(viewer, "headline_scope"))
        comments = Comment.objects.suspected().filter(rule)
        return queryset.filter(Q(member__isnull=False) | Q(review__in=reviews) | Q(comment__in=comments))


class ClaimFilter(admin.SimpleListFilter):
    title = _("claimed")
    parameter_name = "claimed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", str(_("by me"))), ("no", str(_("by nobody")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        claimed = Q(claimed_at__gt=timezone.now() - CLAIM)
        match self.value():
            case "me":
                return queryset.filter(claimed, claimed_by=moderator_of(request))
            case "no":
                return queryset.exclude(claimed)
        return queryset


class CaseAdmin(ActingAdmin):
    """Ordered by harm, then age. Deciding answers the reports, and tells author and reporters."""

    change_form_template = "admin/reviews/case.html"
    fields = ("member",)  # the template shows the case; no form is drawn
    list_filter = (StateFilter, ReasonFilter, SeenFilter, ClaimFilter)
    list_select_related = ("claimed_by",)
    ordering = ("-harm", "waits_since", "pk")
    sortable_by = ()
    askable = frozenset({"state", "reason", "beyond", "claimed"})
    actions = ("claim_selected", "release_selected", *(bulk(act) for act in (Keep(), Hide(), Lock())))
    missing = _("There is no such case.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                *("review__author", "review__series", "review__episode__series"),
                *("comment__author", "comment__series", "comment__episode__series"),
                *("comment__review__author", "comment__review__series", "comment__review__episode__series"),
                *("member", "claimed_by"),
            )
        )

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        needed = ("reviews.decide_case", "reviews.moderate_review", "reviews.moderate_comment")
        return self.has_view_permission(request) and request.user.has_perms(needed)

    def has_claim_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("reviews.decide_case")

    def text_admin(self, model: type[Any]) -> TextAdmin:
        return (ReviewAdmin if model is Review else CommentAdmin)(model, self.admin_site)

    # The list

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What the texts say is asked for once for all rows: two queries."""
        answer = super().changelist_view(request, extra_context)
        if shown := (getattr(answer, "context_data", None) or {}).get("cl"):
            self.take_words(request, list(shown.result_list))
        return answer

    def take_words(self, request: HttpRequest, cases: list[Any]) -> None:
        texts: dict[tuple[str, int], Any] = {}
        for name, model in (("review", Review), ("comment", Comment)):
            keys = {key for case in cases if (key := getattr(case, f"{name}_id")) is not None}
            if keys:
                rows = self.text_admin(model).readable(model._default_manager.filter(pk__in=keys), Reading(request))
                texts.update({(name, text.pk): text for text in rows})
        for case in cases:
            name, key = ("review", case.review_id) if case.review_id else ("comment", case.comment_id)
            text = texts.get((name, key)) if key else None
            url = reverse("admin:reviews_case_change", args=[case.pk])
            case.words = Reading(request, url).words(text) if text is not None else None
            case.text = text

    list_display = ("what", "waits", "about", "why", "age", "claimed")

    @admin.display(description=_("case"))
    def what(self, case: Any) -> str:
        if case.words is None:
            return case.member.username if case.member else "–"
        if case.is_headline and case.words.headline:
            return Truncator(case.words.headline).chars(80)
        return Truncator(case.words.opening).chars(80) or "–"

    @admin.display(description=_("beyond"), empty_value="")
    def waits(self, case: Any) -> str | None:
        if case.words is None or case.words.waits is None:
            return None
        episode, url = case.words.waits
        if case.is_headline and case.words.headline_url:
            episode, url = case.words.headline_after, case.words.headline_url
        return format_html('{} · <a href="{}">{}</a>', _("after %(episode)s") % {"episode": episode}, url, _("Open"))

    @admin.display(description=_("about"))
    def about(self, case: Any) -> str:
        if case.text is None:
            return str(_("a member"))
        kind = _("headline") if case.is_headline else case.text._meta.verbose_name
        said = f"{kind}, {case.text.author.username}"
        return said if case.text.is_live else f"{said} ({state_of(case.text)})"

    @admin.display(description=_("worst reason"), empty_value="")
    def why(self, case: Any) -> str | None:
        worst = next((str(Report.Reason(name).label) for name, harm in Report.HARM.items() if harm == case.harm), "")
        count = ngettext("%(count)d report", "%(count)d reports", case.open_count) % {"count": case.open_count}
        return f"{worst} · {count}" if worst else None

    @admin.display(description=_("waits for"), empty_value="")
    def age(self, case: Any) -> str | None:
        return timesince(case.waits_since, depth=1) if case.waits_since else None

    @admin.display(description=_("claimed"), empty_value="")
    def claimed(self, case: Any) -> str | None:
        if not case.is_claimed:
            return None
        return _("%(name)s is at it.") % {"name": case.claimed_by.username}

    # Several at once

    def targets_of(self, request: HttpRequest, rows: list[Any]) -> list[Any]:
        """Their texts, each once, with which parts of it are judged; of members nothing is decided in bulk here."""
        self.take_words(request, rows)
        found: dict[str, Any] = {}
        for case in rows:
            if case.text is not None:
                text = found.setdefault(case.text.reveal_name, case.text)
                text.judged_parts = (*getattr(text, "judged_parts", ()), case.is_headline)
        return list(found.values())

    @admin.action(description=_("Claim the selected"), permissions=["claim"])
    def claim_selected(self, request: HttpRequest, cases: QuerySet[Any]) -> None:
        mine = [case for case in cases if is_own(case.target, request.user)]
        self.leave_own(request, [case.target for case in mine])
        taken = [case for case in cases if case not in mine and not case.claim(moderator_of(request))]
        if taken:
            names = ", ".join(sorted({case.claimed_by.username for case in taken if case.claimed_by}))
            self.message_user(request, _("Some are claimed already: %(names)s.") % {"names": names}, messages.WARNING)

    @admin.action(description=_("Release the selected"), permissions=["claim"])
    def release_selected(self, request: HttpRequest, cases: QuerySet[Any]) -> None:
        for case in cases:
            case.release(moderator_of(request))

    # One case

    def get_urls(self) -> list[URLPattern]:
        ways = [
            path(f"<int:object_id>/{name}/", self.admin_site.admin_view(view), name=f"reviews_case_{name}")
            for name, view in (("claim", self.claim), ("release", self.release))
        ]
        return [*ways, *super().get_urls()]

    def claim(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.take(request, object_id, is_claim=True)

    def release(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.take(request, object_id, is_claim=False)

    def take(self, request: HttpRequest, object_id: int, *, is_claim: bool) -> HttpResponse:
        if request.method != "POST" or not self.has_claim_permission(request):
            raise PermissionDenied
        case = self.get_object(request, str(object_id))
        if case is None:
            self.message_user(request, self.missing, messages.WARNING)
            return HttpResponseRedirect(reverse("admin:reviews_case_changelist"))
        if is_own(case.target, request.user):
            raise PermissionDenied
        if not is_claim:
            case.release(moderator_of(request))
        elif not case.claim(moderator_of(request)):
            by = case.claimed_by.username if case.claimed_by else ""
            self.message_user(request, _("%(name)s is at it already.") % {"name": by}, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:reviews_case_change", args=[case.pk]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        case = context["original"]
        text = case.review or case.comment
        texts = self.text_admin(type(text)) if text is not None else None
        brief = brief_of(request, case, texts, may_decide=self.has_moderate_permission(request))
        context["brief"] = brief
        context["may_claim"] = self.has_claim_permission(request) and not brief.is_own
        return super().render_change_form(request, context, *args, **kwargs)
