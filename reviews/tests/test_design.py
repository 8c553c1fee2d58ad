"""The page of components: for staff, of everything, and of nothing that anybody wrote."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
# Partials that have no figure there, and why.
NOT_SHOWN = {
    **{
        f"admin/reviews/{path.name}": "dressed by the admin's own sheet"
        for path in (TEMPLATES / "admin/reviews").glob("_*.html")
    },
    "accounts/_trap_field.html": "nobody sees it",
}


@pytest.fixture
def page(as_member, admin_user):
    return as_member(admin_user).get("/design/")


def test_staff_see_every_component(page):
    assert page.status_code == 200
    drawn = {template.name for template in page.templates if template.name}
    partials = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("_*.html")}
    assert partials - drawn == set(NOT_SHOWN)


def test_whoever_moderates_sees_it(as_member, mona):
    assert as_member(mona).get("/design/").status_code == 200


def test_it_is_for_staff(client, as_member, bob):
    assert client.get("/design/").status_code == 404
    assert as_member(bob).get("/design/").status_code == 404


def test_wrong_method(as_member, admin_user):
    assert as_member(admin_user).post("/design/").status_code == 405


def test_each_id_is_there_once_and_each_label_has_its_field(page):
    html = page.text
    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    assert {name for name, times in ids.items() if times > 1} == set()
    for named in re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"', html):
        assert set(named.split()) <= set(ids)
    assert set(re.findall(r'\sform="([^"]+)"', html)) <= set(ids)


def test_nothing_can_be_sent(page):
    """What can be tried stands in no form; every form of a figure is inert."""
    tried = re.findall(r"</figcaption>\s*<div>(.*?)</figure>", page.text, re.DOTALL)
    assert tried
    assert not any("<form" in figure for figure in tried)


def test_it_shows_no_row_and_asks_for_few(page, as_member, admin_user, queries_of, make_review, alice, episode):
    browser = as_member(admin_user)
    before = queries_of(browser, "/design/")
    make_review(alice, episode, headline="A line of hers", body="Her words.")
    assert queries_of(browser, "/design/") == before <= 12
    assert "A line of hers" not in browser.get("/design/").text


def test_it_is_not_for_search_engines(page):
    assert '<meta name="robots" content="noindex">' in page.text
