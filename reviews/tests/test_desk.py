"""The desk: what waits first, a case with all that should be known, decisions with one press, and the way back."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.groups import EDITORS
from accounts.models import Sanction, User
from conftest import member, seen
from reviews.models import (
    Case,
    Comment,
    ModerationAction,
    Notification,
    Policy,
    ReasonTemplate,
    Report,
    Review,
    Rule,
    RuleWording,
)
from reviews.models.sanctions import declare_raid
from reviews.tests.counting import assert_counted

WORDS = "She leaves him on the bridge"
LIST = "/admin/reviews/case/"


@pytest.fixture(autouse=True)
def _counted(db):
    yield
    assert_counted()


@pytest.fixture
def browser(as_member, mona, series):
    seen(mona, series, 4)
    return as_member(mona)


@pytest.fixture
def edith(db):
    edith = member("edith", is_staff=True)
    edith.groups.add(Group.objects.get(name=EDITORS))
    return edith


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="A line", body=WORDS, spoils_through=1)


@pytest.fixture
def ready(db):
    rule = Rule.objects.create(anchor="kind", position=1)
    RuleWording.objects.create(rule=rule, language="en", title="Be kind", body="To each other.")
    return ReasonTemplate.objects.create(rule=rule, language="en", name="Insult", words="It insults somebody.")


def case_of(target, **how):
    return Case.objects.about(target, **how).get()


def page(row, name="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def last():
    act = ModerationAction.objects.first()
    assert act
    return act


def undone(browser, shown):
    """Press *Undo* in the message."""
    found = re.search(r'form="undo" formaction="([^"]+)" name="acts" value="([\d.]+)">Undo<', shown)
    assert found
    return browser.post(found[1], {"acts": found[2]}, follow=True).text


def buttons(text):
    """What each button on the page leads to."""
    found = re.findall(r'<button[^>]*formaction="([^"]+)"(?: name="(\w+)" value="([^"]*)")?>([^<]+)</button>', text)
    return {label: (url, {name: value} if name else {}) for url, name, value, label in found}


# What waits


def test_the_first_page_says_what_waits_and_leads_there(browser, mona, alice, bob, una, episode, make_comment, review):
    Report.objects.file(bob, review, "harassment")
    Report.objects.file(una, review, "spoiler")
    Report.objects.file(bob, alice, "spam")
    held = make_comment(bob, episode)
    Comment.objects.filter(pk=held.pk).update(comment_count=0)
    case_of(review).claim(mona)
    shown = browser.get("/admin/").text
    assert '<strong>1</strong> <a href="/admin/reviews/case/?reason=harassment">It hurts somebody</a>' in shown
    assert "just now" in shown
    assert "reason=spoiler" not in shown  # the same case, and there is worse
    assert "2 cases wait" in shown
    assert "mona is at 1" in shown
    assert "No raid is on." in shown
    assert "Held comments" not in shown


def test_the_first_page_is_quiet_where_nothing_waits_and_silent_to_editors(browser, as_member, edith):
    assert "Nothing waits. Thank you." in browser.get("/admin/").text
    assert "What waits" not in as_member(edith).get("/admin/").text


def test_held_texts_are_listed_with_why_and_approved_together(browser, mona, alice, bob, episode, make_comment):
    Policy.objects.create(holds="always")
    texts = [make_comment(who, episode, client="") for who in (alice, bob)]
    assert (
        '<strong>2</strong> <a href="/admin/reviews/comment/?state=held">Held comments</a>'
        in browser.get("/admin/").text
    )
    url = "/admin/reviews/comment/?state=held"
    assert "held: first posts of a new account" in browser.get(url).text
    chosen = {"action": "approve_selected", "_selected_action": [text.pk for text in texts], "confirmed": "yes"}
    done = browser.post(url, {**chosen, "reason": "Both are fine."}, follow=True)
    assert "2 texts approved." in done.text
    assert Comment.objects.live().count() == 2


def test_cases_stand_by_harm_then_age_and_are_narrowed(browser, mona, alice, bob, una, episode, make_comment, review):
    spam, rude = make_comment(alice, episode, body="Buy"), make_comment(alice, episode, body="Rude")
    Report.objects.file(bob, spam, "spam")
    Report.objects.file(bob, review, "spoiler", is_headline=True)
    Report.objects.file(bob, rude, "harassment")

    def listed(query=""):
        rows = browser.get(f"{LIST}?{query}").context["cl"].result_list
        return [case.target for case in rows]

    assert listed() == [rude, review, spam]
    assert listed("reason=spam") == [spam]
    Report.objects.file(una, rude, "spam")
    assert listed("reason=spam") == [spam]  # the other is worse
    case_of(rude).claim(mona)
    assert listed("claimed=me") == [rude]
    assert listed("claimed=no") == [review, spam]
    rude.keep(mona, "Fine")
    assert listed() == [review, spam]
    assert listed("state=decided") == [rude]
    assert set(listed("state=all")) == {rude, review, spam}
    assert listed("reason=nonsense&state=nonsense&claimed=nonsense") == [review, spam]


def test_a_list_of_cases_costs_the_same_at_one_row_and_at_twenty(browser, alice, bob, series, episode, make_comment):
    def report(number):
        text = make_comment(alice, episode, body=f"Number {number}")
        Report.objects.file(bob, text, "spam")

    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    report(0)
    first = page(Case.objects.get())
    queries(LIST)
    at_one = [queries(LIST), queries("/admin/"), queries(first)]
    for number in range(1, 20):
        report(number)
    assert all(
        now <= then for now, then in zip([queries(LIST), queries("/admin/"), queries(first)], at_one, strict=True)
    )
    assert at_one[0] <= 12


# Up to where I have seen


def test_what_lies_beyond_the_moderators_point_is_a_stub_with_a_way_in(
    as_member, mona, alice, bob, episode, make_review
):
    review = make_review(alice, episode, headline="", body=WORDS, spoils_through=3)
    Report.objects.file(bob, review, "spoiler", "She takes the train", spoils_through=4)
    browser, case = as_member(mona), case_of(review)
    for url in (LIST, page(case)):
        shown = browser.get(url).text
        assert WORDS not in shown
        assert "train" not in shown
        assert f"{page(case)}?reveal=review-{review.pk}" in shown
    assert WORDS in browser.get(f"{page(case)}?reveal=review-{review.pk}").text
    opened = browser.get(f"{page(case)}?reveal=report-{case.reports.get().pk}").text
    assert "She takes the train" in opened
    assert WORDS not in opened
    assert not browser.get(f"{LIST}?beyond=out").context["cl"].result_list
    assert WORDS in browser.get(f"{LIST}?beyond=open").text
    assert WORDS in browser.get(f"{page(case)}?beyond=open").text


def test_a_note_about_a_member_may_tell_of_any_series(browser, alice, bob):
    Report.objects.file(bob, alice, "harassment", "She told me who leaves")
    case = case_of(alice)
    shown = browser.get(page(case)).text
    assert "It may tell of any series." in shown
    assert "who leaves" not in shown
    assert "who leaves" in browser.get(f"{page(case)}?reveal=report-{case.reports.get().pk}").text


def test_a_note_waits_as_long_as_its_text_does_now(as_member, mona, admin_user, bob, series, review):
    seen(mona, series, 1)
    Report.objects.file(bob, review, "spam", "The train at the end")
    shown = as_member(mona).get(page(case_of(review))).text
    assert "The train at the end" in shown
    review.raise_scope(4)
    assert "The train at the end" not in as_member(mona).get(page(case_of(review))).text


HEADLINE = "She marries the thief"


@pytest.fixture
def telling(alice, bob, una, episode, make_review):
    """A text for everybody, under a headline that a reader would put further."""
    review = make_review(alice, episode, headline=HEADLINE, body="I liked it", spoils_through=0)
    Report.objects.file(bob, review, "spoiler", "", is_headline=True, spoils_through=3)
    Report.objects.file(una, review, "other", "", is_headline=True)  # that it is rude closes nothing
    return review


def test_a_headline_that_was_reported_as_a_spoiler_waits_as_long_as_its_readers_say(
    as_member, mona, admin_user, series, telling
):
    seen(mona, series, 2)
    browser, case = as_member(mona), case_of(telling, is_headline=True)
    places = [LIST, page(case), page(telling), "/admin/reviews/review/", page(telling, "fold")]
    for url in places:
        shown = browser.get(url).text
        assert HEADLINE not in shown, url
        assert f"reveal=headline-{telling.pk}" in shown, url
    assert not browser.get(f"{LIST}?beyond=out").context["cl"].result_list
    assert not browser.get("/admin/reviews/review/", {"q": "marries"}).context["cl"].result_list
    for asked in (f"reveal=headline-{telling.pk}", f"reveal=review-{telling.pk}", "beyond=open"):
        assert HEADLINE in browser.get(f"{page(case)}?{asked}").text, asked
    seen(mona, series, 3)
    assert all(HEADLINE in browser.get(url).text for url in places)
    assert browser.get(f"{LIST}?beyond=out").context["cl"].result_list


@pytest.mark.parametrize("kind", ["review", "comment"])
def test_a_text_that_was_reported_as_a_spoiler_waits_as_long_as_its_readers_say(
    as_member, mona, alice, bob, series, episode, make_review, make_comment, kind
):
    make = make_review if kind == "review" else make_comment
    text = make(alice, episode, body=WORDS, spoils_through=1)
    Report.objects.file(bob, text, "spoiler", spoils_through=4)
    seen(mona, series, 2)
    browser, case = as_member(mona), case_of(text)
    own, waits = page(text), series.words.numbered(4)
    for url in (LIST, page(case), own, reverse(f"admin:reviews_{kind}_changelist")):
        shown = browser.get(url).text
        assert WORDS not in shown, url
        assert waits in shown, url
    assert WORDS in browser.get(f"{page(case)}?reveal={kind}-{text.pk}").text
    assert not browser.get(f"{LIST}?beyond=out").context["cl"].result_list
    assert text.keep(mona, "It does not tell")
    assert WORDS in browser.get(own).text


def test_opening_a_headline_leaves_its_text_shut(as_member, mona, alice, bob, series, episode, make_review):
    review = make_review(alice, episode, headline=HEADLINE, body=WORDS, spoils_through=4)
    Report.objects.file(bob, review, "spoiler", "", is_headline=True)
    case = case_of(review, is_headline=True)
    browser = as_member(mona)
    way = re.search(r'href="([^"]*reveal=headline[^"]*)"', browser.get(LIST).text)
    assert way
    shown = browser.get(way[1].split("#")[0]).text
    assert HEADLINE in shown
    assert WORDS not in shown
    assert way[1].startswith(page(case))


def test_a_line_that_waits_waits_in_what_it_said_before(as_member, mona, alice, episode, telling, make_review):
    make_review(alice, episode, headline=HEADLINE, body="I liked it a lot", spoils_through=0)
    browser = as_member(mona)
    assert HEADLINE not in browser.get(page(telling)).text
    telling.keep(mona, "It does not tell", is_headline=True)
    assert browser.get(page(telling)).text.count(HEADLINE) == 2


# One case


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


# The raid switch


def test_the_raid_switch_is_thrown_with_a_reason_and_back(browser, mona):
    raid = "/admin/reviews/policy/raid/"
    assert "Declare a raid" in browser.get(raid).text
    assert browser.post(raid, {"wanted": "raid", "reason": ""}).status_code == 422
    assert "is held for six hours" in browser.post(raid, {"wanted": "raid", "reason": "Spam"}, follow=True).text
    assert "A raid is on until" in browser.get("/admin/").text
    assert "Nothing was left to do." in browser.post(raid, {"wanted": "raid", "reason": "Spam"}, follow=True).text
    assert "End the raid" in browser.get(raid).text
    assert "The raid is over." in browser.post(raid, {"wanted": "calm", "reason": "Gone"}, follow=True).text
    assert [act.verb for act in ModerationAction.objects.order_by("pk")] == ["raid", "calm"]
    assert browser.post(raid, {"wanted": "x", "reason": "Gone"}).status_code == 403
    declare_raid(mona, "Again")
    act = last()
    browser.post("/admin/reviews/moderationaction/undo/", {"acts": str(act.pk)})
    assert not Policy.objects.current().is_raid()


# From the site


def test_the_pencil_leads_to_the_case_that_waits_else_to_the_text(browser, as_member, edith, mona, bob, review):
    assert browser.get(review.get_desk_url())["Location"] == review.get_admin_url()
    Report.objects.file(bob, review, "spam")
    assert browser.get(review.get_desk_url())["Location"] == page(case_of(review))
    assert as_member(edith).get(review.get_desk_url()).status_code == 403
    review.keep(mona, "Fine")
    assert browser.get(review.get_desk_url())["Location"] == review.get_admin_url()


# Who may


@pytest.mark.parametrize("who", ["bob", "edith"])
def test_nobody_but_moderators_reads_or_decides_a_case(request, as_member, review, alice, una, who):
    Report.objects.file(una, review, "spam", "The note")
    case, browser = case_of(review), as_member(request.getfixturevalue(who))
    for url in (LIST, page(case), "/admin/reviews/appeal/", "/admin/accounts/user/", page(alice), page(alice, "ban")):
        assert browser.get(url, follow=True).status_code == 403, url
    posts = [
        (page(case, "claim"), {}),
        (page(case, "release"), {}),
        (page(alice, "ban"), {"days": "0", "reason": "x"}),
        ("/admin/reviews/policy/raid/", {"wanted": "raid", "reason": "x"}),
        ("/admin/reviews/moderationaction/undo/", {"acts": "1"}),
        (LIST, {"action": "hide_selected", "_selected_action": [case.pk], "confirmed": "yes", "reason": "x"}),
    ]
    for url, data in posts:
        assert browser.post(url, data, follow=True).status_code == 403, url
    assert not ModerationAction.objects.exists()
    assert not case_of(review).is_claimed


def test_a_case_that_is_not_there_gets_a_message(browser):
    for url in (f"{LIST}999/change/", f"{LIST}{'9' * 30}/change/"):
        assert browser.get(url, follow=True).status_code == 200
    assert "There is no such case." in browser.post(f"{LIST}999/claim/", follow=True).text
    assert browser.get("/admin/reviews/review/1/hide/?case=%C2%B2", follow=True).status_code == 200


def test_a_case_that_another_names_is_no_way_out(browser, review):
    for key in ("999", "x", "9" * 30, "//evil.example"):
        answer = browser.post(f"{page(review, 'lock')}?case={key}", {"reason": "Enough"})
        assert answer["Location"] == page(review)


def test_reading_the_desk_writes_nothing(browser, bob, alice, review, mona):
    Report.objects.file(bob, review, "spam")
    Report.objects.file(bob, alice, "spam")
    review.close_thread(mona, "Enough")
    act = ModerationAction.objects.get()
    urls = ["/admin/", LIST, page(case_of(review)), page(case_of(alice)), page(act), page(act, "reverse"), page(alice)]
    urls += [page(alice, name) for name in ("silence", "ban", "hide_all", "keep")]
    with CaptureQueriesContext(connection) as asked:
        for url in [*urls, "/admin/reviews/policy/raid/", "/admin/reviews/appeal/"]:
            assert browser.get(url).status_code == 200, url
    assert not [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_no_page_of_the_desk_is_in_line_styled_or_scripted(browser, bob, alice, review):
    Report.objects.file(bob, review, "spam")
    for url in ("/admin/", LIST, page(case_of(review)), page(alice), page(alice, "ban")):
        shown = browser.get(url).text
        assert "style=" not in shown
        assert "<script>" not in shown
        assert "onclick" not in shown


def test_of_a_member_a_moderator_sees_what_all_see_and_the_record(browser, alice, bob, review):
    User.objects.filter(pk=alice.pk).update(email="secret@example.com", bio="I like snow")
    alice.groups.add(Group.objects.create(name="Secret society"))
    for url in (page(alice), "/admin/accounts/user/"):
        shown = browser.get(url).text
        assert "secret@example.com" not in shown
        assert "Secret society" not in shown
        assert "password" not in shown.replace("/admin/password_change/", "").replace("Change password", "").lower()
    assert "I like snow" in browser.get(page(alice)).text
    assert "never sanctioned" in browser.get(page(alice)).text
    assert not browser.get("/admin/accounts/user/", {"q": "secret@"}).context["cl"].result_list
    assert browser.get(page(alice, "history")).status_code == 403


def test_a_members_page_leads_moderators_alone_to_the_desk(browser, as_member, edith, alice, bob):
    door = page(alice, "desk")
    assert door in browser.get(alice.get_absolute_url()).text
    for other in (edith, alice, bob):
        assert "pencil" not in as_member(other).get(alice.get_absolute_url()).text
    assert browser.get(door)["Location"] == page(alice)
    Report.objects.file(bob, alice, "spam")
    assert browser.get(door)["Location"] == page(case_of(alice))
