from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.recount import differences, repair


class Command(BaseCommand):
    help = "Count ratings, texts, moments, likes and comments afresh, and put right what was stored wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing: print every difference, and every row that breaks a rule; exit 1 if there is one",
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        found = differences() if check else repair()
        for difference in found:
            self.stdout.write(difference)
        if check and found:
            raise CommandError(f"{len(found)} found.")
        if not found:
            self.stdout.write("Every count is right." if not check else "Every count is right and every rule holds.")
        else:
            self.stdout.write(f"{len(found)} put right.")
