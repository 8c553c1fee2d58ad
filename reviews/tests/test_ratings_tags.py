"""Stars and lengths in words."""

import pytest

from reviews.templatetags.ratings import in_stars, phrased, roughly, stars


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


@pytest.mark.parametrize(("halves", "said"), [(1, "½ star"), (2, "1 star"), (3, "1½ stars"), (10, "5 stars")])
def test_drawn_stars_are_said_too(halves, said):
    assert stars(halves) == f'<span class="stars v{halves}"><span class="visually-hidden">{said}</span></span>'


def test_drawn_stars_of_the_reader_have_their_colour():
    assert 'class="stars v9 stars--yours"' in stars(9, yours=True)


def test_drawn_stars_beside_words_are_not_said_twice():
    assert stars(9, muted=True) == '<span class="stars v9" aria-hidden="true"></span>'


@pytest.mark.parametrize("nothing", [None, 0])
def test_no_stars_are_not_drawn(nothing):
    assert stars(nothing) == ""
