"""Up to where a moderator has seen: what lies beyond is a stub with a way in."""

import re

import pytest
from django.urls import reverse

from conftest import seen
from reviews.models import Report
from reviews.tests.desk.pages import LIST, WORDS, case_of, last, page


def test_what_lies_beyond_the_moderators_point_is_a_stub_with_a_way_in(
    as_member, mona, alice, bob, episode, make_review
):
    review = make_review(alice, episode, headline="", body=WORDS, spoils_through=3)
    Report.objects.file(bob, review, "spoiler", "She takes the train", spoils_through=4)
    browser, case = as_member(mona), case_of(review)
    for url in (LIST, page(case)):
        shown = browser.get(url).text
        assert WORDS not in shown
        assert "train" not in shown
        assert f"{page(case)}?reveal=review-{review.pk}" in shown
    assert WORDS in browser.get(f"{page(case)}?reveal=review-{review.pk}").text
    opened = browser.get(f"{page(case)}?reveal=report-{case.reports.get().pk}").text
    assert "She takes the train" in opened
    assert WORDS not in opened
    assert not browser.get(f"{LIST}?beyond=out").context["cl"].result_list
    assert WORDS in browser.get(f"{LIST}?beyond=open").text
    assert WORDS in browser.get(f"{page(case)}?beyond=open").text


def test_a_note_about_a_member_may_tell_of_any_series(browser, alice, bob):
    Report.objects.file(bob, alice, "harassment", "She told me who leaves")
    case = case_of(alice)
    shown = browser.get(page(case)).text
    assert "It may tell of any series." in shown
    assert "who leaves" not in shown
    assert "who leaves" in browser.get(f"{page(case)}?reveal=report-{case.reports.get().pk}").text


def test_a_note_waits_as_long_as_its_text_does_now(as_member, mona, admin_user, bob, series, review):
    seen(mona, series, 1)
    Report.objects.file(bob, review, "spam", "The train at the end")
    shown = as_member(mona).get(page(case_of(review))).text
    assert "The train at the end" in shown
    review.raise_scope(4)
    assert "The train at the end" not in as_member(mona).get(page(case_of(review))).text


HEADLINE = "She marries the thief"


@pytest.fixture
def telling(alice, bob, una, episode, make_review):
    """A text for everybody, under a headline that a reader would put further."""
    review = make_review(alice, episode, headline=HEADLINE, body="I liked it", spoils_through=0)
    Report.objects.file(bob, review, "spoiler", "", is_headline=True, spoils_through=3)
    Report.objects.file(una, review, "other", "", is_headline=True)  # that it is rude closes nothing
    return review


def test_a_headline_that_was_reported_as_a_spoiler_waits_as_long_as_its_readers_say(
    as_member, mona, admin_user, series, telling
):
    seen(mona, series, 2)
    browser, case = as_member(mona), case_of(telling, is_headline=True)
    places = [LIST, page(case), page(telling), "/admin/reviews/review/", page(telling, "fold")]
    for url in places:
        shown = browser.get(url).text
        assert HEADLINE not in shown, url
        assert f"reveal=headline-{telling.pk}" in shown, url
    assert not browser.get(f"{LIST}?beyond=out").context["cl"].result_list
    assert not browser.get("/admin/reviews/review/", {"q": "marries"}).context["cl"].result_list
    for asked in (f"reveal=headline-{telling.pk}", f"reveal=review-{telling.pk}", "beyond=open"):
        assert HEADLINE in browser.get(f"{page(case)}?{asked}").text, asked
    seen(mona, series, 3)
    assert all(HEADLINE in browser.get(url).text for url in places)
    assert browser.get(f"{LIST}?beyond=out").context["cl"].result_list


@pytest.mark.parametrize("kind", ["review", "comment"])
def test_a_text_that_was_reported_as_a_spoiler_waits_as_long_as_its_readers_say(
    as_member, mona, alice, bob, series, episode, make_review, make_comment, kind
):
    make = make_review if kind == "review" else make_comment
    text = make(alice, episode, body=WORDS, spoils_through=1)
    Report.objects.file(bob, text, "spoiler", spoils_through=4)
    seen(mona, series, 2)
    browser, case = as_member(mona), case_of(text)
    own, waits = page(text), series.words.numbered(4)
    for url in (LIST, page(case), own, reverse(f"admin:reviews_{kind}_changelist")):
        shown = browser.get(url).text
        assert WORDS not in shown, url
        assert waits in shown, url
    assert WORDS in browser.get(f"{page(case)}?reveal={kind}-{text.pk}").text
    assert not browser.get(f"{LIST}?beyond=out").context["cl"].result_list
    assert text.keep(mona, "It does not tell")
    assert WORDS in browser.get(own).text


def test_opening_a_headline_leaves_its_text_shut(as_member, mona, alice, bob, series, episode, make_review):
    review = make_review(alice, episode, headline=HEADLINE, body=WORDS, spoils_through=4)
    Report.objects.file(bob, review, "spoiler", "", is_headline=True)
    case = case_of(review, is_headline=True)
    browser = as_member(mona)
    way = re.search(r'href="([^"]*reveal=headline[^"]*)"', browser.get(LIST).text)
    assert way
    shown = browser.get(way[1].split("#")[0]).text
    assert HEADLINE in shown
    assert WORDS not in shown
    assert way[1].startswith(page(case))


def test_a_line_that_waits_waits_in_what_it_said_before(as_member, mona, alice, episode, telling, make_review):
    make_review(alice, episode, headline=HEADLINE, body="I liked it a lot", spoils_through=0)
    browser = as_member(mona)
    assert HEADLINE not in browser.get(page(telling)).text
    telling.keep(mona, "It does not tell", is_headline=True)
    assert browser.get(page(telling)).text.count(HEADLINE) == 2


@pytest.mark.parametrize("since", ["deleted", "lowered"])
def test_a_reason_waits_as_long_as_the_text_did_then(
    client, browser, as_member, mona, mori, alice, episode, make_review, since
):
    review = make_review(alice, episode, headline="", body=WORDS, spoils_through=3)
    review.hide(mona, "She leaves him in Track 3")
    act, late = last(), as_member(mori)
    if since == "deleted":
        review.retract()
    else:
        review.restore(mona, "Not so bad")
        review.rescope(mona, 0, "Nor does it tell")
    assert "in Track 3" not in client.get("/moderation-log/").text
    for url in (page(act), "/admin/reviews/moderationaction/", page(review)):
        assert "in Track 3" not in late.get(url).text, url
        assert "in Track 3" in browser.get(url).text, url
