"""Who asks, and the promise itself in plain Python: no query, and nothing of the site's own rule."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.test import Client

from conftest import HERE, seen
from episodes.models import Series
from tests.canary.plants import Plant
from tests.canary.world import LAST, World

# Kind of reader → the points from which each looks. None: never asked.
READERS: dict[str, tuple[int | None, ...]] = {
    "visitor": (None, 0, 1, LAST),
    "member": (None, 0, 1, LAST),
    "author": (0, LAST),
    "moderator": (0, LAST),
    "admin": (0,),
    "silenced": (1,),
    "banned": (LAST,),
}
ACCOUNTS = {
    "member": "una",
    "author": "alice",
    "silenced": "bob",
    "banned": "ned",
    "moderator": "mona",
    "admin": "ada",
}
ROLES = {"moderator": {"moderators"}, "admin": {"moderators", "editors", "admins"}}


@dataclass(frozen=True)
class Reader:
    name: str
    pk: int | None = None  # a member's
    points: dict[int, int] = field(default_factory=dict)  # series → seen through
    roles: frozenset[str] = frozenset()
    is_silenced: bool = False
    banned: int | None = None  # whose session it was until they were banned

    def point(self, series: int | None) -> int:
        return self.points.get(series or 0, 0)

    def at(self, series: Series, point: int | None) -> Reader:
        return self if point is None else replace(self, points={**self.points, series.pk: point})

    def __str__(self) -> str:
        return self.name


def introduce(world: World, kind: str, point: int | None) -> tuple[Reader, Client]:
    """The reader, and the browser they use."""
    name = f"{kind} at {point}" if point is not None else f"{kind}, never asked"
    browser = Client(headers=HERE)
    reader = Reader(name).at(world.series, point)
    if kind == "visitor":
        if point is not None:
            browser.post(f"/series/{world.series.slug}/progress/", {"seen_through": point})
        return reader, browser
    account = getattr(world.cast, ACCOUNTS[kind])
    if point is not None:
        seen(account, world.series, LAST if kind == "silenced" else point)  # this one watches again
        seen(account, world.series, point)
    browser.force_login(account, backend="accounts.backends.MemberBackend")
    if kind == "banned":
        return Reader(name, banned=account.pk), browser
    roles = frozenset(ROLES.get(kind, ()))
    return replace(reader, pk=account.pk, roles=roles, is_silenced=kind == "silenced"), browser


def is_within_reach(reader: Reader, plant: Plant) -> bool:
    """Anybody who has seen as far may have it, on every page; what reports have folded, nobody who did not ask."""
    return plant.is_open and not plant.is_folded and plant.scope <= reader.point(plant.series)


def is_own(reader: Reader, plant: Plant) -> bool:
    if plant.owner is None:
        return False
    return plant.owner == reader.pk or (plant.planted.is_why_banned and plant.owner == reader.banned)


def may_have(reader: Reader, plant: Plant, asked_for: frozenset[str], *, in_admin: bool) -> bool:
    """`asked_for`: the texts that this one request asks to be shown."""
    if is_own(reader, plant) or is_within_reach(reader, plant):
        return True
    if plant.is_open and plant.revealed_by in asked_for:
        return True
    if not in_admin or plant.planted.staff not in reader.roles:
        return False
    if plant.planted.staff != "moderators":
        return True
    return plant.scope <= reader.point(plant.series) or bool({plant.revealed_by, "all"} & asked_for)
