"""Who may come in: members only, without losing a word of what somebody wrote before they were refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.models import Sanction, User
from episodes.viewer import ViewerRequest
from reviews.banned import appeal_url
from soundtrack_site.kept_text import KeptText, kept_texts
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
            return shut_out(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
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
        if request.method == "POST" and (member := banned_since(request)):
            return banned(request, member, kept_texts(request))
        return view(request, *args, **kwargs)

    return guarded


def shut_out(request: HttpRequest) -> HttpResponse:
    member = banned_since(request)
    return banned(request, member, kept_texts(request)) if member else session_ended(request)


def banned_since(request: HttpRequest) -> User | None:
    """Whose session this was until they were banned. At most one query; none for who has no session."""
    key = request.session.get(SESSION_KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    member = User.objects.filter(pk=key).first() if key else None
    if member is None or not member.is_banned():
        return None
    is_theirs = constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), member.get_session_auth_hash())
    return member if is_theirs else None


def banned(request: HttpRequest, member: User, kept: Sequence[KeptText] = ()) -> HttpResponse:
    """For somebody who has proved to be them, by their password or the session that they had."""
    sanction = Sanction.objects.longest_in_force(member, Sanction.Kind.BAN)
    context = {"sanction": sanction, "appeal_url": appeal_url(sanction), "kept_texts": kept}
    return render(request, "accounts/banned.html", context, status=403)


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
