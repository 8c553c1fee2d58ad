from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from episodes.guide import Guide
from episodes.models import Series
from episodes.viewer import Viewer, ViewerRequest
from reviews.forms import CommentForm
from reviews.listing import FEWEST, CommentListing
from reviews.models import Comment, ModerationAction, ScopeTally
from reviews.models.reading import Subject
from reviews.news import count_new, telling_new
from reviews.places import Place
from reviews.threads import Talk, stretch_around
from reviews.unsent import Unsent, unsent_at
from reviews.waiting import Waiting
from reviews.waveform import Counts, Waveform
from soundtrack_site.paging import SIZE, key_in


def discussion_page(
    request: ViewerRequest, guide: Guide, subject: Subject, form: CommentForm, unsent: Unsent | None = None
) -> HttpResponse:
    series, viewer = guide.series, guide.viewer
    episode = None if isinstance(subject, Series) else subject
    listing = CommentListing.asked(request.GET, guide, of_episode=episode is not None)
    every = telling_new(Comment.objects.about(subject), viewer, request.visit_before)
    talk = Talk.of(every, listing, guide, request.GET.get("page"))
    waiting = Waiting.for_viewer(viewer, series, ScopeTally.objects.about(subject))
    waveform = None
    if episode is not None and viewer.has_seen(episode) and talk.page.is_first:
        waveform = Waveform.of(Counts.of(viewer, episode), episode, viewer, listing.minute)
    context = {
        "guide": guide,
        "series": series,
        "subject": subject,
        "episode": episode,
        "listing": listing,
        "controls": listing.controls if waiting.comments >= FEWEST else [],
        "page": talk.page,
        "threads": talk.threads,
        "stubs": talk.stubs.shown,
        # Tallies know scopes and neither kinds nor seats: of a choice no numbers are said.
        "fold": talk.stubs.fold(series, [] if listing.is_filtered else waiting.comment_waits, in_all=True),
        "elsewhere": listing.lists_waiting or waiting.comments > SIZE,
        "waiting": waiting,
        "news": count_new(talk.shown),
        "waveform": waveform,
        "form": form,
        "unsent": unsent,
    }
    return render(request, "reviews/comments.html", context, status=422 if form.errors else 200)


@require_safe
def comment(request: ViewerRequest, pk: int) -> HttpResponse:
    guide, comment = comment_for(request.viewer, pk)
    unsent = unsent_at(request, Place("answer", comment)) if comment.is_live else None
    values = {"spoils_through": comment.spoils_through, **(unsent.initial if unsent else {}), "parent": pk}
    form = CommentForm(guide=guide, at_least=comment.spoils_through, initial=values)
    series, viewer = guide.series, guide.viewer
    root = comment
    if comment.root_id is not None:
        root = Comment.objects.for_reader(viewer, series).select_related("song").get(pk=comment.root_id)
    listing = CommentListing.of_thread(request.GET, guide)
    key = key_in(request.GET.get("page"))
    stretch = stretch_around(
        root, comment, key, viewer, series, same_seat=listing.same_seat, folds=not listing.lists_waiting
    )
    is_own = comment.is_by(request.user)
    top = root if root.locked_at or comment.review is None else comment.review
    context = {
        "guide": guide,
        "series": series,
        "episode": comment.episode,
        "comment": comment,
        "review": comment.review,
        "is_closed": top.locked_at is not None,
        "closed": ModerationAction.objects.closing(top),
        "listing": listing,
        "stretch": stretch,
        "can_edit": comment.can_edit(request.user),
        "can_delete": comment.can_delete(request.user),
        "rulings": ModerationAction.objects.standing_on(comment) if is_own else [],
        "form": form,
        "unsent": unsent,
    }
    return render(request, "reviews/comment.html", context)


def comment_for(viewer: Viewer, pk: int) -> tuple[Guide, Comment]:
    """One comment as this viewer may have it, and its series. Raises Http404 for what they may not know of."""
    found = get_object_or_404(
        Comment.objects.visible_to(viewer)
        .filter(series__published_at__lte=timezone.now())
        .for_reader(viewer)
        .with_subject()
        .select_related("review__author", "song"),
        pk=pk,
    )
    guide = Guide.to(viewer, found.series, timezone.now())
    if found.episode is not None:
        found.episode = guide.episode(found.episode.number)
    return guide, found


def first_scope(subject: Subject) -> dict[str, int]:
    """What a new comment begins with: the room of a series is for newcomers, an episode's for its viewers."""
    return {"spoils_through": 0 if isinstance(subject, Series) else subject.number}
