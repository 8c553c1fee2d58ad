"""Whatever members and moderators do, in whatever order: every count is what the texts say, every rule holds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any

import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from conftest import member
from episodes.models import Episode, Progress, Series, Song
from reviews.models import Comment, Like, Review
from reviews.recount import differences
from reviews.tests.counting import assert_counted

EPISODES = 4

whoever = st.integers(0, 2)
anything = st.integers(0, 1)  # the series, or an episode
scopes = st.integers(0, EPISODES + 1)  # one beyond the series, which is refused
stars = st.none() | st.integers(1, 10)
words = st.sampled_from(["", "Words", "Other words"])
said = st.sampled_from(["Words", "Other words"])
seconds = st.none() | st.integers(0, 40)


class History(RuleBasedStateMachine):
    """Each step is one verb. It may refuse, and then nothing has happened."""

    make_series: Callable[..., Series]  # given by the test

    reviews: Bundle[int] = Bundle("reviews")
    comments: Bundle[int] = Bundle("comments")

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.clock = self.open.enter_context(time_machine.travel(timezone.now(), tick=True))
        self.open.enter_context(transaction.atomic())
        series = self.make_series(episodes=EPISODES)
        self.subjects: list[Series | Episode] = [series, *series.episodes.select_related("series")[1:2]]
        self.songs: list[Song | None] = [None, Song.objects.create(series=series, title="Snow")]
        self.members = [member(name) for name in ("alice", "bob", "una")]
        self.mona = member("mona")

    @initialize(target=reviews)
    def begin(self) -> Any:
        """With somebody's review; most histories would be over before anybody has anything to answer."""
        return Review.objects.publish(self.members[0], self.subjects[1], stars=8, body="Words").pk

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
        return multiple(*(comment.pk for comment in thread))

    def teardown(self) -> None:
        connection.check_constraints()
        transaction.set_rollback(True)
        self.open.close()

    @staticmethod
    def made(verb: Callable[..., Review | Comment], *args: Any, **values: Any) -> Any:
        try:
            return verb(*args, **values).pk
        except ValidationError:
            return multiple()

    @rule(
        target=reviews, who=whoever, what=anything, stars=stars, headline=words, body=words, stayed=words, scope=scopes
    )
    def publish(
        self, who: int, what: int, stars: int | None, headline: str, body: str, stayed: str, scope: int
    ) -> Any:
        values = {"stars": stars, "headline": headline, "body": body, "stayed": stayed if what == 0 else ""}
        return self.made(
            Review.objects.publish, self.members[who], self.subjects[what], spoils_through=scope, **values
        )

    @rule(target=reviews, who=whoever, what=anything, stars=st.integers(1, 10))
    def rate(self, who: int, what: int, stars: int) -> Any:
        return self.made(Review.objects.rate, self.members[who], self.subjects[what], stars)

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
        named = {"song": self.songs[song], "song_name": "" if song else "Humming"} if kind == "song" else {}
        timed = {"at": at} if kind in Comment.TIMED else {}
        return self.made(
            Comment.objects.post,
            self.members[who],
            self.subjects[what],
            body=body,
            spoils_through=scope,
            kind=kind,
            **named,
            **timed,
        )

    @rule(target=comments, who=whoever, review=reviews, body=said, scope=scopes)
    def answer(self, who: int, review: int, body: str, scope: int) -> Any:
        subject = Review.objects.select_related("series", "episode__series").get(pk=review)
        return self.made(Comment.objects.post, self.members[who], subject, body=body, spoils_through=scope)

    @rule(target=comments, who=whoever, comment=comments, body=said, scope=scopes)
    def reply(self, who: int, comment: int, body: str, scope: int) -> Any:
        parent = Comment.objects.get(pk=comment)
        place = parent.review or parent.subject
        return self.made(
            Comment.objects.post, self.members[who], place, body=body, spoils_through=scope, parent=parent
        )

    @rule(comment=comments, body=said, scope=scopes, at=seconds)
    def edit(self, comment: int, body: str, scope: int, at: int | None) -> None:
        text = Comment.objects.get(pk=comment)
        pinned: dict[str, Any] = {"at": at} if text.kind in Comment.TIMED else {}
        with suppress(ValidationError):
            text.edit(body=body, spoils_through=scope, **pinned)

    @rule(who=whoever, review=reviews, wanted=st.booleans())
    def feel_review(self, who: int, review: int, wanted: bool) -> None:
        with suppress(ValidationError):
            Like.objects.feel(self.members[who], Review.objects.get(pk=review), wanted)

    @rule(who=whoever, comment=comments, wanted=st.booleans())
    def feel_comment(self, who: int, comment: int, wanted: bool) -> None:
        with suppress(ValidationError):
            Like.objects.feel(self.members[who], Comment.objects.get(pk=comment), wanted)

    @rule(review=reviews, verb=st.sampled_from(["hide", "restore", "retract", "unretract", "remove_rating"]))
    def end_or_return_review(self, review: int, verb: str) -> None:
        self.take(Review.objects.get(pk=review), verb)

    @rule(comment=comments, verb=st.sampled_from(["hide", "restore", "retract", "unretract"]))
    def end_or_return_comment(self, comment: int, verb: str) -> None:
        self.take(Comment.objects.get(pk=comment), verb)

    @rule(review=reviews, scope=scopes, who=st.sampled_from(["author", "moderator"]))
    def scope_review(self, review: int, scope: int, who: str) -> None:
        self.put(Review.objects.get(pk=review), scope, who)

    @rule(comment=comments, scope=scopes, who=st.sampled_from(["author", "moderator"]))
    def scope_comment(self, comment: int, scope: int, who: str) -> None:
        self.put(Comment.objects.get(pk=comment), scope, who)

    def put(self, text: Review | Comment, scope: int, who: str) -> None:
        with suppress(ValidationError):
            if who == "author":
                text.raise_scope(scope)
            else:
                text.rescope(self.mona, scope, "Reason")

    @rule(review=reviews, scope=scopes, folds=st.booleans())
    def fold_or_unfold(self, review: int, scope: int, folds: bool) -> None:
        text = Review.objects.get(pk=review)
        with suppress(ValidationError):
            if folds:
                text.fold_headline(self.mona, scope, "Reason")
            else:
                text.unfold_headline(self.mona, "Reason")

    @rule(comment=comments, scope=scopes, goes_too=st.booleans())
    def raise_what_it_answers_while_it_is_gone(self, comment: int, scope: int, goes_too: bool) -> None:
        """Would fall together too rarely by chance. `goes_too`: what it answers is gone when it returns."""
        text = Comment.objects.select_related("parent", "review__author", "review__episode__series").get(pk=comment)
        above = text.parent or text.review
        if above is None or not text.is_live:
            return
        text.retract()
        with suppress(ValidationError):
            if isinstance(above, Comment):
                above.edit(body="Raised", spoils_through=scope)
            elif above.is_live:
                Review.objects.publish(above.author, above.subject, stars=5, body="Raised", spoils_through=scope)
        if goes_too:
            above.retract()
        self.take(text, "unretract")
        if goes_too:
            self.take(above, "unretract")

    def take(self, text: Review | Comment, verb: str) -> None:
        reason = [self.mona, "Reason"] if verb in ("hide", "restore") else []
        with suppress(ValidationError):
            getattr(text, verb)(*reason)

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

    @rule(minutes=st.sampled_from([1, 5, 31]))
    def wait(self, minutes: int) -> None:
        """After half an hour nothing that was said or deleted before can be changed or taken back."""
        self.clock.shift(timedelta(minutes=minutes))

    @invariant()
    def all_is_counted(self) -> None:
        assert_counted()
        assert differences() == []


def test_counts_and_rules_hold_through_any_history(db: None, make_series: Callable[..., Series]) -> None:
    machine = type("History", (History,), {"make_series": staticmethod(make_series)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=24, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
