"""`/moderation-log/`: what was done, under which rule, when, and how an appeal ended; no names, no word too early."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import seen
from episodes.models import Series
from reviews.models import Appeal, ModerationAction, Report, Rule
from reviews.models.sanctions import calm, declare_raid, hide_all, impose, lift, restore_all
from reviews.models.undo import undo

PATH = "/moderation-log/"
REASON = "It tells that the captain leaves"


@pytest.fixture
def rule(db):
    call_command("load_guidelines")
    return Rule.objects.get(anchor="be-kind")


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, spoils_through=2)


def at(client, series, point):
    client.post(f"/series/{series.slug}/progress/", {"seen_through": point})
    return client.get(PATH).text


def test_says_what_was_done_under_which_rule_and_names_nobody(client, review, mona, rule):
    review.hide(mona, REASON, rule=rule)
    page = client.get(PATH)
    assert page.status_code == 200
    assert "A text was hidden." in page.text
    assert 'href="/guidelines/#be-kind">Be kind to people</a>' in page.text
    for name in ("alice", "Alice", "mona", review.get_absolute_url(), review.series.title, "A safe line"):
        assert name not in page.text


def test_a_reason_waits_as_long_as_its_text(client, review, series, mona):
    review.hide(mona, REASON)
    assert REASON not in client.get(PATH).text
    assert REASON not in at(client, series, 1)
    assert REASON in at(client, series, 2)


def test_a_reason_waits_as_long_as_the_text_does_now_and_as_it_was_put(client, review, series, mona):
    review.rescope(mona, 4, REASON)
    assert REASON not in at(client, series, 3)
    assert REASON in at(client, series, 4)
    review.rescope(mona, 1, "Less than that")
    assert "Less than that" not in at(client, series, 3)


def test_a_reason_waits_as_long_as_a_reporter_thought_the_text_should(client, review, series, bob, mona):
    Report.objects.file(bob, review, "spoiler", spoils_through=4)
    review.hide(mona, REASON)
    assert REASON not in at(client, series, 3)
    assert REASON in at(client, series, 4)


def test_a_members_own_point_counts(as_member, bob, review, series, mona, make_comment):
    make_comment(bob, series).hide(mona, "Rude, but no secret")
    review.hide(mona, REASON)
    browser = as_member(bob)
    page = browser.get(PATH).text
    assert REASON not in page
    assert "Rude, but no secret" in page
    seen(bob, series, 2)
    assert REASON in browser.get(PATH).text


def test_nothing_is_told_of_a_series_that_is_not_published(client, bob, series, make_comment, mona):
    make_comment(bob, series).hide(mona, REASON)
    assert REASON in client.get(PATH).text
    Series.objects.update(published_at=None)
    assert REASON not in client.get(PATH).text


def test_nothing_is_told_of_a_text_that_its_author_deleted(client, review, series, mona):
    review.hide(mona, REASON)
    review.retract()
    page = at(client, series, 4)
    assert "A text was hidden." in page
    assert REASON not in page


def test_a_sanction_says_its_rule_and_length_alone(client, alice, bob, mona, rule):
    impose(alice, Sanction.Kind.SILENCE, mona, REASON, timezone.now() + timedelta(days=7), rule=rule)
    act: Any = impose(bob, Sanction.Kind.BAN, mona, REASON)
    lift(act.sanction, mona, REASON)
    page = client.get(PATH).text
    assert "A member was silenced. How long: 1\xa0week." in page
    assert "A member was banned for good." in page
    assert "A silence or a ban was lifted." in page
    assert "Be kind to people" in page
    for told in (REASON, "alice", "Alice", "Bob", "bob"):
        assert told not in page


def test_how_an_appeal_ended_is_said(client, alice, review, mona):
    other = User.objects.create_user("otto", is_staff=True)
    review.hide(mona, REASON)
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "It was a quote")
    assert "It was appealed, and waits for an answer." in client.get(PATH).text
    appeal.hear(other, True, "It was indeed")
    page = client.get(PATH).text
    assert "It was appealed, and taken back." in page
    assert "It was a quote" not in page
    assert "It was indeed" not in page


def test_a_refused_appeal_stands_and_what_was_undone_does_not(client, alice, review, mona, make_comment, series):
    other = User.objects.create_user("otto", is_staff=True)
    review.hide(mona, REASON)
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "It was a quote")
    appeal.hear(other, False, "It was not")
    assert "It was appealed, and stands." in client.get(PATH).text
    make_comment(alice, series).hide(mona, "A slip")
    undo(ModerationAction.objects.latest("pk"), mona, "Wrong button")
    assert "It was taken back." in client.get(PATH).text


def test_all_of_a_member_is_one_act(client, alice, review, series, mona, make_comment):
    make_comment(alice, series)
    hide_all(alice, mona, REASON)
    page = client.get(PATH).text
    assert "All that a member wrote was hidden." in page
    assert "A text was hidden." not in page
    restore_all(ModerationAction.objects.get(verb="hide_all"), mona, "A mistake")
    page = client.get(PATH).text
    assert "All that a member wrote was put back." in page
    assert "A hidden text was put back." not in page


def test_every_verb_has_words(client, alice, bob, series, review, mona, make_comment, make_review):
    text = make_comment(bob, series)
    Report.objects.file(alice, text, "spam")
    text.keep(mona, "Fine")
    text.close_thread(mona, "Enough")
    text.open_thread(mona, "Go on")
    text.rescope(mona, 2, "Further")
    text.rescope(mona, 1, "Nearer")
    other = make_review(bob, series.episodes.get(number=1), spoils_through=1)
    other.fold_headline(mona, 1, "Too much")
    other.unfold_headline(mona, "Not so")
    review.hide(mona, "Rude")
    review.restore(mona, "Not so")
    held = make_comment(alice, series, body="Held")
    type(held).objects.filter(pk=held.pk).update(held_at=timezone.now(), held_for="first")
    held.approve(mona, "Fine")
    declare_raid(mona, "Many")
    calm(mona, "Gone")
    act: Any = impose(alice, Sanction.Kind.SILENCE, mona, "Rude")
    lift(act.sanction, mona, "Enough")
    impose(bob, Sanction.Kind.BAN, mona, "Rude")
    hide_all(alice, mona, "Rude")
    restore_all(ModerationAction.objects.get(verb="hide_all"), mona, "No")
    done = {*ModerationAction.objects.values_list("verb", flat=True)}
    assert done == {*ModerationAction.Verb.values}
    page = client.get(PATH).text
    assert "<p>\n  \n</p>" not in page
    rows = page.split('<li class="draft">')[1:]
    assert all("<p></p>" not in "".join(row.split()) for row in rows)


def test_pages_cost_the_same_and_lead_on(client, alice, series, mona, rule, queries_of, make_comment):
    make_comment(alice, series, body="Text").hide(mona, REASON, rule=rule)
    client.post(f"/series/{series.slug}/progress/", {"seen_through": 1})
    client.get(PATH)
    few = queries_of(client, PATH)
    for number in range(21):
        make_comment(alice, series, body=f"Text {number}").hide(mona, REASON, rule=rule)
    assert queries_of(client, PATH) == few <= 3
    assert "?page=" in client.get(PATH).text
    last = ModerationAction.objects.order_by("pk")[1].pk
    assert client.get(f"{PATH}?page={last}").text.count("A text was hidden.") == 1


@pytest.mark.parametrize("asked", ["x", "-1", "1-x", ""])
def test_a_page_that_is_none_is_not_there(client, db, asked):
    assert client.get(f"{PATH}?page={asked}").status_code == 404


def test_an_empty_log_says_so_and_may_be_kept(client, db):
    page = client.get(PATH)
    assert "Nothing has been decided here yet." in page.text
    assert "public" in page.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, db, method):
    assert getattr(client, method)(PATH).status_code == 405
