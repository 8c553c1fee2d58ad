from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import seen
from episodes.documents.stored import Stored
from episodes.models import Credit, Cue, Episode, KeyMoment, Kin, Person, PressReview, Series, Song, Tag
from episodes.models.series import MOST_EPISODES

FULL = """
[series]
slug = "late-snow"
title = "Late Snow"
native_title = "늦은 눈"
aliases = ["Late Snow!", "늦은눈"]
tagline = "It snows in April."
synopsis = "Two people, one umbrella."
ending = "In the dry."
network = "TV"
country = "KR"
language = "ko"
time_zone = "Asia/Seoul"
premiere = 2022-03-23
ink = "sea"

[vocabulary.en]
one = "Flake"
many = "Flakes"

[tags]
genre = ["romance"]
mood = ["cold", "warm"]

[[people]]
name = "Ae-ra"
native_name = "애라"
known_for = "Early Snow"

[[people]]
name = "Bo-ra"

[[credits]]
job = "cast"
character = "Hana"
person = "Ae-ra"

[[credits]]
job = "cast"
character = "Stranger"
scope = 2

[[credits]]
job = "director"
person = "Bo-ra"

[[songs]]
part = 1
title = "Umbrella"
released_on = 2022-01-01

[[songs.cues]]
episode = 1
at = "12:30"

[[watch_links]]
service = "TV"
checked_on = 2022-05-01

[[press]]
outlet = "Paper"
score = 4.5

[[press]]
outlet = "Paper"
episode = 1
score = 4

[[kin]]
title = "Early Snow"
why = "More weather."

[[notes]]
about = "The umbrella"
text = "Some say parasol."

[[sources]]
name = "Paper"

[[episodes]]
number = 1
title = "First"
airs = 2022-03-23T16:00:00
runtime = 45
logline = "It begins."
recap = "It *snows*."
bonus_question = "Do you?"

[[episodes.key_moments]]
text = "It snows."
at = "1:00"

[[episodes.key_moments]]
text = "It stops."

[[episodes]]
number = 2
airs = 2022-03-30
"""


@pytest.fixture
def load(tmp_path: Path, db: None) -> Callable[..., str]:
    def run(text: str | bytes = FULL, **options: Any) -> str:
        """What the command says about a file of this text, without the file's name."""
        file = tmp_path / "file.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = StringIO()
        call_command("load_series", str(file), stdout=out, **options)
        return out.getvalue().replace(f"{file}: ", "")

    return run


@pytest.fixture
def refusal(load: Callable[..., str], tmp_path: Path) -> Callable[[str | bytes], list[str]]:
    def run(text: str | bytes) -> list[str]:
        """The problems of a bad file, which must all name it and leave no trace."""
        with pytest.raises(CommandError) as caught:
            load(text)
        first, *problems = str(caught.value).split("\n")
        assert first == "Nothing is loaded."
        assert not Series.objects.exists()
        assert not Person.objects.exists()
        assert not Tag.objects.exists()
        prefix = f"{tmp_path / 'file.toml'}: "
        assert all(problem.startswith(prefix) for problem in problems)
        return [problem.removeprefix(prefix) for problem in problems]

    return run


def snow() -> Series:
    return Series.objects.with_words().get(slug="late-snow")


def flake(number: int = 1) -> Episode:
    return Episode.objects.with_words().get(series__slug="late-snow", number=number)


def versions() -> list[int]:
    return [snow().version, *Episode.objects.order_by("number").values_list("version", flat=True)]


# Creating


def test_a_file_becomes_a_published_series(load):
    assert load() == "created\n"
    series = snow()
    assert (series.title, series.native_title, series.ink) == ("Late Snow", "늦은 눈", "sea")
    assert series.aliases == ["Late Snow!", "늦은눈"]
    assert series.vocabulary == {"en": {"one": "Flake", "many": "Flakes"}}
    assert series.premiere == date(2022, 3, 23)
    assert series.published_at is not None
    assert {str(tag) for tag in series.tags.all()} == {"romance", "cold", "warm"}
    assert versions() == [1, 1, 1]


