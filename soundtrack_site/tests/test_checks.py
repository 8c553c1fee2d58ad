"""Each check passes on our settings and fails on its control."""

import copy
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.checks import CheckMessage, run_checks

from soundtrack_site import checks

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def given(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    """Show the checks other settings, without reconnecting anything."""
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**values))


def sqlite(**values: Any) -> dict[str, Any]:
    return {"default": {"ENGINE": checks.SQLITE, "OPTIONS": SQLITE_OPTIONS, **values}}


def test_our_settings_pass():
    assert [message for message in run_checks() if message.is_serious()] == []


def test_all_checks_are_registered(settings):
    settings.CONTENT_SECURITY_POLICY = None
    assert "site.E001" in ids(run_checks())


@pytest.mark.parametrize(
    ("directive", "value"),
    [
        ("default-src", ["'self'"]),
        ("script-src", ["'self'", "'unsafe-inline'"]),
        ("script-src", None),
        ("style-src", ["'self'", "https://cdn.example"]),
        ("form-action", None),
        ("frame-ancestors", ["'self'"]),
    ],
)
def test_a_laxer_policy_is_an_error(settings, directive, value):
    policy = copy.deepcopy(site_settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"][directive] = value
    settings.CONTENT_SECURITY_POLICY = policy
    assert ids(checks.csp_is_strict(None)) == ["site.E001"]


def test_a_social_providers_origin_may_join_form_action(settings):
    policy = copy.deepcopy(site_settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = ["'self'", "https://provider.example"]
    settings.CONTENT_SECURITY_POLICY = policy
    assert checks.csp_is_strict(None) == []


def test_a_report_only_policy_is_an_error(settings):
    settings.CONTENT_SECURITY_POLICY_REPORT_ONLY = {"DIRECTIVES": {}}
    assert ids(checks.csp_is_strict(None)) == ["site.E002"]


@pytest.mark.parametrize("name", checks.ON_EVERY_ANSWER)
def test_headers_below_whitenoise_are_an_error(settings, name):
    settings.MIDDLEWARE = [*(other for other in settings.MIDDLEWARE if other != name), name]
    assert ids(checks.headers_are_on_static_files(None)) == ["site.E003"]


def test_atomic_requests_are_an_error(monkeypatch):
    given(monkeypatch, DATABASES=sqlite(ATOMIC_REQUESTS=True))
    assert ids(checks.sqlite_keeps_its_word(None)) == ["site.E004"]


def test_sqlite_as_we_set_it_passes(monkeypatch):
    given(monkeypatch, DATABASES=sqlite())
    assert checks.sqlite_keeps_its_word(None) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"transaction_mode": "DEFERRED"}, ["site.E005"]),
        ({"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}, ["site.E006"]),
        ({"init_command": ""}, ["site.E006", "site.E006"]),
        ({"init_command": SQLITE_OPTIONS["init_command"] + "PRAGMA mmap_size = 1000;"}, ["site.E007"]),
    ],
)
def test_sqlite_with_a_weaker_option_is_an_error(monkeypatch, options, expected):
    given(monkeypatch, DATABASES=sqlite(OPTIONS={**SQLITE_OPTIONS, **options}))
    assert ids(checks.sqlite_keeps_its_word(None)) == expected


@pytest.mark.parametrize(("version", "expected"), [((3, 40, 1), ["site.I001"]), ((3, 51, 2), ["site.I001"])])
def test_an_old_sqlite_is_named_without_failing(monkeypatch, version, expected):
    given(monkeypatch, DATABASES=sqlite())
    monkeypatch.setattr("sqlite3.sqlite_version_info", version)
    messages = checks.sqlite_is_recent(None)
    assert ids(messages) == expected
    assert not any(message.is_serious() for message in messages)


def test_a_recent_sqlite_is_silent(monkeypatch):
    given(monkeypatch, DATABASES=sqlite())
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
    assert checks.sqlite_is_recent(None) == []


def test_postgresql_hears_nothing_of_sqlite(monkeypatch):
    given(monkeypatch, DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}})
    assert checks.sqlite_is_recent(None) == checks.sqlite_keeps_its_word(None) == []


@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("django.core.cache.backends.locmem.LocMemCache", ["site.E008"]),
        ("django.core.cache.backends.dummy.DummyCache", ["site.E008"]),
        ("django.core.cache.backends.filebased.FileBasedCache", []),
        ("django.core.cache.backends.redis.RedisCache", []),
    ],
)
def test_a_cache_of_one_process_is_an_error(monkeypatch, backend, expected):
    given(monkeypatch, CACHES={"default": {"BACKEND": backend}})
    assert ids(checks.cache_is_shared(None)) == expected


@pytest.mark.parametrize(
    ("redirects", "header", "expected"),
    [
        (True, None, ["site.E009"]),
        (True, ("HTTP_X_FORWARDED_PROTO", "https"), []),
        (False, None, []),
    ],
)
def test_https_without_a_proxy_is_an_error(settings, redirects, header, expected):
    settings.SECURE_SSL_REDIRECT = redirects
    settings.SECURE_PROXY_SSL_HEADER = header
    assert ids(checks.https_has_a_proxy(None)) == expected
