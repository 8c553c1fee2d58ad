"""The band under the header: where a viewer is, and every way on and back, in one press."""

import re

import pytest
from django.core import signing

from conftest import seen
from episodes.models import Episode
from episodes.viewer import COOKIE, COOKIE_SALT

SERIES = "/series/drama/"
EPISODE_2 = f"{SERIES}episodes/2/"
REWATCH = "I'm rewatching: hide what comes later again"
AGAIN = "Hide what comes later again"
START = ("0", "Rewatch from the start")


def carry(client, series, held):
    client.cookies[COOKIE] = signing.dumps({str(series.pk): held}, salt=COOKIE_SALT)
    return client


def question(page):
    (said,) = re.findall(r'id="band-question">(.*?)</p>', page.text, re.DOTALL)
    return " ".join(said.split())


def presses(page):
    """Value and words of every button of the band that is no cell."""
    return re.findall(r'<button class="band__step" name="seen_through" value="(\d+)">(.*?)</button>', page.text)


@pytest.fixture(params=["a visitor", "a member"])
def at(request, client, as_member, alice):
    """A browser of somebody at this point who was as far as that."""

    def browser(series, point, furthest=None):
        furthest = point if furthest is None else furthest
        if request.param == "a visitor":
            return carry(client, series, [point, furthest])
        seen(alice, series, furthest)
        seen(alice, series, point)
        return as_member(alice)

    return browser


@pytest.mark.parametrize(
    ("point", "furthest", "asked"),
    [
        (0, 0, "Not started"),
        (2, 2, "Seen through Track 2"),
        (4, 4, "You have seen it all"),
        (2, 4, "Rewatching: seen through Track 2"),
        (0, 3, "Rewatching from the start"),
    ],
)
def test_says_where_the_viewer_is(at, series, point, furthest, asked):
    assert question(at(series, point, furthest).get(SERIES)) == asked


def test_who_was_never_asked_is_asked(client, as_member, alice, series):
    for browser in (client, as_member(alice)):
        page = browser.get(EPISODE_2)
        assert "How far have you seen?" in question(page)
        assert presses(page) == []


@pytest.mark.parametrize(
    ("point", "furthest", "offers"),
    [
        (0, 0, []),
        (1, 1, [START]),
        (2, 2, [START]),
        (3, 3, [("2", REWATCH)]),
        (4, 4, [("2", REWATCH)]),
        (2, 4, [("4", "Back to Track 4, where I was")]),
        (0, 2, [("2", "Back to Track 2, where I was")]),
        (3, 4, [("4", "Back to Track 4, where I was"), ("2", AGAIN)]),
    ],
)
def test_the_page_of_an_episode_offers_both_ways(at, series, point, furthest, offers):
    assert presses(at(series, point, furthest).get(EPISODE_2)) == offers


@pytest.mark.parametrize("page", ["recap/", "reviews/", "comments/"])
def test_every_page_of_the_episode_offers_them(at, series, page):
    assert presses(at(series, 3, 4).get(EPISODE_2 + page)) == [("4", "Back to Track 4, where I was"), ("2", AGAIN)]


def test_the_page_of_the_series_leaves_going_back_to_the_cells(at, series):
    assert presses(at(series, 4).get(SERIES)) == [START]


@pytest.mark.parametrize(
    ("point", "offers_all", "offers_start"), [(0, True, False), (2, True, True), (4, False, True)]
)
def test_nobody_is_asked_what_they_are_told(at, series, point, offers_all, offers_start):
    page = at(series, point).get(SERIES)
    assert ("I've seen it all" in page.text) is offers_all
    assert (START in presses(page)) is offers_start
    assert "I haven't started" not in page.text


def test_starting_again_is_called_the_same_before_and_after(at, series):
    """Who has seen something has started, whatever they press."""
    browser = at(series, 2)
    assert START in presses(browser.get(SERIES))
    page = browser.post(f"{SERIES}progress/", {"seen_through": "0"}, follow=True)
    assert question(page) == "Rewatching from the start"
    assert "Rewatching from the start. Only what is safe for newcomers is sent to you." in page.text
    assert "Not started" not in page.text


HINT = "Rewatching? Say where you are"


@pytest.mark.parametrize(
    ("point", "furthest", "path", "told"),
    [
        (4, 4, SERIES, True),
        (4, 4, "/series/drama/episodes/4/", True),
        (4, 4, EPISODE_2, False),  # a button says it there
        (4, 4, "/series/drama/reviews/", False),
        (3, 3, SERIES, False),
        (2, 4, SERIES, False),
    ],
)
def test_who_has_seen_it_all_is_told_how_to_rewatch(at, series, point, furthest, path, told):
    assert (HINT in at(series, point, furthest).get(path).text) is told


def test_each_offer_keeps_its_word(at, series):
    browser = at(series, 4)
    for value, words in (("2", REWATCH), ("4", "Back to Track 4, where I was")):
        assert (value, words) in presses(browser.get(EPISODE_2))
        browser.post(f"{SERIES}progress/", {"seen_through": value, "next": EPISODE_2})
    assert question(browser.get(EPISODE_2)) == "You have seen it all"


def test_a_short_band_shows_its_cells_and_a_long_one_folds_them(at, make_series):
    short, long = make_series("short", 8), make_series("long", 9)
    assert "<details" not in at(short, 3).get("/series/short/").text
    page = at(long, 3).get("/series/long/")
    assert '<details class="band__more">' in page.text
    assert presses(page) == [START, ("4", "I've seen Track 4")]
    assert page.text.count('<button class="band__cell') == 9 + 1


def test_an_open_question_folds_nothing(client, make_series):
    make_series("long", 60)
    page = client.get("/series/long/")
    assert "<details" not in page.text
    assert page.text.count('<button class="band__cell') == 60 + 2


def test_a_long_band_offers_no_episode_that_has_not_aired(at, make_series):
    long = make_series("long", 16, aired=10)
    assert presses(at(long, 9).get("/series/long/")) == [START, ("10", "I've seen Track 10")]
    assert presses(at(long, 10).get("/series/long/")) == [START]


@pytest.mark.parametrize("held", [7, [2, 7], 10_000])
def test_a_point_beyond_the_last_episode_is_the_last(client, series, held):
    page = carry(client, series, held).get(EPISODE_2)
    assert page.status_code == 200
    assert "Track 7" not in page.text
    assert "Track 10000" not in page.text


def test_a_series_that_lost_episodes_is_no_error(at, series):
    browser = at(series, 3, 4)
    Episode.objects.filter(series=series, number__gte=3).delete()
    for path in (SERIES, EPISODE_2, f"{EPISODE_2}recap/", f"{EPISODE_2}reviews/", f"{EPISODE_2}comments/"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "Track 3" not in page.text
        assert "Track 4" not in page.text
    answer = browser.post(f"{SERIES}progress/", {"seen_through": "1"}, follow=True)
    assert "The way back to Track 2 is above." in answer.text
    assert ("2", "Back to Track 2, where I was") in presses(answer)


def test_nothing_leads_to_an_episode_that_has_not_aired(client, make_series):
    """As if a date had been put off after somebody had seen the episode."""
    series = make_series(aired=1)
    page = carry(client, series, [1, 4]).get(SERIES)
    assert question(page) == "Seen through Track 1"
    assert presses(page) == [START]
    assert presses(carry(client, series, 4).get(EPISODE_2)) == [START]


def test_a_series_of_which_nothing_has_aired_asks_nothing(client, make_series):
    series = make_series(aired=0)
    assert "band" not in carry(client, series, [1, 4]).get(SERIES).text
