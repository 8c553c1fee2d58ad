"""`/appeals/<act>/`: a member reads what was decided about their own, and asks for a second look, once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Sanction, User
from reviews.models import Appeal, ModerationAction, Report
from reviews.models.appeal import LONGEST_APPEAL
from reviews.models.moderation import APPEAL_WINDOW
from reviews.models.sanctions import impose
from reviews.models.undo import reverse, undo

WORDS = "She leaves him on the bridge"


@pytest.fixture(params=["review", "comment"])
def text(request, alice, episode, make_review, make_comment):
    make = make_review if request.param == "review" else make_comment
    return make(alice, episode, body=WORDS, spoils_through=2)


@pytest.fixture
def hidden(text, mona):
    text.hide(mona, "It insults the director")
    return text


@pytest.fixture
def path(hidden):
    return f"/appeals/{ModerationAction.objects.get().pk}/"


def said():
    return Appeal.objects.with_words().get().body


def test_an_author_reads_their_own_words_and_why(as_member, alice, path):
    page = as_member(alice).get(path)
    assert page.status_code == 200
    for told in (WORDS, "A moderator has hidden this.", "Reason: It insults the director", "Track 2"):
        assert told in page.text
    assert "mona" not in page.text


def test_until_when_somebody_is_silenced_is_said_with_the_zone(as_member, alice, mona):
    until = datetime(2099, 11, 23, 21, 37, tzinfo=UTC)
    act = impose(alice, Sanction.Kind.SILENCE, mona, "Rude in every thread", until)
    page = as_member(alice).get(f"/appeals/{act.pk}/").text
    assert "Until: Nov. 23, 2099, 9:37 p.m. (UTC)." in page


def test_an_appeal_is_lodged_once_and_says_how_it_stands(as_member, alice, path):
    browser = as_member(alice)
    page = browser.post(path, {"body": "  It was a quote  "}, follow=True)
    assert page.redirect_chain == [(path, 302)]
    assert "Thank you. A moderator looks at it again" in page.text
    assert "Your appeal waits for a moderator." in page.text
    assert "It was a quote" in page.text
    assert 'name="body"' not in page.text
    browser.post(path, {"body": "And another thing"})
    assert said() == "It was a quote"


def test_the_answer_is_read_there(as_member, alice, path):
    browser = as_member(alice)
    browser.post(path, {"body": "It was a quote"})
    Appeal.objects.get().hear(User.objects.create_user("otto", is_staff=True), False, "It was not")
    page = browser.get(path).text
    assert "the decision stands." in page
    assert "Answer: It was not" in page
    assert "otto" not in page


def test_what_its_author_deleted_is_read_as_it_was(as_member, alice, hidden, path):
    hidden.retract()
    page = as_member(alice).get(path).text
    assert "Your text, as it was before you deleted it" in page
    assert WORDS in page
    assert hidden.get_absolute_url() not in page


@pytest.mark.parametrize("body", ["", "   ", "x" * (LONGEST_APPEAL + 1), "It was\x00"])
def test_a_refused_form_keeps_every_word(as_member, alice, path, body):
    page = as_member(alice).post(path, {"body": body})
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert body.strip() in page.text
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_others_acts_are_not_there(request, as_member, path, who):
    browser = as_member(request.getfixturevalue(who))
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"body": "On her behalf"}).status_code == 404
    assert browser.get("/appeals/999999/").status_code == 404
    assert not Appeal.objects.exists()


def test_what_takes_nothing_is_not_there(as_member, alice, mona, hidden):
    hidden.restore(mona, "A mistake")
    act = ModerationAction.objects.get(verb="restore")
    assert as_member(alice).get(f"/appeals/{act.pk}/").status_code == 404


def test_what_was_reported_is_nothing_to_appeal_for_a_reporter(as_member, bob, mona, text):
    Report.objects.file(bob, text, "spam")
    text.hide(mona, "Spam")
    assert as_member(bob).get(f"/appeals/{ModerationAction.objects.get().pk}/").status_code == 404


def test_what_was_undone_says_so_and_keeps_the_words(as_member, alice, mona, path):
    undo(ModerationAction.objects.get(), mona, "Wrong button")
    browser = as_member(alice)
    assert "there is nothing left to appeal" in browser.get(path).text
    page = browser.post(path, {"body": "It was a quote"})
    assert page.status_code == 422
    assert "It was a quote" in page.text


def test_what_was_given_back_says_so_once_it_was_appealed(as_member, alice, mona, hidden, path):
    browser = as_member(alice)
    browser.post(path, {"body": "It was a quote"})
    assert "since." not in browser.get(path).text
    hidden.restore(mona, "It was a quote indeed")
    assert "It does not hold any more." in browser.get(path).text


def test_what_was_reversed_says_so(as_member, alice, mona, path):
    reverse(ModerationAction.objects.get(), mona, "It was a quote indeed")
    page = as_member(alice).get(path).text
    assert "It has been taken back since." in page
    assert "there is nothing left to appeal" in page


def test_what_has_run_out_is_not_said_to_be_long_ago(as_member, alice, mona):
    act = impose(alice, Sanction.Kind.SILENCE, mona, "Rude", timezone.now() + timedelta(days=3))
    Sanction.objects.update(starts_at=timezone.now() - timedelta(days=4), ends_at=timezone.now() - timedelta(days=1))
    page = as_member(alice).get(f"/appeals/{act.pk}/").text
    assert "There is nothing left to appeal." in page
    assert "too long ago" not in page


def test_what_is_long_ago_says_so(as_member, alice, path):
    QuerySet(ModerationAction).update(created_at=timezone.now() - APPEAL_WINDOW)
    assert "too long ago" in as_member(alice).get(path).text


def test_silenced_members_appeal_too(as_member, alice, mona):
    act = impose(alice, Sanction.Kind.SILENCE, mona, "Rude", timezone.now() + timedelta(days=3))
    browser = as_member(alice)
    page = browser.get(f"/appeals/{act.pk}/").text
    assert "A moderator has silenced you" in page
    assert browser.post(f"/appeals/{act.pk}/", {"body": "Not me"}).status_code == 302
    assert said() == "Not me"


def test_strangers_are_led_to_log_in_and_get_their_words_back(client, path):
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    page = client.post(path, {"body": "It was a quote"})
    assert page.status_code == 403
    assert "It was a quote" in page.text


def test_costs_little(as_member, alice, path, queries_of):
    assert queries_of(as_member(alice), path) <= 12


def test_its_author_is_led_there_from_the_text(as_member, alice, hidden, path):
    assert f'href="{path}"' in as_member(alice).get(hidden.get_absolute_url()).text


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(as_member, alice, path, method):
    assert getattr(as_member(alice), method)(path).status_code == 405
