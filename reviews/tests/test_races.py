"""Verbs at the same moment, on real transactions of several connections.

Each test holds every writer at the same place, between its look and its write, for as long as the others
need to get there; where a lock keeps them away, they wait in the database instead. So a missing lock shows.
"""

from collections import Counter
from functools import partial
from io import StringIO
from threading import Event
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from conftest import member
from episodes.models import Episode, Progress
from reviews.models import Comment, Draft, Like, ModerationAction, RatingTally, Review, Revision, ScopeTally
from reviews.models.like import LikeQuerySet
from reviews.places import Place
from reviews.recount import TallyCount, WrongCount, differences, repair
from reviews.tests.counting import assert_counted
from reviews.tests.racing import MEETING, PATIENCE, meanwhile, meeting_before, no_errors, together
from soundtrack_site.pictures import AVATAR, develop, small
from soundtrack_site.withheld import GuardedQuerySet

pytestmark = pytest.mark.django_db(transaction=True)


def test_six_same_reviews_at_once_are_one_row(alice, episode):
    def publish() -> Review:
        return Review.objects.publish(alice, episode, stars=8, headline="Line", body="Words", spoils_through=2)

    with meeting_before(Review, "save", 6):
        results = no_errors(together(*[publish] * 6))

    assert len({review.pk for review in results}) == 1
    review = Review.objects.get()
    assert (review.version, review.edited_at) == (1, None)
    assert RatingTally.objects.get().count == 1
    assert not Revision.objects.exists()
    assert_counted()


def test_six_different_ratings_at_once_leave_one_vote(alice, episode):
    def publish(stars: int) -> Review:
        return Review.objects.publish(alice, episode, stars=stars)

    with meeting_before(Review, "save", 6):
        no_errors(together(*[partial(publish, stars) for stars in range(1, 7)]))

    review = Review.objects.get()
    assert review.version == 6
    assert RatingTally.objects.get(count=1).stars == review.stars
    assert Revision.objects.count() == 5
    assert_counted()


def test_first_ratings_of_many_members_meet_in_one_tally_row(alice, episode):
    members = [alice, *(member(f"fan_{number}") for number in range(5))]
    with meeting_before(Review, "settle_from", 6):
        no_errors(together(*[partial(Review.objects.publish, fan, episode, stars=10) for fan in members]))
    assert RatingTally.objects.get().count == 6
    assert_counted()


def test_opposite_ratings_never_wait_for_each_other(alice, bob, episode):
    for stars, fan in ((2, alice), (9, bob)):
        Review.objects.publish(fan, episode, stars=stars)

    for turn in range(40):
        low, high = (9, 2) if turn % 2 == 0 else (2, 9)
        no_errors(
            together(
                partial(Review.objects.publish, alice, episode, stars=low),
                partial(Review.objects.publish, bob, episode, stars=high),
            )
        )

    assert Counter(Review.objects.values_list("stars", flat=True)) == {2: 1, 9: 1}
    assert_counted()


def test_a_raised_thread_and_a_rating_never_wait_for_each_other(alice, bob, mona, episode):
    """Both move tallies of one episode: whoever takes the episode's row first and then a tally would deadlock."""
    for turn in range(12):
        root = Comment.objects.post(alice, episode, body=f"Root {turn}", spoils_through=0)
        for number in range(3):
            Comment.objects.post(bob, episode, body=f"{turn} {number}", spoils_through=0, parent=root)
        no_errors(
            together(
                partial(root.edit, body="Changed", spoils_through=3),
                partial(Comment.objects.post, mona, episode, body=f"Else {turn}", spoils_through=3),
                partial(Comment.objects.post, bob, episode, body=f"More {turn}", spoils_through=0),
            )
        )
    assert_counted()


def test_fifty_same_comments_at_once_are_one_row(alice, episode):
    def post() -> Comment:
        return Comment.objects.post(alice, episode, body="The scarf!", spoils_through=2)

    results = []
    with meeting_before(Comment, "save", 10):
        for _ in range(5):
            results += no_errors(together(*[post] * 10))

    assert len({comment.pk for comment in results}) == 1
    assert Comment.objects.count() == 1
    assert_counted()


