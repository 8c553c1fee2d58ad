"""What is not said in words is not said in any other way.

Order, counts, lengths, headers, redirects and the number of queries tell nothing of what lies beyond a reader's
point but that it waits, and nothing of what is hidden but that there is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import connection, models, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import visits
from accounts.models import User
from conftest import HERE, seen
from episodes.models import Credit, Cue, Episode, KeyMoment, Note, Person, PressReview, Series, Song
from reviews.models import Comment, Draft, Like, MomentTally, Review
from reviews.places import Place
from tests.test_get_writes_nothing import NAMES

POINT = 1  # how far the readers have seen at most; nothing beyond it may show
WORDS = "word " * 118


def bare(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows without guards: these tests change what nobody may read."""
    return models.QuerySet(model)


# --- A world in which something waits behind every door.


@dataclass
class Waits:
    series: Series
    una: User
    bob: User
    author: str  # of reviews, comments and moments that wait
    reviews: list[int] = field(default_factory=list)
    comments: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)  # keys of comments beyond the point
    answers: list[int] = field(default_factory=list)  # to una's and bob's comments
    own: dict[str, int] = field(default_factory=dict)  # una's and bob's comments


@pytest.fixture(autouse=True)
def one_minute(monkeypatch) -> None:
    """However long it takes to compare: the cookie of a visit is set anew when a minute has passed, told or untold."""
    monkeypatch.setattr(visits, "STEP", timedelta(days=1))


@pytest.fixture
def waits(make_series, make_review, make_comment, crowd, alice, una, bob, mona) -> Waits:
    series = make_series()
    authors = [alice, *crowd(4)]
    found = Waits(series, una, bob, authors[1].username)
    seen(una, series, POINT)
    seen(bob, series, 0)
    song = Song.objects.create(series=series, part=1, title="Amber")
    Song.objects.create(series=series, part=2, title="Basil")
    for scope, number in ((0, 1), (2, 2), (3, 3)):
        episode = Episode.objects.get(series=series, number=number)
        KeyMoment.objects.create(episode=episode, at=60, text=f"Moment {number}")
        Cue.objects.create(song=song, episode=episode, at=70 + number)
        person = Person.objects.create(name=f"Person {scope}", known_for=f"Known for {scope}")
        Credit.objects.create(series=series, person=person, job="cast", character=f"Part {scope}", scope=scope)
        Note.objects.create(series=series, about=f"About {scope}", text=f"Note {scope}", scope=scope)
        PressReview.objects.create(
            series=series, episode=episode, outlet=f"Outlet {scope}", score=3, quote=f"Quote {scope}", scope=scope
        )
    subjects = [series, *series.episodes.select_related("series").filter(number__in=(1, 3))]
    for subject in subjects:
        for place, author in enumerate(authors):
            scope = (0, 2, 3, 2, 1)[place]
            prompts = {"rewound": f"Again {place}"} if subject is series else {}
            review = make_review(
                author, subject, stars=4 + place, body=f"{WORDS}{place}", spoils_through=scope, **prompts
            )
            make_comment(una, review, body="Under it", spoils_through=scope)
            root = make_comment(author, subject, body=f"{WORDS}{place}", spoils_through=scope)
            late = make_comment(mona, subject, parent=root, body=f"Late {place}", spoils_through=3)
            pinned = [
                make_comment(author, subject, body="Heard", kind="song", song_name="Cedar", spoils_through=scope)
            ]
            if subject is not series:
                minute = {"kind": "moment", "at": 60 * (place + 1)}
                pinned.append(make_comment(author, subject, body="Pinned", spoils_through=scope, **minute))
            if place < 2 and subject is not series:
                found.reviews.append(review.pk)
            if scope > POINT:
                found.waiting += [root.pk, late.pk, *(one.pk for one in pinned)]
    for reader in (una, bob):
        mine = make_comment(reader, series, body="Mine")
        found.own[reader.username] = mine.pk
        for scope in (0, 2):
            answer = make_comment(alice, series, parent=mine, body=f"{WORDS}{scope}", spoils_through=scope)
            found.answers.append(answer.pk)
        Draft.objects.keep(reader, Place("answer", Comment.objects.get(pk=found.waiting[0])), {"body": "Half said"})
    found.comments += [*found.waiting[:2], *found.own.values()]
    return found


