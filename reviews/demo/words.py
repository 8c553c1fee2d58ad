"""The demo community as it stands in the files next to this one: who there is, and what they say about what.

When they say it, `calendar` works out. Everything is invented.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent
SERIES = ("soundtrack-1", "soundtrack-2")  # in the order in which they premiered
PROMPTS = ("rewound", "stayed", "shown_to")


@dataclass(eq=False)
class Person:
    username: str
    joined: datetime
    zone: str
    voice: str
    watched: dict[str, int]  # slug → episodes seen; no entry: never asked
    display_name: str = ""
    bio: str = ""
    star_meaning: str = ""
    pace: int = 1  # days between two episodes that are both there
    role: str = ""  # of those who can log in
    again: dict[str, int] = field(default_factory=dict)  # slug → how far, this time round
    waits: dict[str, int] = field(default_factory=dict)  # slug → days after it aired before they begin
    seen_at: dict[str, list[datetime]] = field(default_factory=dict)

    def furthest(self, slug: str) -> int:
        return self.watched.get(slug, 0)

    def had_seen(self, slug: str, at: datetime) -> int:
        return bisect_right(self.seen_at.get(slug, []), at)


@dataclass(eq=False)
class Said:
    """A comment and what answers it. No scope: as far as what it answers, or as its page says."""

    by: Person
    says: str
    kind: str = "talk"
    at: int | None = None
    song: str = ""
    scope: int | None = None
    asks: bool = False  # before they have begun to watch
    replies: list[Said] = field(default_factory=list)


@dataclass(eq=False)
class Opinion:
    by: Person
    stars: int | None
    headline: str = ""
    says: str = ""
    scope: int | None = None
    prompts: dict[str, str] = field(default_factory=dict)
    replies: list[Said] = field(default_factory=list)


@dataclass(eq=False)
class Page:
    """One subject: an episode, or with no number the whole series."""

    slug: str
    number: int | None
    opinions: list[Opinion]
    comments: list[Said]

    @property
    def name(self) -> str:
        return self.slug if self.number is None else f"{self.slug}-{self.number}"

    def scope_of(self, text: Said | Opinion, lasts: dict[str, int]) -> int:
        """How far a text that opens something here spoils: its episode, or with its series' last one, that.

        The room of a series is safe. `lasts`: slug → number of the last episode.
        """
        if isinstance(text, Opinion) and not (text.says or text.prompts):
            return 0
        if text.scope is not None:
            return text.scope
        return self.number or (lasts[self.slug] if isinstance(text, Opinion) else 0)


@dataclass(eq=False)
class Words:
    people: list[Person]
    pages: list[Page]

    @classmethod
    def read(cls) -> Words:
        people = [read_person(values) for values in load("members")["members"]]
        by_name = {person.username: person for person in people}
        return cls(people, [read_page(path, by_name) for path in sorted(FOLDER.glob("soundtrack-*.toml"))])

    def all_comments(self) -> Iterator[Said]:
        for page in self.pages:
            yield from with_replies(page.comments)
            for opinion in page.opinions:
                yield from with_replies(opinion.replies)


def with_replies(comments: list[Said]) -> Iterator[Said]:
    for said in comments:
        yield said
        yield from with_replies(said.replies)


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read_person(values: dict[str, Any]) -> Person:
    joined = datetime.combine(values.pop("joined"), time(12), ZoneInfo(values["zone"])).astimezone(UTC)
    return Person(**values, joined=joined)


def read_page(path: Path, people: dict[str, Person]) -> Page:
    document = load(path.stem)
    slug = next(slug for slug in SERIES if path.stem.startswith(slug))
    number = int(path.stem.removeprefix(slug + "-")) if path.stem != slug else None
    answers = [{**values, "kind": "bonus"} for values in document.get("answers", [])]
    bare = [Opinion(people[username], stars) for username, stars in document.get("ratings", {}).items()]
    return Page(
        slug,
        number,
        [read_opinion(values, people) for values in document.get("reviews", [])] + bare,
        read_comments([*document.get("comments", []), *answers], people),
    )


def read_opinion(values: dict[str, Any], people: dict[str, Person]) -> Opinion:
    return Opinion(
        by=people[values["by"]],
        stars=values.get("stars"),
        headline=values.get("headline", ""),
        says=values.get("says", "").strip(),
        scope=values.get("scope"),
        prompts={name: values[name] for name in PROMPTS if name in values},
        replies=read_comments(values.get("replies", []), people),
    )


def read_comments(rows: list[dict[str, Any]], people: dict[str, Person]) -> list[Said]:
    return [
        Said(
            by=people[values["by"]],
            says=values["says"],
            kind=values.get("kind") or ("song" if "song" in values else "moment" if "at" in values else "talk"),
            at=seconds(values["at"]) if "at" in values else None,
            song=values.get("song", ""),
            scope=values.get("scope"),
            asks=values.get("asks", False),
            replies=read_comments(values.get("replies", []), people),
        )
        for values in rows
    ]


def seconds(minute: str) -> int:
    """ "12:30" → 750."""
    minutes, rest = minute.split(":")
    return int(minutes) * 60 + int(rest)
