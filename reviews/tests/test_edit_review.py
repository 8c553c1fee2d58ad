"""My review of an episode or of a whole series: write it, change it."""

import pytest

from conftest import seen
from episodes.models import Progress
from reviews.models import Review, Revision
from reviews.recount import differences

EPISODE = "/series/drama/episodes/2/review/"
SERIES = "/series/drama/review/"
FORM = {"stars": "9", "headline": "Bring tissues", "body": "She *sings*.", "spoils_through": "2"}


def test_an_empty_form_begins_at_its_own_episode(as_member, alice, episode):
    page = as_member(alice).get(EPISODE)
    assert page.status_code == 200
    assert page.context["form"].initial["spoils_through"] == 2
    assert "One line, safe for people who haven&#x27;t seen it" in page.text
    assert "4½: phrase 9" in page.text


@pytest.mark.parametrize("path", [EPISODE, SERIES])
def test_writes_a_review_and_leads_to_it(as_member, alice, series, episode, path):
    answer = as_member(alice).post(path, FORM)
    review = Review.objects.with_words().get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/reviews/{review.pk}/"
    assert (review.author, review.stars, review.headline, review.body) == (alice, 9, "Bring tissues", "She *sings*.")
    assert review.subject == (series if path == SERIES else episode)
    assert differences() == []


def test_bare_stars_lead_back_to_the_episode(as_member, alice, episode):
    answer = as_member(alice).post(EPISODE, {"stars": "7", "spoils_through": "2"})
    assert answer.headers["Location"] == "/series/drama/episodes/2/"
    assert Review.objects.get().stars == 7


def test_to_review_an_episode_is_to_have_seen_it(as_member, alice, episode):
    as_member(alice).post(EPISODE, FORM)
    assert Progress.objects.get().seen_through == 2


def test_changes_the_one_review_and_keeps_the_earlier_words(as_member, alice, episode):
    browser = as_member(alice)
    browser.post(EPISODE, FORM)
    assert "She *sings*." in browser.get(EPISODE).text
    browser.post(EPISODE, {**FORM, "body": "She whispers.", "stars": "10"})
    review = Review.objects.with_words().get()
    assert (review.body, review.stars) == ("She whispers.", 10)
    assert review.edited_at is not None
    assert Revision.objects.with_words().get().body == "She *sings*."
    assert differences() == []


def test_the_same_form_twice_is_one_review(as_member, alice, episode):
    browser = as_member(alice)
    assert browser.post(EPISODE, FORM).headers["Location"] == browser.post(EPISODE, FORM).headers["Location"]
    assert Review.objects.count() == 1
    assert not Revision.objects.exists()


def test_a_stranger_may_write_and_is_asked_to_join(client, episode):
    page = client.get(EPISODE)
    assert page.status_code == 200
    assert "You are not logged in." in page.text
    assert client.post(EPISODE, FORM).headers["Location"].startswith("/accounts/signup/?next=")
    assert not Review.objects.exists()


def test_a_banned_member_is_told_why_and_posts_nothing(as_member, ned, episode):
    refused = as_member(ned).post(EPISODE, FORM)
    assert refused.status_code == 403
    assert "Sold scarves in every thread." in refused.text
    assert FORM["body"] in refused.text
    assert not Review.objects.exists()


def test_bobs_form_is_his_own(as_member, alice, bob, episode, make_review):
    """No form, address or hidden field leads to another's review."""
    review = make_review(alice, episode, body="hers alone")
    browser = as_member(bob)
    assert "hers alone" not in browser.get(EPISODE).text
    browser.post(EPISODE, {**FORM, "author": alice.pk, "pk": review.pk, "id": review.pk})
    assert Review.objects.with_words().get(author=alice).body == "hers alone"
    assert Review.objects.with_words().get(author=bob).body == "She *sings*."


def test_a_hidden_review_can_be_changed_but_stays_hidden(as_member, alice, mona, episode, make_review):
    make_review(alice, episode).hide(by=mona, reason="Spoils.")
    browser = as_member(alice)
    browser.post(EPISODE, FORM)
    review = Review.objects.with_words().get()
    assert review.body == "She *sings*."
    assert review.is_hidden
    assert differences() == []


