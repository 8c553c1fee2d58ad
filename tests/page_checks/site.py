"""The real thing: the production server over a world of its own, asked as browsers ask it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

CONTENT = [str(settings.BASE_DIR / f"episodes/content/soundtrack-{number}.toml") for number in (2, 1)]
PATIENCE = 180  # seconds until a server has to be up


@dataclass(frozen=True)
class Site:
    url: str
    facts: dict[str, Any]

    def path(self, pattern: str, role: str = "visitor") -> str:
        own = self.facts["own"].get(role, {})
        return pattern.format(**{**self.facts, **own, "me": self.facts["names"].get(role, "")})

    def cookies(self, role: str) -> list[Any]:
        if role not in self.facts["sessions"]:
            return []
        return [{"name": "sessionid", "value": self.facts["sessions"][role], "url": self.url}]

    def get(self, path: str, role: str = "visitor", **headers: str) -> Answer:
        """Without a browser, and without following anybody anywhere."""
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in self.cookies(role))
        request = urllib.request.Request(self.url + path, headers={"Cookie": cookies, **headers})  # noqa: S310 - our own
        try:
            with urllib.request.build_opener(Stay).open(request) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, dict(refused.headers), refused.read())


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def environment(home: Path, port: int = 0) -> dict[str, str]:
    """Nothing of what the operator or the tests set; a home, and an address."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
    return {
        **kept,
        "VAR_DIR": str(home),
        "WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "soundtrack_site.settings",
        **dict.fromkeys(
            ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "SITE_NAME", "DEBUG", "SECRET_KEY"), ""
        ),
        **({"PORT": str(port)} if port else {}),
    }


def world_of(kind: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """The home of this world and the facts of it; made by whoever comes first, awaited by the others."""
    home, told = folder / kind, folder / f"{kind}.json"
    with (folder / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            home.mkdir()
            run = {"env": environment(home), "cwd": settings.BASE_DIR, "check": True, "stdout": subprocess.PIPE}
            subprocess.run([sys.executable, "manage.py", "prepare", *CONTENT], **run)  # type: ignore[call-overload]
            made = subprocess.run([sys.executable, "-m", "tests.page_checks", kind], **run)  # type: ignore[call-overload]
            told.write_bytes(made.stdout)
    return home, json.loads(told.read_text())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(kind: str, folder: Path) -> Iterator[Site]:
    home, facts = world_of(kind, folder)
    port = free_port()
    with (folder / f"{kind}.{port}.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            env=environment(home, port),
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=log,
        )
        try:
            await_port(port, server)
            yield Site(f"http://localhost:{port}", facts)
        finally:
            server.terminate()
            server.wait()


def await_port(port: int, server: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended by itself"
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server is not up")
