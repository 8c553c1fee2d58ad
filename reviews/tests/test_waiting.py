"""What lies beyond a viewer's point, in numbers alone."""

import pytest

from conftest import seen, viewer_of
from reviews.models import Comment, ScopeTally
from reviews.waiting import Fold, Wait, Waiting, parts_of


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


def test_a_row_of_numbers_names_the_nearest_points_and_the_later_ones_together():
    waits = [Wait(scope, scope, f"Track {scope}") for scope in (2, 3, 4, 5)]
    assert Fold.of(waits[:3]).waits == waits[:3]
    assert Fold.of(waits).waits == [*waits[:2], Wait(4, 9, "Track 4", or_later=True)]
    assert Fold.of(waits).lines[-1] == "9 wait after Track 4 or later."
    assert Fold.of(waits, in_all=True).lines[-1] == "9 in all wait after Track 4 or later, answers included."
    assert [len(Fold.of(some).discs) for some in ([], waits[:1], waits)] == [5, 2, 5]


@pytest.mark.parametrize(
    ("stands", "lines"),
    [
        (None, ["1 waits after Track 2.", "3 wait after Track 3.", "9 wait after Track 4 or later."]),
        (2, ["1 more waits after Track 2.", "3 wait after Track 3.", "9 wait after Track 4 or later."]),
        (5, ["1 waits after Track 2.", "3 wait after Track 3.", "9 more wait after Track 4 or later."]),
    ],
)
def test_more_wait_only_where_a_stub_of_that_point_stands(stands, lines):
    waits = [Wait(2, 1, "Track 2"), Wait(3, 3, "Track 3"), Wait(4, 4, "Track 4"), Wait(5, 5, "Track 5")]
    assert Fold.of(waits, stands=stands).lines == lines


@pytest.fixture
def neighbours(alice, bob, episode, make_comment):
    """Replies of scopes 0, 3, 4, 3 and 0, as somebody at 2 gets them; the third is bob's."""
    root = make_comment(alice, episode, body="the root")
    for number, scope in enumerate((0, 3, 4, 3, 0)):
        author = bob if number == 2 else alice
        make_comment(author, episode, parent=root, body=f"reply {number}", spoils_through=scope)
    return episode.series


def shown(viewer, series, **values):
    """Which of the replies stand, and what is folded after each."""
    replies = list(Comment.objects.filter(parent__isnull=False).for_reader(viewer, series).order_by("pk"))
    return [
        (replies.index(part.text), [(wait.scope, wait.count) for wait in part.fold.waits] if part.fold else [])
        for part in parts_of(replies, series, **values)
    ]


def test_of_neighbouring_stubs_the_first_stands(neighbours):
    viewer = viewer_of(cookie={neighbours.pk: 2})
    assert shown(viewer, neighbours) == [(0, []), (1, [(3, 1), (4, 1)]), (4, [])]
    assert [place for place, _fold in shown(viewer, neighbours, folds=False)] == [0, 1, 2, 3, 4]


def test_what_is_open_parts_the_stubs_around_it(neighbours, bob):
    seen(bob, neighbours, 2)
    assert shown(viewer_of(bob), neighbours) == [(0, []), (1, []), (2, []), (3, []), (4, [])]


def test_what_a_page_is_about_is_never_folded(neighbours):
    viewer = viewer_of(cookie={neighbours.pk: 2})
    target = Comment.objects.get(spoils_through=4)
    assert shown(viewer, neighbours, target=target) == [(0, []), (1, []), (2, [(3, 1)]), (4, [])]


def test_folding_asks_nothing_of_the_database(neighbours, django_assert_num_queries):
    with django_assert_num_queries(1):
        shown(viewer_of(cookie={neighbours.pk: 0}), neighbours)
