"""A real browser before a real server. Every page it opens is watched, and what goes wrong there fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from playwright.sync_api import Request as PageRequest
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.hands import Hand, Keys, Mouse, Sit

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}
PATIENCE = 15_000  # milliseconds until a missing element is an error


class Browse(Protocol):
    """Opens a window with cookies of its own. Nothing moves in it unless `motion=True`."""

    def __call__(
        self,
        *,
        javascript: bool = True,
        phone: bool = False,
        theme: str = "light",
        member: User | None = None,
        motion: bool = False,
    ) -> Page: ...


@pytest.fixture
def browse(chromium: Browser, live_server: LiveServer) -> Iterator[Browse]:
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_window(
        *,
        javascript: bool = True,
        phone: bool = False,
        theme: str = "light",
        member: User | None = None,
        motion: bool = False,
    ) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type] # its type has no public name
            color_scheme=theme,  # type: ignore[arg-type] # "light" or "dark"
            java_script_enabled=javascript,
            locale="en-GB",
            reduced_motion="no-preference" if motion else "reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch(context, live_server.url, complaints.append)
        if member is not None:
            let_in(context, live_server.url, member)
        return context.new_page()

    yield open_window
    # Closed before the database is emptied, so that no request is still on its way.
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(browse: Browse) -> Page:
    """A visitor's window on a desktop."""
    return browse()


@pytest.fixture
def plain_page(browse: Browse) -> Page:
    """A visitor's window without JavaScript."""
    return browse(javascript=False)


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keyboard"])
def sit(request: pytest.FixtureRequest, browse: Browse) -> Sit:
    """The same evening twice: by mouse without scripts, and by keyboard alone."""
    hand: type[Hand] = request.param

    def sit_down(member: User | None = None) -> Hand:
        return hand(browse(javascript=hand.scripts, member=member))

    return sit_down


def watch(context: BrowserContext, home: str, complain: Callable[[str], None]) -> None:
    """Report script errors, broken policies, missing assets and requests to anywhere else."""

    def on_console(message: ConsoleMessage) -> None:
        # A page may well answer 404 or 422; what it loads may not, and `on_response` looks after that.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complain(f"console: {message.text}")

    def on_request(request: PageRequest) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(f"{home}/"):
            complain(f"asked somebody else: {request.url}")

    def on_response(response: Response) -> None:
        is_page = response.request.is_navigation_request() or "x-in-place" in response.request.headers
        if response.status >= 500 or (response.status >= 400 and not is_page):
            complain(f"{response.status}: {response.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: complain(f"script: {error.error}"))
    context.on("request", on_request)
    context.on("response", on_response)


def let_in(context: BrowserContext, home: str, member: User) -> None:
    """Log a member in without the form, which has a test of its own."""
    client = Client()
    client.force_login(member, backend="accounts.backends.MemberBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": home}])


def words_on(page: Page) -> str:
    """What the answer held, in bytes sent rather than in pixels shown."""
    return page.content()
