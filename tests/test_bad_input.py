"""Whatever is sent: a clear answer, the text kept, nothing written. By hand first, then at random."""

from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.conf import settings as site_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.recount import differences
from soundtrack_site import wsgi

KEPT = "A text that is worth keeping."
LONG = "x" * 10_001
URLENCODED = "application/x-www-form-urlencoded"
SURROGATES = b"\xed\xa0\x80"  # how a lone surrogate would be written in UTF-8, if it could be

REVIEW = "/series/drama/episodes/2/review/"
SERIES_REVIEW = "/series/drama/review/"
DISCUSSION = "/series/drama/episodes/2/comments/"
ROOM = "/series/drama/comments/"
PROGRESS = "/series/drama/progress/"
REVIEW_FORM = {"stars": "9", "headline": "A line", "body": KEPT, "spoils_through": "2"}
COMMENT_FORM = {"body": KEPT, "spoils_through": "2"}
BONUS = "/series/drama/episodes/2/bonus/"


@pytest.fixture
def writing(world):
    """Address → a form that it takes; everything written by alice's hand."""
    return {
        REVIEW: REVIEW_FORM,
        SERIES_REVIEW: REVIEW_FORM,
        DISCUSSION: COMMENT_FORM,
        ROOM: COMMENT_FORM,
        f"/reviews/{world.review.pk}/comments/": COMMENT_FORM,
        f"/comments/{world.comment.pk}/edit/": COMMENT_FORM,
    }


@pytest.fixture
def rows(rows):
    """Every row but drafts: what is refused waits in one."""

    def picture():
        return {table: found for table, found in rows().items() if table != "reviews.Draft"}

    return picture


@pytest.fixture
def browser(as_member, alice):
    return as_member(alice)


def raw(form):
    """The form as a urlencoded body; values may be bytes that are no text."""
    pairs = ((name, text.encode() if isinstance(text, str) else text) for name, text in form.items())
    return "&".join(f"{name}={quote_from_bytes(text)}" for name, text in pairs).encode()


def multipart(form):
    parts = (
        b'--line\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), text.encode() if isinstance(text, str) else text)
        for name, text in form.items()
    )
    return b"".join([*parts, b"--line--\r\n"])


def test_the_forms_are_good_before_they_are_spoilt(browser, writing):
    for path, form in writing.items():
        assert browser.post(path, form).status_code == 302
    assert differences() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": LONG},
        {"body": f"{KEPT}\x00"},
        {"spoils_through": "4"},  # has not aired
        {"spoils_through": "5"},  # is not there
        {"spoils_through": "-1"},
        {"spoils_through": "abc"},
        {"spoils_through": "9" * 30},
        {"spoils_through": ""},
        {"spoils_through": "\x00"},
    ],
    ids=str,
)
def test_a_spoilt_form_comes_back_with_its_text(browser, writing, rows, wrong):
    before = rows()
    for path, form in writing.items():
        page = browser.post(path, {**form, **wrong})
        assert page.status_code == 422, path
        assert "error-summary" in page.text
        assert ({**form, **wrong})["body"] in page.text
    assert rows() == before


@pytest.mark.parametrize("stars", ["11", "0", "-1", "abc", "4.5", "½", "٣", "9" * 30, "\x00"])
def test_stars_that_are_none_come_back_with_the_text(browser, writing, rows, stars):
    before = rows()
    for path in (REVIEW, SERIES_REVIEW):
        page = browser.post(path, {**REVIEW_FORM, "stars": stars})
        assert page.status_code == 422
        assert KEPT in page.text
    assert rows() == before


def test_an_empty_form_is_refused(browser, writing, rows):
    before = rows()
    for path in writing:
        assert browser.post(path, {}).status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    ("body", "content_type"), [(raw, URLENCODED), (multipart, "multipart/form-data; boundary=line")]
)
def test_bytes_that_are_no_text_are_refused_and_the_rest_is_kept(browser, writing, rows, body, content_type):
    before = rows()
    for path, form in writing.items():
        spoilt = {**form, "body": KEPT.encode() + SURROGATES}
        page = browser.post(path, body(spoilt), content_type=content_type)
        assert page.status_code == 422, path
        assert KEPT in page.text
    assert rows() == before


