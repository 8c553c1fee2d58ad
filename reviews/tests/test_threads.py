"""Comments as a page shows them: first words, and what was answered."""

import pytest
from django.utils import timezone

from conftest import viewer_of
from episodes.guide import Guide
from reviews import threads
from reviews.listing import CommentListing, CommentOrder
from reviews.models import Comment
from reviews.threads import Talk, stretch_around


def guide_of(episode, through=0):
    return Guide.to(viewer_of(cookie={episode.series_id: through}), episode.series, timezone.now())


def threads_about(episode, guide=None):
    guide = guide or guide_of(episode)
    return Talk.of(Comment.objects.about(episode), CommentListing(CommentOrder.OLDEST), guide, None).threads


@pytest.fixture
def thread(alice, bob, episode, make_comment):
    """A root, twelve answers of Bob's, and one answer to the first of them."""
    root = make_comment(alice, episode, body="the root")
    replies = [make_comment(bob, episode, parent=root, body=f"reply {number}") for number in range(12)]
    return [root, *replies, make_comment(alice, episode, parent=replies[0], body="a reply to a reply")]


def test_replies_follow_flat_and_oldest_first(thread, episode):
    (shown,) = threads_about(episode)
    assert shown.root == thread[0]
    assert shown.replies == thread[1:]
    assert shown.more == 0


def test_one_query_more_however_many_roots(alice, episode, make_comment, django_assert_num_queries):
    for number in range(5):
        root = make_comment(alice, episode, body=f"root {number}")
        make_comment(alice, episode, parent=root, body="reply")
    guide = guide_of(episode)
    with django_assert_num_queries(2):
        shown = threads_about(episode, guide)
        answered = [reply.parent for thread in shown for reply in thread.replies]
        assert [comment and comment.author.name for comment in answered] == ["Alice"] * 5


def test_beyond_the_most_replies_a_number_says_how_many_more(monkeypatch, thread, episode):
    monkeypatch.setattr(threads, "MOST_REPLIES", 5)
    (shown,) = threads_about(episode)
    assert shown.replies == thread[1:6]
    assert shown.more == 8


def test_a_hidden_reply_is_neither_shown_nor_counted(mona, thread, episode):
    thread[12].hide(by=mona, reason="Spoils.")
    (shown,) = threads_about(episode)
    assert thread[12] not in shown.replies
    assert shown.more == 0


def test_a_hidden_reply_that_was_answered_holds_its_place_without_words(mona, thread, episode):
    thread[1].hide(by=mona, reason="Spoils.")
    (shown,) = threads_about(episode)
    assert shown.replies[0] == thread[1]
    assert not shown.replies[0].is_open
    assert shown.more == 0


def test_replies_beyond_the_viewer_carry_no_words(alice, episode, make_comment):
    root = make_comment(alice, episode, body="the root")
    make_comment(alice, episode, parent=root, body="later", spoils_through=3)
    (shown,) = threads_about(episode, guide_of(episode, through=2))
    assert not shown.replies[0].is_open


@pytest.mark.parametrize(("target", "first", "earlier"), [(0, 1, False), (1, 1, False), (11, 1, False), (13, 3, True)])
def test_a_stretch_begins_ten_before_its_target(thread, episode, target, first, earlier):
    shown = stretch_around(thread[0], thread[target], None, viewer_of(), episode.series)
    assert shown.replies == thread[first:]
    assert shown.earlier is earlier
    assert shown.later_key is None


def test_a_stretch_ends_and_says_where_to_go_on(monkeypatch, thread, episode):
    monkeypatch.setattr(threads, "AFTER", 5)
    shown = stretch_around(thread[0], thread[0], None, viewer_of(), episode.series)
    assert shown.replies == thread[1:6]
    assert shown.later_key == thread[5].pk
    on = stretch_around(thread[0], thread[0], shown.later_key, viewer_of(), episode.series)
    assert on.replies == thread[6:11]
    assert on.earlier
