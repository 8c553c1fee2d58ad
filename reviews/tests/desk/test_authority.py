"""What a moderator cannot do: touch staff, rights, hashes or addresses, or ask for them in an address."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.groups import EDITORS, MODERATORS, PERMISSIONS
from accounts.models import Sanction, User
from conftest import member
from reviews.models import Case, Comment, ModerationAction, Report, Review
from reviews.models.sanctions import impose
from reviews.tests.desk.pages import page

MEMBERS = "/admin/accounts/user/"


def test_groups_have_exactly_what_is_theirs(db):
    for name, wanted in PERMISSIONS.items():
        held = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
        assert set(held) == wanted
    catalogue = {app for app, _codename in PERMISSIONS[EDITORS]}
    assert catalogue == {"episodes"}
    writes = {name for _app, name in PERMISSIONS[MODERATORS] if name.startswith(("add_", "change_", "delete_"))}
    assert writes == {"add_sanction"}


@pytest.mark.parametrize("name", ["silence", "ban", "hide_all", "keep", "lift"])
def test_staff_and_oneself_are_out_of_reach(as_member, mona, mori, admin_user, make_review, episode, name):
    review = make_review(mori, episode)
    browser = as_member(mona)
    # That nothing needs doing is said of staff as well, and never of oneself.
    for staff in (mona,) if name == "keep" else (mori, admin_user, mona):
        assert page(staff, name) not in browser.get(page(staff)).text
        assert browser.get(page(staff, name)).status_code == 403
        assert browser.post(page(staff, name), {"days": "0", "reason": "Mine now"}).status_code == 403
        chosen = {"action": f"{name}_selected", "_selected_action": [staff.pk], "confirmed": "yes"}
        browser.post(MEMBERS, {**chosen, "days": "0", "reason": "Mine now"}, follow=True)
    assert not Sanction.objects.exists()
    assert Review.objects.get(pk=review.pk).is_live
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("who", ["mona", "admin_user"])
def test_a_case_about_staff_is_closed_and_sanctions_nobody(request, as_member, mori, bob, who):
    Report.objects.file(bob, mori, "harassment")
    case, browser = Case.objects.get(), as_member(request.getfixturevalue(who))
    for url in (page(case), page(mori)):
        shown = browser.get(url).text
        assert "They are staff." in shown
        assert page(mori, "keep") in shown
        assert not [name for name in ("silence", "ban", "hide_all") if page(mori, name) in shown]
    done = browser.post(f"{page(mori, 'keep')}?case={case.pk}", {"reason": "Nothing there"}, follow=True)
    assert "1 member left as they are." in done.text
    assert not Case.objects.waiting().exists()


# Nobody judges themselves


@pytest.fixture
def own_cases(mona, bob, episode, make_review, make_comment):
    """About Mona, and about what she wrote."""
    texts = make_review(mona, episode), make_comment(mona, episode)
    for target in (mona, *texts):
        Report.objects.file(bob, target, "spam", "The note")
    Report.objects.file(bob, texts[0], "spoiler", "The note", is_headline=True)
    return list(Case.objects.order_by("pk"))


def test_a_case_about_oneself_tells_neither_who_nor_what_and_has_no_buttons(as_member, mona, mori, own_cases):
    browser, other = as_member(mona), as_member(mori)
    for case in own_cases:
        shown = browser.get(f"{page(case)}?beyond=open").text
        assert "Somebody else decides" in shown
        for words in ("The note", ">bob<", "Decide", "Claim for half an hour", "formaction", "Next case"):
            assert words not in shown.replace('<form method="post" id="undo">', ""), words
        assert "The note" in other.get(f"{page(case)}?beyond=open").text


def test_what_is_about_oneself_is_neither_claimed_nor_decided(as_member, mona, own_cases):
    browser = as_member(mona)
    keys = [case.pk for case in own_cases]
    for case in own_cases:
        assert browser.post(page(case, "claim")).status_code == 403
        assert browser.post(page(case, "release")).status_code == 403
        for name in ("keep", "hide", "lock", "ban") if case.member_id is None else ("keep", "ban"):
            url = page(case.target, name) if name != "ban" else page(mona, name)
            assert browser.post(url, {"reason": "Fine", "days": "0"}).status_code == 403
    for action in ("keep_selected", "hide_selected", "claim_selected"):
        chosen = {"action": action, "_selected_action": keys, "confirmed": "yes", "reason": "Fine"}
        answer = browser.post("/admin/reviews/case/", chosen, follow=True)
        assert "is left for somebody else to decide" in answer.text
    assert not ModerationAction.objects.exists()
    assert not Case.objects.filter(claimed_by=mona).exists()


def test_what_is_held_of_ones_own_another_approves(as_member, mona, alice, mori, episode, make_comment):
    texts = [make_comment(who, episode) for who in (mona, alice)]
    for text in texts:
        text.hold_again("first")
    browser = as_member(mona)
    shown = browser.get(page(texts[0])).text
    assert "You wrote this: somebody else decides about it." in shown
    assert page(texts[0], "approve") not in shown
    assert browser.post(page(texts[0], "approve"), {"reason": "Mine"}).status_code == 403
    chosen = {"action": "approve_selected", "_selected_action": [text.pk for text in texts], "confirmed": "yes"}
    done = browser.post("/admin/reviews/comment/", {**chosen, "reason": "Fine"}, follow=True)
    assert "1 text approved." in done.text
    assert list(Comment.objects.filter(held_at=None)) == [texts[1]]
    assert page(texts[0], "approve") in as_member(mori).get(page(texts[0])).text


def test_what_was_done_to_oneself_another_reverses(as_member, mona, mori, episode, make_review):
    review = make_review(mona, episode)
    review.hide(mori, "Rude")
    act = ModerationAction.objects.get()
    browser = as_member(mona)
    assert page(act, "reverse") not in browser.get(page(act)).text
    assert browser.post(page(act, "reverse"), {"reason": "It was not"}).status_code == 403
    assert not Review.objects.get().is_live


def test_staff_among_members_keep_a_bulk_act_from_all(as_member, mona, admin_user, alice):
    chosen = {"action": "ban_selected", "_selected_action": [alice.pk, admin_user.pk], "confirmed": "yes"}
    answer = as_member(mona).post(MEMBERS, {**chosen, "days": "0", "reason": "Spam"}, follow=True)
    assert "Staff are not sanctioned here: ada." in answer.text
    assert not Sanction.objects.exists()


def test_members_are_silenced_together_and_it_is_lifted(as_member, mona, alice, bob):
    browser = as_member(mona)
    chosen = {"action": "silence_selected", "_selected_action": [alice.pk, bob.pk], "confirmed": "yes"}
    assert browser.post(MEMBERS, {**chosen, "reason": "Spam"}).status_code == 422
    done = browser.post(MEMBERS, {**chosen, "days": "7", "reason": "Spam"}, follow=True)
    assert "2 members silenced." in done.text
    sanction = Sanction.objects.get(member=alice)
    assert page(alice, "lift") in browser.get(page(alice)).text
    other = Sanction.objects.get(member=bob)
    assert browser.post(page(alice, "lift"), {"sanction": other.pk, "reason": "Enough"}).status_code == 422
    done = browser.post(page(alice, "lift"), {"sanction": sanction.pk, "reason": "Enough"}, follow=True)
    assert "1 sanction lifted." in done.text
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.is_silenced(), bob.is_silenced()) == (False, True)


@pytest.mark.parametrize("who", ["mona", "alice"])
def test_nobody_promotes_themselves(request, as_member, who):
    user = request.getfixturevalue(who)
    data = {"is_superuser": "on", "is_staff": "on", "is_active": "on", "groups": [Group.objects.get(name=EDITORS).pk]}
    as_member(user).post(page(user), data)
    as_member(user).post(f"/admin/auth/group/{Group.objects.get(name=MODERATORS).pk}/change/", {"permissions": ["1"]})
    fresh = User.objects.get(pk=user.pk)
    assert (fresh.is_superuser, fresh.is_staff) == (False, user.is_staff)
    assert set(fresh.groups.values_list("name", flat=True)) == ({MODERATORS} if who == "mona" else set())


ASKED = (
    "password__startswith=a",
    "email__startswith=a",
    "groups__name=Moderators",
    "emailaddress__email__contains=a",
    "last_login__isnull=1",
    "sanctions__reason__contains=a",
    "is_superuser__exact=1",
)


@pytest.mark.parametrize("who", ["mona", "admin_user"])
@pytest.mark.parametrize("asked", ASKED)
def test_no_list_of_members_answers_about_what_it_does_not_show(request, as_member, alice, who, asked):
    answer = as_member(request.getfixturevalue(who)).get(f"{MEMBERS}?{asked}")
    assert answer.status_code in (302, 400)


LISTS = ("review", "comment", "case", "appeal", "moderationaction")
FROM = ("author", "by", "actor", "member", "claimed_by", "user", "case__member")


@pytest.mark.parametrize("name", LISTS)
def test_no_list_of_the_desk_answers_about_a_hash(as_member, mona, admin_user, name):
    for browser in map(as_member, (mona, admin_user)):
        for path in FROM:
            for column in ("password", "email"):
                asked = browser.get(f"/admin/reviews/{name}/?{path}__{column}__startswith=a")
                assert asked.status_code in (302, 400), (path, column)


@pytest.mark.parametrize("name", [*(f"reviews/{name}" for name in LISTS), "accounts/user"])
def test_no_page_of_the_desk_opens_as_a_window_of_another(as_member, admin_user, alice, name):
    browser = as_member(admin_user)
    for query in ("_popup=1", "_to_field=id", "_to_field=password", "_popup=1&_to_field=email"):
        assert browser.get(f"/admin/{name}/?{query}").status_code == 400
    assert browser.get(f"{page(alice)}?_popup=1").status_code == 400
    assert browser.post(page(alice, "ban"), {"_popup": "1", "days": "0", "reason": "x"}).status_code == 400


def test_a_sanction_of_who_became_staff_is_not_lifted_by_a_moderator(as_member, mona, alice):
    act = impose(alice, Sanction.Kind.SILENCE, mona, "Rude")
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    browser = as_member(mona)
    assert browser.post(page(alice, "lift"), {"sanction": act.sanction_id, "reason": "x"}).status_code == 403
    assert browser.post(page(act, "reverse"), {"reason": "x"}).status_code == 403
    assert Sanction.objects.get().lifted_at is None


def test_bulk_acts_of_another_list_are_no_acts(as_member, mona, alice, bob, episode, make_review):
    review = make_review(alice, episode)
    Report.objects.file(bob, review, "spam")
    browser = as_member(mona)
    for url, action in (
        ("/admin/reviews/case/", "ban_selected"),
        (MEMBERS, "take_pictures_away"),
        (MEMBERS, "delete_selected"),
    ):
        chosen = {"action": action, "_selected_action": [1, alice.pk, review.pk], "confirmed": "yes", "post": "yes"}
        browser.post(url, {**chosen, "reason": "x", "days": "0"}, follow=True)
    assert not ModerationAction.objects.exists()
    assert User.objects.filter(pk=alice.pk).exists()


def test_whoever_only_looks_decides_nothing(as_member, alice, bob, episode, make_review):
    review = make_review(alice, episode)
    Report.objects.file(bob, review, "spam")
    looker = member("looker", is_staff=True)
    looker.user_permissions.add(*Permission.objects.filter(codename__in=["view_case", "view_review", "view_user"]))
    browser, case = as_member(looker), Case.objects.get()
    shown = browser.get(page(case)).text
    assert "Decide" not in shown
    assert "Claim" not in shown
    assert browser.post(page(case, "claim")).status_code == 403
    assert browser.post(page(alice, "ban"), {"days": "0", "reason": "x"}).status_code == 403
    assert browser.post(page(review, "hide"), {"reason": "x"}).status_code == 403
    chosen = {"action": "hide_selected", "_selected_action": [case.pk], "confirmed": "yes", "reason": "x"}
    browser.post("/admin/reviews/case/", chosen)
    assert not ModerationAction.objects.exists()
