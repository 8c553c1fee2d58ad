"""`/guidelines/`: what everybody who writes agrees to, as whoever runs the site has worded it."""

import re
import tomllib

import pytest
from django.conf import settings
from django.core.management import call_command

from reviews.management.commands.load_guidelines import FILE
from reviews.models import ReasonTemplate, Rule, RuleWording

PATH = "/guidelines/"
RULES = ("say-how-far", "safe-headlines", "safe-names", "be-kind", "your-own-words", "no-selling")


@pytest.fixture
def loaded(db):
    call_command("load_guidelines")


def anchors(page):
    return tuple(re.findall(r'<h2 id="([a-z-]+)"', page.text))


def test_each_rule_can_be_linked_to(client, loaded):
    page = client.get(PATH)
    assert page.status_code == 200
    assert anchors(page) == (*RULES, "what-moderators-may-do")
    assert 'href="/safety/"' in page.text
    assert 'href="/moderation-log/"' in page.text


def test_a_site_without_rules_says_its_promise_and_no_more(client, db):
    page = client.get(PATH)
    assert "This place has one promise" in page.text
    assert anchors(page) == ()


def test_a_rule_is_said_in_the_readers_language_or_else_in_the_sites(client, loaded):
    korean = client.get(PATH, headers={"accept-language": "ko"}).text
    assert "사람에게 다정하게" in korean
    RuleWording.objects.filter(language="ko", rule__anchor="be-kind").delete()
    korean = client.get(PATH, headers={"accept-language": "ko"}).text
    assert "Be kind to people" in korean
    assert "아무것도 팔지 않기" in korean


def test_what_was_changed_in_the_admin_is_said_and_stays(client, loaded):
    RuleWording.objects.get(language="en", rule__anchor="be-kind").delete()
    wording = RuleWording(
        rule=Rule.objects.get(anchor="be-kind"), language="en", title="No <b>fights</b>", body="*Ever.*"
    )
    wording.save()
    call_command("load_guidelines")
    page = client.get(PATH).text
    assert "No &lt;b&gt;fights&lt;/b&gt;" in page
    assert "<em>Ever.</em>" in page
    assert Rule.objects.count() == len(RULES)


def test_what_comes_along_is_whole_in_every_language(loaded):
    for rule in Rule.objects.in_words():
        assert {wording.language for wording in rule.wordings.all()} == {code for code, _name in settings.LANGUAGES}
        for code, _name in settings.LANGUAGES:
            assert 3 <= ReasonTemplate.objects.filter(rule=rule, language=code).count() <= 6
    assert [rule["anchor"] for rule in tomllib.loads(FILE.read_text())["rules"]] == [*RULES]


def test_costs_a_visitor_two_queries_and_may_be_kept(client, queries_of, loaded):
    assert queries_of(client, PATH) == 2
    assert "public" in client.get(PATH).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/series/", "/accounts/login/", "/no-such-page/"])
def test_every_page_leads_to_what_explains(client, series, path):
    page = client.get(path).text
    for explaining in ("/guidelines/", "/moderation-log/", "/safety/", "/privacy/"):
        assert f'<a href="{explaining}">' in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, db, method):
    assert getattr(client, method)(PATH).status_code == 405
