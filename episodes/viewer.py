"""Who is looking, how far they have seen, and what they asked to be shown this once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from time import time
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core import signing
from django.db.models import Case, Expression, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from episodes.boundary import reaches
from episodes.models import Episode, Progress, Series

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

COOKIE = "__Host-seen" if settings.IS_HTTPS else "seen"
COOKIE_SALT = "episodes.seen"
COOKIE_AGE = 400 * 24 * 3600  # seconds; browsers cap a cookie's life at 400 days
STEP_COOKIE = "__Host-step" if settings.IS_HTTPS else "step"
STEP_SALT = "episodes.step"
STEP_AGE = 10 * 60  # seconds; a slip is noticed at once or never
MOST_SERIES = 50
MOST_EPISODES = 10_000
LARGEST_KEY = 2**63  # what a database takes for a key
# What follows "ending" is asked for in the admin only.
REVEALED = re.compile(r"(review|comment|ending|revision|report|appeal|headline|moderationaction)-([1-9][0-9]{0,17})")
MOST_REVEALED = 10  # in the admin, side by side; elsewhere one


class Point(NamedTuple):
    """How far a visitor has seen one series, and the furthest they ever were."""

    seen_through: int
    furthest: int

    @classmethod
    def of(cls, held: object) -> Point:
        """What a cookie holds: a number, or for who went back a pair. Raises ValueError or TypeError for all else."""
        seen_through, furthest = held if isinstance(held, (list, tuple)) else (held, held)
        return cls(int(seen_through), max(int(seen_through), int(furthest)))

    @property
    def is_sane(self) -> bool:
        return self.seen_through >= 0 and self.furthest <= MOST_EPISODES

    @property
    def held(self) -> int | Point:
        """The short form: few go back, and a cookie has little room."""
        return self.seen_through if self.seen_through == self.furthest else self


class Step(NamedTuple):
    """A first answer, or a press that led further than ever: for as long as it may have been a slip.

    `member`: 0 for visitors. `before`: None where they had never been asked. `at`: when, in seconds since 1970.
    `moved`: when their row says that it was moved last, in the same; 0 for visitors, whose points are in one browser.
    """

    series: int
    member: int
    before: Point | None
    after: Point
    at: int
    moved: float

    @property
    def known(self) -> int:
        """How far they had ever been until then."""
        return self.before.furthest if self.before else 0


class ViewerRequest(HttpRequest):
    """What our views are given: the middleware has introduced the viewer.

    `visit_before`: when the member's visit before this one ended; None for visitors, and where nobody knows.
    """

    viewer: Viewer
    visit_before: datetime | None


class Viewer:
    """A visitor or a member, for the length of one request.

    `seen_through` answers None while they have never been asked, 0 when they have not started.
    A member's point costs one query per series, a visitor's none.
    """

    def __init__(
        self,
        user: User | AnonymousUser,
        cookie: Mapping[int, int | Point] | None = None,
        revealed: frozenset[tuple[str, int]] = frozenset(),
        step: Step | None = None,
    ) -> None:
        self.user = user
        self._step = step
        self.cookie = {key: Point.of(held) for key, held in (cookie or {}).items()}
        self._revealed = revealed
        self._progress: dict[int, Progress | None] = {}

    @classmethod
    def of(cls, request: HttpRequest) -> Viewer:
        return cls(request.user, read_cookie(request), read_revealed(request), read_step(request))

    @property
    def member(self) -> User | None:
        return self.user if self.user.is_authenticated else None

    @property
    def member_id(self) -> int | None:
        return self.user.pk if self.user.is_authenticated else None

    @property
    def moderates(self) -> bool:
        """Whether texts carry the staff's mark for them. Costs staff two queries, once a request, and others none."""
        return self.member is not None and self.member.is_staff and self.member.has_perm("reviews.view_review")

    def revealed(self, kind: str) -> list[int]:
        """Keys of the texts of this kind that this request asked to be shown."""
        return [key for shown, key in self._revealed if shown == kind]

    def progress(self, series: Series) -> Progress | None:
        if self.member is None:
            return None
        if series.pk not in self._progress:
            self._progress[series.pk] = Progress.objects.filter(member=self.member, series=series).first()
        return self._progress[series.pk]

    def forget(self, series: Series) -> None:
        """Look again next time: a verb may have moved the member."""
        self._progress.pop(series.pk, None)

    def look_up(self, series: Iterable[Series]) -> list[Progress]:
        """The member's points in these series, the one moved in last first. One query, and none for each later.

        Adds `last_number`: the series' last episode.
        """
        self._progress.update(dict.fromkeys(one.pk for one in series))
        last = Episode.objects.filter(series=OuterRef("series")).order_by("-number").values("number")[:1]
        own = Progress.objects.filter(member=self.member_id).annotate(last_number=Subquery(last))
        rows = [row for row in own.order_by("-updated_at", "-pk") if row.series_id in self._progress]
        self._progress.update({row.series_id: row for row in rows})
        return rows

    def seen_through(self, series: Series) -> int | None:
        if self.member is None:
            held = self.cookie.get(series.pk)
            return held.seen_through if held else None
        progress = self.progress(series)
        return progress.seen_through if progress else None

    def furthest(self, series: Series) -> int:
        if self.member is None:
            held = self.cookie.get(series.pk)
            return held.furthest if held else 0
        progress = self.progress(series)
        return progress.furthest if progress else 0

    def point(self, series: Series) -> int:
        """How far this viewer may be told things: unanswered is as far as not started."""
        return self.seen_through(series) or 0

    def has_seen(self, episode: Episode) -> bool:
        return reaches(self.point(episode.series), episode.number)

    def point_in(self, path: str) -> Expression:
        """The same for each row of a mixed list, as SQL; `path` leads from the row to its series."""
        if self.member is not None:
            own = Progress.objects.filter(member=self.member, series=OuterRef(path)).values("seen_through")
            return Coalesce(Subquery(own), 0)
        return Case(
            *(When(**{path: key}, then=Value(held.seen_through)) for key, held in self.cookie.items()),
            default=Value(0),
            output_field=IntegerField(),
        )

    def held(self, series: Series) -> Point | None:
        """Both numbers; None while they have never been asked."""
        return None if self.seen_through(series) is None else Point(self.point(series), self.furthest(series))

    def moved(self, series: Series) -> float:
        """When a member's row was moved last, in seconds since 1970."""
        progress = self.progress(series)
        return progress.updated_at.timestamp() if progress else 0

    def record(self, response: HttpResponse, series: Series, seen_through: int) -> None:
        """Remember the point: a member's in their row, a visitor's in the answer's cookie. `furthest` never falls.

        A press that leads further than ever is kept for a while, see `slip`; stepping back from there forgets no slip.
        """
        now = None
        if self.member is not None:
            # Not what this request saw before: another may have moved them meanwhile.
            self._progress[series.pk], now = Progress.objects.record(self.member, series, seen_through)
        before, step = self.held(series), self.slip(series)
        if now is not None:
            self._progress[series.pk] = now
        else:
            self._put(series, Point(seen_through, max(seen_through, self.furthest(series))))
            self.carry(response)
        after = Point(self.point(series), self.furthest(series))
        if before is None or after.furthest > before.furthest:
            step = Step(series.pk, self.member_id or 0, before, after, int(time()), 0)
        if step is not None:
            write_step(response, step._replace(after=after, moved=self.moved(series)))

    def step(self, series: Series) -> Step | None:
        """This viewer's own step of a moment ago, wherever they have gone since."""
        step = self._step
        return step if step and (step.series, step.member) == (series.pk, self.member_id or 0) else None

    def slip(self, series: Series) -> Step | None:
        """The step that this viewer may take back: nothing has moved them since."""
        step = self.step(series)
        if step is None or (step.after, step.moved) != (self.held(series), self.moved(series)):
            return None
        return step

    def step_back(self, series: Series) -> bool:
        """Be as before the slip, `furthest` too. False where there is none (any more). A visitor's is to `carry`."""
        step, here = self.slip(series), self.progress(series)
        if step is None:
            return False
        if here is None:
            self._put(series, step.before)
        elif not Progress.objects.put_back(here, step.before):
            return False
        self.forget(series)
        return True

    def drop_step(self, response: HttpResponse, series: Series) -> HttpResponse:
        """Offer it no longer: it is taken back, or a text was written with it, or it was refused."""
        if self.step(series) is not None:
            drop_step(response)
        return response

    def carry(self, response: HttpResponse) -> None:
        """A visitor's points go with the answer; a member's are in their rows."""
        if self.member is not None:
            return
        if self.cookie:
            write_cookie(response, self.cookie)
        else:
            drop_cookie(response)

    def _put(self, series: Series, point: Point | None) -> None:
        """A visitor's, the last that was moved last."""
        self.cookie.pop(series.pk, None)
        if point is not None:
            self.cookie[series.pk] = point


