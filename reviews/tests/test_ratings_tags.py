"""Stars and lengths in words."""

import pytest

from reviews.templatetags.ratings import in_stars, phrased, roughly


@pytest.mark.parametrize(
    ("halves", "shown"), [(None, ""), (0, ""), (1, "½"), (2, "1"), (3, "1½"), (9, "4½"), (10, "5")]
)
def test_half_stars(halves, shown):
    assert in_stars(halves) == shown


def test_stars_in_the_series_words(series):
    assert phrased(9, series) == "4½: phrase 9"


def test_stars_of_a_series_without_words(make_series):
    assert phrased(9, make_series(vocabulary={})) == "4½"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (0, "A few words"),
        (9, "A few words"),
        (10, "About 10 words"),
        (14, "About 10 words"),
        (123, "About 120 words"),
        (199, "About 200 words"),
        (200, "About 200 words"),
        (1234, "About 1250 words"),
    ],
)
def test_a_length_is_told_roughly(words, shown):
    assert roughly(words) == shown
