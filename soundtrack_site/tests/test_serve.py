"""The site as one process: it comes up, answers with both workers' files, and goes without leaving anything."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings as site_settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reviews.models import Burst
from reviews.notices import mail_notification
from soundtrack_site import environment
from soundtrack_site.management.commands import prepare, serve, work

Process = subprocess.Popen[str]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Callable[..., Process]]:
    """Starts the site in a session of its own; whatever is left of it is ended with the test."""
    started: list[Process] = []
    variables = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PORT": str(port), "PYTHONUNBUFFERED": "1"}

    def begin(*words: str) -> Process:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *(words or ["serve"])],
            cwd=site_settings.BASE_DIR,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def alive(group: int) -> bool:
    """Whether any process of the group is there still."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def answers(port: int, process: Process) -> int:
    """The status of a page that needs no database, asked for until the server listens or has ended."""
    while process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/robots-of-nobody", timeout=10) as answer:
                return int(answer.status)
        except HTTPError as answer:
            answer.close()
            return answer.code
        except URLError:
            continue
    raise AssertionError(process.communicate()[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_all_of_it(start, port, number):
    process = start()
    assert answers(port, process)
    process.send_signal(number)  # to the one process, as a supervisor would
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert not alive(process.pid)
    assert "Traceback" not in output


def worker_beside(process: Process, but: int = 0) -> int:
    """The process that works off tasks beside the site, waited for; `but`: not that one."""
    while process.poll() is None:
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                words = (entry / "cmdline").read_text().split("\0")
                if parent == process.pid and "work" in words and int(entry.name) != but:
                    return int(entry.name)
    raise AssertionError(process.communicate()[0])


def gone(number: int) -> bool:
    """Whether a process has ended, or ends within some seconds."""
    for _ in range(100):
        if not Path(f"/proc/{number}").exists():
            return True
        time.sleep(0.1)
    return False


linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here to look into")


@linux
def test_a_worker_that_dies_is_started_again_and_ends_with_the_site(start, port):
    process = start()
    first = worker_beside(process)
    assert answers(port, process)
    os.kill(first, signal.SIGKILL)
    second = worker_beside(process, but=first)
    assert answers(port, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal's Ctrl-C: to all in the foreground
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert gone(second)
    assert "Traceback" not in output


@linux
def test_a_worker_does_not_outlive_a_site_that_was_killed(start):
    process = start()
    worker = worker_beside(process)
    process.kill()
    assert gone(worker)


def test_a_database_without_a_queue_is_one_sentence(start):
    output, _ = start("work").communicate(timeout=60)
    assert output.startswith("CommandError: The queue cannot be read: ")
    assert output.count("\n") == 1


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_worker_does_what_was_put_off_until_it_is_told_to_stop(start, tmp_path, number):
    start("migrate", "--verbosity=0").communicate(timeout=240)
    put_off = "from reviews.notices import mail_notification; mail_notification.enqueue(1)"
    start("shell", "--verbosity=0", "-c", put_off).communicate(timeout=60)
    (database,) = tmp_path.glob("*.sqlite3")
    process = start("work")
    asked = f"SELECT status FROM {DBTaskResult._meta.db_table} WHERE status = 'SUCCESSFUL'"  # noqa: S608 - no input
    done: list[Any] = []
    while not done and process.poll() is None:
        with closing(sqlite3.connect(database)) as rows:
            done = rows.execute(asked).fetchall()
        time.sleep(0.1)
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    assert (done, process.returncode, output) == ([("SUCCESSFUL",)], 0, "")


def test_what_was_done_long_ago_is_let_go(db, clock_of_tasks):
    done, fresh = clock_of_tasks(timedelta(days=8)), clock_of_tasks(timedelta(days=6))
    began = timezone.now() - timedelta(days=3)
    Burst.objects.create(kind="text", who="site", seconds=60, began_at=began)
    work.let_go()
    assert list(DBTaskResult.objects.all()) == [fresh] != [done]
    assert not Burst.objects.exists()


@pytest.fixture
def clock_of_tasks() -> Callable[[timedelta], DBTaskResult[Any, Any]]:
    """Makes a task that was done so long ago."""

    def make(ago: timedelta) -> DBTaskResult[Any, Any]:
        mail_notification.enqueue(1)
        task = DBTaskResult.objects.latest("enqueued_at")
        at = timezone.now() - ago
        DBTaskResult.objects.filter(pk=task.pk).update(status="SUCCESSFUL", started_at=at, finished_at=at)
        return task

    return make


def test_it_says_where_it_is_and_what_comes_next(start, port):
    process = start()
    assert answers(port, process)
    process.terminate()
    output, _ = process.communicate(timeout=30)
    assert f"is at http://localhost:{port}" in output
    assert "outbox" in output
    assert "make admin" in output


def test_a_taken_port_is_one_sentence(start, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        process = start()
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.strip() == (
        f"CommandError: Port {port} is taken by another program. Try another: PORT={port + 1} make run"
    )


def test_a_host_that_is_not_ours_is_one_sentence():
    with pytest.raises(CommandError, match=r"Cannot listen on 192\.0\.2\.1, port 8000: "):
        serve.refuse_taken_port("192.0.2.1", 8000)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the commands that `prepare` runs; none of them really runs."""
    called: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, *args, **options: called.append(name))
    return called


@pytest.fixture
def own_var(tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return tmp_path


def test_prepare_collects_static_files_once(db, own_var, calls):
    call_command("prepare")
    (own_var / "static" / "staticfiles.json").touch()
    call_command("prepare")
    assert calls == ["clearsessions", "load_guidelines", "collectstatic", "clearsessions", "load_guidelines"]


def test_prepare_collects_again_what_was_changed_or_cut_short(db, own_var, calls, monkeypatch):
    call_command("prepare")
    call_command("prepare")  # there is no manifest: the first did not get through
    (own_var / "static" / "staticfiles.json").touch()
    monkeypatch.setattr(prepare, "fingerprint", lambda: "another")
    call_command("prepare")
    assert calls == ["clearsessions", "load_guidelines", "collectstatic"] * 3


def test_prepare_migrates_only_where_something_waits(db, own_var, calls, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *args: ["one"])
    call_command("prepare", "a.toml", "b.toml")
    assert calls == ["migrate", "clearsessions", "load_guidelines", "load_series", "load_series", "collectstatic"]


def test_prepare_forgets_sessions_that_have_run_out_and_where_they_came_from(as_member, alice, own_var, capsys):
    """Also what a visitor typed and never sent, which waits in one."""
    kept, gone = (as_member(alice).session.session_key for _ in range(2))
    UserSession.objects.all().delete()
    for key in (kept, gone, "ended" * 6):
        UserSession.objects.create(user=alice, ip="192.0.2.1", session_key=key)
    Session.objects.filter(pk=gone).update(expire_date=timezone.now())
    (own_var / "static" / "staticfiles.json").touch()
    (own_var / "static.collected").write_text(prepare.fingerprint())
    call_command("prepare")
    assert Session.objects.get().pk == kept
    assert UserSession.objects.get().session_key == kept
    assert capsys.readouterr().out == ""


def test_prepare_lets_go_of_what_was_counted_long_ago(db, own_var, calls):
    for days in (0, 3):
        began = timezone.now() - timedelta(days=days)
        Burst.objects.create(kind="text", who="site", seconds=60, began_at=began, count=1)
    call_command("prepare")
    assert Burst.objects.get().began_at > timezone.now() - timedelta(days=1)


def test_prepare_says_when_the_database_does_not_answer(db, own_var, monkeypatch):
    def refuse(connection: object) -> None:
        raise OperationalError("connection refused\nand much more")

    monkeypatch.setattr(prepare, "MigrationExecutor", refuse)
    with pytest.raises(CommandError, match=r"^The database does not answer: connection refused$"):
        call_command("prepare")


def test_the_fingerprint_sees_a_changed_file(tmp_path, settings):
    settings.STATICFILES_DIRS = [tmp_path]
    (tmp_path / "a.css").write_text("one")
    before = prepare.fingerprint()
    assert prepare.fingerprint() == before
    (tmp_path / "a.css").write_text("two")
    assert prepare.fingerprint() != before


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """What `manage.py` would find in its environment; in its place a script only writes that down."""
    manage = tmp_path / "manage"
    manage.write_text(f"#!/bin/sh\nenv > {tmp_path}/found\n")
    manage.chmod(0o700)

    def make(target: str, **variables: str) -> dict[str, str]:
        # With `true` for a Python nothing is installed.
        subprocess.run(
            ["make", target, "PYTHON=true", f"MANAGE={manage}"],  # noqa: S607 - the one that people call
            cwd=site_settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], **variables},
            check=True,
            capture_output=True,
        )
        return dict(line.partition("=")[::2] for line in (tmp_path / "found").read_text().splitlines())

    return make


@pytest.mark.parametrize("target", ["run", "dev", "demo", "admin"])
def test_make_sets_no_host_and_port_so_that_those_of_the_file_count(made, target):
    assert not {"HOST", "PORT"} & made(target).keys()


@pytest.mark.parametrize("target", ["run", "dev"])
def test_make_passes_on_what_the_caller_set(made, target):
    found = made(target, PORT="8001", HOST="192.0.2.1", DATABASE_URL="postgres://real")
    assert (found["PORT"], found["HOST"], found["DATABASE_URL"]) == ("8001", "192.0.2.1", "postgres://real")


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
@pytest.mark.parametrize("real", [{}, {"VAR_DIR": "/srv/real", "DATABASE_URL": "postgres://real"}])
def test_make_demo_touches_nothing_real(made, real, name):
    """Set and empty: a variable that is not set at all would be taken from `.env`."""
    found = made("demo", **{name: "scheme://real", **real})
    assert found[name] == ""
    assert found["VAR_DIR"] == "var/demo"


def test_an_empty_variable_keeps_the_files_value_out(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("DATABASE_URL=postgres://user@real/db\n")
    monkeypatch.setenv("DATABASE_URL", "")
    environment.read_dotenv(tmp_path / ".env")
    assert environment.database("DATABASE_URL", "sqlite:////demo.sqlite3")["NAME"] == "/demo.sqlite3"


def test_the_development_server_listens_where_the_site_does(start, port):
    asked = (
        "from django.core.management import *; server = load_command_class(get_commands()['runserver'], 'runserver')"
    )
    output, _ = start("shell", "-c", f"{asked}; print(server.default_addr, server.default_port)").communicate(
        timeout=60
    )
    assert output.splitlines()[-1] == f"127.0.0.1 {port}"
