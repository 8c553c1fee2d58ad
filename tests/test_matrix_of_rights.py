"""Every URL, asked with every method by everybody, for what is there and what is not: answered as `matrix.table` says.

What is refused leaves no trace, and what is not theirs is answered to everybody like what is not there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from reviews.models import Case
from tests.canary.recipes import URLS
from tests.matrix import table
from tests.matrix.asking import Answer, Left, ask, left
from tests.matrix.table import Row
from tests.matrix.world import PICTURE, WHO, World, build, rows
from tests.test_side_doors import STAMP, TOKEN

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST")
REFUSED = ("OPTIONS", "TRACE", "PUT", "PATCH", "DELETE")

Key = tuple[Any, ...]

TABLES: dict[str, Any] = {model._meta.label_lower: page for model, page in admin.site._registry.items()}
OF_TABLE = re.compile(r"admin/(?P<app>\w+)/(?P<model>\w+)/(?:(?P<key><\w+:object_id>)/)?(?:(?P<page>\w+)/)?$")
# An argument, as a path and as a regular expression write it.
ARGUMENT = re.compile(r"<[^>]+>|\(\?P<\w+>(?:\[[^]]*\]|[^)])*\)")
# The link by which a banned member appeals: it says of which second it is.
BAN_LINK = re.compile(r"(?<=/appeals/banned/)[^/]+")


@pytest.fixture(scope="module")
def asked(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Left]]:
    """The world and all there is in it, made once: each request is undone. No address may stay unproven."""
    settings = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "matrix"}},
        ACCOUNT_EMAIL_VERIFICATION="mandatory",
        MFA_ALLOW_UNVERIFIED_EMAIL=False,
        ACCOUNT_REAUTHENTICATION_TIMEOUT=24 * 3600,  # they stay sure of it, however long the walk takes
    )
    logging.disable(logging.CRITICAL)  # thousands of refusals, each of them said
    window = patch("reviews.models.moderation.UNDO_WINDOW", timedelta(days=1))  # for the same reason
    with settings, window, django_db_blocker.unblock(), transaction.atomic():
        world = build()
        cache.clear()
        mail.outbox.clear()
        yield world, left()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


# --- Which row of the table is whose


def row_of(name: str, route: str) -> Row | None:
    """What is declared for this URL."""
    if declared := {**table.OURS, **table.ALLAUTH, **table.ADMIN}.get(name):
        return declared
    place = OF_TABLE.match(route)
    if place is None or (label := f"{place['app']}.{place['model']}") not in table.RIGHTS:
        return Row(get="login, staff 404", post="login, staff 404") if name == "admin:None" else None
    page = place["page"] or ("" if place["key"] else "changelist")
    if page in table.PAGES:
        return table.of_table(page, label)
    if page in table.ACTS.get(label, {}) or page == "desk":
        return table.of_act(page, label)
    if page == "":  # it leads to the page of whatever was asked for, and looks for nothing
        return Row(of=(label,), get="login, staff 302", post="login, staff 302")
    return None


def addresses(world: World, name: str, route: str, row: Row) -> dict[str, tuple[str, Key]]:
    """By state: the address, and what stands in it."""
    if not row.of:
        asked = "?term=&app_label=episodes&model_name=credit&field_name=person" if name == "admin:autocomplete" else ""
        return {"": (f"/{filled(route, ('nowhere',))}{asked}", ())}
    kind = row.of[0]
    if len(row.of) > 1:  # a series has this page, and so has an episode
        kind = "episode" if "<int:number>" in route else "series"
    keys = {state: key if isinstance(key, tuple) else (key,) for state, key in world.keys[kind].items()}
    return {state: (f"/{filled(route, key)}", key) for state, key in keys.items()}


def filled(route: str, key: Key) -> str:
    for value in key:
        route = ARGUMENT.sub(str(value), route, count=1)
    return route.replace("^", "").removesuffix("$")


def form_of(world: World, row: Row, state: str) -> dict[str, str]:
    folded = {"scope": int(row.of == ("reviews.review",) and state == "held")}
    return {name: value.format(**world.named, **folded) for name, value in row.sends.items()}


# --- The table is whole, and says nothing that must not be


def test_every_url_is_declared():
    undeclared = sorted(f"{name} {route}" for name, route in URLS if row_of(name, route) is None)
    assert not undeclared, "say in tests/matrix/table.py who may do what there"


def test_nothing_is_declared_that_is_not_there():
    names = {name for name, _route in URLS}
    assert {*table.OURS, *table.ALLAUTH, *table.ADMIN} <= names
    assert table.RIGHTS.keys() == TABLES.keys()
    acts = {f"admin:{label.replace('.', '_')}_{act}" for label, acts in table.ACTS.items() for act in acts}
    assert acts <= names


def test_every_action_is_declared():
    found = {label: {name for _act, name, _said in page._get_base_actions()} for label, page in TABLES.items()}
    assert found == {label: set(table.actions_of(label)) for label in TABLES}


def test_no_row_lets_a_refused_request_write():
    """Nor one that only looks."""
    for name, row in {**table.OURS, **table.ALLAUTH, **table.ADMIN}.items():
        for state in ("existing", "missing", "hidden", "deleted", "held"):
            looked = {*row.cells("GET", state).values(), *row.cells("HEAD", state).values()}
            assert not any(word.endswith("!") for word in looked), name
            assert name in table.GETS_THAT_OPEN_A_SESSION or not any(word.endswith("~") for word in looked), name
            refused = {word for word in row.cells("POST", state).values() if word.startswith("4")}
            assert name in table.REFUSALS_THAT_KEEP_WORDS or not any(word.endswith("!") for word in refused), name


# --- The walk


@pytest.mark.parametrize(("name", "route"), sorted(URLS), ids=str)
def test_everybody_is_answered_as_declared(asked, name, route):
    world, before = asked
    row = row_of(name, route)
    assert row is not None
    places = addresses(world, name, route, row)
    wrong = []
    for who in WHO:
        found: dict[tuple[str, str], Answer] = {}
        for place, (state, (path, key)) in enumerate(places.items()):
            for method in METHODS if place == 0 or not route.startswith("admin/") else ("GET", "POST"):
                data = form_of(world, row, state) if method == "POST" else None
                answer = ask(world.browser(who), method, path, data, before)
                found[method, state] = without(key, answer)
                if answer.word != (declared := row.cells(method, state)[who]):
                    wrong.append(f"{who}, {method} {state}: {answer.word}, declared {declared} {answer.changed}")
        for (method, state), answer in found.items():
            missing = found.get((method, "missing"))
            # Whom, and what of their own, a moderator may not touch, they may see.
            if state not in ("staff", "own") and missing and answer.said in ("403", "404") and answer != missing:
                wrong.append(f"{who}, {method} {state}: told from a missing one by {differs(answer, missing)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", WHO)
def test_no_other_method_is_answered_anywhere(asked, who):
    """No cell of the table: refused before anybody is looked up, and so without a query."""
    world, before = asked
    browser = world.browser(who)
    with CaptureQueriesContext(connection) as queries:
        for name, route in sorted(URLS):
            row = row_of(name, route)
            for path, _key in addresses(world, name, route, row).values() if row else ():
                for method in REFUSED:
                    assert browser.generic(method, path, b"x=y", "text/plain").status_code == 405, (method, path)
    assert not queries.captured_queries
    assert left() == before


def without(key: Key, answer: Answer) -> Answer:
    """The same without the key that was asked for, which an answer may repeat, and what is drawn anew each time."""
    headers = {name: said for name, said in answer.headers.items() if name not in ("ETag", "Content-Length")}
    values = "|".join(re.escape(str(value)) for value in key)
    in_path = re.compile(rf"(?<=/)(?:{values})(?=/)|(?<=%2F)(?:{values})(?=%2F)" if key else "(?!)")
    return answer._replace(
        leads_to=in_path.sub("KEY", answer.leads_to),
        body=in_path.sub("KEY", BAN_LINK.sub("", STAMP.sub(r"\1", TOKEN.sub(r"\1", answer.body)))),
        headers={name: in_path.sub("KEY", said) for name, said in headers.items()},
    )


def differs(mine: Answer, missing: Answer) -> str:
    """In what, and where that begins."""
    if mine.body != missing.body:
        letters = enumerate(zip(mine.body, missing.body, strict=False))
        at = max(0, next((at for at, (one, other) in letters if one != other), 0) - 60)
        return f"{mine.body[at : at + 150]!r} / {missing.body[at : at + 150]!r}"
    pairs = zip(mine._fields, mine, missing, strict=True)
    return "; ".join(f"{name}: {one} / {other}" for name, one, other in pairs if one != other)


@pytest.mark.parametrize("label", TABLES)
def test_actions_are_theirs_who_may(asked, label):
    """On one row that is there and one that is not: whoever may not, writes nothing, and gets no further page."""
    world, before = asked
    keys = world.keys[label]
    path = f"/admin/{label.replace('.', '/')}/"
    for action, may in table.actions_of(label).items():
        sent = {"action": action, ACTION_CHECKBOX_NAME: [keys["existing"], keys["missing"]]}
        for who in WHO:
            answer = ask(world.browser(who), "POST", path, sent, before)
            assert not answer.changed or who in may, f"{action} by {who}"
            if who not in table.GROUPS["staff"]:
                assert answer.word == "login", f"{action} by {who}"


def get_ready(action: str, key: int, who: str) -> None:
    """What no row of the world waits for."""
    match action:
        case "release_selected":
            by = rows(User).get(username=who)
            rows(Case).filter(pk=key).update(claimed_by=by, claimed_at=timezone.now())
        case "take_pictures_away":
            rows(User).filter(pk=key).update(avatar=PICTURE)
        case "make_verified":
            rows(EmailAddress).filter(pk=key).update(verified=False)


@pytest.mark.parametrize("label", TABLES)
def test_whoever_may_act_can(asked, label):
    """On a row where there is something to do, with all that the action asks for."""
    world, _before = asked
    path = f"/admin/{label.replace('.', '/')}/"
    for action, may in table.actions_of(label).items():
        key = world.keys[label][table.with_work(label, action)]
        sure = {"confirmed": "yes", "post": "yes", **table.SURE}
        for who in sorted(may):
            with transaction.atomic():
                get_ready(action, key, who)
                sent = {"action": action, ACTION_CHECKBOX_NAME: [key], **sure}
                answer = ask(world.browser(who), "POST", path, sent, left())
                transaction.set_rollback(True)
            is_kept = action == "delete_selected" and label in table.REFERRED_TO
            assert answer.word == ("200" if is_kept else "302!"), f"{action} by {who}"


# --- What an address may ask of a list


def ways_to_members(model: type[models.Model], depth: int = 2) -> Iterator[str]:
    """Lookups that lead from a table to members, along keys in either direction."""
    for field in model._meta.get_fields():
        related: Any = field.related_model
        if related is None or isinstance(related, str):
            continue
        name = field.name  # of a key that leads here, the name that lookups know it by
        if issubclass(related, User):
            yield name
        elif depth > 1:
            yield from (f"{name}__{further}" for further in ways_to_members(related, depth - 1))


@pytest.mark.parametrize("label", TABLES)
def test_no_list_answers_about_a_members_hash_or_address(asked, label):
    """Nor does it open as a window that asks for another column than the key."""
    world, before = asked
    model = apps.get_model(label)
    path = f"/admin/{label.replace('.', '/')}/"
    ways = sorted(set(ways_to_members(model))) if model is not User else [""]
    prefixes = [f"{way}__" if way else "" for way in ways]
    lookups = [f"{prefix}{column}__startswith=m" for prefix in prefixes for column in ("password", "email")]
    columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    for who, rights in zip(table.GROUPS["staff"], table.RIGHTS[label], strict=True):
        if "v" not in rights:
            continue
        for asks in (*lookups, *(f"_to_field={column}" for column in columns)):
            answer = ask(world.browser(who), "GET", f"{path}?{asks}", None, before)
            assert (answer.status, answer.changed) in {(400, ()), (302, ())}, f"{asks} by {who}: {answer.word}"
