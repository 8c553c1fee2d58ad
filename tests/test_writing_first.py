"""Writing first, joining after: what a visitor typed comes back to its form, whichever way they come in."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from conftest import PASSWORD
from reviews.models import Comment, Draft, Review
from reviews.places import Place
from reviews.templatetags.writing import writer_mark

REVIEW = "/series/drama/episodes/2/review/"
WORDS = "Nobody told me that the umbrella would matter."
REVIEW_FORM = {"stars": "9", "headline": "Bring tissues", "body": WORDS, "spoils_through": "2"}
TALK = {"body": WORDS, "spoils_through": "2", "kind": "talk"}
NEWCOMER = {"username": "newcomer", "email": "newcomer@example.com", "password1": PASSWORD}


def forms(world):
    """Every form that a visitor may fill in → where its words come back."""
    return {
        "a review": (REVIEW, REVIEW_FORM, REVIEW),
        "a review of the series": (
            "/series/drama/review/",
            {**REVIEW_FORM, "spoils_through": "0"},
            "/series/drama/review/",
        ),
        "talk": ("/series/drama/episodes/2/comments/", TALK, "/series/drama/episodes/2/comments/#say"),
        "talk in the room": ("/series/drama/comments/", TALK, "/series/drama/comments/#say"),
        "an answer": (f"/reviews/{world.review.pk}/comments/", TALK, f"/reviews/{world.review.pk}/#reply"),
        "a reply": (
            "/series/drama/episodes/2/comments/",
            {**TALK, "parent": str(world.comment.pk)},
            f"/comments/{world.comment.pk}/#reply",
        ),
    }


FORMS = ["a review", "a review of the series", "talk", "talk in the room", "an answer", "a reply"]


def mailed(pattern):
    """What the last mail says there."""
    found = re.search(pattern, str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def join(browser, path):
    return browser.post(path, NEWCOMER)


@pytest.mark.parametrize("name", FORMS)
def test_a_visitor_is_asked_to_join_and_nothing_is_published(client, world, rows, name):
    path, values, _back = forms(world)[name]
    before = rows()
    answer = client.post(path, values)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/signup/?next=")
    assert rows() == before
    page = client.get(answer.headers["Location"]).text
    assert "Your words are kept." in page


@pytest.mark.parametrize("name", FORMS)
def test_the_words_still_stand_in_the_form_for_a_visitor_who_goes_back(client, world, name):
    path, values, back = forms(world)[name]
    client.post(path, values)
    page = client.get(back.partition("#")[0]).text
    assert "Unsent" in page
    assert WORDS in page


@pytest.mark.parametrize("name", FORMS)
def test_who_joins_is_led_back_to_their_words_and_publishes_them(client, world, name):
    path, values, back = forms(world)[name]
    to_join = client.post(path, values).headers["Location"]
    answer = join(client, to_join)
    assert answer.headers["Location"] == back
    page = client.get(back.partition("#")[0]).text
    assert "Unsent" in page
    assert WORDS in page
    texts = Review.objects.count() + Comment.objects.count()
    assert client.post(path, values).status_code == 302
    assert Review.objects.count() + Comment.objects.count() == texts + 1
    assert not Draft.objects.exists()
    assert "Unsent" not in client.get(back.partition("#")[0]).text


@pytest.mark.parametrize("name", FORMS)
def test_who_logs_in_finds_their_words(client, world, bob, name):
    path, values, back = forms(world)[name]
    client.post(path, values)
    answer = client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert "/settings/drafts/" in client.get("/").text
    assert WORDS in client.get(back.partition("#")[0]).text
    assert Draft.objects.get().member == bob


@pytest.fixture
def proof_needed(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.mark.parametrize("same_browser", [True, False], ids=["same browser", "another browser"])
def test_the_mails_link_brings_the_words_back(client, world, proof_needed, same_browser):
    to_join = client.post(REVIEW, REVIEW_FORM).headers["Location"]
    join(client, to_join)
    assert Draft.objects.get().member.username == "newcomer"
    link = mailed(r"https?://\S+(/accounts/confirm-email/\S+)")
    browser = client if same_browser else Client()
    browser.post(link)
    browser.post("/accounts/login/", {"login": "newcomer", "password": PASSWORD})
    page = browser.get(REVIEW).text
    assert WORDS in page
    assert "Unsent" in page


def test_the_mails_code_brings_the_words_back(client, world, proof_needed, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    to_join = client.post(REVIEW, REVIEW_FORM).headers["Location"]
    to_prove = join(client, to_join).headers["Location"]
    code = mailed(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]*)\s*$")
    answer = client.post(to_prove, {"code": code})
    assert answer.headers["Location"] == REVIEW
    assert WORDS in client.get(REVIEW).text


def test_a_new_password_brings_the_words_back(client, world, bob):
    EmailAddress.objects.create(user=bob, email=bob.email, primary=True, verified=True)
    client.post(REVIEW, REVIEW_FORM)
    client.post("/accounts/password/reset/", {"email": bob.email})
    link = mailed(r"https?://\S+(/accounts/password/reset/key/\S+)")
    form = client.get(link).headers["Location"]
    client.post(form, {"password1": "quite-another-tangerine-77", "password2": "quite-another-tangerine-77"})
    assert WORDS in client.get(REVIEW).text


@pytest.mark.parametrize("name", FORMS)
def test_a_session_that_ended_while_someone_wrote_keeps_it(as_member, bob, world, name):
    path, values, back = forms(world)[name]
    browser = as_member(bob)
    browser.session.flush()
    answer = browser.post(path, values)
    assert answer.status_code == 302
    browser.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert WORDS in browser.get(back.partition("#")[0]).text


def test_a_change_to_a_comment_outlives_the_session(as_member, alice, world):
    browser = as_member(alice)
    browser.session.flush()
    path = f"/comments/{world.comment.pk}/edit/"
    answer = browser.post(path, {**TALK, "body": "Changed"})
    assert answer.status_code == 302
    browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    page = browser.get(path).text
    assert "Changed" in page
    assert "Unsent" in page


def test_who_was_a_member_a_moment_ago_is_led_to_log_in(client, world, bob):
    form = {**REVIEW_FORM, "writer": writer_mark(bob)}
    answer = client.post(REVIEW, form)
    assert answer.headers["Location"].startswith("/accounts/login/?next=")


def test_what_is_refused_stays_on_the_page_and_waits(client, world):
    page = client.post(REVIEW, {**REVIEW_FORM, "stars": "11"})
    assert page.status_code == 422
    assert WORDS in page.text
    assert WORDS in client.get(REVIEW).text


@pytest.mark.parametrize("header", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}], ids=str)
def test_a_form_from_elsewhere_is_given_back(world, header):
    client = Client()
    page = client.post(REVIEW, REVIEW_FORM, headers=header)
    assert page.status_code == 403
    assert f">{WORDS}</textarea>" in page.text, "for its writer to see, not hidden behind a button"
    assert REVIEW not in page.text
    assert "unsent" not in client.session


def test_a_member_still_needs_a_token(world, bob):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob, backend="accounts.backends.MemberBackend")
    answer = browser.post(REVIEW, REVIEW_FORM)
    assert answer.status_code == 403
    assert WORDS in answer.text
    assert not Review.objects.filter(author=bob).exists()


def test_two_places_wait_side_by_side_and_one_place_holds_the_last_words(client, world, bob):
    client.post(REVIEW, REVIEW_FORM)
    client.post(REVIEW, {**REVIEW_FORM, "body": "Second thoughts"})
    client.post("/series/drama/comments/", TALK)
    client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert sorted(words for draft in Draft.objects.all() for words in draft.words) == [
        "Bring tissues",
        WORDS,
        "Second thoughts",
    ]


def test_the_words_are_nobody_elses(client, world, bob):
    client.post(REVIEW, REVIEW_FORM)
    assert WORDS not in Client().get(REVIEW).text
    client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    client.post("/accounts/logout/")
    page = client.get(REVIEW)
    assert WORDS not in page.text


def test_a_text_that_stood_in_the_way_is_not_written_over(client, world, bob, as_member):
    """Bob has a draft here from another day: both are shown."""
    client.post(REVIEW, REVIEW_FORM)
    Draft.objects.keep(bob, Place("review", world.episode), {"body": "Older"})
    client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    page = client.get(REVIEW).text
    assert WORDS in page
    assert "Older" in page


def test_a_member_keeps_a_text_for_later(as_member, bob, world):
    browser = as_member(bob)
    answer = browser.post(REVIEW, {**REVIEW_FORM, "keep": ""})
    assert answer.status_code == 302
    assert not Review.objects.filter(author=bob).exists()
    page = browser.get(REVIEW).text
    assert WORDS in page
    assert "Unsent" in page


def test_a_refused_text_waits_as_a_draft_too(as_member, bob, world):
    as_member(bob).post(REVIEW, {**REVIEW_FORM, "stars": "11"})
    assert WORDS in as_member(bob).get(REVIEW).text


def test_the_page_of_a_visitor_who_only_reads_stays_public(client, world):
    for path in ("/series/drama/episodes/2/comments/", f"/reviews/{world.review.pk}/", REVIEW):
        page = client.get(path)
        assert page.headers["Cache-Control"].startswith("public"), path
        assert not page.cookies


class TestTwoTabs:
    def test_a_text_from_another_tab_stands_beside_the_one_that_was_kept(self, as_member, bob, world):
        browser = as_member(bob)
        for words in ("First tab", "Second tab", "Third tab"):
            browser.post(REVIEW, {**REVIEW_FORM, "body": words, "keep": ""})
        draft = Draft.objects.get()
        assert draft.values["body"] == "Third tab"
        assert [values["body"] for values in draft.earlier] == ["Second tab", "First tab"]
        for words in ("First tab", "Second tab", "Third tab"):
            assert words in browser.get(REVIEW).text

    def test_a_draft_that_is_gone_on_with_takes_its_own_place(self, as_member, bob, world):
        browser = as_member(bob)
        browser.post(REVIEW, {**REVIEW_FORM, "keep": ""})
        stamp = browser.get(REVIEW).context["unsent"].stamp
        assert f'name="resumes" value="{stamp}"' in browser.get(REVIEW).text
        browser.post(REVIEW, {**REVIEW_FORM, "body": "Longer", "keep": "", "resumes": stamp})
        draft = Draft.objects.get()
        assert (draft.values["body"], draft.earlier) == ("Longer", [])

    def test_a_refused_page_carries_on_with_the_draft_that_it_became(self, as_member, bob, world):
        browser = as_member(bob)
        page = browser.post(REVIEW, {**REVIEW_FORM, "stars": "11"})
        stamp = page.context["form"].resumes
        assert f'name="resumes" value="{stamp}"' in page.text
        browser.post(REVIEW, {**REVIEW_FORM, "resumes": stamp})
        assert not Draft.objects.exists()

    def test_what_another_tab_sends_leaves_the_draft(self, as_member, bob, world):
        browser = as_member(bob)
        path = "/series/drama/episodes/2/comments/"
        browser.post(path, {**TALK, "keep": ""})
        browser.post(path, {**TALK, "body": "lol yes"})
        assert Draft.objects.get().values["body"] == WORDS
        assert Comment.objects.with_words().filter(author=bob, body="lol yes").exists()

    def test_the_same_words_sent_from_another_tab_wait_no_more(self, as_member, bob, world):
        browser = as_member(bob)
        browser.post(REVIEW, {**REVIEW_FORM, "keep": ""})
        browser.post(REVIEW, REVIEW_FORM)
        assert not Draft.objects.exists()

    def test_once_one_is_sent_the_one_beside_it_waits(self, as_member, bob, world):
        browser = as_member(bob)
        browser.post(REVIEW, {**REVIEW_FORM, "body": "First tab", "keep": ""})
        browser.post(REVIEW, {**REVIEW_FORM, "body": "Second tab", "keep": ""})
        stamp = browser.get(REVIEW).context["unsent"].stamp
        browser.post(REVIEW, {**REVIEW_FORM, "body": "Second tab", "resumes": stamp})
        assert Draft.objects.get().values["body"] == "First tab"

    def test_a_visitors_texts_stand_side_by_side_too(self, client, bob, world):
        path = "/series/drama/episodes/2/comments/"
        for words in ("First", "Second", "Third"):
            client.post(path, {**TALK, "body": words})
        client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
        draft = Draft.objects.get()
        assert [draft.values["body"], *draft.earlier_words] == ["Third", "Second", "First"]

    def test_stars_alone_leave_the_words_that_wait(self, client, world):
        client.post(REVIEW, REVIEW_FORM)
        client.post("/series/drama/episodes/2/rating/", {"stars": "3"})
        form = client.get(REVIEW).context["form"]
        assert (form["stars"].initial, form["body"].initial) == ("3", WORDS)


class TestWhose:
    def test_the_words_of_a_session_that_ended_are_its_members_whoever_is_next(self, as_member, alice, bob, world):
        browser = as_member(bob)
        mark = writer_mark(bob)
        assert f'name="writer" value="{mark}"' in browser.get(REVIEW).text
        browser.session.flush()
        browser.post(REVIEW, {**REVIEW_FORM, "writer": mark})
        browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
        assert WORDS not in browser.get(REVIEW).text
        assert Draft.objects.get().member == bob
        assert WORDS in as_member(bob).get(REVIEW).text

    @pytest.mark.parametrize("mark", ["", "1", "1:x", "x" * 2000, "1:"])
    def test_a_forged_mark_is_a_visitors(self, client, alice, world, mark):
        client.post(REVIEW, {**REVIEW_FORM, "writer": mark})
        assert not Draft.objects.exists()
        assert "unsent" in client.session

    def test_who_joined_takes_their_words_out_of_the_browser(self, client, bob, world, proof_needed):
        join(client, client.post(REVIEW, REVIEW_FORM).headers["Location"])
        assert "unsent" not in client.session
        client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
        assert not Draft.objects.filter(member=bob).exists()


class TestLimits:
    @pytest.mark.parametrize("form", [{}, {"spoils_through": "2"}, {"body": "  "}], ids=str)
    def test_nothing_is_not_kept_and_nobody_says_it_was(self, as_member, bob, world, form):
        page = as_member(bob).post(REVIEW, {**form, "keep": ""})
        assert page.status_code == 422
        assert "There is nothing here to keep yet." in page.text
        assert not Draft.objects.exists()

    def test_more_than_any_field_takes_stays_on_the_page(self, as_member, bob, world):
        page = as_member(bob).post(REVIEW, {**REVIEW_FORM, "body": "x" * 60_000, "keep": ""})
        assert page.status_code == 422
        assert "x" * 60_000 in page.text
        assert not Draft.objects.exists()

    def test_too_long_a_change_of_a_comment_is_given_back(self, client, world):
        page = client.post(f"/comments/{world.comment.pk}/edit/", {**TALK, "body": "x" * 60_000})
        assert page.status_code == 403
        assert "x" * 60_000 in page.text
        assert "unsent" not in client.session

    def test_a_visitor_has_twenty_places(self, client, crowd, make_comment, world):
        for author in crowd(21):
            comment = make_comment(author, world.series, body=f"Talk {author.pk}")
            client.post("/series/drama/comments/", {**TALK, "parent": comment.pk})
        assert len(client.session["unsent"]) == 20

    def test_who_has_an_account_says_so_with_a_half_written_text(self, client, bob, world):
        answer = client.post(REVIEW, {"headline": "Only this", "body": "x" * 10_001, "login": ""})
        assert answer.headers["Location"].startswith("/accounts/login/?next=")
        client.post("/accounts/login/", {"login": "bob", "password": PASSWORD})
        assert "Only this" in client.get(REVIEW).text

    def test_who_has_an_account_and_wrote_nothing_just_logs_in(self, client, world):
        assert client.post(REVIEW, {"login": ""}).headers["Location"].startswith("/accounts/login/")

    def test_a_visitors_preview_waits_as_well(self, client, world):
        client.post(REVIEW, {**REVIEW_FORM, "preview": ""})
        assert WORDS in client.get(REVIEW).text

    def test_a_refused_reply_waits_where_it_answers(self, as_member, bob, world):
        browser = as_member(bob)
        form = {"body": "x" * 10_001, "spoils_through": "2", "parent": world.comment.pk}
        page = browser.post("/series/drama/episodes/2/comments/", form)
        assert page.status_code == 422
        assert "You answer Alice." in page.text
        assert str(Draft.objects.get().where) == f"answer/comment-{world.comment.pk}"


@pytest.mark.parametrize("name", FORMS)
def test_a_program_that_fills_in_what_nobody_sees_leaves_nothing_behind(client, world, rows, name):
    path, values, _back = forms(world)[name]
    before = rows()
    for more in ({}, {"login": ""}, {"preview": ""}):
        answer = client.post(path, {**values, "website": "https://example.org", **more})
        assert answer.status_code == (200 if more == {"preview": ""} else 422)
        assert WORDS in answer.text, "should it be a person after all, they only press again"
    assert rows() == before
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("path", [REVIEW, "/series/drama/episodes/2/comments/"])
def test_only_visitors_are_given_the_trap_and_find_it_empty(client, as_member, world, bob, path):
    refused = client.post(path, {**TALK, **REVIEW_FORM, "website": "https://example.org"}).text
    assert '<div class="trap" aria-hidden="true">' in client.get(path).text
    assert "https://example.org" not in refused
    assert 'name="website"' not in as_member(bob).get(path).text
