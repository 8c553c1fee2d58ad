"""`/reviews/<pk>/report/`: a member tells moderators of a review or of its headline, once each."""

import pytest
from django.core.management import call_command

from accounts.models import Sanction
from conftest import seen
from reviews.models import Case, Report, Rule
from reviews.models.flood import LIMITS

THANKS = "Thank you. A moderator will look, and you will hear what came of it."


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="Bring a scarf", spoils_through=2)


@pytest.fixture
def path(review):
    return f"/reviews/{review.pk}/report/"


def note_of(report):
    return Report.objects.with_words().get(pk=report.pk).note


def test_a_report_reaches_the_desk_and_thanks(as_member, bob, review, path):
    browser = as_member(bob)
    page = browser.get(path)
    assert page.status_code == 200
    for said in ("It tells too much", "It is spam", "It hurts somebody", "It breaks another rule", "“Bring a scarf”"):
        assert said in page.text
    answer = browser.post(path, {"kind": "harassment", "is_headline": "false", "note": "  It names her "}, follow=True)
    assert answer.redirect_chain == [(review.get_absolute_url(), 302)]
    assert THANKS in answer.text
    report = Report.objects.get()
    assert (report.by, report.reason, report.case.is_headline, note_of(report)) == (
        bob,
        "harassment",
        False,
        "It names her",
    )


def test_each_reason_names_its_rule(as_member, bob, path):
    assert "Rule:" not in as_member(bob).get(path).text
    call_command("load_guidelines")
    page = as_member(bob).get(path).text
    for anchor in ("say-how-far", "no-selling", "be-kind"):
        assert Rule.objects.get(anchor=anchor).title in page


def test_the_headline_is_another_case(as_member, bob, path):
    browser = as_member(bob)
    browser.post(path, {"kind": "spoiler", "is_headline": "true", "spoils_through": "1"})
    assert 'name="kind"' in browser.get(path).text  # its text is left to tell of
    browser.post(path, {"kind": "spam", "is_headline": "false"})
    assert {(case.is_headline, case.open_count) for case in Case.objects.all()} == {(True, 1), (False, 1)}
    assert Report.objects.get(reason="spoiler").case.is_headline
    assert Report.objects.get(reason="spoiler").spoils_through == 1


def test_a_second_report_says_that_we_have_it(as_member, bob, path):
    browser = as_member(bob)
    for is_headline in ("false", "true"):
        browser.post(path, {"kind": "spam", "is_headline": is_headline})
    page = browser.get(path).text
    assert "You have told us of it already." in page
    assert 'name="kind"' not in page
    again = browser.post(path, {"kind": "harassment", "is_headline": "false"}, follow=True)
    assert "We have that from you already." in again.text
    assert Report.objects.count() == 2


def test_a_spoiler_says_how_far_it_should_wait_and_nothing_else_does(as_member, bob, una, series, path):
    as_member(bob).post(path, {"kind": "spoiler", "is_headline": "false", "spoils_through": "3"})
    as_member(una).post(path, {"kind": "spam", "is_headline": "false", "spoils_through": "3"})
    assert Report.objects.get(by=bob).spoils_through == 3
    assert Report.objects.get(by=una).spoils_through is None


def test_how_far_may_stay_open(as_member, bob, path):
    assert as_member(bob).post(path, {"kind": "spoiler", "is_headline": "false"}).status_code == 302
    assert Report.objects.get().spoils_through is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"kind": "boring"},
        {"kind": "\x00"},
        {"is_headline": "maybe"},
        {"spoils_through": "9"},
        {"spoils_through": "x"},
        {"note": "x" * 501},
        {"note": "It names her\x00"},
        {"kind": "other", "note": ""},
    ],
    ids=str,
)
def test_a_refused_form_keeps_every_word(as_member, bob, path, wrong):
    good = {"kind": "spoiler", "is_headline": "false", "spoils_through": "3", "note": "It names her"}
    page = as_member(bob).post(path, {**good, **wrong})
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert {**good, **wrong}["note"] in page.text
    assert not Case.objects.exists()


def test_ones_own_is_changed_or_deleted_by_oneself(as_member, alice, review, path):
    browser = as_member(alice)
    page = browser.get(path)
    assert "This review is yours" in page.text
    assert f"/reviews/{review.pk}/delete/" in page.text
    assert browser.post(path, {"kind": "spam", "is_headline": "false"}).status_code == 422
    assert not Case.objects.exists()


def test_strangers_are_led_to_log_in_and_get_their_words_back(client, path):
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    page = client.post(path, {"kind": "spam", "note": "It sells scarves"})
    assert page.status_code == 403
    assert "It sells scarves" in page.text


def test_silenced_members_may_tell_too(as_member, bob, mona, path):
    Sanction.objects.impose(bob, Sanction.Kind.SILENCE, mona, "Rude")
    assert as_member(bob).post(path, {"kind": "harassment", "is_headline": "false"}).status_code == 302


@pytest.mark.parametrize("state", ["hidden", "deleted", "held", "unpublished", "missing"])
def test_what_is_not_there_for_others_is_not_there(as_member, bob, mona, review, path, state, make_comment):
    make_comment(bob, review)  # a tombstone stands where a text is gone
    if state == "hidden":
        review.hide(mona, "Rude")
    elif state == "deleted":
        review.retract()
    elif state == "held":
        type(review).objects.filter(pk=review.pk).update(held_at=review.created_at, held_for="first")
    elif state == "unpublished":
        type(review.series).objects.update(published_at=None)
    else:
        path = "/reviews/999999/report/"
    browser = as_member(bob)
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"kind": "spam"}).status_code == 404
    assert not Case.objects.exists()


def test_a_stub_can_be_reported_and_gives_nothing_away(as_member, bob, review, path):
    page = as_member(bob).get(path).text
    assert "A body with words" not in page
    assert f'href="{path}" rel="nofollow"' in as_member(bob).get(review.get_absolute_url()).text


def test_the_link_stands_below_others_texts_alone(as_member, alice, bob, review, path, series):
    seen(bob, series, 2)
    assert path in as_member(bob).get(review.get_absolute_url()).text
    assert path not in as_member(alice).get(review.get_absolute_url()).text


def test_too_many_reports_are_refused_with_a_time(as_member, bob, alice, series, make_comment, path):
    for number in range(LIMITS["report"][0].most):
        Report.objects.file(bob, make_comment(alice, series, body=f"Text {number}"), "spam")
    page = as_member(bob).post(path, {"kind": "spam", "is_headline": "false"})
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0


def test_costs_the_same_however_many_have_told(as_member, alice, bob, crowd, review, path, queries_of):
    browser = as_member(bob)
    few = queries_of(browser, path)
    for fan in crowd(20):
        Report.objects.file(fan, review, "spam")
    assert queries_of(browser, path) == few <= 12


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(as_member, bob, path, method):
    assert getattr(as_member(bob), method)(path).status_code == 405
