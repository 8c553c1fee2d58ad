"""Asking, and searching what came back: headers, cookies, bodies, and the mails that were sent meanwhile."""

from __future__ import annotations

import copy
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from django.core import mail, signing
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import User
from conftest import HERE
from tests.canary.plants import Plant
from tests.canary.readers import Reader, is_own, is_within_reach, may_have
from tests.canary.world import World

MOST_REDIRECTS = 3
AROUND = 60  # characters of a finding's surroundings, on each side
NEXT_PAGE = re.compile(r'href="([^"]*[?&](?:amp;)?page=[^"]*)"')


@dataclass(frozen=True)
class Ask:
    """One request, with the redirects that follow it. `data` makes it a POST.

    `point`: where it puts its reader, who is sent accordingly from then on. `becomes`: who they are afterwards, or
    are for whoever answers.
    `pages`: how many further pages of the list to turn to. `before`: what is different in the world for this once.
    """

    path: str
    data: dict[str, Any] | None = None
    method: str = ""
    point: int | None = None
    becomes: Reader | None = None
    pages: int = 0
    before: Callable[[], object] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    checks_csrf: bool = False
    follows: bool = True

    @property
    def verb(self) -> str:
        return self.method or ("GET" if self.data is None else "POST")


@dataclass(frozen=True)
class Finding:
    reader: str
    verb: str
    path: str
    surface: str  # the name of the URL that answered
    part: str
    offset: int
    plant: Plant
    around: str

    def __str__(self) -> str:
        return (
            f"{self.verb} {self.path} tells {self.reader} of {self.plant}"
            f" in its {self.part} at {self.offset}: …{self.around}…"
        )


@dataclass
class Walk:
    world: World
    reader: Reader
    browser: Client
    leaks: list[Finding] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # surface → words
    routes: set[str] = field(default_factory=set)
    count: int = 0

    def ask(self, ask: Ask) -> None:
        """Everything is undone afterwards: the world stays as it was planted, and the browser as it came."""
        with transaction.atomic():
            browser = self.browser
            self.browser = self.same_browser(ask)
            mail.outbox.clear()
            if ask.before is not None:
                ask.before()
            answer = self.send(ask, ask.path, ask.verb, ask.data)
            for _step in range(ask.pages):
                if not (link := NEXT_PAGE.search(answer.text)):
                    break
                answer = self.send(ask, urljoin(ask.path, link[1].replace("&amp;", "&")), "GET", None)
            self.browser = browser
            transaction.set_rollback(True)

    def same_browser(self, ask: Ask) -> Client:
        client = Client(
            headers={**HERE, **ask.headers}, enforce_csrf_checks=ask.checks_csrf, raise_request_exception=False
        )
        client.cookies = copy.deepcopy(self.browser.cookies)
        return client

    def send(self, ask: Ask, path: str, verb: str, data: dict[str, Any] | None) -> Any:
        reader = self.reader
        if verb == "POST" or ask.becomes:
            reader = (ask.becomes or reader).at(self.world.series, ask.point)
        typed = f"{ask.path} {ask.data}"
        for _step in range(MOST_REDIRECTS + 1):
            answer: Any = self.browser.generic(verb, path) if verb not in ("GET", "POST") else None
            if answer is None:
                answer = self.browser.post(path, data) if verb == "POST" else self.browser.get(path)
            self.search(reader, verb, path, answer, typed)
            if answer.status_code not in (301, 302, 303) or not ask.follows:
                break
            to = urljoin(path, answer.headers["Location"])
            if urlsplit(to).netloc or to.startswith("/static/"):
                break
            verb, path = "GET", to.partition("#")[0]
        for letter in mail.outbox:
            self.search_mail(letter, f"{ask.verb} {ask.path}")
        mail.outbox.clear()
        return answer

    def search(self, reader: Reader, verb: str, path: str, answer: Any, typed: str) -> None:
        self.count += 1
        parts = urlsplit(path)
        try:
            match = resolve(parts.path)
            surface = match.view_name or match.route
            self.routes.add(match.route)
        except Resolver404:
            surface = str(answer.status_code)
        if answer.status_code >= 500:
            raised = answer.exc_info and repr(answer.exc_info[1])
            self.wrong.append(f"{verb} {path} answers {reader} with {answer.status_code}: {raised}")
        query = parse_qs(parts.query)
        asked_for = frozenset(query.get("reveal", []) if verb in ("GET", "HEAD") else [])
        in_admin = parts.path.startswith("/admin/")
        if in_admin and query.get("beyond") == ["open"]:
            asked_for |= {"all"}
        for part, text in parts_of(answer):
            for offset, plant in self.world.plants.found_in(text):
                if may_have(reader, plant, asked_for, in_admin=in_admin):
                    where = f"{surface}, where asked for" if plant.revealed_by in asked_for else surface
                    self.seen[where].add(plant.word)
                elif plant.word not in typed:
                    around = text[max(0, offset - AROUND) : offset + AROUND].replace("\n", " ")
                    finding = Finding(reader.name, verb, path, surface, part, offset, plant, around)
                    self.leaks.append(finding)

    def search_mail(self, letter: EmailMessage, asked: str) -> None:
        """A mail is read by whose address it goes to, whoever asked for it."""
        (to,) = letter.recipients()
        account = models.QuerySet(User).filter(email__iexact=to).first()
        reader = Reader(f"the mail of {to}", account and account.pk)
        whole = str(letter.message())
        html = " ".join(str(alternative[0]) for alternative in getattr(letter, "alternatives", []))
        text = f"{letter.subject}\n{letter.body}\n{html}\n{whole}"
        for offset, plant in self.world.plants.found_in(text):
            if may_have(reader, plant, frozenset(), in_admin=False):
                self.seen["mail"].add(plant.word)
            elif plant.word not in to:
                around = text[max(0, offset - AROUND) : offset + AROUND].replace("\n", " ")
                self.leaks.append(Finding(reader.name, "mail after", asked, "mail", "text", offset, plant, around))

    def missing(self) -> Iterator[str]:
        """Words that this reader may have, and found on none of the pages that should show them."""
        for plant in self.world.plants:
            for may, pages in (
                (is_within_reach(self.reader, plant), plant.planted.on),
                (is_own(self.reader, plant) and plant.is_reachable, plant.planted.own_on),
            ):
                if may and pages and not any(plant.word in self.seen[page] for page in pages):
                    yield f"{self.reader} never found {plant} on {', '.join(pages)}"


def parts_of(answer: HttpResponse) -> Iterator[tuple[str, str]]:
    """All that a browser is sent, in parts."""
    yield "headers", "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    for name, morsel in answer.cookies.items():
        yield f"cookie {name}", f"{morsel.OutputString()} {opened(morsel.value)}"
    content = b"".join(answer) if answer.streaming else answer.content
    yield "body", content.decode(errors="replace")


def opened(value: str) -> str:
    """What stands in a signed or packed cookie: its reader can open it as well."""
    found = []
    for piece in value.strip('"').split(":"):
        try:
            data = signing.b64_decode(piece.removeprefix(".").encode())
            found.append((zlib.decompress(data) if piece.startswith(".") else data).decode(errors="replace"))
        except (ValueError, zlib.error):
            continue  # a time, a signature, or plain words that are searched as they are
    return " ".join(found)
