from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from episodes.models import Episode
from soundtrack_site.markdown import clean_text

LARGEST = 32_767  # what a small integer column holds on every database
YEARS = range(1900, 2200)


@dataclass
class Surroundings:
    """What a single value cannot know: the series' time zone, and which rows a name or a number stands for."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    people: dict[str, list[str]] = field(default_factory=dict)  # a name → the keys of all who bear it
    now: datetime | None = None
    person_ids: dict[str, int] = field(default_factory=dict)
    episode_ids: dict[int, int] = field(default_factory=dict)
    series_ids: dict[str, int] = field(default_factory=dict)

    def name_people(self, named: list[tuple[str, str]]) -> None:
        """Tell who is who: pairs of a name and the key of the person who bears it."""
        self.people = {}
        for name, key in named:
            self.people.setdefault(name, []).append(key)


class Kind:
    """A kind of value. `read` and `write` face the file, `stored` and `columns` the database."""

    def read(self, written: Any, around: Surroundings) -> Any:
        """The value as documents keep it. Raises ValidationError."""
        raise NotImplementedError

    def write(self, kept: Any, around: Surroundings) -> Any:
        return kept

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> Any:
        return columns[0]

    def columns(self, kept: Any, around: Surroundings) -> tuple[Any, ...]:
        return (kept,)


def instead_of(wanted: str, written: Any) -> ValidationError:
    return ValidationError(f"{wanted} is wanted here, not {written!r:.60}")


@dataclass(frozen=True)
class Prose(Kind):
    """A text of several lines. Spaces around it and the kind of line end do not count."""

    longest: int | None = None

    def read(self, written: Any, around: Surroundings) -> str:
        if not isinstance(written, str):
            raise instead_of("a text", written)
        text = unicodedata.normalize("NFC", self.plain(written))
        if text != clean_text(text):
            raise ValidationError("has control characters or stacked marks in it")
        if self.longest is not None and len(text) > self.longest:
            raise ValidationError(f"has {len(text)} characters; {self.longest} is the most")
        return text

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> str:
        return self.plain(columns[0])

    def plain(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()


class Line(Prose):
    """A text of one line."""

    def read(self, written: Any, around: Surroundings) -> str:
        text = super().read(written, around)
        if "\n" in text:
            raise ValidationError("one line only")
        return text


class Lines(Kind):
    """A list of short texts, none twice."""

    def read(self, written: Any, around: Surroundings) -> list[str]:
        if not isinstance(written, list):
            raise instead_of("a list of texts", written)
        lines = [Line(longest=200).read(item, around) for item in written]
        if "" in lines or len(set(lines)) < len(lines):
            raise ValidationError("no text in it may be empty or come twice")
        return lines


class Words(Kind):
    """The vocabulary; its shape is the model's rule."""

    def read(self, written: Any, around: Surroundings) -> Any:
        if not isinstance(written, dict):
            raise instead_of("a table of languages", written)
        return self._cleaned(written, around)

    def _cleaned(self, part: Any, around: Surroundings) -> Any:
        if isinstance(part, dict):
            return {key: self._cleaned(value, around) for key, value in part.items()}
        if isinstance(part, list):
            return [self._cleaned(value, around) for value in part]
        return Line().read(part, around)


class Whole(Kind):
    """A whole number from 0."""

    def read(self, written: Any, around: Surroundings) -> int:
        if not isinstance(written, int) or isinstance(written, bool):
            raise instead_of("a whole number", written)
        if not 0 <= written <= LARGEST:
            raise ValidationError(f"{written} is not between 0 and {LARGEST}")
        return written


class Flag(Kind):
    def read(self, written: Any, around: Surroundings) -> bool:
        if not isinstance(written, bool):
            raise instead_of("true or false", written)
        return written


class Score(Kind):
    """A decimal number, kept as its shortest text."""

    def read(self, written: Any, around: Surroundings) -> str:
        if isinstance(written, bool) or not isinstance(written, int | Decimal):
            raise instead_of("a number", written)
        score = Decimal(written)
        if not score.is_finite() or not 0 <= score <= LARGEST:
            raise ValidationError(f"{written} is no score")
        return self._shortest(score)

    def write(self, kept: str, around: Surroundings) -> int | Decimal:
        score = Decimal(kept)
        return int(score) if score == int(score) else score

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> str | None:
        return None if columns[0] is None else self._shortest(columns[0])

    def columns(self, kept: str | None, around: Surroundings) -> tuple[Decimal | None]:
        return (None if kept is None else Decimal(kept),)

    def _shortest(self, score: Decimal) -> str:
        return f"{score.normalize():f}"


def checked_year(day: date) -> None:
    if day.year not in YEARS:
        raise ValidationError(f"{day.year} is no year of a drama")