# --- What may change beyond the point and be noticed by nobody who is behind it.


def review_words(waits: Waits) -> None:
    said = "<p>Everybody leaves.</p>"
    bare(Review).filter(spoils_through__gt=POINT).update(
        body="Everybody leaves.", whole_html=said, word_count=F("word_count") + 1
    )


def review_answers(waits: Waits) -> None:
    bare(Review).filter(spoils_through__gt=POINT, episode=None).update(rewound="", stayed="The letter")


def comment_words(waits: Waits) -> None:
    said = "<p>He never wrote.</p>"
    changed = {"body": "He never wrote.", "whole_html": said, "word_count": F("word_count") + 1}
    bare(Comment).filter(spoils_through__gt=POINT, word_count__gt=10).update(**changed)


def song_named(waits: Waits) -> None:
    song = Song.objects.filter(series=waits.series).latest("pk")
    bare(Comment).filter(spoils_through__gt=POINT, kind="song").update(song=song, song_name="")


def minute_pinned(waits: Waits) -> None:
    bare(Comment).filter(spoils_through__gt=POINT, kind="moment").update(at=F("at") + 61)


def kind_of_talk(waits: Waits) -> None:
    """The roots become moments, songs become lines, moments talk."""
    beyond = bare(Comment).filter(spoils_through__gt=POINT, review=None, root=None, episode__isnull=False)
    bare(Comment).filter(pk__in=list(beyond.filter(kind="moment").values_list("pk", flat=True))).update(
        kind="bonus", at=None
    )
    beyond.filter(kind="song").update(kind="line", at=62, song=None, song_name="")
    beyond.filter(kind="talk").update(kind="moment", at=61)


def felt_by_others(waits: Waits) -> None:
    """Each by another number of members, so that an order by it would differ."""
    members = list(User.objects.order_by("-pk"))
    for model, name in ((Review, "review"), (Comment, "comment")):
        others = bare(model).filter(spoils_through__gt=POINT).exclude(author__in=[waits.una, waits.bob])
        for place, key in enumerate(others.values_list("pk", flat=True)):
            bare(model).filter(pk=key).update(like_count=F("like_count") + place % 5)
            bare(Like).bulk_create(Like(member=member, **{f"{name}_id": key}) for member in members[: place % 5])


def versions(waits: Waits) -> None:
    for model in (Review, Comment):
        bare(model).filter(spoils_through__gt=POINT).update(version=F("version") + 7)
    bare(Episode).update(version=F("version") + 7)
    bare(Series).update(version=F("version") + 7)


def when_edited(waits: Waits) -> None:
    """That it was edited is said, when is not."""
    for model in (Review, Comment):
        rows = bare(model).filter(spoils_through__gt=POINT, edited_at__isnull=False)
        rows.update(edited_at=F("edited_at") - timedelta(days=3))


def heard_by_whom_it_answers(waits: Waits) -> None:
    others = bare(Comment).filter(spoils_through__gt=POINT).exclude(answered__in=[waits.una.pk, waits.bob.pk])
    others.filter(answered__isnull=False).update(read_at=timezone.now())


def waveform(waits: Waits) -> None:
    MomentTally.objects.filter(scope__gt=POINT).update(count=F("count") + 3)
    for episode in Episode.objects.filter(series=waits.series):
        MomentTally.objects.create(episode=episode, slice=99, scope=POINT + 1, count=2)


def titles(waits: Waits) -> None:
    bare(Episode).filter(title_scope__gt=POINT).update(title="Goodbye, then", native_title="안녕")


def no_titles(waits: Waits) -> None:
    bare(Episode).filter(title_scope__gt=POINT).update(title="", native_title="")


