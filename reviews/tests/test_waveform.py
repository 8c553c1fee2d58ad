"""Waves: where their bars stand, and that they are drawn from what this reader may read and from nothing else."""

import re

import pytest

from conftest import seen, viewer_of
from episodes.guide import Guide
from episodes.models import Cue, Episode, KeyMoment, Song
from reviews.glimpses import newest_of
from reviews.models import Comment
from reviews.waveform import FEWEST, LEAST, MOST_BARS, Bar, Counts, SmallWave, Waveform

PATH = "/series/drama/episodes/2/"
PINNED = [60, 61, 62, 700, 701, 702, 703, 704, 705, 2112]  # ten of 45 minutes


def wave(moments, runtime=45, *, approximate=False, recorded=True, minute=None, **counts):
    seconds = None if runtime is None else runtime * 60
    is_exact = runtime is not None and not approximate
    return Waveform(Counts(moments=moments, **counts), seconds, is_exact, recorded, minute)


@pytest.fixture
def pin(make_comment, episode):
    """Pins moments to seconds of the second episode."""

    def pin_all(author, seconds, **values):
        said = {"kind": "moment", "spoils_through": 2, **values}
        return [make_comment(author, episode, body=f"Pinned at {at}", at=at, **said) for at in seconds]

    return pin_all


def drawn(client):
    """What a page draws and says of the moments."""
    page = client.get(PATH).text
    return page[page.index('id="moments"') : page.index('id="score"')]


# Geometry


@pytest.mark.parametrize("runtime", [None, 1, 7, 45, 360])
@pytest.mark.parametrize("approximate", [False, True])
@pytest.mark.parametrize("moments", [{}, {0: 3}, {0: 1, 55: 2}, dict.fromkeys(range(0, 21600, 5), 1)])
def test_bars_stay_within_the_drawing_and_lose_no_moment(runtime, approximate, moments):
    made = wave(moments, runtime, approximate=approximate)
    assert 1 <= made.places <= MOST_BARS
    assert made.length >= 60
    assert len({bar.place for bar in made.bars}) == len(made.bars)
    for bar in made.bars:
        assert 0 <= bar.place < made.places
        assert LEAST <= bar.percent <= 100
        assert bar.at in moments
    assert bool(made.bars) == bool(moments)
    assert {made.place(second) for second in moments} == {bar.place for bar in made.bars}
    assert made.rest.count("z") + len(made.bars) == made.places
    assert made.labels[0] == "0:00"
    assert re.fullmatch(r"(M\d+ \d+h6v\d+h-6z)*", made.rest)


def test_a_bar_stands_seven_tenths_above_the_line():
    assert Bar(0, 100).path == "M0 0h6v100h-6z"
    assert Bar(3, 50).path == "M30 35h6v50h-6z"


def test_the_scale_is_the_runtime():
    assert wave({10: 1}).labels == ["0:00", "22:30", "45:00"]


@pytest.mark.parametrize(
    ("runtime", "approximate", "latest", "length"),
    [
        (45, False, 2700, 2700),  # the last second counts to the last bar
        (45, True, 2699, 2700),
        (45, True, 2700, 2760),
        (45, True, 3290, 3300),
        (None, False, 59, 60),
        (None, False, 60, 120),
        (None, False, 21_600, 21_660),
    ],
)
def test_what_lies_past_an_uncertain_runtime_stretches_the_scale(runtime, approximate, latest, length):
    for made in (
        wave({latest: 1}, runtime, approximate=approximate),
        wave({}, runtime, approximate=approximate, keys=[(latest, "So it ends")]),
        wave({}, runtime, approximate=approximate, songs={latest: 1}),
    ):
        assert made.length == length
        assert all(int(x) <= made.width for x in re.findall(r"M(\d+) ", made.key_marks + made.song_marks))


def test_the_loudest_bar_fills_the_height_and_few_voices_do_not():
    assert [bar.percent for bar in wave({0: 16, 1000: 4, 2000: 1}).bars] == [100, 50, 25]
    assert [bar.percent for bar in wave({0: 1}).bars] == [50]


def test_a_moment_swells_and_fades():
    assert [bar.percent for bar in wave({600: 4}).drawing[17:24]] == [LEAST, 50, 77, 100, 77, 50, LEAST]
    assert [bar.percent for bar in wave({0: 4, 2699: 4}).drawing[:3]] == [100, 77, 50]


def test_a_bar_leads_to_where_most_was_said_in_it():
    (bar,) = wave({600: 1, 605: 3, 610: 3}).bars
    assert (bar.at, bar.clock) == (605, "10:05")


