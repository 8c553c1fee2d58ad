from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.models import User
from conftest import seen
from episodes.models import Cue, Episode, PressReview, Progress, Song
from reviews.models import Case, Comment, Like, MomentTally, RatingTally, Report, Review, ScopeTally
from reviews.recount import differences, repair


@pytest.fixture
def talk(alice, bob, mona, series, episode, make_review, make_comment):
    """A bit of everything that counts, and of what has stopped counting."""
    for member in (alice, bob):
        seen(member, series, 4)
    review = make_review(alice, episode, spoils_through=2)
    make_review(bob, episode, stars=3, headline="", body="")
    make_review(bob, series, stars=10, spoils_through=4).hide(mona, "spam")
    answer = make_comment(bob, review)
    make_comment(alice, review, parent=answer, body="Thank you")
    root = make_comment(alice, episode, kind="moment", at=62, spoils_through=2)
    reply = make_comment(bob, episode, parent=root, body="There!")
    nested = make_comment(alice, episode, parent=reply, body="Yes!")
    make_comment(bob, episode, parent=nested, body="No!").retract()
    make_comment(alice, series, body="Worth it?")
    Like.objects.create(member=bob, review=review)
    Review.objects.filter(pk=review.pk).update(like_count=1)
    Report.objects.file(bob, review, "spam")
    Report.objects.file(bob, alice, "other")
    Report.objects.file(alice, reply, "harassment")
    reply.keep(mona, "It is fine")
    return {"review": review, "root": root, "reply": reply, "nested": nested, "answer": answer}


def test_what_the_verbs_counted_adds_up(talk):
    assert differences() == []


WRONGS = {
    "RatingTally": lambda: RatingTally.objects.filter(stars=8).update(count=5),
    "ScopeTally": lambda: ScopeTally.objects.filter(kind="comment").update(count=F("count") + 1),
    "MomentTally": lambda: MomentTally.objects.all().delete(),
    "like_count": lambda: Review.objects.filter(like_count=1).update(like_count=0),
    "comment_count": lambda: Comment.objects.filter(kind="moment").update(comment_count=9),
    "unread_answers": lambda: User.objects.filter(username="alice").update(unread_answers=9),
    "unread_notices": lambda: User.objects.filter(username="alice").update(unread_notices=9),
    "last_stars": lambda: User.objects.filter(username="alice").update(last_stars="1 2"),
    "open_count": lambda: Case.objects.filter(open_count=1).update(open_count=2),
    "harm": lambda: Case.objects.filter(open_count=1).update(harm=4),
    "waits_since": lambda: Case.objects.update(waits_since=F("created_at") - timedelta(days=1), open_count=3, harm=1),
    "Case": lambda: Case.objects.update(waits_since=None, open_count=0, harm=0),
    "Review": lambda: Review.objects.filter(comment_count=2).update(comment_count=0),
}


@pytest.mark.parametrize("name", WRONGS)
def test_a_wrong_count_is_told_by_check_and_put_right(talk, name):
    WRONGS[name]()
    found = differences()
    assert found
    assert all(name in sentence for sentence in found)
    assert repair() == found
    assert differences() == []


def test_a_count_for_nothing_is_taken_away(talk, series):
    RatingTally.objects.create(series=series, stars=1, count=3)
    assert differences() == [f"RatingTally (series_id {series.pk}, episode_id None, stars 1) says 3 and should say 0."]
    repair()
    assert differences() == []


def test_stars_that_nobody_gave_are_taken_away(talk, mona):
    User.objects.filter(pk=mona.pk).update(last_stars="10")
    assert differences() == [f'Member {mona.pk}: last_stars says "10" and should say "".']
    repair()
    assert differences() == []


def test_only_the_last_five_stars_are_remembered(talk, series, alice, make_review):
    for episode in series.episodes.select_related("series").exclude(number=2):
        make_review(alice, episode, stars=episode.number)
    make_review(alice, series, stars=10)
    User.objects.update(last_stars="")
    repair()
    alice.refresh_from_db()
    assert alice.last_stars == "10 4 3 1 8"


def test_a_root_counts_its_thread_and_a_reply_its_direct_answers(talk):
    Comment.objects.update(comment_count=7)
    repair()
    counts = dict(Comment.objects.values_list("pk", "comment_count"))
    assert [counts[talk[name].pk] for name in ("root", "reply", "nested", "answer")] == [2, 1, 0, 1]


def test_repairing_lets_pages_forget_what_they_kept(talk, series, episode):
    before = (series.version, Episode.objects.get(pk=episode.pk).version)
    Review.objects.update(like_count=9)
    repair()
    series.refresh_from_db(fields=["version"])
    assert (series.version, Episode.objects.get(pk=episode.pk).version) > before


def test_repairing_leaves_other_pages_what_they_kept(talk, other):
    before = (other.version, list(other.episodes.values_list("version", flat=True)))
    Review.objects.update(like_count=9)
    MomentTally.objects.update(count=9)
    repair()
    other.refresh_from_db(fields=["version"])
    assert (other.version, list(other.episodes.values_list("version", flat=True))) == before


