from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from episodes.viewer import ViewerRequest
from reviews.public_log import entries
from soundtrack_site.paging import page_by_key


@require_safe
def moderation_log(request: ViewerRequest) -> HttpResponse:
    acts = entries(request.viewer).prefetch_related("rule__wordings")
    page = page_by_key(acts, request.GET.get("page"))
    return render(request, "reviews/moderation_log.html", {"page": page})
