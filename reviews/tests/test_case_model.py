"""Reports gather into one case; a decision answers them; one that is taken back asks them again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from conftest import seen, viewer_of
from reviews.models import Case, FloodError, ModerationAction, Notification, Policy, Report, Review
from reviews.models.case import CLAIM, ENOUGH_TO_FOLD
from reviews.models.flood import LIMITS
from reviews.models.sanctions import keep_member
from reviews.models.undo import undo
from reviews.tests.counting import assert_counted

WORDS = "She leaves him on the bridge"


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


@pytest.fixture(params=["review", "comment"])
def text(request, alice, episode, make_review, make_comment):
    make = make_review if request.param == "review" else make_comment
    return make(alice, episode, body=WORDS, spoils_through=1)


@pytest.fixture
def elders(crowd):
    """Members who have been here for long, and whose word counts. `Policy.new_days` is all that is asked of them."""
    Policy.objects.create(new_days=1)
    members = crowd(ENOUGH_TO_FOLD)
    User.objects.filter(pk__in=[one.pk for one in members]).update(date_joined=timezone.now() - timedelta(days=9))
    return list(User.objects.filter(pk__in=[one.pk for one in members]).order_by("pk"))


@pytest.fixture
def established(elders, series, make_comment):
    for one in elders:
        for word in ("One", "Two", "Three"):
            make_comment(one, series, body=word)
    return elders


def sent_note(moderator):
    report: Any = Report.objects.for_moderator(viewer_of(moderator)).get()
    return report.sent_note


def case_of(target, **how):
    return Case.objects.about(target, **how).get()


def test_reports_of_one_text_are_one_case_with_the_worst_of_them_first(text, bob, una):
    Report.objects.file(bob, text, "other")
    assert case_of(text).harm == Report.HARM["other"]
    Report.objects.file(una, text, "harassment", "  He names her  ")
    case = case_of(text)
    assert (case.open_count, case.harm) == (2, Report.HARM["harassment"])
    assert case.waits_since == Report.objects.earliest("pk").created_at
    assert Report.objects.with_words().get(by=una).note == "He names her"


def test_a_member_tells_of_one_thing_once(text, bob):
    first, is_new = Report.objects.file(bob, text, "spam")
    again, is_new_again = Report.objects.file(bob, text, "harassment", "Really")
    assert (is_new, is_new_again) == (True, False)
    assert again == first
    assert Report.objects.get().reason == "spam"


def test_a_headline_is_another_case_than_its_text(alice, episode, bob, make_review):
    review = make_review(alice, episode, headline="He dies", body=WORDS, spoils_through=1)
    Report.objects.file(bob, review, "spoiler", is_headline=True, spoils_through=1)
    Report.objects.file(bob, review, "spam")
    assert Case.objects.count() == 2
    assert case_of(review, is_headline=True).reports.get().reason == "spoiler"


def test_a_member_can_be_reported(alice, bob):
    report, _is_new = Report.objects.file(bob, alice, "harassment")
    assert report.case.target == alice


def test_nobody_reports_their_own(text, alice):
    for target in (text, alice):
        with pytest.raises(ValidationError):
            Report.objects.file(alice, target, "spam")
    assert not Report.objects.exists()


def test_what_is_gone_cannot_be_reported(text, bob, mona):
    text.hide(mona, "Rude")
    with pytest.raises(ValidationError):
        Report.objects.file(bob, text, "spam")
    text.restore(mona, "A mistake")
    text.retract()
    with pytest.raises(ValidationError):
        Report.objects.file(bob, text, "spam")


def test_a_spoiler_goes_no_further_than_what_has_aired(text, bob):
    with pytest.raises(ValidationError):
        Report.objects.file(bob, text, "spoiler", spoils_through=99)
    assert not Case.objects.exists()


def test_reports_alone_take_nothing_away(text, established):
    for one in established:
        Report.objects.file(one, text, "spoiler", spoils_through=2)
    after = type(text).objects.get(pk=text.pk)
    assert (after.is_live, after.folded_at, after.spoils_through) == (True, None, 1)


def test_three_who_are_established_fold_a_text_that_harms(text, established, bob):
    for one in established[:-1]:
        Report.objects.file(one, text, "harassment")
    Report.objects.file(bob, text, "harassment")  # new here
    assert type(text).objects.get(pk=text.pk).folded_at is None
    Report.objects.file(established[-1], text, "spam")
    after = type(text).objects.get(pk=text.pk)
    assert after.folded_at is not None
    assert after.is_live


def test_the_operator_may_switch_folding_off(text, established):
    Policy.objects.update(folds_reported=False)
    for one in established:
        Report.objects.file(one, text, "harassment")
    assert type(text).objects.get(pk=text.pk).folded_at is None


@pytest.mark.parametrize("verb", ["keep", "hide"])
def test_a_decision_answers_every_report_and_tells_who_filed_it(text, established, mona, verb):
    for one in established:
        Report.objects.file(one, text, "harassment")
    assert getattr(text, verb)(mona, "I looked")
    case = case_of(text)
    assert (case.open_count, case.harm, case.waits_since) == (0, 0, None)
    assert type(text).objects.get(pk=text.pk).folded_at is None
    action = ModerationAction.objects.get()
    assert {report.action for report in Report.objects.all()} == {action}
    told = Notification.objects.filter(kind="outcome").values_list("recipient", flat=True)
    assert set(told) == {one.pk for one in established}
    assert Notification.objects.filter(kind="decision").count() == (verb == "hide")


def test_a_report_that_came_in_meanwhile_waits_for_the_next_decision(text, bob, una, mona):
    Report.objects.file(bob, text, "spam")
    judged, seen = text.judged(mona, {})
    Report.objects.file(una, text, "harassment")
    judged.note(mona, "keep", "Looks fine", seen)
    assert case_of(text).open_count == 1
    assert Report.objects.get(by=una).action is None


def test_a_second_decision_answers_no_report_again(text, bob, mona, admin_user, monkeypatch):
    Report.objects.file(bob, text, "spam")
    queue_up = type(User.objects).queue_up

    def as_another_decides(manager, *keys):
        monkeypatch.setattr(type(User.objects), "queue_up", queue_up)
        type(text).objects.get(pk=text.pk).hide(admin_user, "Spam")
        return queue_up(manager, *keys)

    monkeypatch.setattr(type(User.objects), "queue_up", as_another_decides)
    assert not text.keep(mona, "Fine")
    assert Notification.objects.filter(recipient=bob).values_list("report__action__verb").get() == ("hide",)


def test_a_decision_about_the_headline_leaves_the_case_about_the_text_and_the_other_way_round(
    alice, bob, una, mona, episode, make_review
):
    review = make_review(alice, episode, headline="He dies", spoils_through=2)
    Report.objects.file(bob, review, "harassment")
    Report.objects.file(una, review, "spoiler", is_headline=True, spoils_through=3)
    review.fold_headline(mona, 3, "It tells")
    assert Report.objects.get(by=una).action is not None
    assert case_of(review).open_count == 1
    assert review.keep(mona, "It does not hurt")
    assert not Case.objects.waiting().exists()
    assert not review.keep(mona, "It does not hurt")
    assert ModerationAction.objects.count() == 2


def test_nobody_judges_what_is_theirs(bob, mona, series, make_review, make_comment):
    review, comment = make_review(mona, series, headline="Mine"), make_comment(mona, series)
    for text in (review, comment):
        Report.objects.file(bob, text, "spam")
        for verb in ("keep", "hide", "restore", "approve", "close_thread", "open_thread"):
            with pytest.raises(PermissionDenied):
                getattr(text, verb)(mona, "Fine")
        with pytest.raises(PermissionDenied):
            text.rescope(mona, 2, "Fine")
    for verb in ("fold_headline", "unfold_headline"):
        with pytest.raises(PermissionDenied):
            getattr(review, verb)(mona, *([2] if verb == "fold_headline" else []), "Fine")
    Report.objects.file(bob, mona, "harassment")
    with pytest.raises(PermissionDenied):
        keep_member(mona, mona, "Fine")
    assert not ModerationAction.objects.exists()


def test_what_is_reported_before_an_act_is_undone_waits_on(text, alice, bob, mona):
    text.close_thread(mona, "Enough")
    act = ModerationAction.objects.get()
    Report.objects.file(bob, text, "harassment")
    undo(act, mona, "Wrong button")
    assert case_of(text).open_count == 1
    assert not Notification.objects.filter(recipient=bob).exists()


def test_three_tell_of_harm_once_more_when_it_was_not_kept_after_all(text, established, mona):
    for one in established:
        Report.objects.file(one, text, "harassment")
    text.keep(mona, "Fine")
    assert type(text).objects.get(pk=text.pk).folded_at is None
    version = type(text).objects.get(pk=text.pk).version
    undo(ModerationAction.objects.get(), mona, "Wrong button")
    folded = type(text).objects.get(pk=text.pk)
    assert folded.folded_at is not None
    assert folded.version == version + 1


def test_an_undone_decision_leaves_nothing_but_the_log(text, bob, mona, alice):
    Report.objects.file(bob, text, "spam")
    text.hide(mona, "Spam")
    undo(ModerationAction.objects.get(), mona, "Wrong button")
    assert type(text).objects.get(pk=text.pk).is_live
    assert case_of(text).open_count == 1
    assert not Notification.objects.unread().exists()
    assert [act.verb for act in ModerationAction.objects.order_by("pk")] == ["hide", "restore"]
    assert ModerationAction.objects.get(undoes__verb="hide").verb == "restore"
    alice.refresh_from_db()
    assert alice.unread_count == 0


def test_only_ones_own_act_of_the_last_ten_minutes_is_undone(text, mona, admin_user, monkeypatch):
    text.hide(mona, "Spam")
    act = ModerationAction.objects.get()
    with pytest.raises(ValidationError):
        undo(act, admin_user, "Not mine")
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with pytest.raises(ValidationError):
        undo(act, mona, "Too late")
    assert not type(text).objects.get(pk=text.pk).is_live


def test_an_act_is_undone_once(text, mona):
    text.hide(mona, "Spam")
    act = ModerationAction.objects.get()
    undo(act, mona, "Wrong button")
    with pytest.raises(ValidationError):
        undo(act, mona, "Again")
    assert ModerationAction.objects.count() == 2


def test_a_claim_lasts_half_an_hour_and_keeps_others_away(text, bob, mona, admin_user):
    Report.objects.file(bob, text, "spam")
    case = case_of(text)
    assert case.claim(mona)
    assert case.claim(mona)
    assert not case.claim(admin_user)
    case.release(admin_user)
    assert not case.claim(admin_user)
    Case.objects.update(claimed_at=timezone.now() - CLAIM)
    assert case.claim(admin_user)


def test_a_closed_case_is_nobodys_and_opens_anew(text, bob, una, mona):
    Report.objects.file(bob, text, "spam")
    case_of(text).claim(mona)
    text.keep(mona, "Fine")
    assert case_of(text).claimed_by is None
    Report.objects.file(una, text, "harassment")
    case = case_of(text)
    assert (case.open_count, case.harm) == (1, Report.HARM["harassment"])


def test_the_desk_puts_harm_before_age(alice, bob, series, make_comment):
    older = make_comment(alice, series, body="One")
    newer = make_comment(alice, series, body="Two")
    Report.objects.file(bob, older, "spam")
    Report.objects.file(bob, newer, "harassment")
    assert [case.target for case in Case.objects.waiting()] == [newer, older]


def test_reports_are_limited(alice, bob, series, make_comment):
    most = LIMITS["report"][0].most
    texts = [make_comment(alice, series, body=f"Text {number}") for number in range(most + 1)]
    for text in texts[:-1]:
        Report.objects.file(bob, text, "spam")
    with pytest.raises(FloodError) as refusal:
        Report.objects.file(bob, texts[-1], "spam")
    assert refusal.value.until > timezone.now()
    assert Report.objects.count() == most


def test_a_note_waits_as_long_as_the_text_it_is_about(text, bob, mona, series):
    Report.objects.file(bob, text, "spoiler", "She leaves him in track 2", spoils_through=2)
    seen(mona, series, 1)
    assert sent_note(mona) is None
    seen(mona, series, 2)
    assert sent_note(mona) == "She leaves him in track 2"


def test_what_is_folded_is_sent_to_nobody_but_its_author_and_who_asks(text, established, alice, bob, series):
    seen(bob, series, 4)
    for one in established:
        Report.objects.file(one, text, "harassment")
    model = type(text)
    assert model.objects.for_reader(viewer_of(bob), series).get(pk=text.pk).sent_html is None
    assert model.objects.for_reader(viewer_of(alice), series).get(pk=text.pk).sent_html
    assert isinstance(text, Review) or text.is_live
