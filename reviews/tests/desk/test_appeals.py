"""Appeals on the desk: another moderator is suggested, hears, answers; whoever decided waits for them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from conftest import member, seen
from reviews.models import Appeal, ModerationAction, Notification, Review
from reviews.tests.desk.pages import page

LIST = "/admin/reviews/appeal/"


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="", body="She leaves", spoils_through=3)


@pytest.fixture
def appeal(alice, mona, review):
    review.hide(mona, "It names her")
    return Appeal.objects.lodge(alice, ModerationAction.objects.get(), "She leaves in the trailer, too")


def hear(browser, appeal, **values):
    return browser.post(page(appeal, "hear"), {"is_granted": "yes", "answer": "You are right", **values}, follow=True)


def test_another_moderator_reads_and_grants(as_member, mori, mona, alice, series, appeal):
    seen(mori, series, 4)
    browser = as_member(mori)
    assert page(appeal) in browser.get(LIST).text
    shown = browser.get(page(appeal)).text
    for words in ("She leaves in the trailer, too", "It names her", "She leaves", "You are suggested for it."):
        assert words in shown
    done = hear(browser, appeal)
    assert "It is answered, and its member is told." in done.text
    assert "Granted" in done.text
    assert Review.objects.get().is_live
    assert Notification.objects.filter(recipient=alice, kind="appeal").exists()
    assert page(appeal) not in browser.get(LIST).text
    assert page(appeal) in browser.get(f"{LIST}?state=heard").text
    assert "Nothing was left to do." in hear(browser, appeal).text  # the same once more


def test_whoever_hears_it_second_finds_their_answer_again(as_member, mori, admin_user, appeal):
    hear(as_member(admin_user), appeal, is_granted="no", answer="It names her")
    late = hear(as_member(mori), appeal, answer="Typed with care")
    assert late.status_code == 409
    assert "Somebody has answered it meanwhile." in late.text
    assert "Typed with care" in late.text
    assert "Answer the appeal" not in late.text
    heard = Appeal.objects.get()
    assert (heard.heard_by, heard.is_granted) == (admin_user, False)


def test_only_who_may_decide_about_such_texts_hears_it(as_member, appeal, series):
    """To grant it is to restore the text."""
    looker = member("looker", is_staff=True)
    names = ["view_appeal", "view_moderationaction", "decide_case", "view_review", "moderate_comment"]
    looker.user_permissions.add(*Permission.objects.filter(codename__in=names))
    browser = as_member(looker)
    assert "Answer the appeal" not in browser.get(page(appeal)).text
    assert hear(browser, appeal).status_code == 403
    assert not Review.objects.get().is_live


def test_the_decision_may_stand(as_member, mori, series, appeal):
    seen(mori, series, 4)
    done = hear(as_member(mori), appeal, is_granted="no", answer="The trailer came later")
    assert "The decision stands" in done.text
    assert "The trailer came later" in done.text
    assert not Review.objects.get().is_live


def test_whoever_decided_waits_for_a_week_where_there_is_somebody_else(as_member, mona, mori, appeal):
    browser = as_member(mona)
    shown = browser.get(page(appeal)).text
    assert "You decided this" in shown
    assert "Suggested for it: mori." in shown
    assert "Answer the appeal" not in shown
    refused = hear(browser, appeal)
    assert refused.status_code == 422
    assert "Another moderator hears this one." in refused.text
    assert "You are right" in refused.text
    Appeal.objects.filter(pk=appeal.pk).update(created_at=timezone.now() - timedelta(days=7, hours=1))
    assert "Answer the appeal" in browser.get(page(appeal)).text
    assert "Granted" in hear(browser, appeal).text


def test_what_the_member_says_waits_as_long_as_their_text(as_member, mori, appeal):
    browser = as_member(mori)
    shown = browser.get(page(appeal)).text
    for words in ("trailer", "She leaves", "It names her"):
        assert words not in shown
    url = f"{page(appeal)}?reveal=moderationaction-{appeal.action_id}"
    assert url in shown
    assert "It names her" in browser.get(url).text
    opened = browser.get(f"{page(appeal)}?reveal=appeal-{appeal.pk}").text
    assert "She leaves in the trailer, too" in opened
    assert "trailer" not in browser.get(LIST).text
    assert "trailer" in browser.get(f"{page(appeal)}?beyond=open").text
    hear(browser, appeal, answer="She does leave")
    assert "She does leave" not in browser.get(page(appeal)).text
    assert "She does leave" in browser.get(f"{page(appeal)}?reveal=appeal-{appeal.pk}").text


def test_it_waits_as_long_as_the_text_does_now(as_member, mori, mona, series, review, appeal):
    seen(mori, series, 3)
    assert "trailer" in as_member(mori).get(page(appeal)).text
    review.rescope(mona, 4, "Further")
    assert "trailer" not in as_member(mori).get(page(appeal)).text


def test_what_does_not_stand_any_more_can_only_be_granted(as_member, mori, mona, alice, episode, make_comment):
    text = make_comment(alice, episode, spoils_through=1)
    text.rescope(mona, 4, "It names her")
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "She leaves in the trailer, too")
    text.rescope(mona, 3, "Half of it")
    browser = as_member(mori)
    assert "there is nothing to undo" in browser.get(page(appeal)).text
    refused = hear(browser, appeal, is_granted="no")
    assert refused.status_code == 422
    assert "grant the appeal, and say so" in refused.text
    assert "Granted" in hear(browser, appeal).text


@pytest.mark.parametrize("wrong", [{"is_granted": ""}, {"is_granted": "x"}, {"answer": " "}, {"answer": "a\x00b"}])
def test_a_form_that_lacks_something_says_so_and_keeps_the_rest(as_member, mori, appeal, wrong):
    answer = hear(as_member(mori), appeal, **wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Appeal.objects.get().heard_at is None


def test_an_appeal_is_neither_added_changed_nor_deleted(as_member, admin_user, mori, appeal):
    for browser in map(as_member, (admin_user, mori)):
        assert browser.get("/admin/reviews/appeal/add/").status_code == 403
        assert browser.post(page(appeal), {"body": "Mine"}).status_code == 403
        assert browser.post(page(appeal, "delete"), {"post": "yes"}).status_code == 403
        assert browser.get(f"{LIST}?body__startswith=She").status_code in (302, 400)
    assert browser.get(page(appeal, "hear"))["Location"] == page(appeal)
    assert browser.get(f"{LIST}99/hear/", follow=True).status_code == 200
