from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import MemberRequest, member_required
from episodes.guide import Guide
from episodes.viewer import ViewerRequest
from reviews.forms import CommentEditForm, CommentForm
from reviews.models import Comment, Review
from reviews.models.text import Subject
from reviews.views.comments import comment_for, discussion_page, first_scope
from reviews.views.reviews import review_for, review_page
from reviews.views.undo import with_undo
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.paging import SIZE


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
        messages.success(request, with_undo(_("Your comment is deleted."), comment))
        return redirect(comment.get_discussion_url())
    context = {"guide": guide, "series": guide.series, "episode": comment.episode, "comment": comment}
    return render(request, "reviews/delete_comment.html", context)


def own_comment(request: MemberRequest, pk: int) -> Comment:
    mine = Comment.objects.by(request.user).with_words().select_related("series", "episode__series", "review")
    return get_object_or_404(mine, pk=pk)
