"""Who has seen further than their text spoils is asked once whether it touches that too."""

import pytest

from conftest import seen
from reviews.models import Comment, Draft, Review
from reviews.recount import differences

REVIEW = "/series/drama/episodes/2/review/"
SEASON = "/series/drama/review/"
TALK = "/series/drama/episodes/2/comments/"
ROOM = "/series/drama/comments/"
BONUS = "/series/drama/episodes/2/bonus/"
WORDS = {"body": "He *knew* all along."}
QUESTION = "You have seen through Track 4. Does this give away anything after the point above?"
ASKS = "Choose whether it gives away anything later: No, or how far it goes."


@pytest.fixture
def browser(as_member, alice, series):
    seen(alice, series, 4)
    return as_member(alice)


def offered(form):
    """What the page shows, which is not always the field that the form has now."""
    return [radio.data["value"] for radio in form["hindsight"]]


def scope():
    texts = [*Review.objects.all(), *Comment.objects.all()]
    assert differences() == []
    return texts[-1].spoils_through


@pytest.mark.parametrize(
    ("path", "points"), [(REVIEW, [0, 3, 4]), (TALK, [0, 3, 4]), (ROOM, [0, 1, 2, 3, 4]), (SEASON, [0, 1, 2, 3, 4])]
)
def test_the_form_asks_from_the_start(browser, path, points):
    page = browser.get(path)
    assert QUESTION in page.text
    assert offered(page.context["form"]) == points


def test_a_bonus_answer_is_asked_of_what_comes_after_its_episode(browser):
    page = browser.get("/series/drama/episodes/2/")
    assert "You have seen through Track 4. Does this give away anything after Track 2?" in page.text
    assert offered(page.context["bonus"]) == [0, 3, 4]


@pytest.mark.parametrize("through", [None, 0, 1, 2])
def test_nobody_is_asked_who_has_seen_no_further(as_member, bob, series, through):
    if through is not None:
        seen(bob, series, through)
    browser = as_member(bob)
    for path in (REVIEW, TALK):
        assert browser.post(path, {**WORDS, "spoils_through": "2"}).status_code == 302


@pytest.mark.parametrize("path", [REVIEW, SEASON, TALK, ROOM, BONUS])
def test_without_an_answer_nothing_is_sent_and_every_word_stays(browser, path):
    page = browser.post(path, {**WORDS, "spoils_through": "2"})
    assert page.status_code == 422
    assert ASKS in page.text
    prefix = "bonus" if path == BONUS else "id"
    assert f'href="#{prefix}_hindsight_0"' in page.text
    assert f'id="{prefix}_hindsight_0"' in page.text
    assert "He *knew* all along.</textarea>" in page.text
    assert offered(page.context["form"]) == [0, 3, 4]
    assert not Review.objects.exists()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("path", [REVIEW, SEASON, TALK, ROOM, BONUS])
@pytest.mark.parametrize(("answer", "reaches"), [("0", 2), ("3", 3), ("4", 4)])
def test_the_answer_raises_the_scope(browser, path, answer, reaches):
    assert browser.post(path, {**WORDS, "spoils_through": "2", "hindsight": answer}).status_code == 302
    assert scope() == reaches


def test_an_answer_below_the_point_that_was_chosen_lowers_nothing(browser):
    assert browser.post(ROOM, {**WORDS, "spoils_through": "3", "hindsight": "1"}).status_code == 302
    assert scope() == 3


@pytest.mark.parametrize(
    "wrong", [{"stars": "11"}, {"hindsight": "x"}, {"headline": "\x00"}, {"body": "", "headline": "A line"}]
)
def test_a_page_that_comes_back_offers_what_lies_beyond_the_point_that_was_chosen(browser, wrong):
    page = browser.post(SEASON, {**WORDS, "spoils_through": "2", **wrong})
    assert page.status_code == 422
    assert offered(page.context["form"]) == [0, 3, 4]


def test_an_answer_within_the_point_that_was_chosen_comes_back_as_no(browser):
    page = browser.post(SEASON, {**WORDS, "stars": "11", "spoils_through": "3", "hindsight": "1"})
    assert page.status_code == 422
    assert page.context["form"]["hindsight"].value() == "0"
    assert offered(page.context["form"]) == [0, 4]


def test_the_summary_is_one_sentence_and_not_the_question_again(browser):
    page = browser.post(TALK, {**WORDS, "spoils_through": "2"})
    assert f'<li><a href="#id_hindsight_0">{ASKS}</a></li>' in page.text


@pytest.mark.parametrize("wrong", ["5", "x", "-1", "\x00"])
def test_an_answer_that_is_no_point_is_asked_again(browser, wrong):
    page = browser.post(TALK, {**WORDS, "spoils_through": "2", "hindsight": wrong})
    assert page.status_code == 422
    assert not Comment.objects.exists()


def test_whoever_lets_in_only_those_who_have_seen_as_much_is_not_asked(browser):
    assert browser.post(TALK, {**WORDS, "spoils_through": "4"}).status_code == 302
    assert scope() == 4


@pytest.mark.parametrize("safe", [{}, {"headline": "Bring tissues"}])
def test_stars_and_a_safe_line_are_never_asked(browser, safe):
    assert browser.post(REVIEW, {"stars": "9", "spoils_through": "2", **safe}).status_code == 302
    assert scope() == 0


