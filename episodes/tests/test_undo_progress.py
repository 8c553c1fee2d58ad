"""`/series/<slug>/progress/undo/`: who pressed the wrong one is as if they had not, for ten minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils import timezone

from conftest import seen
from episodes.models import Progress
from episodes.models.progress import ProgressQuerySet
from episodes.viewer import COOKIE, COOKIE_SALT, STEP_COOKIE, STEP_SALT
from reviews.models import Comment, Review
from reviews.rules import broken_rules

SERIES = "/series/drama/"
SET = f"{SERIES}progress/"
PATH = f"{SET}undo/"
OFFER = "I pressed the wrong one"
DONE = "Taken back."
LATE = "That can no longer be taken back."
WRITTEN = "You have rated or written since"
UNANSWERED = "band--unanswered"


@pytest.fixture(params=["a visitor", "a member"])
def browser(request, client, as_member, alice):
    return client if request.param == "a visitor" else as_member(alice)


def press(browser, point):
    return browser.post(SET, {"seen_through": point}, follow=True).text


def undo(browser):
    return browser.post(PATH, follow=True).text


def test_a_step_too_far_is_as_if_it_had_not_been(browser, series):
    press(browser, 1)
    assert OFFER in press(browser, 4)
    page = undo(browser)
    assert DONE in page
    assert "Seen through Track 1" in page
    for words in ("Title 4", "Rewatching", "Back to Track 4", OFFER):
        assert words not in page


def test_who_had_never_been_asked_is_asked_again(browser, series):
    press(browser, 4)
    assert UNANSWERED in undo(browser)
    assert UNANSWERED in browser.get(SERIES).text
    assert not Progress.objects.exists()
    assert OFFER in press(browser, 2), "and may answer anew"


def test_who_corrects_themselves_first_may_still_take_it_back(browser, series):
    press(browser, 1)
    press(browser, 4)
    assert OFFER in press(browser, 1)
    page = undo(browser)
    assert "Seen through Track 1" in page
    assert "Rewatching" not in page


def test_a_double_press_is_one_slip(browser, series):
    press(browser, 1)
    press(browser, 4)
    press(browser, 4)
    assert "Seen through Track 1" in undo(browser)


def test_only_the_last_step_is_taken_back(browser, series):
    for point in (1, 2, 4):
        press(browser, point)
    assert "Seen through Track 2" in undo(browser)
    assert LATE in undo(browser)
    assert "Seen through Track 2" in browser.get(SERIES).text


def test_a_rewatcher_keeps_what_they_knew(browser, series):
    for point in (3, 1, 4):
        press(browser, point)
    page = undo(browser)
    assert "Rewatching: seen through Track 1" in page
    assert "Back to Track 3, where I was" in page


@pytest.mark.parametrize("points", [[3, 1], [3, 1, 2], [3, 1, 3]])
def test_nothing_is_offered_for_what_was_known_before(client, as_member, alice, series, points):
    seen(alice, series, 4)
    browser = as_member(alice)
    for point in points:
        assert OFFER not in press(browser, point)
    assert STEP_COOKIE not in browser.cookies


def test_is_offered_on_every_page_of_the_series_and_no_other(browser, series, make_series):
    make_series("other")
    press(browser, 4)
    for path in ("", "episodes/2/", "episodes/2/comments/", "reviews/"):
        assert OFFER in browser.get(SERIES + path).text
    assert OFFER not in browser.get("/series/other/").text
    assert LATE in browser.post("/series/other/progress/undo/", follow=True).text
    assert "You have seen it all" in browser.get(SERIES).text


def test_after_ten_minutes_it_stays(browser, series):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        press(browser, 1)
        press(browser, 4)
        clock.shift(timedelta(minutes=9, seconds=59))
        assert OFFER in browser.get(SERIES).text
        clock.shift(timedelta(seconds=1))
        assert OFFER not in browser.get(SERIES).text
        assert LATE in undo(browser)
        assert "You have seen it all" in browser.get(SERIES).text


def test_stepping_back_and_forth_does_not_lengthen_them(browser, series):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        press(browser, 4)
        clock.shift(timedelta(minutes=9))
        press(browser, 1)
        clock.shift(timedelta(minutes=1))
        assert LATE in undo(browser)


def test_who_moved_elsewhere_since_stays(as_member, alice, series):
    browser = as_member(alice)
    press(browser, 1)
    press(browser, 3)
    seen(alice, series, 2)
    assert OFFER not in browser.get(SERIES).text
    assert LATE in undo(browser)
    progress = Progress.objects.get()
    assert (progress.seen_through, progress.furthest) == (2, 3)


def test_who_moved_away_and_back_elsewhere_stays_too(as_member, alice, series):
    """The same point is not the same moment."""
    browser = as_member(alice)
    press(browser, 1)
    press(browser, 4)
    seen(alice, series, 2)
    seen(alice, series, 4)
    assert OFFER not in browser.get(SERIES).text
    assert LATE in undo(browser)
    assert Progress.objects.get().furthest == 4


def test_a_step_that_was_taken_back_is_of_no_use_again(as_member, alice, series):
    browser = as_member(alice)
    press(browser, 1)
    press(browser, 4)
    used = browser.cookies[STEP_COOKIE].value
    undo(browser)
    seen(alice, series, 4)
    browser.cookies[STEP_COOKIE] = used
    assert OFFER not in browser.get(SERIES).text
    assert LATE in undo(browser)
    assert Progress.objects.get().furthest == 4


def test_a_press_does_not_revive_what_another_browser_ended(as_member, alice, series, monkeypatch):
    """The other moves them between this request's look and its press."""
    browser = as_member(alice)
    press(browser, 1)
    press(browser, 4)
    record = ProgressQuerySet.record

    def late(rows, member, of, point):
        monkeypatch.setattr(ProgressQuerySet, "record", record)
        seen(alice, series, 2)
        return record(rows, member, of, point)

    monkeypatch.setattr(ProgressQuerySet, "record", late)
    assert OFFER not in press(browser, 4)


