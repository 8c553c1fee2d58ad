"""What waits at the desk of the full world: reports, appeals, what is held, and what was done already."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Sanction, User
from episodes.models import Episode, Person
from reviews.models import (
    Appeal,
    Case,
    Comment,
    HeldWord,
    ModerationAction,
    Policy,
    ReasonTemplate,
    Report,
    Review,
    Rule,
)
from reviews.models.sanctions import impose

AHEAD = "soundtrack-1"  # a series that the moderators have not begun
ENDLESS_NOTE = "비" * 250 + "w" * 250


def desk(moderator: User, admin: User, wide: User, fans: list[User], second: Episode, words: str) -> dict[str, Any]:
    """`words`: a reason, as long as one may be."""
    review = Review.objects.by(wide).about(second).get()
    comment = say(wide, second, ENDLESS_NOTE * 8)
    comment.edit(body=ENDLESS_NOTE * 9, spoils_through=0)
    comment.refresh_from_db()
    comment.rescope(moderator, 2, words, rule=Rule.objects.first())
    ahead = Comment.objects.filter(series__slug=AHEAD, spoils_through__gt=1, author__is_staff=False).earliest("pk")
    folded = Review.objects.by(fans[0]).about(second).get()
    folded.fold_headline(moderator, 2, words)
    return {
        "desk_review": review.pk,
        "desk_comment": comment.pk,
        "desk_ahead": ahead.pk,
        "desk_folded": folded.pk,
        **cases(moderator, admin, wide, fans, second, review, comment, ahead),
        **decided(moderator, admin, fans, second, words),
        **of_the_house(),
        "desk_member": wide.pk,
    }


def report(target: Any, by: list[User], reason: str, note: str, **values: Any) -> Case:
    for one in by:
        filed, _is_new = Report.objects.file(one, target, reason, note, **values)
    return filed.case


def say(author: User, second: Episode, body: str) -> Comment:
    return Comment.objects.post(author, second, body=body, spoils_through=0)


def cases(
    moderator: User,
    admin: User,
    wide: User,
    fans: list[User],
    second: Episode,
    review: Review,
    comment: Comment,
    ahead: Comment,
) -> dict[str, Any]:
    mine, theirs, kept = (say(fans[place], second, "Buy my scarves.") for place in (3, 4, 5))
    made = {
        "desk_case": report(comment, fans[:3], "harassment", ENDLESS_NOTE),
        "desk_case_ahead": report(ahead, fans[:2], "spoiler", "It tells the end.", spoils_through=3),
        "desk_case_headline": report(review, fans[:1], "spoiler", ENDLESS_NOTE, is_headline=True, spoils_through=4),
        "desk_case_member": report(wide, fans[:12], "spam", "w" * 500),
        "desk_case_mine": report(mine, fans[:1], "spam", ""),
        "desk_case_theirs": report(theirs, fans[:1], "spam", ""),
        "desk_case_decided": report(kept, fans[:1], "other", ENDLESS_NOTE),
    }
    for name, by in (("mine", moderator), ("theirs", admin)):
        Case.objects.get(pk=made[f"desk_case_{name}"].pk).claim(by)
    kept.keep(moderator, "It may stand.")
    return {name: case.pk for name, case in made.items()}


def decided(moderator: User, admin: User, fans: list[User], second: Episode, words: str) -> dict[str, Any]:
    hidden = [say(fans[place], second, "You know nothing of music.") for place in (6, 7, 8)]
    for text, by in zip(hidden, (admin, moderator, admin), strict=True):
        text.hide(by, words, rule=Rule.objects.first())
    acts = [ModerationAction.objects.about(text).get() for text in hidden]
    appeals = [Appeal.objects.lodge(text.author, act, ENDLESS_NOTE) for text, act in zip(hidden, acts, strict=True)]
    appeals[2].hear(moderator, is_granted=False, answer=words)
    locked, held = say(fans[9], second, "Closed now."), say(fans[10], second, "https://example.com/scarves")
    locked.close_thread(moderator, words)
    Comment.objects.filter(pk=held.pk).update(held_at=timezone.now(), held_for="link")
    impose(fans[11], Sanction.Kind.SILENCE, moderator, words, timezone.now() + timedelta(days=7))
    return {
        "desk_hidden": hidden[0].pk,
        "desk_appeal": appeals[0].pk,
        "desk_appeal_own": appeals[1].pk,
        "desk_appeal_heard": appeals[2].pk,
        "desk_act": acts[0].pk,
        "desk_locked": locked.pk,
        "desk_held": held.pk,
        "desk_silenced": fans[11].pk,
        "desk_sanction": ModerationAction.objects.about(fans[11]).latest("pk").pk,
    }


def of_the_house() -> dict[str, Any]:
    rule = Rule.objects.earliest("position")
    word = HeldWord.objects.create(word="w" * 60)
    policy = Policy.objects.current()
    policy.save()
    return {
        "desk_rule": rule.pk,
        "desk_reason": ReasonTemplate.objects.earliest("pk").pk,
        "desk_word": word.pk,
        "desk_policy": policy.pk,
        "desk_person": Person.objects.latest("pk").pk,
    }
