"""When an episode is shown: two clocks, and how far off it is."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from conftest import viewer_of
from episodes.airing import Airing, how_soon
from episodes.guide import Guide
from episodes.models import Episode, Series

SEOUL = ZoneInfo("Asia/Seoul")
WEDNESDAY = datetime(2026, 11, 25, 16, 0, tzinfo=SEOUL)  # 07:00 UTC


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("2026-11-25T00:00+09:00", "today"),
        ("2026-11-25T15:59+09:00", "today"),
        ("2026-11-25T17:00+09:00", "today"),
        ("2026-11-24T23:59+09:00", "tomorrow"),
        ("2026-11-24T00:00+09:00", "tomorrow"),
        ("2026-11-23T23:59+09:00", "in 2 days"),
        ("2026-11-23T12:00+00:00", "in 2 days"),  # 21:00 in Seoul
        ("2026-11-23T15:00+00:00", "tomorrow"),  # midnight in Seoul
        ("2026-10-25T12:00+09:00", "in 31 days"),
    ],
)
def test_nights_are_counted_on_the_clock_it_is_told_on(now, says):
    with time_machine.travel(datetime.fromisoformat(now), tick=False):
        assert how_soon(WEDNESDAY, timezone.now()) == says


def told_to(zone="", precision="minute", now="2026-11-23T12:00+00:00", **values):
    """Told by a member of this zone; "" is one who never said."""
    series = Series(time_zone="Asia/Seoul", vocabulary={"en": {"one": "Track"}})
    episode = Episode(series=series, number=3, airs_at=WEDNESDAY, airs_precision=precision, **values)
    return Airing.of(episode, viewer_of(User(pk=1, time_zone=zone)), datetime.fromisoformat(now))


def test_tells_both_clocks():
    told = told_to("Europe/Berlin")
    assert (told.zone, told.airs_at.hour, told.yours.hour) == ("KST", 16, 8)
    assert not told.is_another_day_there


def test_another_day_there_is_said():
    told = told_to("Pacific/Honolulu")
    assert told.yours.strftime("%a %H:%M") == "Tue 21:00"
    assert told.is_another_day_there
    assert told.soon == "tomorrow"  # 23 November 02:00 there: two nights would be Wednesday


@pytest.mark.parametrize("zone", ["", "Asia/Seoul", "Asia/Tokyo", "Nowhere/Land", "../etc/passwd"])
def test_one_clock_is_enough_where_the_other_is_unknown_or_the_same(zone):
    assert told_to(zone).yours is None


def test_a_visitor_is_told_the_series_clock_alone():
    series = Series(time_zone="Asia/Seoul")
    episode = Episode(series=series, number=3, airs_at=WEDNESDAY, airs_precision="minute")
    told = Airing.of(episode, viewer_of(), datetime(2026, 11, 23, tzinfo=UTC))
    assert told is not None
    assert told.yours is None


def test_a_day_has_no_hour_and_no_other_clock():
    told = told_to("Europe/Berlin", precision="day")
    assert not told.is_timed
    assert told.yours is None


def test_a_series_with_an_unknown_zone_is_told_in_utc():
    episode = Episode(series=Series(time_zone="Moon/Base"), number=3, airs_at=WEDNESDAY, airs_precision="minute")
    told = Airing.of(episode, viewer_of(), datetime(2026, 11, 23, tzinfo=UTC))
    assert told is not None
    assert (told.zone, told.airs_at.hour) == ("UTC", 7)


def test_what_has_been_shown_or_nobody_dated_is_not_to_come():
    assert told_to(now="2026-11-25T07:00+00:00") is None
    episode = Episode(series=Series(time_zone="UTC"), number=3, airs_at=None)
    assert Airing.of(episode, viewer_of(), datetime(2026, 11, 23, tzinfo=UTC)) is None


def test_a_guide_names_the_soonest_while_the_series_runs(make_series):
    running = make_series(aired=2)
    with time_machine.travel(timezone.now(), tick=False):
        airing = Guide.of(viewer_of(), running.slug).airing
        assert airing is not None
        assert airing.episode.number == 3
        assert Guide.of(viewer_of(), make_series("over").slug).airing is None


@pytest.mark.parametrize("path", ["/", "/series/drama/", "/series/drama/episodes/2/", "/series/drama/episodes/3/"])
def test_pages_tell_it_while_a_series_runs(client, as_member, alice, make_series, path):
    series = make_series(aired=2, time_zone="Asia/Seoul")
    series.episodes.filter(number=3).update(airs_at=WEDNESDAY, airs_precision="minute")
    alice.settle_in(time_zone="Europe/Berlin")
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        series.episodes.filter(number__lte=2).update(airs_at=datetime(2026, 11, 18, tzinfo=UTC))
        series.episodes.filter(number=4).update(airs_at=datetime(2026, 12, 2, tzinfo=UTC))
        visitor, member = client.get(path).text, as_member(alice).get(path).text
    whole = '<time datetime="2026-11-25T16:00:00+09:00" data-yours="@ yours">Wed 16:00 KST</time> · in 2 days'
    assert whole in visitor  # whose own clock only their browser knows
    assert ":00 yours" not in visitor
    assert "Wed 16:00 KST</time> · 08:00 yours · in 2 days" in member


def test_other_episodes_do_not_tell_it(client, make_series):
    make_series(aired=2)
    assert 'class="airing"' not in client.get("/series/drama/episodes/1/").text
    assert 'class="airing"' in client.get("/series/drama/episodes/2/").text
