from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from reviews.models import Burst
from reviews.notices import take_up_failed

INTERVAL = 2  # seconds between two looks at an empty queue
TIDYING = 60 * 60  # seconds between two times that what is over is let go
STUCK = timedelta(minutes=10)  # after which whoever had a task is taken for dead: the longest lasts seconds
KEPT = timedelta(days=7)  # how long one can see what became of a task


class Command(BaseCommand):
    help = "Do what was put off, such as mails. `serve` starts one; as many as one likes may run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--child", action="store_true", help="end with the process that started it")

    def handle(self, *args: Any, child: bool, **options: Any) -> None:
        worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(16),
            excluded_queue_names=[],
        )
        worker.configure_signals()
        parent = os.getppid()
        tidied = -float(TIDYING)
        try:
            while worker.running and not (child and os.getppid() != parent):
                take_up_again()
                if time.monotonic() >= tidied + TIDYING:
                    let_go()
                    tidied = time.monotonic()
                worker.run()
                close_old_connections()
                if worker.running:
                    time.sleep(INTERVAL)
        except (OperationalError, ProgrammingError) as error:  # `serve` starts another, until it answers again
            raise CommandError(f"The queue cannot be read: {str(error).splitlines()[0]}") from error


def take_up_again() -> None:
    """Put back what a worker had begun that is gone, and what failed and may pass. Two queries."""
    take_up_failed()
    DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - STUCK).update(status="READY")


def let_go() -> None:
    """What was done long ago, and how much was written in stretches that are over. Two queries."""
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
    Burst.objects.over().delete()