@pytest.mark.parametrize(
    "path",
    [
        "/series/drama/episodes/4/review/",
        "/series/drama/episodes/9/review/",
        "/series/unknown/review/",
        "/series/secret/review/",
        "/series/secret/episodes/1/review/",
    ],
)
def test_what_is_missing_unaired_or_unpublished_is_404(as_member, alice, make_series, path):
    make_series(aired=3)
    make_series("secret", published_at=None)
    browser = as_member(alice)
    assert browser.get(path).status_code == 404
    assert browser.post(path, FORM).status_code == 404
    assert not Review.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_only_reads_and_posts(as_member, alice, episode, method):
    assert getattr(as_member(alice), method)(EPISODE).status_code == 405


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"stars": "11"}, "Half a star to five"),
        ({"stars": "0"}, "Half a star to five"),
        ({"stars": "-1"}, "Half a star to five"),
        ({"stars": "abc"}, "Half a star to five"),
        ({"stars": "1.5"}, "Half a star to five"),
        ({"spoils_through": "5"}, "Choose one of the points"),
        ({"spoils_through": "-1"}, "Choose one of the points"),
        ({"spoils_through": "x"}, "Choose one of the points"),
        ({"spoils_through": ""}, "Say who may read it."),
        ({"headline": "h" * 121}, "At most 120 characters"),
        ({"body": "b" * 10_001}, "At most 10000 characters"),
        ({"body": "null \x00 byte"}, "characters that cannot be kept"),
        ({"headline": "null \x00 byte"}, "characters that cannot be kept"),
    ],
)
def test_bad_input_keeps_the_text_and_writes_nothing(as_member, alice, episode, wrong, says):
    form = {**FORM, **wrong}
    page = as_member(alice).post(EPISODE, form)
    assert page.status_code == 422
    assert says in page.text
    assert f">\n{form['body']}</textarea>" in page.text
    assert f'value="{form["headline"]}"' in page.text
    assert "error-summary" in page.text
    assert not Review.objects.exists()
    assert not Progress.objects.exists()


@pytest.mark.parametrize("form", [{}, {"spoils_through": "0"}, {"headline": "Only a line", "spoils_through": "0"}])
def test_neither_stars_nor_text_is_nothing(as_member, alice, episode, form):
    page = as_member(alice).post(EPISODE, form)
    assert page.status_code == 422
    assert "Give stars, write something, or both." in page.text
    assert form.get("headline", "") in page.text
    assert not Review.objects.exists()


def test_the_longest_text_is_taken_whatever_the_line_ends(as_member, alice, episode):
    body = ("b" * 99 + "\r\n") * 100
    assert as_member(alice).post(EPISODE, {**FORM, "body": body}).status_code == 302
    assert len(Review.objects.with_words().get().body) == 9_999


def test_a_scope_that_has_not_aired_is_refused(as_member, alice, make_series):
    make_series(aired=2)
    page = as_member(alice).post(EPISODE, {**FORM, "spoils_through": "3"})
    assert page.status_code == 422
    assert not Review.objects.exists()


def test_withholds_the_title_and_everybody_elses_words(as_member, alice, bob, series, episode, make_review):
    make_review(bob, episode, body="his words")
    seen(alice, series, 0)
    page = as_member(alice).get(EPISODE).text
    assert "My review of Track 2" in page
    assert "Title 2" not in page
    assert "his words" not in page


def test_costs_the_same_whoever_else_wrote(as_member, alice, episode, crowd, make_review, queries_of):
    browser = as_member(alice)
    bare = queries_of(browser, EPISODE)
    for author in crowd(21):
        make_review(author, episode)
    assert queries_of(browser, EPISODE) == bare <= 12


def test_says_where_a_rating_takes_its_member_before_and_after(as_member, alice, series, episode):
    browser = as_member(alice)
    seen(alice, series, 1)
    url = f"/series/drama/episodes/{episode.number}/review/"
    assert "You have not said yet that you have seen Track 2." in browser.get(url).text
    page = browser.post(url, {"stars": "9", "spoils_through": "2"}, follow=True)
    assert "It is on the record. You have seen through Track 2 now." in page.text
    assert "You have not said yet" not in browser.get(url).text
    page = browser.post(url, {"stars": "8", "spoils_through": "2"}, follow=True)
    assert "It is on the record." in page.text