class Day(Kind):
    """A date, kept as its ISO text."""

    def read(self, written: Any, around: Surroundings) -> str:
        if not isinstance(written, date) or isinstance(written, datetime):
            raise instead_of("a date such as 2022-03-23", written)
        checked_year(written)
        return written.isoformat()

    def write(self, kept: str, around: Surroundings) -> date:
        return date.fromisoformat(kept)

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> str | None:
        return None if columns[0] is None else columns[0].isoformat()

    def columns(self, kept: str | None, around: Surroundings) -> tuple[date | None]:
        return (None if kept is None else date.fromisoformat(kept),)


class Airs(Kind):
    """When an episode airs: a date, or a date and time, which the series' time zone completes.

    Kept as the date itself or as a time in UTC. A date is stored as its midnight in the series' time zone.
    """

    def read(self, written: Any, around: Surroundings) -> str:
        if not isinstance(written, date):
            raise instead_of("a date such as 2022-03-23 or a time such as 2022-03-23T16:00:00", written)
        checked_year(written)
        if not isinstance(written, datetime):
            return written.isoformat()
        aware = written if written.tzinfo else written.replace(tzinfo=around.zone)
        return aware.astimezone(UTC).isoformat()

    def write(self, kept: str, around: Surroundings) -> date:
        if "T" not in kept:
            return date.fromisoformat(kept)
        local = datetime.fromisoformat(kept).astimezone(around.zone)
        plain = local.replace(tzinfo=None, fold=0)
        # The hour that clocks go back over happens twice: only an offset tells which.
        return plain if self.read(plain, around) == kept else local

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> str | None:
        airs_at, precision = columns
        if airs_at is None:
            return None
        if precision == Episode.Precision.DAY:
            return str(airs_at.astimezone(around.zone).date().isoformat())
        return str(airs_at.astimezone(UTC).isoformat())

    def columns(self, kept: str | None, around: Surroundings) -> tuple[datetime | None, str]:
        if kept is None:
            return None, Episode.Precision.DAY
        if "T" in kept:
            return datetime.fromisoformat(kept), Episode.Precision.MINUTE
        return datetime.combine(date.fromisoformat(kept), time.min, around.zone), Episode.Precision.DAY


class Clock(Kind):
    """Seconds from the start of an episode, written "12:30" or "1:02:03"."""

    written_as = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)", re.ASCII)

    def read(self, written: Any, around: Surroundings) -> int:
        match = self.written_as.fullmatch(written) if isinstance(written, str) else None
        if match is None or (match[1] and int(match[2]) > 59):
            raise instead_of('a time such as "12:30" or "1:02:03"', written)
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])

    def write(self, kept: int, around: Surroundings) -> str:
        minutes, seconds = divmod(kept, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


class Published(Kind):
    """Whether the series is published; since when is the database's business."""

    def read(self, written: Any, around: Surroundings) -> bool:
        return Flag().read(written, around)

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> bool:
        return columns[0] is not None

    def columns(self, kept: bool, around: Surroundings) -> tuple[datetime | None]:
        return (around.now if kept else None,)


class Who(Line):
    """A person, by name; by "Name (native name)" where two bear the same."""

    def read(self, written: Any, around: Surroundings) -> str:
        name = super().read(written, around)
        everyone = {key for keys in around.people.values() for key in keys}
        if name in everyone:
            return name
        bearers = around.people.get(name, [])
        if not bearers:
            raise ValidationError(f"{name!r} is not among the people")
        if len(bearers) > 1:
            raise ValidationError(f"{name!r} may be {' or '.join(bearers)}: write which")
        return bearers[0]

    def write(self, kept: str, around: Surroundings) -> str:
        return next((name for name, keys in around.people.items() if keys == [kept]), kept)

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> str:
        return next((key for key, pk in around.person_ids.items() if pk == columns[0]), "")

    def columns(self, kept: str, around: Surroundings) -> tuple[int | None]:
        return (around.person_ids[kept] if kept else None,)


class WhichEpisode(Whole):
    """An episode of the same series, by its number."""

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> int | None:
        return next((number for number, pk in around.episode_ids.items() if pk == columns[0]), None)

    def columns(self, kept: int | None, around: Surroundings) -> tuple[int | None]:
        return (None if kept is None else around.episode_ids[kept],)


class WhichSeries(Line):
    """Another series of this site, by its slug; empty when it is not here."""

    def stored(self, columns: tuple[Any, ...], around: Surroundings) -> str:
        return next((slug for slug, pk in around.series_ids.items() if pk == columns[0]), "")

    def columns(self, kept: str, around: Surroundings) -> tuple[int | None]:
        return (around.series_ids.get(kept),)
