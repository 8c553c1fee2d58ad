"""A walk along every link from home on: none is broken, everything is reached. `test_canary.py` reads the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from reviews.models import Comment, Review
from tests.canary.readers import introduce
from tests.canary.world import LAST, World

MOST_PAGES = 1_100


class Links(HTMLParser):
    """Where a page leads: by its links, and by each choice of the forms that only ask."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.asks = False
        self.question = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("a", "link") and values.get("href"):
            self.found.append(values["href"] or "")
        elif tag == "form":
            self.asks = values.get("method", "get") == "get"
        elif tag == "select":
            self.question = values.get("name") or ""
        elif tag == "option" and self.asks and values.get("value"):
            self.found.append(f"?{self.question}={values['value']}")


@dataclass
class Walk:
    """All pages that links lead to, from home on; answers that are no pages are kept as complaints."""

    browser: Client
    paths: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def go(self, start: str = "/") -> Walk:
        waiting = [(start, "")]
        while waiting:
            path, origin = waiting.pop()
            if path not in self.paths and len(self.paths) <= MOST_PAGES:
                waiting.extend((link, path) for link in self.visit(path, origin))
        return self

    def visit(self, path: str, origin: str) -> Iterator[str]:
        self.paths.add(path)
        answer = self.browser.get(path)
        links = Links()
        links.feed(answer.text)
        if answer.status_code == 302:
            links.found = [answer.headers["Location"]]
        elif answer.status_code != 200:
            self.wrong.append(f"{answer.status_code} for {path}, linked from {origin}")
        for link in links.found:
            parts = urlsplit(urldefrag(urljoin(path, link)).url)
            if parts.path.startswith("/accounts/"):
                yield parts.path  # these pages only pass on where somebody came from
            # A text is shown the same way in every order and choice of its list: once is enough.
            elif not parts.netloc and not parts.path.startswith("/static/") and "&reveal=" not in parts.query:
                yield parts.geturl()


@pytest.mark.parametrize(("kind", "point"), [("visitor", None), ("author", LAST)])
def test_no_link_is_broken_and_everything_is_reached(planted: World, db: None, kind: str, point: int | None) -> None:
    _reader, browser = introduce(planted, kind, point)
    walk = Walk(browser).go()
    assert walk.wrong == []
    assert len(walk.paths) <= MOST_PAGES
    safe = {"series": planted.series, "spoils_through": 0}
    for review in Review.objects.live().listed().filter(**safe):
        assert review.get_absolute_url() in walk.paths
    for comment in Comment.objects.live().filter(**safe, root=None, review=None):
        assert comment.get_absolute_url() in walk.paths
    for number in range(1, LAST + 1):
        assert reverse("episodes:recap", args=[planted.series.slug, number]) in walk.paths
    assert any("?page=" in path for path in walk.paths)
    for kind_of_text in ("review", "comment"):
        assert any(f"reveal={kind_of_text}-" in path for path in walk.paths) or point == LAST
