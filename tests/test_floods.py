"""How much is taken in how short a time: told with a time and the words given back, and exact for four processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.db import connection, connections
from django.test import Client

from accounts.models import User
from episodes.models import Episode
from reviews.models import Burst, Comment, Draft, Like, Policy, Review
from reviews.models.flood import LIMITS, Limit

NOON = "2027-03-01T12:00:20Z"
ROOM = "/series/drama/comments/"
WORDS = "The scarf, of all things"
PER_MINUTE = LIMITS["text"][0].most


@pytest.fixture
def minute():
    """No minute ends while a test counts what is written in one."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def browser(minute, as_member, alice, series) -> Client:
    Policy.objects.create(holds="off")
    return as_member(alice)


def talk(browser: Client, number: object = "", **headers: Any) -> Any:
    return browser.post(
        ROOM, {"body": f"{WORDS} {number}", "spoils_through": "0", "hindsight": "0", "kind": "talk"}, **headers
    )


def fill(browser: Client) -> None:
    assert {talk(browser, number).status_code for number in range(PER_MINUTE)} == {302}


def test_too_many_texts_are_told_when_there_is_room_and_given_back(browser):
    fill(browser)
    answer = talk(browser, "once more")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "40"
    assert f"{WORDS} once more" in answer.text
    assert "12:01" in answer.text
    assert Comment.objects.count() == PER_MINUTE
    assert f"{WORDS} once more" in browser.get("/settings/drafts/").text


def test_there_is_room_again_in_the_next_minute(browser, minute):
    fill(browser)
    minute.shift(40)
    assert talk(browser, "next").status_code == 302


def test_a_script_is_told_by_the_same_status_and_then_asks_for_the_page(browser):
    fill(browser)
    answer = talk(browser, "in place", headers={"X-In-Place": "1"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
    assert "X-Leads-To" not in answer.headers


@pytest.mark.parametrize("kind", ["review", "edit", "bonus", "answer"])
def test_every_way_of_writing_has_one_count(browser, alice, bob, series, make_comment, make_review, kind):
    mine, theirs = make_comment(alice, series), make_review(bob, series)
    paths = {
        "review": ("/series/drama/episodes/2/review/", {"stars": "8", "headline": "", "spoils_through": "2"}),
        "edit": (f"/comments/{mine.pk}/edit/", {"spoils_through": "0"}),
        "bonus": ("/series/drama/episodes/1/bonus/", {}),
        "answer": (f"/reviews/{theirs.pk}/comments/", {"spoils_through": "0"}),
    }
    browser.post("/series/drama/progress/", {"seen_through": "4"})
    path, values = paths[kind]
    fill(browser)
    answer = browser.post(path, {"body": WORDS, "hindsight": "0", **values})
    assert answer.status_code == 429
    assert WORDS in answer.text
    assert Draft.objects.filter(member=alice).count() == 1


def test_likes_and_stars_have_a_count_of_their_own(browser, bob, series, make_comment, monkeypatch):
    monkeypatch.setitem(LIMITS, "like", (Limit("member", 60, 2),))
    path = make_comment(bob, series).get_like_url()
    assert browser.post(path, {"liked": "true"}).status_code == 302
    assert browser.post("/series/drama/episodes/1/rating/", {"stars": "8"}).status_code == 302
    assert browser.post(path, {"liked": "false"}).status_code == 429
    assert browser.post("/series/drama/episodes/1/rating/", {"stars": "9"}).status_code == 429
    assert Like.objects.count() == 1
    assert Review.objects.get().stars == 8
    assert talk(browser).status_code == 302


def test_all_episodes_in_one_go_are_one_press(browser, alice, series, monkeypatch):
    monkeypatch.setitem(LIMITS, "like", (Limit("member", 60, 1),))
    browser.post("/series/drama/progress/", {"seen_through": "4"})
    given = {f"stars_{number}": "8" for number in range(1, 5)}
    assert browser.post("/series/drama/ratings/", given).status_code == 302
    assert Review.objects.count() == 4
    assert browser.post("/series/drama/ratings/", {**given, "stars_1": "2"}).status_code == 429


def test_many_accounts_of_one_network_share_its_count(minute, as_member, crowd, series, monkeypatch):
    Policy.objects.create(holds="off")
    monkeypatch.setitem(LIMITS, "text", (Limit("client", 3600, 3),))
    browsers = [as_member(member) for member in crowd(4)]
    assert [talk(browser, REMOTE_ADDR="203.0.113.9").status_code for browser in browsers] == [302, 302, 302, 429]
    assert talk(browsers[3], REMOTE_ADDR="203.0.113.10").status_code == 302


def test_no_address_is_written_down(browser):
    talk(browser, REMOTE_ADDR="203.0.113.9")
    assert {who.partition(":")[0] for who in Burst.objects.values_list("who", flat=True)} == {
        "member",
        "client",
        "site",
    }
    assert not any("203" in who and "." in who for who in Burst.objects.values_list("who", flat=True))


def test_whoever_is_refused_by_their_form_has_spent_nothing(browser):
    for _ in range(PER_MINUTE + 1):
        assert browser.post(ROOM, {"body": "", "spoils_through": "0"}).status_code == 422
    assert talk(browser).status_code == 302


WRITER = """
import json, sys
import django, time_machine
with time_machine.travel(sys.argv[1], tick=False):
    django.setup()
    from accounts.models import User
    from episodes.models import Series
    from reviews.models import Comment, FloodError
    author, series = User.objects.get(username="alice"), Series.objects.get(slug="drama")
    print("ready", flush=True)
    sys.stdin.readline()
    done = []
    for number in range(int(sys.argv[3])):
        body = f"Text {sys.argv[2]} {number}"
        try:
            Comment.objects.post(author, series, body=body, spoils_through=0, client="somewhere")
            done.append("posted")
        except FloodError as refusal:
            done.append(refusal.until.isoformat())
print(json.dumps(done))
"""


def database_url() -> str:
    """Of the database of this test, for another process."""
    at: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    who = ":".join(filter(None, [at["USER"], at["PASSWORD"]]))
    return f"postgres://{who}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_it_is_exact_under_four_processes(alice: User, episode: Episode, tmp_path: Any) -> None:
    Policy.objects.create(holds="off")
    connections.close_all()
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "DJANGO_SETTINGS_MODULE": "soundtrack_site.settings",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(tmp_path),
        "SITE_URL": site_settings.SITE_URL,
    }
    each = 5
    writers = [
        subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-c", WRITER, NOON, str(number), str(each)],
            cwd=site_settings.BASE_DIR,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    try:
        for writer in writers:
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n", writer.communicate()[1]
        for writer in writers:
            assert writer.stdin
            writer.stdin.write("go\n")
            writer.stdin.flush()
        said = [writer.communicate(timeout=60) for writer in writers]
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    done = Counter(word for words, _errors in said for word in json.loads(words))
    assert done.pop("posted") == PER_MINUTE == Comment.objects.count()
    assert {datetime.fromisoformat(until).isoformat() for until in done} == {"2027-03-01T12:01:00+00:00"}
    assert done.total() == 4 * each - PER_MINUTE
    assert set(Burst.objects.values_list("count", flat=True)) == {PER_MINUTE}