def test_a_line_is_not_thrown_away_with_its_stars(as_member, alice, episode, make_review):
    make_review(alice, episode, body="")
    page = as_member(alice).get(f"/series/drama/episodes/{episode.number}/review/")
    assert "Remove rating" not in page.text
    assert "Delete my review" in page.text


def test_half_stars_stand_in_one_row_each_with_its_words(as_member, alice, episode):
    page = as_member(alice).get(EPISODE).text
    row = page[page.index("stars-field__row") : page.index("stars-field__none")]
    assert row.count('type="radio"') == row.count("stars-field__words") == 10
    assert '<label class="stars-field__half" for="id_stars_8">' in row
    assert '<span class="stars-field__words">4½: phrase 9</span>' in row


def test_wrong_stars_are_said_beside_them(as_member, alice, episode):
    page = as_member(alice).post(EPISODE, {**FORM, "stars": "11"}).text
    assert 'aria-describedby="id_stars_error"' in page
    assert '<a href="#id_stars_0">Your stars</a>' in page
    assert '<ul class="field__errors" id="id_stars_error">' in page


# The three questions about a whole series

ANSWERS = {"rewound": "The umbrella", "stayed": "The last *one*", "shown_to": "My sister"}


def test_a_whole_series_is_asked_three_things_more(as_member, alice, series, episode):
    browser = as_member(alice)
    season, one = browser.get(SERIES).text, browser.get(EPISODE).text
    for label in ("The moment I rewound", "The song that stayed", "Who I&#x27;d show it to"):
        assert label in season
        assert label not in one
    assert season.index('name="headline"') < season.index('name="rewound"') < season.index('name="body"')
    browser.post(SERIES, {**FORM, **ANSWERS})
    review = Review.objects.with_words().get()
    assert {name: getattr(review, name) for name in ANSWERS} == ANSWERS
    again = browser.get(SERIES).text
    assert all(f'value="{answer}"' in again for answer in ANSWERS.values())
    assert differences() == []


def test_one_answer_is_a_review_with_its_scope(as_member, alice, series):
    browser = as_member(alice)
    assert browser.post(SERIES, {"rewound": "The umbrella", "spoils_through": "3"}).status_code == 302
    assert Review.objects.get().spoils_through == 3
    assert browser.get(SERIES).context["form"].initial["spoils_through"] == 3


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(("answer", "says"), [("a" * 301, "At most 300 characters"), ("\x00", "cannot be kept")])
def test_an_answer_is_short(as_member, alice, series, name, answer, says):
    page = as_member(alice).post(SERIES, {**FORM, **ANSWERS, name: answer})
    assert page.status_code == 422
    assert says in page.text
    assert all(f'value="{kept}"' in page.text for kept in {**ANSWERS, name: answer}.values())
    assert not Review.objects.exists()


def test_an_episode_is_not_asked_them(as_member, alice, episode):
    assert as_member(alice).post(EPISODE, {**FORM, **ANSWERS}).status_code == 302
    assert Review.objects.with_words().get().rewound == ""


# Two tabs


def began(browser, path):
    return browser.get(path).context["form"]["began_with"].value()


@pytest.mark.parametrize("path", [EPISODE, SERIES])
def test_what_another_tab_wrote_is_shown_beside_this(as_member, alice, episode, path):
    browser = as_member(alice)
    first = began(browser, path)
    assert first == ""
    assert browser.post(path, {**FORM, "began_with": first}).status_code == 302
    mine = {"stars": "3", "headline": "Or not", "body": "My *own* words", "spoils_through": "1", "began_with": first}
    page = browser.post(path, mine)
    assert page.status_code == 422
    stands = page.text[page.text.index("Stands now") : page.text.index('<form class="composer"')]
    for said in ("4½: phrase 9", "“Bring tissues”", "<p>She <em>sings</em>.</p>", "spoils through Track 2"):
        assert said in stands
    for typed in ('value="Or not"', ">\nMy *own* words</textarea>"):
        assert typed in page.text
    assert Review.objects.with_words().get().body == "She *sings*."
    again = page.context["form"]["began_with"].value()
    assert again == began(browser, path) != first
    assert browser.post(path, {**mine, "began_with": again}).status_code == 302
    assert Review.objects.with_words().get().body == "My *own* words"
    assert differences() == []


