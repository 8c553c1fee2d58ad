"""`Text.unretract`: what a deletion that is taken back brings back, and what stands in its way."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from conftest import seen
from episodes.models import Song
from reviews.models import Comment, Like, RatingTally, Review, Revision
from reviews.models.text import UNDO_WINDOW
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
        return make_review(alice, episode, body="Two *words*", spoils_through=2)
    return make_comment(alice, episode, body="Two *words*", spoils_through=2)


def fresh(text):
    return type(text).objects.with_words().get(pk=text.pk)


def refused(text):
    with pytest.raises(ValidationError) as refusal:
        text.unretract()
    assert fresh(text).deleted_at is not None
    return refusal.value.code


def unread(member):
    return User.objects.get(pk=member.pk).unread_count


def test_every_word_comes_back(text):
    before = fresh(text)
    text.retract()
    text.unretract()
    after = fresh(text)
    for name in ("body", "whole_html", "word_count", "spoils_through", "created_at", "edited_at", "hidden_at"):
        assert getattr(after, name) == getattr(before, name)
    assert (text.deleted_at, after.deleted_at, after.is_live) == (None, None, True)
    assert after.version == before.version + 2
    assert not Revision.objects.exists()


def test_a_series_review_comes_back_with_its_answers(alice, series, make_review):
    said = {"rewound": "The bridge", "stayed": "Only you", "shown_to": "My mother"}
    review = make_review(alice, series, stars=9, headline="A line", body="", spoils_through=4, **said)
    review.retract()
    review.unretract()
    after = fresh(review)
    assert {name: getattr(after, name) for name in said} == said
    assert (after.stars, after.headline, after.word_count, after.spoils_through) == (9, "A line", 6, 4)


def test_a_moment_and_its_song_come_back(alice, series, episode, make_comment):
    song = Song.objects.create(series=series, title="Snow")
    for named in ({"song": song}, {"song_name": "Another"}):
        comment = make_comment(alice, episode, kind="song", at=61, spoils_through=2, **named)
        comment.retract()
        comment.unretract()
        after = fresh(comment)
        assert (after.kind, after.at) == ("song", 61)
        assert (after.song, after.song_name) == (named.get("song"), named.get("song_name", ""))


def test_a_song_that_was_taken_off_the_list_meanwhile_is_in_the_way(alice, series, episode, make_comment):
    song = Song.objects.create(series=series, title="Snow")
    comment = make_comment(alice, episode, kind="song", song=song)
    comment.retract()
    song.delete()
    assert refused(comment) == "gone"


def test_a_bare_rating_comes_back(alice, episode, make_review):
    rating = make_review(alice, episode, stars=9, headline="", body="")
    rating.remove_rating()
    rating.unretract()
    assert fresh(rating).stars == 9
    assert RatingTally.objects.get(stars=9).count == 1


def test_twice_is_once(text):
    text.retract()
    text.unretract()
    version = fresh(text).version
    text.unretract()
    assert fresh(text).version == version


def test_what_was_never_deleted_stays_as_it_is(text):
    text.unretract()
    assert fresh(text).version == 1


def test_it_may_go_and_come_back_again(text):
    for _ in range(3):
        text.retract()
        text.unretract()
    assert fresh(text).body == "Two *words*"


def test_half_an_hour_is_given(text):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        text.retract()
        clock.shift(UNDO_WINDOW - timedelta(seconds=1))
        text.unretract()
        text.retract()
        clock.shift(UNDO_WINDOW)
        assert refused(text) == "gone"


def test_words_that_were_erased_do_not_come_back(text):
    text.retract()
    Revision.objects.all().delete()
    assert refused(text) == "gone"


def test_nor_do_the_words_before_those_in_their_place(alice, episode, text):
    if isinstance(text, Review):
        Review.objects.publish(alice, episode, stars=8, headline="A safe line", body="Later words", spoils_through=2)
    else:
        text.edit(body="Later words", spoils_through=2)
    text.retract()
    latest = Revision.objects.of(text).with_words().first()
    assert latest is not None
    assert latest.body == "Later words"
    latest.delete()
    assert refused(text) == "gone"
    assert fresh(text).body == ""


def test_the_words_as_they_stood_last_come_back_and_earlier_ones_are_kept(alice, text):
    if isinstance(text, Review):
        Review.objects.publish(alice, text.subject, stars=3, body="Later words", spoils_through=2)
    else:
        text.edit(body="Later words", spoils_through=2)
    text.retract()
    text.unretract()
    assert fresh(text).body == "Later words"
    assert Revision.objects.with_words().get().body == "Two *words*"


def test_a_review_written_since_stands(alice, episode, make_review):
    first = make_review(alice, episode, body="First")
    first.retract()
    second = make_review(alice, episode, body="Second")
    assert refused(first) == "replaced"
    assert fresh(second).is_live
    second.retract()
    first.unretract()
    assert fresh(first).body == "First"
    assert refused(second) == "replaced"


def test_what_was_hidden_before_comes_back_hidden(text, mona):
    text.hide(mona, "Rude")
    text.retract()
    text.unretract()
    after = fresh(text)
    assert (after.hidden_by, after.is_live, after.body) == (mona, False, "Two *words*")
    text.restore(mona, "Fine")
    assert fresh(text).is_live


def test_what_was_hidden_since_is_hidden_in_the_one_that_comes_back_too(alice, mona, episode, make_review):
    """Else whoever deletes the hidden one could take the one before it back, and be heard again."""
    first = make_review(alice, episode, body="Rude")
    first.retract()
    second = make_review(alice, episode, body="Rude")
    second.hide(mona, "Rude")
    second.retract()
    first.unretract()
    after = fresh(first)
    assert (after.hidden_by, after.is_live) == (mona, False)


def test_likes_come_back_with_it(text, bob, una):
    for member in (bob, una):
        Like.objects.feel(member, text, wanted=True)
    text.retract()
    Like.objects.feel(una, text, wanted=False)
    text.unretract()
    assert fresh(text).like_count == 1


def test_what_answers_it_is_counted_as_it_stands_by_then(alice, bob, episode, make_comment):
    root = make_comment(alice, episode)
    replies = [make_comment(bob, episode, body=f"Reply {number}", parent=root) for number in range(3)]
    root.retract()
    replies[0].retract()
    root.unretract()
    assert fresh(root).comment_count == 2
    replies[0].unretract()
    assert fresh(root).comment_count == 3


def test_an_answer_comes_back_unread_or_read_as_it_was(alice, bob, episode, make_comment):
    root = make_comment(alice, episode)
    new, old = (make_comment(bob, episode, body=body, parent=root) for body in ("New", "Old"))
    Comment.objects.filter(pk=old.pk).mark_read(alice)
    assert unread(alice) == 1
    for answer in (new, old):
        answer.retract()
    assert unread(alice) == 0
    for answer in (new, old):
        answer.unretract()
    assert unread(alice) == 1


def test_under_a_comment_that_is_gone_it_holds_up_a_tombstone(alice, bob, episode, make_comment):
    root = make_comment(alice, episode)
    reply = make_comment(bob, episode, body="Reply", parent=root)
    reply.retract()
    root.retract()
    reply.unretract()
    assert fresh(root).comment_count == 1
    assert fresh(reply).is_live


@pytest.mark.parametrize("above", ["parent", "root", "review"])
def test_a_scope_that_was_raised_above_it_meanwhile_is_its_own(alice, bob, episode, make_review, make_comment, above):
    review = make_review(alice, episode, spoils_through=0) if above == "review" else None
    place = review or episode
    root = make_comment(alice, place, body="Root")
    parent = make_comment(bob, place, body="Parent", parent=root)
    reply = make_comment(alice, place, body="Reply", parent=parent)
    reply.retract()
    if review:
        make_review(alice, episode, spoils_through=3)
    else:
        {"parent": parent, "root": root}[above].edit(body="More", spoils_through=3)
    if above == "root":
        parent.retract()  # what stands between is gone, and holds nobody
    reply.unretract()
    assert fresh(reply).spoils_through == 3


def test_a_middle_that_is_gone_passes_a_raised_scope_on(alice, bob, episode, make_comment):
    root = make_comment(alice, episode, body="Root")
    chain = [root]
    for depth in range(1, 5):
        chain.append(make_comment(bob, episode, body=str(depth), parent=chain[-1]))
    for gone in (chain[4], chain[3], chain[2]):
        gone.retract()
    chain[1].edit(body="More", spoils_through=3)
    chain[4].unretract()
    assert fresh(chain[4]).spoils_through == 3
    chain[2].unretract()
    assert fresh(chain[2]).spoils_through == 3


def test_what_comes_back_raises_what_came_back_below_it_before(alice, bob, episode, make_comment):
    parent = make_comment(alice, episode, body="Parent")
    reply = make_comment(bob, episode, body="Reply", parent=parent, kind="moment", at=12)
    reply.retract()
    parent.edit(body="More", spoils_through=3)
    parent.retract()
    reply.unretract()
    assert fresh(reply).spoils_through == 0  # nothing stands above it that says more
    parent.unretract()
    assert (fresh(parent).spoils_through, fresh(reply).spoils_through) == (3, 3)


def test_a_review_that_comes_back_raises_what_stands_under_it(alice, bob, episode, make_review, make_comment):
    review = make_review(alice, episode, spoils_through=0)
    comment = make_comment(bob, review)
    comment.retract()
    make_review(alice, episode, spoils_through=3)
    review.retract()
    comment.unretract()
    assert fresh(comment).spoils_through == 0
    review.unretract()
    assert fresh(comment).spoils_through == 3


def test_a_moment_is_drawn_again_where_it_was(alice, series, episode, make_comment):
    seen(alice, series, 4)
    comment = make_comment(alice, episode, kind="moment", at=62, spoils_through=2)
    comment.retract()
    comment.unretract()
    assert fresh(comment).at == 62


def test_costs_at_most_eighteen_queries(alice, bob, episode, make_comment, django_assert_max_num_queries):
    root = make_comment(alice, episode)
    reply = make_comment(bob, episode, body="Reply", parent=root)
    deep = make_comment(alice, episode, body="Deep", parent=reply)
    deep.retract()
    with django_assert_max_num_queries(20):
        deep.unretract()
