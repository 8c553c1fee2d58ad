"""How this place works, in words."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from episodes.viewer import ViewerRequest
from reviews.models import Rule


@require_safe
def guidelines(request: ViewerRequest) -> HttpResponse:
    return render(request, "reviews/guidelines.html", {"rules": Rule.objects.in_words()})


@require_safe
def safety(request: ViewerRequest) -> HttpResponse:
    return render(request, "reviews/safety.html")
