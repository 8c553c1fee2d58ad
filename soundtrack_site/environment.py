"""What the operator set, read from the environment and `.env`: every mistake is one clear sentence.

django-environ parses the addresses; the rest is checked here, because it takes `DEBUG=maybe` for "no", passes
over a broken line and reads a value that begins with `$` as another variable's name. Empty means not set.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

LINE = re.compile(r"""(export\s+)?[A-Za-z_][A-Za-z0-9_]*=("[^"]*"|'[^']*'|[^"'].*)?""")
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def read_dotenv(path: Path) -> None:
    """Add the file's variables to the environment, which has the last word. A missing file is no mistake."""
    if not path.exists():
        return
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(written.splitlines(), start=1):
        words = line.strip()
        # The line itself stays unsaid: it may hold a secret.
        if words and not words.startswith("#") and not LINE.fullmatch(words):
            raise ImproperlyConfigured(f'{path}, line {number}: expected NAME=value or NAME="value" there.')
    environ.Env.read_env(io.StringIO(written))


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    word = text(name).lower()
    if word and word not in YES | NO:
        raise ImproperlyConfigured(f"{name} is {word!r}; expected yes or no (also true/false, on/off, 1/0).")
    return word in YES if word else default


def number(name: str, default: int, *, least: int = 0, most: int = 65_535) -> int:
    digits = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", digits) or not least <= int(digits) <= most:
        raise ImproperlyConfigured(f"{name} is {digits!r}; expected a whole number from {least} to {most}.")
    return int(digits)


def names(name: str, default: list[str]) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()] or default


def web_address(name: str, default: str) -> SplitResult:
    """Scheme, host and port of a site that has its host to itself."""
    address = text(name, default)
    try:
        parts = urlsplit(address.rstrip("/"))
        is_whole = parts.scheme in ("http", "https") and parts.hostname and not parts.path and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ImproperlyConfigured(f"{name} is {address!r}; expected an address like https://fans.example.org.")
    return parts


def directory(path: Path) -> Path:
    """The directory, made if need be. Everything that the site keeps is written below it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"VAR_DIR {path} cannot be made: {error.strerror}.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"VAR_DIR {path} cannot be written to by this user.")
    return path


def database(name: str, default: str) -> dict[str, Any]:
    url = text(name, default)
    expected = f"{name} cannot be read; expected postgres://user:password@host:5432/name or sqlite:////full/path."
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(expected)
    try:
        config: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    if not config["NAME"] or config["NAME"] == ":memory:":
        raise ImproperlyConfigured(expected)
    return config


def mail_server(name: str) -> dict[str, Any]:
    """The EMAIL_… settings of an address like smtp+tls://user:password@host:587; empty when there is none."""
    url = text(name)
    if not url:
        return {}
    expected = f"{name} cannot be read; expected smtp+tls://user:password@host:587."
    if not url.startswith(("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")):
        raise ImproperlyConfigured(expected)
    try:
        config: dict[str, Any] = environ.Env.email_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(expected) from error
    if not config["EMAIL_HOST"]:
        raise ImproperlyConfigured(expected)
    # 25 is the port of a server that nobody logs in to.
    config["EMAIL_PORT"] = config["EMAIL_PORT"] or 25
    return {setting: value for setting, value in config.items() if setting.startswith("EMAIL_") and value}
