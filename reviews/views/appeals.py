"""Asking for a second look at a decision, once, and reading what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import MemberRequest, any_member_required
from accounts.models import User
from episodes.viewer import Viewer, ViewerRequest
from reviews.banned import act_of
from reviews.forms import AppealForm
from reviews.models import Appeal, Comment, ModerationAction, Review, Revision
from reviews.told import is_past
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.kept_text import kept_texts


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def appeal(request: MemberRequest, pk: int) -> HttpResponse:
    """One's own text as it was, why it was decided so, and the form; then how the appeal stands."""
    act = get_object_or_404(acts_on(request.user), pk=pk)
    act.is_past = is_past(act)
    lodged = Appeal.objects.for_member(request.user).filter(action=act).first()
    if lodged is None and not act.takes_something:
        raise Http404
    form = AppealForm(posted(request))
    if lodge(request.user, act, form):
        messages.success(request, _("Thank you. A moderator looks at it again, and you will hear what came of it."))
        return redirect("reviews:appeal", pk)
    context = {"act": act, "appeal": lodged, "form": form, **words_of(act, request.viewer)}
    return render(request, "reviews/appeal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_ban(request: ViewerRequest, token: str) -> HttpResponse:
    """The same for who cannot log in. The link is the proof: only the page that refused them has shown it."""
    act = act_of(token)
    if act is None or act.member is None:
        return render(request, "reviews/appeal_ban.html", {"kept_texts": kept_texts(request)}, status=403)
    form = AppealForm(posted(request))
    if lodge(act.member, act, form):
        return redirect("reviews:appeal_ban", token)
    lodged = Appeal.objects.for_member(act.member).filter(action=act).first()
    context = {"act": act, "appeal": lodged, "form": form}
    return render(request, "reviews/appeal_ban.html", context, status=422 if form.errors else 200)


def acts_on(member: User) -> Any:
    """What was done to this member or to a text of theirs."""
    own = Q(review__author=member) | Q(comment__author=member) | Q(member=member)
    joined = (
        "rule",
        "sanction",
        "member",
        "undone_by__undone_by",
        "review__series",
        "review__episode",
        "comment__series",
        "comment__episode",
    )
    return ModerationAction.objects.filter(own).select_related(*joined).prefetch_related("rule__wordings")


def lodge(member: User, act: ModerationAction, form: AppealForm) -> bool:
    """Whether the appeal is with the moderators now; else the form says what is missing."""
    if not form.is_valid():
        return False
    with errors_on(form):
        Appeal.objects.lodge(member, act, form.cleaned_data["body"])
        return True
    return False


def words_of(act: ModerationAction, viewer: Viewer) -> dict[str, Any]:
    """The text that was decided about, for its author; where they deleted it, as it last was. Two queries."""
    found = act.review or act.comment
    if found is None:
        return {}
    rows: Any = type(found)._default_manager
    text: Review | Comment = rows.for_reader(viewer, found.series).get(pk=found.pk)
    text.series = found.series
    if found.episode is not None:
        found.episode.series = found.series
    text.episode = found.episode
    kept = None
    if text.deleted_at is not None:
        kept = Revision.objects.for_moderator(viewer, text, text.stands_at()).first()
    return {"text": text, "series": text.series, "episode": text.episode, "kept": kept}
