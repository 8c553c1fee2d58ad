"""`/settings/`: what a member decides about themselves."""

import pytest
from django.contrib.auth import get_user_model

from accounts.models import Sanction, User
from accounts.zones import REGIONS, known_zones, zones_by_region

PATH = "/settings/"
FORM = {
    "display_name": "앨리스",
    "bio": "I cry at trains.\n\nOften.",
    "star_meaning": "Five is for winter",
    "language": "ko",
    "time_zone": "Asia/Seoul",
    "theme": "dark",
    "folds_scores": "on",
    "mails_notices": "on",
}


@pytest.fixture
def browser(as_member, alice):
    return as_member(alice)


def settled(member):
    fresh = get_user_model().objects.get(pk=member.pk)
    return {name: getattr(fresh, name) for name in FORM}


def test_shows_what_holds(browser, alice):
    alice.settle_in(**{**FORM, "language": "en", "folds_scores": False, "mails_notices": False})
    page = browser.get(PATH)
    assert page.status_code == 200
    assert "@alice" in page.text
    for words in (
        "앨리스",
        "I cry at trains.",
        "Five is for winter",
        '<option value="Asia/Seoul" selected>Seoul</option>',
    ):
        assert words in page.text
    assert page.text.count(" checked") == 1  # dark


def test_keeps_what_was_posted(browser, alice):
    answer = browser.post(PATH, FORM)
    assert (answer.status_code, answer["Location"]) == (302, PATH)
    expected = {**FORM, "folds_scores": True, "mails_notices": True}
    assert settled(alice) == expected
    assert "Your settings are kept." in browser.get(PATH).text


def test_the_same_twice_changes_nothing(browser, alice):
    browser.post(PATH, FORM)
    version = User.objects.get(pk=alice.pk).version
    assert version == alice.version + 1
    assert browser.post(PATH, FORM).status_code == 302
    assert User.objects.get(pk=alice.pk).version == version


def test_everything_optional_may_go(browser, alice):
    browser.post(PATH, FORM)
    assert browser.post(PATH, {"theme": "system"}).status_code == 302
    assert settled(alice) == {
        **dict.fromkeys(("display_name", "bio", "star_meaning", "language", "time_zone"), ""),
        "theme": "system",
        "folds_scores": False,
        "mails_notices": False,
    }


def test_needs_a_login(client, db):
    assert client.get(PATH)["Location"] == "/accounts/login/?next=/settings/"
    page = client.post(PATH, FORM)
    assert page.status_code == 403
    assert "I cry at trains." in page.text


def test_bob_changes_only_himself(as_member, alice, bob):
    before = settled(alice)
    as_member(bob).post(PATH, {**FORM, "username": "alice", "pk": alice.pk, "id": alice.pk})
    assert settled(alice) == before
    bob.refresh_from_db()
    assert (bob.username, bob.display_name) == ("bob", "앨리스")


def test_rank_and_name_are_not_for_the_taking(browser, alice):
    browser.post(PATH, {**FORM, "username": "queen", "is_staff": "on", "is_superuser": "on", "email": "x@example.com"})
    alice.refresh_from_db()
    assert (alice.username, alice.is_staff, alice.is_superuser, alice.email) == (
        "alice",
        False,
        False,
        "alice@example.com",
    )


@pytest.fixture
def silenced(browser, alice, mona):
    alice.settle_in(display_name="Alice", bio="I cry at trains.\n\nOften.", star_meaning="Five is for winter")
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Let the others speak.")
    return browser


AS_BEFORE = {"display_name": "Alice", "bio": "I cry at trains.\r\n\r\nOften.", "star_meaning": "Five is for winter"}


def test_a_silenced_member_changes_what_nobody_else_reads(silenced, alice):
    assert silenced.post(PATH, {**FORM, **AS_BEFORE}).status_code == 302
    assert (settled(alice)["theme"], settled(alice)["time_zone"]) == ("dark", "Asia/Seoul")


@pytest.mark.parametrize("name", AS_BEFORE)
def test_a_silenced_member_takes_words_away(silenced, alice, name):
    assert silenced.post(PATH, {**FORM, **AS_BEFORE, name: ""}).status_code == 302
    assert settled(alice)[name] == ""


