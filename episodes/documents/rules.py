from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models

from episodes.documents.tables import SERIES, Document, Path, Problem, Table, Values, label, numbers, table_of
from episodes.documents.values import Surroundings
from episodes.models import Episode
from episodes.models.series import MOST_EPISODES

REFERENCES = {"person_id", "episode_id", "to_series_id"}


def broken_rules(document: Document) -> Iterator[Problem]:
    """Every reason why these rows may not be stored.

    Holds for what a file says and again for what is left after merging. One short query per check constraint.
    """
    last = max(numbers(document), default=0)
    if not last:
        yield Problem("episodes", "a series has at least one")
    for path, values in document.items():
        table = table_of(path)
        for column, reason in (*broken_by_model(table, values), *broken_by_others(document, path, values, last)):
            yield Problem(label(path, *column.split()), reason)
    credited = {values["person"] for path, values in document.items() if path[0] == "credits"}
    for path in document:
        if path[0] == "people" and path[1] not in credited:
            yield Problem(label(path), "no credit names this person")


def broken_by_model(table: Table, values: Values) -> Iterator[tuple[str, str]]:
    """The model's own validators and check constraints, on a row that is not saved."""
    around = Surroundings(zone=ZoneInfo("UTC"), now=datetime.now(UTC))
    fields: Values = {}
    names: dict[str, str] = {}
    for name, value in values.items():
        column = table.columns[name]
        if REFERENCES.intersection(column.fields):
            fields[column.fields[0]] = 0 if value else None  # constraints ask only whether it is there
            continue
        fields |= zip(column.fields, column.kind.columns(value, around), strict=True)
        names |= dict.fromkeys(column.fields, name)
    instance = table.model(**fields)
    meta = table.model._meta
    try:
        instance.clean_fields(exclude={field.name for field in meta.get_fields() if field.name not in names})
    except ValidationError as error:
        for field, reasons in error.message_dict.items():
            yield names[field], " ".join(reasons)
        return
    for constraint in meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            try:
                constraint.validate(table.model, instance)
            except ValidationError as error:
                yield "", " ".join(error.messages)


def broken_by_others(document: Document, path: Path, values: Values, last: int) -> Iterator[tuple[str, str]]:
    """What a row may only be beside its series and its episode."""
    for column in ("scope", "title_scope", "ending_scope"):
        scope = values.get(column, 0)
        if scope > last and not (column == "ending_scope" and scope == MOST_EPISODES):
            yield column, f"{scope} is beyond the last episode, {last}"
    if path[0] == "kin" and values["series"] and values["series"] == document.get(SERIES, {}).get("slug"):
        yield "series", "a series is not its own kin"
    if path[0] == "credits" and values["person"] and ("people", values["person"]) not in document:
        yield "person", f"{values['person']!r} is not among the people"

    number = path[1] if path[0] == "episodes" else str(values.get("episode"))
    episode = document.get(("episodes", number))
    if values.get("episode") is not None and episode is None:
        yield "episode", f"there is no episode {values['episode']}"
    if values.get("at") is not None and episode is not None:
        runtime = {name: episode[name] for name in ("runtime", "runtime_is_approximate")}
        if values["at"] > Episode(**runtime).latest_at:
            yield "at", "is after the end of the episode"
