"""The colours and steps of `tokens.css`, reckoned as a reader's eye meets them: contrast by WCAG, in both themes."""

from __future__ import annotations

import math
import re
from functools import cache

from django.conf import settings

TOKENS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
DECLARED = dict(re.findall(r"^    (--[\w-]+): (.+);$", TOKENS, re.MULTILINE))
OKLCH = re.compile(r"oklch\((\S+) (\S+) (\S+)\)")
THEMES = ("light", "dark")

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
    if sides is None:
        raise ValueError(f"{value}: no colour that is known here")
    return resolved(sides[THEMES.index(theme) + 1], theme)


def linear(colour: Colour) -> Colour:
    """An OKLCH colour as linear sRGB (Björn Ottosson's matrices), clipped to what a screen shows."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return clipped(red), clipped(green), clipped(blue)


def clipped(part: float) -> float:
    return min(max(part, 0), 1)


def as_hex(name: str, theme: str) -> str:
    """A token as sRGB, for what understands nothing newer."""
    parts = linear(resolved(DECLARED[name], theme))
    return "#" + "".join(f"{round(255 * gamma(part)):02x}" for part in parts)


def gamma(part: float) -> float:
    """A part of a linear colour as sRGB spells it (IEC 61966-2-1)."""
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def luminance(colour: Colour) -> float:
    """Relative, as WCAG reckons it."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: str, ground_theme: str = "") -> float:
    """Of two tokens, from 1 to 21. `ground_theme`: where the other is of another theme than what stands on it."""
    found = (resolved(DECLARED[one], theme), resolved(DECLARED[other], ground_theme or theme))
    brighter, darker = sorted(map(luminance, found), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)
