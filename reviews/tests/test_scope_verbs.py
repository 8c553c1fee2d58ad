"""Who may move a text's scope, and what a folded headline becomes."""

import pytest
from django.core.exceptions import ValidationError

from conftest import seen, viewer_of
from reviews.models import Comment, ModerationAction, Review, Revision, ScopeTally
from reviews.recount import differences
from reviews.tests.counting import assert_counted


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()
    assert differences() == []


@pytest.fixture(params=["review", "comment"])
def text(request, alice, episode, make_review, make_comment):
    if request.param == "review":
        return make_review(alice, episode, body="Words", spoils_through=2)
    return make_comment(alice, episode, body="Words", spoils_through=2)


def fresh(text):
    return type(text).objects.with_words().get(pk=text.pk)


def sent(text, viewer):
    return type(text).objects.for_reader(viewer).get(pk=text.pk)


# Raising, by the author


def test_an_author_raises_the_scope_and_a_revision_keeps_the_former(text):
    text.raise_scope(3)
    assert text.spoils_through == fresh(text).spoils_through == 3
    assert Revision.objects.get().spoils_through == 2
    assert not ModerationAction.objects.exists()


def test_an_author_cannot_lower_it(text):
    text.raise_scope(1)
    assert fresh(text).spoils_through == 2
    assert not Revision.objects.exists()


def test_raising_says_nothing_of_what_the_author_knew(text, alice, series):
    seen(alice, series, 4)
    before = fresh(text).author_seen_through
    text.raise_scope(3)
    assert fresh(text).author_seen_through == before
    assert fresh(text).edited_at is None


@pytest.mark.parametrize("verb", ["raise_scope", "rescope"])
def test_a_scope_lies_within_the_series(text, mona, verb):
    with pytest.raises(ValidationError):
        text.raise_scope(5) if verb == "raise_scope" else text.rescope(mona, 5, "Too far")
    assert fresh(text).spoils_through == 2


@pytest.mark.parametrize("verb", ["raise_scope", "rescope"])
def test_what_is_deleted_has_no_scope(text, mona, verb):
    text.retract()
    with pytest.raises(ValidationError):
        text.raise_scope(3) if verb == "raise_scope" else text.rescope(mona, 3, "Gone")


@pytest.mark.parametrize("by_moderator", [True, False])
def test_replies_go_up_with_what_they_answer(text, bob, mona, make_comment, by_moderator):
    about = text if isinstance(text, Review) else text.subject
    parent = None if isinstance(text, Review) else text
    reply = make_comment(bob, about, parent=parent, spoils_through=2)
    text.rescope(mona, 4, "It tells") if by_moderator else text.raise_scope(4)
    assert fresh(reply).spoils_through == 4


# Moving it, by a moderator


def test_a_moderator_moves_it_either_way_and_the_log_says_from_where(text, mona):
    text.rescope(mona, 4, "It names the ending")
    text.rescope(mona, 1, "It does not, I was wrong")
    assert (fresh(text).spoils_through, text.spoils_through) == (1, 1)
    lower, raised = ModerationAction.objects.all()
    assert (raised.verb, raised.scope_before, raised.scope_after, raised.actor) == ("raise", 2, 4, mona)
    assert (lower.verb, lower.scope_before, lower.scope_after) == ("lower", 4, 1)


def test_moving_it_where_it_stands_changes_nothing(text, mona):
    version = fresh(text).version
    text.rescope(mona, 2, "Twice")
    assert fresh(text).version == version
    assert not ModerationAction.objects.exists()


def test_a_moderator_says_why(text, mona):
    with pytest.raises(ValidationError):
        text.rescope(mona, 4, "  ")
    assert fresh(text).spoils_through == 2


def test_replies_stay_where_they_are_when_it_comes_down(text, bob, mona, make_comment):
    about, parent = (text, None) if isinstance(text, Review) else (text.subject, text)
    reply = make_comment(bob, about, parent=parent, spoils_through=2)
    text.rescope(mona, 0, "Nothing in it")
    assert fresh(reply).spoils_through == 2


