"""What members report: cases by harm and age, and each with all that should be known before it is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from episodes.boundary import within_reach
from reviews.admin.act import ReasonForm
from reviews.admin.acts import Hide, Keep, Lock, proposed_scope
from reviews.admin.desk import ActingAdmin, bulk, moderator_of, page_of
from reviews.admin.filters import BeyondFilter, state_of
from reviews.admin.members import ON_MEMBERS
from reviews.admin.reading import Reading, Words
from reviews.admin.record import Record, Reporting, acts_about, reporting_of
from reviews.admin.texts import CommentAdmin, Context, ReviewAdmin, TextAdmin
from reviews.models import Case, Comment, ModerationAction, Report, Review
from reviews.models.case import CLAIM

LEAVE_OUT = "out"
SILENCES = {
    "1": _("Silence for 1 day"),
    "7": _("Silence for 7 days"),
    "30": _("Silence for 30 days"),
    "0": _("Silence for good"),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("decided", str(_("decided"))), ("all", str(_("all")))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        waiting, *others = super().choices(changelist)
        yield {**waiting, "display": _("waiting")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "decided":
                return queryset.filter(open_count=0)
            case "all":
                return queryset
        return queryset.filter(open_count__gt=0)


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
        texts = (
            Q(**{f"{name}__in": model._default_manager.filter(within_reach(viewer, "spoils_through"))})
            for name, model in (("review", Review), ("comment", Comment))
        )
        seen = Q(member__isnull=False)
        for rule in texts:
            seen |= rule
        return queryset.filter(seen)


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


@dataclass(frozen=True)
class Told:
    """One report, as the page of its case shows it."""

    report: Report
    words: Words
    reporting: Reporting
    url: str
    proposed: str  # where they would put it, in the series' words


@dataclass(frozen=True)
class Button:
    """One press with a ready reason; where more has to be said, the page of the act asks for it.

    `look`: "quiet" for what is not the first thing to think of, "danger" for what stands apart.
    """

    title: Promise | str
    url: str
    name: str = ""
    value: str = ""
    is_link: bool = False
    look: str = ""


@dataclass(frozen=True)
class Brief:
    """All that a moderator should know before deciding a case."""

    case: Case
    text: Context | None
    member: User
    record: Record
    member_url: str
    reports: list[Told]
    acts: list[ModerationAction]  # on the member
    form: ReasonForm | None
    scope: int | None
    on_text: list[Button]
    on_member: list[Button]
    next_url: str


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
        if case.words is None or case.words.is_open:
            return None
        after = _("after %(episode)s") % {"episode": case.words.after}
        return format_html('{} · <a href="{}">{}</a>', after, case.words.open_url, _("Open"))

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
        """Their texts, each once; of members nothing is decided in bulk here."""
        self.take_words(request, rows)
        return list({text.reveal_name: text for case in rows if (text := case.text) is not None}.values())

    @admin.action(description=_("Claim the selected"), permissions=["claim"])
    def claim_selected(self, request: HttpRequest, cases: QuerySet[Any]) -> None:
        taken = [case for case in cases if not case.claim(moderator_of(request))]
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
        if not is_claim:
            case.release(moderator_of(request))
        elif not case.claim(moderator_of(request)):
            by = case.claimed_by.username if case.claimed_by else ""
            self.message_user(request, _("%(name)s is at it already.") % {"name": by}, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:reviews_case_change", args=[case.pk]))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["brief"] = self.brief(request, context["original"])
        context["may_claim"] = self.has_claim_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def brief(self, request: HttpRequest, case: Case) -> Brief:
        context, target = None, case.review or case.comment
        if target is not None:
            text_admin = self.text_admin(type(target))
            target = text_admin.get_queryset(request).get(pk=target.pk)
            context = text_admin.context_of(request, target, is_case=True)
        member: Any = target.author if target is not None else case.member
        may_act = self.has_moderate_permission(request) and case.open_count
        may_sanction = may_act and request.user.has_perms(["accounts.add_sanction", "accounts.view_user"])
        asked = f"?case={case.pk}"
        scope = proposed_scope(target) if target is not None and case.open_count else None
        waiting = Case.objects.waiting().exclude(pk=case.pk)
        others = Q(claimed_at__gt=timezone.now() - CLAIM) & ~Q(claimed_by=moderator_of(request))
        following = waiting.exclude(others).values_list("pk", flat=True).first()
        return Brief(
            case=case,
            text=context,
            member=member,
            record=context.record if context else Record.of(member),
            member_url=page_of(member) if request.user.has_perm("accounts.view_user") else "",
            reports=self.told(request, case),
            acts=acts_about(member),
            form=ReasonForm(None, compact=True) if may_act else None,
            scope=scope,
            on_text=self.text_buttons(target, scope, asked) if may_act and target is not None else [],
            on_member=self.member_buttons(member, asked, is_text=target is not None) if may_sanction else [],
            next_url=reverse("admin:reviews_case_change", args=[following]) if following else "",
        )

    def told(self, request: HttpRequest, case: Case) -> list[Told]:
        """What members reported, the newest last, and how good their word has been. Two queries."""
        if not request.user.has_perm("reviews.view_report"):
            return []
        reading = Reading(request)
        reports = list(reading.of(Report.objects.filter(case=case)).select_related("by", "action", "series")[:100])
        reporting = reporting_of(report.by_id for report in reports)
        may_see = request.user.has_perm("accounts.view_user")
        return [
            Told(
                report=report,
                words=reading.note(report),
                reporting=reporting.get(report.by_id, Reporting()),
                url=page_of(report.by) if may_see else "",
                proposed=report.series.words.numbered(report.spoils_through)
                if report.series is not None and report.spoils_through is not None
                else "",
            )
            for report in reports
        ]

    def text_buttons(self, text: Any, scope: int | None, asked: str) -> list[Button]:
        """What awaits this text; a scope that readers propose is set with one press, any other on a page."""
        text_admin, buttons = self.text_admin(type(text)), []
        place = text.series.words.numbered(scope) if scope else ""
        for act in text_admin.acts:
            if not act.awaits(text):
                continue
            url = f"{text_admin.act_url(act, text)}{asked}"
            if act.name == "fold" and scope:
                buttons.append(Button(_("Fold the headline: it waits until %(place)s") % {"place": place}, url))
            elif act.name == "scope" and scope != text.spoils_through:
                buttons.append(Button(_("Raise scope: %(place)s") % {"place": place}, url))
                buttons.append(Button(_("Another scope"), url, is_link=True, look="quiet"))
            else:
                is_link, is_minor = act.name in ("fold", "scope"), act.name in ("lock", "unlock")
                look = "quiet" if is_link or is_minor else ""
                buttons.append(Button(act.title_for(text), url, is_link=is_link, look=look))
        return buttons

    def member_buttons(self, member: User, asked: str, *, is_text: bool) -> list[Button]:
        """A silence says how long with the press, a ban comes last; what answers reports about a member is here."""
        buttons = []
        for act in ON_MEMBERS:
            if not act.awaits(member) or (is_text and act.name == "keep"):
                continue
            url = f"{reverse(f'admin:accounts_user_{act.name}', args=[member.pk])}{asked}"
            if act.name == "silence":
                buttons += [Button(label, url, "days", days, look="quiet") for days, label in SILENCES.items()]
            elif act.name == "ban":
                buttons.append(Button(_("Ban for good"), url, "days", "0", look="danger"))
            else:
                look = "" if act.name == "keep" else "quiet"
                buttons.append(Button(act.title_for(member), url, is_link=act.name == "lift", look=look))
        return sorted(buttons, key=lambda button: button.look == "danger")
