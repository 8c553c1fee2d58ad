"""A cache between us and several readers never gives one what was another's."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Sanction, User
from conftest import HERE, seen
from reviews.banned import appeal_url
from reviews.models import Appeal
from reviews.models.sanctions import impose
from soundtrack_site import middleware
from soundtrack_site.pictures import AVATAR, address, develop, stored

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

# What a reader's request says of itself besides its cookies, and what a cache may tell requests apart by.
Headers = dict[str, str]


@dataclass
class Browser:
    """A reader, and all that we have told them directly."""

    name: str
    client: Client
    language: str = "en"
    tokens: set[str] = field(default_factory=set)

    def asks(self, path: str, **conditions: str) -> HttpResponse:
        answer: Any = self.client.get(path, headers={"accept-language": self.language, **conditions})
        self.tokens.update(TOKEN.findall(words(answer)))
        return answer

    def twin(self) -> Browser:
        """The same reader in the same moment, who asks us without a cache."""
        client = Client(headers=HERE)
        client.cookies = deepcopy(self.client.cookies)
        return Browser(self.name, client, self.language)

    @property
    def headers(self) -> Headers:
        held = "; ".join(sorted(f"{name}={morsel.value}" for name, morsel in self.client.cookies.items()))
        return {"cookie": held, "accept-language": self.language}


@dataclass(frozen=True)
class Kept:
    answer: HttpResponse
    asked_with: Headers


@dataclass
class SharedCache:
    """As RFC 9111 has it, and as keen as it allows: whatever it may keep it keeps, and serves as long as it may.

    `heeds_vary`: some caches in wide use do not. Such a cache still asks us each time where it has to, and what it
    then gives away is what we said was still right.
    """

    heeds_vary: bool = True
    kept: dict[str, list[Kept]] = field(default_factory=dict)
    hits: int = 0

    def get(self, browser: Browser, path: str) -> HttpResponse:
        kept = self.found(browser, path)
        if kept is None:
            return self.keep(browser, path, browser.asks(path))
        if is_fresh(kept.answer):
            self.hits += 1
            return kept.answer
        if not kept.answer.has_header("ETag"):
            return self.keep(browser, path, browser.asks(path))
        answer = browser.asks(path, **{"if-none-match": kept.answer.headers["ETag"]})
        if answer.status_code == 304:
            self.hits += 1
            return kept.answer
        return self.keep(browser, path, answer)

    def found(self, browser: Browser, path: str) -> Kept | None:
        for kept in self.kept.get(path, []):
            told_apart_by = listed(kept.answer, "Vary") if self.heeds_vary else set()
            if "*" in told_apart_by:
                continue
            if all(kept.asked_with.get(name) == browser.headers.get(name) for name in told_apart_by):
                return kept
        return None

    def keep(self, browser: Browser, path: str, answer: HttpResponse) -> HttpResponse:
        """Without `private` and `no-store` everything may be kept, a refusal or a redirect as well."""
        if not listed(answer, "Cache-Control") & {"private", "no-store"}:
            self.kept.setdefault(path, []).insert(0, Kept(answer, browser.headers))
        return answer


def listed(answer: HttpResponse, header: str) -> set[str]:
    return {word.strip().lower() for word in answer.headers.get(header, "").split(",") if word.strip()}


def is_fresh(answer: HttpResponse) -> bool:
    """What says nothing of its age may be guessed to be fresh."""
    says = listed(answer, "Cache-Control")
    if "no-cache" in says:
        return False
    ages = {word.partition("=")[0]: word.partition("=")[2] for word in says}
    return int(ages.get("s-maxage", ages.get("max-age", "60"))) > 0


@pytest.fixture
def readers(world, as_member, alice, bob, una, mona) -> list[Browser]:
    """Everybody whose pages differ: by point, name, language, theme, half-written words, a message that waits."""
    User.objects.filter(pk=una.pk).update(theme="dark", language="en")
    seen(bob, world.series, 1)
    seen(una, world.series, 3)
    point = reverse("episodes:set_progress", args=[world.series.slug])
    at_one, told, writing, in_the_dark = (Client(headers=HERE) for _browser in range(4))
    in_the_dark.post(reverse("accounts:set_preferences"), {"theme": "dark", "language": "ko"})
    at_one.post(point, {"seen_through": 1})
    at_one.get("/")  # the message is read
    told.post(point, {"seen_through": 3})  # and here it waits
    room = reverse("reviews:comments", args=[world.series.slug])
    writing.post(room, {"body": "Half said by somebody", "spoils_through": "0", "login": "1"})
    return [
        Browser("a visitor", Client(headers=HERE)),
        Browser("another visitor", Client(headers=HERE)),
        Browser("a visitor from elsewhere", Client(headers=HERE), "ko"),
        Browser("a visitor in the dark", in_the_dark),
        Browser("a visitor at 1", at_one),
        Browser("a visitor with a message", told),
        Browser("a visitor with words", writing),
        Browser("alice at 2", as_member(alice)),
        Browser("bob at 1", as_member(bob)),
        Browser("una in the dark", as_member(una)),
        Browser("a moderator", as_member(mona)),
    ]


@pytest.fixture
def picture(media, make_picture) -> str:
    kept = develop(make_picture(), AVATAR)
    with stored(kept):
        kept.is_taken = True
    return address(kept.name)


@pytest.fixture
def paths(world, picture) -> list[str]:
    series, episode, review, comment = world.series.slug, "/series/drama/episodes/2/", world.review, world.comment
    return [
        "/",
        f"/series/{series}/",
        f"/series/{series}/?reveal=ending-{world.series.pk}",
        f"/series/{series}/reviews/",
        f"/series/{series}/comments/",
        f"/series/{series}/review/",
        episode,
        f"{episode}recap/",
        f"{episode}reviews/",
        f"{episode}reviews/?reveal={review.reveal_name}",
        f"{episode}comments/",
        f"{episode}review/",
        f"/reviews/{review.pk}/",
        f"/reviews/{review.pk}/comments/",
        f"/comments/{comment.pk}/",
        "/members/alice/",
        "/members/ALICE/",
        "/settings/",
        "/settings/drafts/",
        "/guidelines/",
        "/safety/",
        "/accounts/login/",
        "/accounts/signup/",
        "/admin/",
        picture,
        "/no/such/page/",
    ]


def meetings(cache: SharedCache, readers: list[Browser], paths: list[str]) -> list[str]:
    """Where somebody was given by the cache what we would not have given them then."""
    found = []
    for browser in readers:
        for path in paths:
            hits, twin = cache.hits, browser.twin()
            given = cache.get(browser, path)
            if any(kept.answer.cookies for kept in cache.kept.get(path, [])):
                found.append(f"{path}: a cookie is kept")
            if cache.hits == hits:
                continue  # it came from us, and from nowhere else
            expected = twin.asks(path)
            said = [(answer.status_code, answer.get("Location"), plain(answer)) for answer in (given, expected)]
            if said[0] != said[1]:
                found.append(f"{browser.name} at {path}")
            elif not set(TOKEN.findall(words(given))) <= browser.tokens:
                found.append(f"{browser.name} at {path}: a token")
    return found


def plain(answer: HttpResponse) -> str:
    """The page without its token, which is drawn anew each time."""
    return TOKEN.sub("", words(answer))


def words(answer: HttpResponse) -> str:
    """A picture has bytes that no text has; told apart they are all the same."""
    return answer.content.decode(errors="backslashreplace")


@pytest.mark.parametrize("heeds_vary", [True, False])
@pytest.mark.parametrize("order", [1, -1])
def test_readers_who_share_a_cache_never_meet(readers, paths, order, heeds_vary):
    cache = SharedCache(heeds_vary)
    assert meetings(cache, readers[::order], paths) == []
    assert cache.hits, "what is the same for all was worth keeping"


def test_nobody_who_is_known_fills_a_cache(readers, paths, picture):
    """Only what we tell a visitor of whom we know nothing is ever kept."""
    cache = SharedCache()
    meetings(cache, readers, [path for path in paths if path != picture])  # which is answered before anybody is known
    assert {kept.asked_with["cookie"] for every in cache.kept.values() for kept in every} == {""}


def test_what_everybody_may_keep_sets_no_cookie(readers, paths):
    """Not even on the first way, which may lead through a cache that looks at nothing but whether it may keep."""
    public = 0
    for browser in readers:
        for path in paths:
            answer = browser.asks(path)
            if "public" in listed(answer, "Cache-Control"):
                public += 1
                assert not answer.cookies, f"{browser.name} at {path}"
    assert public > len(readers)  # the picture, and what a visitor reads


def everybody_may_keep(monkeypatch: pytest.MonkeyPatch, *, apart: bool, policy: str) -> None:
    """Take the policy away that holds readers apart."""
    real = middleware.cache_policy

    def careless(get_response):
        careful = real(get_response)

        def respond(request):
            response = careful(request)
            response.headers["Cache-Control"] = policy
            if not apart:
                response.headers.pop("Vary", None)
            return response

        return respond

    monkeypatch.setattr(middleware, "cache_policy", careless)


def test_without_the_policy_they_would_meet(monkeypatch, readers, paths):
    """The proof of the proof."""
    everybody_may_keep(monkeypatch, apart=False, policy="public, max-age=60")
    fresh = [Browser(one.name, one.twin().client, one.language) for one in readers]
    met = meetings(SharedCache(), fresh, paths[:8])
    assert any("a visitor at 1" in where for where in met)
    assert any("bob" in where for where in met)


def test_a_cache_that_tells_nobody_apart_needs_us_to_be_asked(monkeypatch, readers, paths):
    everybody_may_keep(monkeypatch, apart=True, policy="public, max-age=60")
    fresh = [Browser(one.name, one.twin().client, one.language) for one in readers]
    assert meetings(SharedCache(heeds_vary=False), fresh, paths[:8]) != []


def banned(alice: User, mona: User) -> str:
    sanction = impose(alice, Sanction.Kind.BAN, mona, "Scarves in every thread").sanction
    return appeal_url(sanction)


def lodged(alice: User, mona: User) -> str:
    path = banned(alice, mona)
    Client().post(path, {"body": "It was my sister"})
    return path


def heard(alice: User, mona: User) -> str:
    path = lodged(alice, mona)
    Appeal.objects.get().hear(User.objects.create_superuser("otto"), False, "It was not")
    return path


def confirmed(alice: User, mona: User) -> str:
    waiting = EmailAddress.objects.create(user=alice, email="new@example.com")
    return reverse("account_confirm_email", args=[EmailConfirmationHMAC(waiting).key])


def confirmed_already(alice: User, mona: User) -> str:
    path = confirmed(alice, mona)
    Client().post(path)
    return path


def reset(alice: User, mona: User) -> str:
    key = EmailAwarePasswordResetTokenGenerator().make_token(alice)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(alice), key])


def reset_already(alice: User, mona: User) -> str:
    path = reset(alice, mona)
    alice.set_password("velvet-umbrella-chorus-77")
    alice.save()
    return path


@pytest.mark.parametrize("link", [banned, lodged, heard, confirmed, confirmed_already, reset, reset_already])
def test_what_a_secret_link_leads_to_is_kept_by_nobody_else(db, alice, mona, link):
    """Whoever holds such a link brings no cookie that would say whose page it is."""
    path = link(alice, mona)
    for method in ("get", "head"):
        answer = getattr(Client(), method)(path)
        assert "private" in answer.headers["Cache-Control"], answer.status_code
        assert "public" not in answer.headers["Cache-Control"]
