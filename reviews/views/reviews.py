from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from episodes.guide import Guide
from episodes.viewer import Viewer, ViewerRequest
from reviews.forms import CommentForm
from reviews.models import ModerationAction, RatingTally, Review, ScopeTally
from reviews.score import Score
from reviews.threads import threads_under
from reviews.waiting import Waiting
from soundtrack_site.paging import page_by_key


@require_safe
def reviews(request: ViewerRequest, slug: str, number: int | None = None) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    series, viewer = guide.series, guide.viewer
    every = Review.objects.about(subject).listed()
    page = page_by_key(every.open_to(viewer, series).for_reader(viewer, series), request.GET.get("page"))
    waiting_rows = every.waiting_for(viewer, series).for_reader(viewer, series)
    context = {
        "guide": guide,
        "series": series,
        "subject": subject,
        "episode": subject if number is not None else None,
        "page": page,
        "stubs": page_by_key(waiting_rows, request.GET.get("waiting")) if page.is_first else None,
        "waiting": Waiting.for_viewer(viewer, series, ScopeTally.objects.about(subject)),
        "score": Score.of(RatingTally.objects.about(subject)),
    }
    return render(request, "reviews/reviews.html", context)


@require_safe
def review(request: ViewerRequest, pk: int) -> HttpResponse:
    guide, review = review_for(request.viewer, pk)
    own_scope = review.episode.number if review.episode else review.spoils_through
    return review_page(request, guide, review, CommentForm(guide=guide, initial={"spoils_through": own_scope}))


def review_for(viewer: Viewer, pk: int) -> tuple[Guide, Review]:
    """One review as this viewer may have it, and its series. Raises Http404 for what they may not know of."""
    found = get_object_or_404(
        Review.objects.visible_to(viewer)
        .filter(series__published_at__lte=timezone.now())
        .for_reader(viewer)
        .with_subject(),
        pk=pk,
    )
    guide = Guide.to(viewer, found.series, timezone.now())
    if found.episode is not None:
        found.episode = guide.episode(found.episode.number)
    return guide, found


def review_page(request: ViewerRequest, guide: Guide, review: Review, form: CommentForm) -> HttpResponse:
    viewer, series = guide.viewer, guide.series
    form.set_floor(review.spoils_through)
    roots = review.comments.roots().visible_to(viewer).for_reader(viewer, series)
    page = page_by_key(roots, request.GET.get("page"), newest_first=False)
    is_own = review.is_by(request.user)
    hidden = ModerationAction.objects.last_hiding(review) if is_own and review.is_hidden else None
    context: dict[str, Any] = {
        "guide": guide,
        "series": series,
        "subject": review.subject,
        "episode": review.episode,
        "review": review,
        "can_edit": review.can_edit(request.user),
        "hidden": hidden,
        "page": page,
        "threads": threads_under(page.rows, viewer, series),
        "form": form,
    }
    return render(request, "reviews/review.html", context, status=422 if form.errors else 200)
