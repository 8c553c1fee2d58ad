"""Members' and editors' small Markdown → HTML that is safe to send.

The only place that marks HTML as safe. Rendering happens once, when a text is saved; pages print the result.
"""

import html
import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import nh3
from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# Raise it when the output changes, and `manage.py render_texts` renders what was saved before.
RENDERER_VERSION = 1

# linkify is quadratic: 40 kB of text took five seconds.
LONGEST = 10_000  # characters

_parser = MarkdownIt("zero", {"linkify": True, "breaks": True, "typographer": False}).enable(
    [
        "emphasis",
        "strikethrough",
        "blockquote",
        "list",
        "backticks",
        "link",
        "autolink",
        "escape",
        "newline",
        "linkify",
        "entity",
        "balance_pairs",
        "fragments_join",
    ]
)

_ALLOWED_TAGS = {"p", "br", "em", "strong", "s", "blockquote", "ul", "ol", "li", "code", "a"}
_OUR_HOSTS = {urlsplit(settings.SITE_URL).hostname, *settings.ALLOWED_HOSTS}
_LINK_REL = "nofollow ugc noopener noreferrer"

# Characters that turn the direction of what follows them, across the end of a text.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Tabs and line ends stay; other control characters and lone surrogates no database or page wants.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Letters and symbols by name, blank to the eye: Hangul fillers, the empty Braille pattern.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_MOST_MARKS = 4  # combining marks on one letter; stacked ones climb over other people's lines


def clean_text(text: str) -> str:
    """What people typed without what only does harm: control characters, bidi switches, towers of marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _BIDI_CONTROLS.sub("", _UNWANTED.sub("", text)))
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _only_outward(tag: str, attribute: str, value: str) -> str | None:
    """Keep a link only if it names http, https or mailto in full: `//host` would pass as relative."""
    if tag == "a" and attribute == "href" and not re.match(r"(https?://|mailto:)", value, re.IGNORECASE):
        return None
    return _asking_for_nothing(value)


def _asking_for_nothing(address: str) -> str:
    """A link to a page of ours without what would open a text there: its reader would not know what they press."""
    try:
        parts = urlsplit(address)
        is_ours = (parts.hostname or "") in _OUR_HOSTS
    except ValueError:  # half an IPv6 address, which leads nowhere
        return address
    if not is_ours or "reveal" not in unquote(parts.query):
        return address
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "reveal"]
    return parts._replace(query=urlencode(asked)).geturl()


def render_markdown(text: str) -> SafeString:
    """HTML of a text of at most 10,000 characters; anything longer is cut, never parsed."""
    rendered = _parser.render(text[:LONGEST])
    return mark_safe(  # noqa: S308 - nh3 has just cleaned it
        nh3.clean(
            rendered,
            tags=_ALLOWED_TAGS,
            attributes={"*": set(), "a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel=_LINK_REL,
            attribute_filter=_only_outward,
        ).strip()
    )


def says_nothing(text: str) -> bool:
    """True for a text that shows nobody anything: blanks of any kind, or marks of Markdown around them."""
    shown = html.unescape(strip_tags(render_markdown(text)))
    return not any(unicodedata.category(character)[0] in "LNPS" and character not in _BLANKS for character in shown)


def stored_html(kept: str) -> SafeString:
    """Mark HTML that `render_markdown` made earlier, and that was kept, as what it is."""
    return mark_safe(kept)  # noqa: S308 - cleaned before it was stored


def count_words(text: str) -> int:
    """Words as readers count them: runs between spaces; a run of Hangul, kana or Han counts by two characters."""
    words = 0
    for run in text.split():
        wide = sum(unicodedata.east_asian_width(character) in "WF" for character in run)
        words += max(1, wide // 2)
    return words
