"""`/notifications/`: what moderators did with what is a member's, and what came of what they reported."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import seen
from reviews.models import Appeal, Comment, ModerationAction, Notification, Report, Review, Rule
from reviews.models.flood import Burst
from reviews.models.sanctions import hide_all, impose, keep_member, lift
from reviews.models.undo import reverse, undo
from reviews.notices import letter_about
from reviews.told import with_all

PATH = "/notifications/"
WORDS = "She leaves him on the bridge"


@pytest.fixture
def rule(db):
    call_command("load_guidelines")
    return Rule.objects.get(anchor="be-kind")


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="Bring a scarf", body=WORDS, spoils_through=2)


def test_an_author_reads_what_was_done_and_why_and_can_appeal(as_member, alice, mona, review, rule):
    review.hide(mona, "It insults the director", rule=rule)
    page = as_member(alice).get(PATH).text
    for said in ("A moderator has hidden this.", "Reason: It insults the director", 'href="/guidelines/#be-kind"'):
        assert said in page
    assert f'href="/appeals/{ModerationAction.objects.get().pk}/"' in page
    assert f'href="{review.get_absolute_url()}"' in page
    for word in (WORDS, "Bring a scarf"):
        assert word in page
    assert "mona" not in page


def test_an_author_reads_their_own_words_in_it_until_they_delete_them(as_member, alice, mona, review):
    review.fold_headline(mona, 3, "It gives it away")
    seen(alice, review.series, 0)  # watches again
    browser = as_member(alice)
    for word in (WORDS, "Bring a scarf"):
        assert word in browser.get(PATH).text
    Review.objects.get(pk=review.pk).retract()
    for word in (WORDS, "Bring a scarf"):
        assert word not in browser.get(PATH).text


def test_a_reporter_reads_what_was_decided_and_no_more(as_member, bob, mona, review, rule):
    Report.objects.file(bob, review, "spoiler", "She leaves him", spoils_through=4)
    review.rescope(mona, 4, "She leaves him in the fourth", rule=rule)
    page = as_member(bob).get(PATH).text
    assert "It waits now for those who have seen more." in page
    assert "Be kind to people" in page
    for word in ("leaves him", "Bring a scarf", "mona", "Alice", "/appeals/"):
        assert word not in page


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("keep", "It stays."),
        ("hide", "and has hidden it."),
        ("close_thread", "Nobody can answer there any more."),
    ],
)
def test_each_outcome_has_words(as_member, bob, mona, review, verb, words):
    Report.objects.file(bob, review, "harassment")
    getattr(review, verb)(mona, "I looked")
    page = as_member(bob).get(PATH).text
    assert words in page
    assert (review.get_absolute_url() in page) == (verb != "hide")


@pytest.fixture
def said(as_member):
    """What the page and a mail say now of all that a member is told, each newest first."""

    def read(member: User) -> tuple[str, str]:
        rows = with_all(Notification.objects.to(member)).select_related("recipient")
        letters = [f"{letter.subject}\n{letter.body}" for letter in map(letter_about, rows)]
        return as_member(member).get(PATH).text, "\n".join(letters)

    return read


def act_on(text: Review | Comment, verb: str, by: User, *how: object) -> ModerationAction:
    getattr(type(text).objects.get(pk=text.pk), verb)(by, *how, "A reason")
    return ModerationAction.objects.latest("pk")


TAKING = {
    "hide": (
        "has hidden it.",
        "Only you can see it",
        "It was hidden, and has been put back since.",
        "had hidden this.",
    ),
    "rescope": ("It waits now for", "has put this at Track 3", "has been taken back since.", "had put this further."),
    "fold_headline": ("has folded the", "has folded your", "has been taken back since.", "had folded your headline"),
    "close_thread": ("Nobody can answer", "has closed the", "has been taken back since.", "had closed the thread"),
}


@pytest.mark.parametrize("way", ["reverse", "appeal"])
@pytest.mark.parametrize("verb", TAKING)
def test_what_was_taken_back_is_not_told_as_if_it_stood(said, alice, bob, mona, admin_user, review, verb, way):
    about_line = verb == "fold_headline"
    Report.objects.file(bob, review, "harassment", is_headline=about_line)
    act = act_on(review, verb, mona, *{"rescope": [3], "fold_headline": [3]}.get(verb, []))
    then, theirs, since, past = TAKING[verb]
    for page in said(bob):
        assert then in page
        assert since not in page
    for page in said(alice):
        assert theirs in page
        assert past not in page
    if way == "reverse":
        reverse(act, mona, "We looked again")
    else:
        Appeal.objects.lodge(alice, act, "A quote").hear(admin_user, True, "So it is")
    for page in said(bob):
        assert then not in page
        assert since in page
    assert review.get_absolute_url() in said(bob)[0]
    for page in said(alice):
        assert theirs not in page
        assert past in page
    assert "A decision was taken back" in said(alice)[1]


def test_what_was_kept_and_hidden_later_does_not_stay(said, bob, mona, review):
    Report.objects.file(bob, review, "spam")
    act_on(review, "keep", mona)
    assert all("It stays." in page for page in said(bob))
    act_on(review, "hide", mona)
    for page in said(bob):
        assert "It is hidden now." in page
        assert "It stays." not in page


def test_what_its_author_has_deleted_does_not_stay(said, bob, mona, review):
    Report.objects.file(bob, review, "spam")
    Review.objects.get().retract()
    act_on(review, "keep", mona)
    for page in said(bob):
        assert "Its author has deleted it." in page
        assert "It stays." not in page


def test_what_was_put_back_to_wait_is_looked_at_again(said, alice, bob, mona, series, make_comment):
    text = make_comment(alice, series)
    Report.objects.file(bob, text, "spam")
    act_on(text, "hide", mona)
    act_on(text, "restore", mona)
    Comment.objects.get().hold_again("word")
    for page in said(bob):
        assert "A moderator takes another look" in page
        assert "put back" not in page
    for page in said(alice):
        assert "A moderator has put this back. It waits until" in page
        assert "It stands again." not in page


def test_what_was_put_back_and_hidden_again_does_not_stand(said, alice, mona, review):
    for verb in ("hide", "restore", "hide"):
        act_on(review, verb, mona)
    for page in said(alice):
        assert "A moderator had put this back. It does not stand any more." in page
        assert "It stands again." not in page


def test_further_up_is_not_taken_back(said, alice, bob, mona, review):
    Report.objects.file(bob, review, "spoiler", spoils_through=3)
    act_on(review, "rescope", mona, 3)
    Review.objects.get().raise_scope(4)
    assert all("It waits now for those who have seen more." in page for page in said(bob))
    assert all("taken back" not in page for page in said(alice))


@pytest.mark.parametrize(
    ("kind", "then", "theirs"),
    [
        (Sanction.Kind.SILENCE, "The member cannot post for now.", "you can read, but not post"),
        (Sanction.Kind.BAN, "The member cannot log in any more.", "you cannot log in"),
    ],
)
def test_a_sanction_that_is_over_is_not_told_as_if_it_held(said, alice, bob, mona, kind, then, theirs):
    with time_machine.travel("2027-01-01T12:00:00Z", tick=False) as clock:
        Report.objects.file(bob, alice, "harassment")
        impose(alice, kind, mona, "Rude", timezone.now() + timedelta(days=1))
        assert all(then in page for page in said(bob))
        clock.shift(timedelta(days=2))
        for page in said(bob):
            assert then not in page
            assert "was for a time, which is over." in page
        alice.refresh_from_db()
        for page in said(alice):
            assert theirs not in page
            assert "you. That is over." in page
        clock.shift(timedelta(days=-2))
        lift(Sanction.objects.get(), mona, "He was right")
        for page in said(bob):
            assert then not in page
            assert "has been taken back since." in page


@pytest.mark.django_db(transaction=True)
def test_what_was_hidden_of_a_member_and_put_back_is_told_so(said, alice, bob, mona, review):
    Report.objects.file(bob, alice, "spam")
    hide_all(alice, mona, "Spam")
    assert all("has hidden all that the member wrote." in page for page in said(bob))
    assert all("has hidden all that you wrote." in page for page in said(alice))
    reverse(ModerationAction.objects.get(verb="hide_all"), mona, "None of it")
    assert all("has been taken back since." in page for page in said(bob))
    for page in said(alice):
        assert "had hidden all that you wrote." in page
        assert "Only you can see it" not in page


def test_whoever_reported_members_reads_which_one_it_is_about(said, alice, bob, una, mona):
    for member in (alice, una):
        Report.objects.file(bob, member, "harassment")
    impose(alice, Sanction.Kind.BAN, mona, "Rude")
    keep_member(una, mona, "She is not")
    page, letters = said(bob)
    for member, words in ((alice, "The member cannot log in any more."), (una, "Nothing had to be done.")):
        assert f'A member you reported · <a href="{member.get_absolute_url()}" dir="auto">{member.name}</a>' in page
        assert (
            f"A member you reported · {member.name}\n\nA moderator has looked at what you reported. {words}" in letters
        )
        assert words in page
    for secret in ("Rude", "She is not", "mona"):
        assert secret not in page + letters


def test_a_sanction_is_told_with_its_end(as_member, alice, mona):
    impose(alice, Sanction.Kind.SILENCE, mona, "Rude in every thread", timezone.now() + timedelta(days=3))
    page = as_member(alice).get(PATH).text
    assert "A moderator has silenced you: you can read, but not post. Until: " in page
    assert "Your account" in page
    assert "Appeal" in page


def test_an_appeal_is_told_once_it_is_heard(as_member, alice, mona, review):
    review.hide(mona, "Rude")
    appeal = Appeal.objects.lodge(alice, ModerationAction.objects.get(), "A quote")
    browser = as_member(alice)
    assert "Your appeal</a>" in browser.get(PATH).text
    appeal.hear(User.objects.create_user("otto", is_staff=True), True, "So it is")
    page = browser.get(PATH).text
    assert "the decision is taken back." in page
    assert "Answer: So it is" in page
    assert "otto" not in page


def test_what_was_undone_is_not_told_and_a_report_waits_again(as_member, alice, bob, mona, review):
    Report.objects.file(bob, review, "spam")
    review.hide(mona, "Spam")
    as_member(bob).post("/notifications/read/", {"newest": Notification.objects.to(bob).newest()})
    undo(ModerationAction.objects.get(), mona, "Wrong button")
    assert "Nothing here." in as_member(alice).get(PATH).text
    assert "A moderator takes another look at what you reported." in as_member(bob).get(PATH).text


@pytest.mark.parametrize("verb", ["hide", "approve"])
def test_who_has_read_what_is_undone_reads_that_it_was(as_member, alice, mona, series, make_comment, verb):
    text = make_comment(alice, series)
    if verb == "approve":
        text.hold_again("word")
    act = act_on(text, verb, mona)
    browser = as_member(alice)
    browser.post("/notifications/read/", {"newest": Notification.objects.to(alice).newest()})
    undo(act, mona, "Wrong button")
    page = browser.get(PATH).text
    said = {
        "hide": "A moderator had hidden this. That was taken back later.",
        "approve": "It does not stand any more.",
    }
    assert said[verb] in page
    for stale in ("Only you can see it", "It stands now.", ">Appeal</a>", "badge--new"):
        assert stale not in page
    alice.refresh_from_db()
    assert alice.unread_notices == 0


def test_looking_changes_nothing_and_the_header_counts(as_member, alice, mona, review):
    review.hide(mona, "Rude")
    browser = as_member(alice)
    for _time in range(2):
        page = browser.get(PATH).text
        assert '<strong class="number">1</strong>' in page
        assert "badge--new" in page
    assert Notification.objects.unread().count() == 1


def test_answers_are_counted_apart_and_led_to(as_member, alice, bob, mona, review, make_comment, series):
    seen(alice, series, 2)
    make_comment(bob, review, spoils_through=2)
    review.close_thread(mona, "Enough")
    browser = as_member(alice)
    page = browser.get(PATH).text
    assert '<strong class="number">2</strong>' in page
    assert '<a href="/#answers">1 answer you have not read</a>' in page
    home = browser.get("/").text
    assert "1 answer you have not read" in home
    browser.post("/notifications/read/", {"newest": Notification.objects.to(alice).newest()})
    assert '<strong class="number">1</strong>' in browser.get(PATH).text


def test_notices_alone_are_no_answers(as_member, alice, mona, review):
    review.hide(mona, "Rude")
    assert "you have not read" not in as_member(alice).get("/").text


def test_pages_cost_the_same_and_lead_on(as_member, alice, bob, mona, rule, series, queries_of, make_comment):
    browser = as_member(alice)
    make_comment(alice, series, body="Text").hide(mona, "Rude", rule=rule)
    reported = make_comment(bob, series, body="Another")
    Report.objects.file(alice, reported, "spam")
    reported.hide(mona, "Spam", rule=rule)
    few = queries_of(browser, PATH)
    for number in range(21):
        make_comment(alice, series, body=f"Text {number}").hide(mona, "Rude", rule=rule)
    assert queries_of(browser, PATH) <= few <= 12
    assert "?page=" in browser.get(PATH).text
    last = Notification.objects.filter(recipient=alice).order_by("pk")[2].pk
    assert browser.get(f"{PATH}?page={last}").text.count('<li class="liner') == 2
    assert browser.get(f"{PATH}?page=x").status_code == 404


def test_what_was_taken_back_costs_no_more(as_member, alice, bob, mona, series, queries_of, make_comment):
    browser = as_member(alice)

    def take_back(number: int) -> None:
        """An act on one's own, one on what one reported and one on a member whom one did."""
        member = User.objects.create_user(f"rude{number}")
        texts = [make_comment(author, series, body=f"Text {number}") for author in (alice, bob)]
        for reported in (texts[1], member):
            Report.objects.file(alice, reported, "harassment")
        silence = impose(member, Sanction.Kind.SILENCE, mona, "Rude")
        for act in (silence, *(act_on(text, "hide", mona) for text in texts)):
            reverse(act, mona, "No")
        if number % 2:
            reverse(ModerationAction.objects.latest("pk"), mona, "After all")

    take_back(0)
    take_back(1)
    few = queries_of(browser, PATH)
    for number in range(2, 20):
        Burst.objects.all().delete()
        take_back(number)
    assert browser.get(PATH).text.count('<li class="liner') == 20
    assert queries_of(browser, PATH) <= few <= 12


def test_nobody_reads_what_others_are_told(as_member, bob, mona, review):
    review.hide(mona, "Rude")
    assert "Rude" not in as_member(bob).get(PATH).text


def test_strangers_are_led_to_log_in(client, db):
    assert client.get(PATH).headers["Location"] == f"/accounts/login/?next={PATH}"


@pytest.mark.parametrize("method", ["post", "put", "delete", "trace"])
def test_only_reads(as_member, alice, method):
    assert getattr(as_member(alice), method)(PATH).status_code == 405