def recaps(waits: Waits) -> None:
    bare(Episode).filter(number__gt=POINT).update(recap="They part.", recap_html="<p>They part, for long.</p>")


def no_recaps(waits: Waits) -> None:
    bare(Episode).filter(number__gt=POINT).update(recap="", recap_html="", bonus_track="", bonus_track_html="")


def bonus_tracks(waits: Waits) -> None:
    bare(Episode).filter(number__gt=POINT).update(
        bonus_track_html="<p>A year on.</p>", bonus_question="Would you wait?"
    )


def no_bonus_questions(waits: Waits) -> None:
    bare(Episode).filter(number__gt=POINT).update(bonus_question="")


def stills(waits: Waits) -> None:
    bare(Episode).filter(number__gt=POINT).update(
        still="stills/kiss.webp",
        still_alt="They kiss",
        still_caption="At last",
        still_credit="The network",
        still_width=1280,
        still_height=720,
    )


def key_moments(waits: Waits) -> None:
    beyond = bare(KeyMoment).filter(episode__number__gt=POINT)
    beyond.filter(episode__number=3).delete()
    beyond.update(at=5, text="She reads it", spotted_by=waits.una)


def cues(waits: Waits) -> None:
    bare(Cue).filter(episode__number=3).delete()
    bare(Cue).filter(episode__number__gt=POINT).update(at=5)


def credits_(waits: Waits) -> None:
    Person.objects.filter(credits__scope__gt=POINT).update(native_name="젊은이", known_for="")
    bare(Credit).filter(scope=3).delete()
    bare(Credit).filter(scope=2).update(character="The other one", note="His twin", job="writer", order=0)


def press(waits: Waits) -> None:
    bare(PressReview).filter(scope=3).delete()
    bare(PressReview).filter(scope=2).update(outlet="A paper", score=5, quote="What an end")


def notes(waits: Waits) -> None:
    bare(Note).filter(scope=3).delete()
    bare(Note).filter(scope=2).update(about="Who dies", text="Nobody", order=0)


def ending(waits: Waits) -> None:
    bare(Series).filter(pk=waits.series.pk).update(ending="No.")


CHANGES: dict[str, Callable[[Waits], None]] = {
    change.__name__.rstrip("_"): change
    for change in (
        review_words,
        review_answers,
        comment_words,
        song_named,
        minute_pinned,
        kind_of_talk,
        felt_by_others,
        versions,
        when_edited,
        heard_by_whom_it_answers,
        waveform,
        titles,
        no_titles,
        recaps,
        no_recaps,
        bonus_tracks,
        no_bonus_questions,
        stills,
        key_moments,
        cues,
        credits_,
        press,
        notes,
        ending,
    )
}
# What pages show to nobody at all, so far: these would not notice a change that is none.
SHOWN_TO_NOBODY = {"versions", "when_edited", "heard_by_whom_it_answers", "waveform"}


# --- Doors: everything that can be asked for.


class Door(NamedTuple):
    path: str
    posts: tuple[tuple[str, str], ...] | None = None

    def __str__(self) -> str:
        return self.path if self.posts is None else f"POST {self.path} {dict(self.posts)}"


# Ways to ask for a page, beyond the plain one.
QUERIES = {
    "episodes:home": ["?page=1"],
    "episodes:series": ["?reveal=review-999999999"],
    "reviews:reviews": [
        "?sort=felt",
        "?sort=highest",
        "?sort=lowest",
        "?sort=felt&page=0-999999999",
        "?stars=5",
        "?stars=6&waiting=list",
        "?waiting=list&sort=felt",
    ],
    "reviews:comments": [
        "?sort=felt",
        "?sort=felt&page=3-0",
        "?page=1",
        "?seat=same",
        "?waiting=list&sort=felt",
        *(f"?kind={kind}" for kind in Comment.Kind.values),
        "?kind=song&waiting=list",
        "?at=2:00",
        "?at=3:00&waiting=list",
    ],
    "reviews:review": ["?sort=felt", "?waiting=list&page=999999999"],
    "reviews:comment": ["?page=1"],
    "accounts:member": ["?page=999999999"],
}


