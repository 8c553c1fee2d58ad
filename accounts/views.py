from collections.abc import Sequence
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.avatars import AvatarForm
from accounts.cookies import own_cookies
from accounts.decorators import MemberRequest, any_member_required, member_required, silenced
from accounts.forms import SettingsForm
from accounts.models import User
from accounts.preferences import PreferencesForm, drop_cookies, keep
from accounts.shelf import Shelf
from episodes.viewer import ViewerRequest
from reviews.listing import LIST
from reviews.models import Comment, Review
from reviews.models.text import Text
from reviews.score import Score
from reviews.waiting import parts_of
from soundtrack_site.forms import errors_on, posted
from soundtrack_site.paging import page_by_key
from soundtrack_site.paths import own_path
from soundtrack_site.same_origin import same_origin_or_asks

FEW_MOMENTS = 6


@require_safe
def member(request: ViewerRequest, username: str) -> HttpResponse:
    """All of it under the reader's boundary: what the member has seen opens nothing to anybody else."""
    if not username.isascii() or not username.isprintable():
        raise Http404(_("There is no such member."))
    member = get_object_or_404(User, username=username.lower(), scrubbed_at=None)
    if member.username != username:
        return redirect(member, permanent=True)
    now, viewer = timezone.now(), request.viewer
    reviews = Review.objects.live().filter(author=member, series__published_at__lte=now)
    page = page_by_key(reviews.listed().for_reader(viewer).with_subject(), request.GET.get("page"))
    know_their_series(page.rows)
    folds = request.GET.get("waiting") != LIST
    context: dict[str, Any] = {"member": member, "is_own": request.user == member, "page": page}
    context["reviews"] = parts_of(page.rows, folds=folds)
    if page.is_first:
        comments = Comment.objects.live().filter(author=member, series__published_at__lte=now, at__isnull=False)
        if request.user != member:
            comments = comments.open_to(viewer)  # that a text is a moment is part of what waits
        moments = list(comments.for_reader(viewer).with_subject().order_by("-pk")[:FEW_MOMENTS])
        know_their_series(moments)
        given = reviews.filter(stars__isnull=False).order_by().values_list("stars").annotate(Count("pk"))
        context |= {"shelf": Shelf.of(member, now), "score": Score(dict(given))}
        context["moments"] = parts_of(moments, folds=folds)
    return render(request, "accounts/member.html", context)


def know_their_series(texts: Sequence[Text]) -> None:
    """An episode is called in its series' words: give it the series that its text came with."""
    for text in texts:
        if text.episode is not None:
            text.episode.series = text.series


@require_http_methods(["GET", "HEAD", "POST"])
@any_member_required
def settings(request: MemberRequest) -> HttpResponse:
    """A silenced member may change how pages look and empty what others read, but say nothing new there."""
    form = SettingsForm(posted(request), initial=SettingsForm.values_of(request.user))
    if form.is_valid():
        if form.says_something_new and request.user.is_silenced():
            return silenced(request, request.user)
        with errors_on(form):
            request.user.settle_in(**form.cleaned_data)
            messages.success(request, _("Your settings are kept."))
            answer = redirect("accounts:settings")
            drop_cookies(request, answer)
            return answer
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


@same_origin_or_asks
@require_POST
def set_preferences(request: ViewerRequest) -> HttpResponse:
    """Theme or language, by a button of the footer. What is no choice of ours changes nothing."""
    answer = redirect(page_before(request))
    form = PreferencesForm(request.POST)
    if form.is_valid():
        if request.viewer.member:
            request.viewer.member.settle_in(**form.wishes)
            drop_cookies(request, answer)
        else:
            keep(answer, **form.wishes)
    return answer


def page_before(request: ViewerRequest) -> str:
    """Where the button was, by its form or else by the browser, which tells it to our own pages; else home.

    A script that shows answers in place has kept the address of the page that they came to.
    """
    stood_at = request.headers.get("Referer", "")
    asked = stood_at if "X-In-Place" in request.headers else request.POST.get("next") or stood_at
    path = own_path(request, asked)
    return path if path and not path.startswith(request.path) else reverse("episodes:home")


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_avatar(request: MemberRequest) -> HttpResponse:
    """Others see it beside every text, so whoever is silenced chooses none; nobody is held to one they have."""
    form = AvatarForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        request.user.wear(form.cleaned_data["avatar"])
        messages.success(request, _("This is your picture now."))
        return redirect("accounts:edit_avatar")
    return render(request, "accounts/edit_avatar.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@any_member_required
def delete_avatar(request: MemberRequest) -> HttpResponse:
    request.user.wear(None)
    messages.success(request, _("Your picture is gone. You are shown by a record of your ratings again."))
    return redirect("accounts:edit_avatar")


@require_safe
def privacy(request: ViewerRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html", {"cookies": own_cookies()})


@require_safe
@member_required
def authenticator_qr(request: MemberRequest) -> HttpResponse:
    """The secret that is being set up, as a picture: our policy lets no page carry one as `data:`."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Http404(_("No authenticator app is being set up."))
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(svg, content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})
