"""`/members/<username>/report/`: the same of a member."""

import pytest

from reviews.models import Case, Report

PATH = "/members/alice/report/"


def test_a_report_reaches_the_desk_and_thanks(as_member, alice, bob):
    browser = as_member(bob)
    page = browser.get(PATH)
    assert page.status_code == 200
    assert "How far should it wait?" not in page.text
    answer = browser.post(PATH, {"kind": "harassment", "note": "In every thread"}, follow=True)
    assert answer.redirect_chain == [("/members/alice/", 302)]
    assert "Thank you." in answer.text
    assert Report.objects.get().case.target == alice


def test_a_second_report_says_that_we_have_it(as_member, alice, bob):
    browser = as_member(bob)
    browser.post(PATH, {"kind": "spam"})
    assert "You have told us of it already." in browser.get(PATH).text
    assert "We have that from you already." in browser.post(PATH, {"kind": "spam"}, follow=True).text
    assert Report.objects.count() == 1


def test_oneself_is_led_to_the_settings(as_member, alice):
    page = as_member(alice).get(PATH)
    assert "This is you." in page.text
    assert as_member(alice).post(PATH, {"kind": "spam"}).status_code == 422
    assert not Case.objects.exists()


def test_the_link_stands_on_others_pages_alone(client, as_member, alice, bob):
    assert PATH in client.get("/members/alice/").text
    assert PATH in as_member(bob).get("/members/alice/").text
    assert PATH not in as_member(alice).get("/members/alice/").text


@pytest.mark.parametrize("username", ["nobody", "Alice", "%00", "%EC%9D%80", "x" * 300])
def test_who_is_not_there_cannot_be_reported(as_member, alice, bob, username):
    assert as_member(bob).get(f"/members/{username}/report/").status_code == 404


def test_a_refused_form_keeps_every_word(as_member, alice, bob):
    page = as_member(bob).post(PATH, {"note": "In every thread"})
    assert page.status_code == 422
    assert "In every thread" in page.text


def test_strangers_are_led_to_log_in(client, alice):
    assert client.get(PATH).status_code == 302
    assert client.post(PATH, {"kind": "spam"}).status_code == 403