def arguments_of(waits: Waits, name: str, arguments: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    texts = waits.comments + waits.answers if "comment" in name or name[-6:] == "answer" else waits.reviews
    drafts = [*Draft.objects.values_list("pk", flat=True)]
    values: dict[str, Iterable[Any]] = {
        "slug": [waits.series.slug],
        "number": [1, 3],
        "pk": drafts if "draft" in name else texts,
        "username": [waits.author],
        "token": ["x"],
    }
    assert set(arguments) <= set(values), f"say here what can stand in the address of {name}"
    for chosen in product(*(values[argument] for argument in arguments)):
        yield dict(zip(arguments, chosen, strict=True))


def pages(waits: Waits) -> list[Door]:
    """Every address of ours, and every way to ask for it."""
    return [
        Door(reverse(name, kwargs=kwargs) + query)
        for name, arguments in NAMES
        for kwargs in arguments_of(waits, name, arguments)
        for query in ("", *QUERIES.get(name, ()))
    ]


def posts(waits: Waits) -> list[Door]:
    """Forms that are refused, put by, looked at first, and buttons; what they change is undone after each."""
    series = waits.series
    third = series.episodes.select_related("series").get(number=3)
    review, comment = waits.reviews[1], waits.waiting[0]
    nothing: list[dict[str, Any]] = [{}]
    found: list[tuple[str, list[dict[str, Any]]]] = [
        (
            reverse("reviews:comments", args=[series.slug]),
            [
                {"body": "", "spoils_through": 0},
                {"body": "A reply", "spoils_through": 3, "parent": comment, "preview": "1"},
                {"body": "A reply", "spoils_through": 0, "parent": comment},
                {"body": "A reply", "spoils_through": "x", "parent": comment},
                {"body": "A reply", "parent": comment, "keep": "1"},
                {"body": "", "parent": comment, "login": "1"},
            ],
        ),
        (
            reverse("reviews:comments", args=[series.slug, 3]),
            [{"body": "x", "spoils_through": 3, "kind": "moment", "at": "99:00"}, {"body": ""}],
        ),
        (reverse("reviews:answer_review", args=[review]), [{"body": ""}, {"body": "x", "preview": "1"}]),
        (reverse("reviews:answer_bonus", args=[series.slug, 3]), [{"body": "x"}, {"body": ""}]),
        (reverse("reviews:edit_review", args=[series.slug]), [{}, {"headline": "x", "body": "y", "preview": "1"}]),
        (reverse("reviews:edit_review", args=[series.slug, 3]), [{"stars": 11, "spoils_through": 9}, {"keep": "1"}]),
        (reverse("reviews:edit_comment", args=[waits.own["una"]]), [{"body": "", "spoils_through": 9}]),
        (reverse("reviews:edit_comment", args=[comment]), [{"body": "Not mine"}]),
        (reverse("reviews:delete_comment", args=[comment]), [{}]),
        (reverse("reviews:delete_review", args=[review]), [{}]),
        (reverse("reviews:remove_rating", args=[review]), [{}]),
        (reverse("reviews:undelete_comment", args=[comment]), [{}]),
        (reverse("reviews:undelete_review", args=[review]), [{}]),
        (reverse("reviews:rate", args=[series.slug, third.number]), [{"stars": 11}, {"stars": 7}]),
        (reverse("reviews:rate_episodes", args=[series.slug]), [{}, {"stars-3": 11}]),
        (reverse("reviews:peek", args=[series.slug, 3]), [{}]),
        (reverse("reviews:peek", args=[series.slug]), [{}]),
        (reverse("reviews:like_review", args=[review]), [{"liked": "true"}, {"liked": "x"}]),
        (reverse("reviews:like_comment", args=[comment]), [{"liked": "true"}, {"liked": "false"}]),
        *((reverse("reviews:read_answer", args=[key]), nothing) for key in waits.answers),
        (reverse("reviews:read_answers"), [{}]),
        (
            reverse("episodes:set_progress", args=[series.slug]),
            [{}, {"seen_through": 9}, {"seen_through": 0}, {"seen_through": 3, "next": f"/comments/{comment}/"}],
        ),
        (reverse("episodes:undo_progress", args=[series.slug]), [{}, {"next": f"/comments/{comment}/"}]),
        ("/no/such/page/", [{"body": "Kept words"}]),
    ]
    return [
        Door(path, tuple((key, str(said)) for key, said in data.items())) for path, every in found for data in every
    ]


# --- What somebody is told at a door: everything, but for what is drawn anew for each answer.

TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')
STAMP = re.compile(r'(name="resumes" value=")[^"]+')
# Where a text stands that was just written. PostgreSQL gives no key twice, also not one that was undone.
WRITTEN = re.compile(r"^/(?:comments|reviews)/(\d+)/")
# A cookie that holds the time or a random word; of it only the name is compared.
DRAWN = {"csrftoken", "sessionid", "seen", "step", visits.COOKIE}


class Told(NamedTuple):
    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: str
    queries: int

    def differs(self, other: Told) -> str:
        """In what, and where that begins."""
        if self.body != other.body:
            letters = enumerate(zip(self.body, other.body, strict=False))
            at = max(0, next((at for at, (mine, theirs) in letters if mine != theirs), 0) - 80)
            return f"{self.body[at : at + 200]!r} / {other.body[at : at + 200]!r}"
        pairs = zip(self._fields, self, other, strict=True)
        return "; ".join(f"{name}: {mine} / {theirs}" for name, mine, theirs in pairs if mine != theirs)


def told(browser: Client, door: Door, method: str = "get", **headers: str) -> Told:
    cache.clear()
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as asked:
        if door.posts is None:
            answer = getattr(browser, method)(door.path, headers=headers)
        else:
            answer = browser.post(door.path, dict(door.posts), headers=headers)
    body = STAMP.sub(r"\1", TOKEN.sub(r"\1", answer.text))
    sent = {name: said for name, said in answer.headers.items() if name != "Vary"}
    if (place := WRITTEN.match(sent.get("Location", ""))) and door.posts is not None and is_new(place):
        sent["Location"] = f"the new text{sent['Location'][place.end() :]}"
    sent["Vary"] = ", ".join(sorted(answer.headers.get("Vary", "").lower().replace(" ", "").split(",")))
    if body != answer.text:
        sent.pop("ETag", None)  # each token is masked anew
    # A message is signed with the time: compared is what it says.
    cookies = {name: "" if name in DRAWN else morsel.value.split(":")[0] for name, morsel in answer.cookies.items()}
    return Told(answer.status_code, sent, cookies, body, len(asked))


def is_new(place: re.Match[str]) -> bool:
    """The text was not there before this door was opened."""
    rows = Comment if place[0].startswith("/comments/") else Review
    return int(place[1]) == rows.objects.latest("pk").pk


@contextmanager
def undone() -> Iterator[None]:
    """What is written here never was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


Reader = Callable[[], Client]


@pytest.fixture
def reader_of(waits) -> Callable[[str], Reader]:
    """Answers who makes a new browser of this reader, each time with what it holds at first."""

    def reader(name: str) -> Reader:
        who, _, point = name.partition(" at ")

        def browser() -> Client:
            client = Client(headers=HERE)
            if who == "visitor" and point != "unanswered":
                path = reverse("episodes:set_progress", args=[waits.series.slug])
                assert client.post(path, {"seen_through": point}).status_code == 302
                client.cookies.pop("messages", None)
            elif who == "member":
                member = waits.una if point != "0" else waits.bob
                client.force_login(member, backend="accounts.backends.MemberBackend")
                times = [int((timezone.now() - ago).timestamp()) for ago in AGO]
                client.cookies[visits.COOKIE] = signing.dumps([member.pk, *times], salt=visits.COOKIE_SALT)
            return client

        return browser

    return reader


# Last seen just now; the visit before that ended long before anything was said.
AGO = (timedelta(), timedelta(days=30))
MOST_NAMED = 20  # doors, for which a failure says what was noticed there
BEHIND = ["visitor at unanswered", f"visitor at {POINT}", "member at 0", f"member at {POINT}"]


def picture(reader: Reader, doors: Iterable[Door]) -> dict[str, Told]:
    """What is told at each door. Each is asked as if no other had been."""
    browser = reader()
    held = deepcopy(browser.cookies)
    found = {}
    for door in doors:
        browser.cookies = deepcopy(held)
        with undone():
            found[str(door)] = told(browser, door)
    return found


def noticed(before: dict[str, Told], after: dict[str, Told]) -> dict[str, str]:
    return {door: before[door].differs(after[door]) for door in after if before[door] != after[door]}


@pytest.mark.parametrize("reader", BEHIND)
def test_nobody_notices_what_changes_beyond_their_point(waits, reader_of, reader):
    browsers, doors = reader_of(reader), [*pages(waits), *posts(waits)]
    before = picture(browsers, doors)
    assert {said.status for said in before.values()} >= {200, 302, 404, 422}
    with undone():
        for change in CHANGES.values():
            change(waits)
        suspects = noticed(before, picture(browsers, doors))
    some = [door for door in doors if str(door) in suspects][:MOST_NAMED]
    found: dict[str, str] = {}
    for name, change in CHANGES.items() if some else ():
        with undone():
            change(waits)
            found |= {f"{name} at {door}": how for door, how in noticed(before, picture(browsers, some)).items()}
    assert not suspects, "\n".join(f"{key}: {difference}" for key, difference in (found or suspects).items())


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in SHOWN_TO_NOBODY])
def test_who_has_seen_it_notices(waits, reader_of, name):
    """Each of these changes is one: the proof of the proof."""
    seen(waits.una, waits.series, 4)
    browsers = reader_of("member at 4")
    paths = ["", "episodes/1/", "episodes/3/", "episodes/3/recap/", "reviews/", "comments/", "episodes/3/comments/"]
    doors = [Door(f"/series/{waits.series.slug}/{path}") for path in paths]
    before = picture(browsers, doors)
    CHANGES[name](waits)
    assert noticed(before, picture(browsers, doors)) != {}


# --- What is hidden is answered like what is not there.

MISSING = 900_000  # of as many digits as the keys that are given to what is not to be known of
GONE: dict[str, dict[str, Any]] = {
    "hidden": {"hidden_at": timezone.now},
    "held": {"held_at": timezone.now, "held_for": "first"},
    "deleted": {"deleted_at": timezone.now, "body": "", "whole_html": "", "word_count": 0},
    "unpublished": {},
}


@dataclass(frozen=True)
class Gone:
    """Keys of a review and of a comment that nobody but their author and moderators may know of."""

    review: int
    comment: int

    def named(self, word: str) -> int:
        return self.comment if "comment" in word else self.review


@pytest.fixture
def gone(make_series, make_review, make_comment, waits, crowd, mona) -> dict[str, Gone]:
    """One pair for each way to be gone, in the series that is open to all, or in one that is not published."""
    secret = make_series("secret")
    found = {}
    for place, (state, values) in enumerate(GONE.items(), start=1):
        series = secret if state == "unpublished" else waits.series
        author = crowd(1)[0]
        episode = series.episodes.select_related("series").get(number=1)
        review = make_review(author, episode, headline="Not to be known")
        comment = make_comment(author, series, body="Not to be known")
        keys = Gone(MISSING + 10 * place, MISSING + 10 * place + 1)
        changed = {name: value() if callable(value) else value for name, value in values.items()}
        said = {"headline": "", "stars": None} if state == "deleted" else {}
        by = {"hidden_by": mona} if state == "hidden" else {}
        bare(Review).filter(pk=review.pk).update(id=keys.review, **changed, **said, **by)
        bare(Comment).filter(pk=comment.pk).update(id=keys.comment, **changed, **by)
        found[state] = keys
    bare(Series).filter(pk=secret.pk).update(published_at=None)
    return found


SENT = {"body": "Words", "spoils_through": "1", "liked": "true", "stars": "7", "seen_through": "1"}


def at_keys(keys: Gone) -> Iterator[tuple[str, Door]]:
    """Every address that takes the key of a text, asked for and posted to; and every form that names one."""
    for name, arguments in NAMES:
        if arguments == ("pk",) and "draft" not in name:
            word = "comment" if "answer" in name.removesuffix("answer_review") else name
            path = reverse(name, args=[keys.named(word)])
            yield f"GET {name}", Door(path)
            yield f"POST {name}", Door(path, tuple(SENT.items()))
    for path in ("/series/drama/comments/", "/series/drama/episodes/1/comments/"):
        for button in ("", "preview", "keep", "login"):
            data = {"body": "Words", "spoils_through": "0", "parent": str(keys.comment), button or "send": "1"}
            yield f"POST {path} with {button}", Door(path, tuple(data.items()))
    for path in ("/series/drama/reviews/", "/series/drama/comments/", "/series/drama/episodes/1/reviews/"):
        for kind in ("review", "comment", "ending"):
            asked = f"{kind}-{keys.named(kind)}"
            yield f"GET {path} revealing {kind}", Door(f"{path}?reveal={asked}")
            yield f"GET {path} list revealing {kind}", Door(f"{path}?waiting=list&reveal={asked}")


def without_keys(said: Told, keys: Gone) -> Told:
    """The same without the keys that were asked for, which an answer may repeat. Lengths stay as they are."""
    words = (str(keys.review), str(keys.comment))

    def plain(text: str) -> str:
        for word in words:
            text = text.replace(word, "KEY")
        return text

    headers = {name: plain(value) for name, value in said.headers.items() if name != "ETag"}
    return said._replace(headers=headers, body=plain(said.body))


READERS = ["visitor at unanswered", "visitor at 1", "member at 1"]


@pytest.mark.parametrize("reader", READERS)
def test_what_may_not_be_known_of_is_answered_like_what_is_not_there(waits, gone, reader_of, reader):
    missing = Gone(MISSING, MISSING + 1)
    names, doors = zip(*at_keys(missing), strict=True)
    expected = [without_keys(said, missing) for said in picture(reader_of(reader), doors).values()]
    for state, keys in gone.items():
        found = picture(reader_of(reader), [door for _name, door in at_keys(keys)]).values()
        for name, theirs, said in zip(names, expected, found, strict=True):
            mine = without_keys(said, keys)
            assert mine == theirs, f"{state} at {name}: {mine.differs(theirs)}"


def test_what_is_not_there_is_answered_so(waits, reader_of):
    """Most of what is compared above is a refusal; what is known of would be answered otherwise."""
    keys = Gone(waits.reviews[0], waits.waiting[0])
    doors = dict(at_keys(keys))
    found = dict(zip(doors, picture(reader_of("member at 1"), doors.values()).values(), strict=True))
    missing = dict(at_keys(Gone(MISSING, MISSING + 1)))
    lost = dict(zip(missing, picture(reader_of("member at 1"), missing.values()).values(), strict=True))
    assert lost["GET reviews:review"].status == lost["POST reviews:like_comment"].status == 404
    alike = {name for name in doors if found[name].status == lost[name].status != 404}
    assert found["GET reviews:review"].status == 200
    assert len(alike) < len(doors)


@pytest.mark.parametrize("reader", READERS)
def test_a_series_that_is_not_published_is_answered_like_none(waits, gone, reader_of, reader):
    def asked(slug: str) -> list[Door]:
        paths = [
            reverse(name, kwargs={"slug": slug, "number": 1} if "number" in arguments else {"slug": slug})
            for name, arguments in NAMES
            if "slug" in arguments
        ]
        return [door for path in paths for door in (Door(path), Door(path, tuple(SENT.items())))]

    secret, none = (picture(reader_of(reader), asked(slug)) for slug in ("secret", "nought"))
    for (door, mine), theirs in zip(secret.items(), none.values(), strict=True):
        plain = Told(*(one_slug(value) for value in mine))
        assert plain == Told(*(one_slug(value) for value in theirs)), f"{door}: {mine.differs(theirs)}"
        assert mine.status in (302, 403, 404, 405)


def one_slug(value: Any) -> Any:
    """The same with one word for both slugs, which have as many letters."""
    if isinstance(value, dict):
        return {key: one_slug(said) for key, said in value.items() if key != "ETag"}
    return re.sub("secret|nought", "SLUG", value) if isinstance(value, str) else value


@pytest.mark.parametrize("reader", READERS)
def test_a_draft_or_an_answer_of_somebody_else_is_answered_like_none(waits, make_comment, reader_of, reader):
    """Their own address says so to the one whose it is; to others it says nothing."""
    draft = Draft.objects.keep(waits.bob, Place("talk", waits.series), {"body": "His"})
    assert draft
    foreign = Draft.objects.by(waits.bob).latest("pk").pk
    bare(Draft).filter(pk=foreign).update(id=MISSING + 5)
    bare(Comment).filter(pk=waits.answers[-1]).update(id=MISSING + 6)  # a short key stands in a page by chance
    for name, key in (("delete_draft", MISSING + 5), ("read_answer", MISSING + 6)):
        missing = int("8" * len(str(key)))
        for data in (None, tuple(SENT.items())):
            doors = [Door(reverse(f"reviews:{name}", args=[one]), data) for one in (key, missing)]
            mine, theirs = picture(reader_of(reader), doors).values()
            keys = (Gone(key, key), Gone(missing, missing))
            assert without_keys(mine, keys[0]) == without_keys(theirs, keys[1]), name


def test_a_member_who_is_gone_is_answered_like_none(waits, client, crowd):
    ghost = crowd(1)[0]
    bare(User).filter(pk=ghost.pk).update(username="ghosted", scrubbed_at=timezone.now())
    for door, other in (("ghosted", "nobody_"), ("GHOSTED", "NOBODY_")):
        mine, theirs = (told(client, Door(f"/members/{name}/")) for name in (door, other))
        assert mine.status == 404
        assert mine == theirs


# --- ETags and HEAD.


def test_an_etag_of_somebody_else_brings_nobody_their_words(waits, reader_of):
    """304 says "what you have is yours": only to whom it was given, or would be given the very same."""
    readers = [reader_of(name)() for name in (*BEHIND, "member at 4")]
    doors = [Door(path) for path in ("/", "/series/drama/", "/series/drama/episodes/1/comments/")]
    checked = 0
    for door in doors:
        tags: dict[str | None, bytes] = {}
        for reader in readers:
            answer = reader.get(door.path)
            tags.setdefault(answer.headers.get("ETag"), answer.content)
        for reader in readers:
            for tag, body in tags.items():
                if tag and reader.get(door.path, headers={"if-none-match": tag}).status_code == 304:
                    assert reader.get(door.path).content == body
                    checked += 1
    assert checked


@pytest.mark.parametrize("reader", [BEHIND[0], BEHIND[3]])
def test_head_tells_what_get_tells_without_the_words(waits, reader_of, reader):
    browser = reader_of(reader)()
    for door in {door.path.partition("?")[0]: door for door in pages(waits)}.values():
        got, head = (told(browser, door, method) for method in ("get", "head"))
        assert (head.status, head.body) == (got.status, "")
        for name in {*got.headers, *head.headers} - {"ETag"}:
            assert head.headers.get(name) == got.headers.get(name), f"{name} at {door}"
