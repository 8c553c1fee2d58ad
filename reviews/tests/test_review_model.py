from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from conftest import seen, viewer_of
from episodes.models import Progress
from reviews.models import ModerationAction, RatingTally, Review, Revision, ScopeTally
from reviews.recount import differences
from reviews.tests.counting import assert_counted


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


def publish(author, subject, **values):
    return Review.objects.publish(author, subject, **{"stars": 8, **values})


def stored():
    return Review.objects.with_words().get()


def test_a_first_review_is_written_whole(alice, series, episode):
    publish(alice, episode, headline="A safe line", body="Two *words*", spoils_through=2)
    review = stored()
    assert (review.author, review.series, review.episode) == (alice, series, episode)
    assert (review.stars, review.headline, review.body) == (8, "A safe line", "Two *words*")
    assert review.whole_html == "<p>Two <em>words</em></p>"
    assert (review.word_count, review.spoils_through, review.author_seen_through) == (2, 2, 2)
    assert (review.version, review.edited_at) == (1, None)
    assert not Revision.objects.exists()


def test_a_second_review_of_the_same_subject_changes_the_first(alice, episode):
    first = publish(alice, episode, headline="Before", body="Old words", spoils_through=1)
    again = publish(alice, episode, stars=3, headline="After", body="New words", spoils_through=2)
    assert again == first
    review = stored()
    assert (review.stars, review.headline, review.body, review.spoils_through) == (3, "After", "New words", 2)
    assert review.version == 2
    assert review.edited_at > review.created_at
    kept = Revision.objects.with_words().get(review=review)
    assert (kept.headline, kept.body, kept.stars, kept.spoils_through) == ("Before", "Old words", 8, 1)


def test_the_first_words_after_stars_are_no_edit(alice, episode):
    Review.objects.rate(alice, episode, 8)
    publish(alice, episode, headline="A line", body="Words", spoils_through=2)
    assert stored().edited_at is None
    publish(alice, episode, headline="Another", body="Words", spoils_through=2)
    assert stored().edited_at is not None


def test_saying_the_same_again_changes_nothing(alice, series, episode):
    values = {"stars": 7, "headline": "A line", "body": "Words", "spoils_through": 2}
    publish(alice, episode, **values)
    before = Review.objects.with_words().values().get()
    versions = series.episodes.values_list("version", flat=True).get(number=2)
    publish(alice, episode, **values)
    assert Review.objects.with_words().values().get() == before
    assert series.episodes.values_list("version", flat=True).get(number=2) == versions
    assert not Revision.objects.exists()


def test_an_episode_and_its_series_are_reviewed_apart(alice, series, episode):
    assert publish(alice, episode) != publish(alice, series)
    assert RatingTally.objects.filter(count=1).count() == 2


def test_a_bare_rating_counts_and_is_not_listed(alice, episode):
    review = publish(alice, episode, spoils_through=2)
    assert review.is_bare
    assert review.spoils_through == 0
    assert not Review.objects.listed().exists()
    assert RatingTally.objects.get().count == 1
    assert not ScopeTally.objects.filter(count__gt=0).exists()


@pytest.mark.parametrize("body", ["…", "🥲", "울었다", "**"])
def test_the_shortest_text_is_listed(alice, episode, body):
    review = publish(alice, episode, stars=None, body=body)
    assert not review.is_bare
    assert Review.objects.listed().get() == review


def test_a_headline_alone_is_safe_and_listed(alice, episode):
    review = publish(alice, episode, headline="Bring tissues", spoils_through=2)
    assert review.spoils_through == 0
    assert Review.objects.listed().get() == review


def test_taking_the_body_out_makes_a_review_safe(alice, episode):
    publish(alice, episode, body="Words", spoils_through=2)
    assert publish(alice, episode).spoils_through == 0


@pytest.mark.parametrize("stars", [0, 11, -1, 10**12])
def test_stars_outside_the_scale_are_refused(alice, episode, stars):
    with pytest.raises(ValidationError):
        publish(alice, episode, stars=stars)
    assert not Review.objects.exists()


