from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Model, Q

from episodes.documents.tables import (
    SERIES,
    TABLES,
    Document,
    Path,
    Table,
    Values,
    above,
    person_key,
    siblings,
    table_of,
)
from episodes.documents.values import Surroundings
from episodes.models import Cue, Episode, KeyMoment, Person, Series, Tag
from reviews.models import Comment, Review

# In this order rows are made: each after what it refers to. They are removed the other way round.
MAKING = [
    "people",
    "tags",
    "episodes",
    "key_moments",
    "songs",
    "cues",
    "credits",
    "watch_links",
    "press",
    "kin",
    "notes",
    "sources",
]


class Stored:
    """A series as the database has it: the document, and the row behind each of its paths.

    Reading costs a query per table, whatever the number of rows.
    """

    def __init__(self, series: Series, now: datetime) -> None:
        self.series = series
        self.document: Document = {}
        self.rows: dict[Path, Model] = {}
        self.around = Surroundings(now=now, series_ids=dict(Series.objects.values_list("slug", "pk")))
        if series.pk is not None:
            self._read()

    @classmethod
    def locked(cls, slug: str, now: datetime) -> Stored:
        """The series for changing, or a new one; episodes are locked before their series, as everywhere."""
        list(Episode.objects.filter(series__slug=slug).order_by("number").select_for_update(no_key=True, of=("self",)))
        rows = Series.objects.with_words().filter(slug=slug)
        series = rows.select_for_update(no_key=True).first()
        return cls(series or Series(slug=slug), now)

    def _read(self) -> None:
        series, around = self.series, self.around
        around.zone = ZoneInfo(series.time_zone)
        self._keep("series", [series])
        self._keep("tags", series.tags.order_by("kind", "name"))
        self._know_people(Person.objects.filter(credits__series=series).order_by("credits__order", "credits__pk"))
        self._keep("credits", series.credits.order_by("order", "pk"))
        episodes = list(Episode.objects.with_words().filter(series=series).order_by("number"))
        around.episode_ids = {episode.number: episode.pk for episode in episodes}
        self._keep("episodes", episodes)
        moments = KeyMoment.objects.filter(episode__series=series)
        self._keep("key_moments", moments.order_by("order", F("at").asc(nulls_last=True), "pk"))
        self._keep("songs", series.songs.order_by(F("part").asc(nulls_last=True), "title", "artist", "pk"))
        cues = Cue.objects.filter(song__series=series)
        self._keep("cues", cues.order_by("episode__number", F("at").asc(nulls_last=True), "pk"))
        self._keep("watch_links", series.watch_links.order_by("service", "region"))
        reviews = series.press_reviews.order_by(F("episode__number").asc(nulls_first=True), "outlet")
        self._keep("press", reviews)
        self._keep("kin", series.kin.order_by("order", "pk"))
        self._keep("notes", series.notes.order_by("order", "pk"))
        self._keep("sources", series.sources.order_by("order", "pk"))

    def know(self, people: Iterable[Path]) -> None:
        """Look up people whom a file names: another series may have brought them here."""
        wanted = {path[1] for path in people} - set(self.around.person_ids)
        names = {key.partition(" (")[0] for key in wanted} | wanted
        found = Person.objects.filter(name__in=names)
        self._know_people(person for person in found if person_key(person.name, person.native_name) in wanted)

    def _know_people(self, people: Iterable[Person]) -> None:
        people = list(dict.fromkeys(people))
        for person in people:
            self.around.person_ids[person_key(person.name, person.native_name)] = person.pk
        self._keep("people", people)

    def _keep(self, name: str, rows: Iterable[Model]) -> None:
        """Take rows into the document. Two that the key cannot tell apart are numbered."""
        table = TABLES[name]
        paths = {row.pk: path for path, row in self.rows.items() if path[-2:-1] == (table.inside,)}
        for row in rows:
            values = {
                column.name: column.kind.stored(tuple(getattr(row, field) for field in column.fields), self.around)
                for column in table.columns.values()
            }
            parent = paths[getattr(row, f"{table.inside[:-1]}_id")] if table.inside else ()
            path = first = SERIES if name == "series" else table.path(values, parent)
            copies = 1
            while path in self.document:
                copies += 1
                path = (*first[:-1], f"{first[-1]} ({copies})")
            self.document[path] = values
            self.rows[path] = row

    def needed_episodes(self) -> set[int]:
        """Numbers of the episodes that members have seen, rated or spoken of, or that their texts spoil."""
        if self.series.pk is None:
            return set()
        numbers: set[int] = set()
        texts = (Review.objects.filter(series=self.series), Comment.objects.filter(series=self.series))
        for rows in texts:
            numbers |= set(rows.exclude(episode=None).values_list("episode__number", flat=True).distinct())
            spoilt = rows.aggregate(most=Max("spoils_through"))["most"] or 0
            numbers |= set(range(1, spoilt + 1))
        furthest = self.series.progress.aggregate(most=Max("furthest"))["most"] or 0
        return numbers | set(range(1, furthest + 1))

    def become(self, merged: Document) -> int:
        """Change the database so that it says what `merged` says. Answers how many rows that took."""
        return Change(self, merged).make()


