"""What every page has around it: its theme and ink, where one is, and the few words that hold everywhere."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from episodes.models import Series
from soundtrack_site import views
from soundtrack_site.colours import as_hex

THEME_COLOUR = re.compile(r'<meta name="theme-color" content="(#\w+)"( media="\(prefers-color-scheme: \w+\)")?>')


def test_the_browsers_frame_has_the_colour_of_the_paper(client, db):
    assert THEME_COLOUR.findall(client.get("/guidelines/").text) == [
        (as_hex("--color-paper", "light"), ' media="(prefers-color-scheme: light)"'),
        (as_hex("--color-paper", "dark"), ' media="(prefers-color-scheme: dark)"'),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_chose_a_theme_has_one_frame(client, db, theme):
    client.cookies["theme"] = theme
    assert THEME_COLOUR.findall(client.get("/guidelines/").text) == [(as_hex("--color-paper", theme), "")]


@pytest.mark.parametrize("path", ["/series/drama/", "/series/drama/reviews/", "/series/drama/episodes/2/", "/"])
def test_a_page_of_a_series_has_its_ink(client, series, path):
    Series.objects.update(ink=Series.Ink.PLUM)
    assert ' data-ink="plum"' in client.get(path).text[:200]


def test_any_other_page_has_the_houses(client, series):
    Series.objects.update(ink=Series.Ink.PLUM)
    assert ' data-ink="mandarin"' in client.get("/guidelines/").text[:200]


def test_the_link_to_where_one_is_says_so(client, db):
    page = client.get("/series/").text
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page) == ["/series/"]


def test_the_latin_face_alone_is_fetched_ahead(client, db):
    ahead = re.findall(r'<link rel="preload"[^>]*href="/static/([^"]+)"[^>]*crossorigin>', client.get("/").text)
    assert ahead == ["fonts/hahmlet-latin.woff2"]
    assert finders.find(ahead[0])


def test_the_sites_own_name_is_in_hangul_too_unless_it_has_another(client, db, settings):
    assert "보너스 트랙" in client.get("/").text
    settings.SITE_NAME = "Our Place"
    assert "보너스 트랙" not in client.get("/").text


def test_the_pages_that_stand_alone_are_styled_where_that_can_be(rf, monkeypatch):
    assert 'href="/static/css/site.css"' in views.server_error(rf.get("/")).text

    def missing(name):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(staticfiles_storage, "url", missing)
    for page in (views.server_error(rf.get("/")), views.bad_request(rf.get("/"), Exception())):
        assert "stylesheet" not in page.text


def test_no_page_has_styles_or_scripts_of_its_own():
    """A mail is no page: nobody sends its reader a style sheet."""
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        if path.name == "letter.html":
            continue
        words = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]* (?:src|type)=)", words), path.name


DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)">')


@pytest.mark.parametrize(
    "path", ["/", "/guidelines/", "/series/drama/", "/series/drama/episodes/1/", "/accounts/login/"]
)
def test_every_page_says_once_what_it_is_about(client, series, path):
    series.episodes.update(logline="")
    (said,) = DESCRIPTION.findall(client.get(path).text)
    assert said == "Bonus Track. You are never sent a word beyond the point you have seen."


def test_a_series_and_its_episodes_say_it_in_their_own_words(client, series):
    Series.objects.update(tagline='Twenty years of "just friends"')
    series.episodes.update(logline="A ferry, and nobody speaks.")
    assert DESCRIPTION.findall(client.get("/series/drama/").text) == ["Twenty years of &quot;just friends&quot;"]
    assert DESCRIPTION.findall(client.get("/series/drama/episodes/1/").text) == ["A ferry, and nobody speaks."]
