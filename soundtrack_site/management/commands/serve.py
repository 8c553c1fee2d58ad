from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from granian import Granian
from granian.constants import HTTPModes, Interfaces

# Threads of a worker. SQLite lets one write at a time anyhow, and readers wait for templates, not for data.
THREADS = 2
# Seconds that a worker gets to finish what it is answering when the site stops.
GRACE = 5
# Seconds between two looks at the task worker, and before one that ended is started again.
LOOK, RESPAWN = 0.2, 3


class Command(BaseCommand):
    help = "Serve the site with its production server: one process to start, one to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_taken_port(settings.HOST, settings.PORT)
        self.stdout.write(self.style.SUCCESS(f"\n{settings.SITE_NAME} is at {settings.SITE_URL}"))
        if not settings.HAS_MAIL_SERVER:
            self.stdout.write(f"Mail is written to {shown(settings.EMAIL_FILE_PATH)}/ until EMAIL_URL names a server.")
        self.stdout.write("`make admin` makes the first moderator. Ctrl-C stops the site.\n")
        self.stdout.flush()
        # Granian stops its workers on SIGINT and SIGTERM, and starts a new one where one fell over.
        server = Granian(
            "soundtrack_site.wsgi:application",
            address=settings.HOST,
            port=settings.PORT,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=settings.WORKERS,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE,
            log_level="warning",  # type: ignore[arg-type] # it takes the name as well
        )
        with tasks_worked_off():
            server.serve()


@contextmanager
def tasks_worked_off() -> Iterator[None]:
    """Meanwhile `manage.py work` runs beside us, and is started again where it fell over."""
    ending = Event()
    keeper = Thread(target=keep_working, args=[ending], daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join(2 * GRACE)


def keep_working(ending: Event) -> None:
    while not ending.is_set():
        # In a group of its own: a Ctrl-C that reached it while it begins would be answered with a traceback.
        words = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--child"]
        worker = subprocess.Popen(words, process_group=0)  # noqa: S603 - this very program
        while worker.poll() is None and not ending.wait(LOOK):
            pass
        if worker.poll() is None:
            worker.terminate()
            try:
                worker.wait(GRACE)
            except subprocess.TimeoutExpired:
                worker.kill()
        ending.wait(RESPAWN)


def refuse_taken_port(host: str, port: int) -> None:
    """Granian shares its port between processes, and would share it with another site of ours as gladly."""
    family, _kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is taken by another program. Try another: PORT={port + 1} make run"
                ) from error
            raise CommandError(f"Cannot listen on {host}, port {port}: {os.strerror(error.errno or 0)}.") from error


def shown(path: os.PathLike[str]) -> str:
    """A path below the project as people would type it there."""
    return os.fspath(path).removeprefix(f"{settings.BASE_DIR}/")
