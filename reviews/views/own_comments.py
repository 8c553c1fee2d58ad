from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Field, Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.client import client_of
from accounts.decorators import MemberRequest, any_member_required, writing_first
from accounts.models import User
from episodes.guide import Guide
from episodes.models import Episode
from episodes.viewer import ViewerRequest
from reviews.forms import BonusForm, CommentEditForm, CommentForm, DiscussionForm
from reviews.held import said_of_held
from reviews.models import Comment, Review
from reviews.models.reading import Subject
from reviews.models.text import Text
from reviews.newcomer import Newcomer
from reviews.places import Place
from reviews.unsent import Unsent, forget_unsent, join_first, keep_refused, kept_in_a_flood, put_by, unsent_at
from reviews.views.comments import comment_for, discussion_page, first_scope
from reviews.views.own_scopes import tell_of_floor
from reviews.views.reviews import review_for, review_page
from reviews.views.undo import with_undo
from soundtrack_site.clock import seconds_in
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.paging import SIZE


@require_http_methods(["GET", "HEAD", "POST"])
@writing_first
def comments(request: ViewerRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The series' room or an episode's discussion: anybody reads and writes, members are published."""
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    unsent = None if request.method == "POST" else unsent_at(request, Place("talk", subject))
    form = discussion_form(request, guide, subject, unsent)
    if answer := say(request, form, subject, Place("talk", subject)):
        return answer
    return discussion_page(request, guide, subject, form, unsent)


def discussion_form(request: ViewerRequest, guide: Guide, subject: Subject, unsent: Unsent | None) -> DiscussionForm:
    """What was posted or waits unsent, or an empty form: for a moment, where the address names one (`?at=12:30`)."""
    initial: dict[str, Any] = {**first_scope(subject)}
    at = seconds_in(request.GET.get("at", ""))
    if at is not None and isinstance(subject, Episode) and at <= subject.latest_at:
        initial |= {"kind": Comment.Kind.MOMENT.value, "at": at}
    if unsent:
        initial |= unsent.initial
    return DiscussionForm(posted(request), guide=guide, subject=subject, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
@writing_first
def answer_review(request: ViewerRequest, pk: int) -> HttpResponse:
    """Post a comment under a review; who comes to read is led to the review, where the comments are."""
    guide, review = review_for(request.viewer, pk)
    if request.method != "POST":
        query = request.GET.urlencode()
        return redirect(f"{review.get_absolute_url()}{'?' if query else ''}{query}#comments")
    form = CommentForm(request.POST, guide=guide)
    return say(request, form, review, Place("answer", review)) or review_page(request, guide, review, form)


def say(request: ViewerRequest, form: CommentForm, about: Subject | Review, place: Place) -> HttpResponse | None:
    """The answer to a comment that was sent or put by; None while the page has more to say of it.

    `place`: where the words wait, unless the form answers another comment.
    """
    if not form.is_bound:
        return None
    form.full_clean()
    said = about.comments.all() if isinstance(about, Review) else Comment.objects.about(about)
    parent = form.answer(said) if "parent" in form.cleaned_data else None
    if parent is not None:
        place = Place("answer", parent)
    answered = [text.spoils_through for text in (parent, about) if isinstance(text, Text)]
    form.stand_under(max(answered, default=0))
    if answer := put_by(request, place, form):
        return answer
    if "preview" in request.POST:
        if form.show_preview() and form.is_for_newcomer:
            form.newcomer = Newcomer.of_comment(form.cleaned_data, form.guide, about)
    elif request.viewer.member and not form.errors:
        with errors_on(form), kept_in_a_flood(request, place, form):
            comment = Comment.objects.post(
                request.viewer.member, about, parent=parent, client=client_of(request), **form.cleaned_data
            )
            forget_unsent(request, place, form)
            messages.success(request, said_of_held(comment, _("It is said.")))
            tell_of_floor(request, form, comment)
            return request.viewer.drop_step(redirect(where_it_stands(comment, form.guide)), form.guide.series)
        if form.has_error(NON_FIELD_ERRORS, "gone"):
            form.answer_nothing()
    keep_refused(request, place, form)
    return None


def where_it_stands(comment: Comment, guide: Guide) -> str:
    """Among the others, on the page that lists it; an answer to a comment in its thread. At most one query.

    What waits beyond its author's own point is not listed for them: it has its own page.
    """
    review = comment.review
    place = review.get_absolute_url() if review else comment.get_discussion_url()
    if review is not None and review.comment_count < SIZE:
        return f"{place}#{comment.reveal_name}"
    if comment.root_id is not None:
        return comment.get_absolute_url()
    roots = (review.comments.all() if review else Comment.objects.about(comment.subject)).roots()
    until = roots.open_threads(guide.viewer, guide.series).filter(pk__lte=comment.pk).order_by("-pk")
    keys = list(until.values_list("pk", flat=True)[: SIZE + 1])
    if comment.pk not in keys:
        return comment.get_absolute_url()
    return f"{place}{f'?page={keys[SIZE]}' if len(keys) > SIZE else ''}#{comment.reveal_name}"


@require_http_methods(["GET", "HEAD", "POST"])
@writing_first
def edit_comment(request: ViewerRequest, pk: int) -> HttpResponse:
    member = request.viewer.member
    if member is None:
        return edit_after_login(request, pk)
    comment = own_comment(member, pk)
    guide = Guide.of(request.viewer, comment.series.slug)
    place = Place("edit", comment)
    unsent = unsent_at(request, place)
    values = {**CommentEditForm.values_of(comment), **(unsent.initial if unsent else {})}
    form = CommentEditForm(posted(request), guide=guide, comment=comment, initial=values)
    if answer := put_by(request, place, form):
        return answer
    stands = None
    if not comment.is_editable:
        closed = _("Comments can be changed for half an hour, as long as they stand. This one stays as it is.")
        if not form.is_bound:
            messages.error(request, closed)
            return redirect(comment)
        form.add_error(None, closed)
    if "preview" in request.POST:
        if form.show_preview() and form.is_for_newcomer:
            values = {"kind": comment.kind, **form.cleaned_data}
            form.newcomer = Newcomer.of_comment(values, guide, comment.review or comment.subject, comment)
    elif form.is_valid():
        with errors_on(form), kept_in_a_flood(request, place, form):
            comment.edit(client=client_of(request), **form.cleaned_data)
            forget_unsent(request, place, form)
            messages.success(request, said_of_held(comment, _("Changed.")))
            tell_of_floor(request, form, comment)
            return request.viewer.drop_step(redirect(comment), guide.series)
        if form.is_in_conflict:
            mine = Comment.objects.by(request.user).with_words().for_reader(request.viewer, guide.series)
            stands = mine.select_related("song").filter(pk=pk).first()
            form.begin_again(stands.fingerprint if stands else "")
    keep_refused(request, place, form)
    context = {
        "guide": guide,
        "series": guide.series,
        "episode": comment.episode,
        "comment": comment,
        "stands": stands,
        "unsent": None if form.is_bound else unsent,
        "form": form,
    }
    return render(request, "reviews/edit_comment.html", context, status=422 if form.errors else 200)


# What a change to a comment may hold.
EDITED = ("at", "song", "song_name", "body", "spoils_through", "hindsight", "began_with")


def edit_after_login(request: ViewerRequest, pk: int) -> HttpResponse:
    """Whose session ended while they changed a comment: their words wait. Nothing of the comment is shown."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    _guide, comment = comment_for(request.viewer, pk)
    as_typed = Form(request.POST)
    as_typed.fields = {name: Field(required=False) for name in EDITED}
    return join_first(request, Place("edit", comment), as_typed)


@require_http_methods(["GET", "HEAD", "POST"])
@writing_first
def answer_bonus(request: ViewerRequest, slug: str, number: int) -> HttpResponse:
    """Answer the question of a bonus track; who comes to read is led to the question."""
    guide = Guide.of(request.viewer, slug)
    episode = guide.aired_episode(number)
    if request.method != "POST":
        return redirect(f"{episode.get_absolute_url()}#bonus-track")
    place, member = Place("bonus", episode), request.viewer.member
    form = BonusForm(request.POST, guide=guide, episode=episode)
    if member and not guide.viewer.has_seen(episode):
        unseen = _("This opens when you have seen %(episode)s. Say so above, then send your answer again.")
        form.add_error(None, unseen % {"episode": episode.label})
    elif member and not getattr(episode, "sent_bonus_question", None):
        raise Http404(_("Nothing is asked here."))
    if answer := put_by(request, place, form):
        return answer
    if member and form.is_valid():
        with errors_on(form), kept_in_a_flood(request, place, form):
            said = Comment.objects.post(
                member, episode, kind=Comment.Kind.BONUS, client=client_of(request), **form.cleaned_data
            )
            forget_unsent(request, place, form)
            messages.success(request, said_of_held(said, _("It is said.")))
            return request.viewer.drop_step(redirect(f"{episode.get_absolute_url()}#bonus-track"), guide.series)
    keep_refused(request, place, form)
    context = {"guide": guide, "series": guide.series, "episode": episode, "form": form}
    return render(request, "reviews/answer_bonus.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
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


def own_comment(member: User, pk: int) -> Comment:
    mine = Comment.objects.by(member).with_words().select_related("series", "episode__series", "review")
    return get_object_or_404(mine, pk=pk)
