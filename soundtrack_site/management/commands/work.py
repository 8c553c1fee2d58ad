from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

INTERVAL = 2  # seconds between two looks at an empty queue
STUCK = timedelta(minutes=10)  # after which whoever had a task is taken for dead: the longest lasts seconds
KEPT = timedelta(days=7)  # how long one can see what became of a task


class Command(BaseCommand):
    help = "Do what was put off, such as mails. `serve` starts one; as many as one likes may run."

    def handle(self, *args: Any, **options: Any) -> None:
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
        while worker.running:
            take_up_again()
            worker.run()
            close_old_connections()
            if worker.running:
                time.sleep(INTERVAL)


def take_up_again() -> None:
    """Put back what a worker had begun that is gone, and let go of what was done long ago. Two queries."""
    now = timezone.now()
    DBTaskResult.objects.running().filter(started_at__lt=now - STUCK).update(status="READY")
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()
