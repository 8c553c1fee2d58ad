from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models

from episodes.documents.values import (
    Airs,
    Clock,
    Day,
    Flag,
    Kind,
    Line,
    Lines,
    Prose,
    Published,
    Score,
    WhichEpisode,
    WhichSeries,
    Who,
    Whole,
    Words,
)
from episodes.models import (
    Credit,
    Cue,
    Episode,
    KeyMoment,
    Kin,
    Note,
    Person,
    PressReview,
    Series,
    Song,
    Source,
    Tag,
    WatchLink,
)

Path = tuple[str, ...]  # ("series",), ("episodes", "2"), ("episodes", "2", "key_moments", "It snows.")
Values = dict[str, Any]
Document = dict[Path, Values]  # its order is the file's

SERIES: Path = ("series",)


class Problem(NamedTuple):
    """Why a file cannot be loaded: the path of what is wrong, empty when it is the file itself."""

    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" if self.where else self.reason


@dataclass(frozen=True)
class Column:
    """A key of the file. `blank` is the value where nothing was ever said; `fields` are the model's own."""

    name: str
    kind: Kind
    blank: Any
    fields: tuple[str, ...]


def kind_of(field: models.Field[Any, Any]) -> Kind:
    if isinstance(field, models.CharField):
        return Line(longest=field.max_length)
    if isinstance(field, models.TextField):
        return Prose(longest=field.max_length)
    if isinstance(field, models.BooleanField):
        return Flag()
    if isinstance(field, models.DateField):
        return Day()
    if isinstance(field, models.DecimalField):
        return Score()
    return Whole()


def column_of(model: type[models.Model], name: str, kind: Kind | None = None) -> Column:
    field: models.Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment] # named in this file
    return Column(name, kind or kind_of(field), field.get_default(), (field.name,))


@dataclass(frozen=True)
class Table:
    """A kind of row. Its `key` tells two rows of the same parent apart, in the file as in the database."""

    name: str
    model: type[models.Model]
    columns: dict[str, Column]
    key: Callable[[Values], str]
    required: tuple[str, ...] = ()
    inside: str = ""  # the table of its parent row; none: it belongs to the series
    is_ordered: bool = False  # the file's order is kept in the column `order`

    def path(self, values: Values, above: Path = ()) -> Path:
        return (*above, self.name, self.key(values))


def columns_of(model: type[models.Model], names: str, *special: Column, **kinds: Kind) -> dict[str, Column]:
    """Columns in the order of `names`: the special ones as given, the others as their fields are."""
    given = {column.name: column for column in special}
    return {name: given.get(name) or column_of(model, name, kinds.get(name)) for name in names.split()}


