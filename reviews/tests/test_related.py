"""Where to read on from a review."""

import pytest
from django.utils import timezone

from conftest import viewer_of
from episodes.guide import Guide
from episodes.models import Kin
from reviews.models import Review
from reviews.related import MOST, Related


def related(review, viewer=None):
    return Related.to(review, Guide.to(viewer or viewer_of(), review.series, timezone.now()))


@pytest.fixture
def five(episode, crowd, make_review):
    """Of one episode, oldest first: 4, 9, 8, none and 7 half stars."""
    return [
        make_review(author, episode, stars=stars, headline=f"line {stars}")
        for author, stars in zip(crowd(5), (4, 9, 8, None, 7), strict=True)
    ]


@pytest.mark.parametrize(("place", "newer", "older"), [(0, 1, None), (2, 3, 1), (3, 4, 2), (4, None, 3)])
def test_its_neighbours_are_the_nearest_by_time(five, place, newer, older):
    found = related(five[place])
    assert found.newer == (None if newer is None else five[newer])
    assert found.older == (None if older is None else five[older])


@pytest.mark.parametrize(("place", "other"), [(0, 1), (1, 0), (2, 0), (3, None), (4, 0)])
def test_another_view_is_the_one_that_differs_most_in_stars(five, place, other):
    assert related(five[place]).other_view == (None if other is None else five[other])


def test_the_same_stars_are_no_other_view(episode, crowd, make_review):
    first, _second = (make_review(author, episode, stars=8) for author in crowd(2))
    assert related(first).other_view is None


def test_what_is_gone_bare_or_of_another_subject_is_nowhere(alice, bob, una, mona, series, episode, make_review):
    review = make_review(alice, episode, stars=8)
    make_review(bob, episode, stars=1).hide(by=mona, reason="Spoils.")
    make_review(una, episode, stars=10, headline="", body="")
    make_review(bob, series, stars=1)
    make_review(mona, series.episodes.get(number=1), stars=1)
    found = related(review)
    assert (found.newer, found.older, found.other_view, found.elsewhere) == (None, None, None, [])


def test_its_authors_other_reviews_follow_the_series_and_end_with_the_whole(alice, series, make_series, make_review):
    whole = make_review(alice, series)
    fourth, first, second = (make_review(alice, series.episodes.get(number=number)) for number in (4, 1, 2))
    make_review(alice, make_series("other"))
    make_review(alice, series.episodes.get(number=3), headline="", body="")
    assert [(one.label, one.review) for one in related(second).elsewhere] == [
        ("Track 1", first),
        ("Track 4", fourth),
        ("The whole series", whole),
    ]


def test_three_queries_however_much_there_is(alice, make_series, crowd, make_review, django_assert_num_queries):
    series = make_series("long", episodes=MOST + 5)
    Kin.objects.create(series=series, title="Another", why="As rainy")
    review, *_others = [make_review(alice, episode) for episode in series.episodes.all()]
    for place, author in enumerate(crowd(10)):
        make_review(author, review.episode, stars=place + 1)
    review = Review.objects.for_reader(viewer_of(), series).with_subject().get(pk=review.pk)
    guide = Guide.to(viewer_of(), series, timezone.now())
    review.episode = guide.episode(1)
    with django_assert_num_queries(3):
        found = Related.to(review, guide)
        assert found.other_view
        assert found.other_view.author.name
        assert len(found.elsewhere) == MOST
        assert [kin.to_series for kin in found.kin] == [None]
