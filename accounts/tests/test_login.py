"""Logging in and out, what a visitor brings along, and who is kept out."""

from urllib.parse import urlencode

import pytest
from django.core import signing
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import PASSWORD, seen
from episodes.models import Progress
from episodes.viewer import COOKIE, COOKIE_SALT

LOGIN = "/accounts/login/"


def log_in(client, login="alice", password=PASSWORD, **values):
    return client.post(LOGIN, {"login": login, "password": password, **values})


def is_logged_in(client):
    return "_auth_user_id" in client.session


def carry(client, *points):
    """Give a visitor's browser the cookie with these (series, seen through)."""
    client.cookies[COOKIE] = signing.dumps({str(key): point for key, point in points}, salt=COOKIE_SALT)


def said(client):
    return client.get("/series/").content.decode()


def button(to, words):
    """What leads to this point in the series "drama"."""
    path = "/series/drama/progress/"
    return f'form="act" formaction="{path}" name="seen_through" value="{to}">{words}</button>'


@pytest.mark.parametrize("login", ["alice", "ALICE", " alice ", "alice@example.com", "Alice@Example.COM"])
def test_a_member_logs_in_by_name_or_address(client, alice, login):
    response = log_in(client, login)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_logged_in(client)


@pytest.mark.parametrize("path", ["/", "/series/"])
def test_hello_is_said_once(client, alice, series, path):
    assert log_in(client, next=path)["Location"] == path
    assert client.get(path).content.decode().count("Hello, Alice") == 1


def test_the_page_ties_its_labels_and_says_what_to_fill_in(client, db):
    page = client.get(LOGIN).content.decode()
    assert '<label class="field__label" for="id_login">' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "style=" not in page
    assert "<title>Log in" in page


@pytest.mark.parametrize(
    ("login", "password"), [("alice", "wrong"), ("nobody", PASSWORD), ("no@example.com", "wrong")]
)
def test_a_wrong_password_and_an_unknown_name_are_told_alike(client, alice, login, password):
    page = log_in(client, login, password).content.decode()
    assert not is_logged_in(client)
    assert "<title>Error: Log in" in page
    assert 'class="error-summary" role="alert"' in page
    assert "not correct" in page
    assert f'value="{login}"' in page
    assert password not in page.replace(f'value="{login}"', "")


@pytest.mark.parametrize(
    "bad", ["", "\0", "a\0b", "x" * 10_000, "'; --", "알리스", "\ud800".encode("utf-8", "surrogatepass")]
)
@pytest.mark.parametrize("field", ["login", "password"])
def test_bad_input_is_answered_with_the_form(client, alice, field, bad):
    body = urlencode({"login": "alice", "password": PASSWORD, field: bad})
    response = client.post(LOGIN, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422
    assert not is_logged_in(client)
    assert 'id="id_login"' in response.content.decode()


def test_next_leads_back_into_the_site(client, alice):
    assert log_in(client, next="/series/drama/?page=2")["Location"] == "/series/drama/?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "///evil.example", r"\\evil.example", r"/\evil.example",
     "javascript:alert(1)", "http:evil.example", "https://testserver@evil.example/"],
)  # fmt: skip
def test_next_never_leads_out_of_it(client, alice, elsewhere):
    assert log_in(client, next=elsewhere)["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": elsewhere})["Location"] == "/"


def test_logging_out_takes_a_post(client, alice):
    log_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_logged_in(client)
    client.post("/accounts/logout/")
    assert not is_logged_in(client)


def test_a_banned_member_is_told_why_and_until_when(client, ned):
    response = log_in(client, "ned")
    page = response.content.decode()
    assert response.status_code == 403
    assert "Sold scarves in every thread." in page
    assert "for good" in page
    assert not is_logged_in(client)


def test_a_dated_ban_says_its_date(client, alice, mona):
    until = timezone.now().replace(year=2099, month=5, day=4)
    Sanction.objects.impose(alice, Sanction.Kind.BAN, by=mona, reason="Spoilers & <scarves>", until=until)
    page = log_in(client).content.decode()
    assert 'datetime="2099-05-04' in page
    assert "Spoilers &amp; &lt;scarves&gt;" in page


def test_a_stranger_learns_nothing_of_a_ban(client, ned):
    unknown = log_in(client, "nobody", "wrong").content.decode()
    banned = log_in(client, "ned", "wrong").content.decode()
    assert "scarves" not in banned
    assert "banned" not in banned.lower()
    assert banned.count("<li>") == unknown.count("<li>")


def test_a_ban_ends_open_sessions_at_their_next_request(as_member, alice, mona):
    client = as_member(alice)
    assert client.get("/accounts/email/").status_code == 200
    ban = Sanction.objects.impose(alice, Sanction.Kind.BAN, by=mona, reason="Enough.")
    assert client.get("/accounts/email/")["Location"].startswith(LOGIN)
    ban.lift(by=mona)
    assert client.get("/accounts/email/").status_code == 200


def test_a_ban_that_has_run_out_lets_them_in(client, ned):
    User.objects.filter(pk=ned.pk).update(banned_until=timezone.now())
    assert log_in(client, "ned").status_code == 302
    assert is_logged_in(client)


