from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from episodes.models import Series
from reviews.demo.community import DOMAIN, PASSWORDS, Community
from reviews.demo.desk import Desk
from reviews.demo.words import SERIES, load

BAR = 30  # characters
ROLES = {
    "fan": "has seen it all, and a text that was hidden",
    "newcomer": "has answered nothing yet",
    "moderator": "has a full desk, at /admin/",
    "silenced": "may read, but not post, and may appeal",
}


class Command(BaseCommand):
    help = "Fill a database that nobody uses with an invented community. Twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for things in ("members", "reviews", "comments"):
            parser.add_argument(
                f"--{things}",
                type=int,
                help=f"at least so many {things}: the written ones, and more put together from phrases",
            )

    def handle(
        self, *args: Any, members: int | None, reviews: int | None, comments: int | None, **options: Any
    ) -> None:
        theirs = Q(email__endswith=DOMAIN, is_superuser=False)
        if User.objects.exclude(theirs).exists():
            raise CommandError("Somebody real is a member here: the demo community needs a database of its own.")
        numbers = (members, reviews, comments)
        if not User.objects.exists():
            self.seed(*(number or 0 for number in numbers))
        elif any(number is not None for number in numbers):
            raise CommandError("The demo community is here already; other numbers need an empty database.")
        else:
            self.stdout.write("The demo community is here already.")
        self.introduce()

    def seed(self, members: int, reviews: int, comments: int) -> None:
        if missing := set(SERIES) - set(Series.objects.values_list("slug", flat=True)):
            raise CommandError(f"Load the series first: {', '.join(sorted(missing))}.")
        community = Community(members, reviews, comments, self.tell)
        with transaction.atomic():
            community.settle()
            Desk().lay()
        counts = ", ".join(f"{count:,} {things}" for things, count in community.counts().items())
        self.stdout.write(f"A demo community of {counts}. All of it is invented.")

    def tell(self, stage: str, done: int, total: int) -> None:
        """A bar that fills where somebody is looking, a line per stage where not."""
        if self.stderr.isatty():
            bar = "█" * (BAR * done // total)
            self.stderr.write(f"\r{stage:24}{bar:·<{BAR}} {done:,} of {total:,}", style_func=str, ending="")
        if done == total:
            self.stderr.write("" if self.stderr.isatty() else f"{stage}: {total:,}", style_func=str)

    def introduce(self) -> None:
        by_role = {values["role"]: values["username"] for values in load("members")["members"] if "role" in values}
        self.stdout.write("\nLog in as:")
        for role, meaning in ROLES.items():
            self.stdout.write(f"  {role:10} {by_role[role]:8} {PASSWORDS[role]:22} ({meaning})")
        self.stdout.write("")
