"""The HTML part of a mail, drawn from its text: so the two never say different things.

A paragraph is what stands between empty lines. One that ends with an address on a line of its own becomes a link,
named by the words before it. What follows the line of two dashes is the sender: the HTML has its own way to say that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = "\n-- \n"


@dataclass(frozen=True)
class Paragraph:
    text: str
    link: str = ""


def paragraphs(text: str) -> Iterator[Paragraph]:
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").partition(SIGNATURE)[0].strip()):
        words, _, last = block.strip().rpartition("\n")
        if words and re.fullmatch(r"https?://\S+", last):
            yield Paragraph(words.strip().rstrip(":"), last)
        else:
            yield Paragraph(block.strip())
