"""One case, with all that should be known before it is decided, and the buttons that decide it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.admin.act import ReasonForm, is_own
from reviews.admin.acts import proposed_scope
from reviews.admin.desk import moderator_of, page_of
from reviews.admin.members import ON_MEMBERS, is_staff
from reviews.admin.reading import Deed, Reading, Words
from reviews.admin.record import Record, Reporting, reporting_of
from reviews.admin.texts import Context, TextAdmin
from reviews.models import Case, ModerationAction, Report
from reviews.models.case import CLAIM

SILENCES = {
    "1": _("Silence for 1 day"),
    "7": _("Silence for 7 days"),
    "30": _("Silence for 30 days"),
    "0": _("Silence for good"),
}


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
    acts: list[Deed]  # on the member
    is_own: bool  # about the moderator, or what they wrote: somebody else decides
    is_out_of_reach: bool  # about staff, who are sanctioned elsewhere
    form: ReasonForm | None
    scope: int | None
    on_text: list[Button]
    on_member: list[Button]
    next_url: str


def brief_of(request: HttpRequest, case: Case, texts: TextAdmin | None, *, may_decide: bool) -> Brief:
    """`texts`: the page of such texts; None where it is about a member."""
    context, target, by = None, case.review or case.comment, moderator_of(request)
    if texts is not None and target is not None:
        target = texts.get_queryset(request).get(pk=target.pk)
        context = texts.context_of(request, target, is_case=True)
    member: Any = target.author if target is not None else case.member
    is_theirs = is_own(member, by)
    may_act = may_decide and case.open_count and not is_theirs
    may_sanction = may_act and request.user.has_perms(["accounts.add_sanction", "accounts.view_user"])
    asked = f"?case={case.pk}"
    scope = proposed_scope(target) if target is not None and case.open_count else None
    return Brief(
        case=case,
        text=context,
        member=member,
        record=context.record if context else Record.of(member),
        member_url=page_of(member) if request.user.has_perm("accounts.view_user") else "",
        reports=[] if is_theirs else told(request, case),
        acts=Reading(request).deeds(ModerationAction.objects.about(member), 20),
        is_own=is_theirs,
        is_out_of_reach=bool(may_sanction) and is_staff(member),
        form=ReasonForm(None, compact=True) if may_act else None,
        scope=scope,
        on_text=text_buttons(texts, target, by, scope, asked) if may_act and texts is not None else [],
        on_member=member_buttons(member, by, asked, is_text=target is not None) if may_sanction else [],
        next_url=next_url(case, by),
    )


def next_url(case: Case, by: User) -> str:
    """The first that waits of those that they may decide, and nobody else is at. One query."""
    others = Q(claimed_at__gt=timezone.now() - CLAIM) & ~Q(claimed_by=by)
    own = Q(member=by) | Q(review__author=by) | Q(comment__author=by)
    following = Case.objects.waiting().exclude(pk=case.pk).exclude(others).exclude(own)
    key = following.values_list("pk", flat=True).first()
    return reverse("admin:reviews_case_change", args=[key]) if key else ""


def told(request: HttpRequest, case: Case) -> list[Told]:
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


def text_buttons(texts: TextAdmin, text: Any, by: User, scope: int | None, asked: str) -> list[Button]:
    """What awaits this text; a scope that readers propose is set with one press, any other on a page."""
    buttons = []
    place = text.series.words.numbered(scope) if scope else ""
    for act in texts.acts:
        if not act.may(by, text) or not act.awaits(text):
            continue
        url = f"{texts.act_url(act, text)}{asked}"
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


def member_buttons(member: User, by: User, asked: str, *, is_text: bool) -> list[Button]:
    """A silence says how long with the press, a ban comes last; what answers reports about a member is here."""
    buttons = []
    for act in ON_MEMBERS:
        if (is_text and act.name == "keep") or not act.may(by, member) or not act.awaits(member):
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
