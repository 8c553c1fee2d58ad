from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.client import client_of
from accounts.decorators import MemberRequest, member_required
from reviews.models import Comment, Like, Review
from reviews.models.reading import T, TextQuerySet
from soundtrack_site.paths import own_path


class LikeForm(forms.Form):
    """The state that is wanted, not a toggle: pressed twice it is what was wanted once."""

    liked = forms.TypedChoiceField(choices=[("true", "yes"), ("false", "no")], coerce=lambda said: said == "true")


@require_POST
@member_required
def like_review(request: MemberRequest, pk: int) -> HttpResponse:
    return feel(request, standing(Review.objects.all(), pk))


@require_POST
@member_required
def like_comment(request: MemberRequest, pk: int) -> HttpResponse:
    return feel(request, standing(Comment.objects.all(), pk))


def standing(texts: TextQuerySet[T], pk: int) -> T:
    """A text that others can feel. Raises Http404 for one that is gone, hidden or of a series not published."""
    return get_object_or_404(texts.live().filter(series__published_at__lte=timezone.now()), pk=pk)


def feel(request: MemberRequest, text: Review | Comment) -> HttpResponse:
    """Say so or take it back, and lead to where the button was. Only a forged form does not say which: 400."""
    form = LikeForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("A like says whether it is one."))
    try:
        Like.objects.feel(request.user, text, form.cleaned_data["liked"], client_of(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    asked = own_path(request, request.GET.get("next", ""))
    return redirect(asked or f"{text.get_absolute_url()}#{text.reveal_name}")
