from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from episodes.guide import Guide
from episodes.models import Series
from episodes.viewer import Viewer, ViewerRequest
from reviews.forms import CommentForm
from reviews.models import Comment, ModerationAction, ScopeTally
from reviews.models.text import Subject
from reviews.threads import stretch_around, threads_under
from reviews.waiting import Waiting
from soundtrack_site.paging import key_in, page_by_key


def discussion_page(request: ViewerRequest, guide: Guide, subject: Subject, form: CommentForm) -> HttpResponse:
    series, viewer = guide.series, guide.viewer
    roots = Comment.objects.about(subject).roots()
    readable = roots.open_threads(viewer, series).for_reader(viewer, series)
    page = page_by_key(readable, request.GET.get("page"), newest_first=False)
    waiting_roots = roots.waiting_for(viewer, series).for_reader(viewer, series)
    context = {
        "guide": guide,
        "series": series,
        "subject": subject,
        "episode": None if isinstance(subject, Series) else subject,
        "page": page,
        "threads": threads_under(page.rows, viewer, series),
        "stubs": page_by_key(waiting_roots, request.GET.get("waiting")) if page.is_first else None,
        "waiting": Waiting.for_viewer(viewer, series, ScopeTally.objects.about(subject)),
        "form": form,
    }
    return render(request, "reviews/comments.html", context, status=422 if form.errors else 200)


@require_safe
def comment(request: ViewerRequest, pk: int) -> HttpResponse:
    guide, comment = comment_for(request.viewer, pk)
    form = CommentForm(
        guide=guide, at_least=comment.spoils_through, initial={"parent": pk, "spoils_through": comment.spoils_through}
    )
    series, viewer = guide.series, guide.viewer
    root = comment
    if comment.root_id is not None:
        root = Comment.objects.for_reader(viewer, series).get(pk=comment.root_id)
    stretch = stretch_around(root, comment, key_in(request.GET.get("page")), viewer, series)
    is_own = comment.is_by(request.user)
    context = {
        "guide": guide,
        "series": series,
        "episode": comment.episode,
        "comment": comment,
        "review": comment.review,
        "stretch": stretch,
        "can_edit": comment.can_edit(request.user),
        "can_delete": comment.can_delete(request.user),
        "hidden": ModerationAction.objects.last_hiding(comment) if is_own and comment.is_hidden else None,
        "form": form,
    }
    return render(request, "reviews/comment.html", context)


def comment_for(viewer: Viewer, pk: int) -> tuple[Guide, Comment]:
    """One comment as this viewer may have it, and its series. Raises Http404 for what they may not know of."""
    found = get_object_or_404(
        Comment.objects.visible_to(viewer)
        .filter(series__published_at__lte=timezone.now())
        .for_reader(viewer)
        .with_subject()
        .select_related("review__author"),
        pk=pk,
    )
    guide = Guide.to(viewer, found.series, timezone.now())
    if found.episode is not None:
        found.episode = guide.episode(found.episode.number)
    return guide, found


def first_scope(subject: Subject) -> dict[str, int]:
    """What a new comment begins with: the room of a series is for newcomers, an episode's for its viewers."""
    return {"spoils_through": 0 if isinstance(subject, Series) else subject.number}
