from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from episodes.documents.reading import Reading
from episodes.documents.writing import file_text
from episodes.models.series import MOST_EPISODES

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Command(BaseCommand):
    help = "Write the beginnings of a series' file: its episodes on their dates, ready for load_series."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--title", required=True)
        parser.add_argument("--slug", help="What it is called in addresses; made from the title unless said.")
        parser.add_argument("--episodes", metavar="N", type=int, required=True)
        parser.add_argument("--first-date", metavar="YYYY-MM-DD", type=day, required=True)
        parser.add_argument(
            "--weekdays", metavar="wed,thu", type=weekdays, help="Every week; the first date's weekday unless said."
        )
        parser.add_argument("--runtime", metavar="MINUTES", type=int, required=True)
        parser.add_argument("--air-time", metavar="HH:MM", type=clock, help="In the time zone; only dates if unknown.")
        parser.add_argument("--time-zone", metavar="NAME", default="UTC", help="Such as Asia/Seoul; UTC unless said.")
        parser.add_argument("--output", metavar="FILE", type=Path, help="A new file, instead of the screen.")

    def handle(self, *args: Any, output: Path | None, **options: Any) -> None:
        text = beginnings(
            **{name: options[name] for name in ("title", "slug", "episodes", "first_date", "weekdays")},
            **{name: options[name] for name in ("runtime", "air_time", "time_zone")},
        )
        if problems := Reading(text).problems:
            raise CommandError("\n".join(str(problem) for problem in problems))
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            with output.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError as error:
            raise CommandError(f"{output} is there already, and is left as it is.") from error
        except OSError as error:
            raise CommandError(f"{output}: cannot be written: {error.strerror}") from error


def beginnings(
    *,
    title: str,
    slug: str | None,
    episodes: int,
    first_date: date,
    weekdays: list[int] | None,
    runtime: int,
    air_time: time | None,
    time_zone: str,
) -> str:
    """The text of the file. Raises CommandError for what no file can say."""
    slug = slug or slugify(title)
    if not slug:
        raise CommandError("--slug: this title has no letters for an address: say which to use.")
    if not 1 <= episodes <= MOST_EPISODES:
        raise CommandError(f"--episodes: between 1 and {MOST_EPISODES}.")
    if weekdays and first_date.weekday() not in weekdays:
        raise CommandError(f"--first-date: {first_date} is a {WEEKDAYS[first_date.weekday()]}, none of the weekdays.")
    try:
        dates = list(islice(dates_on(first_date, weekdays or [first_date.weekday()]), episodes))
    except OverflowError as error:
        raise CommandError("--first-date: the calendar ends before the series does.") from error
    series = {"slug": slug, "title": title, "time_zone": time_zone, "premiere": first_date}
    return file_text(
        {
            "series": series,
            "episodes": [
                {
                    "number": number,
                    "airs": airs if air_time is None else datetime.combine(airs, air_time),
                    "runtime": runtime,
                }
                for number, airs in enumerate(dates, start=1)
            ],
        }
    )


def dates_on(first: date, weekdays: list[int]) -> Iterator[date]:
    """Every date from the first that falls on one of the weekdays (0 is Monday)."""
    current = first
    while True:
        if current.weekday() in weekdays:
            yield current
        current += timedelta(days=1)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date such as 2022-03-23.") from error


def clock(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - the time zone is said apart
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no time such as 16:00.") from error


def weekdays(text: str) -> list[int]:
    names = [name.strip().lower() for name in text.split(",")]
    if unknown := [name for name in names if name not in WEEKDAYS]:
        raise ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(WEEKDAYS)}.")
    return [WEEKDAYS.index(name) for name in names]