def test_answers_of_another_tab_are_shown_too(as_member, alice, series):
    browser = as_member(alice)
    browser.post(SERIES, {**FORM, **ANSWERS})
    page = browser.post(SERIES, {**FORM, "began_with": ""}).text
    assert '<dt>The moment I rewound</dt><dd dir="auto">The umbrella</dd>' in page


def test_stars_given_elsewhere_are_not_overwritten_unseen(as_member, alice, episode):
    browser = as_member(alice)
    browser.post(EPISODE, FORM)
    open_form = began(browser, EPISODE)
    Review.objects.rate(alice, episode, 2)
    page = browser.post(EPISODE, {**FORM, "body": "More", "began_with": open_form})
    assert page.status_code == 422
    assert "Stands now" in page.text
    assert Review.objects.get().stars == 2


def test_a_form_that_names_no_beginning_is_taken(as_member, alice, episode):
    browser = as_member(alice)
    browser.post(EPISODE, FORM)
    assert browser.post(EPISODE, {**FORM, "body": "Other"}).status_code == 302


@pytest.mark.parametrize("proof", ["x", "\x00", "9" * 5000])
def test_a_proof_of_nothing_is_a_conflict(as_member, alice, episode, proof):
    browser = as_member(alice)
    browser.post(EPISODE, FORM)
    page = browser.post(EPISODE, {**FORM, "body": "Other", "began_with": proof})
    assert page.status_code == 422
    assert "Stands now" in page.text


# Preview


def test_a_preview_shows_the_words_and_publishes_nothing(as_member, alice, episode):
    page = as_member(alice).post(EPISODE, {**FORM, "preview": ""})
    assert page.status_code == 200
    shown = page.text[page.text.index("This is how it will look") : page.text.index('<form class="composer"')]
    assert "“Bring tissues”" in shown
    assert "<p>She <em>sings</em>.</p>" in shown
    assert 'class="stars v9 stars--yours"' in shown
    assert ">\nShe *sings*.</textarea>" in page.text
    assert page.context["form"]["stars"].value() == "9"
    assert not Review.objects.exists()
    assert not Progress.objects.exists()


def test_a_preview_is_shown_whatever_else_is_wrong(as_member, alice, episode):
    page = as_member(alice).post(EPISODE, {**FORM, "headline": "h" * 121, "spoils_through": "9", "preview": ""})
    assert page.status_code == 200
    assert "<p>She <em>sings</em>.</p>" in page.text
    assert "h" * 121 in page.text
    assert "error-summary" not in page.text


def test_a_preview_of_nothing_is_an_empty_form(as_member, alice, episode):
    assert as_member(alice).post(EPISODE, {"preview": "", "spoils_through": "0"}).status_code == 422


def test_a_preview_shows_the_answers_too(as_member, alice, series):
    page = as_member(alice).post(SERIES, {**FORM, **ANSWERS, "preview": ""}).text
    assert '<dt>The moment I rewound</dt><dd dir="auto">The umbrella</dd>' in page
    assert '<dd dir="auto">The last *one*</dd>' in page


def test_stars_given_meanwhile_on_the_spot_are_no_conflict(as_member, alice, episode):
    browser = as_member(alice)
    wordy = {name: value for name, value in FORM.items() if name != "stars"}
    browser.post(EPISODE, {**wordy, "began_with": "", "keep": ""})
    browser.post("/series/drama/episodes/2/rating/", {"stars": "7"})
    form = browser.get(EPISODE).context["form"]
    assert str(form["stars"].initial) == "7"
    assert browser.post(EPISODE, {**FORM, "stars": "7", "began_with": ""}).status_code == 302
    assert Review.objects.with_words().get().body == "She *sings*."


