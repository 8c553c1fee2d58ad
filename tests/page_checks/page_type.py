"""How a kind of page is told: where it is, who can come to it, and what it looks like when it is refused."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

ANYBODY = ("visitor", "member", "moderator")
VISITOR = ("visitor",)
MEMBERS = ("member", "moderator")
ONE_MEMBER = ("member",)
MODERATOR = ("moderator",)
ADMIN = ("admin",)
GUARDED = ("guarded",)  # a member with a second factor
FULL = ("full",)
BOTH = ("empty", "full")


@dataclass(frozen=True)
class Refused:
    """A form of the page, found by one of its fields, that is sent with these values and comes back.

    Values may name what the world tells, as paths do. `without`: the cookie that has gone meanwhile. `instead`:
    another page comes, with this status.
    """

    field: str
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    without: str = ""
    instead: int = 0


@dataclass(frozen=True)
class PageType:
    """`{episode}` and the like in a path are told by the world. `error`: which of its `errors` stands at this address.

    `lands`: where it is shown, if that is elsewhere. `indexable`: search engines may keep it; Lighthouse measures it.
    """

    path: str
    views: tuple[str, ...] = ()
    roles: tuple[str, ...] = ANYBODY
    states: tuple[str, ...] = BOTH
    refused: Refused | None = None
    status: int = 200
    error: str = ""
    lands: str = ""
    indexable: bool = False
