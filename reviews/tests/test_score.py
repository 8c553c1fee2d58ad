"""Ratings of one subject, as a page shows them."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from conftest import seen, viewer_of
from episodes.guide import Guide
from episodes.models import Progress
from reviews.models import RatingTally
from reviews.score import Score, Scores


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


MEAN = '<span class="score__mean">4.0</span>'


@pytest.fixture
def rated(series, crowd, make_review):
    """Five give every episode and the series four stars."""
    for member in crowd(5):
        for subject in (series, *series.episodes.select_related("series")):
            make_review(member, subject, stars=8, headline="", body="")
    return series


def folded(scores):
    return {number for number, score in scores.by_number.items() if score.is_folded}


@pytest.mark.parametrize(("through", "folds"), [(None, set()), (0, set()), (2, {1, 2}), (4, {None, 1, 2, 3, 4})])
def test_what_a_member_has_seen_and_not_rated_folds(alice, rated, through, folds):
    if through is not None:
        seen(alice, rated, through)
    scores = Scores.of(Guide.of(viewer_of(alice), rated.slug))
    assert folded(scores) == folds
    for number in folds:
        assert scores.by_number[number].mean is None
        assert scores.by_number[number].bars == []
        assert scores.by_number[number].count == 5


def test_each_score_unfolds_by_itself(alice, rated, make_review):
    seen(alice, rated, 4)
    make_review(alice, rated.episodes.select_related("series").get(number=1), stars=2)
    make_review(alice, rated.episodes.select_related("series").get(number=2), stars=None)  # words are no rating
    Progress.objects.peek(alice, rated, 3)
    Progress.objects.peek(alice, rated, 0)
    assert folded(Scores.of(Guide.of(viewer_of(alice), rated.slug))) == {2, 4}


def test_a_series_that_still_runs_is_not_seen_whole(alice, rated):
    rated.episodes.filter(number=4).update(airs_at=None)
    seen(alice, rated, 3)
    assert folded(Scores.of(Guide.of(viewer_of(alice), rated.slug))) == {1, 2, 3}


def test_nothing_folds_for_visitors_nor_for_who_does_not_wish_it(alice, rated):
    assert folded(Scores.of(Guide.of(viewer_of(cookie={rated.pk: 4}), rated.slug))) == set()
    seen(alice, rated, 4)
    alice.settle_in(folds_scores=False)
    assert folded(Scores.of(Guide.of(viewer_of(alice), rated.slug))) == set()


def test_too_few_ratings_have_nothing_to_fold():
    assert not Score({8: 4}).folded(True).is_folded
    assert Score({8: 5}).folded(True).is_folded
    assert not Score({8: 5}).folded(False).is_folded


def test_one_subject_folds_like_the_table(alice, bob, rated, make_review):
    episode = rated.episodes.select_related("series").get(number=2)
    for member in (alice, bob):
        seen(member, rated, 4)
    make_review(bob, episode, stars=4)
    for subject in (rated, episode):
        assert Score.for_viewer(Guide.of(viewer_of(alice), rated.slug), subject).is_folded
        assert not Score.for_viewer(Guide.of(viewer_of(), rated.slug), subject).is_folded
    assert not Score.for_viewer(Guide.of(viewer_of(bob), rated.slug), episode).is_folded


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/series/drama/",
        "/series/drama/episodes/2/",
        "/series/drama/reviews/",
        "/series/drama/episodes/2/reviews/",
    ],
)
def test_no_page_sends_what_is_folded(as_member, client, alice, rated, path):
    seen(alice, rated, 4)
    browser = as_member(alice)
    page = browser.get(path).text
    for words in (MEAN, "4.0 of 5", "from 5", "histogram"):
        assert words not in page
    alice.settle_in(folds_scores=False)
    page = browser.get(path).text
    assert "4.0 of 5" in page or MEAN in page
    if path != "/":
        assert MEAN in page
        assert '<ol class="histogram"' in page


def test_a_folded_score_offers_to_rate_or_to_peek(as_member, alice, rated):
    seen(alice, rated, 4)
    browser = as_member(alice)
    page = browser.get("/series/drama/episodes/2/").text
    assert '<a href="/series/drama/episodes/2/review/">Rate it first</a>' in page
    assert 'form="act" formaction="/series/drama/episodes/2/score/"' in page
    page = browser.get("/series/drama/reviews/").text
    assert 'form="act" formaction="/series/drama/score/?next=%2Fseries%2Fdrama%2Freviews%2F"' in page
    page = browser.get("/series/drama/").text
    assert 'form="act" formaction="/series/drama/score/"' in page
    assert 'formaction="/series/drama/episodes/2/score/?next=%2Fseries%2Fdrama%2F"' in page


def test_bars_lead_to_their_reviews_from_six_on(client, episode, crowd, make_review):
    *five, sixth = crowd(6)
    for member in five:
        make_review(member, episode, stars=8)
    link = '<a href="/series/drama/episodes/2/reviews/?stars=8">'
    assert link not in client.get("/series/drama/episodes/2/").text
    make_review(sixth, episode, stars=2)
    for path in ("/series/drama/episodes/2/", "/series/drama/episodes/2/reviews/"):
        page = client.get(path).text
        assert link in page
        bars = page[page.index('<ol class="histogram"') : page.index("histogram__ends")]
        assert bars.count("?stars=") == 2
        assert "4 stars: 83 %" in bars
        assert "5 stars: 0 %" in bars


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({}, "no ratings yet"),
        ({9: 1}, "1 rating so far"),
        ({9: 4}, "4 ratings so far"),
        ({9: 5, 2: 1}, "from 6<"),
        ({9: 100_000, 1: 1}, "from 100,001<"),
    ],
)
def test_what_is_shown_of_none_of_few_and_of_many(counts, told):
    page = render_to_string("reviews/_score.html", {"score": Score(counts), "own_stars": 9 if counts else None})
    assert told in page
    assert ("histogram" in page) is (sum(counts.values()) >= 5)
    assert ("you: 4½" in page) is bool(counts)


def test_bars_are_as_high_as_their_share_of_the_highest():
    bars = Score({8: 200, 6: 50, 1: 1}).bars
    assert [bar.height for bar in bars] == [2, 0, 0, 0, 0, 25, 0, 100, 0, 0]
    assert all(bar.top + bar.height == 100 for bar in bars)


def test_the_reader_finds_their_own_bar_in_their_colour():
    page = render_to_string("reviews/_score.html", {"score": Score({8: 4, 9: 2}), "own_stars": 9})
    assert page.count("histogram__bar--own") == 1
    assert "33 %, and yours" in page
    assert "histogram__bar--own" not in render_to_string("reviews/_score.html", {"score": Score({8: 6})})
    page = render_to_string("reviews/_score.html", {"score": Score({8: 6}), "yours": True})
    assert page.count("histogram__bar--own") == 10


def test_waves_go_over_the_episodes_without_what_is_folded(alice, rated):
    seen(alice, rated, 2)
    (wave,) = Scores.of(Guide.of(viewer_of(), rated.slug)).waves
    assert wave[0] is False
    assert wave[1].path.count("z") == 4
    (wave,) = Scores.of(Guide.of(viewer_of(alice), rated.slug)).waves
    assert wave[1].path.count("z") == 2
    assert wave[1].places == 4
