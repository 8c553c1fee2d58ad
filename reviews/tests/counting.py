"""All counts worked out the plainest way, row by row, knowing nothing of ledgers."""

from collections import Counter
from typing import Any

from accounts.models import User
from reviews.models import (
    Case,
    Comment,
    Like,
    MomentTally,
    Notification,
    RatingTally,
    Report,
    Review,
    ScopeTally,
    Text,
)


def assert_counted() -> None:
    """Every stored count and every scope is what the texts themselves say."""
    reviews = list(Review.objects.with_words())
    comments = list(Comment.objects.with_words())
    assert_reviews_counted([review for review in reviews if stands(review)])
    assert_stars_remembered([review for review in reviews if stands(review)])
    assert_comments_counted([comment for comment in comments if stands(comment)], comments, reviews)
    assert_scopes_rise(comments, reviews)
    assert_felt(comments, reviews)
    assert_unread([comment for comment in comments if stands(comment)])
    assert_cases_in_step()


def assert_cases_in_step() -> None:
    """What the desk is sorted by is what its unanswered reports say."""
    waiting: dict[int, list[Report]] = {}
    for report in Report.objects.filter(action=None):
        waiting.setdefault(report.case_id, []).append(report)
    for case in Case.objects.all():
        reports = waiting.get(case.pk, [])
        assert case.open_count == len(reports)
        assert case.harm == max((report.harm for report in reports), default=0)
        assert case.waits_since == min((report.created_at for report in reports), default=None)


def stands(text: Text) -> bool:
    return not (text.hidden_at or text.held_at or text.deleted_at)


def assert_reviews_counted(live: list[Review]) -> None:
    ratings = Counter((review.series_id, review.episode_id, review.stars) for review in live if review.stars)
    assert kept(RatingTally, "series_id", "episode_id", "stars") == ratings
    scopes = Counter(
        (review.series_id, review.episode_id, review.spoils_through)
        for review in live
        if any((review.line, review.body, review.rewound, review.stayed, review.shown_to))
    )
    assert kept(ScopeTally, "series_id", "episode_id", "scope", kind="review") == scopes


def assert_stars_remembered(live: list[Review]) -> None:
    for member in User.objects.all():
        given = [review for review in live if review.author_id == member.pk and review.stars]
        newest_first = sorted(given, key=lambda review: review.pk, reverse=True)
        assert member.last_stars == " ".join(str(review.stars) for review in newest_first[:5])


def assert_comments_counted(live: list[Comment], every: list[Comment], reviews: list[Review]) -> None:
    spoken = [comment for comment in live if comment.review_id is None]
    scopes = Counter((comment.series_id, comment.episode_id, comment.spoils_through) for comment in spoken)
    assert kept(ScopeTally, "series_id", "episode_id", "scope", kind="comment") == scopes
    answers = [comment for comment in live if comment.review_id is not None]
    scopes = Counter((comment.series_id, comment.episode_id, comment.spoils_through) for comment in answers)
    assert kept(ScopeTally, "series_id", "episode_id", "scope", kind="answer") == scopes
    moments = Counter(
        (comment.episode_id, comment.at // 5, comment.spoils_through) for comment in spoken if comment.at is not None
    )
    assert kept(MomentTally, "episode_id", "slice", "scope") == moments
    answered = Counter(above for comment in live for above in {comment.root_id, comment.parent_id})
    assert {comment.pk: comment.comment_count for comment in every} == {
        comment.pk: answered[comment.pk] for comment in every
    }
    under = Counter(comment.review_id for comment in live)
    assert {review.pk: review.comment_count for review in reviews} == {
        review.pk: under[review.pk] for review in reviews
    }


def assert_scopes_rise(comments: list[Comment], reviews: list[Review]) -> None:
    """What answers a text spoils at least as far; what is deleted holds nobody."""
    above: dict[tuple[str, int | None], Text] = {("comment", comment.pk): comment for comment in comments}
    above.update({("review", review.pk): review for review in reviews})
    for comment in comments:
        keys = ("comment", comment.parent_id), ("comment", comment.root_id), ("review", comment.review_id)
        for text in (above[key] for key in keys if key[1] and not comment.deleted_at):
            assert text.deleted_at or comment.spoils_through >= text.spoils_through, f"{comment.pk} under {text.pk}"


def assert_felt(comments: list[Comment], reviews: list[Review]) -> None:
    felt = Counter((like.review_id, like.comment_id) for like in Like.objects.all())
    assert {(None, text.pk): text.like_count for text in comments if text.like_count} | {
        (text.pk, None): text.like_count for text in reviews if text.like_count
    } == felt
    authors: dict[tuple[int | None, int | None], int] = {(None, text.pk): text.author_id for text in comments} | {
        (text.pk, None): text.author_id for text in reviews
    }
    assert all(like.member_id != authors[like.review_id, like.comment_id] for like in Like.objects.all())


def assert_unread(live: list[Comment]) -> None:
    answers = Counter(comment.answered_id for comment in live if comment.answered_id and comment.read_at is None)
    told = Notification.objects.all()
    notices = Counter(one.recipient_id for one in told if one.read_at is None and one.withdrawn_at is None)
    for column, unread in (("unread_answers", answers), ("unread_notices", notices)):
        assert dict(User.objects.exclude(**{column: 0}).values_list("pk", column)) == unread, column


def kept(model: type[RatingTally | ScopeTally | MomentTally], *columns: str, **which: str) -> Counter[Any]:
    rows = model._default_manager.filter(count__gt=0, **which).values_list(*columns, "count")
    return Counter({tuple(key): count for *key, count in rows})
