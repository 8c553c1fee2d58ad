"""Who may come in: members only, without losing a word of what somebody wrote before they were refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.models import Sanction, User
from episodes.viewer import ViewerRequest
from soundtrack_site.kept_text import kept_texts
from soundtrack_site.paths import own_path
from soundtrack_site.same_origin import stood_here
from soundtrack_site.views import csrf_failure

P = ParamSpec("P")
V = TypeVar("V", bound=ViewerRequest)


class MemberRequest(ViewerRequest):
    """What a view behind `member_required` is given: somebody who is logged in."""

    user: User


def any_member_required(
    view: Callable[Concatenate[MemberRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Members only, silenced ones too: for what takes words away, and for what nobody else reads.

    A stranger who reads is sent to log in; one who posts gets their text back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return session_ended(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)  # type: ignore[arg-type] # checked just now: a MemberRequest

    return guarded


def member_required(
    view: Callable[Concatenate[MemberRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The same, but a silenced member, who may read on but not post, gets their text back."""

    @wraps(view)
    def unless_silenced(request: MemberRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and request.user.is_silenced():
            return silenced(request, request.user)
        return view(request, *args, **kwargs)

    return any_member_required(unless_silenced)


def writing_first(
    view: Callable[Concatenate[V, P], HttpResponse],
) -> Callable[Concatenate[V, P], HttpResponse]:
    """For a form that anybody may fill in, and that its view keeps for whoever has yet to join or log in.

    A member's post needs a token. A visitor's form carries none, and neither has a member a token to show whose
    session ended while they wrote: it must have stood on a page of ours. What came from elsewhere is given back,
    never asked about: one press would publish a stranger's words. A silenced member gets their text back, too.
    """

    @wraps(view)
    def unless_silenced(request: V, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        member = request.user
        if request.method == "POST" and member.is_authenticated and member.is_silenced():
            return silenced(request, member)
        return view(request, *args, **kwargs)

    for_members = csrf_protect(unless_silenced)

    @csrf_exempt
    @wraps(view)
    def guarded(request: V, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return for_members(request, *args, **kwargs)
        if request.method == "POST" and not stood_here(request):
            return csrf_failure(request)
        return view(request, *args, **kwargs)

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