def read_cookie(request: HttpRequest) -> dict[int, Point]:
    """Series key → point. Whatever is not ours, too old or absurd is as if it were not there."""
    try:
        held = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE_SALT, max_age=COOKIE_AGE)
        points = {int(key): Point.of(value) for key, value in held.items()}
    except (signing.BadSignature, ValueError, TypeError, AttributeError, OverflowError):
        return {}
    return {key: point for key, point in points.items() if 0 < key < LARGEST_KEY and point.is_sane}


def write_cookie(response: HttpResponse, points: Mapping[int, Point]) -> None:
    newest = dict(list(points.items())[-MOST_SERIES:])
    response.set_cookie(
        COOKIE,
        signing.dumps({str(key): point.held for key, point in newest.items()}, salt=COOKIE_SALT),
        max_age=COOKIE_AGE,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def read_step(request: HttpRequest) -> Step | None:
    """What `write_step` kept. Whatever is not ours or too old is as if it were not there."""
    try:
        held = signing.loads(request.COOKIES.get(STEP_COOKIE, ""), salt=STEP_SALT, max_age=STEP_AGE)
        series, member, before, after, at, moved = held
        was = None if before is None else Point.of(before)
        step = Step(int(series), int(member), was, Point.of(after), int(at), float(moved))
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return None
    return step if time() - step.at < STEP_AGE else None


def write_step(response: HttpResponse, step: Step) -> None:
    response.set_cookie(
        STEP_COOKIE,
        signing.dumps(step, salt=STEP_SALT),
        max_age=STEP_AGE,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def drop_step(response: HttpResponse) -> None:
    response.delete_cookie(STEP_COOKIE, samesite="Lax")


def drop_cookie(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def read_revealed(request: HttpRequest) -> frozenset[tuple[str, int]]:
    """What `?reveal=review-12` asks for; only a GET can ask, and of several the last is meant.

    A link on another site asks for nothing: whoever pressed it there was not told what it opens.
    """
    if request.method not in ("GET", "HEAD") or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return frozenset()
    is_desk = request.resolver_match is not None and request.resolver_match.app_name == "admin"
    most = MOST_REVEALED if is_desk else 1
    asked = (REVEALED.fullmatch(word) for word in request.GET.getlist("reveal")[-most:])
    return frozenset((match[1], int(match[2])) for match in asked if match)
