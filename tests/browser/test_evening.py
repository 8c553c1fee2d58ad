"""A whole evening of a fan, told once and lived twice: by mouse without scripts, and by keyboard alone with them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Locator, expect
from pytest_django.fixtures import Settings

from accounts.models import User
from conftest import PASSWORD, member, seen
from episodes.models import Progress, Series, Song
from reviews.models import Comment, Draft, Review
from tests.browser.conftest import words_on
from tests.browser.hands import Hand, Sit

pytestmark = pytest.mark.browser

SERIES = "/series/drama/"
EPISODE_2 = "/series/drama/episodes/2/"
REVIEW_2 = f"{EPISODE_2}review/"
DISCUSSION_2 = f"{EPISODE_2}comments/"
WORDS = "Nobody told me that the umbrella would matter."
LINE = re.compile("^One line, safe")
FELT = re.compile("^I felt that")


def said(hand: Hand, words: str) -> None:
    expect(hand.page.get_by_role("status")).to_contain_text(words)


def refused(hand: Hand, words: str) -> None:
    expect(hand.page.get_by_role("alert")).to_contain_text(words)


def title(hand: Hand) -> Locator:
    return hand.page.get_by_role("heading", level=1)


def ends(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path) + "$")


def log_in(hand: Hand, username: str) -> None:
    hand.write("Username or e-mail address", username)
    hand.write("Password", PASSWORD)
    hand.press("Log in")


def write_before_joining(hand: Hand) -> None:
    """A visitor's review of an episode, and the form that asks them in."""
    hand.page.goto(EPISODE_2)
    hand.follow("Rate and review")
    hand.choose("4½: phrase 9")
    hand.write(LINE, "Bring a scarf")
    hand.write("The rest", WORDS)
    hand.press("Put it on the record")
    said(hand, "Your words are kept.")
    hand.write("Username", "hana")
    hand.write("E-mail address", "hana@example.com")
    hand.write("Password", PASSWORD)
    hand.press("Join")


def send_what_waits(hand: Hand) -> None:
    expect(hand.page).to_have_url(ends(REVIEW_2))
    expect(hand.page.locator(".unsent")).to_contain_text("Unsent")
    expect(hand.page.get_by_label("The rest")).to_have_value(WORDS)
    hand.press("Put it on the record")
    expect(title(hand)).to_have_text("“Bring a scarf”")
    expect(hand.page.locator("article.review")).to_contain_text(WORDS)
    assert Review.objects.get().author.username == "hana"
    assert not Draft.objects.exists()


def test_a_visitor_writes_first_joins_and_is_published(sit: Sit, series: Series) -> None:
    hand = sit()
    write_before_joining(hand)
    send_what_waits(hand)
    expect(hand.page.locator("#band-question")).to_have_text("Seen through Track 2")