def test_a_reply_is_not_put_below_what_it_answers(text, bob, mona, make_comment):
    about, parent = (text, None) if isinstance(text, Review) else (text.subject, text)
    reply = make_comment(bob, about, parent=parent, spoils_through=3)
    with pytest.raises(ValidationError):
        reply.rescope(mona, 1, "Nothing in it")
    reply.rescope(mona, 2, "Nothing more in it")
    assert fresh(reply).spoils_through == 2


def test_a_review_without_a_text_has_no_scope(alice, episode, mona, make_review):
    review = make_review(alice, episode, body="", headline="A line")
    with pytest.raises(ValidationError):
        review.rescope(mona, 2, "It tells")
    with pytest.raises(ValidationError):
        review.raise_scope(2)


def test_the_tallies_follow(text, mona):
    kind = text._meta.model_name
    text.rescope(mona, 4, "It tells")
    assert ScopeTally.objects.get(kind=kind, scope=4).count == 1
    assert ScopeTally.objects.get(kind=kind, scope=2).count == 0


# What an author can do afterwards


def test_publishing_again_lower_keeps_the_higher(alice, episode, make_review):
    make_review(alice, episode, body="Words", spoils_through=3)
    again = make_review(alice, episode, body="Other words", spoils_through=1)
    assert fresh(again).spoils_through == 3


def test_publishing_the_same_lower_changes_nothing(alice, episode, make_review):
    once = make_review(alice, episode, body="Words", spoils_through=3)
    again = make_review(alice, episode, body="Words", spoils_through=0)
    assert fresh(again).version == fresh(once).version
    assert not Revision.objects.exists()


def test_words_that_are_taken_out_take_their_scope_along(alice, episode, make_review):
    make_review(alice, episode, body="Words", spoils_through=3)
    bare = make_review(alice, episode, body="", headline="")
    assert fresh(bare).spoils_through == 0
    assert fresh(make_review(alice, episode, body="Newcomers", spoils_through=0)).spoils_through == 0


@pytest.mark.parametrize("way", ["change", "empty and fill", "delete and write"])
def test_nobody_writes_their_way_below_a_moderator(alice, episode, mona, make_review, way):
    review = make_review(alice, episode, body="Words", spoils_through=0)
    review.rescope(mona, 3, "It tells")
    if way == "delete and write":
        review.retract()
    elif way == "empty and fill":
        make_review(alice, episode, body="")
    again = make_review(alice, episode, body="Words once more", spoils_through=0)
    assert fresh(again).spoils_through == 3


@pytest.mark.parametrize("way", ["the same", "elsewhere", "after editing", "beside it"])
def test_nobody_says_the_same_words_anew_below_a_moderator(alice, series, episode, mona, make_comment, way):
    comment = make_comment(alice, episode, body="He dies", spoils_through=0)
    comment.rescope(mona, 3, "It tells")
    if way == "after editing":
        comment.edit(body="Nothing", spoils_through=3)
    if way != "beside it":
        comment.retract()
    again = make_comment(alice, series if way in ("elsewhere", "beside it") else episode, body="He dies")
    assert (fresh(again).spoils_through, fresh(again).least_scope) == (3, 3)


def test_other_words_and_other_people_stand_where_they_choose(alice, bob, episode, mona, make_comment):
    make_comment(alice, episode, body="He dies", spoils_through=0).rescope(mona, 3, "It tells")
    assert fresh(make_comment(alice, episode, body="Good")).spoils_through == 0
    assert fresh(make_comment(bob, episode, body="He dies")).spoils_through == 0


def test_a_reply_is_not_put_below_its_thread_where_what_it_answers_is_gone(alice, bob, episode, mona, make_comment):
    root = make_comment(alice, episode, spoils_through=3)
    between = make_comment(bob, episode, parent=root, spoils_through=3)
    reply = make_comment(alice, episode, parent=between, body="Yes", spoils_through=3)
    between.retract()
    with pytest.raises(ValidationError):
        reply.rescope(mona, 0, "Nothing in it")


def test_what_stands_elsewhere_meanwhile_is_not_moved_unseen(text, mona, admin_user):
    text.rescope(admin_user, 4, "It tells")
    with pytest.raises(ValidationError) as refused:
        text.rescope(mona, 1, "Nothing in it", stood_at=2)
    assert refused.value.code == "moved"
    assert text.rescope(mona, 1, "Nothing in it", stood_at=4)


