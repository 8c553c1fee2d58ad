from __future__ import annotations

import fcntl
import hashlib
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from reviews.models import Burst


class Command(BaseCommand):
    help = "Bring the database, the given series and the static files in step with the code. Twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", help="series files to load")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        with alone(settings.VAR_DIR / "prepare.lock"):
            self.migrate()
            self.forget_ended_sessions()
            Burst.objects.over().delete()
            call_command("load_guidelines")
            for file in files:
                call_command("load_series", file, stdout=self.stdout, stderr=self.stderr)
            if not settings.DEBUG:  # runserver finds them where they lie
                self.collect_static()

    def migrate(self) -> None:
        try:
            executor = MigrationExecutor(connection)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).splitlines()[0]}") from error
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date …")
            call_command("migrate", verbosity=0, interactive=False)

    def forget_ended_sessions(self) -> None:
        """With a session that has run out go what a visitor typed in it, and from where a member had logged in."""
        call_command("clearsessions")
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()

    def collect_static(self) -> None:
        """Hash and compress the static files, unless nothing changed since the last time that got through."""
        mark = settings.VAR_DIR / "static.collected"
        wanted = fingerprint()
        if mark.exists() and mark.read_text() == wanted and (settings.STATIC_ROOT / "staticfiles.json").exists():
            return
        self.stdout.write("Collecting static files …")
        mark.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False)
        mark.write_text(wanted)


def fingerprint() -> str:
    """Of the names and contents of all static files, and of the code that turns them into what is served."""
    digest = hashlib.sha256(f"{django.VERSION} {settings.STORAGES['staticfiles']}".encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            digest.update(f"\0{name}\0".encode())
            with storage.open(name) as file:
                digest.update(file.read())
    return digest.hexdigest()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process holds the file. The system lets go of it when a process dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
