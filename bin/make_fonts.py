"""Cut the display face down to what our pages set in it: `make fonts` rewrites `static/fonts/`, which git keeps.

Hahmlet (SIL Open Font License) has 11,172 syllables; our pages need a few hundred characters. Latin stays variable,
from 300 to 500. Hangul is one weight, and only the syllables of titles and names in `episodes/content/` and of what
our templates mark with `class="display"`, in every language. Any other title is set in a face of the reader's system
as a whole: `display_face` decides that by the characters noted in `hahmlet.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "fonts"
VERSION = "5.3.0"
VARIABLE, STATIC = f"@fontsource-variable/hahmlet@{VERSION}", f"@fontsource/hahmlet@{VERSION}"
MOST_BYTES = 50 * 1024

# Members' names and one-liners are set in the Latin file too, hence the letters of western Europe.
LATIN = {chr(code) for code in range(0x20, 0x7F)} | set(
    "\u00a0–—‘’“”…·•½×−ÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÚÜàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßŒœ"
)
HANGUL = re.compile(r"[\uac00-\ud7a3]")
# Tables of a document that hold what pages set in the display face, and which of their columns.
SHOWN = ("title", "native_title", "romanised_title", "name", "native_name", "native_character", "native_artist")
MARKED = re.compile(r'<(\w+)[^>]* class="(?:[^"]* )?display(?: [^"]*)?"[^>]*>(.*?)</\1>', re.DOTALL)
QUOTED = re.compile(r"{%\s*translate\s+\"([^\"]+)\"")
MESSAGE = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)


def main() -> None:
    hangul = set(HANGUL.findall("".join([*catalogue_words(), *interface_words()])))
    FONTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        variable, static = (unpacked(package, Path(folder)) for package in (VARIABLE, STATIC))
        latin = make_latin(variable, FONTS / "hahmlet-latin.woff2")
        korean = make_hangul(static, hangul, FONTS / "hahmlet-hangul.woff2")
        (FONTS / "LICENSE.txt").write_text((static / "LICENSE").read_text())
    if missing := hangul - korean:
        sys.exit(f"Hahmlet has no {''.join(sorted(missing))}.")
    files = {path.name: path.read_bytes() for path in sorted(FONTS.glob("*.woff2"))}
    note = {
        "version": VERSION,
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "characters": "".join(sorted(latin | korean)),
    }
    (FONTS / "hahmlet.json").write_text(json.dumps(note, ensure_ascii=False, indent=2) + "\n")
    print(f"{len(latin)} Latin and {len(korean)} Hangul characters, {weight(FONTS) / 1024:.1f} kB.")
    if weight(FONTS) > MOST_BYTES:
        sys.exit("That is more than the 50 kB that a first visit may cost.")


def weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.woff2"))


def catalogue_words() -> Iterator[str]:
    for path in (ROOT / "episodes" / "content").glob("*.toml"):
        yield from shown_in(tomllib.loads(path.read_text()))


def shown_in(value: Any, name: str = "") -> Iterator[str]:
    """Titles and names anywhere in a document, and all words of its vocabulary."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from shown_in(inner, "title" if name == "vocabulary" or key == "vocabulary" else key)
    elif isinstance(value, list):
        for inner in value:
            yield from shown_in(inner, name)
    elif isinstance(value, str) and name in SHOWN:
        yield value


def interface_words() -> Iterator[str]:
    """What templates mark for the display face, as it stands there and in every language that we have it in."""
    marked = [
        words for path in (ROOT / "templates").rglob("*.html") for _tag, words in MARKED.findall(path.read_text())
    ]
    yield from marked
    asked = {words for inner in marked for words in QUOTED.findall(inner)}
    for catalogue in (ROOT / "locale").rglob("django.po"):
        translated = {unquoted(said): unquoted(meant) for said, meant in MESSAGE.findall(catalogue.read_text())}
        yield from (translated.get(words, "") for words in asked)


def unquoted(lines: str) -> str:
    return "".join(json.loads(line) for line in lines.splitlines())


def unpacked(package: str, folder: Path) -> Path:
    """The package as npm gives it, which checks that it is what was published."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package],  # noqa: S607 - npm is wherever it is
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    target = folder / package.replace("/", "-")
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def make_latin(package: Path, target: Path) -> set[str]:
    """Subset first: the other way round, fontTools misses a glyph that it has just removed."""
    font = TTFont(package / "files" / "hahmlet-latin-wght-normal.woff2")
    cut(font, LATIN, features=["kern", "tnum"])
    instancer.instantiateVariableFont(font, {"wght": (300, 500)}, inplace=True)
    return save(font, target)


def make_hangul(package: Path, characters: set[str], target: Path) -> set[str]:
    """The face comes in some ninety slices: take from each what we need, and make them one again."""
    with tempfile.TemporaryDirectory() as folder:
        slices = []
        for path in sorted((package / "files").glob("hahmlet-[0-9]*-500-normal.woff2")):
            font = TTFont(path)
            wanted = characters & {chr(code) for code in font.getBestCmap()}
            if not wanted:
                continue
            cut(font, wanted, features=[])
            for table in ("GSUB", "GPOS", "GDEF", "vmtx", "vhea", "VORG"):
                if table in font:
                    del font[table]
            font.flavor = None
            slices.append(str(Path(folder) / f"{path.stem}.ttf"))
            font.save(slices[-1])
        return save(Merger().merge(slices), target)


def cut(font: TTFont, characters: set[str], features: list[str]) -> None:
    options = subset.Options(layout_features=features, hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(characters))
    cutter.subset(font)


def save(font: TTFont, target: Path) -> set[str]:
    # The same words give the same bytes: no hour in them, 1904-01-01 plus as many seconds as the year 2022 is away.
    font["head"].created = font["head"].modified = 3_723_753_600
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(target)
    return {chr(code) for code in font.getBestCmap()}


if __name__ == "__main__":
    main()
