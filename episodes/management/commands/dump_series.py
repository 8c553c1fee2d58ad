from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from episodes.documents.stored import Stored
from episodes.documents.writing import written
from episodes.models import Series


class Command(BaseCommand):
    help = "Write a series as a file that load_series reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--output", metavar="FILE", type=Path, help="Where to write it, instead of the screen.")

    def handle(self, *args: Any, slug: str, output: Path | None, **options: Any) -> None:
        series = Series.objects.with_words().filter(slug=slug).first()
        if series is None:
            raise CommandError(f"There is no series {slug!r}.")
        text = written(Stored(series, timezone.now()).document)
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{output}: cannot be written: {error.strerror}") from error
