"""Everything the site says is said in Korean too, and what is said was meant."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

ROOT = Path(settings.BASE_DIR)
KOREAN = Path("locale/ko/LC_MESSAGES")
# After a vowel these are other words than after a consonant, so none can follow what is only known when it is said.
PARTICLES = "은는이가을를과와아야"
GLUED = re.compile(
    rf"(?:%\(\w+\)[sd]|%[sd]|\{{\w*\}})['\"”’)]?(?:[{PARTICLES}](?![가-힣])|으?로(?![가-힣])|이?(?:에요|예요|라고|라는|여서))"
)


def catalogue(folder: Path = ROOT) -> Catalog:
    with (folder / KOREAN / "django.po").open("rb") as file:
        return read_po(file, locale="ko")


def said(message: Message) -> list[str]:
    return [text or "" for text in (message.string if isinstance(message.string, (list, tuple)) else [message.string])]


def key(message: Message) -> tuple[object, ...]:
    context: Any = message.context
    if isinstance(context, bytes):  # so Babel reads it from what is compiled
        context = context.decode()
    return (context, *(message.id if isinstance(message.id, (list, tuple)) else [message.id]))


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_all_of_it_is_translated_and_nothing_is_a_guess():
    unsaid = [message.id for message in messages(catalogue()) if message.fuzzy or not all(said(message))]
    assert unsaid == []
    assert not catalogue().obsolete


def test_the_placeholders_are_those_of_the_original():
    wrong = [(message.id, str(error)) for message, errors in catalogue().check() for error in errors]
    assert wrong == []


def test_no_particle_hangs_on_a_word_that_is_not_known_yet():
    glued = [text for message in messages(catalogue()) for text in said(message) if GLUED.search(text)]
    assert glued == []


@pytest.mark.parametrize(
    "text", ["%(name)s이 썼어요", "%(name)s은 회원", "%(time)s로", "{bonus}를 열기", "%(stars)s예요"]
)
def test_a_glued_particle_would_be_seen(text):
    assert GLUED.search(text)


@pytest.mark.parametrize("text", ["%(name)s 님이", "%(count)d개", "%(episode)s까지", "%(episode)s에", "%(time)s쯤"])
def test_what_never_changes_may_follow(text):
    assert not GLUED.search(text)


def test_what_is_compiled_is_what_is_written():
    with (ROOT / KOREAN / "django.mo").open("rb") as file:
        compiled = read_mo(file)
    assert {key(message): said(message) for message in messages(compiled)} == {
        key(message): said(message) for message in messages(catalogue())
    }


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed: new words would go unnoticed")
def test_no_word_of_the_site_is_missing_from_it(tmp_path):
    """`make messages` on a copy of the tree finds what the catalogue already holds, no more and no less."""
    listing = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - as it stands
    for name in listed.stdout.splitlines():
        if name.endswith((".py", ".html", ".txt", ".po", "Makefile")) and (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    options = re.search(r"^MESSAGES := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert options
    words = [word.strip("'") for word in options[1].split()]
    gather = [sys.executable, "manage.py", "makemessages", "--locale", "ko", *words]
    subprocess.run(gather, cwd=tmp_path, check=True)  # noqa: S603 - our own command on our own tree
    found = {key(message) for message in messages(catalogue(tmp_path))}
    assert found == {key(message) for message in messages(catalogue())}


def test_in_korean_the_half_of_the_day_stands_before_the_hour():
    with translation.override("ko"):
        assert date_format(datetime(2027, 1, 1, 14, 10), "DATETIME_FORMAT") == "2027년 1월 1일 오후 2:10"  # noqa: DTZ001