def test_bars_are_links_ten_at_most_to_where_most_was_said_in_each():
    made = wave({0: 1, 30: 2, 269: 1, 270: 1, 2699: 1}, own={30: 1})
    assert [stretch.clock for stretch in made.stretches] == ["0:30", "4:30", "44:59"]
    first = made.stretches[0]
    assert (first.ground, first.own_path) == ("M0 0h90v100h-90z", made.bars[1].path)
    assert first.path == made.bars[0].path + made.bars[2].path


@pytest.mark.parametrize("runtime", [1, 2, 7, 45])
def test_each_link_is_wide_enough_for_a_finger_on_the_smallest_phone(runtime):
    made = wave(dict.fromkeys(range(0, runtime * 60, 5), 1), runtime)
    assert sum(len(stretch.bars) for stretch in made.stretches) == len(made.bars)
    assert min(stretch.width for stretch in made.stretches) / made.width * 288 >= 24
    ends = [stretch.start + stretch.width for stretch in made.stretches]
    assert [0, *ends[:-1]] == [stretch.start for stretch in made.stretches]


def test_the_minute_that_is_shown_is_marked():
    assert wave({}, minute=600).here == "M198 0h20v100h-20z"  # two bars of half a minute
    assert wave({}, 1, minute=0).here == "M-2 0h120v100h-120z"
    assert wave({}, minute=2700).here == "M888 0h10v100h-10z"
    assert wave({}).here == wave({}, minute=2760).here == ""


def test_the_summary_says_where_the_peaks_are():
    assert wave({700: 9, 705: 1, 2112: 8, 60: 1}).summary == "Most is said around 11:40 and 35:12."
    assert wave({700: 9}).summary == "Most is said around 11:40."


def test_of_many_peaks_only_the_loudest_are_named():
    assert wave({0: 9, 600: 8, 1200: 7, 1800: 7, 2400: 7}).peaks == [0, 600]


def test_neighbours_are_one_peak_and_many_are_none():
    assert wave({700: 9, 730: 9}).peaks == [700]
    assert wave(dict.fromkeys((0, 600, 1200, 1800), 5)).peaks == []
    assert wave(dict.fromkeys((0, 600, 1200, 1800), 5)).summary == "No minute stands out."


def test_a_small_wave_keeps_the_place_of_what_was_not_rated():
    made = SmallWave.of([(1, 10), (3, 1)], 4)
    assert made.path == "M0 0h6v100h-6zM20 63h6v10h-6z"
    assert made.width == 36
    assert SmallWave.of([(16, 10)]).places == 16


# What is counted


def counts_for(viewer, episode):
    return Counts.of(viewer, Guide.of(viewer, "drama").episode(episode.number))


@pytest.mark.parametrize("through", [None, 0, 1, 2, 3, 4])
def test_only_what_the_reader_may_read_is_counted(alice, bob, una, series, episode, pin, make_review, through):
    for member in (alice, bob, una):
        seen(member, series, 4)
    for scope, second in ((0, 5), (2, 10), (3, 15), (4, 20)):
        pin(alice, [second], spoils_through=scope)
        pin(una, [second + 600], spoils_through=scope)
    make_review(alice, episode, stars=7)
    KeyMoment.objects.create(episode=episode, at=30, text="The key")
    KeyMoment.objects.create(episode=episode, text="Nobody timed it")
    Cue.objects.create(song=Song.objects.create(series=series, title="Amber"), episode=episode, at=40)
    Cue.objects.create(song=Song.objects.create(series=series, title="Basil"), episode=episode)
    if through is not None:
        seen(una, series, through)
    point = 4 if through is None else through
    scopes = [scope for scope in (0, 2, 3, 4) if scope <= point] if point >= 2 else []
    places = {0: 5, 2: 10, 3: 15, 4: 20}
    for viewer in (viewer_of(una), viewer_of(cookie={series.pk: point})):
        counts = counts_for(viewer, episode)
        assert counts.ratings == {7: 1}
        assert counts.moments == {places[scope] + more: 1 for scope in scopes for more in (0, 600)}
        assert counts.own == ({places[scope] + 600: 1 for scope in scopes} if viewer.member else {})
        assert counts.keys == ([(30, "The key")] if scopes else [])
        assert counts.songs == ({40: 1} if scopes else {})


def test_what_is_hidden_deleted_or_said_elsewhere_is_not_counted(
    alice, mona, series, episode, pin, make_comment, make_review
):
    seen(alice, series, 4)
    hidden, deleted, _kept = pin(alice, [60, 120, 180])
    hidden.hide(by=mona, reason="spam")
    deleted.retract()
    other = Episode.objects.select_related("series").get(series=series, number=1)
    make_comment(alice, other, kind="moment", at=240, body="Elsewhere")
    counts = counts_for(viewer_of(alice), episode)
    assert counts.moments == {180: 1}
    assert counts.own == {180: 1}


