from datetime import timedelta
from itertools import permutations

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from conftest import seen, viewer_of
from episodes.models import Song
from reviews.models import Comment, MomentTally, Review, Revision
from reviews.recount import differences
from reviews.tests.counting import assert_counted


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


def fresh(comment):
    return Comment.objects.with_words().get(pk=comment.pk)


@pytest.fixture
def thread(alice, bob, episode, make_comment):
    """root ← reply ← deep ← deepest, and root ← other."""
    root = make_comment(alice, episode, body="Root")
    reply = make_comment(bob, episode, body="Reply", parent=root)
    deep = make_comment(alice, episode, body="Deep", parent=reply)
    deepest = make_comment(bob, episode, body="Deepest", parent=deep)
    other = make_comment(bob, episode, body="Other", parent=root)
    return {"root": root, "reply": reply, "deep": deep, "deepest": deepest, "other": other}


def counts(thread):
    return {name: fresh(comment).comment_count for name, comment in thread.items()}


def test_a_comment_is_written_whole(alice, series, episode):
    seen(alice, series, 3)
    posted = Comment.objects.post(alice, episode, body="Two *words*", spoils_through=2)
    comment = fresh(posted)
    assert (comment.author, comment.series, comment.episode, comment.review) == (alice, series, episode, None)
    assert (comment.body, comment.whole_html) == ("Two *words*", "<p>Two <em>words</em></p>")
    assert (comment.kind, comment.at, comment.parent, comment.root) == ("talk", None, None, None)
    assert (comment.spoils_through, comment.author_seen_through, comment.version) == (2, 3, 1)


def test_a_reply_knows_its_parent_and_its_root(thread):
    deepest = fresh(thread["deepest"])
    assert (deepest.parent, deepest.root) == (thread["deep"], thread["root"])
    assert fresh(thread["reply"]).root == thread["root"]


def test_a_root_counts_its_thread_and_any_other_its_direct_answers(thread):
    assert counts(thread) == {"root": 4, "reply": 1, "deep": 1, "deepest": 0, "other": 0}


def test_comments_under_a_review_count_there_alone(alice, bob, episode, make_review, make_comment):
    review = make_review(alice, episode)
    first = make_comment(bob, review)
    make_comment(alice, review, body="Reply", parent=first)
    review.refresh_from_db()
    assert review.comment_count == 2
    assert fresh(first).comment_count == 1
    assert not Comment.objects.about(episode).exists()


@pytest.mark.parametrize("above", ["parent", "review", "both"])
def test_a_reply_spoils_at_least_as_far_as_what_it_answers(alice, bob, episode, make_review, make_comment, above):
    review = make_review(alice, episode, spoils_through=2) if above != "parent" else None
    place = review or episode
    parent = make_comment(alice, place, spoils_through=3) if above != "review" else None
    reply = make_comment(bob, place, body="Reply", parent=parent)
    assert reply.spoils_through == (2 if above == "review" else 3)


def test_the_same_words_within_ten_minutes_are_one_comment(alice, episode, make_comment):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = make_comment(alice, episode)
        clock.shift(timedelta(minutes=9, seconds=59))
        assert make_comment(alice, episode) == first
        clock.shift(timedelta(seconds=1))
        assert make_comment(alice, episode) != first


def test_the_same_words_elsewhere_are_another_comment(alice, bob, series, episode, make_review, make_comment):
    review = make_review(bob, episode)
    first = make_comment(alice, episode)
    others = [
        make_comment(bob, episode),
        make_comment(alice, series),
        make_comment(alice, series.episodes.get(number=1)),
        make_comment(alice, review),
        make_comment(alice, episode, parent=first),
        make_comment(alice, episode, kind="moment", at=5),
        make_comment(alice, episode, kind="moment", at=6),
    ]
    assert len({first.pk, *(other.pk for other in others)}) == 8