def test_other_stars_given_meanwhile_are_shown(as_member, alice, episode):
    browser = as_member(alice)
    browser.post("/series/drama/episodes/2/rating/", {"stars": "7"})
    page = browser.post(EPISODE, {**FORM, "stars": "3", "began_with": ""})
    assert page.status_code == 422
    assert "Stands now" in page.text


def test_its_scope_is_raised_and_never_lowered(as_member, alice, episode, make_review):
    make_review(alice, episode, spoils_through=2)
    browser = as_member(alice)
    page = browser.get(EPISODE)
    assert [scope for scope, _label in page.context["form"].fields["spoils_through"].choices] == [2, 3, 4]
    assert "It is after Track 2 now. You can put it further, not nearer" in page.text
    for posted, stands in (("0", 2), ("3", 3), ("2", 3)):
        page = browser.post(EPISODE, {**FORM, "spoils_through": posted}, follow=True)
        assert page.redirect_chain
        assert Review.objects.get().spoils_through == stands
        assert (f"It waits after Track {stands}: it can go no nearer." in page.text) == (posted != str(stands))


def test_what_outlives_deleting_is_said(as_member, alice, mona, episode, make_review):
    review = make_review(alice, episode, spoils_through=0)
    review.rescope(mona, 3, "It tells the end.")
    review.retract()
    page = as_member(alice).post(EPISODE, {**FORM, "spoils_through": "2"}, follow=True)
    assert "It waits after Track 3: it can go no nearer." in page.text


def test_a_folded_line_is_enough_without_stars_and_text(as_member, alice, mona, episode, make_review):
    review = make_review(alice, episode, headline="He leaves", body="Words", stars=None, spoils_through=2)
    review.fold_headline(mona, 2, "It tells the end.")
    form = {"headline": "He goes", "body": "", "spoils_through": "3"}
    assert as_member(alice).post(EPISODE, form).status_code == 302
    changed = Review.objects.with_words().get()
    assert (changed.line, changed.body, changed.spoils_through) == ("He goes", "", 3)
    assert differences() == []


def test_a_line_alone_is_not_enough(as_member, alice, episode):
    page = as_member(alice).post(EPISODE, {"headline": "A line", "spoils_through": "2"})
    assert page.status_code == 422
    assert "Give stars, write something, or both." in page.text


def test_at_the_last_point_there_is_nothing_to_choose(as_member, alice, episode, make_review):
    make_review(alice, episode, spoils_through=4)
    browser = as_member(alice)
    page = browser.get(EPISODE)
    assert "It is after Track 4 now, the last that has aired." in page.text
    assert "You can put it further" not in page.text
    assert "Everybody who has seen Track 4." in page.text
    assert '<input type="hidden" name="spoils_through" value="4">' in page.text
    assert 'name="spoils_through" value="4" id=' not in page.text
    page = browser.post(EPISODE, {**FORM, "spoils_through": "9"})
    assert page.status_code == 422
    assert 'href="#id_spoils_through_0"' in page.text
    assert 'id="id_spoils_through_0"' in page.text


def test_bare_stars_leave_the_choice_open(as_member, alice, episode, make_review):
    make_review(alice, episode, body="")
    form = as_member(alice).get(EPISODE).context["form"]
    assert [scope for scope, _label in form.fields["spoils_through"].choices] == [0, 1, 2, 3, 4]


def test_what_a_moderator_decided_is_said_and_holds(as_member, alice, mona, episode, make_review):
    review = make_review(alice, episode, headline="He leaves", spoils_through=2)
    review.fold_headline(mona, 3, "It tells the end.")
    browser = as_member(alice)
    page = browser.get(EPISODE)
    assert 'value="He leaves"' in page.text
    assert "A moderator has folded this line into your text" in page.text
    assert "A moderator has put this after Track 3; it cannot go below." in page.text
    assert browser.post(EPISODE, {**FORM, "headline": "He goes", "spoils_through": "0"}).status_code == 302
    changed = Review.objects.with_words().get()
    assert (changed.headline, changed.line, changed.spoils_through) == ("", "He goes", 3)
    assert differences() == []
