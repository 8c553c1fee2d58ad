from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from episodes.airing import Airing
from episodes.forms import ProgressForm
from episodes.guide import Cover, Guide
from episodes.homecoming import Homecoming
from episodes.models import Credit, Episode, Note, PressReview, Series
from episodes.viewer import ViewerRequest
from reviews.forms import BonusForm, RatingForm
from reviews.glimpses import newest_of
from reviews.models import Comment, Review, ScopeTally
from reviews.opened import Opening
from reviews.places import Place
from reviews.score import Score, Scores, folds
from reviews.taken_back import take_back
from reviews.unsent import unsent_at
from reviews.waiting import Stubs, Waiting
from reviews.waveform import Counts, Waveform
from soundtrack_site.paths import own_path
from soundtrack_site.same_origin import same_origin_or_asks

SHOWN = 3  # texts of each kind on a page that is about something else


@require_safe
def home(request: ViewerRequest) -> HttpResponse:
    """What awaits a member; to a visitor, the only series there is, or the newest of several before the others."""
    now = timezone.now()
    viewer = request.viewer
    series = Series.objects.published(now).for_reader(viewer).with_minutes()
    published = list(series.order_by("-published_at", "-pk"))
    if not published:
        return render(request, "episodes/home.html")
    progress = viewer.look_up(published) if viewer.member else []
    guide = Guide.to(viewer, published[0], now)
    context: dict[str, Any] = {"guide": guide, "others": Cover.shelf(viewer, published[1:])}
    if viewer.member:
        since = getattr(request, "visit_before", None)
        context["scores"] = Scores.of(guide)
        context["homecoming"] = Homecoming.of(viewer.member, guide, published, progress, since)
    elif len(published) == 1:
        return render(request, "episodes/series.html", {**series_context(guide), "is_home": True})
    return render(request, "episodes/home.html", context)


