"""Sleeve art: the same for ever, inside its box, and out of nothing but slug, number and runtime."""

from math import hypot

import pytest
from django.template.loader import render_to_string

from episodes.sleeve import BOX, FEW_GROOVES, LENS, MOST_GROOVES, RECORD, SleeveArt

MANY = [SleeveArt.of(f"drama-{series}", number, 45) for series in range(40) for number in range(17)]


def test_a_subject_keeps_its_art():
    """Written down: whoever changes the drawing changes every sleeve that people know."""
    art = SleeveArt.of("soundtrack-1", 2, 38)
    assert art == SleeveArt.of("soundtrack-1", 2, 38)
    assert art.discs == "M20 53a34 34 0 0 1 68 0a34 34 0 0 1 -68 0M46 74a26 26 0 0 1 52 0a26 26 0 0 1 -52 0"
    assert art.groove_count == 9


def test_each_subject_has_its_own():
    assert len({art.discs for art in MANY}) > 0.98 * len(MANY)
    assert SleeveArt.of("drama", 1).discs != SleeveArt.of("drama", 2).discs
    assert SleeveArt.of("drama", 1, 30).discs == SleeveArt.of("drama", 1, 90).discs, "runtime draws the grooves alone"


def test_discs_overlap_and_stay_inside_the_box():
    for art in MANY:
        record, lens = art.record, art.lens
        assert record.radius in RECORD
        assert lens.radius in LENS
        apart = hypot(record.x - lens.x, record.y - lens.y)
        assert 0.55 * record.radius - 1 <= apart <= 1.05 * record.radius + 1
        assert record.radius - lens.radius < apart - 3, "the lens is no hole in the record"
        for disc in (record, lens):
            assert disc.radius + 6 <= disc.x <= BOX - disc.radius - 6
            assert disc.radius + 6 <= disc.y <= BOX - disc.radius - 6


@pytest.mark.parametrize(
    ("minutes", "count"),
    [(None, FEW_GROOVES), (0, FEW_GROOVES), (1, 1), (38, 9), (64, 16), (65, MOST_GROOVES), (32_767, MOST_GROOVES)],
)
def test_a_groove_for_every_four_minutes(minutes, count):
    art = SleeveArt.of("drama", 1, minutes)
    radii = [float(radius) for radius in art.grooves]
    assert len(radii) == count
    assert radii == sorted(set(radii))
    assert art.label < radii[0]
    assert radii[-1] < art.record.radius
    assert len(art.few_grooves) == min(count, FEW_GROOVES)


@pytest.mark.parametrize(
    ("values", "is_full"),
    [({"is_seen": True}, True), ({"is_cover": True}, True), ({"is_cover": True, "is_seen": True}, True), ({}, False)],
)
@pytest.mark.parametrize("size", ["", "large", "small"])
def test_it_weighs_little_and_is_full_once_seen(values, is_full, size):
    for art in [*MANY[:40], SleeveArt.of("drama", 1, 300)]:
        drawn = render_to_string("episodes/_sleeve_art.html", {"art": art, "size": size, **values})
        assert len(drawn.encode()) <= 820
        assert ("<g " in drawn) is is_full, "grooves"
        assert ("sleeve-art--seen" in drawn) is ("is_seen" in values)
        assert 'aria-hidden="true"' in drawn
        assert " id=" not in drawn
        assert "style=" not in drawn