class Change:
    """From one document to another, row by row; versions rise where something changed, and only there."""

    def __init__(self, stored: Stored, merged: Document) -> None:
        self.stored = stored
        self.around = stored.around
        self.series = stored.series
        self.merged = merged
        self.count = 0
        self.changed_episodes: set[int] = set()  # numbers
        self.changed_people: set[int] = set()  # keys

    def make(self) -> int:
        has_moved = self._has_moved()
        self._series()
        self._remove()
        for name in MAKING:
            for path, values in self.merged.items():
                if path != SERIES and table_of(path).name == name:
                    self._row(path, values, has_moved)
        self._order()
        if self.count:
            self._raise_versions()
        return self.count

    def _has_moved(self) -> bool:
        """Another time zone has other midnights: a known date is stored anew."""
        stored = self.stored.document.get(SERIES)
        return stored is not None and stored["time_zone"] != self.merged[SERIES]["time_zone"]

    def _series(self) -> None:
        values = self.merged[SERIES]
        self.around.zone = ZoneInfo(values["time_zone"])
        if self._assign(self.series, SERIES, values):
            self.count += 1
            self.series.save()
            self.stored.rows[SERIES] = self.series

    def _assign(self, row: Model, path: Path, values: Values, also: tuple[str, ...] = ()) -> list[str]:
        """Give the row what its values say where that is something else; answers the fields that changed."""
        stored = self.stored.document.get(path)
        fields: list[str] = []
        for name, value in values.items():
            column = table_of(path).columns[name]
            if stored is None or stored[name] != value or name in also:
                for field, content in zip(column.fields, column.kind.columns(value, self.around), strict=True):
                    setattr(row, field, content)
                    fields.append(field)
        return fields

    def _row(self, path: Path, values: Values, has_moved: bool) -> None:
        table = table_of(path)
        row = self.stored.rows.get(path)
        if table is TABLES["tags"]:
            if row is None:
                self.series.tags.add(Tag.objects.get_or_create(**values)[0])
                self.count += 1
            return
        made = row is None
        if row is None:
            if table is TABLES["people"] and path[1] not in self._credited():
                return
            row = table.model(**self._owner(table, path))
        moved = ("airs",) if has_moved and table is TABLES["episodes"] and "T" not in (values["airs"] or "T") else ()
        fields = self._assign(row, path, values, moved)
        if not made and not fields:
            return
        if isinstance(row, Episode):
            row.render()
            fields += ["recap_html", "bonus_track_html", "renderer_version"]
        row.save(update_fields=None if made else fields)
        self.stored.rows[path] = row
        self.count += 1
        self._notice(path, row)

    def _credited(self) -> set[str]:
        return {values["person"] for path, values in self.merged.items() if path[0] == "credits"}

    def _owner(self, table: Table, path: Path) -> dict[str, Any]:
        if table is TABLES["people"]:
            return {}
        if not table.inside:
            return {"series": self.series}
        return {table.inside[:-1]: self.stored.rows[above(path)]}

    def _notice(self, path: Path, row: Model) -> None:
        """Remember what a row's change means for others."""
        if isinstance(row, Person):
            self.around.person_ids[path[1]] = row.pk
            self.changed_people.add(row.pk)
        if isinstance(row, Episode):
            self.around.episode_ids[row.number] = row.pk
        if path[0] == "episodes":
            self.changed_episodes.add(int(path[1]))
        if isinstance(row, Cue):
            self.changed_episodes |= {number for number, pk in self.around.episode_ids.items() if pk == row.episode_id}

    def _remove(self) -> None:
        for name in reversed(MAKING):
            for path in [path for path in self.stored.document if path != SERIES and table_of(path).name == name]:
                if path in self.merged or name == "people":
                    continue
                row = self.stored.rows.pop(path)
                if isinstance(row, Tag):
                    self.series.tags.remove(row)
                else:
                    self._notice(path, row)
                    row.delete()
                self.count += 1

    def _order(self) -> None:
        """Number the rows of a list again if they stand in another order than they are stored in."""
        before = siblings(self.stored.document)
        for where, paths in siblings(self.merged).items():
            if [path for path in before.get(where, []) if path in self.merged] == paths:
                continue
            for order, path in enumerate(paths):
                row: Any = self.stored.rows[path]
                if row.order != order:
                    row.order = order
                    row.save(update_fields=["order"])
                    self.count += path in self.stored.document
                    self._notice(path, row)

    def _raise_versions(self) -> None:
        """Episodes before series. A series is new at version 1; whoever shares a changed person changed too."""
        old = {values["number"] for path, values in self.stored.document.items() if path[0::2] == ("episodes",)}
        episodes = Episode.objects.filter(series=self.series, number__in=self.changed_episodes & old)
        episodes.update(version=F("version") + 1)
        shared = Q(credits__person__in=self.changed_people)
        ours = Q(pk=self.series.pk) if SERIES in self.stored.document else Q(pk=None)
        others = Series.objects.filter(shared).exclude(pk=self.series.pk).values("pk") if self.changed_people else []
        Series.objects.filter(ours | Q(pk__in=others)).update(version=F("version") + 1)
