"""Answers that a member has read. Nothing here is posting: a silenced member may do it too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.decorators import MemberRequest, any_member_required
from accounts.models import User
from episodes.viewer import Viewer
from reviews.models import Comment
from reviews.models.comment import CommentQuerySet


@require_POST
@any_member_required
def read_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Lead to an answer and note that it was read, unless it is still a stub there."""
    answer = get_object_or_404(answers_to(request.user), pk=pk)
    readable(request.user, request.viewer).filter(pk=pk).mark_read(request.user)
    return redirect(answer)


@require_POST
@any_member_required
def read_answers(request: MemberRequest) -> HttpResponse:
    """Note all that this member may read as read; what waits beyond their point stays new."""
    readable(request.user, request.viewer).mark_read(request.user)
    return redirect("episodes:home")


def answers_to(member: User) -> CommentQuerySet:
    return Comment.objects.answers_to(member).filter(series__published_at__lte=timezone.now())


def readable(member: User, viewer: Viewer) -> CommentQuerySet:
    return answers_to(member).unread().open_to(viewer)
