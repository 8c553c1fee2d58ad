"""What opened: said after each press, rating and review that moves the point. Counts, and never a word."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import seen
from episodes.models import Episode

PATH = "/series/drama/progress/"
ALL = "You have seen it all: everything is open to you."
BONUS = '<a href="/series/drama/episodes/{0}/#bonus-track">Bonus Track of Track {0}</a> is open.'


def press(browser, point):
    return browser.post(PATH, {"seen_through": point}, follow=True).text


@pytest.fixture
def texts(series, crowd, make_review, make_comment):
    """For each scope from 0 to 4 a review of the series, and three comments in its room."""
    for author in crowd(3):
        for scope in range(5):
            make_comment(author, series, spoils_through=scope, body=f"Grasshopper {scope}")
    for scope, author in enumerate(crowd(5)):
        make_review(author, series, spoils_through=scope, body="Grasshopper")


@pytest.mark.parametrize("who", ["a visitor", "a member"])
@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (None, 1, "Seen through Track 1. 1 review opened across the series. 3 comments opened too."),
        (0, 1, "Seen through Track 1. 1 review opened across the series. 3 comments opened too."),
        (1, 3, "Seen through Track 3. 2 reviews opened across the series. 6 comments opened too."),
        (
            None,
            4,
            f"{ALL} 4 reviews opened across the series. 12 comments opened too.",
        ),
    ],
)
def test_a_press_says_what_it_opened(client, as_member, alice, texts, before, after, says, who):
    browser = client if who == "a visitor" else as_member(alice)
    if before is not None:
        press(browser, before)
    assert says in press(browser, after)


@pytest.mark.parametrize(("before", "after"), [(None, 0), (2, 2), (3, 1), (3, 0)])
def test_what_opens_nothing_says_nothing_of_it(client, texts, before, after):
    if before is not None:
        press(client, before)
    page = press(client, after)
    assert "opened" not in page
    assert "is open." not in page


def test_only_one_kind_is_named_where_only_one_opened(client, alice, series, make_review, make_comment):
    make_comment(alice, series, spoils_through=1)
    make_review(alice, series, spoils_through=2)
    assert "Seen through Track 1. 1 comment opened across the series." in press(client, 1)
    assert "Seen through Track 2. 1 review opened across the series." in press(client, 2)
    page = press(client, 3)
    assert "Seen through Track 3." in page
    assert "opened" not in page


def test_what_is_hidden_or_deleted_did_not_open(client, mona, alice, series, make_comment):
    make_comment(alice, series, spoils_through=1).hide(mona, "Loud.")
    make_comment(alice, series, spoils_through=1).retract()
    assert "opened" not in press(client, 1)


def test_another_series_opened_nothing(client, alice, series, make_series, make_comment):
    make_comment(alice, make_series("other"), spoils_through=1)
    assert "opened" not in press(client, 1)


def test_the_last_episode_opens_its_bonus_track_and_says_so(client, series):
    page = press(client, 4)
    assert "You have seen it all: everything is open to you. The " + BONUS.format(4) in page


def test_any_other_leads_to_its_own(client, series):
    assert "Seen through Track 2. The " + BONUS.format(2) in press(client, 2)


def test_a_question_alone_is_a_bonus_track_too(client, series):
    Episode.objects.filter(series=series, number=4).update(bonus_track_html="")
    assert BONUS.format(4) in press(client, 4)


def test_where_nobody_wrote_one_down_nothing_leads_there(client, series):
    Episode.objects.filter(series=series).update(bonus_track_html="", bonus_question="")
    assert "#bonus-track" not in press(client, 4)


def test_the_last_that_has_aired_is_not_the_last(client, make_series):
    make_series(aired=3)
    assert "You have seen it all" not in press(client, 3)


def test_a_name_is_no_markup(client, make_series):
    make_series(vocabulary={"en": {"one": "<i>Track</i>", "epilogue": "<b>Coda</b>"}})
    page = press(client, 2)
    assert "&lt;b&gt;Coda&lt;/b&gt; of &lt;i&gt;Track&lt;/i&gt; 2</a> is open." in page
    assert "<b>" not in page
    assert "<i>" not in page


def test_a_rating_says_what_it_opened(as_member, alice, texts):
    page = as_member(alice).post("/series/drama/episodes/2/rating/", {"stars": "7"}, follow=True).text
    said = "You have seen through Track 2 now. 2 reviews opened across the series. 6 comments opened too. The "
    assert "On the record: 3½, phrase 7. " + said + BONUS.format(2) in page


def test_a_review_says_what_it_opened_besides_itself(as_member, alice, texts):
    form = {"stars": "7", "headline": "Line", "body": "Words", "spoils_through": "4"}
    page = as_member(alice).post("/series/drama/episodes/4/review/", form, follow=True).text
    said = "4 reviews opened across the series. 12 comments opened too."
    assert f"It is on the record. {ALL} {said}" in page


def test_a_rating_of_what_was_seen_opens_nothing(as_member, alice, series, texts):
    seen(alice, series, 3)
    page = as_member(alice).post("/series/drama/episodes/2/rating/", {"stars": "7"}, follow=True).text
    assert "On the record: 3½, phrase 7." in page
    assert "opened" not in page
    assert "Track 2 now" not in page


def test_no_word_of_what_opened_is_said(client, texts):
    answer = client.post(PATH, {"seen_through": "3"})
    assert "Grasshopper" not in answer.text
    assert all("Grasshopper" not in morsel.value for morsel in answer.cookies.values())


def test_what_it_costs_is_the_same_however_much_opens(client, as_member, alice, series, crowd, make_comment):
    def queries():
        seen(alice, series, 0)
        with CaptureQueriesContext(connection) as asked:
            browser.post(PATH, {"seen_through": "4"})
        return len(asked)

    browser = as_member(alice)
    make_comment(alice, series, spoils_through=1)
    few = queries()
    for author in crowd(20):
        make_comment(author, series, spoils_through=1 + author.pk % 4)
    assert queries() == few


def test_what_answers_a_review_opens_too(client, alice, bob, series, make_review, make_comment):
    review = make_review(alice, series, spoils_through=0)
    make_comment(bob, review, spoils_through=2)
    make_comment(bob, series, spoils_through=2)
    assert "Seen through Track 2. 2 comments opened across the series." in press(client, 2)


def test_what_is_their_own_did_not_open(as_member, alice, bob, series, episode, make_review, make_comment):
    for subject in (series, episode):
        make_review(alice, subject, spoils_through=2)
        make_comment(alice, subject, spoils_through=2)
    make_comment(alice, make_review(bob, series, spoils_through=3), spoils_through=3)
    make_review(alice, episode.series.episodes.get(number=3), headline="", body="", spoils_through=3)
    make_comment(alice, series, spoils_through=2).retract()
    make_comment(bob, series, spoils_through=2)
    seen(alice, series, 0)
    browser = as_member(alice)
    assert "Seen through Track 2. 1 comment opened across the series." in press(browser, 2)
    assert "Seen through Track 3. 1 review opened across the series. The " in press(browser, 3)


def test_what_answers_a_review_that_is_gone_opens(client, mona, alice, bob, series, make_review, make_comment):
    review = make_review(alice, series, spoils_through=0)
    comment = make_comment(bob, review, body="Grasshopper", spoils_through=2)
    review.hide(mona, "Loud.")
    assert "Seen through Track 2. 1 comment opened across the series." in press(client, 2)
    assert comment.body in client.get(review.get_absolute_url()).text
