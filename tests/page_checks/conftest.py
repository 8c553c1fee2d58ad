"""Two sites, one browser, one validator. `make pages` brings what Node has to bring."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.page_checks.site import Site, await_port, free_port, served

NODE_MODULES = Path(__file__).parent / "node_modules"
VNU = NODE_MODULES / "vnu-jar/build/dist/vnu.jar"
Validate = Callable[[str], list[str]]
# What vnu only guesses: texts of members may well outweigh the words of the page around them.
GUESSED = "This document appears to be written in"


@pytest.fixture(scope="session", autouse=True)
def tools() -> None:
    """Whoever only runs the site needs none of these; .ci/run has them, and fails over a skipped test."""
    if not (NODE_MODULES / "axe-core").exists():
        pytest.skip(
            "NO PAGE CHECKS: pages are not proven. `make pages` installs what that needs; it wants node and java."
        )
    for tool in ("node", "java"):
        if shutil.which(tool) is None:
            pytest.skip(f"NO {tool.upper()}: pages are not proven. Install {tool}.")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The same for all processes of this run: worlds are built once."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def site_of(tools: None, folder: Path) -> Iterator[Callable[[str], Site]]:
    """`site_of("full")`, `site_of("empty")`: served while the tests of this process run."""
    sites: dict[str, Site] = {}
    with ExitStack() as stack:

        def serve(kind: str) -> Site:
            if kind not in sites:
                sites[kind] = stack.enter_context(served(kind, folder))
            return sites[kind]

        yield serve


@pytest.fixture(scope="session")
def validate(tools: None, folder: Path) -> Iterator[Validate]:
    """vnu behind a port of this machine: what it says of a page's bytes, errors and warnings alike."""
    port = free_port()
    # It reads some hundred pages and goes: to compile more of itself than this costs more than it saves.
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    options = [*quick, "-Xmx512m", "-Xss2m", "-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(VNU)]
    with (folder / f"vnu.{port}.log").open("w") as log:
        java = shutil.which("java")
        assert java is not None
        server = subprocess.Popen([java, *options, "nu.validator.servlet.Main", str(port)], stdout=log, stderr=log)
        try:
            await_port(port, server)

            def ask(html: str) -> list[str]:
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}/?out=json",
                    data=html.encode(),
                    headers={"Content-Type": "text/html; charset=utf-8"},
                )
                with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own
                    said = json.load(answer)["messages"]
                return [
                    f"vnu: {one['message']} ({' '.join(one.get('extract', '').split())[:120]})"
                    for one in said
                    if (one["type"] != "info" or one.get("subType") == "warning") and GUESSED not in one["message"]
                ]

            yield ask
        finally:
            server.terminate()
            server.wait()
