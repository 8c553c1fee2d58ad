"""What every page may cost, in queries, with nothing kept and with more on it than one page shows."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from conftest import seen
from episodes.models import Credit, Cue, KeyMoment, Kin, Note, Person, PressReview, Song, Source, Tag, WatchLink
from reviews.models import Appeal, Case, Comment, ModerationAction, Report, Review
from reviews.models.flood import BurstQuerySet

TEXTS = 21

BUDGETS = {  # page: for a visitor, for a member; session and member counted
    "/series/drama/episodes/2/": (8, 12),
    "/series/drama/episodes/2/recap/": (8, 12),
    "/series/drama/episodes/2/reviews/": (8, 12),
    "/series/drama/episodes/2/reviews/?sort=felt": (8, 12),
    "/series/drama/episodes/2/reviews/?sort=felt&page=0-99999": (9, 12),
    "/series/drama/episodes/2/reviews/?sort=highest": (9, 12),
    "/series/drama/episodes/2/reviews/?sort=lowest&page=8-0": (10, 12),
    "/series/drama/episodes/2/reviews/?stars=8": (8, 12),
    "/series/drama/episodes/2/reviews/?waiting=list": (8, 12),
    "/series/drama/episodes/2/reviews/?seat=same": (8, 12),
    "/series/drama/reviews/": (8, 12),
    "/series/drama/episodes/2/comments/": (8, 12),
    "/series/drama/episodes/2/comments/?sort=felt": (9, 12),
    "/series/drama/episodes/2/comments/?sort=felt&page=0-0": (10, 12),
    "/series/drama/episodes/2/comments/?kind=song&seat=same": (8, 12),
    "/series/drama/episodes/2/comments/?at=0:00": (8, 12),
    "/series/drama/episodes/2/comments/?waiting=list": (8, 12),
    "/series/drama/comments/": (8, 12),
    "/reviews/{review}/": (8, 12),
    "/reviews/{review}/?sort=felt": (9, 12),
    "/reviews/{review}/?waiting=list": (8, 12),
    "/reviews/{review}/?seat=same": (8, 12),
    "/comments/{comment}/": (8, 12),
    "/comments/{comment}/?seat=same": (8, 12),
    "/series/": (8, 12),
    # The sleeve shows ten kinds of facts, each a query whatever its length.
    "/series/drama/": (13, 17),
    "/": (13, 12),
}


@pytest.fixture
def full(series, episode, crowd, make_review, make_comment):
    """More than a page of everything."""
    for author in crowd(TEXTS):
        for subject in (series, episode):
            review = make_review(author, subject, spoils_through=2 * (author.pk % 2))
            for place in (subject, review):
                root = make_comment(author, place, spoils_through=2 * (author.pk % 2))
                make_comment(author, place, parent=root, spoils_through=2)
    for number in range(TEXTS):
        name = f"name {number}"
        series.tags.add(Tag.objects.create(kind="mood", name=name))
        Credit.objects.create(series=series, person=Person.objects.create(name=name), job="cast", character=name)
        song = Song.objects.create(series=series, part=number, title=name)
        Cue.objects.create(song=song, episode=episode, at=number)
        make_comment(review.author, episode, body=name, kind="song", song=song, at=number)
        KeyMoment.objects.create(episode=episode, at=number, text=name)
        PressReview.objects.create(series=series, episode=episode, outlet=name, score=4)
        Kin.objects.create(series=series, title=name, why=name)
        WatchLink.objects.create(series=series, service=name, checked_on="2026-01-01")
        Note.objects.create(series=series, about=name, text=name)
        Source.objects.create(series=series, name=name)
    return series


@pytest.mark.parametrize("through", [None, 2, 4])
def test_a_full_page_stays_within_its_budget(client, as_member, una, full, queries_of, through):
    if through is not None:
        seen(una, full, through)
        client.post("/series/drama/progress/", {"seen_through": through})
    client.get("/")  # the message of the answer above is shown, and its cookie gone
    browser = as_member(una)
    comment = Comment.objects.filter(review__isnull=False).earliest("pk")
    too_dear = {}
    for pattern, (visitor, member) in BUDGETS.items():
        path = pattern.format(review=comment.review_id, comment=comment.pk)
        asked = queries_of(client, path), queries_of(browser, path)
        if asked[0] > visitor or asked[1] > member:
            too_dear[pattern] = asked
    assert too_dear == {}


# Pages of the desk, for a moderator: whoever judges is told much, each kind of fact by a query of its own.
DESK = {
    "index": 14,
    "reviews_case_changelist": 10,
    "reviews_appeal_changelist": 10,
    "reviews_review_changelist": 10,
    "reviews_comment_changelist": 10,
    "reviews_moderationaction_changelist": 12,
    "accounts_user_changelist": 10,
    "reviews_review_change": 18,
    "reviews_comment_change": 18,
    "reviews_case_change": 28,
    "reviews_appeal_change": 20,
    "reviews_moderationaction_change": 16,
    "accounts_user_change": 16,
}


def reported(review, members):
    """All that a desk can have of one review, from each of these members."""
    for fan in members:
        answer = Comment.objects.post(fan, review, body="An answer", spoils_through=2)
        for target in (review, answer, review.author):
            Report.objects.file(fan if target is not answer else review.author, target, "spam", "It sells.")


def test_the_desk_stays_within_its_budget_however_much_waits(
    as_member, mona, alice, crowd, episode, make_review, queries_of, monkeypatch
):
    monkeypatch.setattr(BurstQuerySet, "spend", lambda *told: None)
    call_command("load_guidelines", stdout=StringIO())
    review = make_review(alice, episode, spoils_through=2)
    browser = as_member(mona)
    review.fold_headline(mona, 2, "It tells.")
    Appeal.objects.lodge(alice, ModerationAction.objects.get(), "It does not.")
    reported(review, crowd(1))
    rows = {"case": Case, "appeal": Appeal, "review": Review, "comment": Comment, "moderationaction": ModerationAction}

    def asked():
        found = {}
        for page in DESK:
            kind = page.split("_")[1] if "_" in page else ""
            row: Any = alice if kind == "user" else rows[kind].objects.earliest("pk") if kind else None
            path = reverse(f"admin:{page}", args=[row.pk] if page.endswith("_change") else [])
            queries_of(browser, path)  # the first of a process learns what content types there are
            found[page] = queries_of(browser, path)
        return found

    with_one = asked()
    reported(review, crowd(TEXTS))
    with_many = asked()
    assert with_many == with_one
    assert {page: count for page, count in with_many.items() if count > DESK[page]} == {}
