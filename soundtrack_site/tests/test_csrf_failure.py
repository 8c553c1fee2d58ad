"""A form without its token: refused, explained, and every word of it given back, except where secrets are typed."""

import pytest
from django.test import Client

TEXT = {"body": "A long thought </textarea>", "headline": "Safe line", "password": "mandarin secret", "stars": "9"}


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def test_text_is_given_back(strict, alice, series):
    strict.force_login(alice, backend="accounts.backends.MemberBackend")
    response = strict.post("/series/drama/review/", TEXT)
    page = response.content.decode()
    assert response.status_code == 403
    assert "That page was too old" in page
    assert "A long thought &lt;/textarea&gt;</textarea>" in page
    assert "Safe line</textarea>" in page
    assert "mandarin secret" not in page


def test_under_accounts_nothing_is_echoed(strict, db):
    response = strict.post("/accounts/login/", TEXT)
    page = response.content.decode()
    assert response.status_code == 403
    assert "That page was too old" in page
    assert "<textarea" not in page
    for value in ("A long thought", "Safe line", "mandarin secret"):
        assert value not in page


def test_without_any_text_there_is_no_empty_heading(strict, db):
    assert "What you wrote" not in strict.post("/series/drama/review/").content.decode()


@pytest.mark.parametrize("body", ["a\0b", "x" * 20_000, "🎧"])
def test_odd_text_is_no_error(strict, db, body):
    assert strict.post("/series/drama/review/", {"body": body}).status_code == 403


def test_only_what_somebody_wrote_is_given_back(strict, alice, series):
    strict.force_login(alice, backend="accounts.backends.MemberBackend")
    machinery = {"writer": "1:signature", "resumes": "2026-05-01T00:00:00", "began_with": "0123abcd", "parent": "x"}
    listed = {"kind": "moment", "song": "three", "theme": "dark", "language": "ko", "time_zone": "Asia/Seoul"}
    written = {"shown_to": "My brother", "song_name": "Humming", "at": "12:30"}
    page = strict.post("/series/drama/review/", {**machinery, **listed, **written}).content.decode()
    assert page.count("<textarea") == len(written)
    for text in written.values():
        assert f">{text}</textarea>" in page
    assert "Who I&#x27;d show it to" in page
