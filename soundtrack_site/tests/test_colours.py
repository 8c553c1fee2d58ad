"""Every colour stands in `tokens.css`; what is laid on it can be read: reckoned as WCAG does, in both themes."""

from __future__ import annotations

import math
import re
from functools import cache

import pytest
from django.conf import settings

from episodes.models import Series

STYLES = settings.BASE_DIR / "static" / "css"
TOKENS = (STYLES / "tokens.css").read_text()
DECLARED = dict(re.findall(r"^    (--[\w-]+): (.+);$", TOKENS, re.MULTILINE))
OKLCH = re.compile(r"oklch\((\S+) (\S+) (\S+)\)")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\(|"
    r"(?<![\w-])(?:black|white|gr[ae]y|red|blue|green|orange|silver)(?![\w-])",
    re.IGNORECASE,
)

THEMES = ("light", "dark")
INKS = tuple(Series.Ink.values)
GROUNDS = ("paper", "sheet")

Colour = tuple[float, float, float]


@cache
def resolved(value: str, theme: str) -> Colour:
    """What a token comes to: lightness, chroma, hue."""
    if found := OKLCH.fullmatch(value):
        lightness, chroma, hue = map(float, found.groups())
        return lightness, chroma, hue
    if value.startswith("var("):
        return resolved(DECLARED[value[4:-1]], theme)
    sides = re.fullmatch(r"light-dark\((.+?\)), (.+)\)", value)
    assert sides, value
    return resolved(sides[THEMES.index(theme) + 1], theme)


def luminance(colour: Colour) -> float:
    """Relative luminance of an OKLCH colour (Björn Ottosson's matrices), clipped to what a screen shows."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(max(part, 0), 1) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str) -> float:
    """Of two tokens, from 1 to 21."""
    brighter, darker = sorted((luminance(resolved(DECLARED[name], theme)) for name in (one, other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


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
