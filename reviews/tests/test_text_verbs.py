"""What both kinds of text do alike: hide, restore, retract."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Sanction
from episodes.models import Episode, Series
from reviews.models import (
    Comment,
    FloodError,
    Like,
    ModerationAction,
    Notification,
    Policy,
    Report,
    Review,
    Revision,
)
from reviews.models.moderation import AppendOnlyError
from reviews.models.sanctions import hide_all, impose, lift, restore_all
from reviews.models.undo import reverse, undo
from reviews.recount import differences
from reviews.tests.counting import assert_counted


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


@pytest.fixture(params=["review", "comment"])
def text(request, alice, episode, make_review, make_comment):
    if request.param == "review":
        return make_review(alice, episode, body="Words", spoils_through=2)
    return make_comment(alice, episode, body="Words", spoils_through=2)


def fresh(text):
    return type(text).objects.with_words().get(pk=text.pk)


def test_hiding_takes_a_text_out_of_sight_and_says_why(text, mona):
    text.hide(mona, "  Rude  ")
    after = fresh(text)
    assert (after.hidden_by, after.is_live, after.body) == (mona, False, "Words")
    assert text.hidden_at == after.hidden_at
    action = ModerationAction.objects.get()
    assert (action.actor, action.verb, action.reason) == (mona, "hide", "Rude")
    assert (action.review or action.comment) == text


def test_hiding_twice_is_hiding_once(text, mona):
    text.hide(mona, "Rude")
    once = fresh(text).version
    text.hide(mona, "Rude again")
    assert fresh(text).version == once
    assert ModerationAction.objects.count() == 1


def test_restoring_puts_it_back_once(text, mona):
    text.hide(mona, "Rude")
    text.restore(mona, "A misunderstanding")
    text.restore(mona, "Twice")
    after = fresh(text)
    assert (after.hidden_at, after.hidden_by, after.is_live) == (None, None, True)
    assert list(ModerationAction.objects.order_by("pk").values_list("verb", flat=True)) == ["hide", "restore"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_hiding_without_a_reason_does_nothing(text, mona, reason):
    with pytest.raises(ValidationError):
        text.hide(mona, reason)
    assert fresh(text).is_live
    assert text.hidden_at is None
    text.hide(mona, "Rude")
    with pytest.raises(ValidationError):
        text.restore(mona, reason)
    assert not fresh(text).is_live


def test_retracting_lets_go_of_every_word(text):
    text.retract()
    after = fresh(text)
    assert (after.body, after.whole_html, after.word_count, after.spoils_through) == ("", "", 0, 0)
    assert after.deleted_at is not None
    assert Revision.objects.with_words().get().body == "Words"


def test_a_retracted_review_has_neither_stars_nor_headline(alice, episode, make_review):
    make_review(alice, episode).retract()
    after = Review.objects.get()
    assert (after.stars, after.headline) == (None, "")


def test_retracting_twice_is_retracting_once(text):
    text.retract()
    once = fresh(text)
    text.retract()
    assert (fresh(text).version, fresh(text).deleted_at) == (once.version, once.deleted_at)
    assert Revision.objects.count() == 1


def test_what_its_author_deleted_stays_deleted(text, mona):
    text.hide(mona, "Rude")
    text.retract()
    text.restore(mona, "After all")
    after = fresh(text)
    assert not after.is_live
    assert [act.verb for act in ModerationAction.objects.all()] == ["hide"]  # nothing was put back
    assert after.body == ""


def test_hiding_what_is_deleted_counts_nothing_twice(text, mona):
    text.retract()
    text.hide(mona, "Rude")
    assert not fresh(text).is_live
    assert not ModerationAction.objects.exists()


def test_every_change_raises_the_versions_that_pages_are_kept_by(text, mona):
    def versions():
        return (
            fresh(text).version,
            Episode.objects.get(pk=text.episode_id).version,
            Series.objects.get(pk=text.series_id).version,
        )

    for act in (
        lambda: text.hide(mona, "Rude"),
        lambda: text.restore(mona, "Fine"),
        text.retract,
    ):
        before = versions()
        act()
        assert all(now > then for then, now in zip(before, versions(), strict=True))


def test_the_log_is_written_once(text, mona):
    text.hide(mona, "Rude")
    action = ModerationAction.objects.get()
    for change in (action.save, action.delete, ModerationAction.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()
    with pytest.raises(AppendOnlyError):
        ModerationAction.objects.update(reason="Nothing")
    with pytest.raises(AppendOnlyError):
        ModerationAction.objects.bulk_update([action], ["reason"])


# The order in which verbs take rows: texts, tallies by name and columns, the episode, the series.
ORDER = ["review", "comment", "momenttally", "ratingtally", "scopetally", "episode", "series"]
WRITTEN = re.compile(r'^(?:UPDATE|INSERT (?:OR IGNORE )?INTO) "(?:reviews|episodes)_(\w+)"')


def writes(verb: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        verb()
    found = (WRITTEN.match(query["sql"]) for query in queries)
    return [match[1] for match in found if match and match[1] in ORDER[2:]]


def test_every_verb_takes_tallies_before_the_episode_and_the_episode_before_the_series(
    alice, bob, mona, episode, make_review, make_comment
):
    review = make_review(alice, episode, spoils_through=0)
    under = make_comment(bob, review)
    make_comment(alice, review, body="Reply", parent=under)
    root = make_comment(alice, episode, kind="moment", at=12)
    reply = make_comment(bob, episode, kind="moment", at=80, parent=root)

    for verb in (
        lambda: make_review(alice, episode, stars=2, spoils_through=3),
        lambda: root.edit(body="More", spoils_through=3),
        lambda: make_comment(mona, episode, body="New", parent=reply),
        lambda: reply.hide(mona, "Rude"),
        lambda: reply.restore(mona, "Fine"),
        reply.retract,
        review.remove_rating,
        lambda: Review.objects.rate(alice, episode, 5),
        review.retract,
        review.unretract,
        reply.unretract,
    ):
        order = writes(verb)
        assert order[-2:] == ["episode", "series"]
        assert all(ORDER.index(first) <= ORDER.index(then) for first, then in pairwise(order)), order


WRITING = ["publish", "rate", "unrate", "post", "reply", "edit", "retract", "unretract", "like", "report"]
JUDGING = ["hide", "restore", "approve", "keep", "rescope", "fold", "unfold", "lock", "unlock"]
SANCTIONS = ["ban", "silence", "lift", "hide_all", "restore_all", "undo", "reverse", "read"]
STEPS = st.tuples(
    st.sampled_from([*WRITING, *WRITING, *JUDGING, *SANCTIONS]),
    st.integers(0, 2),  # who
    st.integers(0, 30),  # which text
    st.integers(0, 4),  # scope
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=5, max_size=40))
def test_counts_and_scopes_hold_through_any_history(alice, bob, una, mona, series, episode, steps):
    """What members write and what moderators decide, in any order. Now and then what is written waits for approval."""
    with transaction.atomic():
        Policy.objects.create(holds=Policy.Holds.ALWAYS)
        for step in steps:
            try:
                with transaction.atomic():
                    take(step, [alice, bob, una], [series, episode], mona)
                    decide(step, [alice, bob, una], mona)
            except (ValidationError, FloodError):
                pass  # a verb may refuse; then nothing has happened
        assert_counted()
        assert differences() == []
        transaction.set_rollback(True)


TAKEN_BACK: dict[str, Callable[..., object]] = {"undo": undo, "reverse": reverse, "restore_all": restore_all}
VERBS = {"lock": "close_thread", "unlock": "open_thread"}


def decide(step, members, mona):
    """What moderators do, and what members do besides writing."""
    verb, who, which, _scope = step
    member, texts = members[who], [*Review.objects.all(), *Comment.objects.all()]
    if verb in ("ban", "silence"):
        impose(member, Sanction.Kind(verb), mona, "Reason")
    elif verb == "lift" and (sanction := Sanction.objects.filter(member=member).first()):
        lift(sanction, mona, "Reason")
    elif verb == "hide_all":
        hide_all(member, mona, "Reason")
    elif verb in TAKEN_BACK:
        acts = (
            ModerationAction.objects.filter(verb="hide_all")
            if verb == "restore_all"
            else ModerationAction.objects.all()
        )
        for act in acts[which % 5 :][:1]:
            TAKEN_BACK[verb](act, mona, "Reason")
    elif verb == "read":
        Notification.objects.mark_read(member)
    elif texts:
        decide_about(texts[which % len(texts)], step, member, mona)


def decide_about(text, step, member, mona):
    verb, _who, which, scope = step
    if verb in ("approve", "keep", "lock", "unlock"):
        getattr(text, VERBS.get(verb, verb))(mona, "Reason")
    elif verb == "rescope":
        text.rescope(mona, scope, "Reason")
    elif verb == "fold" and isinstance(text, Review):
        text.fold_headline(mona, scope, "Reason")
    elif verb == "unfold" and isinstance(text, Review):
        text.unfold_headline(mona, "Reason")
    elif verb == "unretract":
        text.unretract()
    elif verb == "like":
        Like.objects.feel(member, text, which % 2 == 0)
    elif verb == "report":
        Report.objects.file(member, text if which % 4 else text.author, Report.Reason.values[which % 4])


def take(step, members, subjects, mona):
    verb, who, which, scope = step
    author, subject = members[who], subjects[which % 2]
    reviews, comments = list(Review.objects.all()), list(Comment.objects.all())
    texts = [*reviews, *comments]
    review = reviews[which % len(reviews)] if reviews else None
    comment = comments[which % len(comments)] if comments else None
    text = texts[which % len(texts)] if texts else None
    client = None if which % 3 else ""  # a text from a page waits, and is counted
    if verb == "publish":
        words = {"headline": f"Line {which}", "body": f"Words {which}", "spoils_through": scope}
        Review.objects.publish(author, subject, stars=scope + 1, client=client, **words)
    elif verb == "rate":
        Review.objects.publish(author, subject, stars=scope + 1)
    elif verb == "unrate" and review:
        review.remove_rating()
    elif verb == "post":
        place = review if review and which % 3 == 0 else subject
        timed = {"kind": "moment", "at": which * 3} if isinstance(place, Episode) and which % 2 else {}
        Comment.objects.post(author, place, body=f"Words {which}", spoils_through=scope, client=client, **timed)
    elif verb == "reply" and comment:
        place = comment.review or comment.subject
        Comment.objects.post(author, place, body=f"Reply {which}", spoils_through=scope, parent=comment)
    elif verb == "edit" and comment:
        comment.edit(body=f"Edit {which}", spoils_through=scope, client=client)
    elif verb in ("hide", "restore") and text:
        getattr(text, verb)(mona, "Reason")
    elif verb == "retract" and text:
        text.retract()
