"""Three ways: what the file says, what it said when it was last loaded, and what the database says now.

Where the database still says what was loaded, nobody edited: the file has its way. Where it says something
else, an editor did that on the site: it stays, and the report says so, unless the file is to overwrite.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from episodes.documents.tables import (
    Document,
    Path,
    Values,
    above,
    label,
    siblings,
    table_of,
)


@dataclass
class Merge:
    """What is to be in the end, and what editors keep against the file, as "path" or "path: why"."""

    file: Document
    loaded: Document
    stored: Document
    overwrite: bool = False
    needed: set[int] = field(default_factory=set)  # numbers of episodes that members have been at
    kept: list[str] = field(default_factory=list)
    merged: Document = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Parents come before their rows in each of the three, so their fate is known by then.
        for path in {**self.file, **self.stored, **self.loaded}:
            self._row(path)
        self._sort()

    def _row(self, path: Path) -> None:
        parent = above(path)
        if parent and parent not in self.merged:
            return
        file, stored = self.file.get(path), self.stored.get(path)
        if file is not None and stored is not None:
            self.merged[path] = self._values(path, file, stored)
        elif file is not None:
            if self._was_removed(path):
                self.kept.append(f"{label(path)}: removed here")
            else:
                self.merged[path] = file
        elif stored is not None and (reason := self._reason_to_stay(path)):
            self.merged[path] = stored
            if reason != "shared":
                self.kept.append(f"{label(path)}: {reason}")

    def _values(self, path: Path, file: Values, stored: Values) -> Values:
        loaded = self.loaded.get(path, {})
        columns = table_of(path).columns
        return stored | {
            name: self._value((*path, name), value, loaded.get(name, columns[name].blank), stored[name])
            for name, value in file.items()
        }

    def _value(self, where: Path, file: Any, loaded: Any, stored: Any) -> Any:
        if file == stored or stored == loaded or self.overwrite:
            return file
        if isinstance(file, dict) and isinstance(stored, dict):
            return self._parts(where, file, loaded, stored)
        self.kept.append(label(where))
        return stored

    def _parts(self, where: Path, file: Values, loaded: Any, stored: Values) -> Values:
        """The vocabulary: each word of it is a value of its own."""
        known = loaded if isinstance(loaded, dict) else {}
        parts = {
            name: self._value((*where, name), file.get(name), known.get(name), stored.get(name))
            for name in {**file, **stored}
        }
        return {name: part for name, part in parts.items() if part is not None}

    def _was_removed(self, path: Path) -> bool:
        """It was loaded once and is gone: an editor took it out. A person is a name, and may come back."""
        return path in self.loaded and path[0] != "people" and not self.overwrite

    def _reason_to_stay(self, path: Path) -> str:
        """Why a row that the file does not have stays all the same, if it does."""
        if path[0] == "people" or self._lost_its_parent(path):
            return "shared"
        if path[0] == "episodes" and len(path) == 2 and int(path[1]) in self.needed:
            return "members have been there"
        if self.overwrite:
            return ""
        if path not in self.loaded:
            return "added here"
        return "" if self._family(self.stored, path) == self._family(self.loaded, path) else "changed here"

    def _lost_its_parent(self, path: Path) -> bool:
        """Its parent stays although the file has no such parent: so do the rows that belong to it."""
        return bool(above(path)) and above(path) not in self.file

    def _family(self, document: Document, path: Path) -> Document:
        return {other: values for other, values in document.items() if other[: len(path)] == path}

    def _sort(self) -> None:
        """Put ordered rows in the file's order, or in the editors' if they changed it since."""
        file, loaded, stored = siblings(self.file), siblings(self.loaded), siblings(self.stored)
        sorted_rows: Document = {}
        for where, rows in siblings(self.merged).items():
            ours, theirs = stored.get(where, []), file.get(where, [])
            base = loaded.get(where, theirs)
            was_moved = not self.overwrite and common(ours, base) != common(base, ours)
            lead, other = (ours, theirs) if was_moved else (theirs, ours)
            if was_moved and common(ours, theirs) != common(theirs, ours):
                self.kept.append(f"{label(where)}: their order")
            sorted_rows |= {path: self.merged[path] for path in woven(lead, other) if path in rows}
        self.merged = {path: values for path, values in self.merged.items() if path not in sorted_rows} | sorted_rows


def common(rows: list[Path], others: list[Path]) -> list[Path]:
    """Those of `rows` that are among the others, in their own order."""
    return [path for path in rows if path in others]


def woven(lead: list[Path], other: list[Path]) -> list[Path]:
    """The rows of both: in the order of `lead`, those of `other` alone after whatever they follow there."""
    rows = list(lead)
    before: Path | None = None
    for path in other:
        if path not in rows:
            rows.insert(rows.index(before) + 1 if before is not None else 0, path)
        before = path
    return rows