def test_credits_songs_and_the_rest_come_with_it_in_their_order(load):
    load()
    series = snow()
    assert [str(credit.person) for credit in series.credits.all()] == ["Ae-ra", "None", "Bo-ra"]
    assert Person.objects.get(name="Ae-ra").known_for == "Early Snow"
    assert list(Cue.objects.values_list("song__title", "episode__number", "at")) == [("Umbrella", 1, 750)]
    assert set(series.press_reviews.values_list("episode__number", "score")) == {
        (None, Decimal("4.5")),
        (1, Decimal(4)),
    }
    assert series.watch_links.get().checked_on == date(2022, 5, 1)
    assert [series.kin.get().title, series.notes.get().about, series.sources.get().name] == [
        "Early Snow",
        "The umbrella",
        "Paper",
    ]
    assert list(flake().key_moments.values_list("text", "at")) == [("It snows.", 60), ("It stops.", None)]


def test_editors_texts_are_rendered(load):
    load()
    assert flake().recap_html == "<p>It <em>snows</em>.</p>"


def test_a_time_is_of_the_series_time_zone_and_a_date_is_its_midnight(load):
    load()
    assert (flake(1).airs_at, flake(1).airs_precision) == (datetime(2022, 3, 23, 7, tzinfo=UTC), "minute")
    assert (flake(2).airs_at, flake(2).airs_precision) == (datetime(2022, 3, 29, 15, tzinfo=UTC), "day")


def test_an_offset_says_the_time_by_itself(load):
    load(FULL.replace("16:00:00", "16:00:00+01:00"))
    assert flake(1).airs_at == datetime(2022, 3, 23, 15, tzinfo=UTC)


def test_what_a_file_leaves_out_has_a_meaning(load):
    load()
    assert (flake(1).title_scope, flake(2).title_scope) == (0, 1)
    assert snow().ending_scope == 2
    assert Credit.objects.get(character="Hana").scope == 0


def test_a_draft_is_not_published_and_is_published_later(load):
    draft = FULL.replace("[series]", "[series]\npublished = false")
    load(draft)
    assert snow().published_at is None
    load(FULL)
    since = snow().published_at
    assert since is not None
    load(FULL.replace("It begins", "It starts"))
    assert snow().published_at == since
    load(draft)
    assert snow().published_at is None


