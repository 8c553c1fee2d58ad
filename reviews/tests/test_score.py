"""Ratings of one subject, as a page shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.models import RatingTally
from reviews.score import Score


@pytest.mark.parametrize(
    ("counts", "count", "mean"),
    [
        ({}, 0, None),
        ({10: 4}, 4, None),
        ({10: 5}, 5, 5.0),
        ({1: 5}, 5, 0.5),
        ({1: 1, 10: 4}, 5, 4.1),
        ({7: 3, 8: 3}, 6, 3.75),
        ({8: 0}, 0, None),
    ],
)
def test_the_mean_needs_five_ratings(counts, count, mean):
    score = Score(counts)
    assert score.count == count
    assert score.mean == mean


def test_no_ratings_draw_no_bars():
    assert Score().bars == []
    assert Score({3: 0}).bars == []


def test_thirds_add_to_a_hundred_and_the_spare_goes_by_largest_remainder():
    bars = Score({2: 1, 4: 1, 6: 1}).bars
    assert [bar.percent for bar in bars] == [0, 34, 0, 33, 0, 33, 0, 0, 0, 0]


@given(st.dictionaries(st.integers(1, 10), st.integers(0, 10**6), max_size=10))
def test_ten_bars_always_add_to_a_hundred(counts):
    bars = Score(counts).bars
    if not any(counts.values()):
        assert bars == []
        return
    assert [bar.stars for bar in bars] == list(range(1, 11))
    assert sum(bar.percent for bar in bars) == 100
    assert sum(bar.count for bar in bars) == sum(counts.values())
    assert all(abs(bar.percent - 100 * bar.count / sum(counts.values())) < 1 for bar in bars)


def test_scores_of_episodes_and_of_the_series_are_apart(alice, bob, series, episode, make_review):
    make_review(alice, series, stars=2)
    make_review(alice, episode, stars=8)
    make_review(bob, episode, stars=10)
    scores = Score.by_episode(RatingTally.objects.filter(series=series))
    assert scores == {None: Score({2: 1}), episode.pk: Score({8: 1, 10: 1})}


def test_one_subjects_score_is_one_query(alice, episode, make_review, django_assert_num_queries):
    make_review(alice, episode, stars=8)
    with django_assert_num_queries(1):
        assert Score.of(RatingTally.objects.about(episode)).counts == {8: 1}


def test_hidden_and_deleted_ratings_do_not_count(alice, bob, mona, episode, make_review):
    make_review(alice, episode, stars=8).hide(by=mona, reason="Spoils.")
    make_review(bob, episode, stars=8).retract()
    assert Score.of(RatingTally.objects.about(episode)).count == 0