def test_hiding_and_editing_at_once_lose_neither(alice, mona, episode):
    review = Review.objects.publish(alice, episode, stars=4, body="First", spoils_through=2)
    with meeting_before(Review, "save", 2):
        no_errors(
            together(
                lambda: review.hide(mona, "Rude"),
                lambda: Review.objects.publish(alice, episode, stars=7, body="Second", spoils_through=1),
            )
        )
    after = Review.objects.with_words().get()
    assert (after.body, after.stars, after.hidden_by) == ("Second", 7, mona)
    assert after.version == 3
    assert ModerationAction.objects.count() == 1
    assert not RatingTally.objects.filter(count__gt=0).exists()
    assert_counted()


def test_two_moderators_hiding_at_once_are_one_act(alice, mona, episode):
    comment = Comment.objects.post(alice, episode, body="Rude", spoils_through=0)
    other = member("max")
    with meeting_before(Comment, "settle_from", 2):
        no_errors(together(lambda: comment.hide(mona, "Rude"), lambda: comment.hide(other, "Rude")))
    assert ModerationAction.objects.count() == 1
    assert_counted()


@pytest.mark.parametrize("verb", ["retract", "hide"])
def test_a_reply_and_the_end_of_its_parent_agree_on_what_came_first(alice, bob, mona, episode, verb):
    parent = Comment.objects.post(alice, episode, body="Gone in a moment", spoils_through=0)
    end = parent.retract if verb == "retract" else lambda: parent.hide(mona, "Rude")
    with meeting_before(Comment, "save", 2):
        ended, reply = together(
            end, lambda: Comment.objects.post(bob, episode, body="Wait", spoils_through=0, parent=parent)
        )
    assert not isinstance(ended, BaseException)
    assert isinstance(reply, Comment) or (isinstance(reply, ValidationError) and reply.code == "gone")
    assert Comment.objects.filter(parent=parent).count() == isinstance(reply, Comment)
    assert_counted()


def test_a_reply_never_slips_under_a_raised_scope(alice, bob, episode):
    """The reply has looked at its parent's scope, and waits; meanwhile the parent is raised."""
    parent = Comment.objects.post(alice, episode, body="Parent", spoils_through=0)
    looked, raised = Event(), Event()
    check = Comment.twin

    def twin(self: Comment) -> Comment | None:
        looked.set()
        raised.wait(MEETING)
        return check(self)

    def raise_parent() -> None:
        looked.wait(PATIENCE)
        parent.edit(body="Parent", spoils_through=3)
        raised.set()

    with patch.object(Comment, "twin", twin):
        no_errors(
            together(
                raise_parent,
                lambda: Comment.objects.post(bob, episode, body="Reply", spoils_through=0, parent=parent),
            )
        )
    assert Comment.objects.get(parent=parent).spoils_through == 3
    assert_counted()


def test_a_comment_never_slips_under_a_reviews_raised_scope(alice, bob, episode):
    review = Review.objects.publish(alice, episode, stars=8, body="Words", spoils_through=0)
    looked, raised = Event(), Event()
    check = Comment.twin

    def twin(self: Comment) -> Comment | None:
        looked.set()
        raised.wait(MEETING)
        return check(self)

    def raise_review() -> None:
        looked.wait(PATIENCE)
        Review.objects.publish(alice, episode, stars=8, body="Words", spoils_through=4)
        raised.set()

    with patch.object(Comment, "twin", twin):
        no_errors(together(raise_review, lambda: Comment.objects.post(bob, review, body="Reply", spoils_through=0)))
    assert Comment.objects.get(review=review).spoils_through == 4
    assert_counted()


