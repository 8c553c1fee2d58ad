"""System checks of what `check --deploy` does not look at: each names a setting that this site leans on."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from csp.constants import NONE, SELF
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register

SQLITE = "django.db.backends.sqlite3"
# A checkpoint that meets a WAL reset could corrupt the file: 3.7.0 to 3.51.2.
WAL_RESET_FIXED = (3, 51, 3)
# Caches that each process has for itself: a limit counted there is no limit.
UNSHARED = ("locmem", "dummy")
STRICT_CSP = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "form-action": None,
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}
ON_EVERY_ANSWER = (
    "soundtrack_site.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
)

Apps = Sequence[AppConfig] | None


@register(Tags.security)
def csp_is_strict(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Words that members wrote are on every page: the policy is the second lock behind the sanitiser."""
    directives = (getattr(settings, "CONTENT_SECURITY_POLICY", None) or {}).get("DIRECTIVES", {})
    found: list[CheckMessage] = [
        Error(
            f"The content security policy's {name} is {directives.get(name)!r}.",
            hint=f"Make it {wanted or 'be there'!r}.",
            id="site.E001",
        )
        for name, wanted in STRICT_CSP.items()
        if not directives.get(name) or (wanted and list(directives[name]) != wanted)
    ]
    if getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None):
        found.append(Error("A report-only policy protects nobody and is sent a second time.", id="site.E002"))
    return found


@register(Tags.security)
def headers_are_on_static_files(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """WhiteNoise answers by itself: only what stands above it adds headers to static files."""
    above = settings.MIDDLEWARE[: settings.MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware")]
    return [
        Error(f"{name} does not stand above WhiteNoise, so static files go without its headers.", id="site.E003")
        for name in ON_EVERY_ANSWER
        if name not in above
    ]


@register(Tags.database)
def sqlite_keeps_its_word(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """An acknowledged write survives a power cut, and no transaction is given up half way."""
    found: list[CheckMessage] = []
    for alias, database in settings.DATABASES.items():
        if database.get("ATOMIC_REQUESTS"):
            found.append(
                Error(f"ATOMIC_REQUESTS on {alias!r} would take the write lock for every page.", id="site.E004")
            )
        if database["ENGINE"] != SQLITE:
            continue
        options = database.get("OPTIONS", {})
        pragmas = options.get("init_command", "").lower().replace(" ", "")
        if options.get("transaction_mode") != "IMMEDIATE":
            found.append(Error(f"Transactions on {alias!r} must be IMMEDIATE.", id="site.E005"))
        found += [
            Error(f"SQLite on {alias!r} needs PRAGMA {pragma}.", id="site.E006")
            for pragma in ("journal_mode=wal", "synchronous=full")
            if pragma not in pragmas
        ]
        if "mmap_size" in pragmas:
            found.append(Error(f"SQLite on {alias!r} must not map its file into memory.", id="site.E007"))
    return found


@register(Tags.database, deploy=True)
def sqlite_is_recent(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Only a note: the bug is rare, stock distributions carry it, and no setting of ours mends it."""
    uses_sqlite = any(database["ENGINE"] == SQLITE for database in settings.DATABASES.values())
    if not uses_sqlite or sqlite3.sqlite_version_info >= WAL_RESET_FIXED:
        return []
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} can, very rarely, corrupt a database in WAL mode.",
            hint="3.51.3 and later cannot. Keep backups, or use PostgreSQL.",
            id="site.I001",
        )
    ]


@register(Tags.caches, deploy=True)
def cache_is_shared(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The cache {alias!r} is not shared between processes: limits counted there do not hold.",
            hint="Set REDIS_URL, or keep files.",
            id="site.E008",
        )
        for alias, cache in settings.CACHES.items()
        if any(kind in str(cache["BACKEND"]) for kind in UNSHARED)
    ]


@register(Tags.security, deploy=True)
def https_has_a_proxy(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """The server speaks plain HTTP: without a proxy's word that a request came by HTTPS it redirects for ever."""
    if settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER:
        return [
            Error(
                "SITE_URL is https://, and no proxy is trusted to say so.",
                hint="Set TRUSTED_PROXY_COUNT to the number of proxies before the site, usually 1.",
                id="site.E009",
            )
        ]
    return []