def test_the_same_words_about_another_song_are_another_comment(alice, series, episode, make_comment):
    songs = [Song.objects.create(series=series, title=title) for title in ("Snow", "Rain")]
    named = [{"song": song} for song in songs] + [{"song_name": name} for name in ("Humming", "Whistling")]
    said = [make_comment(alice, episode, kind="song", **name) for name in named]
    assert len({comment.pk for comment in said}) == 4
    assert [make_comment(alice, episode, kind="song", **name) for name in named] == said


def test_words_that_were_taken_back_may_be_said_again(alice, episode, make_comment):
    first = make_comment(alice, episode)
    first.retract()
    assert make_comment(alice, episode) != first


@pytest.mark.parametrize("end", ["retract", "hide"])
def test_what_is_gone_takes_no_answer(alice, bob, mona, episode, make_review, make_comment, end):
    for text, place in (
        (make_comment(alice, episode), episode),
        (review := make_review(alice, episode), review),
    ):
        text.retract() if end == "retract" else text.hide(mona, "Rude")
        with pytest.raises(ValidationError) as refused:
            make_comment(bob, place, body="Too late", parent=None if text is place else text)
        assert refused.value.code == "gone"
    assert not Comment.objects.filter(author=bob).exists()


def test_a_parent_of_another_place_is_no_parent(alice, bob, series, episode, make_review, make_comment):
    review = make_review(alice, episode)
    parents = [
        (make_comment(alice, series), episode),
        (make_comment(alice, series.episodes.get(number=1)), episode),
        (make_comment(alice, review), episode),
        (make_comment(alice, episode), review),
    ]
    for parent, place in parents:
        with pytest.raises(ValidationError):
            make_comment(bob, place, body="Stray", parent=parent)
    assert not Comment.objects.filter(author=bob).exists()


def test_an_episode_that_has_not_aired_takes_no_comment(alice, make_series, make_comment):
    airing = make_series("airing", aired=1)
    with pytest.raises(ValidationError) as refused:
        make_comment(alice, airing.episodes.get(number=2))
    assert refused.value.code == "unaired"


@pytest.mark.parametrize("scope", [-1, 5, 10**12])
def test_a_scope_beyond_the_series_is_refused(alice, episode, make_comment, scope):
    with pytest.raises(ValidationError):
        make_comment(alice, episode, spoils_through=scope)
    comment = make_comment(alice, episode)
    with pytest.raises(ValidationError):
        comment.edit(body="Changed", spoils_through=scope)


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("episode", {"kind": "shout"}),
        ("episode", {"kind": "moment"}),
        ("episode", {"kind": "line"}),
        ("episode", {"kind": "talk", "at": 10}),
        ("episode", {"kind": "bonus", "at": 10}),
        ("episode", {"kind": "moment", "at": -1}),
        ("episode", {"kind": "moment", "at": 45 * 60 + 1}),
        ("episode", {"kind": "moment", "at": 10**20}),
        ("series", {"kind": "moment", "at": 10}),
        ("series", {"kind": "song", "at": 10}),
        ("series", {"kind": "bonus"}),
        ("episode", {"body": ""}),
    ],
)
def test_kinds_and_times_that_make_no_sense_are_refused(alice, series, episode, make_comment, place, values):
    with pytest.raises(ValidationError):
        make_comment(alice, {"episode": episode, "series": series}[place], **values)
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "moment", "at": 0},
        {"kind": "line", "at": 2700},
        {"kind": "song", "at": 9, "song_name": "Humming"},
        {"kind": "song", "song_name": "Humming"},
    ],
)
def test_moments_lines_and_songs_take_their_time(alice, episode, make_comment, values):
    comment = fresh(make_comment(alice, episode, **values))
    assert (comment.kind, comment.at) == (values["kind"], values.get("at"))
    assert MomentTally.objects.filter(count=1).count() == ("at" in values)


