from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from episodes.forms import ProgressForm
from episodes.guide import Guide
from episodes.models import Credit, Note, PressReview, Series
from episodes.viewer import ViewerRequest
from reviews.models import Comment, RatingTally, Review, ScopeTally
from reviews.score import Score
from reviews.waiting import Waiting
from soundtrack_site.paths import own_path
from soundtrack_site.same_origin import same_origin_or_asks

SHOWN = 3  # texts of each kind on a page that is about something else


@require_safe
def home(request: ViewerRequest) -> HttpResponse:
    """The only series there is, or the newest of several before the others."""
    now = timezone.now()
    published = list(Series.objects.published(now).for_reader(request.viewer).order_by("-published_at", "-pk"))
    guide = Guide.to(request.viewer, published[0], now) if published else None
    if guide and len(published) == 1:
        return render(request, "episodes/series.html", series_context(guide))
    return render(request, "episodes/home.html", {"guide": guide, "others": published[1:]})


@require_safe
def series_list(request: ViewerRequest) -> HttpResponse:
    every = Series.objects.published(timezone.now())
    return render(request, "episodes/series_list.html", {"every": every})


@require_safe
def series(request: ViewerRequest, slug: str) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    return render(request, "episodes/series.html", series_context(guide))


def series_context(guide: Guide) -> dict[str, Any]:
    """All that the series' page shows. Thirteen queries with the guide's two, four more for a member."""
    series, viewer = guide.series, guide.viewer
    scores = Score.by_episode(RatingTally.objects.filter(series=series))
    own = (
        dict(Review.objects.by(viewer.member).filter(series=series).values_list("episode__number", "stars"))
        if viewer.member
        else {}
    )
    reviews = Review.objects.about(series).listed()
    everyone = list(Credit.objects.for_reader(viewer, series))
    return {
        "guide": guide,
        "series": series,
        "tags": series.tags.all(),
        "cast": [credit for credit in everyone if credit.job == Credit.Job.CAST],
        "crew": [credit for credit in everyone if credit.job != Credit.Job.CAST],
        "songs": series.songs.all(),
        "press": PressReview.objects.for_reader(viewer, series),
        "kin": series.kin.select_related("to_series"),
        "watch_links": series.watch_links.all(),
        "notes": Note.objects.for_reader(viewer, series),
        "sources": series.sources.all(),
        "scores": {episode.number: scores.get(episode.pk, Score()) for episode in guide.episodes},
        "score": scores.get(None, Score()),
        "own": own,
        "reviews": reviews.open_to(viewer, series).for_reader(viewer, series).order_by("-pk")[:SHOWN],
        "waiting": Waiting.for_viewer(viewer, series, ScopeTally.objects.about(series)),
    }


@require_safe
def episode(request: ViewerRequest, slug: str, number: int) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    episode = guide.episode(number)
    series, viewer = guide.series, guide.viewer
    reviews = Review.objects.about(episode).listed()
    context = {
        "guide": guide,
        "series": series,
        "episode": episode,
        "before": guide.before(episode),
        "after": guide.after(episode),
        "has_aired": episode.has_aired(guide.now),
        "has_seen": viewer.has_seen(episode),
        "score": Score.of(RatingTally.objects.about(episode)),
        "own": Review.objects.by(viewer.member).about(episode).first() if viewer.member else None,
        "reviews": reviews.open_to(viewer, series).for_reader(viewer, series).order_by("-pk")[:SHOWN],
        "stubs": reviews.waiting_for(viewer, series).for_reader(viewer, series).order_by("-pk")[:SHOWN],
        "comments": Comment.objects.about(episode)
        .roots()
        .open_to(viewer, series)
        .for_reader(viewer, series)
        .order_by("-pk")[:SHOWN],
        "waiting": Waiting.for_viewer(viewer, series, ScopeTally.objects.about(episode)),
    }
    return render(request, "episodes/episode.html", context)


@require_safe
def recap(request: ViewerRequest, slug: str, number: int) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    episode = guide.episode(number)
    series, viewer = guide.series, guide.viewer
    context = {
        "guide": guide,
        "series": series,
        "episode": episode,
        "has_aired": episode.has_aired(guide.now),
        "has_seen": viewer.has_seen(episode),
        "key_moments": episode.key_moments.for_reader(viewer, series).select_related("spotted_by"),
        "cues": episode.cues.for_reader(viewer, series),
        "before": guide.before(episode),
        "after": guide.after(episode),
    }
    return render(request, "episodes/recap.html", context)


@same_origin_or_asks
@require_POST
def set_progress(request: ViewerRequest, slug: str) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    form = ProgressForm(request.POST, guide=guide)
    if not form.is_valid():
        back = where_pressed(request, guide.series)
        context = {"form": form, "guide": guide, "series": guide.series, "back": back}
        return render(request, "episodes/set_progress.html", context, status=422)
    point: int = form.cleaned_data["seen_through"]
    answer = redirect(where_pressed(request, guide.series))
    request.viewer.record(answer, guide.series, point)
    if point == 0:
        said = _("Not started. Only what is safe for newcomers is sent to you.")
    elif guide.is_complete and point == guide.last_aired:
        said = _("You have seen it all: everything is open to you.")
    else:
        said = _("Seen through %(episode)s.") % {"episode": guide.series.words.numbered(point)}
    messages.success(request, said)
    return answer


def where_pressed(request: HttpRequest, series: Series) -> str:
    """The page whose band was pressed, as far as it says so, else the series."""
    asked = request.GET.get("next") or request.POST.get("next") or ""
    return own_path(request, asked) or series.get_absolute_url()
