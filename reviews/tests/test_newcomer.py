"""Preview as a newcomer: what somebody who has not started is sent of words that are not saved yet."""

import pytest

from conftest import seen
from reviews.models import Comment, Draft, Review

REVIEW = "/series/drama/episodes/2/review/"
SEASON = "/series/drama/review/"
TALK = "/series/drama/episodes/2/comments/"
ROOM = "/series/drama/comments/"
NEWCOMER = {"preview": "newcomer"}
BODY = {"body": "The *letter* burns."}


@pytest.fixture
def browser(as_member, alice, series):
    return as_member(alice)


def shown(page):
    """The preview's section and the form below it."""
    assert page.status_code == 200
    begins = page.text.index('<section class="preview"')
    ends = page.text.index("</section>", begins)
    form = page.text.index('<form class="composer"')
    assert ends < form
    return page.text[begins:ends], page.text[form:]


@pytest.mark.parametrize("path", [REVIEW, SEASON])
def test_a_newcomer_gets_the_stub_and_no_word(browser, path):
    form = {**BODY, **NEWCOMER, "stars": "9", "headline": "Bring tissues", "spoils_through": "2"}
    section, below = shown(browser.post(path, form))
    assert "burns" not in section
    assert "letter" not in section
    for said in ("Bring tissues · A review by Alice · Drama", "“Bring tissues”", "4½ stars", "waiting after Track 2"):
        assert said in section
    assert "The *letter* burns.</textarea>" in below
    assert not Review.objects.exists()


@pytest.mark.parametrize("answer", ["rewound", "stayed", "shown_to"])
def test_answers_about_a_series_are_words_too(browser, answer):
    section, below = shown(browser.post(SEASON, {**NEWCOMER, answer: "The scarf", "spoils_through": "4"}))
    assert "The scarf" not in section
    assert "The scarf" in below


@pytest.mark.parametrize(("path", "point"), [(TALK, "2"), (ROOM, "1")])
def test_a_comment_waits_as_well(browser, path, point):
    section, below = shown(browser.post(path, {**BODY, **NEWCOMER, "spoils_through": point}))
    assert "burns" not in section
    assert f"waiting after Track {point}" in section
    assert "The *letter* burns.</textarea>" in below
    assert not Comment.objects.exists()


@pytest.mark.parametrize("path", [REVIEW, SEASON, TALK, ROOM])
def test_what_is_safe_is_sent(browser, path):
    section, _below = shown(browser.post(path, {**BODY, **NEWCOMER, "spoils_through": "0"}))
    assert "The <em>letter</em> burns." in section
    assert "safe for everyone" in section


def test_a_songs_name_is_a_word(browser):
    form = {**BODY, **NEWCOMER, "kind": "song", "song_name": "Sagi", "spoils_through": "2"}
    section, below = shown(browser.post(TALK, form))
    assert "Sagi" not in section
    assert "Sagi" in below
    section, _below = shown(browser.post(TALK, {**form, "spoils_through": "0"}))
    assert "song: Sagi" in section


def test_what_touches_later_episodes_waits_with_them(browser, alice, series):
    seen(alice, series, 4)
    section, _below = shown(browser.post(ROOM, {**BODY, **NEWCOMER, "spoils_through": "0", "hindsight": "3"}))
    assert "burns" not in section
    assert "waiting after Track 3" in section


def test_a_reply_waits_at_least_as_long_as_what_it_answers(browser, bob, episode, make_comment):
    talked = make_comment(bob, episode, spoils_through=3)
    section, _below = shown(browser.post(TALK, {**BODY, **NEWCOMER, "spoils_through": "0", "parent": talked.pk}))
    assert "burns" not in section
    assert "waiting after Track 3" in section


def test_a_change_is_shown_where_it_would_stand(browser, alice, mona, episode, make_review, make_comment):
    review = make_review(alice, episode, headline="He leaves", spoils_through=2)
    review.fold_headline(mona, 3, "It tells the end.")
    form = {**BODY, **NEWCOMER, "headline": "He leaves", "spoils_through": "0"}
    section, below = shown(browser.post(REVIEW, form))
    assert "He leaves" not in section
    assert "waiting after Track 3" in section
    assert "He leaves" in below
    comment = make_comment(alice, episode, body="Rain", spoils_through=2)
    section, _below = shown(browser.post(f"/comments/{comment.pk}/edit/", {**BODY, **NEWCOMER, "spoils_through": "0"}))
    assert "burns" not in section
    assert Review.objects.with_words().get().body != BODY["body"]
    assert Comment.objects.with_words().get().body == "Rain"


