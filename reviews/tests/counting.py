"""All counts worked out the plainest way, row by row, knowing nothing of ledgers."""

from collections import Counter
from typing import Any

from django.utils import timezone

from accounts.models import Sanction, User
from reviews.models import (
    Appeal,
    Case,
    Comment,
    Like,
    ModerationAction,
    MomentTally,
    Notification,
    Policy,
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


def assert_desk_in_step() -> None:
    """What moderators did and what members were told of it fit each other. Five queries, and two for texts."""
    acts = list(ModerationAction.objects.order_by("pk"))
    assert_told_once()
    assert_sanctions_stamped(acts)
    assert_texts_as_logged(acts)
    said = [act.verb for act in acts if act.member_id is act.review_id is act.comment_id is None]
    assert not Policy.objects.current().is_raid() or said[-1] == "raid"
    undone = {act.undoes_id for act in acts}
    granted = Appeal.objects.filter(is_granted=True).values_list("action", flat=True)
    assert undone.issuperset(granted)


def assert_told_once() -> None:
    """Who reported something hears once what came of it; not while it waits, and not from whom they are themselves."""
    notices = Notification.objects.filter(withdrawn_at=None, report__isnull=False)
    told = Counter(notices.values_list("report", flat=True))
    unread = Counter(notices.filter(read_at=None).values_list("report", flat=True))
    for report in Report.objects.select_related("action", "case"):
        if report.action is None:
            assert not unread[report.pk], f"told of what is not decided: {report.pk}"
            assert told[report.pk] <= 1, f"told twice: {report.pk}"
            continue
        assert report.action.target == report.case.target
        assert told[report.pk] == (report.by_id != report.action.actor_id), (
            f"told {told[report.pk]} times: {report.pk}"
        )


def assert_sanctions_stamped(acts: list[ModerationAction]) -> None:
    """A member's row says until when; the log says who imposed and who lifted."""
    now = timezone.now()
    sanctions = list(Sanction.objects.all())
    for member in User.objects.all():
        for kind, until in (("ban", member.banned_until), ("silence", member.silenced_until)):
            theirs = [one for one in sanctions if (one.member_id, one.kind, one.lifted_at) == (member.pk, kind, None)]
            ends = [one.ends_at or Sanction.FOR_GOOD for one in theirs]
            in_force = [end for end in ends if end > now]
            assert until == max(in_force) if in_force else until is None or until <= now
    said = Counter((act.sanction_id, act.verb) for act in acts if act.sanction_id)
    assert said == Counter(
        key for one in sanctions for key in [(one.pk, one.kind), *([(one.pk, "lift")] if one.lifted_at else [])]
    )


def assert_texts_as_logged(acts: list[ModerationAction]) -> None:
    """Each text stands as the last word about it says; one that took the place of another, as that about both."""
    reported: set[Any] = set(Report.objects.waiting().values_list("case__review", "case__comment"))
    texts: list[Review | Comment] = [*Review.objects.all(), *Comment.objects.all()]
    places = {text.pk: (text.author_id, text.series_id, text.episode_id) for text in texts if isinstance(text, Review)}
    last: dict[Any, str] = {}
    for act in acts:
        for key in (("comment", act.comment_id), ("row", act.review_id), ("review", places.get(act.review_id or 0))):
            last[*key, act.kind] = act.verb
    for text in texts:
        if text.deleted_at is not None:
            continue
        key, row = ("comment", text.pk), ("comment", text.pk)
        if isinstance(text, Review):
            key, row = ("review", places[text.pk]), ("row", text.pk)
            assert (text.headline_folded_at is not None) == (last.get((*key, "fold")) == "fold"), f"folded: {text.pk}"
        assert (text.hidden_at is not None) == (last.get((*key, "hide")) == "hide"), f"hidden: {key}"
        assert (text.locked_at is not None) == (last.get((*row, "lock")) == "lock"), f"locked: {row}"
        assert text.hidden_at is None or text.held_at is None, f"hidden and held: {key}"
        if text.folded_at is not None:
            assert (text.pk, None) in reported or (None, text.pk) in reported, f"folded over nothing: {key}"
