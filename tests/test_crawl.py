"""Unique words in every scoped place, and a walk over every page by every kind of reader at every point.

No word beyond a reader's point may be in what they are sent: not in the page, a header or a cookie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from conftest import seen
from episodes.models import Credit, Cue, Episode, KeyMoment, Note, Person, PressReview, Series, Song
from reviews.models import Comment, Review
from reviews.models.review import PROMPTS

EPISODES = 2
MOST_PAGES = 900


def canary(scope: int, place: str) -> str:
    """A word that is nowhere else, and says how far somebody must have seen to be sent it."""
    return f"{canaries(scope)}{place}"


def canaries(scope: int) -> str:
    """Long enough that no random token spells it."""
    return f"quokka{scope}"


TEXT = re.compile(r"(quokka\d)of(\d+)")


def of_text(scope: int, place: str) -> str:
    """The same for words of reviews and comments, which says in which text they stand, too."""
    texts = Review.objects.count() + Comment.objects.count()
    return canary(scope, f"of{texts}{place}")


@pytest.fixture
def planted(make_series, make_review, make_comment, crowd) -> Series:
    series = make_series(episodes=EPISODES, ending=canary(EPISODES, "ending"), ending_scope=EPISODES)
    song = Song.objects.create(series=series, part=1, title="A song")
    for episode in Episode.objects.with_words().select_related("series").order_by("number"):
        number = episode.number
        episode.title, episode.native_title = canary(number - 1, "title"), canary(number - 1, "native")
        for name in ("recap", "bonus_track", "bonus_question"):
            setattr(episode, name, canary(number, name))
        episode.still_alt, episode.still_caption = canary(number, "alt"), canary(number, "caption")
        episode.render()
        episode.save()
        KeyMoment.objects.create(episode=episode, at=60, text=canary(number, "moment"))
        cue = Song.objects.create(series=series, part=number + 1, title=f"Song {number}")
        Cue.objects.create(song=cue, episode=episode, at=4000 + number)
        Cue.objects.create(song=song, episode=episode)
    for scope in range(EPISODES + 1):
        person = Person.objects.create(name=canary(scope, "person"), known_for=canary(scope, "known"))
        Credit.objects.create(series=series, person=person, job="cast", character=canary(scope, "part"), scope=scope)
        Note.objects.create(series=series, about=canary(scope, "about"), text=canary(scope, "note"), scope=scope)
        PressReview.objects.create(
            series=series, outlet=canary(scope, "outlet"), quote=canary(scope, "quote"), scope=scope
        )
    authors = crowd(22)
    subjects = [series, *series.episodes.select_related("series").order_by("number")]
    for subject in subjects:
        for place, author in enumerate(authors if subject is subjects[1] else authors[: EPISODES + 1]):
            scope = place % (EPISODES + 1)
            prompts = {name: of_text(scope, name) for name in PROMPTS} if subject is series else {}
            review = make_review(author, subject, body=of_text(scope, "review"), spoils_through=scope, **prompts)
            root = make_comment(author, subject, body=of_text(scope, "comment"), spoils_through=scope)
            if place <= EPISODES:
                answer = make_comment(author, review, body=of_text(scope, "answer"), spoils_through=scope)
                make_comment(author, review, parent=answer, body=of_text(EPISODES, "late"), spoils_through=EPISODES)
                make_comment(author, subject, parent=root, body=of_text(EPISODES, "reply"), spoils_through=EPISODES)
                song = {"kind": "song", "song_name": of_text(scope, "song")}
                make_comment(author, subject, body=of_text(scope, "heard"), spoils_through=scope, **song)
                if subject is not series:
                    pinned = {"kind": "moment", "at": 60 * (place + 1)}
                    make_comment(author, subject, body=of_text(scope, "pinned"), spoils_through=scope, **pinned)
                    make_comment(author, subject, body=of_text(scope, "bonus"), spoils_through=scope, kind="bonus")
    return series


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
class Page:
    path: str
    sent: str

    @property
    def revealed(self) -> list[str]:
        return parse_qs(urlsplit(self.path).query).get("reveal", [])


@dataclass
class Walk:
    """All pages that links lead to, from home on; answers that are no pages are kept as complaints."""

    browser: Client
    pages: dict[str, Page] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def go(self, start: str = "/") -> Walk:
        waiting = [(start, "")]
        while waiting:
            path, origin = waiting.pop()
            if path in self.pages or len(self.pages) > MOST_PAGES:
                continue
            waiting.extend((link, path) for link in self.visit(path, origin))
        return self

    def visit(self, path: str, origin: str) -> Iterator[str]:
        answer = self.browser.get(path)
        cookies = " ".join(morsel.OutputString() for morsel in answer.cookies.values())
        sent = f"{answer.headers} {cookies} {answer.text if answer.status_code != 302 else ''}"
        links = Links()
        links.feed(answer.text)
        self.pages[path] = Page(path, sent)
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


def leaks(walk: Walk, point: int) -> list[str]:
    """Pages that hold a word from beyond the point; where one text was asked for, that one is no leak."""
    found = []
    for page in walk.pages.values():
        beyond = [scope for scope in range(point + 1, EPISODES + 1) if canaries(scope) in page.sent]
        if beyond and not page.revealed:
            found.append(f"{page.path} tells of {beyond}")
        texts = {text for word, text in TEXT.findall(page.sent) if word in map(canaries, beyond)}
        others = sum(len(re.findall(f"{canaries(scope)}(?!of)", page.sent)) for scope in beyond)
        if page.revealed and len(texts) + others > 1:
            found.append(f"{page.path} tells of more than was asked for")
    return found


def walk_as(reader: str, point: int | None, series: Series, una) -> Walk:
    browser = Client()
    if reader == "member":
        browser.force_login(una, backend="accounts.backends.MemberBackend")
        if point is not None:
            seen(una, series, point)
    elif point is not None:
        path = reverse("episodes:set_progress", args=[series.slug])
        assert browser.post(path, {"seen_through": point}).status_code == 302
    return Walk(browser).go()


@pytest.mark.parametrize("point", [None, *range(EPISODES + 1)])
@pytest.mark.parametrize("reader", ["visitor", "member"])
def test_no_word_beyond_the_point_is_sent_and_no_link_is_broken(planted, una, reader, point):
    walk = walk_as(reader, point, planted, una)
    assert walk.wrong == []
    assert leaks(walk, point or 0) == []
    told = "".join(page.sent for page in walk.pages.values() if not page.revealed)
    for scope in range((point or 0) + 1):
        assert canaries(scope) in told, "the words that may be sent are on some page"
    assert len(walk.pages) <= MOST_PAGES
    assert any("?page=" in path for path in walk.pages) or point != EPISODES


def test_the_walk_goes_everywhere(planted, una):
    paths = walk_as("visitor", None, planted, una).pages
    for review in Review.objects.filter(spoils_through=0):
        assert review.get_absolute_url() in paths
    for comment in Comment.objects.filter(root=None, review=None, spoils_through=0):
        assert comment.get_absolute_url() in paths
    assert any("?reveal=review-" in path for path in paths)
    assert any("?reveal=comment-" in path for path in paths)
    assert f"/?reveal=ending-{planted.pk}" in paths
    for number in range(1, EPISODES + 1):
        assert reverse("episodes:recap", args=[planted.slug, number]) in paths


@pytest.mark.parametrize("module", ["episodes.models.episode", "episodes.models.series", "reviews.models.reading"])
def test_without_the_boundary_the_walk_would_tell(monkeypatch, planted, una, module):
    """The proof of the proof: where the rule always says yes, words are found."""
    monkeypatch.setattr(f"{module}.within_reach", lambda *args, **kwargs: Q(pk__isnull=False))
    assert leaks(walk_as("visitor", None, planted, una), 0) != []
