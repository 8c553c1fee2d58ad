from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import MemberRequest, any_member_required
from episodes.guide import Guide
from reviews.forms import RaiseForm
from reviews.forms.text import ScopedForm
from reviews.models import Comment, Review
from soundtrack_site.forms import errors_on, posted


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def raise_review(request: MemberRequest, pk: int) -> HttpResponse:
    mine = Review.objects.by(request.user).with_words().select_related("series", "episode__series")
    review = get_object_or_404(mine, pk=pk)
    if not review.has_scoped_words:
        raise Http404(_("Stars and a headline are for everybody."))
    return raise_own(request, review, "reviews/raise_review.html")


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def raise_comment(request: MemberRequest, pk: int) -> HttpResponse:
    mine = Comment.objects.by(request.user).with_words().select_related("series", "episode__series")
    return raise_own(request, get_object_or_404(mine, pk=pk), "reviews/raise_comment.html")


def raise_own(request: MemberRequest, text: Review | Comment, template: str) -> HttpResponse:
    """Put one's own text further, also when its words cannot be changed any more.

    Silenced members may: it says nothing, and spares readers what came too early.
    """
    guide = Guide.of(request.viewer, text.series.slug)
    form = RaiseForm(posted(request), text=text, guide=guide)
    if form.is_valid():
        with errors_on(form):
            text.raise_scope(form.cleaned_data["spoils_through"])
            messages.success(request, said_of_scope(text, guide))
            return redirect(text)
    context = {"guide": guide, "series": guide.series, "episode": text.episode, "text": text, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def said_of_scope(text: Review | Comment, guide: Guide) -> str:
    if not text.spoils_through:
        return _("Everyone may read it, as before.")
    waits = _("It waits after %(episode)s now, and so does what answers it.")
    return waits % {"episode": guide.series.words.numbered(text.spoils_through)}


def tell_of_floor(request: HttpRequest, form: ScopedForm, text: Review | Comment) -> None:
    """Say of a text that was sent where it stands, if that is further than was asked for."""
    if said := form.said_of_floor(text):
        messages.info(request, said)
