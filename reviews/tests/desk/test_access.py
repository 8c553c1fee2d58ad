"""Who reads the desk, what it shows of a member, and what it answers to wrong addresses."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from reviews.models import ModerationAction, Report
from reviews.tests.desk.pages import LIST, case_of, page


@pytest.mark.parametrize("who", ["bob", "edith"])
def test_nobody_but_moderators_reads_or_decides_a_case(request, as_member, review, alice, una, who):
    Report.objects.file(una, review, "spam", "The note")
    case, browser = case_of(review), as_member(request.getfixturevalue(who))
    for url in (LIST, page(case), "/admin/reviews/appeal/", "/admin/accounts/user/", page(alice), page(alice, "ban")):
        assert browser.get(url, follow=True).status_code == 403, url
    posts = [
        (page(case, "claim"), {}),
        (page(case, "release"), {}),
        (page(alice, "ban"), {"days": "0", "reason": "x"}),
        ("/admin/reviews/policy/raid/", {"wanted": "raid", "reason": "x"}),
        ("/admin/reviews/moderationaction/undo/", {"acts": "1"}),
        (LIST, {"action": "hide_selected", "_selected_action": [case.pk], "confirmed": "yes", "reason": "x"}),
    ]
    for url, data in posts:
        assert browser.post(url, data, follow=True).status_code == 403, url
    assert not ModerationAction.objects.exists()
    assert not case_of(review).is_claimed


def test_a_case_that_is_not_there_gets_a_message(browser):
    for url in (f"{LIST}999/change/", f"{LIST}{'9' * 30}/change/"):
        assert browser.get(url, follow=True).status_code == 200
    assert "There is no such case." in browser.post(f"{LIST}999/claim/", follow=True).text
    assert browser.get("/admin/reviews/review/1/hide/?case=%C2%B2", follow=True).status_code == 200


def test_a_case_that_another_names_is_no_way_out(browser, review):
    for key in ("999", "x", "9" * 30, "//evil.example"):
        answer = browser.post(f"{page(review, 'lock')}?case={key}", {"reason": "Enough"})
        assert answer["Location"] == page(review)


def test_reading_the_desk_writes_nothing(browser, bob, alice, review, mona):
    Report.objects.file(bob, review, "spam")
    Report.objects.file(bob, alice, "spam")
    review.close_thread(mona, "Enough")
    act = ModerationAction.objects.get()
    urls = ["/admin/", LIST, page(case_of(review)), page(case_of(alice)), page(act), page(act, "reverse"), page(alice)]
    urls += [page(alice, name) for name in ("silence", "ban", "hide_all", "keep")]
    with CaptureQueriesContext(connection) as asked:
        for url in [*urls, "/admin/reviews/policy/raid/", "/admin/reviews/appeal/"]:
            assert browser.get(url).status_code == 200, url
    assert not [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_no_page_of_the_desk_is_in_line_styled_or_scripted(browser, bob, alice, review):
    Report.objects.file(bob, review, "spam")
    for url in ("/admin/", LIST, page(case_of(review)), page(alice), page(alice, "ban")):
        shown = browser.get(url).text
        assert "style=" not in shown
        assert "<script>" not in shown
        assert "onclick" not in shown


def test_of_a_member_a_moderator_sees_what_all_see_and_the_record(browser, alice, bob, review):
    User.objects.filter(pk=alice.pk).update(email="secret@example.com", bio="I like snow")
    alice.groups.add(Group.objects.create(name="Secret society"))
    for url in (page(alice), "/admin/accounts/user/"):
        shown = browser.get(url).text
        assert "secret@example.com" not in shown
        assert "Secret society" not in shown
        assert "password" not in shown.replace("/admin/password_change/", "").replace("Change password", "").lower()
    assert "I like snow" in browser.get(page(alice)).text
    assert "never sanctioned" in browser.get(page(alice)).text
    assert not browser.get("/admin/accounts/user/", {"q": "secret@"}).context["cl"].result_list
    assert browser.get(page(alice, "history")).status_code == 403


def test_a_members_page_leads_moderators_alone_to_the_desk(browser, as_member, edith, alice, bob):
    door = page(alice, "desk")
    assert door in browser.get(alice.get_absolute_url()).text
    for other in (edith, alice, bob):
        assert "pencil" not in as_member(other).get(alice.get_absolute_url()).text
    assert browser.get(door)["Location"] == page(alice)
    Report.objects.file(bob, alice, "spam")
    assert browser.get(door)["Location"] == page(case_of(alice))
