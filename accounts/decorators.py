"""Who may come in: members only, without losing a word of what somebody wrote before they were refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Sanction, User
from episodes.viewer import ViewerRequest
from soundtrack_site.kept_text import kept_texts
from soundtrack_site.paths import own_path

P = ParamSpec("P")


class MemberRequest(ViewerRequest):
    """What a view behind `member_required` is given: somebody who is logged in."""

    user: User


def member_required(
    view: Callable[Concatenate[MemberRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Members only. A stranger who reads is sent to log in; one who posts gets their text back, and so does a
    silenced member, who may read on but not post.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return session_ended(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
        if request.method == "POST" and request.user.is_silenced():
            return silenced(request, request.user)
        return view(request, *args, **kwargs)  # type: ignore[arg-type] # checked just now: a MemberRequest

    return guarded


def session_ended(request: HttpRequest) -> HttpResponse:
    context = {"kept_texts": kept_texts(request), "next": way_back(request)}
    return render(request, "accounts/session_ended.html", context, status=403)


def silenced(request: HttpRequest, member: User) -> HttpResponse:
    sanction = Sanction.objects.longest_in_force(member, Sanction.Kind.SILENCE)
    context = {"kept_texts": kept_texts(request), "next": way_back(request), "sanction": sanction}
    return render(request, "accounts/silenced.html", context, status=403)


def way_back(request: HttpRequest) -> str:
    """The page whose form was posted: where it stood, as far as the browser says, else where it went."""
    return own_path(request, request.headers.get("Referer", "")) or request.get_full_path()
