"""Members only: what strangers and silenced members are told, and that nobody loses a word."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.utils import timezone

from accounts.decorators import any_member_required, member_required
from accounts.models import Sanction

PATH = "/series/drama/review/"
WRITTEN = {
    "csrfmiddlewaretoken": "t0ken",
    "headline": "A <safe> line",
    "body": "First line\n</textarea><script>alert(1)</script>",
    "stars": "9",
    "spoils_through": "2",
    "password": "mandarin secret",
    "next": "/elsewhere/",
}


@member_required
def composer(request, slug):
    return HttpResponse(f"{request.user} writes about {slug}")


@any_member_required
def taking_away(request, slug):
    return HttpResponse(f"{request.user} takes away from {slug}")


@pytest.fixture
def ask(rf):
    """Send a request straight to the view, as the middleware would have prepared it."""

    def send(user, method="get", data=None, view=composer, **headers):
        request = getattr(rf, method)(PATH, data, headers=headers)
        request.user = user
        request._messages = CookieStorage(request)
        return view(request, slug="drama")

    return send


def silence(member, by, until=None):
    Sanction.objects.impose(member, Sanction.Kind.SILENCE, by=by, reason="Let the others speak.", until=until)
    member.refresh_from_db()


def test_a_member_passes(ask, alice):
    assert ask(alice).content == b"Alice writes about drama"
    assert ask(alice, "post", WRITTEN).content == b"Alice writes about drama"


def test_a_stranger_who_reads_is_sent_to_log_in_and_back(ask, db):
    response = ask(AnonymousUser())
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/series/drama/review/"


def test_a_stranger_who_posts_gets_every_text_back(ask, db):
    response = ask(AnonymousUser(), "post", WRITTEN)
    page = response.content.decode()
    assert response.status_code == 403
    assert "A &lt;safe&gt; line</textarea>" in page
    assert "First line\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in page
    assert page.count("<textarea") == 2
    assert '<label class="field__label" for="kept-1">The safe line</label>' in page
    assert '/accounts/login/?next=/series/drama/review/"' in page
    assert '/accounts/signup/?next=/series/drama/review/"' in page
    for machinery in ("t0ken", "mandarin secret", "/elsewhere/"):
        assert machinery not in page


def test_the_way_back_is_the_page_that_the_form_stood_on(ask, db):
    stood = {"referer": "http://testserver/series/drama/episodes/2/?at=90"}
    page = ask(AnonymousUser(), "post", WRITTEN, **stood).content.decode()
    assert "?next=/series/drama/episodes/2/%3Fat%3D90" in page


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/x",
        "http://testserver//evil.example/x",
        "http://testserver/\\evil.example/x",
        "javascript:alert(1)",
        "//evil.example",
        "http://[",
        "",
    ],
)
def test_a_page_elsewhere_is_no_way_back(ask, db, referer):
    page = ask(AnonymousUser(), "post", WRITTEN, referer=referer).content.decode()
    assert "?next=/series/drama/review/" in page
    assert "evil" not in page


def test_a_silenced_member_reads_on(ask, alice, mona):
    silence(alice, mona)
    assert ask(alice).status_code == 200


def test_a_silenced_member_who_posts_is_told_why_and_keeps_the_text(ask, alice, mona):
    until = timezone.now() + timedelta(days=3)
    silence(alice, mona, until)
    response = ask(alice, "post", WRITTEN)
    page = response.content.decode()
    assert response.status_code == 403
    assert "Let the others speak." in page
    assert f'datetime="{until:%Y-%m-%dT%H:%M}' in page
    assert "A &lt;safe&gt; line</textarea>" in page


def test_a_silenced_member_may_take_away(ask, alice, mona):
    silence(alice, mona)
    assert ask(alice, "post", view=taking_away).content == b"Alice takes away from drama"


def test_a_stranger_takes_nothing_away(ask, db):
    assert ask(AnonymousUser(), "post", WRITTEN, view=taking_away).status_code == 403
    assert ask(AnonymousUser(), view=taking_away).status_code == 302


def test_a_silence_that_has_run_out_stops_nobody(ask, alice, mona):
    silence(alice, mona, timezone.now() + timedelta(days=1))
    alice.silenced_until = timezone.now()
    assert ask(alice, "post", WRITTEN).status_code == 200


def test_odd_bytes_are_given_back_clean(ask, db):
    page = ask(AnonymousUser(), "post", {"body": "a\0b\u202e c" + "x" * 20_000}).content.decode()
    assert "ab c" + "x" * 20_000 in page


def test_the_view_keeps_its_name():
    assert composer.__name__ == "composer"
