"""A case with all that should be known, decisions with one press, and the way back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Sanction
from reviews.models import Case, Comment, ModerationAction, Notification, Report, Review
from reviews.tests.desk.pages import LIST, WORDS, buttons, case_of, last, page, undone


def test_a_case_tells_what_should_be_known(browser, mona, alice, bob, una, episode, make_comment, review):
    other = make_comment(alice, episode, body="Earlier")
    Report.objects.file(bob, other, "spam")
    other.hide(mona, "Advertising")
    make_comment(bob, review, body="An answer below")
    Report.objects.file(bob, review, "harassment", "Look at the end")
    Report.objects.file(una, review, "spoiler", spoils_through=3)
    shown = browser.get(page(case_of(review))).text
    for words in (WORDS, "An answer below", "Look at the end", "should wait until Track 3", "1 hidden"):
        assert words in shown, words
    assert "2 reports in all, 1 led to something, 1 not answered yet" in " ".join(shown.split())
    assert "Raise scope: Track 3" in buttons(shown)


def test_a_case_is_claimed_for_half_an_hour_and_released(browser, as_member, admin_user, mona, bob, review):
    Report.objects.file(bob, review, "spam")
    case = case_of(review)
    url, _values = buttons(browser.get(page(case)).text)["Claim for half an hour"]
    assert "You are at it." in browser.post(url, follow=True).text
    other = as_member(admin_user)
    assert "mona is at it." in other.get(page(case)).text
    assert "mona is at it." in other.get(LIST).text
    assert "Mona is at it already." in other.post(page(case, "claim"), follow=True).text
    browser.post(page(case, "release"))
    assert not case_of(review).is_claimed
    other.post(LIST, {"action": "claim_selected", "_selected_action": [case.pk]})
    assert case_of(review).claimed_by == admin_user
    assert (
        "Some are claimed already: ada."
        in browser.post(LIST, {"action": "claim_selected", "_selected_action": [case.pk]}, follow=True).text
    )
    assert browser.get(page(case, "claim")).status_code == 403


FOLD = "Fold the headline: it waits until Track 3"
ON_A_TEXT = {"Keep": "keep", "Hide": "hide", "Close the thread": "lock", "Raise scope: Track 3": "raise", FOLD: "fold"}
ON_A_MEMBER = {"Silence for 7 days": "silence", "Ban for good": "ban", "Hide all their texts": "hide_all"}


@pytest.mark.parametrize("press", [*ON_A_TEXT, *ON_A_MEMBER])
def test_one_press_with_a_ready_reason_decides_answers_tells_and_can_be_undone(
    browser, alice, bob, una, review, ready, press
):
    about = {"is_headline": press == FOLD}
    Report.objects.file(bob, review, "spoiler", spoils_through=3, **about)
    case = case_of(review, **about)
    shown = browser.get(page(case)).text
    url, values = buttons(shown)[press]
    hidden = dict(re.findall(r'<input type="hidden" name="(spoils_through|stood_at)" value="(\d+)">', shown))
    done = browser.post(url, {"template": ready.pk, "rule": "", "reason": "", **hidden, **values}, follow=True)
    assert done.redirect_chain == [(page(case), 302)]
    act = ModerationAction.objects.get(verb={**ON_A_TEXT, **ON_A_MEMBER}[press])
    assert (act.reason, act.rule) == ("It insults somebody.", ready.rule)
    if press in ON_A_MEMBER:
        alice.refresh_from_db()
        assert (alice.is_silenced(), alice.is_banned()) == (act.verb == "silence", act.verb == "ban")
    else:
        assert not case_of(review, **about).open_count
        assert Notification.objects.filter(kind="outcome", recipient=bob).exists()

    assert "Undone. Its notice is taken back, and no mail goes out." in undone(browser, done.text)
    assert case_of(review, **about).open_count == 1
    assert not Notification.objects.unread().exists()
    fresh = Review.objects.get(pk=review.pk)
    assert (fresh.is_live, fresh.spoils_through, fresh.headline) in [(True, 1, "A line"), (True, 3, "A line")]
    alice.refresh_from_db()
    assert not alice.is_silenced()
    assert not alice.is_banned()


def test_without_a_reason_the_page_asks_for_it_and_keeps_the_rest(browser, bob, review, ready):
    Report.objects.file(bob, review, "spam")
    url = f"{page(review, 'hide')}?case={case_of(review).pk}"
    answer = browser.post(url, {"template": "", "rule": ready.rule.pk, "reason": ""})
    assert answer.status_code == 422
    assert "Say why: the author will want to know." in answer.text
    assert f'<option value="{ready.rule.pk}" selected>Be kind</option>' in answer.text
    assert "Insult: It insults somebody." in answer.text
    for wrong in ({"template": "999"}, {"rule": "x"}):
        assert browser.post(url, {"reason": "Typed with care", **wrong}).status_code == 422
    own = {"template": ready.pk, "reason": "My own words"}
    assert browser.post(url, own)["Location"] == page(case_of(review))
    assert ModerationAction.objects.get().reason == "My own words"


def test_to_keep_asks_for_a_reason_that_is_for_the_log_alone(browser, alice, bob, review):
    for target in (alice, review):
        Report.objects.file(bob, target, "spam")
        refused = browser.post(page(target, "keep"), {"reason": ""})
        assert refused.status_code == 422
        assert "Say why: it stays in the log." in refused.text
        assert "its author reads it" not in refused.text


def test_a_member_who_is_reported_is_left_silenced_or_banned(browser, alice, bob, una):
    Report.objects.file(bob, alice, "harassment")
    case = case_of(alice)
    pressed = buttons(browser.get(page(case)).text)
    assert "Leave as it is" in pressed
    assert "Hide" not in pressed
    url, values = pressed["Leave as it is"]
    assert "1 member left as they are." in browser.post(url, {"reason": "Nothing there", **values}, follow=True).text
    assert not case_of(alice).open_count


def test_cases_are_decided_together(browser, alice, bob, episode, make_comment):
    texts = [make_comment(alice, episode, body=f"Buy {number}") for number in range(3)]
    for text in texts:
        Report.objects.file(bob, text, "spam")
    keys = list(Case.objects.values_list("pk", flat=True))
    chosen = {"action": "hide_selected", "_selected_action": keys}
    asked = browser.post(LIST, chosen)
    assert [f'name="_selected_action" value="{key}"' in asked.text for key in keys] == [True] * 3
    done = browser.post(LIST, {**chosen, "confirmed": "yes", "reason": "Advertising"}, follow=True)
    assert "3 texts hidden." in done.text
    assert not Case.objects.waiting().exists()
    assert "3 undone. Their notices are taken back" in undone(browser, done.text)
    assert Comment.objects.live().count() == 3
    assert Case.objects.waiting().count() == 3


def test_a_headline_is_kept_by_itself_and_so_is_its_text(browser, bob, una, review):
    Report.objects.file(bob, review, "spoiler", is_headline=True)
    Report.objects.file(una, review, "spam")
    cases = [case_of(review, is_headline=is_headline) for is_headline in (True, False)]
    url, values = buttons(browser.get(page(cases[0])).text)["Keep"]
    browser.post(url, {"reason": "The line is fine", **values})
    assert list(Case.objects.waiting()) == [cases[1]]
    chosen = {"action": "keep_selected", "_selected_action": [case.pk for case in cases], "confirmed": "yes"}
    done = browser.post(f"{LIST}?state=all", {**chosen, "reason": "So is the text"}, follow=True)
    assert "1 text kept." in done.text
    assert not Case.objects.waiting().exists()


def test_keeping_a_text_on_its_own_page_keeps_its_headline_too(browser, bob, review):
    Report.objects.file(bob, review, "spam")
    Report.objects.file(bob, review, "spoiler", is_headline=True)
    assert "1 text kept." in browser.post(page(review, "keep"), {"reason": "Fine"}, follow=True).text
    assert not Case.objects.waiting().exists()


# Whoever comes second


@pytest.mark.parametrize("path", ["one", "several"])
def test_a_moderator_who_comes_second_finds_their_reason_again(browser, admin_user, review, path):
    review.hide(admin_user, "The first")
    url, data = page(review, "hide"), {"reason": "Typed with care"}
    if path == "several":
        url = "/admin/reviews/review/"
        data |= {"action": "hide_selected", "_selected_action": str(review.pk), "confirmed": "yes"}
    late = browser.post(url, data)
    assert late.status_code == 409
    assert "Nothing was left to do." in late.text
    assert "Typed with care" in late.text
    assert ModerationAction.objects.count() == 1


def test_nobody_goes_past_what_another_has_decided_since(browser, as_member, admin_user, bob, review):
    Report.objects.file(bob, review, "harassment")
    case = case_of(review)
    shown = browser.get(page(case)).text
    seen = re.search(r'name="log_seen" value="(\d+)"', shown)
    assert seen
    review.keep(admin_user, "A joke between friends")
    data = {"reason": "Typed with care", "log_seen": seen[1]}
    late = browser.post(f"{page(review, 'hide')}?case={case.pk}", data)
    assert late.status_code == 409
    assert "ada has decided meanwhile: Kept." in late.text
    assert "Typed with care" in late.text
    assert Review.objects.get().is_live
    again = re.search(r'name="log_seen" value="(\d+)"', late.text)
    assert again
    browser.post(f"{page(review, 'hide')}?case={case.pk}", {**data, "log_seen": again[1]})
    assert not Review.objects.get().is_live


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 40])
def test_an_odd_mark_of_what_was_seen_is_no_error(browser, review, sent):
    answer = browser.post(page(review, "hide"), {"reason": "Typed with care", "log_seen": sent})
    assert answer.status_code in (302, 422)


def test_several_that_another_decided_under_the_hand_keep_the_reason(browser, admin_user, review, monkeypatch):
    act = Review.hide

    def late(text, *args, **told):
        act(Review.objects.get(pk=text.pk), admin_user, "The first")
        return act(text, *args, **told)

    monkeypatch.setattr(Review, "hide", late)
    chosen = {"action": "hide_selected", "_selected_action": [review.pk], "confirmed": "yes"}
    answer = browser.post("/admin/reviews/review/", {**chosen, "reason": "Typed with care"})
    assert answer.status_code == 409
    assert "Typed with care" in answer.text
    assert last().actor == admin_user


def test_what_a_bulk_act_and_its_way_back_cost_beside_the_verbs(browser, alice, episode, make_comment):
    """The log is asked once for all that was done, however many."""

    def asked_about_the_log(count):
        texts = [make_comment(alice, episode, body=f"Buy {count} {number}") for number in range(count)]
        chosen = {"action": "hide_selected", "_selected_action": [text.pk for text in texts], "confirmed": "yes"}
        with CaptureQueriesContext(connection) as captured:
            browser.post("/admin/reviews/comment/", {**chosen, "reason": "Advertising"})
        reads = 'FROM "reviews_moderationaction"'
        return len([query for query in captured if query["sql"].startswith("SELECT") and reads in query["sql"]])

    assert asked_about_the_log(1) == asked_about_the_log(5)


# The way back


def test_nobody_undoes_what_another_did_nor_later(browser, as_member, admin_user, mona, review, monkeypatch):
    review.hide(mona, "Spam")
    key, undo = ModerationAction.objects.get().pk, "/admin/reviews/moderationaction/undo/"
    for acts in (str(key), "", "x", "²", "9" * 20, ".".join("1" * 300)):
        assert as_member(admin_user).post(undo, {"acts": acts}).status_code == 302
    assert browser.get(undo).status_code == 403
    later = timezone.now() + timedelta(minutes=11)
    with monkeypatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: later)
        assert "too long ago" in browser.post(undo, {"acts": str(key)}, follow=True).text
    assert not Review.objects.get().is_live


def test_later_an_act_is_reversed_with_a_reason(browser, alice, mona, review):
    review.hide(mona, "Spam")
    act = ModerationAction.objects.get()
    assert page(act, "reverse") in browser.get(page(act)).text
    assert browser.post(page(act, "reverse"), {"reason": ""}).status_code == 422
    done = browser.post(page(act, "reverse"), {"reason": "I misread it"}, follow=True)
    assert "It is reversed." in done.text
    assert page(act, "reverse") not in done.text
    assert Review.objects.get().is_live
    assert last().undoes == act
    assert Notification.objects.filter(recipient=alice).count() == 2
    again = browser.post(page(act, "reverse"), {"reason": "Once more"})
    assert again.status_code == 422
    assert "does not stand any more" in again.text


def test_the_log_shows_every_kind_of_entry(browser, mona, alice, bob, review):
    Sanction.objects.impose(bob, Sanction.Kind.SILENCE, mona, "x")
    browser.post(page(alice, "silence"), {"days": "1", "reason": "Rude"})
    browser.post("/admin/reviews/policy/raid/", {"wanted": "raid", "reason": "Spam"})
    review.rescope(mona, 2, "Further")
    assert browser.get("/admin/reviews/moderationaction/").status_code == 200
    for act in ModerationAction.objects.all():
        assert browser.get(page(act)).status_code == 200
