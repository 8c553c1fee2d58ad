"""`/guidelines/`: what everybody who writes agrees to."""

import re

import pytest

PATH = "/guidelines/"
RULES = (
    "say-how-far",
    "safe-headlines",
    "safe-names",
    "be-kind",
    "your-own-words",
    "no-selling",
    "what-moderators-may-do",
)


def test_each_rule_can_be_linked_to(client, db):
    page = client.get(PATH)
    assert page.status_code == 200
    assert tuple(re.findall(r'<h2 id="([a-z-]+)"', page.text)) == RULES
    assert 'href="/safety/"' in page.text


def test_costs_a_visitor_nothing_and_may_be_kept(client, queries_of, db):
    assert queries_of(client, PATH) == 0
    assert "public" in client.get(PATH).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/series/", "/accounts/login/", "/no-such-page/"])
def test_every_page_leads_to_what_explains(client, series, path):
    page = client.get(path).text
    for explaining in ("/guidelines/", "/safety/", "/privacy/"):
        assert f'<a href="{explaining}">' in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, db, method):
    assert getattr(client, method)(PATH).status_code == 405
