"""The main job from end to end, as people do it, in a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from accounts.models import User
from conftest import PASSWORD, seen
from episodes.models import Progress, Series
from reviews.models import Comment, ModerationAction, RatingTally, Review
from tests.browser.conftest import Browse, words_on

pytestmark = pytest.mark.browser

EPISODE_2 = "/series/drama/episodes/2/"


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()


def test_a_stranger_says_how_far_they_have_seen_and_is_sent_that_far(
    plain_page: Page, alice: User, series: Series, make_review: Callable[..., Review]
) -> None:
    page, second = plain_page, series.episodes.get(number=2)
    waiting = make_review(alice, second, headline="Bring a scarf", body="He keeps the tape", spoils_through=2)
    seen(alice, series, 4)
    later = make_review(alice, series, headline="Stay to the end", body="They marry", spoils_through=4)

    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Drama")
    press(page, "Track 1")
    expect(page.get_by_role("status")).to_contain_text("Seen through Track 1.")
    expect(page).to_have_url(re.compile(r"/$"))

    follow(page, re.compile(r"Track 2"))
    expect(page).to_have_url(re.compile(re.escape(EPISODE_2) + "$"))
    stub = page.locator(f"#{waiting.reveal_name}")
    expect(stub).to_contain_text("Bring a scarf")
    assert "He keeps the tape" not in words_on(page)

    stub.get_by_role("button", name="I've seen Track 2").click()
    expect(page).to_have_url(re.compile(re.escape(f"{EPISODE_2}#{waiting.reveal_name}") + "$"))
    expect(stub).to_contain_text("He keeps the tape")
    expect(stub).to_be_in_viewport()

    page.goto("/series/drama/reviews/")
    stub = page.locator(f"#{later.reveal_name}")
    assert "They marry" not in words_on(page)
    stub.get_by_role("link", name="Show just this one").click()
    expect(stub).to_contain_text("They marry")
    expect(stub).to_be_in_viewport()
    page.goto("/series/drama/reviews/")
    assert "They marry" not in words_on(page), "a reveal is for one request"


def test_a_stranger_joins_and_keeps_their_point(
    plain_page: Page, series: Series, mailoutbox: list[EmailMessage]
) -> None:
    page = plain_page
    page.goto(EPISODE_2)
    press(page, "Track 2")
    follow(page, "Join")
    page.get_by_label("Username").fill("hana")
    page.get_by_label("E-mail address").fill("hana@example.com")
    page.get_by_label("Password").fill("password12")
    press(page, "Join")
    expect(page.get_by_role("alert")).to_contain_text("Too easy to guess")
    expect(page.get_by_label("E-mail address")).to_have_value("hana@example.com")

    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Join")
    expect(page.get_by_role("navigation", name="Site")).to_contain_text("hana")
    assert [mail.to for mail in mailoutbox] == [["hana@example.com"]]

    page.goto(EPISODE_2)
    expect(page.locator("#band-question")).to_have_text("Seen through Track 2")
    assert Progress.objects.get(member__username="hana", series=series).seen_through == 2


def test_a_member_reviews_mends_and_takes_back(browse: Browse, alice: User, series: Series) -> None:
    seen(alice, series, 2)
    page = browse(javascript=False, member=alice)
    page.goto(EPISODE_2)
    follow(page, "Write a review")

    headline = page.get_by_label("One line, safe for people who haven't seen it")
    body = page.get_by_label("The rest")
    headline.fill("long " * 30)
    body.fill("I rewound *twice*.\n\nAnd then once more.")
    press(page, "Put it on the record")
    expect(page.get_by_role("alert")).to_contain_text("At most 120 characters")
    expect(headline).to_have_value(re.compile("^long long"))
    expect(body).to_have_value("I rewound *twice*.\n\nAnd then once more.")
    assert not Review.objects.exists()

    page.get_by_role("radio", name="4½: phrase 9").check()
    headline.fill("Bring a scarf")
    press(page, "Put it on the record")
    expect(page.get_by_role("status")).to_contain_text("It is on the record.")
    expect(page.get_by_role("heading", level=1)).to_have_text("“Bring a scarf”")
    expect(page.locator("article em")).to_have_text("twice")

    follow(page, "Change")
    expect(page.get_by_role("radio", name="4½: phrase 9")).to_be_checked()
    page.get_by_role("radio", name="3: phrase 6").check()
    body.fill("Once is enough.")
    press(page, "Put it on the record")
    expect(page.locator("article")).to_contain_text("Once is enough.")
    assert list(RatingTally.objects.filter(count=1).values_list("stars", flat=True)) == [6]

    page.goto(EPISODE_2)
    expect(page.get_by_role("radio", name="3: phrase 6")).to_be_checked()
    follow(page, "Change my review")
    press(page, "Remove rating")
    expect(page.get_by_role("status")).to_contain_text("Your stars are taken back.")
    expect(page.get_by_role("radio", name="3: phrase 6")).not_to_be_checked()
    expect(body).to_have_value("Once is enough.")
    assert not RatingTally.objects.filter(count__gt=0).exists()

    follow(page, "Delete my review")
    press(page, "Delete")
    expect(page).to_have_url(re.compile(re.escape(EPISODE_2) + "$"))
    expect(page.locator("main")).to_contain_text("Nobody has reviewed it yet.")


def test_a_member_comments_replies_changes_and_deletes(
    browse: Browse, alice: User, bob: User, series: Series, make_review: Callable[..., Review]
) -> None:
    review = make_review(alice, series.episodes.get(number=2), headline="Bring a scarf", spoils_through=0)
    seen(bob, series, 2)
    page = browse(javascript=False, member=bob)
    page.goto(EPISODE_2)
    follow(page, "“Bring a scarf”")

    press(page, "Say it")
    expect(page.get_by_role("alert")).to_contain_text("Write something first.")
    page.get_by_label("Your comment").fill("It snowed here too.")
    page.get_by_role("radio", name="Seen through Track 2").check()
    press(page, "Say it")
    first = Comment.objects.get()
    expect(page).to_have_url(re.compile(f"/reviews/{review.pk}/#{first.reveal_name}$"))
    said = page.locator(f"#{first.reveal_name}")
    expect(said).to_contain_text("It snowed here too.")

    said.get_by_role("link", name="Reply").click()
    expect(page.get_by_role("heading", name="Answer Bob")).to_be_in_viewport()
    page.get_by_label("Your comment").fill("And it still does.")
    press(page, "Say it")
    reply = Comment.objects.exclude(pk=first.pk).get()
    assert reply.parent == first
    expect(page.locator(f"#{reply.reveal_name}")).to_contain_text("And it still does.")

    page.goto(reply.get_absolute_url())
    follow(page, "Change")
    page.get_by_label("Your comment").fill("And it thaws.")
    press(page, "Change it")
    expect(page.locator(f"#{reply.reveal_name}")).to_contain_text("And it thaws.")
    expect(page.locator(f"#{reply.reveal_name}")).to_contain_text("edited")

    page.goto(first.get_absolute_url())
    follow(page, "Delete")
    press(page, "Delete")
    expect(page.locator(f"#{reply.reveal_name}")).to_contain_text("And it thaws.")
    expect(page.locator(f"#{first.reveal_name}")).to_have_text("A comment stood here.")
    assert "It snowed here too." not in words_on(page)


def test_a_visitor_with_an_account_logs_in_from_the_form(plain_page: Page, bob: User, series: Series) -> None:
    page = plain_page
    page.goto(EPISODE_2)
    follow(page, "Rate and review")
    page.get_by_label("One line").fill("Half a line")
    press(page, "I have an account")
    page.get_by_label("Username or e-mail address").fill("bob")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^My review of"))
    expect(page.get_by_label("One line")).to_have_value("Half a line")
    expect(page.get_by_role("navigation", name="Site")).to_contain_text("Bob")


def test_a_forgotten_password_is_mended_by_mail(
    plain_page: Page, alice: User, series: Series, mailoutbox: list[EmailMessage]
) -> None:
    page = plain_page
    page.goto("/accounts/login/")
    follow(page, re.compile("Forgot"))
    page.get_by_label(re.compile("E-?mail", re.IGNORECASE)).fill("alice@example.com")
    press(page, "Send me a link")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look for our mail")

    (mail,) = mailoutbox
    link = re.search(r"https?://\S+?(/accounts/password/reset/key/\S+)", str(mail.body))
    assert link, mail.body
    page.goto(link[1])
    page.get_by_label(re.compile("^New password$", re.IGNORECASE)).fill("wet-tape-orchard-91")
    for again in page.get_by_label(re.compile("again")).all():
        again.fill("wet-tape-orchard-91")
    press(page, "Set the password")
    expect(page.get_by_role("navigation", name="Site")).to_contain_text("Alice")

    follow(page, "Log out")
    press(page, "Log out")
    expect(page.get_by_role("navigation", name="Site")).not_to_contain_text("Alice")
    follow(page, "Log in")
    page.get_by_label("Username or e-mail address").fill("Alice@example.com")
    page.get_by_label("Password").fill("wet-tape-orchard-91")
    press(page, "Log in")
    expect(page.get_by_role("navigation", name="Site")).to_contain_text("Alice")


def test_a_moderator_finds_hides_and_restores_a_bad_review(
    browse: Browse, plain_page: Page, alice: User, mona: User, series: Series, make_review: Callable[..., Review]
) -> None:
    bad = make_review(alice, series.episodes.get(number=2), headline="Buy my scarves", body="Cheap scarves here")
    stranger, moderator, author = plain_page, browse(javascript=False), browse(javascript=False, member=alice)
    stranger.goto(bad.get_absolute_url())
    expect(stranger.locator("article")).to_contain_text("Cheap scarves here")

    moderator.goto("/admin/")
    expect(moderator.get_by_role("heading", level=1)).to_have_text("Log in")
    moderator.get_by_label("Username or e-mail address").fill("mona")
    moderator.get_by_label("Password").fill(PASSWORD)
    press(moderator, "Log in")
    moderator.locator("#content").get_by_role("link", name="Reviews", exact=True).first.click()
    moderator.get_by_role("textbox").first.fill("scarves")
    press(moderator, "Search")
    moderator.locator("#result_list").get_by_role("link", name="Buy my scarves").click()
    expect(moderator.locator("#content")).to_contain_text("Cheap scarves here")

    follow(moderator, "Hide")
    moderator.get_by_label("Reason").fill(" ")
    press(moderator, "Hide")
    expect(moderator.locator("#content")).to_contain_text("Say why: the author will want to know.")
    assert not ModerationAction.objects.exists()
    moderator.get_by_label("Reason").fill("Advertising")
    press(moderator, "Hide")
    expect(moderator.locator(".messagelist")).to_contain_text("1 text hidden.")

    gone = stranger.reload()
    assert gone is not None
    assert gone.status == 404
    author.goto(bad.get_absolute_url())
    expect(author.locator("main")).to_contain_text("A moderator has hidden this.")
    expect(author.locator("main")).to_contain_text("Reason: Advertising")
    assert not RatingTally.objects.filter(count__gt=0).exists()

    follow(moderator, "Restore")
    moderator.get_by_label("Reason").fill("It was a joke")
    press(moderator, "Restore")
    expect(moderator.locator(".messagelist")).to_contain_text("1 text restored.")
    stranger.reload()
    expect(stranger.locator("article")).to_contain_text("Cheap scarves here")

    log = ModerationAction.objects.order_by("pk").values_list("verb", "actor__username", "review", "reason")
    assert list(log) == [("hide", "mona", bad.pk, "Advertising"), ("restore", "mona", bad.pk, "It was a joke")]
    moderator.goto("/admin/reviews/moderationaction/")
    expect(moderator.locator("#result_list")).to_contain_text("Advertising")
