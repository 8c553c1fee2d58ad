"""When something goes wrong: the right status, a page of ours, and nothing given away."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import path

from soundtrack_site import views
from soundtrack_site.urls import (
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
    urlpatterns,
)


def broken(request):
    raise RuntimeError("the secret of the house")


def forbidden(request):
    raise PermissionDenied("Only editors may.")


def forbidden_without_a_word(request):
    raise PermissionDenied


@pytest.fixture
def with_broken_views(settings):
    settings.ROOT_URLCONF = _Urls


class _Urls:
    urlpatterns = [
        path("broken/", broken),
        path("forbidden/", forbidden),
        path("forbidden-without-a-word/", forbidden_without_a_word),
        *urlpatterns,
    ]
    handler400, handler403, handler404 = handler400, handler403, handler404
    handler429, handler500 = handler429, handler500


@pytest.fixture
def visitor():
    """A browser that is shown the page of an error rather than the error."""
    return Client(raise_request_exception=False)


def test_404_is_in_character_and_repeats_nothing(visitor, db):
    response = visitor.get("/series/no-such-thing/<b>")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Not on this record" in page
    assert "no-such-thing" not in page


def test_404_does_not_tell_a_hidden_series_from_a_missing_one(visitor, make_series):
    make_series("draft", published_at=None)
    hidden, missing = visitor.get("/series/draft/"), visitor.get("/series/other/")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content


def test_403_gives_the_reason_if_there_is_one(visitor, db, with_broken_views):
    response = visitor.get("/forbidden/")
    assert response.status_code == 403
    assert "Only editors may." in response.content.decode()
    assert "for somebody else" in visitor.get("/forbidden-without-a-word/").content.decode()


def test_500_shows_a_page_and_no_reason(visitor, db, with_broken_views):
    response = visitor.get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "The tape snapped" in page
    assert "secret" not in page
    assert "RuntimeError" not in page


def test_500_asks_nothing_of_the_database(visitor, with_broken_views):
    """Without the `db` fixture any query raises."""
    assert visitor.get("/broken/").status_code == 500


def test_500_comes_when_the_database_is_what_broke(client, alice, monkeypatch):
    client.raise_request_exception = False
    client.force_login(alice)

    def gone(*args, **kwargs):
        raise RuntimeError("database is gone")

    with monkeypatch.context() as broken_database:
        broken_database.setattr(connection, "cursor", gone)
        response = client.get("/")
    assert response.status_code == 500
    assert "The tape snapped" in response.content.decode()


def broken_context(request):
    raise RuntimeError("a context processor broke as well")


def test_500_asks_no_context_processor(settings, rf):
    engine = settings.TEMPLATES[0]
    options = {**engine["OPTIONS"], "context_processors": [f"{__name__}.broken_context"]}
    settings.TEMPLATES = [{**engine, "OPTIONS": options}]
    assert views.server_error(rf.get("/")).status_code == 500
    assert views.bad_request(rf.get("/"), Exception()).status_code == 400


def test_500_needs_no_static_files(settings, rf):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "no.such.Storage"}}
    assert views.server_error(rf.get("/")).status_code == 500


@pytest.mark.parametrize("host", ["evil.example", "bad host", "testserver@evil.example"])
def test_a_wrong_host_is_400_and_is_not_repeated(visitor, host):
    response = visitor.get("/", headers={"host": host})
    assert response.status_code == 400
    assert "We cannot read that" in response.content.decode()
    assert "evil" not in response.content.decode()


def test_a_body_beyond_the_limit_is_400(visitor, db):
    response = visitor.post("/accounts/login/", {"login": "x" * 1_100_000, "password": "x"})
    assert response.status_code == 400
    assert "We cannot read that" in response.content.decode()


def test_too_many_fields_is_400(visitor, db):
    assert visitor.post("/accounts/login/", {f"field{n}": "x" for n in range(1_100)}).status_code == 400


def test_429_says_when(visitor, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [visitor.post("/accounts/login/", {"login": "x", "password": "y"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert answers[2]["Retry-After"] == "60"
    assert "Try again in 1 minute." in answers[2].content.decode()


def test_429_rounds_up_to_minutes(rf, db, client):
    request = client.get("/accounts/login/").wsgi_request
    response = views.too_many_requests(request, retry_after=61)
    assert response["Retry-After"] == "61"
    assert "Try again in 2 minutes." in response.content.decode()


def test_429_says_the_hour_and_gives_the_text_back(rf, db, client):
    request = client.post("/no-such-page/", {"body": "A long thought"}).wsgi_request
    with time_machine.travel(datetime(2026, 5, 1, 16, 4, tzinfo=UTC), tick=False):
        page = views.too_many_requests(request).content.decode()
    assert "That is at 4:05 p.m. (UTC)." in page
    assert "A long thought" in page


@pytest.mark.parametrize("status", ["/no-such-page/", "/forbidden/", "/broken/"])
def test_errors_carry_the_headers_and_are_kept_by_nobody(visitor, db, with_broken_views, status):
    response = visitor.get(status)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Permissions-Policy"]
    assert "public" not in response["Cache-Control"]
    assert "style=" not in response.content.decode()


def test_the_address_of_a_button_typed_by_hand_is_answered_by_a_page(visitor, series):
    answer = visitor.get(f"/series/{series.slug}/progress/")
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    assert "Not on this record" in answer.text
    assert "no-cache" in answer.headers["Cache-Control"]
    head = visitor.head(f"/series/{series.slug}/progress/")
    assert (head.content, head.headers["Content-Length"]) == (b"", answer.headers["Content-Length"])
    assert visitor.delete(f"/series/{series.slug}/progress/").content == b""
