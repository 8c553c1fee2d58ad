"""Every colour stands in `tokens.css`; what is laid on it can be read: reckoned as WCAG does, in both themes."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from episodes.models import Series
from soundtrack_site.colours import THEMES, TOKENS, contrast, luminance

STYLES = settings.BASE_DIR / "static" / "css"
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\(|"
    r"(?<![\w-])(?:black|white|gr[ae]y|red|blue|green|orange|silver)(?![\w-])",
    re.IGNORECASE,
)

INKS = tuple(Series.Ink.values)
GROUNDS = ("paper", "sheet")


def test_the_reckoning_is_right():
    assert luminance((1, 0, 0)) == pytest.approx(1, abs=1e-3)
    assert luminance((0, 0, 0)) == 0
    assert luminance((0.62796, 0.25768, 29.234)) == pytest.approx(0.2126, abs=1e-3)  # pure red


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_can_be_read(theme, ground):
    for name, least in (("ink", 7), ("soft", 4.5), ("error", 4.5), ("staff", 4.5)):
        assert contrast(f"--color-{name}", f"--color-{ground}", theme) >= least, name


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_outlines_can_be_seen(theme, ground):
    assert contrast("--color-edge", f"--color-{ground}", theme) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_seen_and_written_on(theme, ink):
    assert f'[data-ink="{ink}"] {{ --color-you: var(--{ink}); }}' in TOKENS
    assert contrast(f"--{ink}", "--color-on-you", theme) >= 4.5
    for ground in GROUNDS:
        assert contrast(f"--{ink}", f"--color-{ground}", theme) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_a_dark_block_is_dark_and_can_be_read_by_day_and_by_night(theme):
    least_of = {"ink": 7, "soft": 4.5, "error": 4.5, "staff": 4.5, "edge": 3}
    for name, least in (*((f"color-{name}", least) for name, least in least_of.items()), *((ink, 3) for ink in INKS)):
        assert contrast(f"--{name}", "--color-turned", "dark", theme) >= least, name


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_inverted_can_be_read_too(theme):
    assert contrast("--color-paper", "--color-ink", theme) >= 7


def test_colours_are_written_in_one_place():
    for path in STYLES.rglob("*.css"):
        if path.name != "tokens.css":
            rules = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(), flags=re.DOTALL)
            assert COLOUR.findall(rules) == [], path.name


def test_a_name_that_styles_use_is_declared():
    sheets = [path.read_text() for path in STYLES.rglob("*.css")]
    declared = {name for words in sheets for name in re.findall(r"(--[\w-]+):", words)}
    assert {name for words in sheets for name in re.findall(r"var\((--[\w-]+)\)", words)} <= declared
