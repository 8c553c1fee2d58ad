from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import MemberRequest, any_member_required, member_required
from reviews.models import Draft
from reviews.models.draft import PLACES


@require_safe
@member_required
def drafts(request: MemberRequest) -> HttpResponse:
    own = Draft.objects.by(request.user).select_related(*PLACES)
    return render(request, "reviews/drafts.html", {"drafts": own})


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def delete_draft(request: MemberRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(Draft.objects.by(request.user).select_related(*PLACES), pk=pk)
    if request.method == "POST":
        draft.delete()
        messages.success(request, _("It is thrown away."))
        return redirect("reviews:drafts")
    return render(request, "reviews/delete_draft.html", {"draft": draft})
