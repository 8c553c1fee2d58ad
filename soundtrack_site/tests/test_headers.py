"""What every answer says about itself, and who may keep it."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import path, reverse

from soundtrack_site.middleware import cache_policy

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}


def assert_safe(response: Any) -> None:
    assert {directive.strip() for directive in response["Content-Security-Policy"].split(";")} == POLICY
    assert "Content-Security-Policy-Report-Only" not in response.headers
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "camera=()" in response["Permissions-Policy"]


def test_pages_carry_every_header(client, series):
    for url in ("/", series.get_absolute_url(), reverse("account_login"), reverse("admin:login")):
        assert_safe(client.get(url))


def test_errors_carry_every_header(client, settings, db):
    missing = client.get("/no-such-page/")
    assert missing.status_code == 404
    assert_safe(missing)
    stranger = Client(headers={"host": "elsewhere.example"}).get("/")
    assert stranger.status_code == 400
    assert_safe(stranger)
    forged = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "alice"})
    assert forged.status_code == 403
    assert_safe(forged)


def raises(request):
    raise RuntimeError("It broke.")


def greets(request):
    return HttpResponse(f"Hello {request.user}")


def offers_a_form(request):
    return HttpResponse(get_token(request))


def remembers(request):
    request.session["seen"] = True
    return HttpResponse("Remembered")


urlpatterns = [
    path("raises/", raises),
    path("greets/", greets),
    path("form/", offers_a_form),
    path("remembers/", remembers),
]
handler500 = "soundtrack_site.views.server_error"


@pytest.mark.urls(__name__)
def test_a_page_that_breaks_carries_every_header(db, monkeypatch):
    monkeypatch.setattr("soundtrack_site.views.render", lambda *args, status, **kwargs: HttpResponse(status=status))
    broken = Client(raise_request_exception=False).get("/raises/")
    assert broken.status_code == 500
    assert_safe(broken)


def test_static_files_carry_every_header(client, settings):
    settings.WHITENOISE_USE_FINDERS = True
    response = client.get("/static/admin/css/base.css")
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers
    assert_safe(response)
    assert b"".join(response.streaming_content)


def test_a_visitors_page_may_be_kept_by_anybody_and_is_asked_for_anew(client, series):
    first = client.get(series.get_absolute_url())
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Cookie", "Accept-Language"} <= set(first["Vary"].split(", "))
    assert not first.cookies
    again = client.get(series.get_absolute_url(), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == first["Cache-Control"]


def test_a_members_page_is_theirs_alone(as_member, alice, series):
    assert as_member(alice).get(series.get_absolute_url())["Cache-Control"].startswith("private")


def test_any_cookie_makes_an_answer_private(client, series):
    client.cookies["anything"] = "1"
    assert client.get(series.get_absolute_url())["Cache-Control"].startswith("private")


@pytest.mark.urls(__name__)
def test_an_answer_with_a_form_token_is_private(client, db):
    response = client.get("/form/")
    assert response.cookies
    assert response["Cache-Control"].startswith("private")


@pytest.mark.urls(__name__)
def test_an_answer_that_begins_a_session_is_private(client, db):
    response = client.get("/remembers/")
    assert response.cookies
    assert response["Cache-Control"].startswith("private")


@pytest.mark.urls(__name__)
def test_looking_at_nobodys_session_keeps_an_answer_public(client, db):
    assert client.get("/greets/")["Cache-Control"].startswith("public")


def test_an_error_is_private(client, db):
    assert client.get("/no-such-page/")["Cache-Control"].startswith("private")


def test_what_was_revealed_is_kept_by_nobody(client, series):
    response = client.get(series.get_absolute_url(), {"reveal": "review-1"})
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert "ETag" not in response.headers


def test_a_views_own_policy_stays():
    own = cache_policy(lambda request: HttpResponse(headers={"Cache-Control": "max-age=60"}))
    assert own(RequestFactory().get("/"))["Cache-Control"] == "max-age=60"


def test_the_answer_to_a_post_is_private():
    answer = cache_policy(lambda request: HttpResponse())
    assert answer(RequestFactory().post("/"))["Cache-Control"].startswith("private")


def test_a_page_names_rules_for_what_is_fetched_ahead_and_no_error_does(client, series, settings):
    settings.WHITENOISE_USE_FINDERS = True
    rules = client.get(series.get_absolute_url())["Speculation-Rules"].strip('"')
    answer = client.get(rules)
    assert answer["Content-Type"].partition(";")[0] == "application/speculationrules+json"
    assert json.loads(b"".join(answer.streaming_content))["prefetch"]
    assert "Speculation-Rules" not in client.get("/no-such-page/").headers


def test_whatever_is_sent_ends_what_was_fetched_ahead(client, series):
    """It may show more than the point that a reader has just gone back to."""
    here = {"sec-fetch-site": "same-origin"}
    sent = client.post(f"{series.get_absolute_url()}progress/", {"seen_through": 1}, headers=here)
    assert "prefetchCache" in sent["Clear-Site-Data"]
    assert "Clear-Site-Data" not in client.get("/").headers


def test_a_script_is_told_where_its_form_leads(client, series):
    path = f"{series.get_absolute_url()}progress/"
    values = {"seen_through": 1, "next": f"{series.get_absolute_url()}#reviews"}
    here = {"sec-fetch-site": "same-origin"}
    told = client.post(path, values, headers={**here, "x-in-place": "1"})
    assert told.status_code == 204
    assert told["X-Leads-To"] == values["next"]
    assert told.cookies
    assert "Location" not in told.headers
    assert client.post(path, values, headers=here)["Location"] == values["next"]
    refused = client.post(path, {"seen_through": 99}, headers={**here, "x-in-place": "1"})
    assert refused.status_code == 422
    assert b"<main" in refused.content
