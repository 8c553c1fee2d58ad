"""How lists are sorted, chosen from and paged."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from conftest import seen, viewer_of
from episodes.guide import Guide
from reviews.listing import CommentListing, CommentOrder, ReviewListing, ReviewOrder
from reviews.models import Comment, Review
from soundtrack_site.paging import page_of

texts = st.lists(st.tuples(st.none() | st.integers(1, 10), st.integers(0, 3)), max_size=12)


def pages_of(runs, size):
    """All rows, page after page, by following the keys."""
    key, rows = None, []
    while True:
        page = page_of(runs, key, size=size)
        assert len(page.rows) == size or page.next_key is None
        rows += page.rows
        key = page.next_key
        if key is None:
            return rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=texts, size=st.integers(1, 5), order=st.sampled_from(ReviewOrder))
def test_no_review_comes_twice_and_none_is_missing(episode, texts, size, order):
    with transaction.atomic():
        authors = User.objects.bulk_create(User(username=f"fan_{number}") for number in range(len(texts)))
        made = Review.objects.bulk_create(
            Review(
                author=author,
                series=episode.series,
                episode=episode,
                stars=stars,
                headline="A line",
                body="Words",
                word_count=1,
                like_count=likes,
                spoils_through=0,
                author_seen_through=0,
            )
            for author, (stars, likes) in zip(authors, texts, strict=True)
        )
        rows = pages_of(ReviewListing(order, None, False).runs(Review.objects.about(episode)), size)
        assert [row.pk for row in rows] == [one.pk for one in sorted(made, key=SORTED[order])]
        transaction.set_rollback(True)


SORTED = {
    ReviewOrder.NEWEST: lambda one: -one.pk,
    ReviewOrder.FELT: lambda one: (-one.like_count, -one.pk),
    ReviewOrder.HIGHEST: lambda one: (one.stars is None, -(one.stars or 0), -one.pk),
    ReviewOrder.LOWEST: lambda one: (one.stars is None, one.stars or 0, one.pk if one.stars else -one.pk),
}


def test_who_posts_meanwhile_moves_nothing_of_the_newest(episode, crowd, make_review):
    listing = ReviewListing(ReviewOrder.NEWEST, None, False)
    pks = [make_review(author, episode).pk for author in crowd(4)]
    first = page_of(listing.runs(Review.objects.about(episode)), None, size=2)
    make_review(crowd(1)[0], episode)
    second = page_of(listing.runs(Review.objects.about(episode)), first.next_key, size=2)
    assert [row.pk for row in (*first.rows, *second.rows)] == pks[::-1]


def test_the_most_felt_talk_comes_first_and_tombstones_last(alice, bob, mona, episode, crowd, make_comment):
    made = [make_comment(author, episode, body=f"number {likes}") for likes, author in enumerate(crowd(4))]
    for likes, comment in enumerate(made):
        Comment.objects.filter(pk=comment.pk).update(like_count=likes)
    make_comment(bob, episode, parent=made[3])
    make_comment(bob, episode, parent=made[1])
    for gone in (made[3], made[1]):
        gone.hide(by=mona, reason="Spoils.")
    guide = Guide.to(viewer_of(), episode.series, timezone.now())
    listing = CommentListing(CommentOrder.FELT)
    for size in (1, 2, 3, 20):
        rows = pages_of(listing.runs(listing.open_roots(Comment.objects.about(episode).roots(), guide)), size)
        assert [row.pk for row in rows] == [made[place].pk for place in (2, 0, 1, 3)]


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("12:30", 720),
        ("750", 720),
        ("12 30", 720),
        ("1:02:03", 3720),
        ("0", 0),
        ("x", None),
        ("", None),
        ("9" * 50, None),
    ],
)
def test_a_time_chooses_its_minute(episode, typed, minute):
    guide = Guide.to(viewer_of(), episode.series, timezone.now())
    query = QueryDict(mutable=True)
    query["at"] = typed
    assert CommentListing.asked(query, guide, of_episode=True).minute == minute
    assert CommentListing.asked(query, guide, of_episode=False).minute is None


@pytest.mark.parametrize("query", ["", "sort=x&kind=x&seat=x&waiting=x&at=x", "sort=&kind=&seat=&at=", "sort=highest"])
def test_what_makes_no_sense_is_as_if_it_were_not_asked(episode, query):
    guide = Guide.to(viewer_of(), episode.series, timezone.now())
    asked = CommentListing.asked(QueryDict(query), guide, of_episode=True)
    assert asked == CommentListing(CommentOrder.OLDEST, has_kinds=True)
    assert not asked.is_filtered


@pytest.mark.parametrize(("through", "offered"), [(None, False), (0, False), (1, True), (3, True), (4, False)])
def test_seats_are_offered_in_the_middle_of_a_series(alice, series, through, offered):
    if through is not None:
        seen(alice, series, through)
    guide = Guide.to(viewer_of(alice), series, timezone.now() + timedelta(days=1))
    listing = CommentListing.asked(QueryDict(), guide, of_episode=True)
    assert ("seat" in [control.name for control in listing.controls]) is offered
