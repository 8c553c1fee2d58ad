"""The cast and the makers that every test may use.

alice writes, bob is another member, mona moderates, edith edits the catalogue, ned is banned, una is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from PIL import Image

from accounts.groups import EDITORS, MODERATORS
from accounts.models import Sanction, User
from episodes.models import Episode, Progress, Series
from episodes.viewer import Viewer
from reviews.models import Comment, Review

PASSWORD = "mandarin-scarf-lyric-1983"
VOCABULARY = {
    "en": {
        "one": "Track",
        "many": "Tracks",
        "epilogue": "Bonus Track",
        "felt": "I felt that 공감",
        "stars": [f"phrase {half}" for half in range(1, 11)],
    },
    "ko": {"one": "트랙", "many": "트랙", "epilogue": "보너스 트랙", "felt": "공감"},
}


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request for Korean leaves its thread speaking it."""
    with translation.override("en"):
        yield


def member(username: str, **values: Any) -> User:
    return User.objects.create_user(username, f"{username}@example.com", PASSWORD, **values)


@pytest.fixture
def alice(db: None) -> User:
    return member("alice", display_name="Alice")


@pytest.fixture
def bob(db: None) -> User:
    return member("bob", display_name="Bob")


@pytest.fixture
def una(db: None) -> User:
    return member("una")


@pytest.fixture
def mona(db: None) -> User:
    mona = member("mona", is_staff=True)
    mona.groups.add(Group.objects.get(name=MODERATORS))
    return mona


@pytest.fixture
def admin_user(db: None) -> User:
    return User.objects.create_superuser("ada", "ada@example.com", PASSWORD)


@pytest.fixture
def edith(db: None) -> User:
    """An editor: of the catalogue, and of nothing that members write."""
    edith = member("edith", is_staff=True)
    edith.groups.add(Group.objects.get(name=EDITORS))
    return edith


@pytest.fixture
def ned(db: None, mona: User) -> User:
    ned = member("ned")
    Sanction.objects.impose(ned, Sanction.Kind.BAN, by=mona, reason="Sold scarves in every thread.")
    ned.refresh_from_db()
    return ned


@pytest.fixture
def crowd(db: None) -> Callable[[int], list[User]]:
    """So many members more, who never log in."""

    def gather(count: int) -> list[User]:
        first = User.objects.count()
        return User.objects.bulk_create(User(username=f"fan_{first + place}") for place in range(count))

    return gather


@pytest.fixture
def queries_of() -> Callable[[Client, str], int]:
    """What a page costs with nothing kept: queries for session and member are counted too."""

    def count(client: Client, path: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    return count


# What every browser says of a form that stood on our own page.
HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def client() -> Client:
    return Client(headers=HERE)


@pytest.fixture
def as_member() -> Callable[[User], Client]:
    """A browser in which this member is logged in."""

    def login(user: User) -> Client:
        client = Client(headers=HERE)
        client.force_login(user, backend="accounts.backends.MemberBackend")
        return client

    return login


def viewer_of(user: User | None = None, **seen: Any) -> Viewer:
    """A viewer outside any request. `cookie={series.pk: 2}` for a visitor's point, `revealed=` for a reveal."""
    return Viewer(user or AnonymousUser(), **seen)


@pytest.fixture
def make_series(db: None) -> Callable[..., Series]:
    def make(slug: str = "drama", episodes: int = 4, aired: int | None = None, **values: Any) -> Series:
        """A published series whose first `aired` episodes (all, unless said) have aired, a week apart."""
        series = Series.objects.create(
            **{
                "slug": slug,
                "title": slug.title(),
                "native_title": "드라마",
                "vocabulary": VOCABULARY,
                "ending": "Happily, in the snow.",
                "ending_scope": episodes,
                "published_at": datetime(2022, 3, 1, tzinfo=UTC),
                **values,
            }
        )
        last_aired = aired if aired is not None else episodes
        for number in range(1, episodes + 1):
            episode = Episode(
                series=series,
                number=number,
                title=f"Title {number}",
                native_title=f"제목 {number}",
                title_scope=number - 1,
                airs_at=timezone.now() + timedelta(weeks=number - last_aired) - timedelta(days=1),
                runtime=45,
                logline=f"Logline {number}",
                recap=f"Recap {number}",
                bonus_track=f"Epilogue {number}",
                bonus_question=f"Question {number}?",
            )
            episode.render()
            episode.save()
        return series

    return make


@pytest.fixture
def series(make_series: Callable[..., Series]) -> Series:
    return make_series()


@pytest.fixture
def episode(series: Series) -> Episode:
    return series.episodes.select_related("series").get(number=2)


@pytest.fixture
def make_review(db: None) -> Callable[..., Review]:
    def make(author: User, subject: Series | Episode, **values: Any) -> Review:
        return Review.objects.publish(
            author,
            subject,
            **{"stars": 8, "headline": "A safe line", "body": "A body with words", "spoils_through": 0, **values},
        )

    return make


@pytest.fixture
def make_comment(db: None) -> Callable[..., Comment]:
    def make(author: User, subject: Series | Episode | Review, **values: Any) -> Comment:
        return Comment.objects.post(author, subject, **{"body": "A comment", "spoils_through": 0, **values})

    return make


def seen(user: User, series: Series, through: int) -> None:
    Progress.objects.record(user, series, through)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Callable[[], set[str]]:
    """A place of its own for uploaded pictures; answers the names that are kept there."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return lambda: {
        path.relative_to(settings.MEDIA_ROOT).as_posix() for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()
    }


@pytest.fixture
def make_picture() -> Callable[..., SimpleUploadedFile]:
    """A file as somebody chooses it: red, unless told otherwise."""

    def make(width: int = 300, height: int = 300, kind: str = "PNG", name: str = "me.png") -> SimpleUploadedFile:
        file = BytesIO()
        Image.new("RGB", (width, height), "red").save(file, kind)
        return SimpleUploadedFile(name, file.getvalue())

    return make
