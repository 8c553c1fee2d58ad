"""The files that ship with the site: they load, and they keep its promise."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from conftest import viewer_of
from episodes.models import Credit, Episode, Note, Series

CONTENT = Path(__file__).resolve().parent.parent / "content"
FILES = sorted(CONTENT.glob("*.toml"))


@pytest.fixture
def load(db: None) -> Callable[..., list[str]]:
    def run(*files: Path) -> list[str]:
        """What is said of each file, without its name."""
        out = StringIO()
        call_command("load_series", *map(str, files), stdout=out)
        return [line.split(": ", 1)[1] for line in out.getvalue().splitlines()]

    return run


def dump(file: Path) -> str:
    out = StringIO()
    call_command("dump_series", file.stem, stdout=out)
    return out.getvalue()


@pytest.fixture
def first(load: Callable[..., list[str]]) -> Series:
    load(CONTENT / "soundtrack-1.toml")
    return Series.objects.with_words().get(slug="soundtrack-1")


def test_there_are_two_series():
    assert [file.stem for file in FILES] == ["soundtrack-1", "soundtrack-2"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_loads_alone_and_a_second_time_without_effect(load, file):
    assert load(file) == ["created"]
    assert load(file) == ["nothing to do"]


def test_both_load_together_and_know_each_other(load):
    assert load(*FILES) == ["created", "created"]
    assert load(*FILES) == ["nothing to do", "nothing to do"]
    kin = Series.objects.filter(recalled_by__isnull=False).values_list("slug", flat=True)
    assert set(kin) == {"soundtrack-1", "soundtrack-2"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dump_comes_back_as_it_went(load, tmp_path, file):
    load(*FILES)
    text = dump(file)
    dumped = tmp_path / "dumped.toml"
    dumped.write_text(text)
    assert load(dumped) == ["nothing to do"]
    Episode.objects.all().delete()
    Series.objects.all().delete()
    load(
        *FILES,
    )
    Episode.objects.filter(series__slug=file.stem).delete()
    Series.objects.filter(slug=file.stem).delete()
    assert load(dumped) == ["created"]
    assert dump(file) == text


def test_the_first_track_aired_on_a_wednesday_afternoon_in_korea(first):
    airs_at = first.episodes.get(number=1).airs_at
    assert airs_at == datetime(2022, 3, 23, 7, tzinfo=UTC)
    assert list(first.episodes.values_list("title_scope", "runtime")) == [(0, 45), (1, 38), (2, 46), (3, 53)]


def test_the_second_series_came_two_by_two(load):
    load(CONTENT / "soundtrack-2.toml")
    dates = Episode.objects.order_by("number").values_list("airs_at__date", "airs_precision")
    assert [(day.day, precision) for day, precision in dates] == [
        (5, "day"),
        (5, "day"),
        (12, "day"),
        (12, "day"),
        (19, "day"),
        (19, "day"),
    ]  # midnight in Seoul is the evening before in UTC


def test_every_track_is_told(first):
    for episode in Episode.objects.with_words().filter(series=first):
        assert 300 <= len(episode.recap.split()) <= 450
        assert episode.recap_html.count("<p>") == episode.recap.count("\n\n") + 1
        assert "<br>" not in episode.recap_html
        assert episode.logline
        assert episode.bonus_question.endswith("?")
        assert 4 <= episode.key_moments.count() <= 6


def test_only_the_bonus_track_that_is_known_is_told(first):
    told = Episode.objects.with_words().filter(series=first).exclude(bonus_track="")
    assert [episode.number for episode in told] == [1]


def test_both_languages_have_ten_star_phrases(first):
    assert {language: len(set(words["stars"])) for language, words in first.vocabulary.items()} == {"en": 10, "ko": 10}
    assert first.vocabulary["en"]["felt"] == "I felt that 공감"


# What gives something away, by the first track whose viewers may read it.
LATER = {
    1: ["plush", "swallow", "move in", "moves in", "eight years", "loves her", "Married Couple"],
    2: ["driving lesson", "tarot", "dated", "deleted"],
    3: ["Jennifer", "제니퍼", "Benzema", "Jay Jun", "제이준", "abroad", "first camera", "South Africa"],
    4: ["Tae-yoon", "two shadows", "scarf", "happy ending", "happily", "A year on", "a year has gone"],
}


def told_to(series: Series, point: int) -> str:
    """All that a reader at this point is sent of a series, as one text."""
    viewer = viewer_of(cookie={series.pk: point})
    own: Any = Series.objects.for_reader(viewer).get(pk=series.pk)
    parts: list[Any] = [own.tagline, own.synopsis, own.sent_ending, own.vocabulary, *own.tags.all()]
    parts += [kin.why for kin in own.kin.all()]
    parts += [song.title for song in own.songs.all()]
    for credit in Credit.objects.for_reader(viewer, series):
        parts += [credit.person, credit.character, credit.native_character, credit.note, credit.also_written]
    for note in Note.objects.for_reader(viewer, series):
        parts += [note.about, note.text]
    episode: Any
    for episode in Episode.objects.filter(series=series).for_reader(viewer, series):
        parts += [episode.logline, episode.sent_title, episode.sent_native_title, episode.sent_recap_html]
        parts += [episode.sent_bonus_track_html, episode.sent_bonus_question]
        parts += [moment.text for moment in episode.key_moments.for_reader(viewer, series)]
    return "\n".join(str(part) for part in parts if part)


@pytest.mark.parametrize("point", range(4))
def test_nobody_is_told_what_lies_ahead(first, point):
    told = told_to(first, point)
    ahead = [words for track, given_away in LATER.items() if track > point for words in given_away]
    assert [words for words in ahead if re.search(re.escape(words), told, re.IGNORECASE)] == []
    assert all(words in told_to(first, 4) for words in ("plush", "tarot", "Jennifer", "Tae-yoon"))


def test_titles_of_later_tracks_wait(first):
    assert "A Picture Is Worth a Thousand Words" not in told_to(first, 0)
    assert "A Picture Is Worth a Thousand Words" in told_to(first, 1)
    assert "It Must Be Love" not in told_to(first, 2)


def test_the_files_say_nothing_that_only_an_editor_could_add():
    for file in FILES:
        data = tomllib.loads(file.read_text())
        assert "watch_links" not in data  # where it streams today is unknown
        assert not any("quote" in review for review in data.get("press", []))
