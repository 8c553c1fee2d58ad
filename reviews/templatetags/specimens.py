"""For the page of components alone: partials drawn beside each other, many times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString

from soundtrack_site import colours

if TYPE_CHECKING:
    from reviews.design.sheet import Figure

register = template.Library()

NAMES = re.compile(r'(?<=\s)(id|for|data-shows|aria-labelledby|aria-describedby)="([^"]+)"')
# What names it may stand on the pages that include it.
LABELLED = re.compile(r' aria-labelledby="([^"]+)"')
OWN_LINK = re.compile(r'href="#([^"]+)"')
# What a button presses stands on other pages.
PRESSES = re.compile(r' form="(?:act|seen)"')
# Nobody's picture: a drawing stands in its place.
STORED = re.compile(r"/media/\w+/0{32}(?:-small)?\.webp")


@register.simple_tag(takes_context=True)
def drawn(context: Context, figure: Figure) -> SafeString:
    """The partial as a page would include it. Its ids get the figure's number: a page has each of them once."""
    engine = context.template.engine  # type: ignore[union-attr] # it is being rendered
    inner = context.new({"csrf_token": context.get("csrf_token"), **figure.values})
    html = engine.get_template(figure.partial).render(inner)
    html = LABELLED.sub(lambda found: found[0] if f' id="{found[1]}"' in html else "", html)
    html = html.replace("<h1", "<h2").replace("</h1>", "</h2>")  # this page has its own
    if html.lstrip().startswith("<li"):
        html = f'<ol class="threads">{html}</ol>'
    html = NAMES.sub(lambda found: f'{found[1]}="{numbered(found[2], figure)}"', html)
    html = OWN_LINK.sub(lambda found: f'href="#{spot(found[1], html, figure)}"', html)
    return SafeString(STORED.sub(static("specimen.svg"), PRESSES.sub("", html)))


def spot(name: str, html: str, figure: Figure) -> str:
    """Where a link of the figure leads: within it, or where the page has no such place to the figure itself."""
    here = numbered(name, figure)
    return here if f' id="{here}"' in html else f"figure-{figure.number}"


def numbered(names: str, figure: Figure) -> str:
    return " ".join(f"{name}-{figure.number}" for name in names.split())


@register.simple_tag
def contrast(name: str, theme: str) -> str:
    """Of a colour on paper and on sheet."""
    return " · ".join(f"{colours.contrast(name, f'--color-{ground}', theme):.1f}" for ground in ("paper", "sheet"))
