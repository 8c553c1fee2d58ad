"""What waits at the desk, the raid switch, and the way in from the site."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.models import Case, Comment, ModerationAction, Policy, Report
from reviews.models.sanctions import declare_raid
from reviews.tests.desk.pages import LIST, case_of, last, page


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