CHARSETS = ["=unicode_escape", "=utf-7", "=rot13", "=hex", "=nonsense", "*=nonsense''x", "*=utf-8''%00"]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    "kind", [URLENCODED, "multipart/form-data; boundary=line", 'multipart/form-data; boundary="l n"']
)
def test_django_hears_of_no_charset(monkeypatch, kind, charset):
    """Otherwise a plain \\ud800 would become a lone surrogate behind the forms' back, and rot13 an error."""
    heard = []

    def listen(environ, start_response):
        heard.append(environ["CONTENT_TYPE"])
        return []

    monkeypatch.setattr(wsgi, "django", listen)
    media_type, *boundary = kind.split("; ")
    for stated in (f"{kind}; charset{charset}", "; ".join([media_type, f"charset{charset}", *boundary])):
        wsgi.application({"CONTENT_TYPE": stated}, lambda status, headers: None)
    assert heard == [kind, kind]


@pytest.mark.parametrize(
    "name", ["name*=nonsense'en'%62ody", "name*=rot13'en'%62ody", "name*=utf-8'en'%00", "name*=x"]
)
def test_a_part_with_a_name_in_no_charset_is_no_error(browser, writing, name):
    for path in writing:
        body = multipart(COMMENT_FORM).replace(b'name="body"', name.encode())
        page = browser.generic("POST", path, body, content_type="multipart/form-data; boundary=line")
        assert page.status_code < 500
    assert differences() == []


ABSURD = ["x", "-1", "1000000", "9" * 19, "9" * 5000, "\x00", "1.5", "٣", "½", "[]", "moment\r\ntalk"]


@pytest.mark.parametrize("value", ABSURD)
@pytest.mark.parametrize("name", ["kind", "at", "song"])
def test_a_pin_that_is_none_comes_back_with_the_text(browser, world, rows, name, value):
    before = rows()
    pins = {"kind": {}, "at": {"kind": "moment"}, "song": {"kind": "song"}}[name]
    for path in (DISCUSSION, ROOM):
        page = browser.post(path, {**COMMENT_FORM, **pins, name: value})
        assert page.status_code == 422, path
        assert "error-summary" in page.text
        assert KEPT in page.text
    assert rows() == before


@pytest.mark.parametrize("value", ABSURD)
def test_a_season_that_is_asked_absurdly_loses_no_word(browser, world, value):
    """Whatever stands in the answers is a text, or is refused with every other word still there."""
    for name in ("rewound", "stayed", "shown_to", "began_with"):
        page = browser.post(SERIES_REVIEW, {**REVIEW_FORM, name: value})
        assert page.status_code in (302, 422)
        assert page.status_code == 302 or KEPT in page.text
    assert differences() == []


@pytest.mark.parametrize("body", ["", " ", "&nbsp;", "\x00", "x" * 301, "\u202e"])
def test_an_answer_that_is_none_is_refused(browser, world, rows, body):
    before = rows()
    page = browser.post(BONUS, {"body": body})
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert rows() == before


def test_a_preview_of_a_spoilt_form_writes_nothing(browser, writing, rows):
    before = rows()
    for path, form in writing.items():
        for wrong in ({}, {"spoils_through": "x"}, {"body": LONG}, {"body": f"{KEPT}\x00"}, {"parent": "x"}):
            page = browser.post(path, {**form, **wrong, "preview": "", "kind": "x", "at": "\x00", "song": "x"})
            assert page.status_code in (200, 422), path
            assert ({**form, **wrong})["body"] in page.text
    assert rows() == before


@pytest.mark.parametrize("parent", ["x", "-1", "0", "999999", "9" * 18, "9" * 19, "9" * 5000, "\x00", "1.5"])
def test_a_parent_that_is_none_comes_back_with_the_text(browser, writing, rows, parent):
    before = rows()
    for path in (DISCUSSION, ROOM):
        page = browser.post(path, {**COMMENT_FORM, "parent": parent})
        assert page.status_code == 422
        assert "taken away meanwhile" in page.text
        assert KEPT in page.text
    assert rows() == before