def test_a_rewatcher_is_asked_for_what_they_know_and_hide(as_member, alice, series):
    seen(alice, series, 4)
    seen(alice, series, 2)
    assert as_member(alice).post(TALK, {**WORDS, "spoils_through": "2"}).status_code == 422


def test_what_has_not_aired_is_nothing_to_know(as_member, alice, make_series):
    seen(alice, make_series(aired=2), 4)
    assert as_member(alice).post(TALK, {**WORDS, "spoils_through": "2"}).status_code == 302


class TestAnswers:
    @pytest.fixture
    def talked(self, bob, episode, make_comment):
        return make_comment(bob, episode, spoils_through=3)

    def test_a_reply_is_asked_of_what_lies_beyond_what_it_answers(self, browser, talked):
        page = browser.get(f"/comments/{talked.pk}/")
        assert offered(page.context["form"]) == [0, 4]
        form = {**WORDS, "spoils_through": "0", "parent": talked.pk}
        page = browser.post(TALK, form)
        assert page.status_code == 422
        assert page.context["form"]["spoils_through"].value() == "3"
        assert "What you answer waits after Track 3, so this does too." in page.text
        assert offered(page.context["form"]) == [0, 4]
        assert browser.post(TALK, {**form, "hindsight": "0"}).status_code == 302
        assert scope() == 3

    def test_an_answer_to_all_that_was_seen_is_not_asked(self, browser, bob, episode, make_comment):
        talked = make_comment(bob, episode, spoils_through=4)
        assert "hindsight" not in browser.get(f"/comments/{talked.pk}/").context["form"].fields
        assert browser.post(TALK, {**WORDS, "spoils_through": "2", "parent": talked.pk}).status_code == 302

    def test_under_a_review_too(self, browser, bob, episode, make_review):
        review = make_review(bob, episode, spoils_through=3)
        path = f"/reviews/{review.pk}/comments/"
        assert browser.post(path, {**WORDS, "spoils_through": "3"}).status_code == 422
        assert browser.post(path, {**WORDS, "spoils_through": "3", "hindsight": "4"}).status_code == 302
        assert scope() == 4


class TestOnce:
    def test_a_change_is_not_asked_again(self, browser):
        form = {**WORDS, "spoils_through": "2", "hindsight": "0"}
        browser.post(REVIEW, form)
        page = browser.get(REVIEW)
        assert "hindsight" not in page.context["form"].fields
        assert browser.post(REVIEW, {"body": "Others", "spoils_through": "2"}).status_code == 302

    def test_nor_is_a_changed_comment(self, browser):
        browser.post(TALK, {**WORDS, "spoils_through": "2", "hindsight": "0"})
        path = f"/comments/{Comment.objects.get().pk}/edit/"
        assert "hindsight" not in browser.get(path).context["form"].fields
        assert browser.post(path, {"body": "Others", "spoils_through": "2"}).status_code == 302

    def test_who_has_seen_more_since_is(self, as_member, alice, series, episode, make_review, make_comment):
        seen(alice, series, 2)
        make_review(alice, episode, spoils_through=2)
        comment = make_comment(alice, episode, spoils_through=2)
        seen(alice, series, 3)
        browser = as_member(alice)
        for path in (REVIEW, f"/comments/{comment.pk}/edit/"):
            assert offered(browser.get(path).context["form"]) == [0, 3]
            assert browser.post(path, {"body": "Others", "spoils_through": "2"}).status_code == 422
            assert browser.post(path, {"body": "Others", "spoils_through": "2", "hindsight": "3"}).status_code == 302
        assert scope() == 3

    def test_words_that_come_to_bare_stars_are_new(self, browser):
        browser.post(REVIEW, {"stars": "9", "spoils_through": "2"})
        assert browser.post(REVIEW, {**WORDS, "stars": "9", "spoils_through": "2"}).status_code == 422


class TestUnsent:
    def test_a_draft_keeps_the_answer(self, browser):
        form = {**WORDS, "spoils_through": "2", "hindsight": "3", "keep": ""}
        assert browser.post(TALK, form).status_code == 302
        assert Draft.objects.get().values["hindsight"] == "3"
        page = browser.get(TALK)
        assert page.context["form"]["hindsight"].value() == "3"
        assert 'name="hindsight" value="3" id="id_hindsight_1" checked' in " ".join(page.text.split())

    def test_an_answer_alone_is_nothing_to_keep(self, browser):
        browser.post(TALK, {"body": "", "spoils_through": "2", "hindsight": "3", "keep": ""})
        assert not Draft.objects.exists()

    def test_a_visitor_is_asked_by_their_cookie(self, client, series):
        client.post("/series/drama/progress/", {"seen_through": "4"})
        assert offered(client.get(TALK).context["form"]) == [0, 3, 4]
        page = client.post(TALK, {**WORDS, "spoils_through": "2"})
        assert page.status_code == 422
        assert ASKS in page.text
        answered = client.post(TALK, {**WORDS, "spoils_through": "2", "hindsight": "0"})
        assert answered.headers["Location"].startswith("/accounts/signup/?next=")


def test_a_preview_asks_nothing_yet(browser):
    page = browser.post(REVIEW, {**WORDS, "spoils_through": "2", "preview": ""})
    assert page.status_code == 200
    assert ASKS not in page.text
    assert QUESTION in page.text
