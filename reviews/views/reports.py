"""Telling moderators of a text, its headline or a member. Silenced members may too: nobody else reads it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.client import client_of
from accounts.decorators import MemberRequest, any_member_required
from accounts.models import User
from episodes.guide import Guide
from reviews.forms import ReportForm, TextReportForm
from reviews.models import Comment, Report, Review
from reviews.models.case import Target
from reviews.views.comments import comment_for
from reviews.views.reviews import review_for
from soundtrack_site.forms import errors_on, posted


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def report_review(request: MemberRequest, pk: int) -> HttpResponse:
    guide, review = review_for(request.viewer, pk)
    parts = {bool(review.open_headline)} if not review.word_count else {False, bool(review.open_headline)}
    return report_text(request, guide, review, parts, "reviews/report_review.html")


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def report_comment(request: MemberRequest, pk: int) -> HttpResponse:
    guide, comment = comment_for(request.viewer, pk)
    return report_text(request, guide, comment, {False}, "reviews/report_comment.html")


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def report_member(request: MemberRequest, username: str) -> HttpResponse:
    if not username.isascii() or not username.isprintable():
        raise Http404
    member = get_object_or_404(User, username=username, scrubbed_at=None)
    context = {"member": member, "is_told": Report.objects.filter(by=request.user).about(member).exists()}
    return report(request, member, ReportForm(posted(request)), context, "reviews/report_member.html")


def report_text(
    request: MemberRequest, guide: Guide, text: Review | Comment, parts: set[bool], template: str
) -> HttpResponse:
    """`parts`: whether its words, its headline or both can be told of. What is gone cannot: 404."""
    if not text.is_live and not (text.is_by(request.user) and text.deleted_at is None):
        raise Http404
    told = Report.objects.filter(by=request.user).about(text).values_list("case__is_headline", flat=True)
    form = TextReportForm(posted(request), text=text, guide=guide, parts=parts)
    context = {
        "guide": guide,
        "series": guide.series,
        "episode": text.episode,
        "text": text,
        "is_told": parts <= {*told},
    }
    return report(request, text, form, context, template)


def report(
    request: MemberRequest, target: Target, form: ReportForm, context: dict[str, Any], template: str
) -> HttpResponse:
    is_own = (target.pk if isinstance(target, User) else target.author_id) == request.user.pk
    if form.is_valid():
        with errors_on(form):
            _report, is_new = Report.objects.file(request.user, target, client=client_of(request), **form.filed)
            messages.success(request, thanks(is_new))
            return redirect(target)
    context |= {"form": form, "is_own": is_own}
    return render(request, template, context, status=422 if form.errors else 200)


def thanks(is_new: bool) -> str:
    if is_new:
        return _("Thank you. A moderator will look, and you will hear what came of it.")
    return _("We have that from you already. You will hear what came of it.")
