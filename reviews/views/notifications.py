from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import MemberRequest, any_member_required
from reviews.models import Notification
from reviews.told import Told, with_all
from soundtrack_site.paging import page_by_key


@require_safe
@any_member_required
def notifications(request: MemberRequest) -> HttpResponse:
    """What moderators did and decided, newest first. Answers to a member stand on the first page of the site."""
    page = page_by_key(with_all(Notification.objects.to(request.user)), request.GET.get("page"))
    context = {"page": page, "told": Told.rows(page.rows, request.viewer)}
    return render(request, "reviews/notifications.html", context)


@require_POST
@any_member_required
def read_notifications(request: MemberRequest) -> HttpResponse:
    Notification.objects.mark_read(request.user)
    return redirect("reviews:notifications")
