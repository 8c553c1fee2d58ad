"""`/comments/<id>/scope/`: its author says that a comment spoils further, also when its words are closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Sanction
from conftest import seen
from reviews.models import Comment, Revision
from reviews.recount import differences


@pytest.fixture
def comment(alice, episode, make_comment):
    comment = make_comment(alice, episode, body="the words", spoils_through=2)
    Comment.objects.update(created_at=timezone.now() - timedelta(days=3))
    return comment


def path(comment):
    return f"/comments/{comment.pk}/scope/"


def scope_of(comment):
    return Comment.objects.get(pk=comment.pk).spoils_through


def test_offers_the_points_from_where_it_stands(as_member, alice, comment):
    page = as_member(alice).get(path(comment))
    assert page.status_code == 200
    assert [scope for scope, _label in page.context["form"].fields["spoils_through"].choices] == [2, 3, 4]
    assert "It is after Track 2 now. You can put it further, not nearer" in page.text


def test_a_safe_one_may_go_anywhere_and_nobody_put_it_there(as_member, alice, episode, make_comment):
    page = as_member(alice).get(path(make_comment(alice, episode, spoils_through=0)))
    assert [scope for scope, _label in page.context["form"].fields["spoils_through"].choices] == [0, 1, 2, 3, 4]
    assert "A moderator" not in page.text
    assert "It is after" not in page.text


def test_at_the_last_point_nothing_is_left_to_press(as_member, alice, episode, make_comment):
    page = as_member(alice).get(path(make_comment(alice, episode, spoils_through=4)))
    assert "It is after Track 4 now, the last that has aired." in page.text
    assert "Put it there" not in page.text


def test_raises_it_and_what_answers_it(as_member, alice, bob, episode, comment, make_comment):
    reply = make_comment(bob, episode, parent=comment, spoils_through=2)
    page = as_member(alice).post(path(comment), {"spoils_through": "3"}, follow=True)
    assert page.request["PATH_INFO"] == f"/comments/{comment.pk}/"
    assert "It waits after Track 3 now, and so does what answers it." in page.text
    assert (scope_of(comment), scope_of(reply)) == (3, 3)
    assert Revision.objects.get().spoils_through == 2
    assert differences() == []


def test_its_words_are_gone_from_who_has_not_seen_that(as_member, alice, bob, series, comment):
    seen(bob, series, 2)
    reader = as_member(bob)
    assert "the words" in reader.get(f"/comments/{comment.pk}/").text
    as_member(alice).post(path(comment), {"spoils_through": "3"})
    assert "the words" not in reader.get(f"/comments/{comment.pk}/").text


def test_where_it_is_is_a_point_as_well(as_member, alice, comment):
    assert as_member(alice).post(path(comment), {"spoils_through": "2"}).status_code == 302
    assert scope_of(comment) == 2
    assert not Revision.objects.exists()


def test_a_moderators_point_is_said_and_holds(as_member, alice, mona, comment):
    comment.rescope(mona, 3, "It tells of the letter.")
    page = as_member(alice).get(path(comment))
    assert "A moderator has put this after Track 3; it cannot go below." in page.text
    assert as_member(alice).post(path(comment), {"spoils_through": "2"}).status_code == 422
    assert scope_of(comment) == 3


def test_is_offered_where_the_comment_stands_and_to_nobody_else(as_member, alice, bob, comment):
    link = f'href="{path(comment)}"'
    assert link in as_member(alice).get(f"/comments/{comment.pk}/").text
    assert link not in as_member(bob).get(f"/comments/{comment.pk}/").text


def test_is_offered_when_its_words_cannot_be_changed_any_more(as_member, alice, comment):
    form = {"body": "Others", "spoils_through": "2"}
    page = as_member(alice).post(f"/comments/{comment.pk}/edit/", form)
    assert page.status_code == 422
    assert f'href="{path(comment)}"' in page.text


def test_a_silenced_member_may(as_member, alice, mona, comment):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    assert as_member(alice).post(path(comment), {"spoils_through": "4"}).status_code == 302
    assert scope_of(comment) == 4


def test_a_stranger_is_asked_to_log_in(client, comment):
    assert client.get(path(comment)).headers["Location"] == f"/accounts/login/?next={path(comment)}"
    assert client.post(path(comment), {"spoils_through": "3"}).status_code == 403
    assert scope_of(comment) == 2


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_anothers_is_as_a_missing_one(as_member, request, comment, who):
    browser = as_member(request.getfixturevalue(who))
    for wrong in (path(comment), "/comments/999999/scope/", f"/comments/{'9' * 20}/scope/"):
        assert browser.get(wrong).status_code == 404
        assert browser.post(wrong, {"spoils_through": "3"}).status_code == 404
    assert scope_of(comment) == 2


def test_a_deleted_one_is_gone_and_a_hidden_one_is_its_authors(as_member, alice, mona, comment):
    comment.hide(by=mona, reason="Spoils.")
    assert as_member(alice).post(path(comment), {"spoils_through": "3"}).status_code == 302
    assert scope_of(comment) == 3
    comment.retract()
    assert as_member(alice).get(path(comment)).status_code == 404
    assert differences() == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(as_member, alice, comment, method):
    assert getattr(as_member(alice), method)(path(comment)).status_code == 405


@pytest.mark.parametrize("wrong", [{}, {"spoils_through": "1"}, {"spoils_through": "5"}, {"spoils_through": "x\x00"}])
def test_a_point_that_is_not_there_is_asked_about(as_member, alice, comment, wrong):
    page = as_member(alice).post(path(comment), wrong)
    assert page.status_code == 422
    assert "Not yet: please look at this first" in page.text
    assert scope_of(comment) == 2


def test_costs_the_same_however_many_answer(as_member, alice, crowd, episode, comment, make_comment, queries_of):
    browser = as_member(alice)
    bare = queries_of(browser, path(comment))
    for author in crowd(20):
        make_comment(author, episode, parent=comment, spoils_through=2)
    assert queries_of(browser, path(comment)) == bare <= 12