def test_a_line_that_is_folded_waits_also_alone(browser, alice, mona, episode, make_review):
    make_review(alice, episode, headline="He leaves", body="", stars=8).fold_headline(mona, 2, "It tells the end.")
    form = {**NEWCOMER, "headline": "He leaves her", "stars": "8", "spoils_through": "4"}
    section, _below = shown(browser.post(REVIEW, form))
    assert "He leaves" not in section
    assert "waiting after Track 4" in section


def test_what_moderators_decided_outlives_deleting(browser, alice, mona, episode, make_review, make_comment):
    review = make_review(alice, episode, headline="He leaves", body="", stars=8)
    review.fold_headline(mona, 3, "It tells the end.")
    review.retract()
    form = {**NEWCOMER, "headline": "He leaves", "stars": "8", "spoils_through": "0"}
    section, _below = shown(browser.post(REVIEW, form))
    assert "He leaves" not in section
    assert "waiting after Track 3" in section
    comment = make_comment(alice, episode, body="He dies", spoils_through=0)
    comment.rescope(mona, 3, "It tells the end.")
    comment.retract()
    section, _below = shown(browser.post(TALK, {**NEWCOMER, "body": "He dies", "spoils_through": "0"}))
    assert "He dies" not in section
    assert "waiting after Track 3" in section


@pytest.mark.parametrize(("scope", "sent"), [("2", None), ("0", "<p>The <em>letter</em> burns.</p>")])
def test_it_has_let_go_of_every_withheld_column(browser, scope, sent):
    answers = {"rewound": "The scarf", "stayed": "Gull", "shown_to": "My aunt"}
    for path, more in ((SEASON, answers), (TALK, {"kind": "song", "song_name": "Sagi"})):
        text = browser.post(path, {**BODY, **NEWCOMER, **more, "spoils_through": scope}).context["form"].newcomer.text
        assert text.sent_html == sent
        assert [getattr(text, column) for column in text.withheld] == [""] * len(text.withheld)
        assert text.body == ""


def test_a_visitor_may_look_too_and_has_no_name_yet(client, series):
    section, below = shown(client.post(REVIEW, {**BODY, **NEWCOMER, "spoils_through": "2"}))
    assert "A review by You" in section
    assert "burns" not in section
    assert "The *letter* burns.</textarea>" in below


def test_nothing_in_it_can_be_pressed(browser):
    section, _below = shown(browser.post(REVIEW, {**BODY, **NEWCOMER, "spoils_through": "2"}))
    assert section.index("inert") < section.index(
        "I&#x27;ve seen Track 2" if "&#x27;ve" in section else "I've seen Track 2"
    )


@pytest.mark.parametrize("wrong", ["5", "x", ""])
def test_without_a_point_there_is_nothing_to_show(browser, wrong):
    for path in (REVIEW, TALK):
        page = browser.post(path, {**BODY, **NEWCOMER, "spoils_through": wrong})
        assert page.status_code == 422
        assert '<section class="preview"' not in page.text
        assert "The *letter* burns.</textarea>" in page.text


@pytest.mark.parametrize("kind", ["moment", "line", "song", "x"])
def test_a_kind_without_what_it_needs_is_shown_as_talk(browser, kind):
    section, _below = shown(browser.post(TALK, {**BODY, **NEWCOMER, "kind": kind, "spoils_through": "0"}))
    assert "burns" in section


def test_words_wait_as_with_any_preview(browser):
    browser.post(REVIEW, {**BODY, **NEWCOMER, "spoils_through": "2"})
    assert Draft.objects.get().values["body"] == BODY["body"]


def test_a_plain_preview_shows_the_words(browser):
    section, _below = shown(browser.post(REVIEW, {**BODY, "preview": "", "spoils_through": "2"}))
    assert "The <em>letter</em> burns." in section