def test_what_is_only_to_go_up_never_comes_down(text, mona):
    assert not text.rescope(mona, 1, "At least", only_up=True)
    assert text.rescope(mona, 3, "At least", only_up=True)
    assert fresh(text).spoils_through == 3
    assert [act.verb for act in ModerationAction.objects.all()] == ["raise"]


def test_a_moderator_who_lowers_it_lets_its_author_write_there(alice, episode, mona, make_review):
    review = make_review(alice, episode, body="Words", spoils_through=4)
    review.rescope(mona, 1, "Nothing in it")
    assert fresh(make_review(alice, episode, body="More", spoils_through=0)).spoils_through == 1


def test_a_comment_that_was_raised_is_edited_no_lower(alice, episode, mona, make_comment):
    comment = make_comment(alice, episode, spoils_through=0)
    comment.rescope(mona, 3, "It tells")
    comment.edit(body="Changed", spoils_through=0)
    assert fresh(comment).spoils_through == 3


def test_what_is_taken_back_comes_back_where_it_stood(text, mona):
    text.rescope(mona, 4, "It tells")
    text.retract()
    text.unretract()
    assert (fresh(text).spoils_through, fresh(text).least_scope) == (4, 4)


# Folding a headline


@pytest.fixture
def spoiling(alice, episode, make_review):
    return make_review(alice, episode, headline="He dies", body="Words", spoils_through=1)


def test_a_folded_headline_is_sent_like_the_text(spoiling, mona, bob, series):
    spoiling.fold_headline(mona, 2, "The line tells")
    assert (spoiling.headline, spoiling.spoils_through) == ("", 2)
    seen(bob, series, 1)
    behind = sent(spoiling, viewer_of(bob))
    assert (behind.headline, behind.sent_folded_headline, behind.is_open) == ("", None, False)
    seen(bob, series, 2)
    level = sent(spoiling, viewer_of(bob))
    assert (level.headline, level.sent_folded_headline) == ("", "He dies")


def test_folding_is_logged_and_twice_is_once(spoiling, mona):
    spoiling.fold_headline(mona, 2, "The line tells")
    spoiling.fold_headline(mona, 4, "Again")
    act = ModerationAction.objects.get()
    assert (act.verb, act.scope_before, act.scope_after, act.reason) == ("fold", 1, 2, "The line tells")
    assert fresh(spoiling).headline_folded_by == mona


def test_folding_a_line_without_a_text_gives_it_a_scope(alice, episode, mona, make_review):
    review = make_review(alice, episode, headline="He dies", body="")
    review.fold_headline(mona, 2, "The line tells")
    after = fresh(review)
    assert (after.spoils_through, after.folded_headline, after.word_count) == (2, "He dies", 2)
    assert list(Review.objects.listed()) == [review]
    assert ScopeTally.objects.get(kind="review", scope=2).count == 1


def test_what_stands_under_a_folded_line_goes_up_with_it(spoiling, bob, mona, make_comment):
    answer = make_comment(bob, spoiling, spoils_through=1)
    spoiling.fold_headline(mona, 3, "The line tells")
    assert fresh(answer).spoils_through == 3


@pytest.mark.parametrize("scope", [0, 5])
def test_a_line_is_folded_to_somewhere_in_the_series(spoiling, mona, scope):
    with pytest.raises(ValidationError):
        spoiling.fold_headline(mona, scope, "The line tells")
    assert fresh(spoiling).headline == "He dies"


def test_there_is_a_line_to_fold(alice, episode, mona, make_review):
    with pytest.raises(ValidationError):
        make_review(alice, episode, headline="").fold_headline(mona, 2, "What line?")


@pytest.mark.parametrize("way", ["change", "stars", "delete and write", "delete and take back"])
def test_a_line_stays_folded_whatever_its_author_does(spoiling, alice, episode, mona, make_review, way):
    spoiling.fold_headline(mona, 2, "The line tells")
    if way == "stars":
        Review.objects.rate(alice, episode, 3)
    elif way.startswith("delete"):
        spoiling.retract()
    if way == "delete and take back":
        spoiling.unretract()
    elif way != "stars":
        make_review(alice, episode, headline="She dies", body="Words", spoils_through=0)
    after = Review.objects.with_words().get(author=alice, deleted_at=None)
    assert after.headline == ""
    assert after.folded_headline == ("He dies" if way in ("stars", "delete and take back") else "She dies")
    assert after.spoils_through == 2


