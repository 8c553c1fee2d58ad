"""What lies beyond a viewer's point, in numbers alone."""

import pytest

from conftest import seen, viewer_of
from reviews.models import ScopeTally
from reviews.waiting import Wait, Waiting


@pytest.fixture
def talk(alice, bob, una, episode, make_review, make_comment):
    """Reviews of scope 0, 2 and 4; comments of scope 2, 2 and 3."""
    make_review(alice, episode, spoils_through=0)
    make_review(bob, episode, spoils_through=2)
    make_review(una, episode, spoils_through=4)
    for number, scope in enumerate((2, 2, 3)):
        make_comment(alice, episode, body=f"number {number}", spoils_through=scope)
    return episode


def waiting(viewer, subject):
    return Waiting.for_viewer(viewer, subject.series, ScopeTally.objects.about(subject))


@pytest.mark.parametrize(
    ("through", "reviews", "comments"),
    [
        (0, [Wait(2, 1, "Track 2"), Wait(4, 1, "Track 4")], [Wait(2, 2, "Track 2"), Wait(3, 1, "Track 3")]),
        (2, [Wait(4, 1, "Track 4")], [Wait(3, 1, "Track 3")]),
        (3, [Wait(4, 1, "Track 4")], []),
        (4, [], []),
    ],
)
def test_the_nearest_comes_first_and_what_is_open_does_not_wait(talk, through, reviews, comments):
    found = waiting(viewer_of(cookie={talk.series.pk: through}), talk)
    assert found.review_waits == reviews
    assert found.comment_waits == comments
    assert (found.reviews, found.comments) == (3, 3)
    assert found.waiting_reviews == sum(wait.count for wait in reviews)


def test_unanswered_waits_as_not_started(talk):
    assert waiting(viewer_of(), talk) == waiting(viewer_of(cookie={talk.series.pk: 0}), talk)


def test_one_query_once_the_point_is_known(talk, alice, django_assert_num_queries):
    seen(alice, talk.series, 2)
    viewer = viewer_of(alice)
    viewer.point(talk.series)
    with django_assert_num_queries(1):
        assert waiting(viewer, talk).waiting_reviews == 1


def test_bare_ratings_and_hidden_texts_wait_for_nobody(alice, bob, mona, episode, make_review):
    make_review(alice, episode, headline="", body="")
    make_review(bob, episode, spoils_through=2).hide(by=mona, reason="Spoils.")
    found = waiting(viewer_of(), episode)
    assert (found.reviews, found.review_waits) == (0, [])


def test_an_empty_place_waits_for_nothing(episode):
    found = waiting(viewer_of(), episode)
    assert (found.reviews, found.comments, found.review_waits, found.comment_waits) == (0, 0, [], [])
