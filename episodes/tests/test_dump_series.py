from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from episodes.models import Credit, Episode, KeyMoment, Person, Series


def dump(slug: str = "drama", **options: Any) -> str:
    out = StringIO()
    call_command("dump_series", slug, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def load(tmp_path: Path, db: None) -> Callable[[str], str]:
    def run(text: str) -> str:
        file = tmp_path / "dumped.toml"
        file.write_text(text)
        out = StringIO()
        call_command("load_series", str(file), stdout=out)
        return out.getvalue().replace(f"{file}: ", "")

    return run


def forget(series: Series) -> None:
    """Take a series away, so that only its dump remains."""
    series.episodes.all().delete()
    series.delete()
    Person.objects.all().delete()


def test_loading_a_dump_changes_nothing(series, load):
    assert load(dump()) == "nothing to do\n"
    series.refresh_from_db()
    assert series.version == 1
    assert set(series.episodes.values_list("version", flat=True)) == {1}


def test_a_dump_of_what_a_dump_made_is_the_same_dump(series, load):
    text = dump()
    forget(series)
    assert load(text) == "created\n"
    assert dump() == text


def test_a_dump_has_the_words_and_leaves_out_what_goes_without_saying(series):
    file = tomllib.loads(dump())
    assert file["series"]["ending"] == "Happily, in the snow."
    assert file["episodes"][1]["recap"] == "Recap 2"
    assert "title_scope" not in file["episodes"][1]
    assert "ending_scope" not in file["series"]
    assert "published" not in file["series"]
    assert "songs" not in file


def test_a_dump_says_what_differs_from_what_goes_without_saying(make_series, load):
    series = make_series(published_at=None, ending_scope=999)
    Episode.objects.filter(number=2).update(title_scope=0)
    file = tomllib.loads(dump())
    assert file["series"]["published"] is False
    assert file["series"]["ending_scope"] == 999
    assert file["episodes"][1]["title_scope"] == 0
    assert load(dump()) == "nothing to do\n"
    Credit.objects.create(series=series, job="cast", person=Person.objects.create(name="Ae-ra"))
    assert tomllib.loads(dump())["people"] == [{"name": "Ae-ra"}]


def test_a_dump_keeps_what_editors_made_by_hand(series, load):
    series.episodes.update(runtime=70)
    first = series.episodes.get(number=1)
    for at in (None, 90, 3725):
        KeyMoment.objects.create(episode=first, text=f"At {at}", at=at)
    song = series.songs.create(title="Umbrella")
    song.cues.create(episode=first, at=750)
    song.cues.create(episode=first)
    for native_name in ("애라", "애래"):
        person = Person.objects.create(name="Ae-ra", native_name=native_name)
        Credit.objects.create(series=series, job="cast", person=person)
    text = dump()
    file = tomllib.loads(text)
    assert [moment.get("at") for moment in file["episodes"][0]["key_moments"]] == ["1:30", "1:02:05", None]
    assert file["songs"][0]["cues"] == [{"episode": 1, "at": "12:30"}, {"episode": 1}]
    assert [credit["person"] for credit in file["credits"]] == ["Ae-ra (애라)", "Ae-ra (애래)"]
    assert load(text) == "nothing to do\n"
    forget(series)
    load(text)
    assert dump() == text


def test_air_times_are_written_in_the_series_time_zone(make_series):
    series = make_series(episodes=3, time_zone="Europe/Berlin")
    known = (
        (1, datetime(2022, 3, 22, 23, tzinfo=UTC), "day"),
        (2, datetime(2022, 7, 1, 18, tzinfo=UTC), "minute"),
        (3, datetime(2022, 10, 30, 1, 30, tzinfo=UTC), "minute"),  # 02:30 for the second time that night
    )
    for number, airs_at, precision in known:
        series.episodes.filter(number=number).update(airs_at=airs_at, airs_precision=precision)
    airs = [episode["airs"] for episode in tomllib.loads(dump())["episodes"]]
    assert airs[0] == date(2022, 3, 23)
    assert airs[1] == datetime(2022, 7, 1, 20)  # noqa: DTZ001 - the file's local time
    assert airs[2].isoformat() == "2022-10-30T02:30:00+01:00"


def test_a_time_on_a_day_that_is_only_known_to_the_day_does_not_count_as_a_change(make_series, load):
    series = make_series(episodes=1)
    series.episodes.update(airs_at=datetime(2022, 3, 23, 7, tzinfo=UTC), airs_precision="day")
    assert load(dump()) == "nothing to do\n"


def test_quotes_backslashes_and_scripts_survive(series, load):
    recap = 'She said "so" \\o/ – 공감 """ and\n\n> left\n\nA\ttab.'
    episode = Episode.objects.with_words().get(number=1)
    episode.recap = recap
    episode.render()
    episode.save()
    text = dump()
    assert tomllib.loads(text)["episodes"][0]["recap"] == recap
    assert load(text) == "nothing to do\n"


def test_rows_stand_in_blocks_of_their_own(series):
    KeyMoment.objects.create(episode=series.episodes.get(number=1), text="It snows.")
    text = dump()
    assert text.count("\n[[episodes]]\n") == 4
    assert '\n[[episodes.key_moments]]\ntext = "It snows."\n' in text
    assert text.startswith("[series]\n")


def test_it_is_written_to_a_file(series, tmp_path):
    file = tmp_path / "drama.toml"
    assert dump(output=file) == ""
    assert file.read_text() == dump()


def test_a_place_that_cannot_be_written_is_said(series, tmp_path):
    with pytest.raises(CommandError, match=r"cannot be written: No such file"):
        dump(output=tmp_path / "gone" / "drama.toml")


def test_an_unknown_series_is_said(db):
    with pytest.raises(CommandError, match="There is no series 'drama'"):
        dump()