def test_a_parent_in_another_thread_or_deleted_comes_back_with_the_text(browser, world, rows):
    path = f"/reviews/{world.review.pk}/comments/"
    before = rows()
    for place in (path, ROOM, "/series/drama/episodes/1/comments/"):
        page = browser.post(place, {**COMMENT_FORM, "parent": world.comment.pk})
        assert page.status_code == 422
        assert KEPT in page.text
    assert rows() == before
    world.reply.retract()
    before = rows()
    page = browser.post(DISCUSSION, {**COMMENT_FORM, "parent": world.reply.pk})
    assert page.status_code == 422
    assert KEPT in page.text
    assert rows() == before


def test_what_is_anothers_is_as_if_it_were_not_there(as_member, bob, world, rows):
    browser = as_member(bob)
    before = rows()
    for path in (
        f"/reviews/{world.review.pk}/delete/",
        f"/reviews/{world.review.pk}/rating/delete/",
        f"/comments/{world.comment.pk}/edit/",
        f"/comments/{world.comment.pk}/delete/",
    ):
        assert browser.post(path, COMMENT_FORM).status_code == 404
        assert browser.post(path.replace(path.split("/")[2], "999999"), COMMENT_FORM).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("slug", ["unknown", "secret", "drama%00", "%FF", "drama'--"])
@pytest.mark.parametrize(
    "rest",
    ["", "review/", "reviews/", "comments/", "progress/", "episodes/1/", "episodes/1/review/", "episodes/1/recap/"],
)
def test_a_series_that_is_not_there(browser, world, rows, slug, rest):
    before = rows()
    path = f"/series/{slug}/{rest}"
    assert browser.get(path).status_code == 405 if rest == "progress/" and slug in ("unknown", "secret") else 404
    assert browser.post(path, {**REVIEW_FORM, "seen_through": "1"}).status_code in (404, 405)
    assert rows() == before


@pytest.mark.parametrize("number", ["4", "5", "0", "-1", "x", "9" * 10, "9" * 20, "9" * 5000, "1.5", "%00", "٣"])
@pytest.mark.parametrize("rest", ["review/", "reviews/", "comments/"])
def test_an_episode_that_is_missing_or_has_not_aired(browser, world, rows, number, rest):
    before = rows()
    path = f"/series/drama/episodes/{number}/{rest}"
    assert browser.get(path).status_code == 404
    assert browser.post(path, REVIEW_FORM).status_code in (404, 405)
    assert rows() == before


@pytest.mark.parametrize(
    "pk", ["0", "-1", "x", "9" * 18, "9" * 19, str(2**63), "9" * 20, "9" * 5000, "%00", "1.5", "٣"]
)
@pytest.mark.parametrize("place", ["reviews/{}/", "comments/{}/"])
def test_a_text_whose_number_is_none(browser, client, world, rows, place, pk):
    before = rows()
    path = "/" + place.format(pk)
    for rest in ("", "comments/", "edit/", "delete/", "rating/delete/"):
        for reader in (browser, client):
            assert reader.post(path + rest, COMMENT_FORM).status_code in (403, 404, 405)
        assert browser.get(path + rest).status_code in (404, 405)
    assert client.get(path).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("page", ["x", "", "-1", "0x1", "1e3", "9" * 19, "9" * 5000, "\x00", "½", "٣"])
def test_a_page_that_is_none(client, world, page):
    for path in (
        "/series/drama/reviews/",
        "/series/drama/episodes/2/reviews/",
        DISCUSSION,
        ROOM,
        f"/reviews/{world.review.pk}/",
        f"/comments/{world.comment.pk}/",
    ):
        assert client.get(path, {"page": page}).status_code == 404, path
        assert client.get(path, {"page": ["1", page]}).status_code == 404, path


@pytest.mark.parametrize(
    "asked", ["x", "", "review-", "review-0", "review-" + "9" * 18, "review-" + "9" * 5000, "\x00", "ending-٣"]
)
def test_a_reveal_that_is_none_is_nothing(client, world, asked):
    for path in ("/", "/series/drama/", "/series/drama/episodes/2/", DISCUSSION, f"/reviews/{world.review.pk}/"):
        page = client.get(path, {"reveal": [asked] * 20})
        assert page.status_code == 200
        assert "A body with words" not in page.text


