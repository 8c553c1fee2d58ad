"""`…/episodes/<n>/bonus/`: an answer to the question of the bonus track."""

import pytest

from conftest import PASSWORD, seen
from episodes.models import Episode
from reviews.models import Comment
from reviews.recount import differences

PATH = "/series/drama/episodes/2/bonus/"
BACK = "/series/drama/episodes/2/#bonus-track"
FORM = {"body": "The umbrella, of course."}


@pytest.fixture
def browser(as_member, alice, series, episode):
    seen(alice, series, 2)
    return as_member(alice)


def test_answers_and_leads_back_to_the_question(browser, alice, episode):
    answer = browser.post(PATH, FORM)
    assert answer.status_code == 302
    assert answer.headers["Location"] == BACK
    comment = Comment.objects.with_words().get()
    assert (comment.author, comment.episode, comment.kind) == (alice, episode, "bonus")
    assert (comment.body, comment.spoils_through) == ("The umbrella, of course.", 2)
    assert differences() == []


def test_a_double_press_is_one_answer(browser):
    browser.post(PATH, FORM)
    browser.post(PATH, FORM)
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("who", ["a visitor", "a member"])
def test_whoever_reads_is_led_to_the_question(client, browser, who):
    answer = (client if who == "a visitor" else browser).get(PATH)
    assert (answer.status_code, answer.headers["Location"]) == (302, BACK)


def test_a_strangers_answer_waits_until_they_have_joined(client, bob, episode):
    client.post("/series/drama/progress/", {"seen_through": "2"})
    assert client.post(PATH, FORM).headers["Location"].startswith("/accounts/signup/?next=")
    assert not Comment.objects.exists()
    client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert "The umbrella, of course." in client.get("/series/drama/episodes/2/").text


def test_a_banned_member_is_told_why_and_posts_nothing(as_member, ned, series, episode):
    seen(ned, series, 2)
    refused = as_member(ned).post(PATH, FORM)
    assert refused.status_code == 403
    assert "Sold scarves in every thread." in refused.text
    assert FORM["body"] in refused.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("through", [None, 0, 1])
def test_whoever_has_not_seen_it_is_told_and_keeps_the_text(as_member, bob, series, episode, through):
    if through is not None:
        seen(bob, series, through)
    page = as_member(bob).post(PATH, FORM)
    assert page.status_code == 422
    assert "This opens when you have seen Track 2." in page.text
    assert ">\nThe umbrella, of course.</textarea>" in page.text
    assert "Question 2?" not in page.text
    assert not Comment.objects.exists()


def test_without_a_question_there_is_no_answer(browser):
    Episode.objects.update(bonus_question="")
    assert browser.post(PATH, FORM).status_code == 404
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/series/drama/episodes/4/bonus/",
        "/series/drama/episodes/9/bonus/",
        "/series/unknown/episodes/1/bonus/",
        "/series/secret/episodes/1/bonus/",
    ],
)
def test_what_is_missing_unaired_or_unpublished_is_404(as_member, alice, make_series, path):
    make_series(aired=3)
    make_series("secret", published_at=None)
    browser = as_member(alice)
    assert browser.get(path).status_code == 404
    assert browser.post(path, FORM).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(browser, method):
    assert getattr(browser, method)(PATH).status_code == 405


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "Write something first."),
        (" \n", "Write something first."),
        ("&nbsp;", "There is nothing to read in this."),
        ("b" * 301, "At most 300 characters, please. This has 301."),
        ("null \x00 byte", "characters that cannot be kept"),
    ],
)
def test_bad_input_keeps_the_text_and_writes_nothing(browser, body, says):
    page = browser.post(PATH, {"body": body})
    assert page.status_code == 422
    assert says in page.text
    assert "Question 2?" in page.text
    assert "<title>Error:" in page.text
    assert body.strip().replace("&", "&amp;") in page.text
    assert not Comment.objects.exists()


def test_the_longest_answer_is_taken(browser):
    assert browser.post(PATH, {"body": "b" * 300}).status_code == 302
