from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from episodes.documents.merging import Merge
from episodes.documents.reading import Reading
from episodes.documents.rules import broken_rules
from episodes.documents.stored import Stored
from episodes.documents.tables import SERIES, Document
from episodes.models import Series


class Command(BaseCommand):
    help = (
        "Create or update series from their files: all of them, or none if anything is wrong. "
        "What was changed on the site since the last load is reported and kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Let the files undo what was changed, added and removed on the site.",
        )

    def handle(self, *args: Any, files: list[Path], overwrite: bool, **options: Any) -> None:
        documents = read(files)
        now = timezone.now()
        try:
            with transaction.atomic():
                lines = [line for file in documents for line in load(file, documents[file], now, overwrite=overwrite)]
                # Now that all are there, those that name one another as kin find each other.
                for file, document in documents.items():
                    if named_kin(document) & slugs(documents):
                        load(file, document, now, overwrite=overwrite)
        except DatabaseError as error:  # not migrated, locked, full, or somebody else changed the same rows
            raise CommandError(f"Nothing is loaded. The database says: {error}") from error
        for line in lines:
            self.stdout.write(line)


def read(files: list[Path]) -> dict[Path, Document]:
    """Read every file to its end. Raises CommandError with every problem of them all."""
    documents: dict[Path, Document] = {}
    problems: list[str] = []
    taken: dict[str, Path] = {}
    for file in dict.fromkeys(files):
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(f"{file}: not UTF-8: byte {error.start}")
            continue
        except (OSError, ValueError) as error:
            problems.append(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}")
            continue
        reading = Reading(text)
        problems += [f"{file}: {problem}" for problem in reading.problems]
        documents[file] = reading.document
        slug = reading.document.get(SERIES, {}).get("slug", "")
        if slug and slug in taken:
            problems.append(f"{file}: series.slug: {slug!r} is the series of {taken[slug]} too")
        taken.setdefault(slug, file)
    if problems:
        raise CommandError("\n".join(["Nothing is loaded.", *problems]))
    return documents


def load(file: Path, document: Document, now: datetime, *, overwrite: bool) -> list[str]:
    """Bring one series in step with its file; answers what to say about it. Needs a transaction."""
    stored = Stored.locked(document[SERIES]["slug"], now)
    is_new = stored.series.pk is None
    stored.know(path for path in document if path[0] == "people")
    document = without_absent_kin(document, set(stored.around.series_ids))

    merge = Merge(
        file=document,
        loaded=unpacked(stored.series.loaded),
        stored=stored.document,
        overwrite=overwrite,
        needed=stored.needed_episodes(),
    )
    if merge.merged != stored.document:
        problems = [f"{file}: {problem}, with what was changed on the site" for problem in broken_rules(merge.merged)]
        if problems:
            raise CommandError("\n".join(["Nothing is loaded.", *problems]))
    count = stored.become(merge.merged)
    if stored.series.loaded != packed(document):
        Series.objects.filter(pk=stored.series.pk).update(loaded=packed(document))

    if is_new:
        said = "created"
    elif count:
        said = "updated 1 thing" if count == 1 else f"updated {count} things"
    else:
        said = "nothing to do"
    return [f"{file}: {said}", *(f"{file}: kept: {kept}" for kept in merge.kept)]


def slugs(documents: dict[Path, Document]) -> set[str]:
    return {document[SERIES]["slug"] for document in documents.values()}


def named_kin(document: Document) -> set[str]:
    return {values["series"] for path, values in document.items() if path[0] == "kin"}


def without_absent_kin(document: Document, here: set[str]) -> Document:
    """Without links to series that are not on this site: a load after theirs makes the link."""
    return {
        path: {**values, "series": ""} if path[0] == "kin" and values["series"] not in here else values
        for path, values in document.items()
    }


def packed(document: Document) -> list[list[Any]]:
    """As JSON can keep it, order included."""
    return [[list(path), values] for path, values in document.items()]


def unpacked(kept: Any) -> Document:
    return {tuple(path): values for path, values in kept or []}