@pytest.mark.parametrize(
    ("runtime", "approximate", "latest"), [(45, False, 2700), (45, True, 3300), (None, False, 21600)]
)
def test_a_moment_lies_within_the_episode_as_far_as_its_length_is_known(
    alice, episode, make_comment, runtime, approximate, latest
):
    episode.runtime, episode.runtime_is_approximate = runtime, approximate
    make_comment(alice, episode, kind="moment", at=latest)
    with pytest.raises(ValidationError):
        make_comment(alice, episode, kind="moment", at=latest + 1)


def test_an_edit_changes_the_words_and_keeps_the_old(alice, episode, make_comment):
    comment = make_comment(alice, episode, body="Before")
    comment.edit(body="After", spoils_through=0)
    after = fresh(comment)
    assert (after.body, after.whole_html, after.version) == ("After", "<p>After</p>", 2)
    assert after.edited_at is not None
    assert Revision.objects.with_words().get(comment=comment).body == "Before"


def test_an_edit_to_the_same_changes_nothing(alice, episode, make_comment):
    comment = make_comment(alice, episode, body="Words", spoils_through=2)
    comment.edit(body="Words", spoils_through=1)
    after = fresh(comment)
    assert (after.version, after.edited_at, after.spoils_through) == (1, None, 2)
    assert not Revision.objects.exists()


def test_an_edit_never_lowers_the_scope(alice, episode, make_comment):
    comment = make_comment(alice, episode, spoils_through=2)
    comment.edit(body="Changed", spoils_through=0)
    assert fresh(comment).spoils_through == 2


@pytest.mark.parametrize(
    ("raised", "reached"),
    [
        ("root", {"root", "reply", "deep", "deepest", "other"}),
        ("reply", {"reply", "deep", "deepest"}),
        ("deep", {"deep", "deepest"}),
        ("deepest", {"deepest"}),
    ],
)
def test_a_raised_scope_reaches_everything_beneath_and_nothing_else(thread, raised, reached):
    thread[raised].edit(body="More", spoils_through=3)
    assert {name for name, comment in thread.items() if fresh(comment).spoils_through == 3} == reached


def test_a_raised_scope_passes_through_what_is_gone(mona, thread):
    thread["reply"].retract()
    thread["deep"].hide(mona, "Rude")
    thread["root"].edit(body="More", spoils_through=3)
    thread["deep"].restore(mona, "After all")
    assert {name: fresh(comment).spoils_through for name, comment in thread.items()} == {
        "root": 3,
        "reply": 0,
        "deep": 3,
        "deepest": 3,
        "other": 3,
    }


def test_raising_a_thread_costs_the_same_however_long(alice, bob, episode, make_comment, django_assert_num_queries):
    def raised(replies):
        root = make_comment(alice, episode, body=f"Root of {replies}")
        for number in range(replies):
            make_comment(bob, episode, body=f"{replies} {number}", parent=root)
        return root

    make_comment(alice, episode, body="So that the tally row is there", spoils_through=3)
    few, many = raised(1), raised(12)
    with django_assert_num_queries(15):
        few.edit(body="More", spoils_through=3)
    with django_assert_num_queries(15):
        many.edit(body="More", spoils_through=3)


def test_what_was_deleted_cannot_be_edited(alice, episode, make_comment):
    comment = make_comment(alice, episode)
    comment.retract()
    with pytest.raises(ValidationError) as refused:
        comment.edit(body="Back", spoils_through=0)
    assert refused.value.code == "closed"


@pytest.mark.parametrize("closing", ["time", "moderator"])
def test_what_is_closed_is_refused_by_the_verb_too(alice, mona, episode, make_comment, closing):
    comment = make_comment(alice, episode)
    if closing == "time":
        Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - Comment.EDIT_WINDOW)
    else:
        comment.hide(mona, "Rude")
    with pytest.raises(ValidationError) as refused:
        comment.edit(body="Later", spoils_through=2)
    assert refused.value.code == "closed"