def test_words_outlast_the_proof_of_an_address(
    sit: Sit, series: Series, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    hand = sit()
    write_before_joining(hand)
    expect(title(hand)).to_have_text("Look for our mail")
    link = re.search(r"https?://\S+?(/accounts/confirm-email/\S+)", str(mailoutbox[0].body))
    assert link, mailoutbox[0].body
    hand.page.goto(link[1])
    hand.press("Confirm")
    said(hand, "hana@example.com is confirmed.")
    send_what_waits(hand)


def test_stars_are_given_on_the_episodes_page(sit: Sit, bob: User, series: Series) -> None:
    hand = sit(bob)
    hand.page.goto(EPISODE_2)
    hand.press("Track 2")
    said(hand, "Seen through Track 2.")
    hand.press("Rate it")
    refused(hand, "Choose your stars first.")
    hand.choose("3½: phrase 7")
    hand.press("Put it on the record")
    said(hand, "On the record: 3½, phrase 7.")
    expect(hand.page).to_have_url(ends(EPISODE_2))
    hand.choose("4: phrase 8")
    hand.press("Change my stars")
    said(hand, "On the record: 4, phrase 8.")
    assert Review.objects.get(author=bob).stars == 8


def test_all_is_rated_in_one_go_and_then_reviewed(sit: Sit, bob: User, series: Series) -> None:
    hand = sit(bob)
    hand.page.goto(SERIES)
    hand.press("I've seen it all")
    hand.follow("Rate them all in one go")
    for number, stars in enumerate(["3: phrase 6", "3½: phrase 7", "4: phrase 8", "5: phrase 10"], start=1):
        hand.choose(stars, hand.page.get_by_role("group", name=f"Title {number}"))
    hand.press("Put them on the record")
    said(hand, "Your stars are on the record.")
    assert list(Review.objects.order_by("episode__number").values_list("stars", flat=True)) == [6, 7, 8, 10]

    expect(title(hand)).to_have_text("My review of Drama")
    hand.write(LINE, "Bring a scarf")
    hand.write(re.compile("^The moment I rewound"), "The stairs")
    hand.write(re.compile("^The song that stayed"), "Sagi")
    hand.write(re.compile("^Who I'd show it to|^Who I’d show it to"), "My brother")
    hand.write("The rest", "It *snowed*.")
    hand.press("Preview")
    preview = hand.page.locator("#preview")
    expect(preview).to_be_in_viewport()
    expect(preview.locator("em")).to_have_text("snowed")
    expect(preview).to_contain_text("The stairs")
    assert not Review.objects.filter(episode=None).exists()
    hand.press("Put it on the record")
    expect(title(hand)).to_have_text("“Bring a scarf”")
    expect(hand.page.locator(".review__answers dd")).to_have_text(["The stairs", "Sagi", "My brother"])


def test_moments_and_songs_are_pinned(sit: Sit, bob: User, series: Series) -> None:
    Song.objects.create(series=series, title="Sagi")
    seen(bob, series, 2)
    hand = sit(bob)
    hand.page.goto(EPISODE_2)
    hand.follow("Say something")
    hand.choose(re.compile("^A moment"))
    hand.write(re.compile("^At"), "55 00")
    hand.write("Your comment", "Here he waits.")
    hand.press("Say it")
    refused(hand, "Track 2 ends at 45:00.")
    expect(hand.page.get_by_label("Your comment")).to_have_value("Here he waits.")
    hand.write(re.compile("^At"), "12 30")
    hand.press("Say it")
    said(hand, "It is said.")
    expect(hand.page.locator(".comment:target .kind__time")).to_contain_text("12:30")

    hand.page.goto(DISCUSSION_2)
    hand.choose(re.compile("^A song"))
    hand.pick(re.compile("^Song"), "Sagi")
    hand.write("Your comment", "This one.")
    hand.press("Say it")
    expect(hand.page.locator(".comment:target .kind__word")).to_have_text("song: Sagi")

    hand.page.goto(DISCUSSION_2)
    hand.choose(re.compile("^A song"))
    hand.write(re.compile("^Another song"), "Rain")
    hand.write("Your comment", "And what is this?")
    hand.press("Say it")
    expect(hand.page.locator(".comment:target .kind__word")).to_have_text("song: Rain")

    hand.page.goto(f"{DISCUSSION_2}?at=12:30")
    expect(hand.page.locator("article.comment")).to_have_count(1)


def test_the_bonus_track_is_answered(sit: Sit, bob: User, series: Series) -> None:
    hand = sit(bob)
    hand.page.goto(EPISODE_2)
    expect(hand.page.locator(".bonus-track")).to_contain_text("Opens when you have seen Track 2.")
    hand.press("Track 2")
    bonus = hand.page.locator(".bonus-track")
    hand.press("Answer it", bonus)
    refused(hand, "Write something first.")
    hand.write(re.compile("^Your answer"), "The umbrella.")
    hand.press("Answer it")
    expect(hand.page).to_have_url(ends(f"{EPISODE_2}#bonus-track"))
    expect(bonus).to_be_in_viewport()
    expect(bonus.locator(".glimpse")).to_contain_text("The umbrella.")


def test_an_answer_is_found_at_home_and_read_where_it_stands(
    sit: Sit, alice: User, bob: User, series: Series, make_comment: Callable[..., Comment]
) -> None:
    for someone in (alice, bob):
        seen(someone, series, 2)
    comment = make_comment(alice, series.episodes.get(number=2), body="Snow", spoils_through=2)
    bobs = sit(bob)
    bobs.page.goto(DISCUSSION_2)
    bobs.follow("Reply", bobs.page.locator(f"#{comment.reveal_name}"))
    bobs.write("Your comment", "It snowed here too.")
    bobs.press("Say it")
    reply = Comment.objects.exclude(pk=comment.pk).get()

    hand = sit(alice)
    hand.page.goto("/")
    answers = hand.page.get_by_role("region", name="Answers to you")
    expect(answers).to_contain_text("1 answer you have not read")
    expect(answers).to_contain_text("It snowed here too.")
    hand.press(re.compile("^Read it there"), answers)
    expect(hand.page.locator(f"#{reply.reveal_name}")).to_contain_text("It snowed here too.")
    expect(hand.page.locator(f"#{reply.reveal_name}")).to_be_in_viewport()
    hand.follow(re.compile("^Bonus Track"))
    expect(answers).not_to_contain_text("have not read")
    expect(answers.get_by_role("link", name=re.compile("^Go there"))).to_be_visible()
    alice.refresh_from_db()
    assert alice.unread_count == 0


def test_a_text_is_felt_and_taken_back_on_the_spot(
    sit: Sit, alice: User, bob: User, series: Series, make_comment: Callable[..., Comment]
) -> None:
    seen(bob, series, 2)
    for number in range(12):
        comment = make_comment(alice, series.episodes.get(number=2), body=f"Snow {number}. " * 40)
    hand = sit(bob)
    hand.page.goto(f"{DISCUSSION_2}?sort=felt")
    text = hand.page.locator(f"#{comment.reveal_name}")
    hand.press(FELT, text)
    expect(hand.page).to_have_url(ends(f"{DISCUSSION_2}?sort=felt#{comment.reveal_name}"))
    expect(text).to_be_in_viewport()
    expect(text.get_by_role("button", name=FELT)).to_have_attribute("aria-pressed", "true")
    expect(text.locator(".felt__count")).to_have_text("1")
    hand.press(FELT, text)
    expect(text).to_be_in_viewport()
    expect(text.get_by_role("button", name=FELT)).to_have_attribute("aria-pressed", "false")
    expect(text.locator(".felt__count")).to_have_count(0)


def test_a_comment_is_changed_deleted_and_brought_back(
    sit: Sit, alice: User, bob: User, series: Series, make_comment: Callable[..., Comment]
) -> None:
    second = series.episodes.get(number=2)
    seen(bob, series, 2)
    comment = make_comment(bob, second, body="Rain")
    make_comment(alice, second, body="It snowed here too.", parent=comment)
    hand = sit(bob)
    hand.page.goto(comment.get_absolute_url())
    text = hand.page.locator(f"#{comment.reveal_name}")
    hand.follow("Change")
    hand.write("Your comment", "Snow")
    hand.press("Change it")
    said(hand, "Changed.")
    expect(text).to_contain_text("Snow")
    expect(text).to_contain_text("edited")

    hand.follow("Delete")
    hand.press("Delete")
    said(hand, "Your comment is deleted.")
    expect(text).to_have_text("A comment stood here.")
    expect(hand.page.locator(".thread__replies")).to_contain_text("It snowed here too.")
    assert "Snow" not in words_on(hand.page)

    hand.press("Undo")
    said(hand, "Your comment is back.")
    expect(text).to_contain_text("Snow")


def test_two_tabs_change_one_review_and_neither_is_lost(
    sit: Sit, bob: User, series: Series, make_review: Callable[..., Review]
) -> None:
    make_review(bob, series.episodes.get(number=2), headline="Bring a scarf", body="As it was")
    one, two = sit(bob), sit(bob)
    for hand in (one, two):
        hand.page.goto(REVIEW_2)
    one.write("The rest", "From the first tab")
    one.press("Put it on the record")
    two.write("The rest", "From the second tab")
    two.press("Put it on the record")
    expect(two.page.get_by_role("alert")).to_be_visible()
    expect(two.page.locator(".stands-now")).to_contain_text("From the first tab")
    expect(two.page.get_by_label("The rest")).to_have_value("From the second tab")
    assert Review.objects.with_words().get().body == "From the first tab"
    two.press("Put it on the record")
    expect(two.page.locator("article.review")).to_contain_text("From the second tab")


def test_texts_are_kept_for_later_found_and_thrown_away(sit: Sit, bob: User, series: Series) -> None:
    hand = sit(bob)
    hand.page.goto(REVIEW_2)
    hand.write("The rest", WORDS)
    hand.press("Keep for later")
    said(hand, "Kept. Nobody sees it until you send it.")
    hand.page.goto(f"{SERIES}comments/")
    hand.write("Your comment", "Worth it?")
    hand.press("Keep for later")

    hand.follow("Settings")
    hand.follow("Unsent")
    drafts = hand.page.locator("li.draft")
    expect(drafts).to_have_count(2)
    hand.follow("Throw it away", drafts.filter(has_text="Worth it?"))
    hand.press("Throw it away")
    said(hand, "It is thrown away.")
    expect(drafts).to_have_count(1)
    hand.follow("Go on writing", drafts)
    expect(hand.page.locator(".unsent")).to_contain_text("Unsent")
    expect(hand.page.get_by_label("The rest")).to_have_value(WORDS)
    hand.press("Put it on the record")
    expect(hand.page.locator("article.review")).to_contain_text(WORDS)
    assert not Draft.objects.exists()


def test_a_session_that_ends_takes_no_word_along(sit: Sit, bob: User, series: Series) -> None:
    hand = sit(bob)
    hand.page.goto(REVIEW_2)
    hand.write("The rest", WORDS)
    hand.page.context.clear_cookies(name="sessionid")
    hand.press("Put it on the record")
    said(hand, "You are not logged in any more. Your words are kept")
    assert not Review.objects.exists()
    log_in(hand, "bob")
    expect(hand.page).to_have_url(ends(REVIEW_2))
    expect(hand.page.get_by_label("The rest")).to_have_value(WORDS)
    hand.press("Put it on the record")
    expect(hand.page.locator("article.review")).to_contain_text(WORDS)


@pytest.fixture
def many_reviews(series: Series, make_review: Callable[..., Review]) -> list[Review]:
    """26 of track 2: every second one waits until that is seen, and all have other stars than their neighbours."""
    second = series.episodes.get(number=2)
    found = []
    for number in range(26):
        author = member(f"fan_{number:02}")
        seen(author, series, 2)
        stars, scope = number % 10 + 1, 2 * (number % 2)
        found.append(make_review(author, second, headline=f"Line {number:02}", stars=stars, spoils_through=scope))
    return found


def test_a_long_list_is_sorted_chosen_from_and_paged(
    sit: Sit, bob: User, series: Series, many_reviews: list[Review]
) -> None:
    seen(bob, series, 2)
    hand = sit(bob)
    shown = hand.page.locator("article.review")
    hand.page.goto(f"{EPISODE_2}reviews/")
    expect(shown).to_have_count(20)
    expect(shown.first).to_contain_text("Line 25")
    hand.follow("Next page")
    expect(shown).to_have_count(6)
    hand.follow("First page")
    controls = hand.page.get_by_role("navigation", name="This list")
    hand.follow("Lowest", controls)
    expect(shown.first).to_contain_text(re.compile("½ stars?"))
    expect(shown.first).to_contain_text("Line 00")
    hand.follow("Next page")
    expect(controls.get_by_role("link", name="Lowest")).to_have_attribute("aria-current", "true")
    hand.follow("4½", controls)
    expect(shown).to_have_count(2)
    hand.follow("Show all")
    expect(shown).to_have_count(20)


def test_what_waits_is_listed(sit: Sit, una: User, series: Series, many_reviews: list[Review]) -> None:
    seen(una, series, 1)
    hand = sit(una)
    hand.page.goto(f"{EPISODE_2}reviews/")
    stubs = hand.page.locator("article.stub")
    expect(stubs).to_have_count(1)
    expect(hand.page.locator("main")).to_contain_text("12 more wait after Track 2.")
    hand.follow("List them")
    expect(hand.page).to_have_url(re.compile(rf"\?waiting=list#{many_reviews[-3].reveal_name}$"))
    expect(hand.page.locator(f"#{many_reviews[-3].reveal_name}")).to_be_focused()
    expect(stubs).to_have_count(13)
    assert "A body with words" not in words_on(hand.page)
    hand.follow("Back to what you can read")
    expect(hand.page).to_have_url(re.compile(r"/reviews/\??$"))


def test_a_score_once_peeked_at_stays_open(sit: Sit, bob: User, series: Series, many_reviews: list[Review]) -> None:
    seen(bob, series, 2)
    hand = sit(bob)
    hand.page.goto(EPISODE_2)
    score = hand.page.get_by_role("region", name="Score")
    expect(score).to_contain_text("26 ratings. Yours is not among them yet.")
    hand.press("Peek at the score")
    expect(hand.page).to_have_url(ends(f"{EPISODE_2}#score"))
    expect(score).to_contain_text("of 5, from 26")
    hand.page.goto(EPISODE_2)
    expect(score).to_contain_text("of 5, from 26")
    assert not Review.objects.filter(author=bob).exists()
    assert Progress.objects.get(member=bob).seen_through == 2


def test_settings_are_kept_and_the_evening_ends(
    sit: Sit, bob: User, series: Series, make_review: Callable[..., Review]
) -> None:
    make_review(bob, series, headline="Bring a scarf")
    hand = sit(bob)
    hand.page.goto("/")
    hand.follow("Settings")
    hand.write(re.compile("name", re.IGNORECASE), "Bob the Second")
    hand.pick(re.compile("zone"), "Seoul")
    hand.choose("Dark")
    hand.press("Keep these settings")
    said(hand, "Your settings are kept.")
    expect(hand.page.locator("html")).to_have_attribute("data-theme", "dark")
    hand.follow("My page")
    expect(title(hand)).to_contain_text("Bob the Second")
    expect(hand.page.locator("main")).to_contain_text("Bring a scarf")
    bob.refresh_from_db()
    assert (bob.time_zone, bob.theme) == ("Asia/Seoul", "dark")

    hand.follow("Log out")
    hand.press("Log out")
    expect(hand.page.get_by_role("navigation", name="Site")).to_contain_text("Log in")
    expect(hand.page.locator("html")).not_to_have_attribute("data-theme", "dark")
