"""The HTML part of a mail, drawn from its text: so the two never say different things.

A paragraph is what stands between empty lines. One that ends with an address of ours on a line of its own becomes a
link, named by the words before it; nobody else's address does, for a browser may call itself one. What follows the
line of two dashes is the sender: the HTML has its own way to say that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

SIGNATURE = "\n-- \n"


@dataclass(frozen=True)
class Paragraph:
    text: str
    link: str = ""


def at_home(address: str) -> str:
    """allauth begins its addresses with whatever host a request asked for; a mail's begin with the site's own."""
    ours = urlsplit(settings.SITE_URL)
    return urlsplit(address)._replace(scheme=ours.scheme, netloc=ours.netloc).geturl()


def paragraphs(text: str) -> Iterator[Paragraph]:
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").partition(SIGNATURE)[0].strip()):
        words, _, last = block.strip().rpartition("\n")
        if words and re.fullmatch(rf"{re.escape(settings.SITE_URL)}/\S*", last):
            yield Paragraph(words.strip().rstrip(":"), last)
        else:
            yield Paragraph(block.strip())
