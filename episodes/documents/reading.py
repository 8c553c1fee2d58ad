from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from episodes.documents.rules import broken_rules
from episodes.documents.tables import (
    SERIES,
    TABLES,
    Column,
    Document,
    Path,
    Problem,
    Table,
    Values,
    assumed,
    label,
    numbers,
)
from episodes.documents.values import Line, Surroundings
from episodes.models import Tag

# People come before the credits that name them.
ROWS = ("people", "credits", "episodes", "songs", "watch_links", "press", "kin", "notes", "sources")
KNOWN = {"series", "vocabulary", "tags", *ROWS}
NESTED = {table.inside: table for table in TABLES.values() if table.inside}


class Reading:
    """One file's text, read to its end: `document`, and every problem on the way.

    A row with a problem is still read as far as its key is known, so that what refers to it is not refused too.
    """

    def __init__(self, text: str) -> None:
        self.document: Document = {}
        self.problems: list[Problem] = []
        self._around = Surroundings()
        try:
            data = tomllib.loads(text, parse_float=Decimal)
        except (ValueError, ArithmeticError) as error:  # its own error names the line; numbers may raise theirs
            self._problem((), f"not valid TOML: {error}")
        except RecursionError:
            self._problem((), "not valid TOML: nested too deeply")
        else:
            self._read(data)
            known = {problem.where for problem in self.problems}
            self.problems += [problem for problem in broken_rules(self.document) if problem.where not in known]

    def _read(self, data: dict[str, Any]) -> None:
        self._refuse_unknown(data, KNOWN, ())
        self._series(data)
        self._tags(data.get("tags", {}))
        for name in ROWS:
            self._rows(TABLES[name], data.get(name, []))
            if name == "people":
                self._around.name_people(
                    [(values["name"], path[1]) for path, values in self.document.items() if path[0] == "people"]
                )
        self._complete()

    def _problem(self, where: Path, reason: str) -> None:
        self.problems.append(Problem(label(where), reason))

    def _refuse_unknown(self, raw: dict[str, Any], known: set[str], where: Path) -> None:
        for name in raw:
            if name not in known:
                self._problem((*where, name), "unknown key")

    def _series(self, data: dict[str, Any]) -> None:
        if "series" not in data:
            self._problem(SERIES, "is missing")
            return
        raw = data["series"]
        if not isinstance(raw, dict):
            self._problem(SERIES, "a table is wanted here")
            return
        columns = {name: column for name, column in TABLES["series"].columns.items() if name != "vocabulary"}
        values = self._values(TABLES["series"], raw, SERIES, columns)
        if "vocabulary" in data:
            self._value(TABLES["series"].columns["vocabulary"], data["vocabulary"], SERIES, values)
        if "time_zone" in values:
            try:
                self._around.zone = ZoneInfo(values["time_zone"])
            except (KeyError, ValueError, OSError):  # what it raises depends on how the name is wrong
                self._problem((*SERIES, "time_zone"), f"{values['time_zone']!r} is no time zone")
        self.document[SERIES] = values

    def _tags(self, raw: Any) -> None:
        if not isinstance(raw, dict):
            self._problem(("tags",), "a table of kinds is wanted here")
            return
        self._refuse_unknown(raw, set(Tag.Kind.values), ("tags",))
        for kind in Tag.Kind.values:
            names = raw.get(kind, [])
            if not isinstance(names, list):
                self._problem(("tags", kind), "a list of texts is wanted here")
                continue
            for name in names:
                values: Values = {"kind": kind}
                if self._value(TABLES["tags"].columns["name"], name, ("tags", kind), values):
                    self._add(TABLES["tags"], values, ())

    def _rows(self, table: Table, raw: Any, above: Path = ()) -> None:
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            self._problem((*above, table.name), "a list of tables is wanted here")
            return
        for position, item in enumerate(raw, start=1):
            self._row(table, item, above, position)

    def _row(self, table: Table, item: dict[str, Any], above: Path, position: int) -> None:
        nested = NESTED.get(table.name)
        within = item.pop(nested.name, []) if nested else []
        here = self._where(table, item, above, position)
        values = self._values(table, item, here, table.columns)
        is_known = here[-1] != f"#{position}" and all(name in values for name in table.required)
        path = self._add(table, values, above) if is_known else None
        if nested and path:
            self._rows(nested, within, path)

    def _where(self, table: Table, item: dict[str, Any], above: Path, position: int) -> Path:
        """How problems call this row: by its key if that can be read, else by its place in the file."""
        values: Values = {}
        for name, column in table.columns.items():
            try:
                values[name] = column.kind.read(item[name], self._around) if name in item else column.blank
            except ValidationError:
                values[name] = column.blank
        key = table.key(values)
        return (*above, table.name, key if key not in ("", "None") else f"#{position}")

    def _values(self, table: Table, raw: dict[str, Any], where: Path, columns: dict[str, Column]) -> Values:
        values: Values = {}
        self._refuse_unknown(raw, set(columns), where)
        for name, column in columns.items():
            if name in raw:
                self._value(column, raw[name], where, values)
            elif name in table.required:
                self._problem((*where, name), "is missing")
            if name in table.required and values.get(name) == "":
                self._problem((*where, name), "is empty")
        return values

    def _value(self, column: Column, written: Any, where: Path, values: Values) -> bool:
        try:
            values[column.name] = column.kind.read(written, self._around)
        except ValidationError as error:
            named = where if isinstance(column.kind, Line) and where[0] == "tags" else (*where, column.name)
            self._problem(named, " ".join(error.messages))
            return False
        return True

    def _add(self, table: Table, values: Values, above: Path) -> Path | None:
        filled = {name: values.get(name, column.blank) for name, column in table.columns.items()}
        path = table.path(filled, above)
        if path in self.document:
            self._problem(path, "is there twice")
            return None
        self.document[path] = values
        return path

    def _complete(self) -> None:
        """Say everything that the file left unsaid."""
        last = max(numbers(self.document), default=0)
        for path, values in self.document.items():
            table = TABLES["series"] if path == SERIES else TABLES[path[-2]]
            for name, value in assumed(table, values, last):
                values.setdefault(name, value)