def test_saying_the_same_line_again_changes_nothing(spoiling, alice, episode, mona, make_review):
    spoiling.fold_headline(mona, 2, "The line tells")
    version = fresh(spoiling).version
    make_review(alice, episode, headline="He dies", body="Words", spoils_through=2)
    assert fresh(spoiling).version == version


def test_unfolding_puts_the_line_above_again(spoiling, mona):
    spoiling.fold_headline(mona, 2, "The line tells")
    spoiling.unfold_headline(mona, "It was a joke")
    spoiling.unfold_headline(mona, "Twice")
    after = fresh(spoiling)
    assert (after.headline, after.folded_headline, after.headline_folded_at) == ("He dies", "", None)
    assert after.spoils_through == 2
    assert [act.verb for act in ModerationAction.objects.all()] == ["unfold", "fold"]


def test_a_line_that_was_all_is_for_everybody_again(alice, episode, mona, make_review):
    review = make_review(alice, episode, headline="He dies", body="")
    review.fold_headline(mona, 2, "The line tells")
    review.unfold_headline(mona, "It was a joke")
    assert fresh(review).spoils_through == 0


def test_a_line_that_is_all_there_is_stays_folded(alice, episode, mona, make_review):
    review = make_review(alice, episode, headline="He dies", body="")
    review.fold_headline(mona, 2, "The line tells")
    review.remove_rating()
    with pytest.raises(ValidationError):
        review.unfold_headline(mona, "It was a joke")
    assert fresh(review).folded_headline == "He dies"


def test_unfolding_a_line_lets_its_author_write_where_they_choose(alice, episode, mona, make_review):
    review = make_review(alice, episode, headline="He smiles", body="")
    review.fold_headline(mona, 3, "The line tells")
    review.unfold_headline(mona, "I was wrong")
    assert fresh(make_review(alice, episode, body="Safe words", spoils_through=0)).spoils_through == 0


@pytest.mark.parametrize("way", ["change", "delete and write"])
def test_an_author_may_go_further_with_a_folded_line(alice, episode, mona, make_review, way):
    review = make_review(alice, episode, headline="He dies", body="")
    review.fold_headline(mona, 2, "The line tells")
    if way == "delete and write":
        review.retract()
    again = make_review(alice, episode, headline="She dies as well", body="", spoils_through=4)
    assert fresh(again).spoils_through == 4


def test_a_folded_line_is_words_enough(alice, episode, mona, make_review):
    make_review(alice, episode, headline="He dies", body="").fold_headline(mona, 2, "The line tells")
    again = make_review(alice, episode, stars=None, headline="She dies", body="", spoils_through=3)
    assert (fresh(again).stars, fresh(again).folded_headline) == (None, "She dies")


def test_what_came_back_without_its_fold_has_to_say_something(alice, episode, mona, make_review):
    """Deleted as a folded line alone; meanwhile another was written there, unfolded, and deleted."""
    make_review(alice, episode, headline="He dies", body="").fold_headline(mona, 2, "The line tells")
    lone = make_review(alice, episode, stars=None, headline="He dies", body="", spoils_through=2)
    lone.retract()
    other = make_review(alice, episode, body="Words", spoils_through=2)
    other.unfold_headline(mona, "It was a joke")
    other.retract()
    with pytest.raises(ValidationError):
        lone.unretract()


def test_a_deleted_review_is_not_unfolded(spoiling, mona):
    spoiling.fold_headline(mona, 2, "The line tells")
    spoiling.retract()
    Review.objects.get(pk=spoiling.pk).unfold_headline(mona, "Too late")
    assert fresh(spoiling).headline_folded_at is not None


def test_earlier_words_keep_a_folded_line(spoiling, alice, episode, mona, make_review):
    spoiling.fold_headline(mona, 2, "The line tells")
    make_review(alice, episode, headline="Other", body="Words", spoils_through=2)
    kept = Revision.objects.with_words().get()
    assert (kept.headline, kept.more["folded_headline"]) == ("", "He dies")


def test_comments_know_nothing_of_headlines(alice, episode, make_comment):
    assert not hasattr(make_comment(alice, episode), "fold_headline")
    assert "folded_headline" not in Comment.withheld
