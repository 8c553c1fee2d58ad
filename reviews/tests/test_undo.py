"""What was done is taken back whole: with all that it moved, and with nothing that was said or done since."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Sanction
from reviews.models import Appeal, Comment, HeldWord, ModerationAction, Notification, Policy, Report, Review
from reviews.models.policy import RAID
from reviews.models.sanctions import calm, declare_raid, go_on, hide_all, impose, lift
from reviews.models.undo import reverse, stands, undo
from reviews.recount import repair
from reviews.tests.counting import assert_counted


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


def scopes():
    return list(Comment.objects.order_by("pk").values_list("spoils_through", flat=True))


@pytest.fixture(params=["comment", "review"])
def raised(request, alice, bob, una, mona, episode, make_review, make_comment):
    """A text that was raised from 0 to 3, with three answers from 0, 1 and 3."""
    if request.param == "review":
        text: Any = make_review(alice, episode, spoils_through=0)
        where: dict[str, Any] = {}
        first = make_comment(bob, text, spoils_through=0)
        answer = make_comment(una, text, parent=first, spoils_through=1)
        make_comment(bob, text, body="Later", spoils_through=3)
    else:
        text = make_comment(alice, episode, spoils_through=0)
        where = {"parent": text}
        first = make_comment(bob, episode, spoils_through=0, **where)
        answer = make_comment(una, episode, parent=first, spoils_through=1)
        make_comment(bob, episode, body="Later", spoils_through=3, **where)
    before = scopes()
    text.rescope(mona, 3, "It tells")
    assert set(scopes()) == {3}
    return text, first, answer, before


@pytest.mark.parametrize("taking_back", [undo, reverse])
def test_what_went_up_with_a_text_comes_down_with_it(raised, mona, taking_back):
    *_others, before = raised
    taking_back(ModerationAction.objects.get(), mona, "Wrong number")
    assert scopes() == before


def test_what_was_written_for_the_higher_scope_stays_there_with_what_answers_it(raised, mona):
    text, first, _answer, before = raised
    Comment.objects.get(pk=first.pk).edit(body="And so they part", spoils_through=3)
    undo(ModerationAction.objects.get(), mona, "Wrong number")
    text.refresh_from_db()
    assert text.spoils_through == 0
    assert scopes()[-3:] == [3, 3, 3]
    assert before[-3:] == [0, 1, 3]


def test_what_was_moved_since_stays_where_it_was_put(raised, mona):
    _text, first, answer, _before = raised
    Comment.objects.get(pk=answer.pk).raise_scope(4)
    undo(ModerationAction.objects.filter(verb="raise").latest("pk"), mona, "Wrong number")
    assert scopes()[-3:] == [0, 4, 3]
    assert Comment.objects.get(pk=first.pk).spoils_through == 0


@pytest.mark.parametrize("taking_back", [undo, reverse])
def test_changed_words_are_not_brought_forward_unseen(alice, mona, episode, make_comment, taking_back):
    text = make_comment(alice, episode, spoils_through=0)
    text.rescope(mona, 3, "It tells")
    Comment.objects.get().edit(body="They part in Track 3", spoils_through=3)
    with pytest.raises(ValidationError):
        taking_back(ModerationAction.objects.get(), mona, "Wrong number")
    assert Comment.objects.get().spoils_through == 3
    assert Comment.objects.get().rescope(mona, 0, "I have looked")


def test_a_changed_line_is_not_put_above_its_text_unseen(alice, mona, episode, make_review):
    review = make_review(alice, episode, headline="They part", body="In the rain", spoils_through=3)
    review.fold_headline(mona, 3, "It tells")
    Review.objects.publish(alice, episode, stars=8, headline="They part in Track 3", body="So", spoils_through=3)
    with pytest.raises(ValidationError):
        undo(ModerationAction.objects.get(), mona, "Wrong button")
    assert Review.objects.get().headline == ""


@pytest.fixture
def held(alice, series, make_comment):
    text = make_comment(alice, series)
    Comment.objects.filter(pk=text.pk).update(held_at=timezone.now(), held_for="word")
    repair()
    return Comment.objects.get()


@pytest.mark.parametrize("verb", ["hide", "approve"])
def test_what_waited_waits_again_for_the_same(held, mona, verb):
    getattr(held, verb)(mona, "Wrong row")
    undo(ModerationAction.objects.get(), mona, "Wrong row")
    assert Comment.objects.values_list("held_for", "hidden_at").get() == ("word", None)
    assert not Comment.objects.live().exists()


@pytest.mark.django_db(transaction=True)
def test_what_waited_and_was_hidden_with_all_waits_again(alice, held, mona):
    hide_all(alice, mona, "A spammer")
    undo(ModerationAction.objects.get(verb="hide_all"), mona, "Wrong row")
    assert Comment.objects.values_list("held_for", "hidden_at").get() == ("word", None)


def test_a_moderator_who_looks_and_reverses_lets_it_stand(held, mona):
    held.hide(mona, "Spam")
    reverse(ModerationAction.objects.get(), mona, "It is none")
    assert Comment.objects.live().exists()


@pytest.mark.parametrize("way", ["appeal", "reverse"])
def test_what_took_the_place_of_a_hidden_review_comes_back_for_it(alice, mona, admin_user, episode, make_review, way):
    review = make_review(alice, episode, body="Rude words")
    review.hide(mona, "Rude")
    Review.objects.get().retract()
    anew = make_review(alice, episode, body="Kind words")
    assert not Review.objects.live().exists()
    act = ModerationAction.objects.get()
    if way == "appeal":
        assert Appeal.objects.lodge(alice, act, "I have changed it").hear(admin_user, True, "So you have")
    else:
        reverse(act, mona, "It is kind now")
    assert list(Review.objects.live()) == [anew]


def test_an_act_stands_again_once_its_undoing_is_undone(alice, mona, series, make_comment):
    text = make_comment(alice, series)
    text.hide(mona, "Rude")
    first = ModerationAction.objects.get()
    text.restore(mona, "No")
    undo(ModerationAction.objects.latest("pk"), mona, "Wrong button")
    assert stands(first)
    assert ModerationAction.objects.get(pk=first.pk).can_be_appealed
    reverse(first, mona, "Not rude")
    assert not stands(first)
    assert Comment.objects.get().is_live
    reverse(ModerationAction.objects.latest("pk"), mona, "Rude after all")
    assert stands(first)
    reverse(first, mona, "Not rude, really")
    assert Comment.objects.get().is_live


def test_a_second_raise_is_undone_before_the_first(alice, mona, episode, make_comment):
    text = make_comment(alice, episode, spoils_through=0)
    for scope in (1, 3):
        text.rescope(mona, scope, "Further")
    second, first = ModerationAction.objects.all()
    with pytest.raises(ValidationError):
        undo(first, mona, "Wrong order")
    for act in (second, first):
        undo(act, mona, "Wrong number")
    assert scopes() == [0]


def test_a_raid_that_was_called_off_by_mistake_goes_on_for_as_long_as_it_would_have(mona):
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        declare_raid(mona, "Bots")
        until = timezone.now() + RAID
        clock.shift(timedelta(hours=2))
        calm(mona, "Gone")
        undo(ModerationAction.objects.latest("pk"), mona, "Wrong button")
        assert Policy.objects.current().raid_until == until


def test_an_earlier_raid_does_not_stand_again_in_the_next(mona):
    first = declare_raid(mona, "Bots")
    calm(mona, "Gone")
    second = declare_raid(mona, "More bots")
    assert [stands(act) for act in (first, second)] == [False, True]
    with pytest.raises(ValidationError):
        undo(first, mona, "Old")
    undo(second, mona, "Wrong button")
    assert ModerationAction.objects.get(undoes=second).verb == "calm"
    assert not Policy.objects.current().is_raid()


def test_a_report_that_is_decided_anew_is_told_of_once(alice, bob, mona, series, make_comment):
    text = make_comment(alice, series)
    Report.objects.file(bob, text, "spam")
    text.hide(mona, "Spam")
    Notification.objects.mark_read(bob)
    undo(ModerationAction.objects.get(), mona, "Wrong row")
    Comment.objects.get().hide(mona, "Spam after all")
    assert Notification.objects.to(bob).get().read_at is None


def test_what_was_put_back_by_itself_is_not_hidden_again_by_the_queue(alice, mona, series, make_comment):
    make_comment(alice, series)
    hide_all(alice, mona, "Spam")
    Comment.objects.get().restore(mona, "This one is fine")
    go_on.call(ModerationAction.objects.get(verb="hide_all").pk)
    assert Comment.objects.live().exists()


# What holds, and why


def why(text):
    """What its author reads on its page: reasons, and what they appealed."""
    return [(act.reason, getattr(act, "appeal", None)) for act in ModerationAction.objects.standing_on(text)]


def test_what_is_undone_leaves_no_reason_behind(alice, mona, episode, make_review):
    review = make_review(alice, episode, body="Words", spoils_through=1)
    review.rescope(mona, 2, "It tells of the second")
    review.rescope(mona, 4, "Wrong number")
    undo(ModerationAction.objects.latest("created_at"), mona, "Taken back at once.")
    assert why(Review.objects.get()) == [("It tells of the second", None)]
    undo(ModerationAction.objects.earliest("created_at"), mona, "Taken back at once.")
    assert why(Review.objects.get()) == []


def test_what_stands_again_stands_for_its_own_reason_and_is_appealed_once(alice, mona, una, episode, make_review):
    review = make_review(alice, episode, body="Words", spoils_through=1)
    review.hide(mona, "It hurts")
    review.close_thread(mona, "It went too far")
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(verb="hide"), "It does not")
    appeal.hear(una, False, "It does")
    review.restore(mona, "Wrong row")
    review.open_thread(mona, "Wrong row")
    for verb in ("restore", "unlock"):
        undo(ModerationAction.objects.get(verb=verb), mona, "Taken back at once.")
    review = Review.objects.get()
    assert set(why(review)) == {("It hurts", appeal), ("It went too far", None)}
    closing = ModerationAction.objects.closing(review)
    assert closing
    assert closing.reason == "It went too far"
    again = ModerationAction.objects.filter(verb="hide").latest("created_at")
    assert again.reason == "Taken back at once."
    with pytest.raises(ValidationError):
        Appeal.objects.lodge(alice, again, "It does not, I say")


def test_who_is_silenced_again_reads_the_first_reason(alice, mona):
    act = impose(alice, Sanction.Kind.SILENCE, mona, "Rude three times")
    assert act.sanction
    lift(act.sanction, mona, "Wrong row")
    undo(ModerationAction.objects.get(verb="lift"), mona, "Taken back at once.")
    standing = Sanction.objects.longest_in_force(alice, Sanction.Kind.SILENCE)
    assert standing
    assert standing.reason == "Rude three times"


@pytest.mark.parametrize("taking_back", [undo, reverse])
def test_with_a_line_what_went_up_comes_down(alice, bob, mona, episode, make_review, make_comment, taking_back):
    review = make_review(alice, episode, headline="They part", body="So", spoils_through=1)
    make_comment(bob, review, spoils_through=2)
    review.fold_headline(mona, 3, "It tells")
    assert scopes() == [3]
    taking_back(ModerationAction.objects.get(), mona, "Wrong button")
    review = Review.objects.get()
    assert (review.headline, review.spoils_through, review.least_scope) == ("They part", 1, 1)
    assert scopes() == [2]


def test_a_text_that_was_put_elsewhere_since_stays_there_when_its_line_comes_back(alice, mona, episode, make_review):
    review = make_review(alice, episode, headline="They part", body="So", spoils_through=1)
    review.fold_headline(mona, 3, "It tells")
    review.rescope(mona, 4, "And more")
    undo(ModerationAction.objects.get(verb="fold"), mona, "Wrong button")
    assert Review.objects.values_list("headline", "spoils_through").get() == ("They part", 4)


@pytest.mark.parametrize("taking_back", [undo, reverse])
@pytest.mark.parametrize("stars", [None, 8])
def test_what_was_written_while_hidden_is_not_let_out_unseen(alice, mona, episode, make_review, taking_back, stars):
    HeldWord.objects.create(word="casino")
    review = make_review(alice, episode, stars=stars, headline="", body="" if stars else "Words")
    review.hide(mona, "Wrong row")
    Review.objects.publish(alice, episode, stars=stars, body="The casino pays", client="")
    taking_back(ModerationAction.objects.get(), mona, "Wrong row")
    assert Review.objects.values_list("hidden_at", "held_for").get() == (None, "word")


def test_a_raid_that_is_over_leaves_nothing_to_reverse(mona):
    act = declare_raid(mona, "Scarves")
    assert stands(act)
    Policy.objects.update(raid_until=timezone.now() - timedelta(minutes=1))
    assert not stands(act)
