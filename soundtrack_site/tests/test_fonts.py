"""The display face, as git keeps it: whole, light, and with every character that our own catalogue sets in it."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.utils import translation

from soundtrack_site.templatetags.looks import covered, display_face

FONTS = settings.BASE_DIR / "static" / "fonts"
NOTE = json.loads((FONTS / "hahmlet.json").read_text())
DOCUMENTS = sorted((settings.BASE_DIR / "episodes" / "content").glob("*.toml"))


def test_the_files_are_those_that_were_made():
    made = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.woff2")}
    assert made == NOTE["sha256"]


def test_they_are_light_enough():
    assert sum(path.stat().st_size for path in FONTS.glob("*.woff2")) <= 50 * 1024


def test_the_licence_comes_along():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE.txt").read_text()


def titles_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value[name] for name in ("title", "native_title") if name in value)
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from titles_in(inner)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_title_of_our_catalogue_is_covered(path):
    titles = list(titles_in(tomllib.loads(path.read_text())))
    assert titles
    assert [title for title in titles if not covered().issuperset(title)] == []


def marked() -> Iterator[str]:
    """What templates set in our cut by themselves."""
    pattern = re.compile(r'<(\w+)[^>]* class="(?:[^"]* )?display(?: [^"]*)?"[^>]*>(.*?)</\1>', re.DOTALL)
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        for _tag, inner in pattern.findall(path.read_text()):
            yield inner


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_what_templates_mark_is_covered_in_every_language(language):
    words = {said for inner in marked() for said in re.findall(r'{% translate "([^"]+)"', inner)}
    with translation.override(language):
        assert [said for said in map(translation.gettext, words) if not covered().issuperset(said)] == []
    assert "보너스 트랙" in "".join(marked())


@pytest.mark.parametrize("words", ["Soundtrack #1", "사운드트랙 #1", "½", ""])
def test_what_is_covered_whole_is_set_in_ours(words):
    assert display_face(words) == "display"


@pytest.mark.parametrize("words", ["뷁", "사운드트랙 뷁", "愛", "Ж"])
def test_what_is_not_covered_whole_is_set_in_the_readers_own(words):
    assert display_face(words) == "display display--system"


def test_an_icon_is_drawn_from_the_sprite_and_is_silent():
    drawn = Template('{% load looks %}{% icon "search" %}').render(Context())
    assert 'aria-hidden="true"' in drawn
    assert 'href="/static/icons.svg#search"' in drawn
    assert 'id="search"' in (settings.BASE_DIR / "static" / "icons.svg").read_text()


def test_styles_name_the_files_that_there_are():
    styles = (settings.BASE_DIR / "static" / "css" / "base.css").read_text()
    for name in NOTE["sha256"]:
        assert f'url("../fonts/{name}")' in styles
        assert finders.find(f"fonts/{name}")
