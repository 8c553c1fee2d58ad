"""`/series/<slug>/progress/`: a viewer says how far they have seen."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from conftest import seen
from episodes.models import Progress

SERIES = "/series/drama/"
PATH = f"{SERIES}progress/"


def test_a_visitor_keeps_the_point_in_a_signed_cookie_and_nothing_else(client, series):
    answer = client.post(PATH, {"seen_through": "2"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == SERIES
    cookie = answer.cookies["seen"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not Progress.objects.exists()
    assert not Session.objects.exists()
    assert "Seen through Track 2." in client.get(SERIES).text


def test_a_member_keeps_it_in_their_row(as_member, alice, series):
    browser = as_member(alice)
    answer = browser.post(PATH, {"seen_through": "3"})
    assert answer.status_code == 302
    assert "seen" not in answer.cookies
    progress = Progress.objects.get()
    assert (progress.member, progress.seen_through, progress.furthest) == (alice, 3, 3)


def test_going_back_hides_again_but_is_remembered(as_member, alice, series):
    browser = as_member(alice)
    browser.post(PATH, {"seen_through": "4"})
    browser.post(PATH, {"seen_through": "1"})
    progress = Progress.objects.get()
    assert (progress.seen_through, progress.furthest) == (1, 4)
    assert "Title 4" not in browser.get(SERIES).text


def test_one_members_point_is_nobody_elses(as_member, alice, bob, series):
    as_member(alice).post(PATH, {"seen_through": "4"})
    assert "band--unanswered" in as_member(bob).get(SERIES).text


@pytest.mark.parametrize(
    ("through", "says"),
    [(0, "Not started. Only what is safe"), (3, "Seen through Track 3."), (4, "You have seen it all: everything")],
)
def test_says_what_was_set(client, series, through, says):
    assert says in client.post(PATH, {"seen_through": through}, follow=True).text


@pytest.mark.parametrize("where", ["query", "field"])
@pytest.mark.parametrize("back", ["/", "/series/drama/episodes/2/?page=3#review-4", "/series/drama/reviews/"])
def test_leads_back_to_where_it_was_pressed(client, series, back, where):
    if where == "query":
        answer = client.post(PATH, {"seen_through": "1"}, query_params={"next": back})
    else:
        answer = client.post(PATH, {"seen_through": "1", "next": back})
    assert answer.headers["Location"] == back


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:///evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example",
        "\x00//evil.example",
        "http://testserver@evil.example/",
        "http://testserver.evil.example/",
        "episodes:home",
        "0",
        "relative/",
    ],
)
def test_never_leads_elsewhere(client, series, back):
    answer = client.post(PATH, {"seen_through": "1", "next": back})
    assert answer.status_code == 302
    assert answer.headers["Location"] == SERIES


def test_a_line_end_in_next_splits_no_header(client, series):
    answer = client.post(PATH, {"seen_through": "1", "next": "/\r\nSet-Cookie: stolen=1"})
    assert "stolen" not in answer.cookies
    assert "\n" not in answer.headers["Location"]


def test_a_form_from_elsewhere_is_asked_again(series):
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(PATH, {"seen_through": "4"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert "Was that you?" in page.text
    assert '<input type="hidden" name="seen_through" value="4">' in page.text
    assert "seen" not in page.cookies
    assert browser.post(PATH, {"seen_through": "4"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_a_member_is_not_moved_by_a_form_from_elsewhere(alice, series):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend="accounts.backends.MemberBackend")
    browser.post(PATH, {"seen_through": "4"}, headers={"Origin": "https://evil.example"})
    assert not Progress.objects.exists()


@pytest.mark.parametrize("slug", ["unknown", "secret"])
def test_a_series_that_is_not_there_is_404(client, make_series, slug):
    make_series("secret", published_at=None)
    answer = client.post(f"/series/{slug}/progress/", {"seen_through": "1"})
    assert answer.status_code == 404
    assert "seen" not in answer.cookies


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(client, series, method):
    assert getattr(client, method)(PATH).status_code == 405


@pytest.mark.parametrize("value", ["", "x", "-1", "5", "1.5", "999999999999999999999", "9" * 5000, "\x00", "½", None])
def test_what_is_no_point_is_refused_and_changes_nothing(client, as_member, alice, series, value):
    seen(alice, series, 1)
    form = {} if value is None else {"seen_through": value}
    for browser in (client, as_member(alice)):
        page = browser.post(PATH, form)
        assert page.status_code == 422
        assert "Nothing was changed." in page.text
        assert "error-summary" in page.text
        assert "seen" not in page.cookies
    assert Progress.objects.get().seen_through == 1


def test_what_has_not_aired_is_refused(client, make_series):
    make_series(aired=2)
    page = client.post(PATH, {"seen_through": "3"})
    assert page.status_code == 422
    assert "That one has not aired yet." in page.text


def test_after_a_refusal_the_band_leads_back_to_where_it_was_first_pressed(client, series):
    page = client.post(PATH, {"seen_through": "x", "next": "/series/drama/episodes/2/"})
    assert '<input type="hidden" name="next" value="/series/drama/episodes/2/">' in page.text


@pytest.mark.parametrize("who", ["a visitor", "a member"])
def test_going_back_says_what_is_hidden_again_and_the_way_back(client, as_member, alice, series, who):
    browser = client if who == "a visitor" else as_member(alice)
    browser.post(PATH, {"seen_through": "4"})
    page = browser.post(PATH, {"seen_through": "2"}, follow=True).text
    assert "Seen through Track 2. What comes after Track 2 is hidden again. The way back to Track 4 is above." in page
    page = browser.post(PATH, {"seen_through": "0"}, follow=True).text
    assert "Only what is safe for newcomers is sent to you. The way back to Track 4 is above." in page
    page = browser.post(PATH, {"seen_through": "4"}, follow=True).text
    assert "You have seen it all: everything is open to you." in page
    assert "What comes after" not in page


def test_the_same_press_twice_says_the_same_and_hides_nothing(client, series):
    client.post(PATH, {"seen_through": "2"})
    page = client.post(PATH, {"seen_through": "2"}, follow=True).text
    assert "Seen through Track 2." in page
    assert "What comes after" not in page
    assert "opened" not in page


def test_each_press_counts_from_where_the_one_before_led(as_member, alice, series):
    """Two tabs, and the back button: what was pressed last stands, and the furthest stays."""
    browser = as_member(alice)
    for pressed in (3, 1, 1, 4, 2):
        browser.post(PATH, {"seen_through": pressed})
    progress = Progress.objects.get()
    assert (progress.seen_through, progress.furthest) == (2, 4)


def test_two_tabs_of_a_visitor_keep_the_furthest(client, series):
    for pressed in (3, 1, 1, 4, 2):
        client.post(PATH, {"seen_through": pressed})
    assert "Back to Track 4, where I was" in client.get(SERIES).text


def test_moves_no_other_series_of_a_visitor(client, make_series):
    make_series("one")
    make_series("two")
    client.post("/series/one/progress/", {"seen_through": "3"})
    client.post("/series/two/progress/", {"seen_through": "1"})
    assert "Seen through Track 3" in client.get("/series/one/").text
    assert "Seen through Track 1" in client.get("/series/two/").text
