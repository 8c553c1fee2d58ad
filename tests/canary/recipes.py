"""How each URL is asked: for every row that matters, in every variant, and with good, bad and empty posts.

A new URL takes one function, marked with its name: `@recipe("reviews:reviews")`. It yields an `Ask` for each request.
What stands in the admin for every model alike is in ADMIN; a page of one model's own takes a recipe like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import Sanction, User
from conftest import PASSWORD
from episodes.models import Episode, Series
from reviews.banned import appeal_url
from reviews.models import Appeal, Case, Comment, Draft, ModerationAction, Report, Review
from tests.canary.readers import Reader
from tests.canary.walk import Ask
from tests.canary.world import CROWDED, LAST, SCOPES, World

Recipe = Callable[[World, Reader], Iterable[Ask]]
RECIPES: dict[str, Recipe] = {}

MISSING = 999_999
REVIEW = {"stars": "9", "headline": "A line", "body": "Typed.", "spoils_through": str(LAST), "hindsight": str(LAST)}
COMMENT = {"body": "Typed.", "spoils_through": str(LAST), "hindsight": str(LAST)}
BAD = {"body": "x" * 10_001, "spoils_through": "77", "stars": "99", "at": "25:99", "kind": "shout", "parent": "x"}
SORTS = ("newest", "felt", "highest", "lowest", "oldest")


def urls(resolver: URLResolver, namespace: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """Name and route of every URL there is."""
    for pattern in resolver.url_patterns:
        longer = route + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from urls(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace, longer)
        else:
            yield f"{namespace}{pattern.name}", longer


URLS = set(urls(get_resolver()))
NAMES = {name for name, _route in URLS}


def recipe(*names: str) -> Callable[[Recipe], Recipe]:
    def declare(function: Recipe) -> Recipe:
        RECIPES.update(dict.fromkeys(names, function))
        return function

    return declare


def get(path: str, **how: Any) -> Ask:
    return Ask(path, **how)


def post(path: str, data: dict[str, Any], **how: Any) -> Ask:
    return Ask(path, data, **how)


def sent(path: str, good: dict[str, Any], **how: Any) -> Iterator[Ask]:
    """A form as it should be, previewed in each way, spoilt, and empty."""
    yield post(path, good, **how)
    for reader in ("", "newcomer"):
        yield post(path, {**good, "preview": reader})
    yield post(path, {**good, **BAD})
    yield post(path, {})


def path_to(name: str, subject: Series | Episode) -> str:
    """Of a page that a whole series has as well as each episode."""
    if isinstance(subject, Series):
        return reverse(name, args=[subject.slug])
    return reverse(name, args=[subject.series.slug, subject.number])


def on(subject: Series | Episode) -> dict[str, Any]:
    if isinstance(subject, Series):
        return {"series": subject, "episode": None}
    return {"episode": subject}


def revealing(path: str, world: World, subject: Series | Episode) -> Iterator[Ask]:
    """One that waits, one that is nowhere, several, and what is hidden or in another series."""
    reviews = world.every(Review, deleted_at=None, hidden_at=None, **on(subject))
    comments = world.every(Comment, deleted_at=None, hidden_at=None, review=None, **on(subject))
    last = [text for text in (*reviews[::-1], *comments) if text.spoils_through == LAST]
    names = [f"{text._meta.model_name}-{text.pk}" for text in last]
    gone = [f"comment-{text.pk}" for text in world.every(Comment, series=world.series) if text.hidden_at]
    gone += [f"review-{text.pk}" for text in world.every(Review, series=world.secret)]
    for asked in (names[:1], names[-1:], [f"review-{MISSING}"], names[:3], gone[:9]):
        yield get(f"{path}?{'&'.join(f'reveal={name}' for name in asked)}")


def a_comment_at(world: World, scope: int) -> Comment:
    return next(
        text for text in world.every(Comment, series=world.series, review=None) if text.spoils_through == scope
    )


# Pages about the catalogue


@recipe("episodes:home")
def home(world: World, reader: Reader) -> Iterator[Ask]:
    others = Series.objects.filter(pk=world.other.pk)
    ending = f"/?reveal=ending-{world.series.pk}"
    for path in ("/", ending, f"/?reveal=review-{MISSING}"):
        yield get(path)
        yield get(path, before=lambda: others.update(published_at=None))
    yield get("/", before=lambda: Series.objects.update(published_at=None))


@recipe("episodes:series_list")
def series_list(world: World, reader: Reader) -> Iterator[Ask]:
    yield get(reverse("episodes:series_list"))


@recipe("episodes:series")
def series(world: World, reader: Reader) -> Iterator[Ask]:
    for one in (world.series, world.other, world.secret):
        path = reverse("episodes:series", args=[one.slug])
        yield get(path)
        yield get(f"{path}?reveal=ending-{one.pk}")
    yield from revealing(reverse("episodes:series", args=[world.series.slug]), world, world.series)


@recipe("episodes:set_progress")
def set_progress(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("episodes:set_progress", args=[world.series.slug])
    text = a_comment_at(world, LAST)
    places = [episode.get_absolute_url() for episode in world.episodes] + [text.get_absolute_url()]
    for point in SCOPES:
        yield post(path, {"seen_through": point}, point=point)
        for place in places:
            yield post(path, {"seen_through": point, "next": place}, point=point)
    for wrong in ("", "-1", str(LAST + 1), "x"):
        yield post(path, {"seen_through": wrong, "next": places[0]})
    yield post(path, {"seen_through": LAST}, headers={"sec-fetch-site": "cross-site"})
    yield get(path)


@recipe("episodes:undo_progress")
def undo_progress(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("episodes:undo_progress", args=[world.series.slug])
    for episode in world.episodes:
        yield post(path, {"next": episode.get_absolute_url()})
    yield post(path, {}, headers={"sec-fetch-site": "cross-site"})
    yield get(path)


@recipe("episodes:episode", "episodes:recap")
def episode(world: World, reader: Reader) -> Iterator[Ask]:
    for name in ("episodes:episode", "episodes:recap"):
        for one in world.every(Episode):
            yield get(reverse(name, args=[one.series.slug, one.number]))
        yield get(reverse(name, args=[world.series.slug, 99]))
    for one in world.episodes[:LAST]:
        yield from revealing(one.get_absolute_url(), world, one)


# Reviews


def seen_by_rating(subject: Series | Episode, reader: Reader) -> int | None:
    """Where it puts a member to rate this; nowhere, if it is no episode that has aired, or they may not."""
    if isinstance(subject, Series) or subject.number > LAST or reader.pk is None or reader.is_silenced:
        return None
    return max(subject.number, reader.point(subject.series_id))


@recipe("reviews:reviews")
def reviews(world: World, reader: Reader) -> Iterator[Ask]:
    for subject in world.subjects:
        path = path_to("reviews:reviews", subject)
        yield get(path, pages=2)
        yield get(f"{path}?waiting=list", pages=1)
        yield get(f"{path}?waiting=list&seat=same&stars=8")
        if subject in world.subjects[:2]:
            yield from revealing(path, world, subject)
    path = path_to("reviews:reviews", world.episodes[0])
    yield from (get(f"{path}?sort={order}", pages=1) for order in SORTS)
    yield from (get(f"{path}?{asked}") for asked in ("seat=same", "stars=7", "stars=x", "page=0", "page=x", "sort=x"))
    yield get(path_to("reviews:reviews", world.secret))


@recipe("reviews:review")
def review(world: World, reader: Reader) -> Iterator[Ask]:
    every = world.every(Review)
    yield from (get(text.get_absolute_url()) for text in without_crowd(every))
    yield from (get(f"{text.get_absolute_url()}?reveal=review-{text.pk}") for text in a_few(every, reader))
    text = world.every(Review, series=world.series, spoils_through=LAST, episode=None)[0]
    answers = world.every(Comment, review=text)
    both = f"reveal=review-{text.pk}&reveal=comment-{answers[-1].pk}"
    for asked in (both, "sort=felt", "waiting=list", "seat=same", "page=x", f"reveal=comment-{answers[-1].pk}"):
        yield get(f"{text.get_absolute_url()}?{asked}")
    yield get(reverse("reviews:review", args=[MISSING]))


@recipe("reviews:edit_review")
def edit_review(world: World, reader: Reader) -> Iterator[Ask]:
    for subject in world.subjects:
        path = path_to("reviews:edit_review", subject)
        yield get(path)
        point = seen_by_rating(subject, reader)
        yield post(path, {**REVIEW, "began_with": "another"}, point=point)
        if subject in world.subjects[:2]:
            yield from sent(path, REVIEW, point=point)


@recipe("reviews:rate")
def rate(world: World, reader: Reader) -> Iterator[Ask]:
    for subject in world.subjects:
        path = path_to("reviews:rate", subject)
        point = seen_by_rating(subject, reader)
        yield post(path, {"stars": "7", "next": subject.get_absolute_url()}, point=point)
        yield post(path, {"stars": "99"})
        yield post(path, {})


@recipe("reviews:rate_episodes")
def rate_episodes(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("reviews:rate_episodes", args=[world.series.slug])
    yield get(path)
    yield from sent(path, {"stars_1": "7", "stars_2": "8"})


@recipe("reviews:peek")
def peek(world: World, reader: Reader) -> Iterator[Ask]:
    for subject in world.subjects:
        yield post(path_to("reviews:peek", subject), {})


def a_few(texts: list[Any], reader: Reader) -> list[Any]:
    """One for each scope and state, of the reader's own and of others'."""
    found = {
        (text.is_by(reader), text.spoils_through, text.hidden_at is None, text.deleted_at is None): text
        for text in texts
    }
    return list(found.values())


def without_crowd(texts: list[Any]) -> list[Any]:
    """The many that only fill pages of lists are not asked for one by one."""
    last = max(text.pk for text in texts if text.word_count != CROWDED)
    return [text for text in texts if text.pk <= last]


@recipe("reviews:answer_review")
def answer_review(world: World, reader: Reader) -> Iterator[Ask]:
    for text in a_few(world.every(Review), reader):
        path = reverse("reviews:answer_review", args=[text.pk])
        yield get(f"{path}?sort=felt")
        yield post(path, COMMENT)
        for answer in world.every(Comment, review=text)[-1:]:
            yield post(path, {**COMMENT, "parent": answer.pk, "body": ""})
    yield from sent(path, COMMENT)


@recipe("reviews:delete_review", "reviews:remove_rating")
def delete_review(world: World, reader: Reader) -> Iterator[Ask]:
    for text in a_few(world.every(Review), reader):
        for name in ("reviews:delete_review", "reviews:remove_rating"):
            path = reverse(name, args=[text.pk])
            yield get(path)
            yield post(path, {})


@recipe("reviews:undelete_review", "reviews:undelete_comment")
def undelete(world: World, reader: Reader) -> Iterator[Ask]:
    for text in a_few(world.every(Review), reader):
        yield post(reverse("reviews:undelete_review", args=[text.pk]), {})
    for text in a_few(world.every(Comment), reader):
        yield post(reverse("reviews:undelete_comment", args=[text.pk]), {})


@recipe("reviews:like_review", "reviews:like_comment")
def like(world: World, reader: Reader) -> Iterator[Ask]:
    for name, model in (("reviews:like_review", Review), ("reviews:like_comment", Comment)):
        for text in a_few(world.every(model), reader):
            yield post(reverse(name, args=[text.pk]), {"liked": "true"})
        yield post(reverse(name, args=[text.pk]), {})


# Comments


@recipe("reviews:comments")
def comments(world: World, reader: Reader) -> Iterator[Ask]:
    for subject in world.subjects:
        path = path_to("reviews:comments", subject)
        yield get(path, pages=2)
        yield get(f"{path}?waiting=list", pages=1)
        if subject in world.subjects[:2]:
            yield from revealing(path, world, subject)
        waiting = world.every(Comment, spoils_through=LAST, review=None, deleted_at=None, **on(subject))
        for parent in waiting[:1]:
            yield post(path, {**COMMENT, "parent": parent.pk})
            yield post(path, {**COMMENT, "parent": parent.pk, "body": ""})
    yield from sent(path_to("reviews:comments", world.series), COMMENT)
    path = path_to("reviews:comments", world.episodes[0])
    yield from sent(path, COMMENT)
    yield get(f"{path}?sort=felt", pages=1)
    for asked in ("seat=same", "at=1:00", "at=3:00", "at=x", "page=x", "page=0", "waiting=list&seat=same"):
        yield get(f"{path}?{asked}")
    yield from (get(f"{path}?kind={kind}") for kind in Comment.Kind.values)
    yield post(path, {**COMMENT, "kind": "song", "song_name": "Humming"})
    yield post(path, {**COMMENT, "kind": "moment", "at": "1:00"})


@recipe("reviews:comment")
def comment(world: World, reader: Reader) -> Iterator[Ask]:
    every = world.every(Comment)
    yield from (get(text.get_absolute_url()) for text in without_crowd(every))
    yield from (get(f"{text.get_absolute_url()}?reveal=comment-{text.pk}") for text in a_few(every, reader))
    thread = world.every(Comment, series=world.series, root__isnull=False, spoils_through=LAST)[0]
    for asked in ("waiting=list", "seat=same", "page=x", f"reveal=comment-{thread.pk}&reveal=comment-{MISSING}"):
        yield get(f"{thread.root.get_absolute_url()}?{asked}")
    yield get(reverse("reviews:comment", args=[MISSING]))


@recipe("reviews:answer_bonus")
def answer_bonus(world: World, reader: Reader) -> Iterator[Ask]:
    for one in world.episodes:
        path = path_to("reviews:answer_bonus", one)
        yield get(path)
        yield from sent(path, {"body": "Typed."})


@recipe("reviews:edit_comment")
def edit_comment(world: World, reader: Reader) -> Iterator[Ask]:
    for text in a_few(world.every(Comment), reader):
        path = reverse("reviews:edit_comment", args=[text.pk])
        yield get(path)
        yield post(path, {"body": "Typed.", "spoils_through": text.spoils_through})
        yield post(path, {**COMMENT, "began_with": "another"})
        yield post(path, {})


@recipe("reviews:raise_review", "reviews:raise_comment")
def raise_own(world: World, reader: Reader) -> Iterator[Ask]:
    for name, model in (("reviews:raise_review", Review), ("reviews:raise_comment", Comment)):
        for text in a_few(world.every(model), reader):
            path = reverse(name, args=[text.pk])
            yield get(path)
            yield from (post(path, {"spoils_through": scope}) for scope in (LAST, 0, "x", ""))


@recipe("reviews:delete_comment")
def delete_comment(world: World, reader: Reader) -> Iterator[Ask]:
    for text in a_few(world.every(Comment), reader):
        path = reverse("reviews:delete_comment", args=[text.pk])
        yield get(path)
        yield post(path, {})


@recipe("reviews:read_answer", "reviews:read_answers")
def read_answer(world: World, reader: Reader) -> Iterator[Ask]:
    answers = world.every(Comment, answered__isnull=False)
    for text in [text for text in answers if text.answered_id == reader.pk] + answers[:1]:
        yield post(reverse("reviews:read_answer", args=[text.pk]), {})
    yield post(reverse("reviews:read_answers"), {})


# Moderation, as members meet it

REPORT = {"kind": "spoiler", "is_headline": "false", "spoils_through": str(LAST), "note": "Typed."}


@recipe("reviews:report_review", "reviews:report_comment", "reviews:report_member")
def report(world: World, reader: Reader) -> Iterator[Ask]:
    texts = [*a_few(world.every(Review), reader), *a_few(world.every(Comment), reader)]
    members = [reverse("reviews:report_member", args=[one.username]) for one in (world.cast.alice, world.cast.bob)]
    for path in (*(text.get_report_url() for text in texts), *members):
        yield get(path)
        yield post(path, REPORT)
        yield post(path, {**REPORT, "kind": "x", "note": "x" * 501})


@recipe("reviews:notifications", "reviews:read_notifications")
def notifications(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("reviews:notifications")
    yield get(path, pages=1)
    yield get(f"{path}?page=x")
    for newest in ({}, {"newest": "999999"}):
        yield post(reverse("reviews:read_notifications"), newest)


@recipe("reviews:appeal", "reviews:appeal_ban")
def appeal(world: World, reader: Reader) -> Iterator[Ask]:
    for act in (*world.every(ModerationAction), ModerationAction(pk=MISSING)):
        path = reverse("reviews:appeal", args=[act.pk])
        yield get(path)
        yield post(path, {"body": "Typed."})
        yield post(path, {})
    (ban,) = world.every(Sanction, member=world.cast.ned)
    holds_link = Reader("whoever was shown the link", world.cast.ned.pk)
    yield get(appeal_url(ban), becomes=holds_link)
    yield post(appeal_url(ban), {"body": "Typed."}, becomes=holds_link)
    yield get(reverse("reviews:appeal_ban", args=["not-a-link"]))
    yield post(reverse("reviews:appeal_ban", args=["not-a-link"]), {"body": "Typed."})


@recipe("reviews:drafts", "reviews:delete_draft")
def drafts(world: World, reader: Reader) -> Iterator[Ask]:
    yield get(reverse("reviews:drafts"))
    for draft in world.every(Draft):
        path = reverse("reviews:delete_draft", args=[draft.pk])
        yield get(path)
        yield post(path, {})


HOUSE = ("reviews:guidelines", "reviews:safety", "reviews:moderation_log", "accounts:privacy", "reviews:design")


@recipe(*HOUSE)
def words_of_the_house(world: World, reader: Reader) -> Iterator[Ask]:
    yield from (get(reverse(name), pages=2) for name in HOUSE)


# Members


@recipe("accounts:member")
def member(world: World, reader: Reader) -> Iterator[Ask]:
    for account in world.every(User):
        yield get(account.get_absolute_url())
    path = world.cast.alice.get_absolute_url()
    for text in (*world.every(Review, author=world.cast.alice), *world.every(Comment, at__isnull=False)[:4]):
        yield get(f"{path}?reveal={text.reveal_name}")
    yield from (get(f"{path}?{asked}") for asked in ("page=x", "page=1", "waiting=list"))
    yield get(reverse("accounts:member", args=["nobody_at_all"]))


@recipe("accounts:settings")
def settings(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("accounts:settings")
    yield get(path)
    yield post(path, {"display_name": "Me", "bio": "I read.", "theme": "dark"})
    yield post(path, {"theme": "neon"})
    yield post(path, {})


@recipe("accounts:edit_avatar", "accounts:delete_avatar")
def avatar(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("accounts:edit_avatar")
    yield get(path)
    yield post(path, {"avatar": "no file"})
    yield post(path, {})
    yield post(reverse("accounts:delete_avatar"), {})


@recipe("media")
def media(world: World, reader: Reader) -> Iterator[Ask]:
    for folder in ("avatars", "posters", "stills"):
        yield get(reverse("media", args=[f"{folder}/{'0' * 32}.webp"]))


@recipe("webmanifest", "favicon")
def icons(world: World, reader: Reader) -> Iterator[Ask]:
    yield from (get(reverse(name)) for name in ("webmanifest", "favicon"))


@recipe("accounts:set_preferences")
def set_preferences(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("accounts:set_preferences")
    for wish in ({"theme": "dark"}, {"theme": "system"}, {"theme": "neon"}, {"language": "en"}, {}):
        yield post(path, {**wish, "next": world.episodes[1].get_absolute_url()})


@recipe("accounts:authenticator_qr")
def authenticator_qr(world: World, reader: Reader) -> Iterator[Ask]:
    yield get(reverse("accounts:authenticator_qr"))


# Of allauth: its own forms, each empty, and those with words of ours in them as they should be

ALLAUTH: dict[str, tuple[dict[str, Any], ...]] = {
    "account_logout": ({},),
    "account_inactive": (),
    "account_reauthenticate": ({"password": PASSWORD}, {"password": "wrong"}),
    "account_email_verification_sent": (),
    "account_change_password": ({"oldpassword": "wrong", "password1": "x"},),
    "account_set_password": ({"password1": "x"},),
    "account_confirm_login_code": ({"code": "x"},),
    "account_reset_password_done": (),
    "account_reset_password_from_key_done": (),
    "mfa_index": (),
    "mfa_authenticate": ({"code": "x"},),
    "mfa_reauthenticate": ({"code": "x"},),
    "mfa_activate_totp": ({"code": "x"},),
    "mfa_deactivate_totp": ({},),
    "mfa_view_recovery_codes": (),
    "mfa_generate_recovery_codes": ({},),
    "mfa_download_recovery_codes": (),
    "mfa_list_webauthn": (),
    "mfa_add_webauthn": ({"name": "Key", "credential": "x"},),
    "mfa_reauthenticate_webauthn": ({"credential": "x"},),
    "mfa_login_webauthn": ({"credential": "x"},),
    "usersessions_list": ({},),
}


@recipe(*ALLAUTH)
def allauth(world: World, reader: Reader) -> Iterator[Ask]:
    for name, posts in ALLAUTH.items():
        yield get(reverse(name))
        yield from (post(reverse(name), data) for data in posts)


@recipe("mfa_remove_webauthn", "mfa_edit_webauthn")
def keys(world: World, reader: Reader) -> Iterator[Ask]:
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        yield get(reverse(name, args=[MISSING]))
        yield post(reverse(name, args=[MISSING]), {"name": "Key"})


@recipe("account_login")
def login(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("account_login")
    yield get(f"{path}?next={world.episodes[1].get_absolute_url()}")
    for account in (world.cast.alice, world.cast.ned):
        becomes = Reader(f"{reader} who logs in", account.pk, reader.points) if reader.pk is None else None
        for name in (account.username, account.email):
            yield post(path, {"login": name, "password": PASSWORD}, becomes=becomes)
        yield post(path, {"login": account.username, "password": "wrong"})
    yield post(path, {})


@recipe("account_signup")
def signup(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("account_signup")
    good = {"username": "newcomer", "email": "new@example.com", "password1": PASSWORD}
    yield get(path)
    yield post(path, good, becomes=reader)
    yield post(path, {**good, "username": world.cast.alice.username})
    yield post(path, {**good, "email": world.cast.alice.email})
    yield post(path, {})


@recipe("account_email", "account_confirm_email")
def email(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("account_email")
    yield get(path)
    for action in ("action_add", "action_send", "action_primary", "action_remove"):
        for address in ("new@example.com", world.cast.alice.email, ""):
            yield post(path, {action: "", "email": address})
    yield get(reverse("account_confirm_email", args=["not-a-key"]))
    yield post(reverse("account_confirm_email", args=["not-a-key"]), {})


@recipe("account_reset_password", "account_reset_password_from_key")
def reset_password(world: World, reader: Reader) -> Iterator[Ask]:
    path = reverse("account_reset_password")
    yield get(path)
    for address in (world.cast.alice.email, world.cast.ned.email, "nobody@example.com", ""):
        yield post(path, {"email": address})
    key = reverse("account_reset_password_from_key", args=["zz", "not-a-key"])
    yield get(key)
    yield post(key, {"password1": PASSWORD, "password2": PASSWORD})


# Admin


def rows_of(world: World, model: type[models.Model], reader: Reader) -> list[Any]:
    rows = world.every(model)
    if not reader.roles:
        return rows[:1]
    return a_few(rows, reader) if model in (Review, Comment) else rows[:6]


def name_of(model: type[models.Model], page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


# Pages that every model has. Those of one model alone follow below.
ADMIN = ("changelist", "add", "history", "delete", "change")


@recipe(*(name_of(model, page) for model in admin.site._registry for page in ADMIN))
def tables(world: World, reader: Reader) -> Iterator[Ask]:
    for model in admin.site._registry:
        path = reverse(name_of(model, "changelist"))
        follows = bool(reader.roles)  # whoever has no business there is led to log in, every time
        yield get(path, follows=follows)
        yield get(reverse(name_of(model, "add")), follows=follows)
        if reader.roles:
            yield from (get(f"{path}?{asked}") for asked in ("q=zq", "o=1.-2", "all="))
        for row in rows_of(world, model, reader) or [model(pk=MISSING)]:
            for page in ("change", "history", "delete"):
                yield get(reverse(name_of(model, page), args=[row.pk]), follows=follows)
        yield get(reverse(name_of(model, "change"), args=[row.pk]).removesuffix("change/"), follows=follows)


TEXTS: tuple[type[Review] | type[Comment], ...] = (Review, Comment)
# Pages of reviews and comments where a moderator acts on one.
ACTS = ("hide", "restore", "scope", "fold", "unfold")


@recipe(*(name_of(model, page) for model in TEXTS for page in ACTS if name_of(model, page) in NAMES))
def moderation(world: World, reader: Reader) -> Iterator[Ask]:
    for model in TEXTS:
        path = reverse(name_of(model, "changelist"))
        for row in rows_of(world, model, reader):
            for page in ACTS:
                if name_of(model, page) in NAMES:
                    act = reverse(name_of(model, page), args=[row.pk])
                    yield get(act)
                    yield post(act, {"reason": "Because.", "spoils_through": LAST, "scope": LAST})
                    yield post(act, {})
            name = f"{model._meta.model_name}-{row.pk}"
            change = reverse(name_of(model, "change"), args=[row.pk])
            if reader.roles:
                yield from (get(f"{where}?reveal={name}") for where in (path, change))
        yield get(f"{path}?beyond=open", follows=bool(reader.roles))
        chosen = [row.pk for row in world.every(model)][:5]
        for action in ("hide_selected", "restore_selected", "raise_selected"):
            yield post(path, {"action": action, "_selected_action": chosen})
            yield post(path, {"action": action, "_selected_action": chosen, "confirmed": "1", "reason": "Because."})


DESK = [
    *(name_of(User, page) for page in ("keep", "silence", "ban", "lift", "hide_all", "desk")),
    *(name_of(model, page) for model in TEXTS for page in ("keep", "approve", "lock", "unlock", "desk")),
    *(f"admin:reviews_{page}" for page in ("case_claim", "case_release", "appeal_hear", "policy_raid")),
    *(f"admin:reviews_moderationaction_{page}" for page in ("undo", "reverse")),
]


@recipe(*DESK)
def desk(world: World, reader: Reader) -> Iterator[Ask]:
    """What a moderator decides, of every row of its table; and cases, appeals and members as lists that open all."""
    rows = {
        "user": world.every(User)[:4],
        **{
            model._meta.model_name: rows_of(world, model, reader) for model in (*TEXTS, Case, Appeal, ModerationAction)
        },
    }
    values = {"reason": "Because.", "answer": "Because.", "is_granted": "no", "days": "1", "wanted": "raid"}
    for name in DESK:
        arguments = [[row.pk] for row in rows.get(name.rpartition(":")[2].split("_")[1], [])] or [[MISSING]]
        for args in [[]] if name.endswith(("_raid", "_undo")) else arguments:
            yield get(reverse(name, args=args), follows=bool(reader.roles))
            yield post(reverse(name, args=args), {})
            yield post(reverse(name, args=args), {**values, "acts": str(MISSING)})
    for report in world.every(Report):
        case = reverse(name_of(Case, "change"), args=[report.case_id])
        yield get(f"{case}?reveal=report-{report.pk}", follows=bool(reader.roles))
    for appeal in world.every(Appeal):
        path = reverse(name_of(Appeal, "change"), args=[appeal.pk])
        yield get(f"{path}?reveal=appeal-{appeal.pk}", follows=bool(reader.roles))
        yield get(f"{path}?reveal=moderationaction-{appeal.action_id}", follows=bool(reader.roles))
    for act in world.every(ModerationAction) if reader.roles else ():
        yield get(f"{reverse(name_of(ModerationAction, 'change'), args=[act.pk])}?reveal=moderationaction-{act.pk}")
    for model in (Case, Appeal, ModerationAction):
        path = reverse(name_of(model, "changelist"))
        yield from (get(f"{path}?{asked}") for asked in ("beyond=open", "beyond=out", "state=all"))


@recipe(
    "admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done", "admin:jsi18n"
)
def office(world: World, reader: Reader) -> Iterator[Ask]:
    for page in ("index", "login", "password_change", "password_change_done", "jsi18n"):
        yield get(reverse(f"admin:{page}"))
    yield post(reverse("admin:password_change"), {"old_password": "x"})
    yield post(reverse("admin:logout"), {})


@recipe("admin:app_list", "admin:autocomplete", "admin:view_on_site", "admin:None")
def doors(world: World, reader: Reader) -> Iterator[Ask]:
    for app in ("accounts", "episodes", "reviews"):
        yield get(reverse("admin:app_list", args=[app]))
    for app, model, column in (
        ("episodes", "credit", "person"),
        ("episodes", "keymoment", "episode"),
        ("episodes", "note", "series"),
    ):
        query = f"term=&app_label={app}&model_name={model}&field_name={column}"
        yield get(f"{reverse('admin:autocomplete')}?{query}")
    for row in (world.series, world.episodes[1], *world.every(Review)[:4], *world.every(ModerationAction)[:1]):
        kind = ContentType.objects.get_for_model(type(row))
        yield get(reverse("admin:view_on_site", args=[kind.pk, row.pk]))
    yield get("/admin/nowhere/")


# What goes wrong


@recipe("errors")
def errors(world: World, reader: Reader) -> Iterator[Ask]:
    """Refusals that no single URL asks for: each is a page with words of its own."""
    episode = world.episodes[1]
    yield get("/nowhere/")
    yield get("/series/nowhere/")
    writing = (path_to("reviews:edit_review", episode), path_to("reviews:comments", episode))
    away = {"sec-fetch-site": "cross-site"}
    for path in (*writing, reverse("reviews:answer_review", args=[world.every(Review)[0].pk])):
        yield post(path, REVIEW, headers=away, checks_csrf=True)
    for path in (*writing, episode.get_absolute_url(), path_to("reviews:reviews", episode)):
        yield from (Ask(path, method=verb) for verb in ("PUT", "OPTIONS", "HEAD"))
