import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from conftest import VOCABULARY
from episodes.vocabulary import LONGEST, Vocabulary, validate_vocabulary

TEN = [f"phrase {half}" for half in range(1, 11)]


def test_a_series_speaks_the_readers_language():
    with translation.override("ko"):
        assert Vocabulary.of(VOCABULARY).one == "트랙"
    with translation.override("ko-kr"):
        assert Vocabulary.of(VOCABULARY).one == "트랙"
    with translation.override("en"):
        assert Vocabulary.of(VOCABULARY).one == "Track"


def test_a_series_without_the_readers_language_speaks_english():
    with translation.override("ko"):
        assert Vocabulary.of({"en": {"one": "Track"}}).one == "Track"
    with translation.override(None):
        assert Vocabulary.of(VOCABULARY).one == "Track"


@pytest.mark.parametrize("kept", [{}, {"en": {}}, {"ko": {"one": "트랙"}}])
def test_a_series_without_words_has_the_sites_plain_ones(kept):
    with translation.override("en"):
        words = Vocabulary.of(kept)
    assert (words.one, words.many, words.epilogue, words.felt) == ("Episode", "Episodes", "Epilogue", "I felt that")
    assert words.star_phrase(10) == ""


def test_an_episode_is_called_by_word_and_number():
    assert Vocabulary.of(VOCABULARY).numbered(3) == "Track 3"


def test_every_half_star_has_its_phrase():
    words = Vocabulary.of(VOCABULARY)
    assert [words.star_phrase(half) for half in range(1, 11)] == TEN


@pytest.mark.parametrize(
    "kept", [{}, {"en": {}}, VOCABULARY, {"en": {"stars": []}}, {"ko": {"stars": TEN, "felt": "공" * LONGEST}}]
)
def test_sound_vocabularies_pass(kept):
    validate_vocabulary(kept)


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "Track",
        {"tlh": {}},
        {"en": None},
        {"en": ["Track"]},
        {"en": {"two": "Tracks"}},
        {"en": {"one": 1}},
        {"en": {"one": None}},
        {"en": {"one": "x" * (LONGEST + 1)}},
        {"en": {"stars": "ten"}},
        {"en": {"stars": TEN[:9]}},
        {"en": {"stars": [*TEN, "eleventh"]}},
        {"en": {"stars": [*TEN[:9], 10]}},
        {"en": {"stars": [*TEN[:9], "x" * (LONGEST + 1)]}},
        {"en": {"stars": {"1": "one"}}},
    ],
)
def test_unsound_vocabularies_are_refused(kept):
    with pytest.raises(ValidationError):
        validate_vocabulary(kept)
