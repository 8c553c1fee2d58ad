from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.client import client_of
from accounts.decorators import writing_first
from episodes.guide import Guide
from episodes.viewer import ViewerRequest
from reviews.forms import EpisodeRatingsForm, RatingForm
from reviews.models import Review
from reviews.models.review import edit_review_url
from reviews.opened import Opening
from reviews.places import Place
from reviews.templatetags.ratings import in_stars
from reviews.unsent import forget_unsent, keep_refused, kept_in_a_flood, put_by, unsent_at
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.paths import own_path


@require_POST
@writing_first
def rate(request: ViewerRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Give stars and leave every word of the review as it is; leads back to where they were given."""
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    asked = request.GET.get("next") or request.POST.get("next") or ""
    back = own_path(request, asked) or subject.get_absolute_url()  # this address itself shows nothing
    form = RatingForm(request.POST, guide=guide)
    member = request.viewer.member
    if answer := put_by(request, Place("review", subject), form):
        return answer
    if member and form.is_valid():
        with errors_on(form):
            opening = Opening(guide)
            review = Review.objects.rate(member, subject, form.cleaned_data["stars"], client_of(request))
            messages.success(request, opening.said_after(said_of_stars(review, guide)))
            return request.viewer.drop_step(redirect(back), guide.series)
    context = {
        "guide": guide,
        "series": guide.series,
        "episode": subject if number is not None else None,
        "back": back,
        "form": form,
    }
    return render(request, "reviews/rate.html", context, status=422)


def said_of_stars(review: Review, guide: Guide) -> str:
    """ "On the record: 4½, on repeat all week." """
    if review.is_hidden:
        return _("Your stars are kept. A moderator has hidden this review: it stays hidden until they put it back.")
    stars = review.stars or 0
    words = {"stars": in_stars(stars), "phrase": guide.series.words.star_phrase(stars)}
    said = _("On the record: %(stars)s, %(phrase)s.") if words["phrase"] else _("On the record: %(stars)s.")
    return said % words


@require_http_methods(["GET", "HEAD", "POST"])
@writing_first
def rate_episodes(request: ViewerRequest, slug: str) -> HttpResponse:
    """Every episode in one go, for whoever has seen them all; then the season review."""
    guide = Guide.of(request.viewer, slug)
    member, place = request.viewer.member, Place("ratings", guide.series)
    stars: dict[int, int | None] = {}
    if member:
        own = Review.objects.by(member).filter(series=guide.series, episode__isnull=False)
        stars = dict(own.values_list("episode__number", "stars"))
    unsent = unsent_at(request, place)
    form = EpisodeRatingsForm(posted(request), guide=guide, own=stars, unsent=unsent.initial if unsent else {})
    if answer := put_by(request, place, form):
        return answer
    if member and form.is_valid():
        with errors_on(form), kept_in_a_flood(request, place, form):
            opening = Opening(guide)
            client: str | None = client_of(request)
            given = list(form.given())
            for episode, half_stars in given:
                Review.objects.rate(member, episode, half_stars, client)
                client = None  # one press is one act, however many episodes there are
            forget_unsent(request, place, form)
            answer = redirect(edit_review_url(guide.series))
            if given:
                said = _("Your stars are on the record. Now the whole of it, if you like.")
                messages.success(request, opening.said_after(said))
                request.viewer.drop_step(answer, guide.series)
            return answer
    keep_refused(request, place, form)
    waits = None if form.is_bound else unsent
    context = {"guide": guide, "series": guide.series, "form": form, "unsent": waits}
    return render(request, "reviews/rate_episodes.html", context, status=422 if form.errors else 200)
