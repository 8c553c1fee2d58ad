from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import MemberRequest, member_required
from episodes.guide import Guide
from reviews.models import Review
from reviews.models.review import edit_review_url
from reviews.rating_forms import EpisodeRatingsForm, RatingForm
from reviews.templatetags.ratings import in_stars
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.paths import own_path


@require_POST
@member_required
def rate(request: MemberRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Give stars and leave every word of the review as it is; leads back to where they were given."""
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    back = own_path(request, request.GET.get("next") or request.POST.get("next") or "")
    form = RatingForm(request.POST, guide=guide)
    if form.is_valid():
        with errors_on(form):
            review = Review.objects.rate(request.user, subject, form.cleaned_data["stars"])
            messages.success(request, said_of_stars(review, guide))
            return redirect(back or subject)
    context = {
        "guide": guide,
        "series": guide.series,
        "episode": subject if number is not None else None,
        "back": back,
        "form": form,
    }
    return render(request, "reviews/rate.html", context, status=422)


def said_of_stars(review: Review, guide: Guide) -> str:
    """ "On the record: 4½, on repeat all week.", and where it has taken the member."""
    if review.is_hidden:
        return _("Your stars are kept. A moderator has hidden this review: it stays hidden until they put it back.")
    stars = review.stars or 0
    words = {"stars": in_stars(stars), "phrase": guide.series.words.star_phrase(stars)}
    said = _("On the record: %(stars)s, %(phrase)s.") if words["phrase"] else _("On the record: %(stars)s.")
    if review.episode is None or guide.viewer.has_seen(review.episode):
        return said % words
    now_seen = _("You have seen through %(episode)s now.") % {"episode": review.episode.label}
    return f"{said % words} {now_seen}"


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def rate_episodes(request: MemberRequest, slug: str) -> HttpResponse:
    """Every episode in one go, for whoever has seen them all; then the season review."""
    guide = Guide.of(request.viewer, slug)
    own = Review.objects.by(request.user).filter(series=guide.series, episode__isnull=False)
    stars = dict(own.values_list("episode__number", "stars"))
    form = EpisodeRatingsForm(posted(request), guide=guide, own=stars)
    if form.is_valid():
        with errors_on(form):
            given = [Review.objects.rate(request.user, episode, stars) for episode, stars in form.given()]
            if given:
                messages.success(request, _("Your stars are on the record. Now the whole of it, if you like."))
            return redirect(edit_review_url(guide.series))
    context = {"guide": guide, "series": guide.series, "form": form}
    return render(request, "reviews/rate_episodes.html", context, status=422 if form.errors else 200)
