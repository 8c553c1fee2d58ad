from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import tomli_w

from episodes.documents.tables import SERIES, TABLES, Document, Path, Values, above, assumed, numbers, table_of
from episodes.documents.values import Surroundings

# The order of a file: the small tables an editor looks up first, the long texts of the episodes last.
LISTS = ("people", "credits", "songs", "watch_links", "press", "kin", "notes", "sources", "episodes")


def written(document: Document) -> str:
    """The text of the file that says this, and leaves out what goes without saying."""
    return file_text(file_of(document))


def file_text(parts: dict[str, Any]) -> str:
    """A block for each table and each row of a list, as an editor would write it."""
    return "\n".join(blocks(parts))


def blocks(parts: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, part in parts.items():
        if isinstance(part, dict):
            yield tomli_w.dumps({name: part}, multiline_strings=True)
            continue
        for row in part:
            own = {key: value for key, value in row.items() if not is_list_of_rows(value)}
            yield f"[[{above}{name}]]\n{tomli_w.dumps(own, multiline_strings=True)}"
            yield from blocks({key: value for key, value in row.items() if key not in own}, f"{above}{name}.")


def is_list_of_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def file_of(document: Document) -> dict[str, Any]:
    """The document as TOML nests it."""
    around = Surroundings(zone=ZoneInfo(document[SERIES]["time_zone"]))
    around.name_people([(values["name"], path[1]) for path, values in document.items() if path[0] == "people"])
    last = max(numbers(document), default=0)
    rows: dict[Path, dict[str, Any]] = {}
    lists: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
    tags: dict[str, list[str]] = {}
    for path, values in document.items():
        table = table_of(path)
        if table is TABLES["tags"]:
            tags.setdefault(values["kind"], []).append(values["name"])
            continue
        rows[path] = row_of(path, values, around, last)
        if table.inside:
            rows[above(path)].setdefault(table.name, []).append(rows[path])
        elif path != SERIES:
            lists[table.name].append(rows[path])
    series = rows[SERIES]
    vocabulary = series.pop("vocabulary", {})
    parts = {"series": series, "vocabulary": vocabulary, "tags": tags, **lists}
    return {name: part for name, part in parts.items() if part}


def row_of(path: Path, values: Values, around: Surroundings, last: int) -> dict[str, Any]:
    table = table_of(path)
    unsaid = dict(assumed(table, values, last)) if table.name != "people" else dict.fromkeys(values, "")
    return {
        name: column.kind.write(values[name], around)
        for name, column in table.columns.items()
        if name in table.required or (values[name] != unsaid[name] and values[name] is not None)
    }
