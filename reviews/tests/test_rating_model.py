"""`Review.objects.rate`, the prompts of a series' review, and two tabs that write one review."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from conftest import seen, viewer_of
from episodes.models import Progress
from reviews.models import RatingTally, Review, Revision, ScopeTally
from reviews.models.review import LONGEST_ANSWER, PROMPTS
from reviews.recount import differences
from reviews.tests.counting import assert_counted
from soundtrack_site.withheld import WithheldError

ANSWERS = {"rewound": "The bridge", "stayed": "Only you", "shown_to": "My mother"}


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()
    assert differences() == []


def stored():
    return Review.objects.with_words().get()


# Stars alone


def test_a_rating_is_a_bare_review_that_marks_the_episode_as_seen(alice, episode):
    review = Review.objects.rate(alice, episode, 7)
    assert review.is_bare
    assert (stored().stars, stored().spoils_through, stored().word_count) == (7, 0, 0)
    assert Progress.objects.get(member=alice).seen_through == 2


def test_the_same_stars_again_change_nothing(alice, episode):
    Review.objects.rate(alice, episode, 7)
    before = Review.objects.with_words().values().get()
    Review.objects.rate(alice, episode, 7)
    assert Review.objects.with_words().values().get() == before
    assert not Revision.objects.exists()


def test_other_stars_leave_every_word(alice, series, make_review):
    make_review(alice, series, stars=3, headline="A line", body="the *words*", spoils_through=4, **ANSWERS)
    before = stored()
    Review.objects.rate(alice, series, 10)
    after = stored()
    for name in ("headline", "body", "whole_html", "spoils_through", "word_count", *PROMPTS):
        assert getattr(after, name) == getattr(before, name)
    assert (after.stars, after.version) == (10, before.version + 1)
    assert Revision.objects.get().stars == 3


def test_stars_are_added_to_words_without(alice, episode, make_review):
    make_review(alice, episode, stars=None, body="the words", spoils_through=2)
    Review.objects.rate(alice, episode, 5)
    assert (stored().stars, stored().body) == (5, "the words")
    assert RatingTally.objects.get().count == 1


def test_whoever_rewatches_stays_where_they_are(alice, series, episode):
    Review.objects.rate(alice, episode, 7)
    seen(alice, series, 0)
    Review.objects.rate(alice, episode, 8)
    assert Progress.objects.get(member=alice).seen_through == 0


def test_a_hidden_review_stays_hidden(alice, mona, episode):
    Review.objects.rate(alice, episode, 7).hide(mona, "Rude")
    assert Review.objects.rate(alice, episode, 8).is_hidden
    assert not RatingTally.objects.filter(count__gt=0).exists()


@pytest.mark.parametrize("stars", [0, 11, -1, 10**12, None])
def test_stars_beyond_the_scale_are_refused(alice, episode, stars):
    with pytest.raises(ValidationError):
        Review.objects.rate(alice, episode, stars)
    assert not Review.objects.exists()
    assert not Progress.objects.exists()


def test_what_has_not_aired_is_not_rated(alice, make_series):
    airing = make_series("airing", aired=2)
    with pytest.raises(ValidationError) as refused:
        Review.objects.rate(alice, airing.episodes.select_related("series").get(number=3), 7)
    assert refused.value.code == "unaired"


# The prompts


def test_answers_count_as_words_and_have_the_reviews_scope(alice, series, make_review):
    review = make_review(alice, series, stars=None, headline="", body="", spoils_through=4, **ANSWERS)
    assert (review.word_count, review.is_bare, review.has_scoped_words) == (6, False, True)
    assert Review.objects.listed().get() == review
    assert ScopeTally.objects.get(count=1).scope == 4


def test_answers_are_sent_to_whoever_has_seen_as_far(alice, bob, series, make_review):
    make_review(alice, series, body="the words", spoils_through=3, **ANSWERS)
    seen(bob, series, 2)
    waiting = Review.objects.for_reader(viewer_of(bob), series).get()
    assert waiting.answers == []
    assert not any(getattr(waiting, f"sent_{name}") for name in PROMPTS)
    with pytest.raises(WithheldError):
        str(waiting.rewound)
    seen(bob, series, 3)
    shown = Review.objects.for_reader(viewer_of(bob), series).get()
    assert [answer for _prompt, answer in shown.answers] == list(ANSWERS.values())


def test_one_answer_is_enough(alice, series, make_review):
    make_review(alice, series, stars=None, headline="", body="", stayed="Only you")
    assert stored().stayed == "Only you"


def test_answers_are_kept_when_they_change(alice, series, make_review):
    make_review(alice, series, **ANSWERS)
    make_review(alice, series, stayed="Another")
    assert (stored().stayed, stored().rewound) == ("Another", "")
    assert Revision.objects.with_words().get().more == ANSWERS


def test_the_same_answers_again_change_nothing(alice, series, make_review):
    make_review(alice, series, **ANSWERS)
    make_review(alice, series, **ANSWERS)
    assert stored().version == 1


def test_an_episode_is_not_asked(alice, episode, make_review):
    with pytest.raises(ValidationError) as refused:
        make_review(alice, episode, stayed="Only you")
    assert refused.value.code == "prompts"


@pytest.mark.parametrize("name", PROMPTS)
def test_an_answer_too_long_for_its_column_is_refused(alice, series, make_review, name):
    make_review(alice, series, **{name: "x" * LONGEST_ANSWER})
    with pytest.raises(ValidationError) as refused:
        make_review(alice, series, **{name: "x" * (LONGEST_ANSWER + 1)})
    assert name in refused.value.message_dict
    assert stored().version == 1


def test_removed_stars_leave_answers(alice, series, make_review):
    review = make_review(alice, series, headline="", body="", stayed="Only you")
    review.remove_rating()
    assert (stored().stars, stored().stayed) == (None, "Only you")


def test_the_table_refuses_answers_about_an_episode_and_words_of_what_is_deleted(alice, episode, make_review):
    review = make_review(alice, episode, stars=8)
    for name in PROMPTS:
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**{name: "Only you"})
    review.retract()
    for values in ({"headline": "A line"}, {"stars": 3}, {"body": "the words"}, {"stayed": "Only you"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**values)


# Two tabs


def test_a_second_tab_does_not_write_over_the_first(alice, episode, make_review):
    make_review(alice, episode, body="As it was")
    began = stored().fingerprint
    make_review(alice, episode, body="First tab", began_with=began)
    with pytest.raises(ValidationError) as refused:
        make_review(alice, episode, body="Second tab", began_with=began)
    assert refused.value.code == "conflict"
    assert stored().body == "First tab"
    make_review(alice, episode, body="Second tab", began_with=stored().fingerprint)
    assert stored().body == "Second tab"


def test_what_says_the_same_is_no_conflict(alice, episode, make_review):
    make_review(alice, episode, body="As it was")
    began = stored().fingerprint
    for _ in range(2):
        make_review(alice, episode, body="Both tabs", began_with=began)
    assert stored().version == 2


def test_a_new_review_is_in_conflict_with_one_from_another_tab(alice, episode, make_review):
    make_review(alice, episode, body="First tab", began_with="")
    with pytest.raises(ValidationError) as refused:
        make_review(alice, episode, body="Second tab", began_with="")
    assert refused.value.code == "conflict"
    assert stored().body == "First tab"


def test_who_says_nothing_of_where_they_began_is_not_checked(alice, episode, make_review):
    make_review(alice, episode, body="First")
    make_review(alice, episode, body="Second")
    assert stored().body == "Second"


@pytest.mark.parametrize("change", [{"stars": 3}, {"headline": "Other"}, {"body": "Other"}, {"spoils_through": 2}])
def test_every_field_of_the_form_is_in_the_fingerprint(alice, episode, make_review, change):
    make_review(alice, episode)
    before = stored().fingerprint
    make_review(alice, episode, **change)
    assert stored().fingerprint != before


@pytest.mark.parametrize("name", PROMPTS)
def test_so_is_every_answer(alice, series, make_review, name):
    make_review(alice, series)
    before = stored().fingerprint
    make_review(alice, series, **{name: "Only you"})
    assert stored().fingerprint != before


def test_being_felt_or_hidden_is_no_change_of_words(alice, bob, mona, episode, make_review):
    review = make_review(alice, episode)
    before = stored().fingerprint
    review.hide(mona, "Rude")
    assert stored().fingerprint == before
