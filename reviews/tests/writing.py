"""What members do, as the steps of a machine: each is one verb, as a page calls it. What others do comes on top."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from unittest import mock

import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from conftest import member
from episodes.models import Episode, Progress, Series, Song
from reviews.models import (
    Burst,
    Comment,
    FloodError,
    HeldWord,
    Like,
    ModerationAction,
    Notification,
    Report,
    Review,
    Revision,
)

EPISODES = 4
PAGE = {"client": "10.0.0.1"}  # what a page sends is counted, and may have to wait

Key = tuple[type[Review] | type[Comment], int]

whoever = st.integers(0, 2)
anything = st.integers(0, 1)  # the series, or an episode
scopes = st.integers(0, EPISODES + 1)  # one beyond the series, which is refused
stars = st.none() | st.integers(1, 10)
said = st.sampled_from(["Words", "Other words", "A scarf", "https://example.org"])
words = st.just("") | said
seconds = st.none() | st.integers(0, 40)


def fresh(key: Key) -> Any:
    model, pk = key
    return model._default_manager.get(pk=pk)


def footprint() -> list[Any]:
    """What a verb that refuses has not touched."""
    counts = [Revision.objects.count(), ModerationAction.objects.count(), Notification.objects.unread().count()]
    sums = [model._default_manager.aggregate(Sum("version")) for model in (Review, Comment)]
    return [*counts, *sums, Report.objects.waiting().count(), Burst.objects.aggregate(Sum("count"))]


def tried(verb: Callable[..., Any], *args: Any, **values: Any) -> Any:
    """What the verb answers. It may refuse: then it is None, and nothing has happened."""
    before = footprint()
    try:
        return verb(*args, **values)
    except (ValidationError, PermissionDenied, FloodError):
        assert footprint() == before
        return None


def made(verb: Callable[..., Review | Comment], *args: Any, **values: Any) -> Any:
    text = tried(verb, *args, **values, **PAGE)
    return multiple() if text is None else (type(text), text.pk)


class Writing(RuleBasedStateMachine):
    """Three members write about a series and one of its episodes."""

    make_series: Callable[..., Series]  # given by the test

    reviews: Bundle[Key] = Bundle("reviews")
    comments: Bundle[Key] = Bundle("comments")

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.clock = self.open.enter_context(time_machine.travel(timezone.now(), tick=True))
        self.open.enter_context(transaction.atomic())
        # The cast is small: one text makes an established member, and two of them fold one.
        self.open.enter_context(mock.patch("reviews.models.policy.ENOUGH_TEXTS", 1))
        self.open.enter_context(mock.patch("reviews.models.case.ENOUGH_TO_FOLD", 2))
        HeldWord.objects.create(word="scarf")
        series = self.make_series(episodes=EPISODES)
        self.subjects: list[Series | Episode] = [series, *series.episodes.select_related("series")[1:2]]
        self.songs: list[Song | None] = [None, Song.objects.create(series=series, title="Snow")]
        self.members = [member(name) for name in ("alice", "bob", "una")]

    @initialize(target=reviews)
    def begin(self) -> Any:
        """With somebody's review; most histories would be over before anybody has anything to answer."""
        review = Review.objects.publish(self.members[0], self.subjects[1], stars=8, headline="Words", body="Words")
        return Review, review.pk

    @initialize(target=comments, under_a_review=st.booleans())
    def begin_a_thread(self, under_a_review: bool) -> Any:
        """Three comments, each answering the one before."""
        place: Any = Review.objects.first() if under_a_review else self.subjects[1]
        thread: list[Comment] = []
        for author in self.members:
            parent = thread[-1] if thread else None
            thread.append(
                Comment.objects.post(author, place or self.subjects[1], body="Words", spoils_through=0, parent=parent)
            )
        return multiple(*((Comment, comment.pk) for comment in thread))

    def teardown(self) -> None:
        connection.check_constraints()
        transaction.set_rollback(True)
        self.open.close()

    @rule(
        target=reviews, who=whoever, what=anything, stars=stars, headline=words, body=words, stayed=words, scope=scopes
    )
    def publish(
        self, who: int, what: int, stars: int | None, headline: str, body: str, stayed: str, scope: int
    ) -> Any:
        values = {"stars": stars, "headline": headline, "body": body, "stayed": stayed if what == 0 else ""}
        return made(Review.objects.publish, self.members[who], self.subjects[what], spoils_through=scope, **values)

    @rule(target=reviews, who=whoever, what=anything, stars=st.integers(1, 10))
    def rate(self, who: int, what: int, stars: int) -> Any:
        return made(Review.objects.rate, self.members[who], self.subjects[what], stars)

    @rule(
        target=comments,
        who=whoever,
        what=anything,
        body=said,
        scope=scopes,
        at=seconds,
        kind=st.sampled_from(Comment.Kind.values),
        song=st.integers(0, 1),
    )
    def say(self, who: int, what: int, body: str, scope: int, at: int | None, kind: str, song: int) -> Any:
        values: dict[str, Any] = {"body": body, "spoils_through": scope, "kind": kind}
        if kind == "song":
            values |= {"song": self.songs[song], "song_name": "" if song else "Humming"}
        if kind in Comment.TIMED:
            values["at"] = at
        return made(Comment.objects.post, self.members[who], self.subjects[what], **values)

    @rule(target=comments, who=whoever, review=reviews, body=said, scope=scopes)
    def answer(self, who: int, review: Key, body: str, scope: int) -> Any:
        subject = Review.objects.select_related("series", "episode__series").get(pk=review[1])
        return made(Comment.objects.post, self.members[who], subject, body=body, spoils_through=scope)

    @rule(target=comments, who=whoever, comment=comments, body=said, scope=scopes)
    def reply(self, who: int, comment: Key, body: str, scope: int) -> Any:
        parent = fresh(comment)
        place = parent.review or parent.subject
        return made(Comment.objects.post, self.members[who], place, body=body, spoils_through=scope, parent=parent)

    @rule(comment=comments, body=said, scope=scopes, at=seconds)
    def edit(self, comment: Key, body: str, scope: int, at: int | None) -> None:
        text = fresh(comment)
        pinned: dict[str, Any] = {"at": at} if text.kind in Comment.TIMED else {}
        tried(text.edit, body=body, spoils_through=scope, **pinned, **PAGE)

    @rule(who=whoever, text=reviews | comments, wanted=st.booleans())
    def feel(self, who: int, text: Key, wanted: bool) -> None:
        tried(Like.objects.feel, self.members[who], fresh(text), wanted, **PAGE)

    @rule(text=reviews | comments, verb=st.sampled_from(["retract", "unretract"]))
    def end_or_return(self, text: Key, verb: str) -> None:
        tried(getattr(fresh(text), verb))

    @rule(review=reviews)
    def remove_rating(self, review: Key) -> None:
        tried(fresh(review).remove_rating)

    @rule(text=reviews | comments, scope=scopes)
    def raise_scope(self, text: Key, scope: int) -> None:
        tried(fresh(text).raise_scope, scope)

    @rule(comment=comments, scope=scopes, goes_too=st.booleans())
    def raise_what_it_answers_while_it_is_gone(self, comment: Key, scope: int, goes_too: bool) -> None:
        """Would fall together too rarely by chance. `goes_too`: what it answers is gone when it returns."""
        text = Comment.objects.select_related("parent", "review__author", "review__episode__series").get(pk=comment[1])
        above = text.parent or text.review
        if above is None or not text.is_live:
            return
        text.retract()
        if isinstance(above, Comment):
            tried(above.edit, body="Raised", spoils_through=scope)
        elif above.is_live:
            tried(Review.objects.publish, above.author, above.subject, stars=5, body="Raised", spoils_through=scope)
        if goes_too:
            above.retract()
        tried(text.unretract)
        if goes_too:
            tried(above.unretract)

    @rule(who=whoever, some=st.integers(0, 2))
    def read(self, who: int, some: int) -> None:
        """All that is new, or a part of it."""
        answers = Comment.objects.answers_to(self.members[who])
        keys = list(answers.values_list("pk", flat=True))[some:]
        Comment.objects.filter(pk__in=keys).mark_read(self.members[who])

    @rule(who=whoever, point=st.integers(0, EPISODES))
    def watch(self, who: int, point: int) -> None:
        series = self.subjects[0]
        assert isinstance(series, Series)
        Progress.objects.record(self.members[who], series, point)

    @rule(minutes=st.sampled_from([1, 11, 31, 25 * 60]))
    def wait(self, minutes: int) -> None:
        """Until no moderator can take anything back, no member can, and everybody may hear every appeal."""
        self.clock.shift(timedelta(minutes=minutes))
