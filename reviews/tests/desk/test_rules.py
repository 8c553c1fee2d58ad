"""Rules, ready reasons, words that hold and the policy: an admin's, or theirs who were given the permission."""

import pytest
from django.contrib.auth.models import Permission

from reviews.models import HeldWord, Policy, ReasonTemplate, Rule, RuleWording

PAGES = ("rule", "reasontemplate", "heldword", "policy")
RAID = "/admin/reviews/policy/raid/"
WORDING = {
    "wordings-TOTAL_FORMS": "1",
    "wordings-INITIAL_FORMS": "0",
    "wordings-0-language": "en",
    "wordings-0-title": "Be kind",
    "wordings-0-body": "To *each other*.",
}


@pytest.mark.parametrize("kind", PAGES)
def test_moderators_do_not_write_the_rules_unless_they_may(as_member, mona, kind):
    browser, url = as_member(mona), f"/admin/reviews/{kind}/"
    assert browser.get(url).status_code == 403
    assert browser.get(f"{url}add/").status_code == 403
    mona.user_permissions.add(*Permission.objects.filter(codename__in=[f"add_{kind}", f"view_{kind}"]))
    assert browser.get(url).status_code == 200
    assert browser.get(f"{url}add/").status_code == 200


def test_a_rule_is_written_with_its_wording_and_keeps_its_anchor(as_member, admin_user):
    browser = as_member(admin_user)
    browser.post("/admin/reviews/rule/add/", {"anchor": "kind", "position": "1", **WORDING})
    rule = Rule.objects.get()
    assert rule.title == "Be kind"
    assert rule.wording
    assert rule.wording.html == "<p>To <em>each other</em>.</p>"
    ready = {"rule": rule.pk, "language": "en", "name": "Insult", "words": "It insults somebody."}
    browser.post("/admin/reviews/reasontemplate/add/", ready)
    assert ReasonTemplate.objects.get().rule == rule
    assert "Be kind" in browser.get("/admin/reviews/reasontemplate/").text
    keep = {**WORDING, "wordings-INITIAL_FORMS": "1", "wordings-0-id": rule.wording.pk, "wordings-0-rule": rule.pk}
    browser.post(f"/admin/reviews/rule/{rule.pk}/change/", {"anchor": "other", "position": "2", **keep})
    rule.refresh_from_db()
    assert (rule.anchor, rule.position) == ("kind", 2)


@pytest.mark.parametrize("wrong", ["a\x00b", " ", "\ufffd"])
def test_text_that_no_database_keeps_is_refused(as_member, admin_user, wrong):
    browser = as_member(admin_user)
    data = {"anchor": "kind", "position": "1", **WORDING, "wordings-0-body": wrong}
    assert browser.post("/admin/reviews/rule/add/", data).status_code == 200
    assert browser.post("/admin/reviews/heldword/add/", {"word": wrong}).status_code == 200
    assert not Rule.objects.exists()
    assert not HeldWord.objects.exists()


def test_a_word_is_kept_once_in_any_capitals(as_member, admin_user):
    browser = as_member(admin_user)
    for word in ("Scarves", "scarves", " SCARVES "):
        assert browser.post("/admin/reviews/heldword/add/", {"word": word}).status_code in (200, 302)
    assert HeldWord.objects.get().word == "scarves"


def test_the_policy_is_one_row(as_member, admin_user):
    browser, url = as_member(admin_user), "/admin/reviews/policy/"
    browser.post(f"{url}add/", {"holds": "always", "new_days": "5", "folds_reported": "on"})
    assert Policy.objects.current().holds == "always"
    assert browser.get(f"{url}add/").status_code == 403
    browser.post(f"{url}1/change/", {"holds": "off", "new_days": "5"})
    policy = Policy.objects.get()
    assert (policy.holds, policy.folds_reported) == ("off", False)
    assert browser.post(f"{url}1/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("days", ["366", "999999999", "9" * 30, "-1"])
def test_no_account_is_new_for_longer_than_a_year(as_member, admin_user, days):
    values = {"holds": "always", "new_days": days}
    refused = as_member(admin_user).post("/admin/reviews/policy/add/", values)
    assert refused.status_code == 200
    assert refused.context["errors"]
    assert not Policy.objects.exists()


@pytest.mark.parametrize("everywhere", ["a", ".", " A "])
def test_a_word_of_one_letter_would_hold_everything(as_member, admin_user, everywhere):
    as_member(admin_user).post("/admin/reviews/heldword/add/", {"word": everywhere})
    assert not HeldWord.objects.exists()


def test_of_a_raid_the_page_says_who_reads_the_reason(as_member, mona):
    page = as_member(mona).get("/admin/reviews/policy/raid/").text
    assert "moderators can read it there" in page
    assert "its author reads it" not in page


def test_what_was_done_at_the_policy_reads_well(as_member, admin_user):
    values = {"holds": "off", "new_days": "3"}
    done = as_member(admin_user).post("/admin/reviews/policy/add/", values, follow=True).text
    assert "New accounts and reports" in done
    assert "Nothing waits, links neither" in as_member(admin_user).get("/admin/reviews/policy/1/change/").text


def test_a_raid_is_declared_without_a_rule_for_no_member_broke_one(as_member, mona):
    rule = Rule.objects.create(anchor="kind", position=1)
    RuleWording.objects.create(rule=rule, language="en", title="Be kind", body="To each other.")
    ReasonTemplate.objects.create(rule=rule, language="en", name="Insult", words="It insults somebody.")
    browser = as_member(mona)
    for shown in (browser.get(RAID), browser.post(RAID, {"wanted": "raid", "reason": ""})):
        assert "Be kind" not in shown.text
        assert "It insults somebody." not in shown.text
        assert "author" not in shown.text


def test_whoever_throws_the_switch_second_finds_their_reason_again(as_member, mona, admin_user):
    as_member(admin_user).post(RAID, {"wanted": "raid", "reason": "Scarves"})
    late = as_member(mona).post(RAID, {"wanted": "raid", "reason": "Typed with care"})
    assert late.status_code == 409
    assert "Nothing was left to do." in late.text
    assert "Typed with care" in late.text
