"""How a time into an episode is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from episodes.templatetags.catalogue import clock
from soundtrack_site.clock import seconds_in


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("12:30", 750),
        ("12 30", 750),
        ("12.30", 750),
        ("750", 750),
        ("1:02:03", 3723),
        ("1 02 03", 3723),
        ("１２：３０", 750),
        ("１２　３０", 750),
        ("  12:30\t", 750),
        ("0:00", 0),
        ("0", 0),
        ("00:05", 5),
        ("75:00", 4500),
        ("01:00:00", 3600),
    ],
)
def test_a_time_is_read(typed, seconds):
    assert seconds_in(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "x",
        "12:",
        ":30",
        "12:60",
        "12:5",
        "1:2:03",
        "1:60:00",
        "1:002:03",
        "1:2:3:4",
        "-1",
        "+5",
        "1e3",
        "12,30",
        "½",
        "٣",
        "²",
        "12:30 pm",
        "12::30",
        "9" * 6,
        "9" * 5000,
        "100:00:00",
        "\x00",
        "12:30\x00",
        "1000:00",
        "\ud800",
    ],
)
def test_what_is_no_time_is_none(typed):
    assert seconds_in(typed) is None


@given(st.integers(0, 99 * 3600 + 3599))
def test_what_the_page_shows_can_be_typed(seconds):
    assert seconds_in(clock(seconds)) == seconds


@given(st.text(st.characters(), max_size=20) | st.from_regex(r"[0-9:. ]{0,12}"))
def test_anything_is_a_time_or_none(typed):
    seconds = seconds_in(typed)
    assert seconds is None or 0 <= seconds < 100 * 3600
    assert seconds is None or seconds_in(clock(seconds)) == seconds
