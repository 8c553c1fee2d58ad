from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import MemberRequest, member_required
from reviews.models import Comment, Review
from reviews.models.reading import T, TextQuerySet
from reviews.models.text import Text


@require_POST
@member_required
def undelete_review(request: MemberRequest, pk: int) -> HttpResponse:
    review = once_own(request, Review.objects.all(), pk)
    if bring_back(request, review):
        messages.success(request, _("Your review is back."))
        again = Review.objects.get(pk=pk)
        return redirect(review.subject if again.is_bare else again)
    return redirect(review.subject)


@require_POST
@member_required
def undelete_comment(request: MemberRequest, pk: int) -> HttpResponse:
    comment = once_own(request, Comment.objects.select_related("review"), pk)
    if bring_back(request, comment):
        messages.success(request, _("Your comment is back."))
        return redirect(comment)
    return redirect(comment.get_discussion_url())


def once_own(request: MemberRequest, texts: TextQuerySet[T], pk: int) -> T:
    """A text of the member's, deleted or back already. Raises Http404 for another's."""
    own = texts.filter(author=request.user, series__published_at__lte=timezone.now())
    return get_object_or_404(own.select_related("series", "episode__series"), pk=pk)


def bring_back(request: MemberRequest, text: Text) -> bool:
    """Whether it stands again; where it cannot, the next page says why."""
    try:
        text.unretract()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    return True


def with_undo(said: str, text: Text) -> str:
    """What is said of a deletion, with the button that takes it back. It needs the page's form `act`.

    A silenced author, who may delete but say nothing again, gets no button that would refuse them.
    """
    if text.author.is_silenced():
        return said
    path = reverse(f"reviews:undelete_{text._meta.model_name}", args=[text.pk])
    button = '{} <button class="button button--quiet" form="act" formaction="{}">{}</button>'
    return format_html(button, said, path, _("Undo"))
