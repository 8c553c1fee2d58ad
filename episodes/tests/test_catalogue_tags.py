"""Values as pages of the catalogue show them."""

import pytest
from django.template import Context, Template

from episodes.templatetags.catalogue import at_key, clock, duration, numbered, rendered


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "0 min"), (45, "45 min"), (59, "59 min"), (60, "1 h 00"), (182, "3 h 02")]
)
def test_duration(minutes, shown):
    assert duration(minutes) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59, "0:59"), (750, "12:30"), (3599, "59:59"), (3600, "1:00:00"), (3723, "1:02:03")],
)
def test_clock(seconds, shown):
    assert clock(seconds) == shown


def test_an_episode_is_numbered_in_the_series_words(series):
    assert numbered(series, 3) == "Track 3"


def test_a_series_without_words_uses_the_sites(make_series):
    assert numbered(make_series(vocabulary={}), 3) == "Episode 3"


def test_a_table_is_read_by_a_key_of_any_kind():
    assert at_key({None: 1, 2: 3}, None) == 1
    assert at_key({None: 1, 2: 3}, 2) == 3
    assert at_key({}, 2) is None


def test_rendered_html_is_printed_as_it_was_stored_and_nothing_stays_nothing():
    template = Template("{% load catalogue %}{{ html|rendered }}")
    assert template.render(Context({"html": "<p>kept</p>"})) == "<p>kept</p>"
    assert template.render(Context({"html": None})) == ""
    assert rendered(None) == ""