def test_several_files_are_loaded_together_or_not_at_all(load, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(FULL.replace("late-snow", "later-snow").replace("number = 2", "number = 1"))
    good = tmp_path / "good.toml"
    good.write_text(FULL)
    with pytest.raises(CommandError, match=r"other\.toml: episodes\.1: is there twice"):
        call_command("load_series", str(good), str(other))
    assert not Series.objects.exists()


def test_kin_on_this_site_are_linked_whatever_the_order(load, tmp_path):
    files = []
    for slug, other in (("one", "two"), ("two", "one")):
        file = tmp_path / f"{slug}.toml"
        link = f'title = "Early Snow"\nseries = "{other}"'
        file.write_text(FULL.replace("late-snow", slug).replace('title = "Early Snow"', link))
        files.append(str(file))
    for said in (["created", "created"], ["nothing to do", "nothing to do"]):
        out = StringIO()
        call_command("load_series", *files, stdout=out)
        assert [line.split(": ")[1] for line in out.getvalue().splitlines()] == said
    assert set(Kin.objects.values_list("series__slug", "to_series__slug")) == {("one", "two"), ("two", "one")}


def test_kin_that_come_later_are_linked_by_the_next_load(load, make_series):
    text = FULL.replace('title = "Early Snow"\nwhy', 'title = "Early Snow"\nseries = "early-snow"\nwhy')
    load(text)
    assert Kin.objects.get().to_series is None
    early = make_series("early-snow")
    assert load(text) == "updated 1 thing\n"
    assert Kin.objects.get().to_series == early


def test_people_are_shared_between_series(load):
    load()
    other = FULL.replace("late-snow", "later-snow").replace('known_for = "Early Snow"\n', "")
    load(other)
    person = Person.objects.get(name="Ae-ra")
    assert person.credits.count() == 2
    assert person.known_for == "Early Snow"  # what a file leaves out, it does not unsay
    load(FULL.replace('known_for = "Early Snow"', 'known_for = "Early Snow, Hail"'))
    assert Series.objects.get(slug="later-snow").version == 2


def test_namesakes_are_told_apart(load):
    twin = '[[people]]\nname = "Ae-ra"\nnative_name = "애래"\n\n[[credits]]\njob = "writer"\nperson = "Ae-ra (애래)"\n'
    text = FULL.replace('person = "Ae-ra"', 'person = "Ae-ra (애라)"') + twin
    load(text)
    assert set(Credit.objects.filter(person__name="Ae-ra").values_list("job", "person__native_name")) == {
        ("cast", "애라"),
        ("writer", "애래"),
    }
    assert load(text) == "nothing to do\n"


def test_a_file_may_begin_with_a_byte_order_mark(load):
    assert load(b"\xef\xbb\xbf" + FULL.encode()) == "created\n"


# Loading again


def rows():
    words = Series.objects.with_words(), Episode.objects.with_words()
    return [list(table.values()) for table in (*words, KeyMoment.objects)]


def test_loading_twice_changes_nothing(load):
    load()
    before = rows()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert load() == "nothing to do\n"
    assert rows() == before
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_changed_in_the_file_alone_is_taken_and_raises_only_its_versions(load):
    load()
    text = FULL.replace("It *snows*.", "It **snows**.").replace("It snows in April.", "It snows in May.")
    assert load(text) == "updated 2 things\n"
    assert flake().recap_html == "<p>It <strong>snows</strong>.</p>"
    assert snow().tagline == "It snows in May."
    assert versions() == [2, 2, 1]
    assert load(text) == "nothing to do\n"


def test_a_changed_moment_or_cue_raises_its_episode(load):
    load()
    load(FULL.replace('at = "1:00"', 'at = "2:00"'))
    assert versions() == [2, 2, 1]
    load(FULL.replace('at = "1:00"', 'at = "2:00"').replace('at = "12:30"', 'at = "12:31"'))
    assert versions() == [3, 3, 1]
    assert Cue.objects.get().at == 751


@pytest.mark.parametrize(
    ("gone", "model"),
    [
        ('[[credits]]\njob = "cast"\ncharacter = "Stranger"\nscope = 2\n', Credit),
        ('[[songs.cues]]\nepisode = 1\nat = "12:30"\n', Cue),
        ('[[press]]\noutlet = "Paper"\nscore = 4.5\n', PressReview),
        ('[[kin]]\ntitle = "Early Snow"\nwhy = "More weather."\n', Kin),
        ('[[episodes.key_moments]]\ntext = "It stops."\n', KeyMoment),
        ("[[episodes]]\nnumber = 2\nairs = 2022-03-30\n", Episode),
    ],
)
def test_a_row_that_left_the_file_is_removed(load, gone, model):
    assert gone in FULL
    full = FULL.replace("scope = 2\n", "") if model is Episode else FULL
    load(full)
    before = model.objects.count()
    load(full.replace(gone, ""))
    assert model.objects.count() == before - 1


def test_a_tag_that_left_the_file_is_no_longer_the_series(load):
    load()
    assert load(FULL.replace('"cold", ', "")) == "updated 1 thing\n"
    assert {str(tag) for tag in snow().tags.all()} == {"romance", "warm"}


def test_rows_follow_the_order_of_the_file(load):
    load()
    first = '[[episodes.key_moments]]\ntext = "It stops."\n\n'
    moved = FULL.replace(first, "").replace("[[episodes.key_moments]]\n", first + "[[episodes.key_moments]]\n", 1)
    load(moved)
    assert [moment.text for moment in flake().key_moments.all()] == ["It stops.", "It snows."]
    assert load(moved) == "nothing to do\n"


def test_a_known_date_follows_the_time_zone(load):
    load()
    moved = FULL.replace("Asia/Seoul", "Europe/Berlin")
    load(moved)
    assert flake(2).airs_at == datetime(2022, 3, 29, 22, tzinfo=UTC)
    assert load(moved) == "nothing to do\n"


# What editors changed


def test_what_an_editor_changed_is_kept_and_reported(load):
    load()
    Episode.objects.filter(number=2).update(logline="Edited.")
    text = FULL + 'logline = "From the file."\n'
    assert load(text) == "nothing to do\nkept: episodes.2.logline\n"
    assert load(text) == "nothing to do\nkept: episodes.2.logline\n"
    assert flake(2).logline == "Edited."
    assert load(text, overwrite=True) == "updated 1 thing\n"
    assert flake(2).logline == "From the file."


def test_an_editors_change_is_kept_when_the_file_stayed_the_same(load):
    load()
    Series.objects.update(tagline="Edited.", vocabulary={"en": {"one": "Crystal", "many": "Flakes", "felt": "Brr"}})
    PressReview.objects.filter(episode=None).update(score=3)
    assert load().splitlines() == [
        "nothing to do",
        "kept: series.tagline",
        "kept: vocabulary.en.one",
        "kept: vocabulary.en.felt",
        "kept: press.Paper.score",
    ]
    assert snow().vocabulary["en"] == {"one": "Crystal", "many": "Flakes", "felt": "Brr"}


def test_the_file_changes_one_word_beside_another_that_an_editor_changed(load):
    load()
    Series.objects.update(vocabulary={"en": {"one": "Crystal", "many": "Flakes"}})
    load(FULL.replace('many = "Flakes"', 'many = "Snow"'))
    assert snow().vocabulary == {"en": {"one": "Crystal", "many": "Snow"}}


def test_an_editor_who_said_the_same_as_the_file_is_not_reported(load):
    load()
    Series.objects.update(tagline="It snows in May.")
    assert load(FULL.replace("in April", "in May")) == "nothing to do\n"


def test_rows_that_an_editor_added_or_removed_stay_so(load):
    load()
    snow().sources.create(name="Radio", order=9)
    snow().kin.all().delete()
    assert load() == "nothing to do\nkept: kin.Early Snow: removed here\nkept: sources.Radio: added here\n"
    assert load(overwrite=True) == "updated 2 things\n"
    assert snow().kin.count() == snow().sources.count() == 1


def test_a_row_that_an_editor_changed_outlives_its_removal_from_the_file(load):
    load()
    Credit.objects.filter(character="Stranger").update(note="With a hat.")
    text = FULL.replace('[[credits]]\njob = "cast"\ncharacter = "Stranger"\nscope = 2\n', "")
    assert load(text) == "nothing to do\nkept: credits.cast · Stranger: changed here\n"
    assert Credit.objects.filter(character="Stranger").exists()


def test_an_editors_order_is_kept(load):
    load()
    KeyMoment.objects.filter(text="It snows.").update(order=5)
    assert load() == "nothing to do\nkept: episodes.1.key_moments: their order\n"
    text = FULL.replace('text = "It stops."\n', 'text = "It stops."\n\n[[episodes.key_moments]]\ntext = "It thaws."\n')
    load(text)
    assert [moment.text for moment in flake().key_moments.all()] == ["It stops.", "It thaws.", "It snows."]
    load(text, overwrite=True)
    assert [moment.text for moment in flake().key_moments.all()] == ["It snows.", "It stops.", "It thaws."]


def test_a_series_made_by_hand_keeps_what_it_says_and_takes_the_rest(load):
    Series.objects.create(slug="late-snow", title="Late Snow", tagline="By hand.", time_zone="Asia/Seoul")
    said = load()
    assert "kept: series.tagline\n" in said
    assert (snow().tagline, snow().native_title) == ("By hand.", "늦은 눈")
    assert snow().episodes.count() == 2


def test_what_editors_and_the_file_say_must_still_go_together(load):
    load()
    Series.objects.update(ending_scope=MOST_EPISODES)
    Credit.objects.filter(character="Hana").update(scope=2)
    short = FULL.replace("[[episodes]]\nnumber = 2\nairs = 2022-03-30\n", "").replace("scope = 2\n", "")
    with pytest.raises(CommandError, match=r"credits\.cast · Hana · Ae-ra \(애라\)\.scope: 2 is beyond"):
        load(short)
    assert snow().episodes.count() == 2


def test_texts_saved_by_a_browser_do_not_count_as_changed(load):
    load(FULL.replace('"It *snows*."', '"""One\n\nTwo"""'))
    Episode.objects.filter(number=1).update(recap="One\r\n\r\nTwo\r\n")
    assert load(FULL.replace('"It *snows*."', '"""One\n\nTwo"""')) == "nothing to do\n"


# What members built on

SHORT = FULL.replace("[[episodes]]\nnumber = 2\nairs = 2022-03-30\n", "").replace("scope = 2\n", "")
KEPT = "nothing to do\nkept: episodes.2: members have been there\n"


@pytest.fixture
def loaded(load) -> Callable[..., str]:
    load(FULL.replace("scope = 2\n", "").replace("ending = ", "ending_scope = 1\nending = "))
    return lambda **options: load(SHORT.replace("ending = ", "ending_scope = 1\nending = "), **options)


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_episode_with_reviews_is_never_removed(loaded, alice, make_review, overwrite):
    make_review(alice, Episode.objects.select_related("series").get(number=2))
    assert loaded(overwrite=overwrite) == KEPT


def test_an_episode_with_comments_is_never_removed(loaded, alice, make_comment):
    make_comment(alice, Episode.objects.select_related("series").get(number=2))
    assert loaded() == KEPT


def test_an_episode_that_members_have_seen_is_never_removed(loaded, alice):
    seen(alice, snow(), 2)
    seen(alice, snow(), 1)
    assert loaded() == KEPT


def test_an_episode_that_a_text_spoils_is_never_removed(loaded, alice, make_comment):
    make_comment(alice, snow(), spoils_through=2)
    assert loaded() == KEPT


def test_a_kept_episode_keeps_its_moments(load, alice):
    text = FULL.replace("scope = 2\n", "") + '\n[[episodes.key_moments]]\ntext = "Later."\n'
    load(text)
    seen(alice, snow(), 2)
    load(SHORT)
    assert flake(2).key_moments.get().text == "Later."


# Bad files


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('tagline = "It', 'tag_line = "It', "series.tag_line: unknown key"),
        ("[[sources]]", "[[source]]", "source: unknown key"),
        ('job = "director"\n', 'job = "director"\nsalary = 3\n', "credits.director · Bo-ra.salary: unknown key"),
        ("[tags]\n", "[tags]\nweather = []\n", "tags.weather: unknown key"),
        ('text = "It stops."', 'words = "It stops."', "episodes.1.key_moments.#2.words: unknown key"),
        ('title = "Late Snow"\n', "", "series.title: is missing"),
        ('slug = "late-snow"\n', "", "series.slug: is missing"),
        ('title = "Late Snow"\n', 'title = ""\n', "series.title: is empty"),
        ("checked_on = 2022-05-01\n", "", "watch_links.TV.checked_on: is missing"),
        ('why = "More weather."\n', "", "kin.Early Snow.why: is missing"),
        ("number = 2\n", "", "episodes.#2.number: is missing"),
        ('title = "First"', "title = 1", "episodes.1.title: a text is wanted here, not 1"),
        ("runtime = 45", 'runtime = "45"', "episodes.1.runtime: a whole number is wanted here, not '45'"),
        ("runtime = 45", "runtime = true", "episodes.1.runtime: a whole number is wanted here, not True"),
        ("runtime = 45", "runtime = 99999", "episodes.1.runtime: 99999 is not between 0 and 32767"),
        ("runtime = 45", "runtime = 0", "episodes.1.runtime: Ensure this value is greater than or equal to 1."),
        ("number = 2", "number = 0", "episodes.0.number: Ensure this value is greater than or equal to 1."),
        ("number = 2", "number = 1", "episodes.1: is there twice"),
        ('name = "Bo-ra"', 'name = "Ae-ra"\nnative_name = "애라"', "people.Ae-ra (애라): is there twice"),
        ('character = "Stranger"\n', 'character = "Hana"\nperson = "Ae-ra"\n', "is there twice"),
        ("[[songs.cues]]", '[[songs]]\npart = 1\nartist = "X"\n[[songs.cues]]', "songs.part 1: is there twice"),
        ("[[notes]]", '[[kin]]\ntitle = "Early Snow"\nwhy = "So."\n[[notes]]', "kin.Early Snow: is there twice"),
        ('"cold", "warm"', '"cold", "cold"', "tags.mood.cold: is there twice"),
        ("premiere = 2022-03-23", 'premiere = "soon"', "series.premiere: a date such as 2022-03-23 is wanted here"),
        ("premiere = 2022-03-23", "premiere = 0001-01-01", "series.premiere: 1 is no year of a drama"),
        ("airs = 2022-03-30", 'airs = "2022-03-30"', "episodes.2.airs: a date such as 2022-03-23 or a time"),
        ("airs = 2022-03-30", "airs = 9999-12-31T23:00:00-09:00", "episodes.2.airs: 9999 is no year of a drama"),
        ("Asia/Seoul", "Asia/Soul", "series.time_zone: 'Asia/Soul' is no time zone"),
        ("Asia/Seoul", "../etc", "series.time_zone: '../etc' is no time zone"),
        ("Asia/Seoul", "", "series.time_zone: '' is no time zone"),
        ("scope = 2", "scope = 3", "credits.cast · Stranger.scope: 3 is beyond the last episode, 2"),
        ("number = 2", "number = 2\ntitle_scope = 3", "episodes.2.title_scope: 3 is beyond the last episode, 2"),
        ("number = 1", "number = 1\ntitle_scope = 2", "episodes.1: A title cannot spoil later episodes than its own."),
        ("ending = ", "ending_scope = 3\nending = ", "series.ending_scope: 3 is beyond the last episode, 2"),
        ('one = "Flake"', 'uno = "Flake"', "vocabulary: en: one, many, epilogue, felt and stars"),
        ("[vocabulary.en]", "[vocabulary.xx]", "vocabulary: xx is no language of this site."),
        ('one = "Flake"', 'stars = ["one"]', "vocabulary: en: ten star phrases, or none."),
        ('one = "Flake"', "one = 1", "vocabulary: a text is wanted here, not 1"),
        ("[vocabulary.en]\n", "[vocabulary]\n", "vocabulary: one is no language of this site."),
        ('person = "Bo-ra"', 'person = "Nobody"', "credits.director.person: 'Nobody' is not among the people"),
        ('person = "Bo-ra"', 'person = "Ae-ra"', "people.Bo-ra: no credit names this person"),
        ('character = "Stranger"\n', "", "credits.cast: A credit names a person, a character or both."),
        ('job = "director"', 'job = "gaffer"', "credits.gaffer · Bo-ra.job: Value 'gaffer' is not a valid choice."),
        ('ink = "sea"', 'ink = "puce"', "series.ink: Value 'puce' is not a valid choice."),
        ("late-snow", "late snow", "series.slug: Enter a valid “slug”"),
        ('why = "More weather."', f'why = "{"so " * 21}"', "kin.Early Snow.why: At most 20 words."),
        (
            'title = "Early',
            'series = "late-snow"\ntitle = "Early',
            "kin.Early Snow.series: a series is not its own kin",
        ),
        ('outlet = "Paper"\nscore = 4.5', 'outlet = "Paper"\nscore = 6', "press.Paper: The score lies between 0 and"),
        ("score = 4.5", "score = nan", "press.Paper.score: NaN is no score"),
        ("score = 4.5", "score = 1e999999999", "press.Paper.score: 1E+999999999 is no score"),
        ("score = 4.5", "score = 4.125", "press.Paper.score: Ensure that there are no more than 2 decimal places."),
        ("score = 4.5\n", "", "press.Paper: A press review has a score, a quote or both."),
        ("episode = 1\nscore", "episode = 7\nscore", "press.episode 7 · Paper.episode: there is no episode 7"),
        ("episode = 1\nat", "episode = 7\nat", "songs.part 1.cues.episode 7 at 12:30.episode: there is no episode 7"),
        ('at = "12:30"', 'at = "46:00"', "songs.part 1.cues.episode 1 at 46:00.at: is after the end of the episode"),
        ('at = "1:00"', 'at = "45:01"', "episodes.1.key_moments.It snows..at: is after the end of the episode"),
        ('at = "1:00"', 'at = "1:60"', 'a time such as "12:30" or "1:02:03" is wanted here, not \'1:60\''),
        ('at = "1:00"', "at = 60", 'a time such as "12:30" or "1:02:03" is wanted here, not 60'),
        ('title = "Umbrella"\n', "", "songs.part 1: A song has a title or an artist."),
        ('service = "TV"\n', 'service = "TV"\nurl = "tv"\n', "watch_links.TV.url: Enter a valid URL."),
        ('logline = "It', f'logline = "{"x" * 300}It', "episodes.1.logline: has 310 characters; 300 is the most"),
        ('recap = "It', f'recap = "{"x" * 10_000}It', "episodes.1.recap: has 10011 characters; 10000 is the most"),
        ('logline = "It', 'logline = "\\u0000It', "episodes.1.logline: has control characters"),
        ('logline = "It', 'logline = "\\nA\\nIt', "episodes.1.logline: one line only"),
        ('"Late Snow!", ', '"늦은눈", ', "series.aliases: no text in it may be empty or come twice"),
        ('aliases = ["Late Snow!", "늦은눈"]', 'aliases = "x"', "series.aliases: a list of texts is wanted here"),
        ("[[notes]]", "[notes]", "notes: a list of tables is wanted here"),
        ("[series]", "[[series]]", "series: a table is wanted here"),
        ('genre = ["romance"]', 'genre = "romance"', "tags.genre: a list of texts is wanted here"),
    ],
)
def test_a_bad_value_is_refused_with_its_path_and_reason(refusal, old, new, problem):
    assert old in FULL
    problems = refusal(FULL.replace(old, new, 1))
    assert any(problem in said for said in problems), problems


