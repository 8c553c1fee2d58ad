"""`/reviews/<id>/scope/`: its author says that a review spoils further; what comments share with it is asked there."""

import pytest

from accounts.models import Sanction
from conftest import seen
from reviews.models import Review, Revision
from reviews.recount import differences


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="Bring tissues", body="the words", spoils_through=2)


def path(review):
    return f"/reviews/{review.pk}/scope/"


def scope_of(text):
    return type(text).objects.get(pk=text.pk).spoils_through


def test_offers_the_points_from_where_it_stands(as_member, alice, review):
    page = as_member(alice).get(path(review))
    assert page.status_code == 200
    assert "How far my review spoils" in page.text
    assert [scope for scope, _label in page.context["form"].fields["spoils_through"].choices] == [2, 3, 4]
    assert "It is after Track 2 now. You can put it further, not nearer" in page.text


def test_raises_it_and_what_answers_it(as_member, alice, bob, review, make_comment):
    answer = make_comment(bob, review, spoils_through=2)
    page = as_member(alice).post(path(review), {"spoils_through": "3"}, follow=True)
    assert page.request["PATH_INFO"] == f"/reviews/{review.pk}/"
    assert "It waits after Track 3 now, and so does what answers it." in page.text
    assert (scope_of(review), scope_of(answer)) == (3, 3)
    assert Revision.objects.get().spoils_through == 2
    assert differences() == []


def test_its_words_are_gone_from_who_has_not_seen_that(as_member, alice, bob, series, review):
    seen(bob, series, 2)
    reader = as_member(bob)
    assert "the words" in reader.get(f"/reviews/{review.pk}/").text
    as_member(alice).post(path(review), {"spoils_through": "3"})
    assert "the words" not in reader.get(f"/reviews/{review.pk}/").text


def test_a_review_of_the_series_too(as_member, alice, series, make_review):
    review = make_review(alice, series, spoils_through=0)
    assert as_member(alice).get(path(review)).status_code == 200
    assert as_member(alice).post(path(review), {"spoils_through": "4"}).status_code == 302
    assert scope_of(review) == 4


def test_a_moderators_point_is_said_and_holds(as_member, alice, mona, review):
    review.rescope(mona, 3, "It tells of the letter.")
    page = as_member(alice).get(path(review))
    assert "A moderator has put this after Track 3; it cannot go below." in page.text
    assert as_member(alice).post(path(review), {"spoils_through": "2"}).status_code == 422
    assert scope_of(review) == 3


def test_a_folded_line_alone_can_be_put_further(as_member, alice, mona, episode, make_review):
    review = make_review(alice, episode, headline="He leaves", body="", stars=8)
    review.fold_headline(mona, 2, "It tells the end.")
    assert as_member(alice).post(path(review), {"spoils_through": "4"}).status_code == 302
    assert scope_of(review) == 4
    assert differences() == []


def test_is_offered_where_the_review_stands_and_to_nobody_else(as_member, alice, bob, review):
    link = f'href="{path(review)}"'
    assert link in as_member(alice).get(f"/reviews/{review.pk}/").text
    assert link not in as_member(bob).get(f"/reviews/{review.pk}/").text


def test_stars_and_a_line_have_no_scope(as_member, alice, episode, make_review):
    review = make_review(alice, episode, headline="Bring tissues", body="", stars=8)
    browser = as_member(alice)
    assert path(review) not in browser.get(f"/reviews/{review.pk}/").text
    assert browser.get(path(review)).status_code == 404
    assert browser.post(path(review), {"spoils_through": "3"}).status_code == 404
    assert scope_of(review) == 0


def test_a_silenced_member_may(as_member, alice, mona, review):
    Sanction.objects.impose(alice, Sanction.Kind.SILENCE, by=mona, reason="Shouted.")
    assert as_member(alice).post(path(review), {"spoils_through": "4"}).status_code == 302
    assert scope_of(review) == 4


def test_a_stranger_is_asked_to_log_in(client, review):
    assert client.get(path(review)).headers["Location"] == f"/accounts/login/?next={path(review)}"
    assert client.post(path(review), {"spoils_through": "3"}).status_code == 403
    assert scope_of(review) == 2


@pytest.mark.parametrize("who", ["bob", "mona"])
def test_anothers_is_as_a_missing_one(as_member, request, review, who):
    browser = as_member(request.getfixturevalue(who))
    for wrong in (path(review), "/reviews/999999/scope/", f"/reviews/{'9' * 20}/scope/"):
        assert browser.get(wrong).status_code == 404
        assert browser.post(wrong, {"spoils_through": "3"}).status_code == 404
    assert scope_of(review) == 2


def test_a_deleted_one_is_gone_and_a_hidden_one_is_its_authors(as_member, alice, mona, review):
    review.hide(by=mona, reason="Spoils.")
    assert as_member(alice).post(path(review), {"spoils_through": "3"}).status_code == 302
    assert scope_of(review) == 3
    review.retract()
    assert as_member(alice).get(path(review)).status_code == 404
    assert differences() == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_only_reads_and_posts(as_member, alice, review, method):
    assert getattr(as_member(alice), method)(path(review)).status_code == 405


@pytest.mark.parametrize("wrong", [{}, {"spoils_through": "1"}, {"spoils_through": "5"}, {"spoils_through": "x\x00"}])
def test_a_point_that_is_not_there_is_asked_about(as_member, alice, review, wrong):
    page = as_member(alice).post(path(review), wrong)
    assert page.status_code == 422
    assert "Not yet: please look at this first" in page.text
    assert Review.objects.get().spoils_through == 2


def test_costs_the_same_however_many_answer(as_member, alice, crowd, review, make_comment, queries_of):
    browser = as_member(alice)
    bare = queries_of(browser, path(review))
    for author in crowd(20):
        make_comment(author, review, spoils_through=2)
    assert queries_of(browser, path(review)) == bare <= 12
