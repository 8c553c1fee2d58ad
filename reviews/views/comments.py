from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import MemberRequest, member_required
from episodes.guide import Guide
from episodes.models import Series
from episodes.viewer import Viewer, ViewerRequest
from reviews.forms import CommentEditForm, CommentForm
from reviews.models import Comment, ModerationAction, Review, ScopeTally
from reviews.models.text import Subject
from reviews.threads import stretch_around, threads_under
from reviews.views.reviews import review_for, review_page
from reviews.waiting import Waiting
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.paging import SIZE, key_in, page_by_key


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: ViewerRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The series' room or an episode's discussion: anybody reads, members post."""
    if request.method == "POST":
        return post_comment(request, slug, number)
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    return discussion_page(request, guide, subject, CommentForm(guide=guide, initial=first_scope(subject)))


@member_required
def post_comment(request: MemberRequest, slug: str, number: int | None) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    form = CommentForm(request.POST, guide=guide)
    if posted_comment := publish_comment(request, form, subject):
        return redirect(posted_comment)
    return discussion_page(request, guide, subject, form)


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


@require_http_methods(["GET", "HEAD", "POST"])
def answer_review(request: ViewerRequest, pk: int) -> HttpResponse:
    """Post a comment under a review; who comes to read is led to the review, where the comments are."""
    if request.method == "POST":
        return post_answer(request, pk)
    _guide, review = review_for(request.viewer, pk)
    query = request.GET.urlencode()
    return redirect(f"{review.get_absolute_url()}{'?' if query else ''}{query}#comments")


@member_required
def post_answer(request: MemberRequest, pk: int) -> HttpResponse:
    guide, review = review_for(request.viewer, pk)
    form = CommentForm(request.POST, guide=guide)
    if posted_comment := publish_comment(request, form, review):
        if review.comment_count < SIZE:
            return redirect(f"{review.get_absolute_url()}#{posted_comment.reveal_name}")
        return redirect(posted_comment)
    return review_page(request, guide, review, form)


def publish_comment(request: MemberRequest, form: CommentForm, place: Subject | Review) -> Comment | None:
    """The comment that the form makes there, or None with the form saying why not."""
    if not form.is_valid():
        return None
    parent = form.answer()
    if form.errors:
        return None
    with errors_on(form):
        comment = Comment.objects.post(request.user, place, parent=parent, **form.cleaned_data)
        messages.success(request, _("It is said."))
        return comment
    if form.has_error(NON_FIELD_ERRORS, "gone"):
        form.answer_nothing()
    return None


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


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_comment(request: MemberRequest, pk: int) -> HttpResponse:
    comment = own_comment(request, pk)
    guide = Guide.of(request.viewer, comment.series.slug)
    form = CommentEditForm(posted(request), guide=guide, comment=comment)
    if not comment.is_editable:
        closed = _("Comments can be changed for half an hour, as long as they stand. This one stays as it is.")
        if not form.is_bound:
            messages.error(request, closed)
            return redirect(comment)
        form.add_error(None, closed)
    if form.is_valid():
        with errors_on(form):
            comment.edit(**form.cleaned_data)
            messages.success(request, _("Changed."))
            return redirect(comment)
    context = {"guide": guide, "series": guide.series, "episode": comment.episode, "comment": comment, "form": form}
    return render(request, "reviews/edit_comment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def delete_comment(request: MemberRequest, pk: int) -> HttpResponse:
    guide, comment = comment_for(request.viewer, pk)
    if not comment.can_delete(request.user):
        raise Http404
    if request.method == "POST":
        comment.retract()
        messages.success(request, _("Your comment is deleted."))
        return redirect(comment.get_discussion_url())
    context = {"guide": guide, "series": guide.series, "episode": comment.episode, "comment": comment}
    return render(request, "reviews/delete_comment.html", context)


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


def own_comment(request: MemberRequest, pk: int) -> Comment:
    mine = Comment.objects.by(request.user).with_words().select_related("series", "episode__series", "review")
    return get_object_or_404(mine, pk=pk)


def first_scope(subject: Subject) -> dict[str, int]:
    """What a new comment begins with: the room of a series is for newcomers, an episode's for its viewers."""
    return {"spoils_through": 0 if isinstance(subject, Series) else subject.number}