def test_an_ended_session_keeps_the_text(browser, writing, rows):
    Session.objects.all().delete()
    before = rows()
    for path in writing:
        answer = browser.post(path, REVIEW_FORM)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/")
    assert [kept["values"]["body"] for kept in browser.session["unsent"].values()] == [KEPT] * len(writing)
    assert rows() == before


def test_a_form_without_its_token_gives_the_text_back(alice, writing, rows):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend="accounts.backends.MemberBackend")
    before = rows()
    for path in writing:
        page = browser.post(path, {**REVIEW_FORM, "csrfmiddlewaretoken": "x" * 64})
        assert page.status_code == 403
        assert KEPT in page.text
    assert rows() == before


TAMPERED = [
    "",
    "x",
    "x" * 4000,
    "eyIxIjo0fQ:1abcde:signature",
    '"abcdefgh\\000ijkl"',
    '"\\355\\240\\200abcdefgh"',
    "abcdefghijklmnopqrstuvwxyz012345",
    "'; drop table reviews_review; --",
]


@pytest.mark.parametrize("value", TAMPERED)
@pytest.mark.parametrize("name", ["seen", "sessionid", "csrftoken", "messages", "django_language"])
def test_a_tampered_cookie_makes_a_stranger_who_has_not_answered(client, writing, rows, name, value):
    assert site_settings.SESSION_COOKIE_NAME == "sessionid"
    before = rows()
    header = {"Cookie": f"{name}={value}"}
    page = client.get("/series/drama/episodes/2/", headers=header)
    assert page.status_code == 200
    assert "band--unanswered" in page.text
    assert "Epilogue 2" not in page.text
    for path in writing:
        answer = client.post(path, REVIEW_FORM, headers=header)
        assert answer.status_code == 302
        kept = SessionStore(answer.cookies["sessionid"].value)["unsent"]
        assert [one["values"]["body"] for one in kept.values()] == [KEPT]
    assert rows() == before


@pytest.mark.parametrize("value", [value for value in TAMPERED if len(value) != 32])
def test_a_token_in_a_tampered_cookie_is_no_token(world, rows, value):
    browser = Client(enforce_csrf_checks=True)
    before = rows()
    header = {"Cookie": f"csrftoken={value}"}
    for path, form in ((PROGRESS, {"seen_through": "1"}), ("/accounts/login/", {"login": "alice", "password": "x"})):
        page = browser.post(path, {**form, "csrfmiddlewaretoken": value}, headers=header)
        assert page.status_code == 403
    assert rows() == before


def test_anothers_signed_point_of_another_kind_is_no_point(client, world):
    """What this site signed for one purpose says nothing in another."""
    from django.core import signing

    client.cookies["seen"] = signing.dumps({str(world.series.pk): 3}, salt="another")
    assert "band--unanswered" in client.get("/series/drama/").text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (urlencode([(f"field{number}", "x") for number in range(1_001)]), URLENCODED),
        ("body=" + "x" * 1_100_000, URLENCODED),
        (b"--line\r\nnonsense", "multipart/form-data"),
        (b"--line\r\nnonsense", "multipart/form-data; boundary="),
        (b"", "multipart/form-data; boundary=" + "x" * 300),
        (multipart({f"field{number}": "x" for number in range(1_001)}), "multipart/form-data; boundary=line"),
    ],
    ids=["many fields", "large", "no boundary", "empty boundary", "long boundary", "many parts"],
)
def test_a_body_that_cannot_be_read_is_refused(browser, alice, writing, rows, body, content_type):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice, backend="accounts.backends.MemberBackend")
    before = rows()
    for path in [*writing, PROGRESS]:
        for reader in (browser, strict):
            assert reader.post(path, body, content_type=content_type).status_code in (400, 403, 422)
    assert rows() == before


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "image/png", "", "x", URLENCODED + ";;;="])
def test_a_body_of_another_kind_is_an_empty_form(browser, writing, rows, content_type):
    before = rows()
    for path in [*writing, PROGRESS]:
        assert browser.post(path, b'{"body": "x"}', content_type=content_type).status_code == 422
    assert rows() == before


