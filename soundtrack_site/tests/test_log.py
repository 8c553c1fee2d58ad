"""What the log says of a request that could not be answered."""

from __future__ import annotations

import io
import logging

import pytest
from django.test import Client
from django.urls import reverse

from soundtrack_site.log import LineFormatter


@pytest.fixture
def log():
    """What the operator reads: the console's lines."""
    (console,) = (it for it in logging.getLogger("django").handlers if isinstance(it.formatter, LineFormatter))
    assert isinstance(console, logging.StreamHandler)
    lines = io.StringIO()
    before = console.setStream(lines)
    yield lines
    console.setStream(before)


@pytest.fixture
def stranger(db):
    return Client(raise_request_exception=False)


LOGIN = "/accounts/login/"
FORM = "application/x-www-form-urlencoded"
BAD = {
    "a body that is too big": {"data": b"login=" + b"x" * 1_000_001, "content_type": FORM},
    "too many fields": {"data": "&".join(f"f{n}=1" for n in range(1_001)), "content_type": FORM},
    "no boundary": {"data": b"x", "content_type": "multipart/form-data"},
}


@pytest.mark.parametrize("request_", BAD.values(), ids=BAD)
def test_a_strangers_bad_request_is_one_line(stranger, log, request_):
    assert stranger.post(LOGIN, **request_).status_code == 400
    (line,) = log.getvalue().splitlines()
    assert " WARNING django." in line


def test_a_host_that_is_not_ours_is_nobodys_news(stranger, log, capsys, monkeypatch):
    logger = logging.getLogger("django.security.DisallowedHost")
    ours = [handler for handler in logger.handlers if type(handler).__module__ == "logging"]
    monkeypatch.setattr(logger, "handlers", ours)  # without pytest's, as in production
    assert stranger.get("/", headers={"host": "evil.example"}).status_code == 400
    assert log.getvalue() == ""
    assert capsys.readouterr().err == ""


def test_a_filter_the_admin_does_not_know_is_one_line(as_member, mona, log):
    browser = as_member(mona)
    browser.raise_request_exception = False
    address = reverse("admin:reviews_review_changelist")
    assert browser.get(address, {"author__password__startswith\nFAKE": "a"}).status_code in (302, 400)
    assert browser.get(address, {"author__password__startswith": "a"}).status_code == 400
    assert all(" WARNING django." in line for line in log.getvalue().splitlines())
    assert "author__password__startswith" in log.getvalue()


def test_a_fault_of_ours_is_told_in_full(stranger, log, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("the tape snapped")

    monkeypatch.setattr("accounts.forms.LoginForm.__init__", fails)
    assert stranger.get(LOGIN).status_code == 500
    assert " ERROR django.request: " in log.getvalue()
    assert "Traceback" in log.getvalue()
    assert "the tape snapped" in log.getvalue()
