from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import MemberRequest, any_member_required
from reviews.models import Notification
from reviews.told import Told, with_all
from soundtrack_site.paging import key_in, page_by_key


@require_safe
@any_member_required
def notifications(request: MemberRequest) -> HttpResponse:
    """What moderators did and decided, newest first. Answers to a member stand on the first page of the site."""
    page = page_by_key(with_all(Notification.objects.to(request.user)), request.GET.get("page"))
    newest = page.rows[0].pk if page.is_first and page.rows else Notification.objects.to(request.user).newest()
    context = {"page": page, "told": Told.rows(page.rows, request.viewer), "newest": newest}
    return render(request, "reviews/notifications.html", context)


@require_POST
@any_member_required
def read_notifications(request: MemberRequest) -> HttpResponse:
    """Mark all that there were when the page was drawn, by the key of the newest: what came since is still new."""
    newest = key_in(request.POST.get("newest"))
    if newest is None:
        messages.info(request, _("That page was out of date. Please press once more."))
    else:
        Notification.objects.mark_read(request.user, through=newest)
    return redirect("reviews:notifications")
