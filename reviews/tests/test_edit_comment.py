"""`/comments/<id>/edit/`: its author changes a comment, for half an hour."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from episodes.models import Song
from reviews.models import Comment, Revision
from reviews.recount import differences

FORM = {"body": "Changed *words*.", "spoils_through": "3"}


@pytest.fixture
def comment(alice, episode, make_comment):
    return make_comment(alice, episode, body="the words", spoils_through=2)


def path(comment):
    return f"/comments/{comment.pk}/edit/"


def unchanged():
    return Comment.objects.with_words().get().body == "the words" and not Revision.objects.exists()


def test_begins_with_the_words_as_they_are(as_member, alice, comment):
    page = as_member(alice).get(path(comment))
    assert page.status_code == 200
    assert ">\nthe words</textarea>" in page.text


def test_changes_the_words_and_keeps_the_earlier_ones(as_member, alice, comment):
    answer = as_member(alice).post(path(comment), FORM)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/comments/{comment.pk}/"
    changed = Comment.objects.with_words().get()
    assert (changed.body, changed.spoils_through) == ("Changed *words*.", 3)
    assert changed.edited_at is not None
    assert Revision.objects.with_words().get().body == "the words"
    assert differences() == []


def test_a_raised_scope_raises_its_answers(as_member, alice, bob, episode, comment, make_comment):
    reply = make_comment(bob, episode, parent=comment, spoils_through=2)
    as_member(alice).post(path(comment), FORM)
    reply.refresh_from_db(fields=["spoils_through"])
    assert reply.spoils_through == 3
    assert differences() == []


def test_a_stranger_is_asked_to_log_in_and_keeps_the_text(client, comment):
    assert client.get(path(comment)).headers["Location"] == f"/accounts/login/?next={path(comment)}"
    answer = client.post(path(comment), FORM)
    assert answer.headers["Location"].startswith("/accounts/signup/?next=")
    assert unchanged()


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_anothers_is_as_a_missing_one(as_member, request, comment, who):
    browser = as_member(request.getfixturevalue(who))
    for wrong in (path(comment), "/comments/999999/edit/", f"/comments/{'9' * 20}/edit/"):
        assert browser.get(wrong).status_code == 404
        assert browser.post(wrong, FORM).status_code == 404
    assert unchanged()


def test_after_half_an_hour_it_stays_as_it_is(as_member, alice, comment):
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    answer = as_member(alice).get(path(comment), follow=True)
    assert answer.request["PATH_INFO"] == f"/comments/{comment.pk}/"
    assert "This one stays as it is." in answer.text


def test_after_half_an_hour_the_new_words_are_given_back(as_member, alice, comment):
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    page = as_member(alice).post(path(comment), FORM)
    assert page.status_code == 422
    assert "This one stays as it is." in page.text
    assert "Changed *words*." in page.text
    assert unchanged()


def test_a_hidden_comment_stays_as_it_is(as_member, alice, mona, comment):
    comment.hide(by=mona, reason="Spoils.")
    as_member(alice).post(path(comment), FORM)
    assert unchanged()


def test_a_deleted_comment_is_404(as_member, alice, comment):
    comment.retract()
    assert as_member(alice).post(path(comment), FORM).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(as_member, alice, comment, method):
    assert getattr(as_member(alice), method)(path(comment)).status_code == 405


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"body": ""}, "Write something first."),
        ({"body": "b" * 10_001}, "At most 10000 characters"),
        ({"body": "null \x00 byte"}, "characters that cannot be kept"),
        ({"spoils_through": "5"}, "Choose one of the points"),
        ({"spoils_through": "x"}, "Choose one of the points"),
        ({"spoils_through": ""}, "Say who may read it."),
    ],
)
def test_bad_input_keeps_the_text_and_writes_nothing(as_member, alice, comment, wrong, says):
    form = {**FORM, **wrong}
    page = as_member(alice).post(path(comment), form)
    assert page.status_code == 422
    assert says in page.text
    assert f">\n{form['body']}</textarea>" in page.text
    assert unchanged()


def test_costs_the_same_whatever_was_answered(as_member, alice, episode, comment, crowd, make_comment, queries_of):
    browser = as_member(alice)
    bare = queries_of(browser, path(comment))
    for author in crowd(21):
        make_comment(author, episode, parent=comment)
    assert queries_of(browser, path(comment)) == bare <= 12


def test_a_change_to_a_comment_deleted_in_another_tab_gives_the_text_back(as_member, alice, episode, make_comment):
    comment = make_comment(alice, episode)
    comment.retract()
    page = as_member(alice).post(f"/comments/{comment.pk}/edit/", {"body": "Long thoughts", "spoils_through": "2"})
    assert page.status_code == 404
    assert "Long thoughts" in page.text


# When it happens, and which song it is


def test_puts_the_time_right(as_member, alice, episode, make_comment):
    moment = make_comment(alice, episode, kind="moment", at=750, spoils_through=2)
    browser = as_member(alice)
    assert 'name="at" value="12:30"' in browser.get(path(moment)).text
    browser.post(path(moment), {"body": "A comment", "spoils_through": "2", "at": "13:00"})
    moment.refresh_from_db(fields=["at", "kind"])
    assert (moment.at, moment.kind) == (780, "moment")
    assert differences() == []


def test_puts_the_song_right(as_member, alice, series, episode, make_comment):
    song = Song.objects.create(series=series, title="Sagi")
    comment = make_comment(alice, episode, kind="song", song_name="Sagi?", at=60, spoils_through=2)
    browser = as_member(alice)
    assert 'name="song_name" value="Sagi?"' in browser.get(path(comment)).text
    browser.post(
        path(comment), {"body": "A comment", "spoils_through": "2", "song": song.pk, "song_name": "", "at": ""}
    )
    changed = Comment.objects.with_words().get()
    assert (changed.song, changed.song_name, changed.at) == (song, "", None)
    assert differences() == []


PINS: dict[str, dict[str, Any]] = {
    "moment": {"at": 5},
    "line": {"at": 5},
    "song": {"song_name": "Sagi"},
    "bonus": {},
}


@pytest.mark.parametrize(
    ("kind", "wrong", "says"),
    [
        ("moment", {"at": ""}, "Say when it happens, like 12:30."),
        ("line", {"at": "noon"}, "That is not a time yet."),
        ("line", {"at": "45:01"}, "Track 2 ends at 45:00."),
        ("song", {"song": "", "song_name": ""}, "Choose a song, or name another."),
        ("song", {"song": "x"}, "This series has no such song."),
        ("bonus", {"body": "b" * 301}, "At most 300 characters"),
    ],
)
def test_each_kind_keeps_what_it_needs(as_member, alice, episode, make_comment, kind, wrong, says):
    comment = make_comment(alice, episode, kind=kind, spoils_through=2, **PINS[kind])
    page = as_member(alice).post(path(comment), {"body": "A comment", "spoils_through": "2", "at": "0:05", **wrong})
    assert page.status_code == 422
    assert says in page.text
    assert not Revision.objects.exists()


def test_talk_has_nothing_to_pin(as_member, alice, comment):
    browser = as_member(alice)
    page = browser.get(path(comment)).text
    assert 'name="at"' not in page
    assert 'name="song' not in page
    browser.post(path(comment), {**FORM, "at": "12:30", "song_name": "Moon River", "kind": "moment"})
    changed = Comment.objects.with_words().get()
    assert (changed.kind, changed.at, changed.song_name) == ("talk", None, "")


# Two tabs


def test_a_change_made_in_another_tab_is_shown_beside_this_one(as_member, alice, comment):
    browser = as_member(alice)
    began_with = browser.get(path(comment)).context["form"]["began_with"].value()
    assert browser.post(path(comment), {**FORM, "began_with": began_with}).status_code == 302
    mine = {"body": "my *other* words", "spoils_through": "3", "began_with": began_with}
    page = browser.post(path(comment), mine)
    assert page.status_code == 422
    assert "Stands now" in page.text
    assert "<p>Changed <em>words</em>.</p>" in page.text
    assert ">\nmy *other* words</textarea>" in page.text
    assert Comment.objects.with_words().get().body == "Changed *words*."
    again = {**mine, "began_with": page.context["form"]["began_with"].value()}
    assert f'name="began_with" value="{again["began_with"]}"' in page.text
    assert browser.post(path(comment), again).status_code == 302
    assert Comment.objects.with_words().get().body == "my *other* words"


def test_the_same_words_from_two_tabs_are_no_conflict(as_member, alice, comment):
    browser = as_member(alice)
    began_with = browser.get(path(comment)).context["form"]["began_with"].value()
    for _tab in range(2):
        assert browser.post(path(comment), {**FORM, "began_with": began_with}).status_code == 302


@pytest.mark.parametrize("proof", ["", "x", "\x00", "9" * 5000])
def test_a_proof_of_nothing_is_a_conflict(as_member, alice, comment, proof):
    page = as_member(alice).post(path(comment), {**FORM, "began_with": proof})
    assert page.status_code == 422
    assert "Stands now" in page.text
    assert unchanged()


def test_a_preview_changes_nothing(as_member, alice, comment):
    page = as_member(alice).post(path(comment), {**FORM, "preview": ""})
    assert page.status_code == 200
    assert "<p>Changed <em>words</em>.</p>" in page.text
    assert unchanged()
