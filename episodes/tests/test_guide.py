"""A series and its episodes as one viewer may know them."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone
from django.utils.translation import override

from conftest import seen, viewer_of
from episodes.guide import Cover, Guide, side_letter
from episodes.models import Episode, Series
from episodes.sleeve import SleeveArt


def guide(viewer=None, slug="drama"):
    return Guide.of(viewer or viewer_of(), slug)


def test_two_queries_and_one_more_for_a_members_point(series, alice, django_assert_num_queries):
    with django_assert_num_queries(2):
        visitor = guide()
        assert visitor.seen_through is None
        assert visitor.episodes[3].label == "Track 4"
    with django_assert_num_queries(3):
        member = guide(viewer_of(alice))
        assert member.point_label == "Track 0"


@pytest.mark.parametrize("slug", ["unknown", "secret"])
def test_an_unpublished_series_has_no_guide(make_series, slug):
    make_series("secret", published_at=None)
    with pytest.raises(Http404):
        guide(slug=slug)


def test_a_series_published_later_has_no_guide_yet(make_series):
    make_series(published_at=timezone.now() + timedelta(minutes=1))
    with pytest.raises(Http404):
        guide()


def test_only_aired_episodes_are_subjects(make_series):
    made = make_series(aired=2)
    shown = guide()
    assert [episode.number for episode in shown.aired] == [1, 2]
    assert shown.last_aired == 2
    assert not shown.is_complete
    assert shown.subject(None) == made
    assert shown.subject(2).number == 2
    assert shown.episode(3).number == 3
    for number in (3, 5, 0):
        with pytest.raises(Http404):
            shown.subject(number)


def test_an_episode_whose_date_nobody_knows_has_not_aired(series):
    Episode.objects.filter(number=4).update(airs_at=None)
    assert guide().last_aired == 3
    assert not guide().is_complete


@pytest.mark.parametrize(
    ("through", "answered", "all_seen"), [(None, False, False), (0, True, False), (3, True, False), (4, True, True)]
)
def test_knows_how_far_its_viewer_is(series, alice, through, answered, all_seen):
    if through is not None:
        seen(alice, series, through)
    shown = guide(viewer_of(alice))
    assert (shown.is_answered, shown.has_seen_all) == (answered, all_seen)


def test_nobody_has_seen_all_of_what_still_runs(make_series, alice):
    seen(alice, make_series(aired=2), 2)
    assert not guide(viewer_of(alice)).has_seen_all


@pytest.mark.parametrize(("days", "is_first"), [(59, False), (61, True)])
def test_seen_it_all_comes_first_two_months_after_the_finale(series, days, is_first):
    Episode.objects.update(airs_at=timezone.now() - timedelta(days=days))
    assert guide().offers_all_first is is_first
    assert not guide(viewer_of(cookie={series.pk: 1})).offers_all_first


@pytest.mark.parametrize(
    ("episodes", "sides"),
    [(1, [1]), (2, [1, 1]), (4, [2, 2]), (5, [3, 2]), (8, [4, 4]), (9, [4, 4, 1]), (16, [4, 4, 4, 4])],
)
def test_sides(make_series, episodes, sides):
    make_series(episodes=episodes)
    assert [len(side.episodes) for side in guide().sides] == sides
    assert [side.letter for side in guide().sides] == list("ABCD")[: len(sides)]


def test_a_series_without_episodes_has_no_sides(make_series):
    make_series(episodes=0)
    empty = guide()
    assert (empty.sides, empty.runtime, empty.is_complete, empty.last_aired) == ([], None, False, 0)


def test_the_runtime_is_told_only_when_every_episodes_is_known(series):
    assert guide().runtime == 180
    Episode.objects.filter(number=3).update(runtime=None)
    assert guide().runtime is None


def test_neighbours_pass_over_gaps(series):
    Episode.objects.filter(number=2).delete()
    shown = guide()
    assert shown.after(shown.episode(1)).number == 3
    assert shown.before(shown.episode(3)).number == 1
    assert shown.before(shown.episode(1)) is None
    assert shown.after(shown.episode(4)) is None


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")])
def test_side_letters_go_on_after_z(place, letters):
    assert side_letter(place) == letters


def test_an_episode_knows_its_side(make_series):
    make_series(episodes=9)
    shown = guide()
    assert [shown.side_of(episode) for episode in shown.episodes] == list("AAAABBBBC")


@pytest.mark.parametrize(("through", "seen_count"), [(None, 0), (0, 0), (3, 3), (4, 4), (7, 4)])
def test_counts_what_is_seen_and_what_is_to_go(series, through, seen_count):
    shown = guide(viewer_of(cookie={} if through is None else {series.pk: through}))
    assert (shown.seen_count, shown.unseen_count) == (seen_count, 4 - seen_count)


def test_a_series_has_the_same_art_on_its_page_and_on_a_shelf(series, alice, django_assert_num_queries):
    Episode.objects.filter(number=3).update(runtime=None)
    seen(alice, series, 2)
    art = guide().art
    assert art == SleeveArt.of("drama", minutes=135)
    viewer = viewer_of(alice)
    with django_assert_num_queries(2):
        every = list(Series.objects.with_minutes())
        viewer.look_up(every)
        (cover,) = Cover.shelf(viewer, every)
    assert (cover.art, cover.seen_through, cover.point_label) == (art, 2, "Track 2")


def test_a_series_without_episodes_has_art_and_a_cover(make_series):
    make_series(episodes=0)
    (cover,) = Cover.shelf(viewer_of(), Series.objects.with_minutes())
    assert cover.art == guide().art
    assert cover.seen_through is None


def test_the_epilogue_is_named_in_the_series_own_language_where_that_is_another(make_series):
    made = make_series(language="ko")
    assert guide().native_epilogue == "보너스 트랙"
    with override("ko"):
        assert guide().native_epilogue == ""
    Series.objects.filter(pk=made.pk).update(language="ja")
    assert guide().native_epilogue == ""