def test_every_problem_of_a_file_is_reported_at_once(refusal):
    text = FULL.replace('title = "Late Snow"\n', "").replace("scope = 2", "scope = 9").replace("Asia/Seoul", "Mars")
    assert refusal(text + "colour = 3\n") == [
        "series.title: is missing",
        "series.time_zone: 'Mars' is no time zone",
        "episodes.2.colour: unknown key",
        "credits.cast · Stranger.scope: 9 is beyond the last episode, 2",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[series\n", "not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 8)"),
        ("[series]\nslug = 1\nslug = 2\n", "not valid TOML: Cannot overwrite a value (at line 3, column 9)"),
        ("premiere = 2022-13-45\n", "not valid TOML: "),
        (f"x = {'9' * 5000}\n", "not valid TOML: "),
        (f"x = {'[' * 5000}\n", "not valid TOML: nested too deeply"),
        (b'[series]\ntitle = "\xff"\n', "not UTF-8: byte 18"),
        ("", "series: is missing"),
        ("", "episodes: a series has at least one"),
    ],
)
def test_a_broken_file_is_refused(refusal, text, problem):
    problems = refusal(text)
    assert any(said.startswith(problem) for said in problems), problems


def test_a_file_that_is_not_there_is_refused(db, tmp_path):
    with pytest.raises(CommandError, match=r"gone\.toml: cannot be read: No such file"):
        call_command("load_series", str(tmp_path / "gone.toml"))
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        call_command("load_series", str(tmp_path))