def test_a_wrong_moment_is_told_to_its_episode_and_series(talk, series, episode):
    series.refresh_from_db(fields=["version"])
    before = (series.version, Episode.objects.get(pk=episode.pk).version)
    MomentTally.objects.update(count=9)
    repair()
    series.refresh_from_db(fields=["version"])
    assert (series.version, Episode.objects.get(pk=episode.pk).version) == (before[0] + 1, before[1] + 1)


def test_when_all_is_right_repairing_writes_nothing(talk, series, django_assert_max_num_queries):
    series.refresh_from_db(fields=["version"])
    with django_assert_max_num_queries(20) as queries:
        assert repair() == []
    assert not [query for query in queries if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def break_rule(model, pk, **values):
    model._default_manager.filter(pk=pk).update(**values)


@pytest.fixture
def other(make_series):
    return make_series("other", episodes=2)


RULES = {
    "its episode belongs to another series": lambda talk, other: break_rule(
        Review, talk["review"].pk, episode=other.episodes.get(number=2)
    ),
    "it spoils beyond the last episode": lambda talk, other: break_rule(Review, talk["review"].pk, spoils_through=5),
    "its author had seen beyond the last episode": lambda talk, other: break_rule(
        Comment, talk["nested"].pk, author_seen_through=9
    ),
    "its author has never seen as far as it says": lambda talk, other: Progress.objects.update(
        seen_through=1, furthest=1
    ),
    "its author had not seen the episode it is about": lambda talk, other: break_rule(
        Review, talk["review"].pk, author_seen_through=1
    ),
    "its review is about something else": lambda talk, other: break_rule(Comment, talk["answer"].pk, episode=None),
    "it answers a comment in another place": lambda talk, other: break_rule(
        Comment, talk["nested"].pk, review=talk["review"]
    ),
    "its thread began in another place": lambda talk, other: break_rule(Comment, talk["nested"].pk, series=other),
    "its thread began with an answer": lambda talk, other: break_rule(
        Comment, talk["nested"].pk, root=talk["reply"].pk
    ),
    "it answers a comment of another thread": lambda talk, other: break_rule(
        Comment, talk["nested"].pk, parent=talk["answer"].pk
    ),
    "it names a song of another series": lambda talk, other: break_rule(
        Comment,
        talk["root"].pk,
        kind="song",
        song=Song.objects.create(series=other, title="Rain"),
    ),
    "it answers another member than it says": lambda talk, other: break_rule(Comment, talk["reply"].pk, answered=None),
    "its author felt it": lambda talk, other: Like.objects.create(member=talk["root"].author, comment=talk["root"]),
    "it spoils less than what it answers": lambda talk, other: break_rule(Comment, talk["reply"].pk, spoils_through=1),
    "it spoils less than its review": lambda talk, other: break_rule(Comment, talk["answer"].pk, spoils_through=1),
    "it is further than the last episode": lambda talk, other: Progress.objects.update(furthest=5),
    "its song belongs to another series": lambda talk, other: Cue.objects.create(
        song=Song.objects.create(series=other, title="Snow"), episode=talk["review"].episode
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_told(talk, other, rule):
    RULES[rule](talk, other)
    assert any(sentence.endswith(f"{rule}.") for sentence in differences())


def test_whoever_was_never_asked_has_seen_nothing(talk, alice, bob):
    Progress.objects.filter(member=bob).delete()
    texts = Review.objects.filter(author=bob).count() + Comment.objects.filter(author=bob).count()
    found = [sentence for sentence in differences() if "never seen as far as it says" in sentence]
    assert len(found) == texts
    for model in (Review, Comment):
        model.objects.filter(author=bob).update(author_seen_through=0)
    assert not [sentence for sentence in differences() if "never seen as far as it says" in sentence]


def test_a_press_review_of_another_series_episode_is_told(series, other):
    PressReview.objects.create(series=series, episode=other.episodes.get(number=1), outlet="Paper", score=4)
    assert [sentence.split(": ")[1] for sentence in differences()] == ["its episode belongs to another series."]


def test_check_prints_what_it_found_fails_and_changes_nothing(talk):
    Review.objects.filter(like_count=1).update(like_count=6)
    out = StringIO()
    with pytest.raises(CommandError, match="1 found"):
        call_command("recount", "--check", stdout=out)
    assert "like_count says 6 and should say 1" in out.getvalue()
    assert Review.objects.filter(like_count=6).exists()


def test_recount_repairs_and_check_is_content_afterwards(talk):
    Review.objects.filter(like_count=1).update(like_count=6)
    out = StringIO()
    call_command("recount", stdout=out)
    assert "1 put right." in out.getvalue()
    call_command("recount", "--check", stdout=out)
    assert "every rule holds" in out.getvalue()
