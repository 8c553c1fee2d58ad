"""Nothing that a member types becomes more than words, emphasis, lists, quotes and links."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundtrack_site.markdown import LONGEST, clean_text, count_words, render_markdown

ALLOWED = {"p", "br", "em", "strong", "s", "blockquote", "ul", "ol", "li", "code", "a"}
REL = "nofollow ugc noopener noreferrer"

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{background:url(//evil.example)}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<b onclick=alert(1) style=color:red class=x id=y>bold</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    '[x](https://ok.example "onmouseover=alert(1)")',
    '[x](https://ok.example"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "**<em onmouseover=alert(1)>x</em>**",
    "<!--><script>alert(1)</script>-->",
    "]]><![CDATA[<script>alert(1)</script>",
]


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Seen(html).tags:
        assert tag in ALLOWED
        if tag != "a":
            assert attributes == {}
            continue
        assert set(attributes) <= {"href", "rel"}
        assert attributes["rel"] == REL
        assert (attributes.get("href") or "https://").lower().startswith(("http://", "https://", "mailto:"))


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_comes_out_as_words(text):
    assert_harmless(render_markdown(text))


@given(st.lists(st.sampled_from([*ATTACKS, "*", "_", "`", "[", "](", ")", "<", ">", "&", "\n", "> ", "- ", "é"])))
def test_no_mixture_of_attacks_gets_through(pieces):
    assert_harmless(render_markdown("".join(pieces)))


@given(st.text(max_size=300))
def test_no_text_at_all_gets_through(text):
    assert_harmless(render_markdown(clean_text(text)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one *two* **three** ~~four~~", "<p>one <em>two</em> <strong>three</strong> <s>four</s></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("은수 & 선우", "<p>은수 &amp; 선우</p>"),
        ("# no headings", "<p># no headings</p>"),
        ("", ""),
    ],
)
def test_the_small_markdown(text, html):
    assert render_markdown(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a?b=c&d=e",
        "see http://example.com.",
        "[there](https://example.com)",
        "<https://example.com>",
        "write to someone@example.com",
    ],
)
def test_links_vouch_for_nothing(text):
    links = [attributes for tag, attributes in Seen(render_markdown(text)).tags if tag == "a"]
    assert len(links) == 1
    assert links[0]["rel"] == REL
    assert links[0]["href"]


@pytest.mark.parametrize("address", ["//evil.example", "/settings/delete/", "\\\\evil.example", "?reveal=review-1"])
def test_a_link_without_a_scheme_leads_nowhere(address):
    links = [attributes for tag, attributes in Seen(render_markdown(f"[x]({address})")).tags if tag == "a"]
    assert all("href" not in attributes for attributes in links)


def test_text_beyond_the_cap_is_cut_before_it_is_parsed():
    html = render_markdown("a" * LONGEST + "b")
    assert "b" not in html
    assert html.count("a") == LONGEST


@pytest.mark.parametrize("unit", ["a.co ", "[", "*a ", "> ", "<https://a.", "`", "- \n ", "!["])
def test_the_longest_text_is_parsed_in_reasonable_time(unit):
    """A bound that only a quadratic parse of far longer text would pass: 40 kB took five seconds."""
    began = time.process_time()
    render_markdown((unit * LONGEST)[:LONGEST])
    assert time.process_time() - began < 2


@pytest.mark.parametrize("control", [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))])
def test_switches_of_direction_are_taken_out(control):
    assert clean_text(f"a{control}b") == "ab"


def test_marks_of_direction_that_hebrew_and_arabic_need_stay():
    assert clean_text("a\u200eb\u200fc") == "a\u200eb\u200fc"


def test_a_tower_of_marks_is_cut_down():
    assert clean_text("z" + "\u0336" * 50 + "a") == "z" + "\u0336" * 4 + "a"


@pytest.mark.parametrize("text", ["é", "Việt ngữ", "한국어", "हिन्दी", "שָׁלוֹם", "👩‍👩‍👧", "tab\there", "two\nlines"])
def test_real_writing_stays_as_it_is(text):
    assert clean_text(text) == text


def test_decomposed_hangul_is_put_together():
    assert clean_text("\u1112\u1161\u11ab") == "한"


@given(st.text(st.characters(), max_size=200))
def test_cleaning_twice_is_cleaning_once_and_leaves_what_every_database_keeps(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_every_line_end_is_one(ends):
    assert clean_text(f"a{ends}b") == "a\nb"


@pytest.mark.parametrize(("text", "words"), [("", 0), ("one two", 2), ("사운드트랙 좋아요", 3), ("  spaced  out ", 2)])
def test_words_are_counted_as_readers_count_them(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("link", "sent"),
    [
        ("http://localhost:8000/reviews/72/?reveal=review-72", "http://localhost:8000/reviews/72/"),
        ("http://127.0.0.1/x/?at=12:30&%72eveal=comment-1#say", "http://127.0.0.1/x/?at=12%3A30#say"),
        ("http://localhost:8000/reviews/72/?at=1", "http://localhost:8000/reviews/72/?at=1"),
        ("https://example.org/?reveal=all", "https://example.org/?reveal=all"),
        ("http://[::1/?reveal=review-72", None),
    ],
)
def test_a_members_link_opens_no_text_for_whoever_presses_it(link, sent):
    hrefs = re.findall(r'href="([^"]+)"', render_markdown(f"[look]({link})"))
    assert hrefs == ([sent.replace("&", "&amp;")] if sent else [])
