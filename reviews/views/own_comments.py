from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import MemberRequest, member_required
from episodes.guide import Guide
from episodes.models import Episode
from episodes.viewer import ViewerRequest
from reviews.forms import BonusForm, CommentEditForm, CommentForm, DiscussionForm
from reviews.models import Comment, Review
from reviews.models.text import Subject
from reviews.views.comments import comment_for, discussion_page, first_scope
from reviews.views.reviews import review_for, review_page
from reviews.views.undo import with_undo
from soundtrack_site.clock import seconds_in
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.paging import SIZE


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: ViewerRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The series' room or an episode's discussion: anybody reads, members post."""
    if request.method == "POST":
        return post_comment(request, slug, number)
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    return discussion_page(request, guide, subject, discussion_form(request, guide, subject))


def discussion_form(request: ViewerRequest, guide: Guide, subject: Subject) -> DiscussionForm:
    """What was posted, or an empty form: for a moment, where the address names one (`?at=12:30`)."""
    initial: dict[str, Any] = {**first_scope(subject)}
    at = seconds_in(request.GET.get("at", ""))
    if at is not None and isinstance(subject, Episode) and at <= subject.latest_at:
        initial |= {"kind": Comment.Kind.MOMENT.value, "at": at}
    return DiscussionForm(posted(request), guide=guide, subject=subject, initial=initial)


@member_required
def post_comment(request: MemberRequest, slug: str, number: int | None) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    form = discussion_form(request, guide, subject)
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
    """The comment that the form makes there, or None with the form saying why not, or showing how it would look."""
    parent = form.answer() if form.is_valid() else None
    if "preview" in request.POST:
        form.show_preview()
        return None
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
    stands = None
    if not comment.is_editable:
        closed = _("Comments can be changed for half an hour, as long as they stand. This one stays as it is.")
        if not form.is_bound:
            messages.error(request, closed)
            return redirect(comment)
        form.add_error(None, closed)
    if "preview" in request.POST:
        form.show_preview()
    elif form.is_valid():
        with errors_on(form):
            comment.edit(**form.cleaned_data)
            messages.success(request, _("Changed."))
            return redirect(comment)
        if form.is_in_conflict:
            mine = Comment.objects.by(request.user).with_words().for_reader(request.viewer, guide.series)
            stands = mine.select_related("song").get(pk=pk)
            form.begin_again(stands.fingerprint)
    context = {
        "guide": guide,
        "series": guide.series,
        "episode": comment.episode,
        "comment": comment,
        "stands": stands,
        "form": form,
    }
    return render(request, "reviews/edit_comment.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_bonus(request: ViewerRequest, slug: str, number: int) -> HttpResponse:
    """Answer the question of a bonus track; who comes to read is led to the question."""
    if request.method == "POST":
        return post_bonus(request, slug, number)
    episode = Guide.of(request.viewer, slug).aired_episode(number)
    return redirect(f"{episode.get_absolute_url()}#bonus-track")


@member_required
def post_bonus(request: MemberRequest, slug: str, number: int) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    episode = guide.aired_episode(number)
    form = BonusForm(request.POST)
    if not guide.viewer.has_seen(episode):
        unseen = _("This opens when you have seen %(episode)s. Say so above, then send your answer again.")
        form.add_error(None, unseen % {"episode": episode.label})
    elif not getattr(episode, "sent_bonus_question", None):
        raise Http404(_("Nothing is asked here."))
    if form.is_valid():
        with errors_on(form):
            body, kind = form.cleaned_data["body"], Comment.Kind.BONUS
            Comment.objects.post(request.user, episode, body=body, kind=kind, spoils_through=episode.number)
            messages.success(request, _("It is said."))
            return redirect(f"{episode.get_absolute_url()}#bonus-track")
    context = {"guide": guide, "series": guide.series, "episode": episode, "form": form}
    return render(request, "reviews/answer_bonus.html", context, status=422)


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