@pytest.mark.parametrize("name", AS_BEFORE)
def test_a_silenced_member_says_nothing_new(silenced, alice, name):
    before = settled(alice)
    page = silenced.post(PATH, {**FORM, **AS_BEFORE, name: "What I was not let say"})
    assert page.status_code == 403
    assert "Let the others speak." in page.text
    assert "What I was not let say</textarea>" in page.text
    assert settled(alice) == before


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_wrong_method(browser, method):
    assert getattr(browser, method)(PATH).status_code == 405


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": "x" * 61},
        {"display_name": "a\x00b"},
        {"display_name": "\u3164\u3164"},
        {"bio": "x" * 501},
        {"bio": "\ufffd"},
        {"star_meaning": "x" * 201},
        {"language": "xx"},
        {"time_zone": "Nowhere/Atlantis"},
        {"time_zone": "../../etc/passwd"},
        {"theme": "sepia"},
        {"theme": ""},
        {"theme": "\x00"},
        {"display_name": "Admin"},
    ],
    ids=str,
)
def test_refused_with_every_word_still_in_it(browser, alice, wrong):
    page = browser.post(PATH, {**FORM, **wrong})
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert "<title>Error:" in page.text
    for name in ("display_name", "bio", "star_meaning"):
        assert ({**FORM, **wrong})[name] in page.text
    if "time_zone" not in wrong:
        assert '<option value="Asia/Seoul" selected>' in page.text
    assert User.objects.get(pk=alice.pk).version == alice.version


@pytest.mark.parametrize(
    "name",
    ["Bob", "b0b", "B o b", "Ｂｏｂ", "Вов", "Bób ☆", "밥 Bob", "BΟB", "b\u200bob", "B.O.B."],
)
def test_nobody_passes_as_another_member(browser, alice, bob, name):
    page = browser.post(PATH, {**FORM, "display_name": name})
    assert page.status_code == 422
    assert "too like another member" in page.text
    assert settled(alice)["display_name"] == "Alice"
    assert ">Alice</a>" in page.text, "the page goes on calling her what she is called"


@pytest.mark.parametrize("name", ["Admin", "АDMIN", "adm1n", "Moderator", "운영자 Staff", "Bonus Track", "Мod"])
def test_nobody_passes_as_the_house(browser, alice, name):
    page = browser.post(PATH, {**FORM, "display_name": name})
    assert page.status_code == 422
    assert "belongs to the house" in page.text


@pytest.mark.parametrize("name", ["Alice", "A1ice", "앨리스", "Bobby", "山田", "___", "☆", "Анна"])
def test_ones_own_and_free_names_are_fine(browser, alice, bob, name):
    assert browser.post(PATH, {**FORM, "display_name": name}).status_code == 302
    assert settled(alice)["display_name"] == name


def test_a_name_that_is_older_than_the_rule_may_stay(browser, alice, bob):
    User.objects.filter(pk=alice.pk).update(display_name="Bob")
    assert browser.post(PATH, {**FORM, "display_name": "Bob"}).status_code == 302


def test_a_line_is_one_line(browser, alice):
    browser.post(PATH, {**FORM, "display_name": " 앨\n리스 \u202e", "star_meaning": "one\r\ntwo"})
    assert (settled(alice)["display_name"], settled(alice)["star_meaning"]) == ("앨 리스", "one two")


def test_the_zones_are_grouped_and_every_one_is_known():
    groups = dict(zones_by_region())
    assert tuple(groups) == REGIONS
    assert ("America/Argentina/Ushuaia", "Argentina, Ushuaia") in groups["America"]
    assert ("Asia/Ho_Chi_Minh", "Ho Chi Minh") in groups["Asia"]
    assert all(name in known_zones() for zones in groups.values() for name, _place in zones)
    assert min(map(len, groups.values())) > 0


def test_links_to_the_rest_of_the_account(browser):
    page = browser.get(PATH)
    for path in ("/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/"):
        assert f'href="{path}"' in page.text
        assert f'href="{PATH}"' in browser.get(path, follow=True).text
    for path in ("/settings/drafts/", "/members/alice/"):
        assert f'href="{path}"' in page.text


def test_one_button_keeps_all_that_is_asked(browser):
    """It stands after the last field, and what leads elsewhere stands after the form."""
    form = browser.get(PATH).text.split('<form class="settings"')[1].split("</form>")[0]
    assert form.rindex('name="mails_notices"') < form.index("Keep these settings")
    assert "<a " not in form.partition("Keep these settings")[2]
    assert "/accounts/" not in form


def test_costs_few_queries(browser, queries_of):
    assert queries_of(browser, PATH) <= 4