def test_the_counts_are_one_query(alice, series, episode, pin, django_assert_num_queries):
    seen(alice, series, 4)
    pin(alice, [1, 60])
    viewer = viewer_of(alice)
    found = Guide.of(viewer, "drama").episode(2)
    viewer.point(found.series)
    with django_assert_num_queries(1):
        counts = Counts.of(viewer, found)
        Waveform.of(counts, found, viewer).summary  # noqa: B018 - draws it all


# The page


def test_unseen_it_is_a_line_and_nothing_else(client, as_member, una, alice, series, pin):
    seen(alice, series, 4)
    pin(alice, PINNED, spoils_through=0)
    seen(una, series, 1)
    for browser in (client, as_member(una)):
        told = drawn(browser)
        assert "Unrecorded" in told
        assert told.count("<path") == 1
        assert "?at=" not in told
        assert "pinned" not in told


def test_from_ten_on_it_is_drawn(as_member, alice, bob, series, pin):
    for member in (alice, bob):
        seen(member, series, 4)
    pin(alice, PINNED[:-1])
    told = drawn(as_member(bob))
    assert f"{FEWEST - 1} moments so far." in told
    assert "<svg" not in told
    pin(bob, PINNED[-1:])
    told = drawn(as_member(bob))
    assert "10 pinned, 1 of them yours" in told
    assert told.count("waveform__own") == 1
    assert "Most is said around 11:40." in told
    bars = re.findall(r'<a href="([^"]+)" tabindex="-1">', told)
    assert bars == [f"{PATH}comments/?at={clock}" for clock in ("1:00", "11:40", "35:10")]
    assert 'aria-hidden="true" focusable="false"' in told


def test_of_nothing_nothing_is_drawn(as_member, bob, series, episode):
    seen(bob, series, 4)
    told = drawn(as_member(bob))
    assert "Nobody has pinned a moment here yet." in told
    assert "<svg" not in told


def test_the_list_has_key_moments_and_the_most_felt_as_they_come(as_member, alice, bob, series, episode, pin):
    for member in (alice, bob):
        seen(member, series, 4)
    said = pin(alice, [900, 600, 300, 30])
    Comment.objects.filter(pk__in=[comment.pk for comment in said[:2]]).update(like_count=3)
    pin(bob, [1200])
    Comment.objects.filter(at=1200).update(like_count=5)
    KeyMoment.objects.create(episode=episode, at=700, text="The lens cap falls")
    told = drawn(as_member(bob))
    assert re.findall(r'moments__time[^"]*" href="[^"]+at=([\d:]+)"', told) == ["10:00", "11:40", "15:00", "20:00"]
    assert "The lens cap falls" in told
    assert told.count("moments__time--own") == 1
    assert "Pinned at 300" not in told


def test_a_moment_beyond_the_reader_changes_nothing(as_member, alice, bob, series, pin):
    seen(alice, series, 4)
    seen(bob, series, 2)
    pin(alice, PINNED)
    before = drawn(as_member(bob))
    pin(alice, [1500, 1501, 2700], spoils_through=3)
    assert drawn(as_member(bob)) == before
    seen(bob, series, 3)
    assert "13 pinned" in drawn(as_member(bob))


def test_the_page_costs_the_same_at_one_and_at_many(as_member, alice, bob, series, episode, pin, queries_of):
    for member in (alice, bob):
        seen(member, series, 4)
    pin(alice, [5])
    browser = as_member(bob)
    few = queries_of(browser, PATH)
    pin(alice, range(100, 1100, 50))
    pin(bob, range(1100, 2100, 50))
    assert queries_of(browser, PATH) == few


def test_the_most_felt_come_first(alice, bob, series, episode, pin):
    seen(alice, series, 4)
    first, second, third, fourth = pin(alice, [1, 2, 3, 4])
    Comment.objects.filter(pk=second.pk).update(like_count=2)
    rows = Comment.objects.about(episode).for_reader(viewer_of(alice), series)
    found = newest_of({"felt": [rows], "new": [rows]}, felt=["felt", "absent"])
    assert [comment.pk for comment in found["felt"]] == [second.pk, first.pk, third.pk]
    assert [comment.pk for comment in found["new"]] == [fourth.pk, third.pk, second.pk]


def test_the_discussion_shows_it_with_the_minute_that_was_asked_for(client, as_member, alice, series, pin):
    seen(alice, series, 4)
    pin(alice, PINNED)
    path = f"{PATH}comments/"
    browser = as_member(alice)
    assert "waveform__here" not in browser.get(path).text
    page = browser.get(f"{path}?at=11:59").text
    assert page.count("waveform__here") == 1
    assert "waveform" not in client.get(path).text
    assert "waveform" not in browser.get("/series/drama/comments/").text