def test_neither_stars_nor_text_is_refused(alice, episode):
    with pytest.raises(ValidationError) as refused:
        publish(alice, episode, stars=None, headline="Only a line")
    assert refused.value.code == "empty"
    assert not Progress.objects.exists()


@pytest.mark.parametrize("scope", [-1, 5, 10**12])
def test_a_scope_beyond_the_series_is_refused(alice, episode, scope):
    with pytest.raises(ValidationError) as refused:
        publish(alice, episode, body="Words", spoils_through=scope)
    assert "spoils_through" in refused.value.message_dict
    assert not Review.objects.exists()


def test_a_scope_beyond_what_has_aired_is_refused(alice, make_series):
    airing = make_series("airing", episodes=4, aired=2)
    publish(alice, airing, body="Words", spoils_through=2)
    with pytest.raises(ValidationError):
        publish(alice, airing, body="Words", spoils_through=3)


@pytest.mark.parametrize("airs_at", [None, timezone.now() + timedelta(hours=1)])
def test_an_episode_that_has_not_aired_takes_no_review(alice, episode, airs_at):
    episode.airs_at = airs_at
    with pytest.raises(ValidationError) as refused:
        publish(alice, episode)
    assert refused.value.code == "unaired"
    assert not Review.objects.exists()
    assert not Progress.objects.exists()


def test_reviewing_an_episode_marks_it_seen(alice, series, episode):
    publish(alice, episode)
    progress = Progress.objects.get(member=alice)
    assert (progress.seen_through, progress.furthest) == (2, 2)


def test_reviewing_an_earlier_episode_takes_nobody_back(alice, series, episode):
    seen(alice, series, 4)
    publish(alice, episode)
    assert Progress.objects.get(member=alice).seen_through == 4


def test_a_review_remembers_how_far_its_author_ever_was(alice, series, episode):
    seen(alice, series, 4)
    seen(alice, series, 1)
    review = publish(alice, episode, body="Words", spoils_through=2)
    assert review.author_seen_through == 4


def test_an_edit_never_forgets_hindsight(alice, series, episode):
    publish(alice, episode, body="Words", spoils_through=2)
    seen(alice, series, 4)
    assert publish(alice, episode, body="Other words", spoils_through=2).author_seen_through == 4


def test_stars_change_places_in_the_tally(alice, bob, episode):
    publish(alice, episode, stars=3)
    publish(bob, episode, stars=3)
    publish(alice, episode, stars=10)
    assert dict(RatingTally.objects.values_list("stars", "count")) == {3: 1, 10: 1}


def test_removed_stars_leave_the_text(alice, episode):
    review = publish(alice, episode, body="Words", spoils_through=1)
    review.remove_rating()
    after = stored()
    assert (after.stars, after.body, after.version) == (None, "Words", 2)
    assert after.is_live
    assert Revision.objects.get().stars == 8


def test_removed_stars_take_a_bare_rating_away(alice, episode):
    review = publish(alice, episode)
    review.remove_rating()
    assert review.deleted_at is not None
    assert stored().deleted_at is not None
    assert not Review.objects.live().exists()


def test_removing_stars_twice_is_removing_them_once(alice, episode):
    review = publish(alice, episode, body="Words")
    review.remove_rating()
    review.remove_rating()
    assert stored().version == 2
    assert Revision.objects.count() == 1


def test_publishing_without_stars_removes_them_too(alice, episode):
    publish(alice, episode, body="Words")
    publish(alice, episode, stars=None, body="Words")
    assert stored().stars is None


def test_after_deleting_one_may_write_anew(alice, episode):
    first = publish(alice, episode, body="Words")
    first.retract()
    second = publish(alice, episode, body="Words")
    assert second != first
    assert Review.objects.live().get() == second