def test_a_database_that_refuses_is_quoted_and_nothing_is_written(load, monkeypatch):
    def refuse(self: Stored, merged: object) -> int:
        Series.objects.create(slug="half", title="Half")
        raise IntegrityError("UNIQUE constraint failed")

    monkeypatch.setattr(Stored, "become", refuse)
    with pytest.raises(CommandError, match="The database says: UNIQUE constraint failed"):
        load()
    assert not Series.objects.exists()


def test_two_files_of_one_series_are_refused(db, tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(FULL)
    with pytest.raises(CommandError, match=r"b\.toml: series\.slug: 'late-snow' is the series of .*a\.toml too"):
        call_command("load_series", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"))


def test_loading_costs_the_same_queries_for_any_number_of_rows_when_nothing_changed(load):
    def cost(text: str) -> int:
        load(text)
        with CaptureQueriesContext(connection) as queries:
            load(text)
        reads = [query for query in queries if " FROM " in query["sql"]]
        return len(reads)

    few = cost(FULL)
    more = FULL + "".join(f'\n[[sources]]\nname = "Paper {number}"\n' for number in range(20))
    assert cost(more) == few


def test_songs_without_a_part_are_told_apart_by_their_names(load):
    text = FULL + '\n[[songs]]\nartist = "Hail"\n\n[[songs]]\nartist = "Hail"\ntitle = "Ice"\n'
    load(text)
    assert Song.objects.count() == 3
    assert load(text) == "nothing to do\n"


ANYTHING = st.recursive(
    st.one_of(
        st.text(max_size=8),
        st.integers(-(2**63), 2**63),
        st.booleans(),
        st.decimals(),
        st.dates(),
        st.datetimes(timezones=st.none() | st.timezones()),
        st.times(),
    ),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=4,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a file."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [way for step, child in steps for way in ((*path, step), *places(child, (*path, step)))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_file_it_is_refused_or_loads_and_comes_back(load, data):
    file = tomllib.loads(FULL)
    *way, last = data.draw(st.sampled_from(places(file)))
    node = file
    for step in way:
        node = node[step]
    node[last] = data.draw(ANYTHING)
    try:
        with transaction.atomic():
            load(tomli_w.dumps(file))
            slug = Series.objects.get().slug
            out = StringIO()
            call_command("dump_series", slug, stdout=out)
            assert load(out.getvalue()) == "nothing to do\n"
            transaction.set_rollback(True)
    except CommandError:
        assert not Series.objects.exists()
