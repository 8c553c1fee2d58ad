"""A small world for tests that walk the whole site, and a picture of every row in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from playwright.sync_api import Browser, sync_playwright

from accounts.models import User
from conftest import seen
from episodes.models import Episode, Series
from reviews.models import Comment, Review
from tests.canary import world as canary
from tests.chromium import LAUNCH_ARGUMENTS, path_of_chromium

OUR_APPS = ("accounts", "episodes", "reviews", "account", "mfa", "auth")

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests of a process: a second could not be driven beside it."""
    path = path_of_chromium()
    if path is None:
        pytest.skip("NO CHROMIUM: the walk in a real browser is not proven. Install chromium or name one in CHROMIUM.")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, and Django would take the tests for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def rows(db: None) -> Callable[[], Rows]:
    """Every row of every domain table, to compare before and after. Sessions and their list are not domain."""

    def picture() -> Rows:
        found: list[type[models.Model]] = [
            model for label in OUR_APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)
        ]
        # Withheld columns count here too: a plain queryset knows of no guard.
        return {
            model._meta.label: list(
                models.QuerySet(model)
                .order_by("pk")
                .values_list(*(field.attname for field in model._meta.concrete_fields if field.name != "last_login"))
            )
            for model in found
        }

    return picture


@dataclass(frozen=True)
class World:
    series: Series
    episode: Episode
    review: Review
    comment: Comment
    reply: Comment


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[canary.World]:
    """The canary's world, made once for a module: what its tests do there is undone, and in the end the world is."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield canary.build()
        transaction.set_rollback(True)


@pytest.fixture
def world(
    make_series: Callable[..., Series],
    make_review: Callable[..., Review],
    make_comment: Callable[..., Comment],
    alice: User,
    bob: User,
) -> World:
    """A series of four of which three have aired, a review and a comment by alice with bob's reply, and a secret."""
    series = make_series(aired=3)
    make_series("secret", published_at=None)
    episode = series.episodes.select_related("series").get(number=2)
    review = make_review(alice, episode, spoils_through=2)
    comment = make_comment(alice, episode, spoils_through=2)
    reply = make_comment(bob, episode, parent=comment, body="A reply", spoils_through=2)
    seen(alice, series, 2)
    return World(series, episode, review, comment, reply)