def test_an_edit_of_a_hidden_review_stays_hidden(alice, mona, episode):
    review = publish(alice, episode, body="Rude")
    review.hide(mona, "Rude")
    publish(alice, episode, stars=2, body="Polite")
    assert not Review.objects.live().exists()
    review.restore(mona, "Polite now")
    assert RatingTally.objects.get(count=1).stars == 2


def test_raising_a_reviews_scope_raises_all_that_stands_under_it(alice, bob, mona, episode, make_comment):
    review = publish(alice, episode, body="Words", spoils_through=0)
    root = make_comment(bob, review)
    reply = make_comment(alice, review, body="Reply", parent=root)
    hidden = make_comment(bob, review, body="Hidden", parent=reply)
    deep = make_comment(alice, review, body="Deep", parent=hidden)
    hidden.hide(mona, "Rude")
    gone = make_comment(bob, review, body="Gone", parent=deep)
    gone.retract()
    publish(alice, episode, body="Words that say more", spoils_through=2)
    hidden.restore(mona, "After all")
    scopes = {comment.pk: comment.spoils_through for comment in review.comments.all()}
    assert scopes == {root.pk: 2, reply.pk: 2, hidden.pk: 2, deep.pk: 2, gone.pk: 0}


def test_lowering_a_reviews_scope_leaves_its_comments(alice, bob, episode, make_comment):
    review = publish(alice, episode, body="Words", spoils_through=2)
    comment = make_comment(bob, review)
    publish(alice, episode, body="Words", spoils_through=0)
    comment.refresh_from_db()
    assert comment.spoils_through == 2


def test_publishing_costs_at_most_sixteen_queries(alice, bob, episode, django_assert_max_num_queries):
    """And the savepoints around them. The first vote for some stars adds three for the tally's new row."""
    for stars in (3, 4):
        publish(bob, episode, stars=stars, body=f"Words of {stars}", spoils_through=stars - 2)
    with django_assert_max_num_queries(18):
        publish(alice, episode, stars=3, body="Words", spoils_through=1)
    with django_assert_max_num_queries(18):
        publish(alice, episode, stars=4, body="Other words", spoils_through=2)
    with django_assert_max_num_queries(8):
        publish(alice, episode, stars=4, body="Other words", spoils_through=2)


def test_a_reviews_name_holds_none_of_its_words(alice, episode):
    review = publish(alice, episode, headline="Secret line", body="Secret words")
    assert str(Review.objects.visible_to(viewer_of()).get(pk=review.pk)) == "Alice: Drama · 2"


def test_a_review_of_the_series_leaves_the_question_how_far_open(alice, series, make_review):
    make_review(alice, series, body="", headline="")
    assert not Progress.objects.exists()
    make_review(alice, series, body="All of it", spoils_through=4)
    assert not Progress.objects.exists()


def test_whoever_rewatches_stays_where_they_are_when_they_save_again(alice, series, episode, make_review):
    make_review(alice, episode, body="First")
    seen(alice, series, 0)
    for body in ("First", "Second"):
        make_review(alice, episode, body=body)
        progress = Progress.objects.get()
        assert (progress.seen_through, progress.furthest) == (0, 2)


def test_a_new_review_in_place_of_a_hidden_one_is_hidden_too_until_a_moderator_restores_it(
    alice, bob, mona, episode, make_review
):
    review = make_review(alice, episode, body="Rude")
    review.hide(mona, "Rude")
    review.retract()
    again = make_review(alice, episode, body="Rude")
    assert again.pk != review.pk
    assert not Review.objects.get(pk=again.pk).is_live
    (hiding,) = ModerationAction.objects.standing_on(again)
    assert hiding.reason == "Rude"
    assert differences() == []
    again.restore(mona, "Said sorry")
    assert Review.objects.get(pk=again.pk).is_live
    again.retract()
    assert make_review(alice, episode, body="Kind").is_live  # what was put back stays put back
    assert make_review(bob, episode).is_live
    assert differences() == []