def test_progress_keeps_the_furthest_of_many_answers(alice, series):
    Progress.objects.filter(member=alice).delete()
    points = [1, 4, 2, 3, 0, 2]
    no_errors(together(*[partial(Progress.objects.record, alice, series, point) for point in points]))
    progress = Progress.objects.get(member=alice)
    assert progress.furthest == 4
    assert progress.seen_through in points


def test_versions_count_every_change_of_many_writers(alice, bob, mona, episode):
    before = Episode.objects.get(pk=episode.pk).version
    fans: list[User] = [alice, bob, mona]
    no_errors(together(*[partial(Review.objects.publish, fan, episode, stars=5) for fan in fans]))
    assert Episode.objects.get(pk=episode.pk).version == before + 3


def test_a_verb_that_fails_leaves_nothing(alice, episode):
    with (
        patch.object(Review, "settle_from", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        Review.objects.publish(alice, episode, stars=5)
    assert not Review.objects.exists()
    assert not Progress.objects.exists()


def test_a_check_sees_texts_and_counts_of_one_moment(alice, bob, episode):
    Review.objects.publish(alice, episode, stars=4)
    with meanwhile(TallyCount, "true", partial(Review.objects.publish, bob, episode, stars=4)):
        assert differences() == []
    assert_counted()


def test_a_repair_keeps_what_is_counted_before_it_writes(alice, bob, mona, episode):
    Review.objects.publish(alice, episode, stars=4)
    RatingTally.objects.update(count=7)
    done: list[int] = []
    correct = WrongCount.correct

    def others_first(self: WrongCount) -> None:
        if connection.vendor == "postgresql":  # SQLite's repair lets nobody write before it is through
            no_errors(together(partial(Review.objects.publish, bob, episode, stars=4)))
        done.append(self.true)
        correct(self)

    with patch.object(WrongCount, "correct", others_first):
        repair()
    Review.objects.publish(mona, episode, stars=4)
    assert done == [1]
    assert_counted()


def test_two_repairs_at_once_correct_once(alice, episode):
    Review.objects.publish(alice, episode, stars=4)
    RatingTally.objects.update(count=7)
    with meeting_before(WrongCount, "correct", 2):
        results = no_errors(together(repair, repair))
    assert sorted(map(len, results)) == [0, 1]
    assert_counted()


def test_recount_and_members_never_wait_for_each_other(alice, bob, mona, episode):
    """Who answers holds the comment and then asks for the review: whoever came the other way would deadlock."""
    review = Review.objects.publish(alice, episode, stars=4, body="Words")
    for turn in range(12):
        root = Comment.objects.post(alice, review, body=f"Root {turn}", spoils_through=0)
        Review.objects.filter(pk=review.pk).update(
            like_count=F("like_count") + 1, comment_count=F("comment_count") + 1
        )
        Comment.objects.filter(pk=root.pk).update(like_count=3)
        ScopeTally.objects.update(count=F("count") + 2)
        *_, found = no_errors(
            together(
                partial(Comment.objects.post, bob, review, body=f"Answer {turn}", spoils_through=0, parent=root),
                partial(Comment.objects.post, mona, episode, body=f"Else {turn}", spoils_through=turn % 4),
                partial(root.edit, body=f"Changed {turn}", spoils_through=turn % 4),
                differences,
                repair,
            )
        )
        assert len(found) >= 3
        assert repair() == []
    assert differences() == []
    assert_counted()


def test_rendering_again_and_members_never_wait_for_each_other(alice, bob, mona, episode):
    review = Review.objects.publish(alice, episode, stars=4, body="Words")
    for turn in range(6):
        root = Comment.objects.post(alice, review, body=f"Root {turn}", spoils_through=0)
        for number in range(3):
            Comment.objects.post(bob, review, body=f"{turn} {number}", spoils_through=0, parent=root)
        Review.objects.update(renderer_version=0, whole_html="old")
        Comment.objects.update(renderer_version=0, whole_html="old")
        with patch("reviews.management.commands.render_texts.BATCH", 2):
            no_errors(
                together(
                    partial(call_command, "render_texts", stdout=StringIO()),
                    partial(root.edit, body=f"*Changed* {turn}", spoils_through=turn % 4),
                    partial(Comment.objects.post, mona, review, body=f"More {turn}", spoils_through=0, parent=root),
                    partial(Review.objects.publish, alice, episode, stars=4, body=f"Words {turn}"),
                )
            )
        assert not Comment.objects.with_words().filter(whole_html="old").exists()
        assert Comment.objects.with_words().get(pk=root.pk).whole_html == f"<p><em>Changed</em> {turn}</p>"
    assert_counted()


def test_answers_across_never_wait_for_each_other(alice, bob, episode):
    """Each lets the other hear of it: whoever locked themselves first and the other then would deadlock."""
    for turn in range(15):
        roots = [Comment.objects.post(who, episode, body=f"Root {turn}", spoils_through=0) for who in (alice, bob)]
        replies = no_errors(
            together(
                partial(Comment.objects.post, bob, episode, body="To alice", spoils_through=0, parent=roots[0]),
                partial(Comment.objects.post, alice, episode, body="To bob", spoils_through=0, parent=roots[1]),
            )
        )
        no_errors(together(*[reply.retract for reply in replies]))
        no_errors(together(*[reply.unretract for reply in replies]))
    assert (unread(alice), unread(bob)) == (15, 15)
    assert_counted()


def unread(who: User) -> int:
    return User.objects.get(pk=who.pk).unread_count


def test_opposite_likes_leave_what_the_rows_say(alice, bob, episode):
    review = Review.objects.publish(alice, episode, stars=4, body="Words")
    for _ in range(10):
        no_errors(together(*[partial(Like.objects.feel, bob, review, wanted) for wanted in (True, False) * 3]))
        assert Review.objects.get().like_count == Like.objects.count() <= 1
    assert_counted()


def test_likes_of_many_members_all_count(alice, episode):
    review = Review.objects.publish(alice, episode, stars=4, body="Words")
    fans = [member(f"fan_{number}") for number in range(6)]
    with meeting_before(LikeQuerySet, "create", 6):
        no_errors(together(*[partial(Like.objects.feel, fan, review, True) for fan in fans]))
    assert Review.objects.get().like_count == 6
    assert_counted()


@pytest.mark.parametrize("verb", ["retract", "hide"])
def test_a_like_and_the_end_of_its_text_agree_on_what_came_first(alice, bob, mona, episode, verb):
    text = Comment.objects.post(alice, episode, body="Gone in a moment", spoils_through=0)
    end = text.retract if verb == "retract" else partial(text.hide, mona, "Rude")
    with meanwhile(LikeQuerySet, "create", end):
        Like.objects.feel(bob, text, wanted=True)
    after = Comment.objects.get()
    ended_at = after.deleted_at or after.hidden_at
    assert ended_at is not None
    assert Like.objects.get().created_at < ended_at
    assert after.like_count == 1
    assert_counted()


def test_an_answer_its_reading_and_its_hiding_never_wait_for_each_other(alice, bob, una, mona, episode):
    """All three move how much alice has not read."""
    root = Comment.objects.post(alice, episode, body="Root", spoils_through=0)
    for turn in range(15):
        reply = Comment.objects.post(bob, episode, body=f"Reply {turn}", spoils_through=0, parent=root)
        no_errors(
            together(
                partial(Comment.objects.post, una, episode, body=f"More {turn}", spoils_through=0, parent=root),
                partial(Comment.objects.answers_to(alice).mark_read, alice),
                partial(reply.hide, mona, "Rude"),
                partial(root.edit, body=f"Root {turn}", spoils_through=turn % 4),
            )
        )
        no_errors(together(partial(reply.restore, mona, "Fine"), reply.retract))
    assert_counted()
    assert differences() == []


def test_reading_in_several_threads_while_they_change_never_waits_in_a_circle(alice, bob, una, episode):
    review = Review.objects.publish(alice, episode, stars=4, body="Words")
    for turn in range(8):
        roots = [
            Comment.objects.post(alice, place, body=f"{turn} root", spoils_through=0) for place in (episode, review)
        ]
        first = [
            Comment.objects.post(bob, place, body=f"{turn} first", spoils_through=0, parent=root)
            for place, root in zip((episode, review), roots, strict=True)
        ]
        second = [
            Comment.objects.post(una, place, body=f"{turn} second", spoils_through=0, parent=parent)
            for place, parent in zip((episode, review), first, strict=True)
        ]
        no_errors(
            together(
                partial(Comment.objects.answers_to(alice).mark_read, alice),
                partial(Comment.objects.answers_to(bob).mark_read, bob),
                second[0].retract,
                second[1].retract,
                partial(roots[0].edit, body="More", spoils_through=3),
                partial(
                    Review.objects.publish, alice, episode, stars=4, body=f"Words {turn}", spoils_through=turn % 4
                ),
                partial(first[0].edit, body="Changed", spoils_through=2),
            )
        )
    assert_counted()
    assert differences() == []


def test_an_undo_and_a_new_review_leave_one_of_both(alice, episode):
    for turn in range(8):
        review = Review.objects.publish(alice, episode, stars=4, body=f"First {turn}")
        review.retract()
        undone, written = together(
            review.unretract, partial(Review.objects.publish, alice, episode, stars=7, body=f"Second {turn}")
        )
        assert isinstance(written, Review)
        own = Review.objects.by(alice).with_words().get()
        assert own.body == f"Second {turn}"
        assert undone is None or (isinstance(undone, ValidationError) and undone.code == "replaced")
        assert (own.pk == review.pk) == (undone is None)
        own.retract()
    assert_counted()


def test_six_undos_at_once_are_one(alice, episode):
    review = Review.objects.publish(alice, episode, stars=4, body="Words")
    review.retract()
    with meeting_before(Review, "settle_from", 6):
        no_errors(together(*[Review.objects.get(pk=review.pk).unretract for _ in range(6)]))
    assert Review.objects.get().version == 3
    assert RatingTally.objects.get().count == 1
    assert_counted()


def test_an_undo_never_slips_under_a_raised_scope(alice, bob, episode):
    for turn in range(8):
        root = Comment.objects.post(alice, episode, body=f"Root {turn}", spoils_through=0)
        reply = Comment.objects.post(bob, episode, body="Reply", spoils_through=0, parent=root)
        reply.retract()
        no_errors(together(reply.unretract, partial(root.edit, body=f"More {turn}", spoils_through=3)))
        assert Comment.objects.get(pk=reply.pk).spoils_through == 3
    assert_counted()


def test_two_pictures_at_once_leave_one_with_its_two_files(alice, media, make_picture):
    """Whoever comes second has to see what the first put on, or its files would stay for ever."""
    chosen = [develop(make_picture(), AVATAR) for _ in range(2)]
    with meeting_before(GuardedQuerySet, "update", 2):
        no_errors(together(*[partial(User.objects.get(pk=alice.pk).wear, picture) for picture in chosen]))
    after = User.objects.get(pk=alice.pk)
    assert after.avatar.name in [picture.name for picture in chosen]
    assert media() == {after.avatar.name, small(after.avatar.name)}
    assert after.version == alice.version + 2


def test_six_same_drafts_at_once_are_one(alice, episode):
    place = Place("review", episode)
    no_errors(together(*[partial(Draft.objects.keep, alice, place, {"body": "Half a thought"}) for _ in range(6)]))
    assert Draft.objects.get().values == {"body": "Half a thought"}


def test_looks_at_many_scores_at_once_are_all_remembered(alice, series):
    Progress.objects.record(alice, series, 4)
    no_errors(together(*[partial(Progress.objects.peek, alice, series, number) for number in (4, 0, 2, 3, 1, 2)]))
    assert Progress.objects.get().peeked == [0, 1, 2, 3, 4]