def kept(browser):
    """The jar, as a browser keeps it: what an answer has dropped is gone."""
    return {name for name, cookie in browser.cookies.items() if cookie["max-age"] != 0}


def test_a_visitor_who_takes_back_their_first_answer_holds_nothing(client, series):
    press(client, 4)
    assert kept(client) == {COOKIE, STEP_COOKIE}
    assert DONE in undo(client)
    assert kept(client) == set()
    client.cookies.clear()
    assert client.get(SERIES).headers["Cache-Control"].startswith("public")


def test_a_visitor_keeps_their_point_in_another_series(client, series, make_series):
    make_series("other")
    client.post("/series/other/progress/", {"seen_through": 2})
    press(client, 4)
    undo(client)
    assert kept(client) == {COOKIE}


def test_logging_out_forgets_the_step(as_member, alice, series):
    browser = as_member(alice)
    press(browser, 4)
    assert STEP_COOKIE in kept(browser)
    browser.post("/accounts/logout/")
    assert STEP_COOKIE not in kept(browser)


def write_comment(alice, episode, make_comment, make_review):
    make_comment(alice, episode, spoils_through=2)


def write_review(alice, episode, make_comment, make_review):
    make_review(alice, episode)


def rate(alice, episode, make_comment, make_review):
    Review.objects.rate(alice, episode, 8)


def write_and_delete(alice, episode, make_comment, make_review):
    make_comment(alice, episode, spoils_through=2).retract()


@pytest.mark.parametrize("say", [write_comment, write_review, rate, write_and_delete])
def test_who_has_written_since_knew_it_then(as_member, alice, series, episode, make_comment, make_review, say):
    browser = as_member(alice)
    press(browser, 1)
    press(browser, 4)
    say(alice, episode, make_comment, make_review)
    page = undo(browser)
    assert WRITTEN in page
    assert DONE not in page
    assert Progress.objects.get().furthest == 4
    assert not list(broken_rules())


def test_what_was_refused_is_not_offered_again(as_member, alice, series, episode, make_comment):
    """They wrote in another browser: this one learns of it by the refusal."""
    browser = as_member(alice)
    press(browser, 4)
    make_comment(alice, episode)
    assert OFFER in browser.get(SERIES).text
    assert OFFER not in undo(browser)
    assert STEP_COOKIE not in kept(browser)


STARS = {"stars": "8"}
WORDS = {"body": "I know", "spoils_through": "2", "hindsight": "0"}
SAYS = {
    "rate an episode": ("{series}episodes/2/rating/", STARS),
    "rate all of it": ("{series}rating/", STARS),
    "rate its episodes": ("{series}ratings/", {"stars_1": "8"}),
    "review an episode": ("{series}episodes/2/review/", WORDS | STARS),
    "comment": ("{series}episodes/2/comments/", WORDS),
    "answer the bonus question": ("{series}episodes/2/bonus/", WORDS),
    "answer a review": ("/reviews/{review}/comments/", WORDS),
    "change a comment": ("/comments/{own}/edit/", WORDS),
}


@pytest.mark.parametrize("say", SAYS)
def test_is_not_offered_once_one_has_written_or_rated(
    as_member, alice, bob, series, episode, make_comment, make_review, say
):
    path, said = SAYS[say]
    own, review = make_comment(alice, series), make_review(bob, episode, spoils_through=2)
    path = path.format(series=SERIES, review=review.pk, own=own.pk)
    browser = as_member(alice)
    press(browser, 4)
    refused = browser.post(path, {**said, "body": "", "stars": "", "stars_1": ""})
    assert refused.status_code == 422
    assert OFFER in browser.get(SERIES).text
    assert browser.post(path, said).status_code == 302
    assert STEP_COOKIE not in kept(browser)
    assert OFFER not in browser.get(SERIES).text


