"""Words that are nowhere else, each put into one column of one row."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models

from tests.canary.fields import FIELDS, Planted, Row, label_of

STEM = "zq"
# No letter that a name's look-alike rules would fold, and none that markup means something by.
LETTERS = "bcdfghjkmnprstvwxyz"
# So many letters of a word are enough to know it by: a text that was cut short tells as well.
KNOWN = 8
KNOWN_BY = re.compile(rf"{STEM}[{LETTERS}]{{{KNOWN - len(STEM)}}}", re.IGNORECASE)


def new_words() -> Iterator[str]:
    """Words of which no two begin alike: each is known by its beginning."""
    beginnings: set[str] = set()
    while True:
        word = STEM + "".join(secrets.choice(LETTERS) for _ in range(10))
        if word[:KNOWN] not in beginnings:
            beginnings.add(word[:KNOWN])
            yield word


@dataclass(frozen=True)
class Plant:
    """One word, and what decides who may have it."""

    word: str
    column: str
    pk: int
    planted: Planted
    series: int | None  # whose episodes its scope is counted in
    scope: int
    owner: int | None
    is_open: bool  # to everybody who has seen as far as its scope
    is_folded: bool  # by reports: only who asks is sent it
    is_reachable: bool  # its owner comes to a page where it stands
    revealed_by: str  # what `?reveal=` calls it

    def __str__(self) -> str:
        return f"{self.column} of row {self.pk}, scope {self.scope}"


@dataclass
class Plants:
    every: list[Plant] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known = {plant.word[:KNOWN]: plant for plant in self.every}

    def __iter__(self) -> Iterator[Plant]:
        return iter(self.every)

    def of(self, column: str) -> list[Plant]:
        return [plant for plant in self.every if plant.column == column]

    def found_in(self, text: str) -> Iterator[tuple[int, Plant]]:
        """Where in a text stands which plant."""
        for match in KNOWN_BY.finditer(text):
            if plant := self.known.get(match[0].lower()):
                yield match.start(), plant


def plant_everything() -> Plants:
    """Put a word into every declared column of every row that is there, past all managers and verbs."""
    columns: dict[type[models.Model], dict[str, Planted]] = {}
    for label, cover in FIELDS.items():
        if isinstance(cover, Planted):
            table, _, name = label.rpartition(".")
            columns.setdefault(apps.get_model(table), {})[name] = cover
    found = []
    words = new_words()
    for model, covers in columns.items():
        # Joined rows come plain, too: the world of a test is not a reader.
        rows: list[Any] = list(models.QuerySet(model).order_by("pk"))
        for row in rows:
            values: dict[str, Any] = {}
            for name, cover in covers.items():
                if cover.where(row):
                    plant = plant_for(row, name, cover, next(words))
                    values[name] = cover.shape(plant.word)
                    found.append(plant)
            if values:
                models.QuerySet(model).filter(pk=row.pk).update(**values)
    return Plants(found)


def plant_for(row: Any, name: str, cover: Planted, word: str) -> Plant:
    about = Row(row)
    return Plant(
        word=word,
        column=label_of(type(row), name),
        pk=row.pk,
        planted=cover,
        series=about.series.pk if about.series else None,
        scope=cover.scope(row),
        owner=cover.owner(row),
        is_reachable=about.is_published,
        is_open=not cover.is_private and about.is_published and about.is_live and cover.is_spoken_of(row),
        is_folded=about.is_folded,
        revealed_by=cover.revealed_by(row),
    )