@require_safe
def series_list(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    every = list(Series.objects.published(timezone.now()).with_minutes())
    if viewer.member:
        viewer.look_up(every)
    return render(request, "episodes/series_list.html", {"every": Cover.shelf(viewer, every)})


@require_safe
def series(request: ViewerRequest, slug: str) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    return render(request, "episodes/series.html", series_context(guide))


def series_context(guide: Guide) -> dict[str, Any]:
    """All that the series' page shows. Thirteen queries with the guide's two, four more for a member."""
    series, viewer = guide.series, guide.viewer
    press = list(PressReview.objects.for_reader(viewer, series))
    reviews = Review.objects.about(series).listed()
    everyone = list(Credit.objects.for_reader(viewer, series))
    return {
        "guide": guide,
        "series": series,
        "tags": series.tags.all(),
        "cast": [credit for credit in everyone if credit.job == Credit.Job.CAST],
        "crew": [credit for credit in everyone if credit.job != Credit.Job.CAST],
        "songs": series.songs.all(),
        "press": [said for said in press if said.quote or said.score is None or not guide.aired],
        "press_by_number": by_number(press),
        "kin": series.kin.select_related("to_series"),
        "watch_links": series.watch_links.all(),
        "notes": Note.objects.for_reader(viewer, series),
        "sources": series.sources.all(),
        "scores": Scores.of(guide),
        "reviews": reviews.open_to(viewer, series).for_reader(viewer, series).order_by("-pk")[:SHOWN],
        "waiting": Waiting.for_viewer(viewer, series, ScopeTally.objects.about(series)),
    }


def by_number(press: list[PressReview]) -> dict[int | None, list[PressReview]]:
    """What the press scored each episode; None is the whole series."""
    found: dict[int | None, list[PressReview]] = {}
    for said in press:
        if said.score is not None:
            found.setdefault(said.episode.number if said.episode else None, []).append(said)
    return found


@require_safe
def episode(request: ViewerRequest, slug: str, number: int) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    episode = guide.episode(number)
    series, viewer = guide.series, guide.viewer
    reviews = Review.objects.about(episode).listed()
    own = Review.objects.by(viewer.member).about(episode).first() if viewer.member else None
    counts = Counts.of(viewer, episode)
    waveform = Waveform.of(counts, episode, viewer)
    talk = talk_about(guide, episode)
    waiting = Waiting.for_viewer(viewer, series, ScopeTally.objects.about(episode))
    has_seen = viewer.has_seen(episode)
    asks_bonus = bool(getattr(episode, "sent_bonus_question", None))
    unsent = unsent_at(request, Place("bonus", episode)) if asks_bonus else None
    shown = list(reviews.open_to(viewer, series).for_reader(viewer, series).order_by("-pk")[:SHOWN])
    stubs = Stubs.among(reviews.waiting_for(viewer, series).for_reader(viewer, series), viewer)
    context = {
        "guide": guide,
        "series": series,
        "episode": episode,
        "side": guide.side_of(episode),
        "before": guide.before(episode),
        "after": guide.after(episode),
        "airing": guide.airing if episode.number == guide.last_aired else Airing.of(episode, viewer, guide.now),
        "has_aired": episode.has_aired(guide.now),
        "has_seen": has_seen,
        "rating": RatingForm(guide=guide, initial={"stars": own and own.stars}) if has_seen else None,
        "bonus": BonusForm(guide=guide, episode=episode, initial=unsent.initial if unsent else {})
        if asks_bonus
        else None,
        "unsent_bonus": unsent,
        "score": Score(counts.ratings).folded(folds(guide, episode, own.stars if own else None)),
        "own": own,
        "reviews": shown,
        "stubs": stubs.shown,
        "fold": stubs.fold(series, waiting.reviews_beyond(stubs.shown)),
        "elsewhere": not stubs.stays_among(shown, SHOWN),
        "waiting": waiting,
        "waveform": waveform,
        "moments": waveform.lines(talk.get("felt_moments", []), viewer),
        **talk,
    }
    return render(request, "episodes/episode.html", context)


def talk_about(guide: Guide, episode: Episode) -> dict[str, Any]:
    """The newest that is said on an episode's page, all in one query.

    `comments` anybody may find there; `answers` to the bonus question and `felt_moments`, which are left out of the
    `comments` then, are for who has seen the episode; `guesses`, from people in the same seat, for whom it is the last
    they have seen and another follows.
    """
    series, viewer = guide.series, guide.viewer
    roots = Comment.objects.roots()
    # The same rows. Who has seen the episode may read most of them: the newest come first by age. To others few are
    # open: those come first by scope. So said, databases choose the index that stops soonest.
    found = roots.open_threads(viewer, series).live() if viewer.has_seen(episode) else roots.open_to(viewer, series)
    said = found.for_reader(viewer, series).select_related("song")
    talk = said.about(episode).exclude(kind=Comment.Kind.BONUS)
    lists = {"comments": [talk]}
    if viewer.has_seen(episode):
        lists["answers"] = [said.about(episode).filter(kind=Comment.Kind.BONUS)]
        lists["felt_moments"] = [talk.pinned()]
        lists["comments"] = [talk.filter(at=None)]
    if viewer.point(series) == episode.number and guide.after(episode):
        lists["guesses"] = [place.same_seat(viewer, series) for place in (talk, said.about(series))]
    return {"is_between": "guesses" in lists, **newest_of(lists, felt=["felt_moments"])}


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
    opening = Opening(guide)
    answer = redirect(where_pressed(request, guide.series))
    request.viewer.record(answer, guide.series, form.cleaned_data["seen_through"])
    messages.success(request, opening.said())
    return answer


@same_origin_or_asks
@require_POST
def undo_progress(request: ViewerRequest, slug: str) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    answer = redirect(where_pressed(request, guide.series))
    try:
        take_back(request.viewer, guide.series)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        request.viewer.carry(answer)
        messages.success(request, _("Taken back. You are where you were."))
    request.viewer.drop_step(answer, guide.series)
    return answer


def where_pressed(request: HttpRequest, series: Series) -> str:
    """The page whose band was pressed, as far as it says so, else the series."""
    asked = request.GET.get("next") or request.POST.get("next") or ""
    return own_path(request, asked) or series.get_absolute_url()