def test_an_ended_account_stays_out(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    log_in(client)
    assert not is_logged_in(client)


def test_a_visitors_point_becomes_the_members(client, alice, series):
    carry(client, (series.pk, 2))
    response = log_in(client)
    own = Progress.objects.get(member=alice, series=series)
    assert (own.seen_through, own.furthest) == (2, 2)
    assert response.cookies[COOKIE].value == ""
    assert "We remembered: Drama, through Track 2." in said(client)


def test_the_higher_point_wins_and_nothing_is_said_when_nothing_changed(client, alice, series):
    seen(alice, series, 3)
    carry(client, (series.pk, 2))
    response = log_in(client)
    assert Progress.objects.get(member=alice, series=series).seen_through == 3
    assert response.cookies[COOKIE].value == ""
    assert "We remembered" not in said(client)


def test_a_point_that_was_overwritten_is_named_and_one_press_away(client, alice, series):
    seen(alice, series, 1)
    carry(client, (series.pk, 3))
    log_in(client)
    page = said(client)
    assert "Drama: you were at Track 1, this browser at Track 3. The further one counts." in page
    assert button("1", "Back to Track 1") in page
    client.post("/series/drama/progress/", {"seen_through": "1"})
    own = Progress.objects.get(member=alice, series=series)
    assert (own.seen_through, own.furthest) == (1, 3)


def test_who_had_not_started_is_led_back_to_that(client, alice, series):
    seen(alice, series, 0)
    carry(client, (series.pk, 3))
    log_in(client)
    page = said(client)
    assert "Drama: you had not started, this browser was at Track 3. The further one counts." in page
    assert button("0", "I haven&#x27;t started") in page


def test_who_rewatches_is_not_moved_but_may_go_on(client, alice, series):
    """They went back to be told less: whoever sat at this browser does not undo that."""
    seen(alice, series, 4)
    seen(alice, series, 1)
    carry(client, (series.pk, 2))
    log_in(client)
    own = Progress.objects.get(member=alice, series=series)
    assert (own.seen_through, own.furthest) == (1, 4)
    page = said(client)
    assert "Drama: this browser was at Track 2. You are rewatching, so your own point stays." in page
    assert button("2", "Go on at Track 2") in page


def test_nothing_is_said_to_who_rewatches_at_the_same_point(client, alice, series):
    seen(alice, series, 4)
    seen(alice, series, 1)
    carry(client, (series.pk, 1))
    log_in(client)
    assert "rewatching" not in said(client)


@pytest.mark.parametrize(
    ("own", "carried", "then"),
    [
        (None, (1, 4), (1, 4)),
        ((2,), (1, 4), (2, 4)),
        ((2,), (3, 4), (3, 4)),
        ((3, 1), (2, 4), (1, 4)),
        ((4, 1), (2, 3), (1, 4)),
        ((4, 0), (0, 0), (0, 4)),
        ((1,), (1, 9_000), (1, 4)),
    ],
    ids=str,
)
def test_what_a_visitor_knew_the_member_knows(client, alice, series, own, carried, then):
    for point in own or ():
        seen(alice, series, point)
    carry(client, (series.pk, carried))
    log_in(client)
    row = Progress.objects.get(member=alice, series=series)
    assert (row.seen_through, row.furthest) == then


def test_a_title_is_no_markup(client, alice, make_series):
    series = make_series(title="<b>Drama</b>")
    seen(alice, series, 1)
    carry(client, (series.pk, 3))
    log_in(client)
    page = said(client)
    assert "&lt;b&gt;Drama&lt;/b&gt;: you were at Track 1" in page
    assert "<b>" not in page


def test_many_series_that_moved_are_few_messages(client, alice, make_series):
    every = [make_series(f"drama-{letter}") for letter in "abcdef"]
    for series in every:
        seen(alice, series, 1)
    carry(client, *((series.pk, 3) for series in every))
    log_in(client)
    page = said(client)
    assert page.count("Back to Track 1") == 3
    assert "We remembered: " in page
    assert all(series.title in page for series in every)


def test_not_started_is_an_answer_too(client, alice, series):
    carry(client, (series.pk, 0))
    log_in(client)
    assert Progress.objects.get(member=alice, series=series).seen_through == 0
    assert "We remembered: Drama, not started." in said(client)


def test_several_series_are_named_in_one_sentence(client, alice, series, make_series):
    other = make_series("other")
    carry(client, (series.pk, 1), (other.pk, 4))
    log_in(client)
    page = said(client)
    assert "Drama, through Track 1" in page
    assert "Other, through Track 4" in page


def test_only_aired_episodes_of_published_series_count(client, alice, make_series):
    running = make_series("running", aired=2)
    draft = make_series("draft", published_at=None)
    carry(client, (running.pk, 4), (draft.pk, 2), (999_999, 3), (2**62, 1))
    log_in(client)
    assert list(Progress.objects.values_list("series", "seen_through")) == [(running.pk, 2)]


@pytest.mark.parametrize("cookie", ["", "garbage", "e30:1:x", "\0"])
def test_a_cookie_that_is_not_ours_is_as_if_it_were_not_there(client, alice, cookie):
    client.cookies[COOKIE] = cookie
    assert log_in(client).status_code == 302
    assert not Progress.objects.exists()
