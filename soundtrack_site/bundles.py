"""`static/css/` and `static/js/` are many small files to write in and one each to send: `css/site.css`, `js/site.js`.
The admin has its own, `admin_look/admin.css`, on the same tokens and faces.

They are laid one after the other, nothing more: style sheets name their layer, and each script stands in a block
of its own, so that no name of one reaches another. A script therefore imports and exports nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage, Storage

LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities")

QUOTED = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
COMMENT = r"\s*/\*.*?\*/"
WIDTH = r"[ \n]+(?=[{}<>~/])|(?<=[{};,<>=~/])[ \n]+|;[ \n]*(?=})|(?<=[\w)]:)[ ]|(?<![\w.])0(?=[.])"


def style_sheet(folder: Path) -> str:
    """Layer by layer; within one, by name, in one block. Comments and wide setting are for who reads the sources."""
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer in LAYERS:
        files = [folder / f"{layer}.css", *sorted((folder / layer).glob("*.css"))]
        block = "".join(path.read_text(encoding="utf-8") for path in files if path.exists())
        parts.append(block.replace(f"}}\n@layer {layer} {{\n", ""))
    return set_tight("\n".join(parts))


def set_tight(rules: str) -> str:
    """Without comments, and the spaces and noughts that say nothing; what stands in quotes stays as it is."""
    for said_for_nothing in (COMMENT, WIDTH):
        rules = re.sub(f"{QUOTED}|{said_for_nothing}", lambda found: found[1] or "", rules, flags=re.DOTALL)
    return rules


def admin_style_sheet(folder: Path) -> str:
    """Our tokens and faces, then what dresses Django's own sheets: in no layer, or those would outrank it."""
    css = folder.parent / "css"
    faces = re.findall(r"@font-face {.*?}", (css / "base.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    looks = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.css"))]
    return "\n".join([(css / "tokens.css").read_text(encoding="utf-8"), *faces, *looks])


def script(folder: Path) -> str:
    return "\n".join(f"{{\n{path.read_text(encoding='utf-8')}}}" for path in sorted(folder.glob("*.js")))


BUNDLES: dict[str, Callable[[Path], str]] = {
    "css/site.css": style_sheet,
    "js/site.js": script,
    "admin_look/admin.css": admin_style_sheet,
}


class SiteFinder(FileSystemFinder):
    """Finds what lies in the folders of `STATICFILES_DIRS`, with bundles in place of what they are made of.

    A bundle is made when it is asked for, so a changed source is seen at the next request.
    """

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        yield from super().list([*(ignore_patterns or ()), *sources()])
        made = FileSystemStorage(location=settings.VAR_DIR / "bundles")
        for name in BUNDLES:
            if self.make(name):
                yield name, made

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        if path in BUNDLES and (made := self.make(path)):
            return [str(made)] if find_all else str(made)
        if path.startswith(tuple(f"{folder}/" for folder in sources())):
            return []
        return super().find(path, find_all=find_all, **options)  # type: ignore[call-overload] # stubs: True, False, no bool

    def make(self, name: str) -> Path | None:
        """The bundle's path, written anew if its sources say something else; None where there are none."""
        for _, root in self.locations:
            source = Path(root, name).parent
            if source.is_dir():
                made = settings.VAR_DIR / "bundles" / name
                write(made, BUNDLES[name](source))
                return Path(made)
        return None


def sources() -> Sequence[str]:
    return [str(Path(name).parent) for name in BUNDLES]


def write(path: Path, text: str) -> None:
    """Whole or not at all, for another process may be sending it."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
