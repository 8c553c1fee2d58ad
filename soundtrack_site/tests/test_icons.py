"""How the site stands on a home screen, and the picture for who asks at the old address."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image

from soundtrack_site.colours import as_hex


@pytest.fixture
def manifest(client):
    answer = client.get("/site.webmanifest")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/manifest+json"
    return answer.json()


def test_the_manifest_has_the_sites_name_and_its_paper(client, settings):
    settings.SITE_NAME = "Mandarin Club"
    said = client.get("/site.webmanifest").json()
    assert said["name"] == said["short_name"] == "Mandarin Club"
    assert said["theme_color"] == said["background_color"] == as_hex("--color-paper", "light")
    assert said["start_url"] == said["scope"] == "/"


def test_its_icons_are_there_and_as_large_as_it_says(manifest):
    assert len(manifest["icons"]) == 3
    for icon in manifest["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path, icon
        if icon["type"] == "image/png":
            with Image.open(path) as picture:
                assert "{}x{}".format(*picture.size) == icon["sizes"]


def test_what_a_mask_cuts_off_says_nothing():
    """Only the circle of four fifths always stays."""
    with Image.open(settings.BASE_DIR / "static/icon-512.png") as picture:
        colours = picture.convert("RGB")
    paper = colours.getpixel((0, 0))
    outside = [(x, y) for x in range(0, 512, 8) for y in range(0, 512, 8) if (x - 256) ** 2 + (y - 256) ** 2 > 206**2]
    assert {colours.getpixel(point) for point in outside} == {paper}


def test_every_page_names_them(client, db):
    head = client.get("/guidelines/").text
    assert '<link rel="manifest" href="/site.webmanifest">' in head
    (icon,) = re.findall(r'<link rel="apple-touch-icon" href="/static/([^"]+)">', head)
    assert finders.find(icon)


def test_the_desk_names_the_mark_too(as_member, admin_user):
    assert (
        '<link rel="icon" type="image/svg+xml" href="/static/icon.svg">' in as_member(admin_user).get("/admin/").text
    )


def test_the_old_address_leads_to_a_picture(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert finders.find(answer.headers["Location"].removeprefix("/static/"))


@pytest.mark.parametrize("path", ["/site.webmanifest", "/favicon.ico"])
def test_they_are_the_same_for_all_and_only_read(client, path):
    """Without a query: this test has no database."""
    answer = client.get(path)
    assert answer.status_code in (200, 302)
    assert not answer.cookies
    assert client.post(path).status_code == 405
