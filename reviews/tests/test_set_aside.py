"""What pages say of a text that waits, that reports have folded, or below which nobody answers any more."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from conftest import seen
from reviews.models import Rule
from reviews.models.text import Held

WORDS = "She leaves him on the bridge"
LINE = "Bring a scarf"
FOLDED = "Folded: several members have reported it. A moderator will look."


@pytest.fixture
def review(alice, bob, series, episode, make_review):
    seen(bob, series, 4)
    return make_review(alice, episode, headline=LINE, body=WORDS, spoils_through=2)


@pytest.fixture
def comment(alice, bob, series, episode, make_comment):
    seen(bob, series, 4)
    return make_comment(alice, episode, body=WORDS, spoils_through=2)


def fold(text):
    type(text).objects.filter(pk=text.pk).update(folded_at=timezone.now())


@pytest.mark.parametrize("why", Held.values)
def test_the_author_of_a_held_text_reads_why_it_waits(as_member, alice, bob, review, comment, why):
    for text in (review, comment):
        type(text).objects.filter(pk=text.pk).update(held_at=timezone.now(), held_for=why)
        page = as_member(alice).get(text.get_absolute_url())
        assert "A moderator looks at it first" in page.text
        assert "Only you see it." in page.text
        assert WORDS in page.text
        assert as_member(bob).get(text.get_absolute_url()).status_code == 404


PLACES = (
    "/series/drama/episodes/2/",
    "/series/drama/episodes/2/reviews/",
    "/members/alice/",
    "/reviews/{review}/",
    "/",
    "/reviews/{other}/",
    "/reviews/{earlier}/",
    "/reviews/{review}/?waiting=list",
    "/series/drama/episodes/2/reviews/?waiting=list",
)


@pytest.mark.parametrize("place", PLACES)
def test_a_folded_review_shows_neither_words_nor_headline(
    client, as_member, alice, bob, una, review, place, make_review, was_here, episode
):
    other = make_review(una, episode, stars=2, headline="Another")
    earlier = make_review(alice, episode.series.episodes.get(number=1), headline="Earlier")
    fold(review)
    path = place.format(review=review.pk, other=other.pk, earlier=earlier.pk)
    browser = as_member(bob)
    was_here(browser, bob, timezone.now() - timedelta(days=1))
    for reader in (client, browser):
        page = reader.get(path).text
        assert WORDS not in page
        assert LINE not in page


def test_a_folded_review_stands_in_its_place_and_is_shown_once_to_who_asks(client, as_member, bob, review):
    fold(review)
    path = "/series/drama/episodes/2/reviews/"
    for reader in (client, as_member(bob)):
        page = reader.get(path).text
        assert FOLDED in page
        assert "I've seen" not in page.partition(FOLDED)[2].partition("</article>")[0]
        shown = reader.get(f"{path}?reveal=review-{review.pk}").text
        assert WORDS in shown
        assert LINE in shown
        assert "several members have reported it" in shown


def test_a_folded_comment_stands_in_its_place(client, as_member, bob, comment):
    fold(comment)
    for path in ("/series/drama/episodes/2/comments/", comment.get_absolute_url(), "/series/drama/episodes/2/"):
        page = as_member(bob).get(path).text
        assert WORDS not in page
    assert FOLDED in as_member(bob).get(comment.get_absolute_url()).text
    assert WORDS in as_member(bob).get(f"{comment.get_absolute_url()}?reveal=comment-{comment.pk}").text
    assert WORDS not in client.get(comment.get_absolute_url()).text


def test_its_author_reads_on_and_is_told(as_member, alice, review, comment):
    for text in (review, comment):
        fold(text)
        page = as_member(alice).get(text.get_absolute_url()).text
        assert WORDS in page
        assert FOLDED in page


def test_what_is_folded_is_not_counted_among_what_waits(as_member, bob, alice, una, episode, series, make_comment):
    seen(bob, series, 1)
    root = make_comment(alice, episode)
    for number in range(3):
        fold(make_comment(una, episode, parent=root, body=f"Reply {number}"))
    page = as_member(bob).get(root.get_absolute_url()).text
    assert page.count(FOLDED) == 3
    assert "more wait" not in page


def test_a_closed_thread_has_no_form_and_says_why(client, as_member, bob, mona, review, comment, make_comment):
    call_command("load_guidelines")
    rule = Rule.objects.get(anchor="be-kind")
    reply = make_comment(bob, comment.episode, parent=comment, body="A reply", spoils_through=2)
    below = make_comment(bob, review, body="Below", spoils_through=2)
    for text in (review, comment):
        text.close_thread(mona, "The captain leaves", rule=rule)
    for page_of in (review, comment, reply, below):
        for reader in (client, as_member(bob)):
            page = reader.get(page_of.get_absolute_url()).text
            assert "This thread is closed" in page
            assert 'href="/guidelines/#be-kind"' in page
            assert 'name="body"' not in page
            assert "The captain leaves" not in page


def test_words_that_came_too_late_for_a_thread_are_given_back(as_member, bob, mona, review):
    review.close_thread(mona, "Enough")
    page = as_member(bob).post(
        f"/reviews/{review.pk}/comments/", {"body": "Too late", "spoils_through": "2", "hindsight": "0"}
    )
    assert page.status_code == 422
    assert "Too late" in page.text
    assert "A moderator has closed this thread." in page.text


def test_an_author_reads_what_closed_their_thread(as_member, alice, mona, review):
    review.close_thread(mona, "Enough of that")
    page = as_member(alice).get(review.get_absolute_url()).text
    assert "A moderator has closed the thread below this." in page
    assert "Reason: Enough of that" in page


def test_an_open_thread_costs_nothing_more(as_member, bob, review, queries_of, mona):
    browser = as_member(bob)
    before = queries_of(browser, review.get_absolute_url())
    review.close_thread(mona, "Enough")
    assert queries_of(browser, review.get_absolute_url()) <= before + 2
