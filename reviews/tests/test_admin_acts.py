"""Raising, lowering and folding in the admin: with a reason, logged once, told to the author."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conftest import member, seen
from reviews.models import Comment, ModerationAction, Review
from reviews.recount import differences

REASON = "It tells who leaves."


@pytest.fixture
def browser(as_member, mona, series):
    seen(mona, series, 4)
    return as_member(mona)


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="She leaves", body="Because of the snow", spoils_through=1)


@pytest.fixture
def comment(bob, review, make_comment):
    return make_comment(bob, review, body="I knew it", spoils_through=1)


def listed(kind):
    return reverse(f"admin:reviews_{kind}_changelist")


def page(text, name="change"):
    return reverse(f"admin:reviews_{text._meta.model_name}_{name}", args=[text.pk])


def fresh(text):
    return type(text).objects.get(pk=text.pk)


def logged():
    return list(ModerationAction.objects.order_by("pk").values_list("verb", "scope_before", "scope_after"))


def to_scope(scope, stood_at, reason=REASON):
    return {"spoils_through": scope, "stood_at": stood_at, "reason": reason}


def test_a_scope_is_raised_and_lowered_with_a_reason(browser, review, comment):
    asked = browser.get(page(review, "scope")).text
    for choice in ("Safe for everyone", "Track 1", "Track 4"):
        assert choice in asked
    done = browser.post(page(review, "scope"), to_scope(3, 1), follow=True)
    assert done.redirect_chain == [(page(review), 302)]
    assert "1 text has another scope now." in done.text
    assert "Scope raised: 1 → 3" in done.text
    assert "by a moderator at least 3" in done.text
    assert (fresh(review).spoils_through, fresh(comment).spoils_through) == (3, 3)
    browser.post(page(review, "scope"), to_scope(0, 3))
    assert fresh(review).spoils_through == 0
    assert logged() == [("raise", 1, 3), ("lower", 3, 0)]
    assert "Scope lowered: 3 → 0" in browser.get(reverse("admin:reviews_moderationaction_changelist")).text
    assert differences() == []


def test_a_headline_is_folded_and_unfolded_with_a_reason(browser, review):
    assert "Safe for everyone" not in browser.get(page(review, "fold")).text
    done = browser.post(page(review, "fold"), to_scope(3, 1), follow=True)
    assert "1 headline folded into its text." in done.text
    assert page(review, "unfold") in done.text
    assert page(review, "fold") not in done.text
    assert (fresh(review).headline, fresh(review).spoils_through) == ("", 3)
    done = browser.post(page(review, "unfold"), {"reason": "A mistake of mine."}, follow=True)
    assert "1 headline unfolded." in done.text
    assert fresh(review).headline == "She leaves"
    assert [verb for verb, *_scopes in logged()] == ["fold", "unfold"]
    assert differences() == []


def test_a_line_that_stands_alone_stays_folded_and_is_said_to(browser, alice, mona, episode, make_review):
    review = make_review(alice, episode, headline="She leaves", body="Because of the snow", spoils_through=1)
    review.fold_headline(mona, 3, REASON)
    fresh(review).remove_rating()
    Review.objects.with_words().filter(pk=review.pk).update(body="", whole_html="")
    answer = browser.post(page(review, "unfold"), {"reason": "Typed with care"})
    assert answer.status_code == 422
    assert "a line does not stand alone" in answer.text
    assert "Typed with care" in answer.text
    assert fresh(review).headline == ""
    assert [verb for verb, *_scopes in logged()] == ["fold"]


def test_choices_reach_from_what_it_answers_to_what_has_aired(
    browser, alice, make_series, mona, make_review, make_comment
):
    running = make_series("running", episodes=6, aired=3)
    review = make_review(alice, running, body="So far", spoils_through=2)
    comment = make_comment(alice, review, body="And yet")
    choices = lambda text: [  # noqa: E731
        value for value, _label in browser.get(page(text, "scope")).context["form"].fields["spoils_through"].choices
    ]
    assert choices(review) == [0, 1, 2, 3]
    assert choices(comment) == [2, 3]
    for scope in (1, 4, -1, "x", ""):
        assert browser.post(page(comment, "scope"), to_scope(scope, 2)).status_code == 422
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("name", ["scope", "fold"])
@pytest.mark.parametrize(
    "wrong",
    [{"reason": ""}, {"reason": "a\x00b"}, {"spoils_through": "9"}, {"spoils_through": ""}],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser, review, name, wrong):
    data = {**to_scope("3", "1", reason="Typed with care"), **wrong}
    answer = browser.post(page(review, name), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    if "reason" not in wrong:
        assert "Typed with care" in answer.text
    assert fresh(review).spoils_through == 1
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("stood_at", [{}, {"stood_at": ""}, {"stood_at": "x"}])
def test_whoever_does_not_say_where_it_stood_is_shown_where_it_stands(browser, review, stood_at):
    answer = browser.post(page(review, "scope"), {"spoils_through": "3", "reason": "Typed with care", **stood_at})
    assert answer.status_code == 422
    assert "does not say where the text stood" in answer.text
    assert "meanwhile" not in answer.text
    assert "Typed with care" in answer.text
    assert answer.context["form"]["stood_at"].value() == 1
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("name", ["scope", "fold"])
def test_sending_it_twice_does_and_logs_it_once(browser, review, name):
    for _twice in range(2):
        answer = browser.post(page(review, name), to_scope(3, 1), follow=True)
    assert ModerationAction.objects.count() == 1
    assert "meanwhile" in answer.text.lower() or "Nothing was left to do." in answer.text


def test_a_second_moderator_does_not_undo_the_first_unseen(browser, admin_user, review):
    """Both saw it at 1. The first put it at 3; putting it at 2 now would lower it."""
    review.rescope(admin_user, 3, "Tells of the snow")
    answer = browser.post(page(review, "scope"), to_scope(2, 1))
    assert answer.status_code == 422
    assert "Somebody has moved it meanwhile" in answer.text
    assert "spoils through 3" in answer.text
    assert fresh(review).spoils_through == 3
    again = {**to_scope(2, answer.context["form"]["stood_at"].value())}
    browser.post(page(review, "scope"), again)
    assert fresh(review).spoils_through == 2


@pytest.mark.parametrize(("name", "verb"), [("hide", "hide"), ("fold", "fold_headline")])
def test_whoever_comes_second_in_a_race_is_told_that_nothing_was_left(
    browser, admin_user, review, name, verb, monkeypatch
):
    """The other act falls between the look at the text and the lock."""
    act = getattr(Review, verb)
    scope = () if verb == "hide" else (3,)

    def late(text, *args):
        act(Review.objects.get(pk=text.pk), admin_user, *scope, "The first")
        return act(text, *args)

    monkeypatch.setattr(Review, verb, late)
    answer = browser.post(page(review, name), to_scope(3, 1), follow=True)
    assert "Nothing was left to do." in answer.text
    assert [entry.actor_id for entry in ModerationAction.objects.all()] == [admin_user.pk]


def test_what_moves_under_the_hand_is_not_moved_back(browser, admin_user, review, monkeypatch):
    act = Review.rescope

    def late(text, *args, **how):
        act(Review.objects.get(pk=text.pk), admin_user, 4, "The first")
        return act(text, *args, **how)

    monkeypatch.setattr(Review, "rescope", late)
    answer = browser.post(page(review, "scope"), to_scope(3, 1))
    assert answer.status_code == 422
    assert "Somebody has moved it meanwhile" in answer.text
    assert "spoils through 4" in answer.text
    assert answer.context["form"]["stood_at"].value() == 4
    assert logged() == [("raise", 1, 4)]


def test_what_its_author_deletes_meanwhile_is_said(browser, review, monkeypatch):
    act = Review.rescope

    def late(text, *args, **how):
        Review.objects.get(pk=text.pk).retract()
        return act(text, *args, **how)

    monkeypatch.setattr(Review, "rescope", late)
    answer = browser.post(page(review, "scope"), to_scope(3, 1))
    assert answer.status_code == 422
    assert "Its author has deleted it meanwhile." in answer.text
    assert not ModerationAction.objects.exists()


def test_stars_alone_and_a_safe_line_have_no_scope_to_raise(browser, bob, una, episode, make_review):
    for review in (make_review(bob, episode, headline="", body=""), make_review(una, episode, body="")):
        assert page(review, "scope") not in browser.get(page(review)).text
        answer = browser.post(page(review, "scope"), to_scope(3, 0), follow=True)
        assert "Nothing was left to do." in answer.text
    assert not ModerationAction.objects.exists()


def test_a_comment_has_no_headline_to_fold(browser, comment):
    assert browser.get(f"/admin/reviews/comment/{comment.pk}/fold/", follow=True).status_code == 200
    assert "headline" not in browser.get(page(comment)).text.lower().replace("a safe line", "")


# Several at once


def test_several_are_raised_with_one_reason_and_none_comes_down(browser, alice, bob, una, episode, make_comment):
    texts = [
        make_comment(who, episode, body="It ends", spoils_through=k) for who, k in ((alice, 0), (bob, 2), (una, 4))
    ]
    chosen = {"action": "raise_selected", "_selected_action": [text.pk for text in texts]}
    asked = browser.post(listed("comment"), chosen)
    assert asked.status_code == 200
    assert 'name="spoils_through"' in asked.text
    refused = browser.post(listed("comment"), {**chosen, "confirmed": "yes", "spoils_through": "3", "reason": ""})
    assert refused.status_code == 422
    said = browser.post(
        listed("comment"), {**chosen, "confirmed": "yes", "spoils_through": "3", "reason": REASON}, follow=True
    )
    assert "2 texts have another scope now." in said.text
    assert [fresh(text).spoils_through for text in texts] == [3, 3, 4]
    assert ModerationAction.objects.count() == 2
    assert differences() == []


def test_raising_several_lowers_none_that_moves_under_the_hand(
    browser, admin_user, alice, episode, make_comment, monkeypatch
):
    text = make_comment(alice, episode, body="It ends")
    act = Comment.rescope

    def late(text, *args, **how):
        act(Comment.objects.get(pk=text.pk), admin_user, 4, "The first")
        return act(text, *args, **how)

    monkeypatch.setattr(Comment, "rescope", late)
    chosen = {"action": "raise_selected", "_selected_action": [text.pk], "confirmed": "yes"}
    said = browser.post(listed("comment"), {**chosen, "spoils_through": "3", "reason": REASON}, follow=True)
    assert "Nothing was left to do." in said.text
    assert fresh(text).spoils_through == 4
    assert logged() == [("raise", 0, 4)]


def test_an_answer_that_spoils_further_stays_among_those_raised(browser, alice, bob, episode, make_comment):
    root = make_comment(alice, episode, body="It ends", spoils_through=3)
    reply = make_comment(bob, episode, parent=root, body="It does")
    chosen = {"action": "raise_selected", "_selected_action": [reply.pk], "confirmed": "yes"}
    said = browser.post(listed("comment"), {**chosen, "spoils_through": "1", "reason": REASON}, follow=True)
    assert "Nothing was left to do." in said.text
    assert "It answers something" not in said.text


def test_texts_of_two_series_are_not_raised_together(browser, alice, episode, make_series, make_comment):
    texts = [make_comment(alice, episode), make_comment(alice, make_series("other"))]
    chosen = {"action": "raise_selected", "_selected_action": [text.pk for text in texts]}
    assert "Choose texts of one series" in browser.post(listed("comment"), chosen, follow=True).text


def test_a_bulk_page_keeps_stubs_shut_and_its_list_may_open_them(browser, mona, series, alice, episode, make_comment):
    seen(mona, series, 0)
    text = make_comment(alice, episode, body="The far words", spoils_through=3)
    chosen = {"action": "hide_selected", "_selected_action": [text.pk]}
    shut = browser.post(listed("comment"), chosen).text
    assert "The far words" not in shut
    assert f"{page(text)}?reveal=comment-{text.pk}" in shut
    assert "The far words" in browser.post(f"{listed('comment')}?beyond=open", chosen).text
    assert (
        "The far words" not in browser.post(f"{listed('comment')}?reveal=comment-{text.pk}", chosen, follow=True).text
    )


# Who may


@pytest.mark.parametrize("who", ["alice", "bob", "una"])
def test_only_moderators_do(request, as_member, review, comment, who):
    browser = as_member(request.getfixturevalue(who))
    for url in (page(review, "scope"), page(review, "fold"), page(review, "unfold"), page(comment, "scope")):
        assert browser.post(url, to_scope(3, 1), follow=True).status_code == 403
    assert not ModerationAction.objects.exists()


def test_staff_who_may_only_look_do_not(as_member, review):
    from django.contrib.auth.models import Permission

    looker = member("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_review"))
    browser = as_member(looker)
    assert page(review, "scope") not in browser.get(page(review)).text
    assert browser.post(page(review, "scope"), to_scope(3, 1)).status_code == 403


# The author is told


def test_the_author_is_told_why_and_nobody_else_is(client, as_member, alice, bob, mona, series, review, comment):
    review.rescope(mona, 2, "It tells of the snow")
    review.fold_headline(mona, 3, "It tells who leaves")
    comment.rescope(mona, 4, "It tells of the end")
    for who in (alice, bob, mona):
        seen(who, series, 4)
    own = as_member(alice).get(review.get_absolute_url()).text
    assert "It tells who leaves" in own
    assert "A moderator has folded your headline" in own
    assert "It tells of the snow" not in own  # the fold put it further
    assert "after Track 4" in as_member(bob).get(comment.get_absolute_url()).text
    assert "It tells of the end" in as_member(bob).get(comment.get_absolute_url()).text
    for text, others in ((review, (bob, mona)), (comment, (alice, mona))):
        for browser in (client, *map(as_member, others)):
            assert "It tells" not in browser.get(text.get_absolute_url()).text


def test_the_author_is_told_only_as_long_as_it_stands(as_member, alice, mona, review):
    browser = as_member(alice)

    def told():
        return [act.verb for act in browser.get(fresh(review).get_absolute_url()).context["rulings"]]

    assert told() == []
    review.rescope(mona, 2, "Raised")
    assert told() == ["raise"]
    review.rescope(mona, 1, "Lowered")
    assert told() == ["lower"]
    review.raise_scope(3)
    assert told() == []
    review.hide(mona, "Hidden")
    review.fold_headline(mona, 3, "Folded")
    assert told() == ["fold", "hide"]
    review.unfold_headline(mona, "Unfolded")
    review.restore(mona, "Restored")
    assert told() == []


def test_a_review_written_anew_in_its_place_tells_the_same(as_member, alice, mona, episode, review, make_review):
    review.rescope(mona, 2, "It tells of the snow")
    review.retract()
    again = make_review(alice, episode, body="Because of the snow", spoils_through=0)
    assert "It tells of the snow" in as_member(alice).get(again.get_absolute_url()).text


def test_what_answers_a_text_stays_up_when_it_comes_down(browser, review, comment):
    review_page = page(review, "scope")
    browser.post(review_page, to_scope(3, 1))
    browser.post(review_page, to_scope(1, 3))
    assert Comment.objects.get(pk=comment.pk).spoils_through == 3
