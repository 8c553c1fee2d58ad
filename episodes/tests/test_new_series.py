from __future__ import annotations

import tomllib
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from episodes.models import Series

GIVEN = {
    "--title": "Late Snow",
    "--episodes": "4",
    "--first-date": "2027-01-06",
    "--weekdays": "wed,thu",
    "--runtime": "60",
}


def new_series(**changed: str | None) -> str:
    """What it writes; `weekdays=None` leaves an option out."""
    given = GIVEN | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    out = StringIO()
    options = [part for name, value in given.items() if value is not None for part in (name, value)]
    call_command("new_series", *options, stdout=out)
    return out.getvalue()


def airs(text: str) -> list[date]:
    return [episode["airs"] for episode in tomllib.loads(text)["episodes"]]


@pytest.mark.django_db
def test_it_dates_the_episodes_by_weekday():
    text = new_series()
    assert airs(text) == [date(2027, 1, 6), date(2027, 1, 7), date(2027, 1, 13), date(2027, 1, 14)]
    file = tomllib.loads(text)
    assert file["series"]["slug"] == "late-snow"
    assert [episode["number"] for episode in file["episodes"]] == [1, 2, 3, 4]
    assert {episode["runtime"] for episode in file["episodes"]} == {60}


@pytest.mark.django_db
def test_without_weekdays_it_is_weekly():
    assert airs(new_series(weekdays=None))[:2] == [date(2027, 1, 6), date(2027, 1, 13)]


@pytest.mark.django_db
def test_an_air_time_is_local():
    text = new_series(air_time="21:30", time_zone="Asia/Seoul")
    assert airs(text)[0] == datetime(2027, 1, 6, 21, 30)  # noqa: DTZ001 - the file's local time
    assert tomllib.loads(text)["series"]["time_zone"] == "Asia/Seoul"


@pytest.mark.django_db
def test_its_file_loads_as_it_is(tmp_path: Path):
    file = tmp_path / "late-snow.toml"
    new_series(output=str(file), title="늦은 눈", slug="late-snow")
    call_command("load_series", str(file), stdout=StringIO())
    assert Series.objects.get().episodes.count() == 4


@pytest.mark.django_db
def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path):
    file = tmp_path / "late-snow.toml"
    file.write_text("mine")
    with pytest.raises(CommandError, match="is left as it is"):
        new_series(output=str(file))
    assert file.read_text() == "mine"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"title": "눈"}, "--slug: this title has no letters"),
        ({"title": ""}, "--slug"),
        ({"slug": "late snow"}, "series.slug: Enter a valid"),
        ({"episodes": "0"}, "--episodes: between 1 and 999"),
        ({"episodes": "1000"}, "--episodes: between 1 and 999"),
        ({"episodes": "four"}, "invalid int value"),
        ({"first_date": "2027-13-01"}, "'2027-13-01' is no date"),
        ({"first_date": "2027-01-08"}, "--first-date: 2027-01-08 is a fri, none of the weekdays"),
        ({"first_date": "9999-12-29"}, "the calendar ends before the series does"),
        ({"weekdays": "wed,thirsty"}, "'thirsty' is none of mon"),
        ({"air_time": "25:00"}, "'25:00' is no time"),
        ({"time_zone": "Mars"}, "series.time_zone: 'Mars' is no time zone"),
        ({"runtime": "0"}, "runtime: Ensure this value"),
        ({"output": "/nowhere/at/all.toml"}, "cannot be written"),
    ],
)
def test_what_no_series_can_be_is_refused(changed, problem):
    with pytest.raises(CommandError, match=problem):
        new_series(**changed)
