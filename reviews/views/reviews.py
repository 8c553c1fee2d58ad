from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from episodes.guide import Guide
from episodes.viewer import Viewer, ViewerRequest
from reviews.forms import CommentForm
from reviews.listing import FEWEST, CommentListing, ReviewListing, ReviewOrder
from reviews.models import ModerationAction, Review, ScopeTally
from reviews.news import count_new, telling_new
from reviews.places import Place
from reviews.related import Related
from reviews.score import Score
from reviews.threads import Talk
from reviews.unsent import Unsent, unsent_at
from reviews.waiting import Stubs, Waiting
from soundtrack_site.paging import SIZE, Page, page_by_key, page_of


@require_safe
def reviews(request: ViewerRequest, slug: str, number: int | None = None) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    series, viewer = guide.series, guide.viewer
    listing = ReviewListing.asked(request.GET, guide)
    every = listing.of(Review.objects.about(subject).listed(), guide)
    waiting_rows = telling_new(
        every.waiting_for(viewer, series).for_reader(viewer, series), viewer, request.visit_before
    )
    page: Page[Review]
    stubs: Stubs[Review] = Stubs.none()
    if listing.lists_waiting:
        page = page_by_key(waiting_rows, request.GET.get("page"))
    else:
        open_rows = telling_new(every.open_to(viewer, series).for_reader(viewer, series), viewer, request.visit_before)
        page = page_of(listing.runs(open_rows), request.GET.get("page"))
        stubs = Stubs.among(waiting_rows, viewer) if page.is_first else stubs
    waiting = Waiting.for_viewer(viewer, series, ScopeTally.objects.about(subject))
    is_newest_first = listing.order == ReviewOrder.NEWEST
    stays = stubs.stays_among(page.rows, SIZE) if is_newest_first else waiting.reviews <= SIZE
    context = {
        "guide": guide,
        "series": series,
        "subject": subject,
        "episode": subject if number is not None else None,
        "listing": listing,
        "controls": listing.controls if waiting.reviews >= FEWEST else [],
        "page": page,
        "stubs": stubs.shown,
        # Tallies know scopes and neither stars nor seats: of a choice no numbers are said.
        "fold": stubs.fold(series, [] if listing.is_filtered else waiting.reviews_beyond(stubs.shown)),
        "elsewhere": listing.lists_waiting or not stays,
        "waiting": waiting,
        "news": count_new([*page.rows, *stubs.shown]),
        "score": Score.for_viewer(guide, subject),
    }
    return render(request, "reviews/reviews.html", context)


@require_safe
def review(request: ViewerRequest, pk: int) -> HttpResponse:
    guide, review = review_for(request.viewer, pk)
    own_scope = review.episode.number if review.episode else review.spoils_through
    unsent = unsent_at(request, Place("answer", review)) if review.is_live else None
    values = {"spoils_through": own_scope, **(unsent.initial if unsent else {})}
    return review_page(request, guide, review, CommentForm(guide=guide, initial=values), unsent)


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


def review_page(
    request: ViewerRequest, guide: Guide, review: Review, form: CommentForm, unsent: Unsent | None = None
) -> HttpResponse:
    series = guide.series
    form.set_floor(review.spoils_through)
    listing = CommentListing.of_thread(request.GET, guide)
    comments = telling_new(review.comments.all(), guide.viewer, request.visit_before)
    talk = Talk.of(comments, listing, guide, request.GET.get("page"))
    is_own = review.is_by(request.user)
    context: dict[str, Any] = {
        "guide": guide,
        "series": series,
        "subject": review.subject,
        "episode": review.episode,
        "review": review,
        "can_edit": review.can_edit(request.user),
        "rulings": ModerationAction.objects.standing_on(review) if is_own else [],
        "closed": ModerationAction.objects.closing(review),
        "listing": listing,
        "controls": listing.controls if review.comment_count >= FEWEST else [],
        "page": talk.page,
        "threads": talk.threads,
        "stubs": talk.stubs.shown,
        "fold": talk.stubs.fold(series, []),
        "elsewhere": listing.lists_waiting or review.comment_count > SIZE,
        "news": count_new(talk.shown),
        "related": Related.to(review, guide) if review.is_live else None,
        "form": form,
        "unsent": unsent,
    }
    return render(request, "reviews/review.html", context, status=422 if form.errors else 200)