def named(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


def person_key(name: str, native_name: str) -> str:
    return f"{name} ({native_name})" if native_name else name


def song_key(song: Values) -> str:
    if song["part"] is not None:
        return f"part {song['part']}"
    return named(song["title"], song["native_title"], song["artist"])


def press_key(review: Values) -> str:
    return named(review["episode"] and f"episode {review['episode']}", review["outlet"])


def cue_key(cue: Values) -> str:
    at = "?" if cue["at"] is None else Clock().write(cue["at"], None)  # type: ignore[arg-type] # needs nothing around
    return f"episode {cue['episode']} at {at}"


EPISODE = Column("episode", WhichEpisode(), None, ("episode_id",))

TABLES = {
    table.name: table
    for table in (
        Table(
            "series",
            Series,
            columns_of(
                Series,
                "slug title native_title romanised_title aliases tagline synopsis ending ending_scope network country"
                " language time_zone premiere ink published vocabulary",
                Column("published", Published(), False, ("published_at",)),
                aliases=Lines(),
                vocabulary=Words(),
            ),
            key=lambda row: "",
            required=("slug", "title"),
        ),
        Table(
            "tags",
            Tag,
            columns_of(Tag, "kind name"),
            key=lambda row: f"{row['kind']}.{row['name']}",
            required=("name",),
        ),
        Table(
            "people",
            Person,
            columns_of(Person, "name native_name known_for"),
            key=lambda row: person_key(row["name"], row.get("native_name", "")),
            required=("name",),
        ),
        Table(
            "credits",
            Credit,
            columns_of(
                Credit,
                "job character native_character person also_written note scope",
                Column("person", Who(), "", ("person_id",)),
            ),
            key=lambda row: named(row["job"], row["character"], row["person"]),
            required=("job",),
            is_ordered=True,
        ),
        Table(
            "episodes",
            Episode,
            columns_of(
                Episode,
                "number title native_title title_scope airs runtime runtime_is_approximate logline recap bonus_track"
                " bonus_question",
                Column("airs", Airs(), None, ("airs_at", "airs_precision")),
            ),
            key=lambda row: str(row["number"]),
            required=("number",),
        ),
        Table(
            "key_moments",
            KeyMoment,
            columns_of(KeyMoment, "at text", at=Clock()),
            key=lambda row: row["text"],
            required=("text",),
            inside="episodes",
            is_ordered=True,
        ),
        Table(
            "songs",
            Song,
            columns_of(Song, "part title native_title artist native_artist released_on released_about"),
            key=song_key,
        ),
        Table(
            "cues",
            Cue,
            columns_of(Cue, "episode at", EPISODE, at=Clock()),
            key=cue_key,
            required=("episode",),
            inside="songs",
        ),
        Table(
            "watch_links",
            WatchLink,
            columns_of(WatchLink, "service region url checked_on"),
            key=lambda row: named(row["service"], row["region"]),
            required=("service", "checked_on"),
        ),
        Table(
            "press",
            PressReview,
            columns_of(PressReview, "outlet episode score scale quote url scope checked_on", EPISODE),
            key=press_key,
            required=("outlet",),
        ),
        Table(
            "kin",
            Kin,
            columns_of(Kin, "title why series", Column("series", WhichSeries(), "", ("to_series_id",))),
            key=lambda row: row["title"],
            required=("title", "why"),
            is_ordered=True,
        ),
        Table(
            "notes",
            Note,
            columns_of(Note, "about text scope"),
            key=lambda row: row["about"],
            required=("about", "text"),
            is_ordered=True,
        ),
        Table(
            "sources",
            Source,
            columns_of(Source, "name url"),
            key=lambda row: row["name"],
            required=("name",),
            is_ordered=True,
        ),
    )
}


def table_of(path: Path) -> Table:
    return TABLES[path[-2] if len(path) > 1 else path[0]]


def above(path: Path) -> Path:
    """The path of the parent row; the series' own rows have none."""
    return path[:-2]


def label(path: Path, *more: str) -> str:
    """A path as people read it: `episodes.2.logline`. The vocabulary has a table of its own in the file."""
    steps = [*path, *more]
    return ".".join(steps[1:] if steps[:2] == ["series", "vocabulary"] else steps)


def numbers(document: Document) -> list[int]:
    return [values["number"] for path, values in document.items() if path[0] == "episodes" and len(path) == 2]


def siblings(document: Document) -> dict[Path, list[Path]]:
    """Rows of ordered tables by what they are listed in, each list in its order."""
    lists: dict[Path, list[Path]] = {}
    for path in document:
        if table_of(path).is_ordered:
            lists.setdefault(path[:-1], []).append(path)
    return lists


def assumed(table: Table, values: Values, last: int) -> Iterator[tuple[str, Any]]:
    """What a file means where it says nothing; `last` is the number of the last episode.

    A person is shared between series: what one file leaves out, another may say, and no file unsays.
    """
    if table.name == "people":
        return
    for name, column in table.columns.items():
        if name == "published":
            yield name, True
        elif name == "ending_scope":
            yield name, last
        elif name == "title_scope":
            yield name, max(values["number"] - 1, 0)
        else:
            yield name, column.blank
