"""`/safety/`: how readers are kept from spoilers, what somebody can do who was hurt, and where the limits are."""

import re

import pytest

PATH = "/safety/"
ABOUT_SPOILERS = [
    "how-it-is-decided",
    "always-shown",
    "what-opens",
    "same-seat",
    "elsewhere",
    "limits",
    "spoiled",
    "your-own-slip",
]
ABOUT_PEOPLE = ["tell-us", "what-moderators-do", "blocking", "your-own-texts", "silenced-or-banned", "danger"]


def test_has_two_parts_and_each_answer_can_be_linked_to(client, db):
    page = client.get(PATH)
    assert page.status_code == 200
    headings = re.findall(r'<(h[23]) id="([a-z-]+)"', page.text)
    assert [anchor for level, anchor in headings if level == "h2"] == ["spoilers", "people"]
    assert [anchor for _level, anchor in headings] == ["spoilers", *ABOUT_SPOILERS, "people", *ABOUT_PEOPLE]
    for part in ("spoilers", "people"):
        assert f'<a href="#{part}">' in page.text
    assert 'href="/guidelines/"' in page.text


def test_says_what_to_do_and_what_is_not_there_yet(client, db):
    page = client.get(PATH).text
    assert "You cannot block a member yet." in page
    assert page.count("Press “Report” below the text") == 2
    assert 'href="/moderation-log/"' in page
    assert "“Appeal” stands in the notice about it" in page


def test_costs_a_visitor_nothing_and_may_be_kept(client, queries_of, db):
    assert queries_of(client, PATH) == 0
    assert "public" in client.get(PATH).headers["Cache-Control"]


def test_a_member_reads_it_too(as_member, alice):
    assert as_member(alice).get(PATH).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, db, method):
    assert getattr(client, method)(PATH).status_code == 405
