"""`/notifications/`: what moderators did with what is a member's, and what came of what they reported."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import seen
from reviews.models import Appeal, ModerationAction, Notification, Report, Review, Rule
from reviews.models.sanctions import impose
from reviews.models.undo import undo

PATH = "/notifications/"
WORDS = "She leaves him on the bridge"


@pytest.fixture
def rule(db):
    call_command("load_guidelines")
    return Rule.objects.get(anchor="be-kind")


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="Bring a scarf", body=WORDS, spoils_through=2)


def test_an_author_reads_what_was_done_and_why_and_can_appeal(as_member, alice, mona, review, rule):
    review.hide(mona, "It insults the director", rule=rule)
    page = as_member(alice).get(PATH).text
    for said in ("A moderator has hidden this.", "Reason: It insults the director", 'href="/guidelines/#be-kind"'):
        assert said in page
    assert f'href="/appeals/{ModerationAction.objects.get().pk}/"' in page
    assert f'href="{review.get_absolute_url()}"' in page
    for word in (WORDS, "Bring a scarf"):
        assert word in page
    assert "mona" not in page


def test_an_author_reads_their_own_words_in_it_until_they_delete_them(as_member, alice, mona, review):
    review.fold_headline(mona, 3, "It gives it away")
    seen(alice, review.series, 0)  # watches again
    browser = as_member(alice)
    for word in (WORDS, "Bring a scarf"):
        assert word in browser.get(PATH).text
    Review.objects.get(pk=review.pk).retract()
    for word in (WORDS, "Bring a scarf"):
        assert word not in browser.get(PATH).text


def test_a_reporter_reads_what_was_decided_and_no_more(as_member, bob, mona, review, rule):
    Report.objects.file(bob, review, "spoiler", "She leaves him", spoils_through=4)
    review.rescope(mona, 4, "She leaves him in the fourth", rule=rule)
    page = as_member(bob).get(PATH).text
    assert "It waits now for those who have seen more." in page
    assert "Be kind to people" in page
    for word in ("leaves him", "Bring a scarf", "mona", "Alice", "/appeals/"):
        assert word not in page


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("keep", "It stays."),
        ("hide", "and has hidden it."),
        ("close_thread", "Nobody can answer there any more."),
    ],
)
def test_each_outcome_has_words(as_member, bob, mona, review, verb, said):
    Report.objects.file(bob, review, "harassment")
    getattr(review, verb)(mona, "I looked")
    page = as_member(bob).get(PATH).text
    assert said in page
    assert (review.get_absolute_url() in page) == (verb != "hide")


def test_what_was_decided_about_a_member_is_told_without_a_name(as_member, alice, bob, mona):
    Report.objects.file(bob, alice, "harassment")
    impose(alice, Sanction.Kind.BAN, mona, "Rude")
    page = as_member(bob).get(PATH).text
    assert "The member cannot log in any more." in page
    assert "A member you reported" in page
    assert "lice" not in page


def test_a_sanction_is_told_with_its_end(as_member, alice, mona):
    impose(alice, Sanction.Kind.SILENCE, mona, "Rude in every thread", timezone.now() + timedelta(days=3))
    page = as_member(alice).get(PATH).text
    assert "A moderator has silenced you: you can read, but not post. Until: " in page
    assert "Your account" in page
    assert "Appeal" in page


def test_an_appeal_is_told_once_it_is_heard(as_member, alice, mona, review):
    review.hide(mona, "Rude")
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "A quote")
    browser = as_member(alice)
    assert "Your appeal</a>" in browser.get(PATH).text
    appeal.hear(User.objects.create_user("otto", is_staff=True), True, "So it is")
    page = browser.get(PATH).text
    assert "the decision is taken back." in page
    assert "Answer: So it is" in page
    assert "otto" not in page


def test_what_was_undone_is_not_told_and_a_report_waits_again(as_member, alice, bob, mona, review):
    Report.objects.file(bob, review, "spam")
    review.hide(mona, "Spam")
    as_member(bob).post("/notifications/read/", {"newest": Notification.objects.to(bob).newest()})
    undo(ModerationAction.objects.get(), mona, "Wrong button")
    assert "Nothing here." in as_member(alice).get(PATH).text
    assert "A moderator takes another look at what you reported." in as_member(bob).get(PATH).text


def test_looking_changes_nothing_and_the_header_counts(as_member, alice, mona, review):
    review.hide(mona, "Rude")
    browser = as_member(alice)
    for _time in range(2):
        page = browser.get(PATH).text
        assert '<strong class="number">1</strong>' in page
        assert "badge--new" in page
    assert Notification.objects.unread().count() == 1


def test_answers_are_counted_apart_and_led_to(as_member, alice, bob, mona, review, make_comment, series):
    seen(alice, series, 2)
    make_comment(bob, review, spoils_through=2)
    review.close_thread(mona, "Enough")
    browser = as_member(alice)
    page = browser.get(PATH).text
    assert '<strong class="number">2</strong>' in page
    assert '<a href="/#answers">1 answer you have not read</a>' in page
    home = browser.get("/").text
    assert "1 answer you have not read" in home
    browser.post("/notifications/read/", {"newest": Notification.objects.to(alice).newest()})
    assert '<strong class="number">1</strong>' in browser.get(PATH).text


def test_notices_alone_are_no_answers(as_member, alice, mona, review):
    review.hide(mona, "Rude")
    assert "you have not read" not in as_member(alice).get("/").text


def test_pages_cost_the_same_and_lead_on(as_member, alice, bob, mona, rule, series, queries_of, make_comment):
    browser = as_member(alice)
    make_comment(alice, series, body="Text").hide(mona, "Rude", rule=rule)
    reported = make_comment(bob, series, body="Another")
    Report.objects.file(alice, reported, "spam")
    reported.hide(mona, "Spam", rule=rule)
    few = queries_of(browser, PATH)
    for number in range(21):
        make_comment(alice, series, body=f"Text {number}").hide(mona, "Rude", rule=rule)
    assert queries_of(browser, PATH) <= few <= 12
    assert "?page=" in browser.get(PATH).text
    last = Notification.objects.filter(recipient=alice).order_by("pk")[2].pk
    assert browser.get(f"{PATH}?page={last}").text.count('<li class="liner') == 2
    assert browser.get(f"{PATH}?page=x").status_code == 404


def test_nobody_reads_what_others_are_told(as_member, bob, mona, review):
    review.hide(mona, "Rude")
    assert "Rude" not in as_member(bob).get(PATH).text


def test_strangers_are_led_to_log_in(client, db):
    assert client.get(PATH).headers["Location"] == f"/accounts/login/?next={PATH}"


@pytest.mark.parametrize("method", ["post", "put", "delete", "trace"])
def test_only_reads(as_member, alice, method):
    assert getattr(as_member(alice), method)(PATH).status_code == 405
