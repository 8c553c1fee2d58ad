"""Draw the site's mark in points, for home screens that take no SVG. Run it when `static/icon.svg` changes.

The record of `icon.svg` on paper, small enough that a round or squarish mask cuts nothing off.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "static"
SIZES = {"apple-touch-icon.png": 180, "icon-512.png": 512}
FINER = 8  # drawn so many times as large, then made small: ImageDraw knows no soft edges
INK, PAPER, LABEL = "#14161c", "#f5f7f9", "#d66001"  # as in icon.svg
BOX = 32  # of icon.svg
RECORD, GROOVES, HOLE = 15.5, (12, 9), 5
FIT = 0.76  # of the picture's width: what a mask always leaves is a circle of 0.8


def mark(size: int) -> Image.Image:
    whole = size * FINER
    image = Image.new("RGB", (whole, whole), PAPER)
    pen = ImageDraw.Draw(image)
    unit = whole * FIT / BOX

    def disc(radius: float, fill: str | None = None, line: str | None = None, width: float = 0) -> None:
        reach = (radius + width / 2) * unit
        box = [whole / 2 - reach, whole / 2 - reach, whole / 2 + reach, whole / 2 + reach]
        pen.ellipse(box, fill, line, round(width * unit))

    disc(RECORD, INK)
    for groove in GROOVES:
        disc(groove, None, PAPER, 0.7)
    disc(HOLE, LABEL)
    return image.resize((size, size), Image.Resampling.BOX)


def main() -> None:
    for name, size in SIZES.items():
        mark(size).save(STATIC / name, optimize=True)
        print(f"static/{name}: {(STATIC / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
