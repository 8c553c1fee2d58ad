"""One request at a time, and all that it left behind: rows, files, mails and what is kept in the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

# What opens and closes a transaction, and what only reads.
HARMLESS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


KEPT: Any = cache  # in memory, where the matrix is asked: its keys and values can be looked at

# Who is logged in, and what waits for them: neither is anybody's but the browser's.
SESSIONS = {"django_session", "usersessions_usersession"}


class Dump(NamedTuple):
    rows: str
    sessions: str


def dump() -> Dump:
    """A hash of every row of every table, whoever owns it: of Django's and of all libraries', too."""
    rows, sessions = hashlib.sha256(), hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 # names from the database
            found = sessions if table in SESSIONS else rows
            found.update("\n".join([table, *sorted(map(repr, cursor.fetchall()))]).encode())
    return Dump(rows.hexdigest(), sessions.hexdigest())


def files() -> dict[str, int]:
    """Every uploaded file, and when it was last written."""
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


class Left(NamedTuple):
    """What there is. Two that are equal: nothing happened in between."""

    rows: str
    sessions: str
    files: dict[str, int]
    mails: int
    kept: dict[str, bytes]  # in the cache
    promised: int  # what would be done once the transaction is over


# What tells of a browser and not of a member: a session, and how often somebody knocked.
PASSING = {"sessions", "kept"}


def left(known: Left | None = None) -> Left:
    """`known`: rows are taken from there, where nothing was written since."""
    tables = Dump(known.rows, known.sessions) if known else dump()
    return Left(*tables, files(), len(mail.outbox), dict(KEPT._cache), len(connection.run_on_commit))


DOORS = {"/accounts/login/": "login", "/admin/login/": "login", "/accounts/reauthenticate/": "again"}


class Answer(NamedTuple):
    status: int
    leads_to: str
    body: str
    headers: dict[str, str]
    changed: tuple[str, ...]  # of what there is; () when it is all as it was

    @property
    def word(self) -> str:
        """As the table says it, see there."""
        wrote = "!" if set(self.changed) - PASSING else "~" if self.changed else ""
        return f"{self.said}{wrote}"

    @property
    def said(self) -> str:
        path = self.leads_to.partition("?")[0]
        return DOORS.get(path, "302") if self.status == 302 else str(self.status)


@contextmanager
def writes() -> Iterator[list[str]]:
    """Every statement that does more than read."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip(" (").upper().startswith(HARMLESS):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def ask(browser: Client, method: str, path: str, data: dict[str, Any] | None, before: Left) -> Answer:
    """Ask, look what it left, and undo it. Rows are read again only where a statement wrote."""
    cache.clear()
    mail.outbox.clear()
    with transaction.atomic():
        with writes() as written:
            answer = browser.post(path, data or {}) if method == "POST" else browser.generic(method, path)
        after = left(None if written else before)
        transaction.set_rollback(True)
    content = b"".join(answer) if answer.streaming else answer.content
    changed = tuple(name for name, was, now in zip(Left._fields, before, after, strict=True) if was != now)
    return Answer(
        answer.status_code,
        answer.headers.get("Location", ""),
        content.decode(errors="replace"),
        dict(answer.headers),
        changed,
    )