def test_an_edit_learns_what_its_author_has_seen_meanwhile(alice, series, episode, make_comment):
    comment = make_comment(alice, episode)
    assert comment.author_seen_through == 0
    seen(alice, series, 4)
    comment.edit(body="Knowing better", spoils_through=2)
    assert Comment.objects.get(pk=comment.pk).author_seen_through == 4


def test_the_same_words_with_a_higher_scope_raise_the_comment(alice, episode, make_comment):
    first = make_comment(alice, episode, body="He stays", spoils_through=0)
    again = make_comment(alice, episode, body="He stays", spoils_through=3)
    assert again.pk == first.pk
    assert Comment.objects.get().spoils_through == 3
    assert differences() == []


def test_a_comment_may_be_edited_for_half_an_hour(alice, bob, mona, episode, make_comment):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        comment = make_comment(alice, episode)
        clock.shift(timedelta(minutes=29, seconds=59))
        assert comment.can_edit(alice)
        assert not comment.can_edit(bob)
        clock.shift(timedelta(seconds=1))
        assert not comment.can_edit(alice)
        assert comment.can_delete(alice)


def test_what_is_gone_stays_as_a_tombstone_only_over_live_answers(bob, mona, thread):
    thread["reply"].retract()
    thread["deepest"].hide(mona, "Rude")
    shown = set(Comment.objects.visible_to(viewer_of()))
    assert shown == {thread[name] for name in ("root", "reply", "deep", "other")}
    thread["deep"].retract()
    shown = set(Comment.objects.visible_to(viewer_of()))
    assert shown == {thread["root"], thread["other"]}
    assert set(Comment.objects.visible_to(viewer_of(bob))) == shown | {thread["deepest"]}


def test_a_tombstone_sends_no_words(mona, bob, thread):
    thread["reply"].hide(mona, "Rude")
    thread["root"].retract()
    rows = Comment.objects.visible_to(viewer_of()).for_reader(viewer_of())
    sent = {row.pk: row.body_html for row in rows}
    assert not sent[thread["reply"].pk]
    assert not sent[thread["root"].pk]
    own = Comment.objects.visible_to(viewer_of(bob)).for_reader(viewer_of(bob)).get(pk=thread["reply"].pk)
    assert own.body_html == "<p>Reply</p>"


ACTS = ["hide reply", "restore reply", "retract deep", "hide root", "retract reply"]


@pytest.mark.parametrize("first", ACTS)
def test_counts_hold_in_whatever_order_texts_go_and_come_back(thread, mona, first):
    for acts in permutations(ACTS):
        if acts[0] != first:
            continue
        with transaction.atomic():
            for act in acts:
                verb, name = act.split()
                text = thread[name]
                text.retract() if verb == "retract" else getattr(text, verb)(mona, "Reason")
                assert_counted()
            reply = fresh(thread["reply"])
            assert reply.deleted_at is not None
            assert reply.body == ""
            transaction.set_rollback(True)


def test_deep_threads_count_and_raise_to_the_bottom(alice, bob, episode, make_comment):
    root = make_comment(alice, episode, body="0")
    last = root
    for depth in range(1, 40):
        last = make_comment(bob if depth % 2 else alice, episode, body=str(depth), parent=last)
    assert fresh(root).comment_count == 39
    root.edit(body="More", spoils_through=4)
    assert fresh(last).spoils_through == 4


def test_hiding_a_review_leaves_its_comments_counted_there(alice, bob, mona, episode, make_review, make_comment):
    review = make_review(alice, episode)
    make_comment(bob, review)
    review.hide(mona, "Rude")
    assert Review.objects.get().comment_count == 1


def test_posting_costs_at_most_fifteen_queries(alice, bob, episode, make_comment, django_assert_max_num_queries):
    root = make_comment(alice, episode)
    reply = make_comment(bob, episode, body="Reply", parent=root)
    with django_assert_max_num_queries(17):
        make_comment(alice, episode, body="Deep", parent=reply)