def test_writing_about_another_series_is_in_nobodys_way(as_member, alice, series, make_series):
    seen(alice, make_series("other"), 4)
    browser = as_member(alice)
    press(browser, 4)
    assert browser.post("/series/other/rating/", STARS).status_code == 302
    assert DONE in undo(browser)


def test_changing_an_older_text_counts_as_writing(as_member, alice, series, make_comment):
    browser = as_member(alice)
    press(browser, 1)
    older = make_comment(alice, series, body="I wonder", spoils_through=0)
    press(browser, 4)
    older.edit(body="I know", spoils_through=0)
    assert WRITTEN in undo(browser)


def test_what_was_written_before_or_by_others_or_elsewhere_is_in_nobodys_way(
    as_member, alice, bob, series, episode, make_series, make_comment
):
    browser = as_member(alice)
    press(browser, 1)
    make_comment(alice, series, spoils_through=0)
    press(browser, 4)
    seen(bob, series, 4)
    make_comment(bob, episode, spoils_through=2)
    other = make_series("other")
    seen(alice, other, 4)
    make_comment(alice, other, spoils_through=0)
    assert DONE in undo(browser)
    assert set(Comment.objects.by(alice).filter(series=series).values_list("author_seen_through", flat=True)) == {1}


def test_a_step_is_its_members_own(as_member, client, alice, bob, series):
    browser = as_member(alice)
    press(browser, 4)
    seen(bob, series, 4)
    for other in (as_member(bob), client):
        other.cookies[STEP_COOKIE] = browser.cookies[STEP_COOKIE].value
        assert OFFER not in other.get(SERIES).text
        assert LATE in undo(other)
    assert Progress.objects.filter(furthest=4).count() == 2


def test_what_a_visitor_brought_along_is_not_taken_back(client, as_member, alice, series):
    press(client, 4)
    browser = as_member(alice)
    browser.cookies[STEP_COOKIE] = client.cookies[STEP_COOKIE].value
    seen(alice, series, 4)
    assert LATE in undo(browser)


@pytest.mark.parametrize("raw", ["junk", "", "x" * 5000])
def test_junk_leads_nowhere(browser, series, raw):
    press(browser, 4)
    browser.cookies[STEP_COOKIE] = raw
    assert LATE in undo(browser)
    assert "You have seen it all" in browser.get(SERIES).text


@pytest.mark.parametrize(
    ("held", "salt"),
    [
        ([1, 0, None, [4, 4], 2**40], COOKIE_SALT),
        ([1, 0, None], STEP_SALT),
        ({"series": 1}, STEP_SALT),
        ([1, 0, "x", [4, 4], 1], STEP_SALT),
        ([1, 0, None, [4, 4, 4], 1], STEP_SALT),
        (7, STEP_SALT),
    ],
)
def test_a_step_of_another_make_leads_nowhere(browser, series, held, salt):
    press(browser, 4)
    browser.cookies[STEP_COOKIE] = signing.dumps(held, salt=salt)
    assert LATE in undo(browser)
    assert "You have seen it all" in browser.get(SERIES).text


def test_a_visitors_point_in_place_of_a_step_leads_nowhere(client, series):
    press(client, 4)
    client.cookies[STEP_COOKIE] = client.cookies[COOKIE].value
    assert LATE in undo(client)


def test_moves_no_other_series_and_needs_no_session(client, series, make_series):
    make_series("other")
    client.post("/series/other/progress/", {"seen_through": 2})
    press(client, 4)
    undo(client)
    assert "Seen through Track 2" in client.get("/series/other/").text
    assert not Session.objects.exists()


def test_leads_back_to_where_it_was_pressed_and_never_elsewhere(browser, series):
    press(browser, 4)
    assert browser.post(PATH, {"next": f"{SERIES}episodes/2/"}).headers["Location"] == f"{SERIES}episodes/2/"
    assert browser.post(PATH, {"next": "https://evil.example/"}).headers["Location"] == SERIES


def test_a_form_from_elsewhere_is_asked_again(series):
    browser = Client(enforce_csrf_checks=True)
    page = browser.post(PATH, headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert "Was that you?" in page.text


@pytest.mark.parametrize("slug", ["unknown", "secret"])
def test_a_series_that_is_not_there_is_404(client, make_series, slug):
    make_series("secret", published_at=None)
    assert client.post(f"/series/{slug}/progress/undo/").status_code == 404


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "trace"])
def test_only_takes_a_post(client, series, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_the_offer_costs_no_query(browser, series, queries_of):
    press(browser, 1)
    press(browser, 4)
    browser.get(SERIES)  # the message is read
    offered = queries_of(browser, SERIES)
    del browser.cookies[STEP_COOKIE]
    assert queries_of(browser, SERIES) == offered
