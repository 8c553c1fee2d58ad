"""Whom a comment answers, what of it they have not read, songs that comments name, and talk from the same seat."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from conftest import seen, viewer_of
from episodes.models import Song
from reviews.models import Comment, Revision
from reviews.models.comment import LONGEST_SONG_NAME
from reviews.recount import differences
from reviews.tests.counting import assert_counted
from soundtrack_site.withheld import WithheldError


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()
    assert differences() == []


def fresh(comment):
    return Comment.objects.with_words().get(pk=comment.pk)


def unread(member):
    return User.objects.get(pk=member.pk).unread_count


# Answers


def test_a_word_to_everybody_answers_nobody(alice, series, episode, make_comment):
    for subject in (series, episode):
        assert make_comment(alice, subject).answered is None
    assert not User.objects.filter(unread_answers__gt=0).exists()


def test_a_comment_answers_its_parents_author_else_the_reviews(alice, bob, una, episode, make_review, make_comment):
    review = make_review(alice, episode)
    under = make_comment(bob, review, body="Under")
    reply = make_comment(una, review, body="Reply", parent=under)
    assert (under.answered, reply.answered) == (alice, bob)
    assert (unread(alice), unread(bob), unread(una)) == (1, 1, 0)


def test_nobody_hears_of_themselves(alice, bob, episode, make_review, make_comment):
    review = make_review(alice, episode)
    own = make_comment(alice, review, body="Own")
    again = make_comment(alice, review, body="Again", parent=own)
    under = make_comment(bob, review, body="Under")
    to_own = make_comment(bob, review, body="To own", parent=under)
    assert [comment.answered for comment in (own, again, to_own)] == [None, None, None]
    assert (unread(alice), unread(bob)) == (1, 0)


def test_the_same_words_twice_are_heard_once(alice, bob, episode, make_comment):
    root = make_comment(alice, episode)
    for scope in (0, 0, 2):
        make_comment(bob, episode, body="Reply", parent=root, spoils_through=scope)
    assert unread(alice) == 1


def test_what_goes_is_not_waiting_and_what_returns_is(alice, bob, mona, episode, make_comment):
    reply = make_comment(bob, episode, body="Reply", parent=make_comment(alice, episode))
    reply.hide(mona, "Rude")
    assert unread(alice) == 0
    reply.restore(mona, "Fine")
    assert unread(alice) == 1
    reply.retract()
    assert unread(alice) == 0


def test_an_edit_or_a_raised_scope_is_no_second_answer(alice, bob, episode, make_comment):
    root = make_comment(alice, episode, body="Root")
    reply = make_comment(bob, episode, body="Reply", parent=root)
    reply.edit(body="Changed", spoils_through=1)
    root.edit(body="More", spoils_through=3)
    assert unread(alice) == 1
    Comment.objects.answers_to(alice).mark_read(alice)
    reply.edit(body="Changed again", spoils_through=3)
    assert unread(alice) == 0


def test_reading_marks_what_was_asked_for_once(alice, bob, episode, make_comment):
    root = make_comment(alice, episode)
    replies = [make_comment(bob, episode, body=f"Reply {number}", parent=root) for number in range(3)]
    assert list(Comment.objects.answers_to(alice).unread()) == replies[::-1]
    one = Comment.objects.filter(pk=replies[0].pk)
    assert [one.mark_read(alice), one.mark_read(alice)] == [1, 0]
    read_at = fresh(replies[0]).read_at
    assert unread(alice) == 2
    assert Comment.objects.answers_to(alice).mark_read(alice) == 2
    assert unread(alice) == 0
    assert fresh(replies[0]).read_at == read_at


def test_nobody_reads_for_another(alice, bob, una, episode, make_comment):
    make_comment(bob, episode, body="Reply", parent=make_comment(alice, episode))
    assert Comment.objects.all().mark_read(una) == 0
    assert unread(alice) == 1


def test_a_list_that_joins_much_can_be_marked_as_read(alice, bob, episode, make_review, make_comment):
    review = make_review(alice, episode)
    make_comment(bob, review, body="Reply", parent=make_comment(alice, review))
    shown = Comment.objects.answers_to(alice).for_list().with_subject().for_reader(viewer_of(alice))
    assert shown.mark_read(alice) == 1


def test_a_hidden_answer_that_was_read_stays_read(alice, bob, mona, episode, make_comment):
    reply = make_comment(bob, episode, body="Reply", parent=make_comment(alice, episode))
    reply.hide(mona, "Rude")
    Comment.objects.filter(pk=reply.pk).mark_read(alice)
    reply.restore(mona, "Fine")
    assert unread(alice) == 0


def test_reading_costs_the_same_however_much(alice, bob, episode, make_comment, django_assert_max_num_queries):
    root = make_comment(alice, episode)
    for number in range(21):
        make_comment(bob, episode, body=f"Reply {number}", parent=root)
    with django_assert_max_num_queries(6):
        Comment.objects.answers_to(alice).mark_read(alice)


def test_the_table_refuses_an_answer_to_oneself_and_one_read_by_nobody(alice, bob, episode, make_comment):
    comment = make_comment(alice, episode)
    for values in ({"answered": alice}, {"read_at": comment.created_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(**values)


# Songs


@pytest.fixture
def song(series):
    return Song.objects.create(series=series, title="Snow")


@pytest.mark.parametrize("at", [None, 61])
def test_a_song_of_the_list_or_another_is_named(alice, series, episode, make_comment, song, at):
    listed = make_comment(alice, episode, kind="song", song=song, at=at)
    other = make_comment(alice, episode, kind="song", song_name="Humming", at=at)
    assert (fresh(listed).song, fresh(listed).song_name) == (song, "")
    assert (fresh(other).song, fresh(other).song_name) == (None, "Humming")
    assert make_comment(alice, series, kind="song", song=song).song == song


def test_one_of_both_is_named_and_only_where_it_is_about_a_song(alice, episode, make_comment, make_series, song):
    elsewhere = Song.objects.create(series=make_series("other"), title="Rain")
    for wrong in (
        {"kind": "song"},
        {"kind": "song", "song": song, "song_name": "Snow"},
        {"kind": "song", "song": elsewhere},
        {"kind": "song", "song_name": "x" * (LONGEST_SONG_NAME + 1)},
        {"kind": "talk", "song": song},
        {"kind": "moment", "at": 9, "song_name": "Snow"},
    ):
        with pytest.raises(ValidationError):
            make_comment(alice, episode, **wrong)
    assert not Comment.objects.exists()


def test_the_same_words_about_two_songs_are_two_comments(alice, episode, make_comment, song):
    pks = {
        make_comment(alice, episode, kind="song", **named).pk
        for named in ({"song": song}, {"song_name": "A"}, {"song_name": "B"}, {"song": song})
    }
    assert len(pks) == 3


def test_a_song_changes_with_an_edit_and_is_kept(alice, episode, make_comment, song):
    comment = make_comment(alice, episode, kind="song", song=song, at=61)
    comment.edit(body="A comment", spoils_through=0, song=None, song_name="Humming", at=None)
    assert (fresh(comment).song, fresh(comment).song_name, fresh(comment).at) == (None, "Humming", None)
    assert Revision.objects.with_words().get().more == {"at": 61, "song": song.pk}
    with pytest.raises(ValidationError):
        comment.edit(body="A comment", spoils_through=0, song_name="")
    assert fresh(comment).song_name == "Humming"


def test_an_edit_that_says_nothing_of_the_song_leaves_it(alice, episode, make_comment, song):
    comment = make_comment(alice, episode, kind="song", song=song, at=61)
    comment.edit(body="Other words", spoils_through=0)
    assert (fresh(comment).song, fresh(comment).at) == (song, 61)


def test_a_moment_that_moves_moves_in_the_waveform(alice, episode, make_comment):
    comment = make_comment(alice, episode, kind="moment", at=12, spoils_through=2)
    comment.edit(body="A comment", spoils_through=2, at=99)
    assert fresh(comment).at == 99
    with pytest.raises(ValidationError):
        comment.edit(body="A comment", spoils_through=2, at=10**6)


def test_two_tabs_editing_one_comment_are_told_apart(alice, episode, make_comment):
    comment = make_comment(alice, episode, body="As it was")
    began = fresh(comment).fingerprint
    comment.edit(body="First tab", spoils_through=0, began_with=began)
    with pytest.raises(ValidationError) as refused:
        comment.edit(body="Second tab", spoils_through=0, began_with=began)
    assert refused.value.code == "conflict"
    comment.edit(body="First tab", spoils_through=0, began_with=began)
    assert (fresh(comment).body, fresh(comment).version) == ("First tab", 2)


def test_the_name_of_a_song_is_sent_with_the_words(alice, bob, series, episode, make_comment):
    make_comment(alice, episode, kind="song", song_name="Humming", spoils_through=3)
    seen(bob, series, 2)
    waiting = Comment.objects.for_reader(viewer_of(bob), series).get()
    assert getattr(waiting, "sent_song_name", "") is None
    with pytest.raises(WithheldError):
        str(waiting.song_name)
    seen(bob, series, 3)
    shown = Comment.objects.for_reader(viewer_of(bob), series).get()
    assert shown.body_html
    assert getattr(shown, "sent_song_name", None) == "Humming"


def test_what_is_deleted_names_no_song(alice, episode, make_comment, song):
    comment = make_comment(alice, episode, kind="song", song=song)
    other = make_comment(alice, episode, kind="song", song_name="Humming")
    for gone in (comment, other):
        gone.retract()
        assert (fresh(gone).song, fresh(gone).song_name) == (None, "")
        for values in ({"song": song}, {"song_name": "Humming"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Comment.objects.filter(pk=gone.pk).update(**values)


def test_the_table_refuses_a_song_comment_without_a_song_and_talk_with_one(alice, episode, make_comment, song):
    named = make_comment(alice, episode, kind="song", song=song)
    talk = make_comment(alice, episode)
    for comment, values in (
        (named, {"song": None}),
        (named, {"song_name": "Snow"}),
        (talk, {"song": song}),
        (talk, {"song_name": "Snow"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(**values)


# From the same seat


def test_talk_from_the_same_seat_is_by_those_who_had_seen_no_further(
    alice, bob, una, series, episode, make_comment, make_review
):
    for member, through in ((alice, 1), (bob, 2), (una, 4)):
        seen(member, series, through)
        make_comment(member, series)
    for point, authors in ((0, set()), (1, {alice}), (2, {alice, bob}), (3, {alice, bob}), (4, {alice, bob, una})):
        viewer = viewer_of(cookie={series.pk: point})
        assert {comment.author for comment in Comment.objects.same_seat(viewer, series)} == authors
    seen(una, series, 1)  # whoever rewatches knows what they know
    make_comment(una, series, body="Again")
    assert {row.author for row in Comment.objects.same_seat(viewer_of(una), series)} == {alice}
