from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.client import client_of
from accounts.decorators import MemberRequest, any_member_required, writing_first
from episodes.guide import Guide
from episodes.viewer import ViewerRequest
from reviews.forms import ReviewForm
from reviews.held import said_of_held
from reviews.models import Draft, Review
from reviews.models.draft import WRITTEN, words_of
from reviews.models.reading import Subject
from reviews.newcomer import Newcomer
from reviews.opened import Opening
from reviews.places import Place
from reviews.unsent import Unsent, forget_unsent, keep_refused, kept_in_a_flood, put_by, typed, unsent_at
from reviews.views.own_scopes import tell_of_floor
from reviews.views.reviews import review_for
from reviews.views.undo import with_undo
from soundtrack_site.forms import errors_on, posted


@require_http_methods(["GET", "HEAD", "POST"])
@writing_first
def edit_review(request: ViewerRequest, slug: str, number: int | None = None) -> HttpResponse:
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    member, place = request.viewer.member, Place("review", subject)
    review = Review.objects.by(member).about(subject).with_words().first() if member else None
    unsent = unsent_at(request, place)
    form = review_form(request, guide, subject, review, unsent)
    if answer := put_by(request, place, form):
        return answer
    stands = None
    if "preview" in request.POST:
        if form.show_preview() and form.is_for_newcomer:
            form.newcomer = Newcomer.of_review(form.cleaned_data, guide, subject, review)
    elif member and form.is_valid():
        with errors_on(form), kept_in_a_flood(request, place, form):
            opening = Opening(guide)
            published = Review.objects.publish(member, subject, client=client_of(request), **form.cleaned_data)
            forget_unsent(request, place, form)
            messages.success(request, opening.said_after(said_of(published)))
            tell_of_floor(request, form, published)
            return request.viewer.drop_step(redirect(subject if published.is_bare else published), guide.series)
        if form.is_in_conflict:
            mine = Review.objects.by(member).about(subject).with_words()
            stands = mine.for_reader(request.viewer, guide.series).first()
            form.begin_again(stands.fingerprint if stands else "")
    keep_refused(request, place, form)
    context = {
        "guide": guide,
        "series": guide.series,
        "subject": subject,
        "episode": subject if number is not None else None,
        "review": review,
        "stands": stands,
        "unsent": None if form.is_bound else unsent,
        "marks_seen": number is not None and review is None and not guide.viewer.has_seen(guide.episode(number)),
        "form": form,
    }
    return render(request, "reviews/edit_review.html", context, status=422 if form.errors else 200)


def review_form(
    request: ViewerRequest, guide: Guide, subject: Subject, review: Review | None, unsent: Unsent | None
) -> ReviewForm:
    """What was posted, or what waits unsent, or the review as it stands, or an empty form."""
    values = {**ReviewForm.values_of(review, subject, guide), **(unsent.initial if unsent else {})}
    return ReviewForm.about(subject)(posted(request), guide=guide, review=review, initial=values)


def said_of(review: Review) -> str:
    """What a member hears who has put a review on the record."""
    if review.is_hidden:
        return _("Your words are kept. A moderator has hidden this review: it stays hidden until they put it back.")
    return said_of_held(review, _("It is on the record."))


def own_review(request: MemberRequest, pk: int) -> tuple[Guide, Review]:
    """The same for its author alone; another's answers like one that is not there."""
    guide, review = review_for(request.viewer, pk)
    if not review.can_edit(request.user):
        raise Http404
    return guide, review


@require_POST
@any_member_required
def remove_rating(request: MemberRequest, pk: int) -> HttpResponse:
    guide, review = own_review(request, pk)
    keep_changes(request, guide, review)
    review.remove_rating()
    said = _("Your stars are taken back.")
    messages.success(request, with_undo(said, review) if review.deleted_at else said)
    return redirect(review.get_edit_url())


def keep_changes(request: MemberRequest, guide: Guide, review: Review) -> None:
    """The button stands in the form of the review: what was changed there, and not sent, waits as a draft."""
    form = ReviewForm.about(review.subject)(request.POST, guide=guide)
    stored = ReviewForm.values_of(Review.objects.with_words().get(pk=review.pk), review.subject, guide)
    values = {name: said for name, said in typed(form).items() if name not in ("stars", "began_with")}
    if words_of(values) and any(values.get(name, "") != stored[name] for name in WRITTEN if name in stored):
        place, resumes = Place("review", review.subject), request.POST.get("resumes", "")
        Draft.objects.keep(request.user, place, values, resumes)


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def delete_review(request: MemberRequest, pk: int) -> HttpResponse:
    guide, review = own_review(request, pk)
    if request.method == "POST":
        review.retract()
        messages.success(request, with_undo(_("Your review is deleted."), review))
        return redirect(review.subject)
    context = {"guide": guide, "series": guide.series, "episode": review.episode, "review": review}
    return render(request, "reviews/delete_review.html", context)