def test_a_multipart_cut_short_writes_nothing(browser, writing, rows):
    before = rows()
    for path in writing:
        page = browser.post(path, b"--line\r\nContent-Disp", content_type="multipart/form-data; boundary=line")
        assert page.status_code in (400, 422)
    assert rows() == before


def test_an_address_with_too_many_questions_is_refused(client, world):
    assert client.get("/", [(f"x{number}", "y") for number in range(1_001)]).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "", "testserver:x", "test server", "testserver@evil", "\x00"])
def test_another_host_is_refused(client, world, host):
    for path in ("/", "/series/drama/", REVIEW):
        page = client.get(path, headers={"Host": host})
        assert page.status_code == 400
        assert "evil" not in page.text


# At random

anything = st.one_of(
    st.text(st.characters(), max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=60),
    st.integers().map(lambda number: str(number).encode()),
    st.sampled_from([b"0", b"1", b"2", b"3", b"10", b"11", b"on", KEPT.encode(), b"x" * 10_001, b"\x00", b"9" * 30]),
)
at_random = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def some(*names):
    return st.lists(st.tuples(st.sampled_from(names), anything), max_size=2 * len(names))


def throw(browser, path, fields):
    body = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields)
    answer = browser.post(path, body, content_type=URLENCODED)
    assert answer.status_code < 500
    return answer


@at_random
@given(
    fields=some(
        "stars",
        "headline",
        "body",
        "spoils_through",
        "rewound",
        "stayed",
        "shown_to",
        "began_with",
        "preview",
        "hindsight",
    ),
    path=st.sampled_from([REVIEW, SERIES_REVIEW]),
)
def test_anything_thrown_at_a_review(browser, world, fields, path):
    answer = throw(browser, path, fields)
    assert answer.status_code in (302, 422) or "preview" in dict(fields)
    assert differences() == []


@at_random
@given(
    fields=some(
        "body", "spoils_through", "parent", "kind", "at", "song", "song_name", "began_with", "preview", "hindsight"
    ),
    kind=st.sampled_from([[], [("kind", b"moment")], [("kind", b"line")], [("kind", b"song")], [("kind", b"bonus")]]),
    path=st.sampled_from([DISCUSSION, ROOM, BONUS, "answer", "edit"]),
)
def test_anything_thrown_at_a_comment(browser, world, fields, kind, path):
    places = {"answer": f"/reviews/{world.review.pk}/comments/", "edit": f"/comments/{world.comment.pk}/edit/"}
    answer = throw(browser, places.get(path, path), kind + fields)
    assert answer.status_code in (302, 422) or "preview" in dict(fields)
    assert differences() == []


@at_random
@given(fields=some("seen_through", "next"))
def test_anything_thrown_at_the_band(client, browser, world, fields):
    for reader in (client, browser):
        answer = throw(reader, PROGRESS, fields)
        assert answer.status_code in (302, 422)
        assert answer.status_code == 422 or answer.headers["Location"].startswith("/")
    assert differences() == []


@at_random
@given(fields=some("username", "email", "password1", "website", "next"))
def test_anything_thrown_at_the_sign_up(db, fields):
    throw(Client(), "/accounts/signup/", fields)


@at_random
@given(fields=some("login", "password", "remember", "next"))
def test_anything_thrown_at_the_login(alice, fields):
    assert "_auth_user_id" not in throw(Client(), "/accounts/login/", fields).client.session


@at_random
@given(fields=some("email", "next"))
def test_anything_thrown_at_the_password_reset(alice, fields):
    throw(Client(), "/accounts/password/reset/", fields)


@at_random
@given(
    path=st.sampled_from(["/", "/series/drama/", "/series/drama/episodes/2/", DISCUSSION, "/accounts/login/"]),
    fields=some("page", "reveal", "next", "at", "sort"),
)
def test_anything_asked_in_an_address(client, browser, world, path, fields):
    query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields)
    for reader in (client, browser):
        assert reader.get(path, QUERY_STRING=query).status_code < 500
