"""What no window of the matrix shows: the admin's pages of ours, and mails. Sound HTML all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.test import Client, RequestFactory

from accounts.models import User
from episodes.models import Episode
from reviews.models import Appeal, Case, Comment, ModerationAction, Report, Review
from tests.page_checks.conftest import Validate

# Django's own pages say this of themselves, around what is ours.
DJANGOS = ("A table row was 2 columns wide",)
LETTERS = sorted(
    str(path.relative_to(settings.BASE_DIR / "templates")).removesuffix("_message.txt")
    for path in Path(settings.BASE_DIR / "templates").glob("*/email/*_message.txt")
    if not path.name.startswith("base")
)


@pytest.mark.django_db
def test_pages_of_the_admin(
    as_member: Callable[[User], Client],
    mona: User,
    alice: User,
    episode: Episode,
    make_review: Callable[..., Review],
    make_comment: Callable[..., Comment],
    validate: Validate,
) -> None:
    review = make_review(alice, episode, spoils_through=2)
    comment = make_comment(alice, episode)
    bob = User.objects.create_user("bob")
    Report.objects.file(bob, review, "spoiler", "It tells the end", spoils_through=3)
    Report.objects.file(bob, alice, "harassment")
    comment.hide(mona, "Off topic")
    act = ModerationAction.objects.get()
    appeal = Appeal.objects.lodge(alice, act, "It was about the song")
    comment = make_comment(alice, episode, body="Another")
    browser = as_member(mona)
    chosen = {"action": "hide_selected", "_selected_action": [str(comment.pk)]}
    pages = {
        "index": browser.get("/admin/"),
        "texts": browser.get("/admin/reviews/review/"),
        "text": browser.get(f"/admin/reviews/review/{review.pk}/change/"),
        "revealed text": browser.get(f"/admin/reviews/review/{review.pk}/change/?beyond=open"),
        "hide": browser.post("/admin/reviews/comment/", chosen),
        "hide, refused": browser.post("/admin/reviews/comment/", {**chosen, "confirmed": "yes", "reason": " "}),
        "log": browser.get("/admin/reviews/moderationaction/"),
        "entry of the log": browser.get(f"/admin/reviews/moderationaction/{act.pk}/change/"),
        "cases": browser.get("/admin/reviews/case/"),
        "case of a text": browser.get(f"/admin/reviews/case/{Case.objects.get(review=review).pk}/change/"),
        "case of a member": browser.get(f"/admin/reviews/case/{Case.objects.get(member=alice).pk}/change/"),
        "appeal": browser.get(f"/admin/reviews/appeal/{appeal.pk}/change/"),
        "member": browser.get(f"/admin/accounts/user/{alice.pk}/change/"),
        "silence": browser.get(f"/admin/accounts/user/{alice.pk}/silence/"),
    }
    faults = []
    for name, answer in pages.items():
        assert answer.status_code in (200, 422), name
        said = validate(answer.text)
        faults += [f"{name}: {fault}" for fault in said if not any(theirs in fault for theirs in DJANGOS)]
    assert not faults, "\n".join(faults)


def test_there_are_letters() -> None:
    assert "account/email/password_reset_key" in LETTERS


@pytest.mark.django_db
@pytest.mark.parametrize("letter", LETTERS)
def test_mails(letter: str, alice: User, validate: Validate) -> None:
    link = "http://localhost:8000/accounts/password/reset/key/1-abc/"
    said = {
        **dict.fromkeys(("activate_url", "password_reset_url", "signup_url"), link),
        "user": alice,
        "username": "alice",
        "email": "alice@example.com",
        "code": "ABC-DEF",
        "key": "abc",
    }
    with context.request_context(RequestFactory().get("/")):
        mail = get_adapter().render_mail(letter, "alice@example.com", said)
    assert isinstance(mail, EmailMultiAlternatives)
    (drawn,) = [content for content, kind in mail.alternatives if kind == "text/html"]
    assert not validate(str(drawn))


def test_a_fault_is_noticed(validate: Validate) -> None:
    page = "<!doctype html><html lang=en><head><title>A page</title></head><body>{}</body></html>"
    assert validate(page.format("<main><h1>Here</h1></main>")) == []
    assert any("No “p” element" in fault for fault in validate(page.format("<div><h1>Here</h1></p></div>")))
