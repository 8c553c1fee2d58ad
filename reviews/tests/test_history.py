"""Whatever members and moderators do, in whatever order: every count is what the texts say, every rule holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from accounts.models import Sanction
from conftest import member
from episodes.models import Series
from reviews.models import Appeal, ModerationAction, Notification, Policy, Report, sanctions
from reviews.models.sanctions import calm, declare_raid, go_on, hide_all, impose, keep_member, lift
from reviews.models.undo import reverse, undo
from reviews.recount import differences
from reviews.tests.counting import assert_counted, assert_desk_in_step
from reviews.tests.writing import PAGE, Key, Writing, fresh, scopes, tried, whoever

WHY = "Reason"

texts = Writing.reviews | Writing.comments
moderators = st.integers(0, 1)
recent = st.integers(0, 3)  # the last, the one before
hours = st.sampled_from([None, 1, 30])  # for good, or for so long
reasons = st.sampled_from(Report.Reason.values)
TAKING_BACK: dict[str, Callable[..., None]] = {"undo": undo, "reverse": reverse}


def how_it_stands(key: Key) -> list[Any]:
    """What an act that is undone at once has left as it was."""
    text = fresh(key)
    stamps = [text.held_at, text.hidden_at, text.folded_at, text.locked_at, getattr(text, "headline_folded_at", None)]
    waiting = Report.objects.waiting().about(text).count()
    return [text.spoils_through, waiting, *(stamp is not None for stamp in stamps)]


class History(Writing):
    """Two moderators look after them. Each step is one verb. It may refuse, and then nothing has happened."""

    def __init__(self) -> None:
        super().__init__()
        self.staff = [member(name, is_staff=True) for name in ("mona", "otto")]
        Policy.objects.create(new_days=0)
        for verb in (sanctions.hide_texts, sanctions.restore_texts):  # one text at once; the queue does the rest
            self.open.enter_context(mock.patch.object(verb, "__defaults__", (1,)))

    @rule(holds=st.sampled_from(Policy.Holds.values), new_days=st.sampled_from([0, 3]), folds=st.booleans())
    def set_policy(self, holds: str, new_days: int, folds: bool) -> None:
        Policy.objects.update(holds=holds, new_days=new_days, folds_reported=folds)

    @rule(who=moderators, text=texts, verb=st.sampled_from(["hide", "restore", "approve", "keep"]))
    def judge(self, who: int, text: Key, verb: str) -> None:
        tried(getattr(fresh(text), verb), self.staff[who], WHY)

    @rule(who=moderators, review=Writing.reviews)
    def keep_headline(self, who: int, review: Key) -> None:
        tried(fresh(review).keep, self.staff[who], WHY, is_headline=True)

    @rule(who=moderators, text=texts, verb=st.sampled_from(["close_thread", "open_thread"]))
    def close_or_open(self, who: int, text: Key, verb: str) -> None:
        tried(getattr(fresh(text), verb), self.staff[who], WHY)

    @rule(who=moderators, text=texts, scope=scopes)
    def rescope(self, who: int, text: Key, scope: int) -> None:
        tried(fresh(text).rescope, self.staff[who], scope, WHY)

    @rule(who=moderators, review=Writing.reviews, scope=scopes)
    def fold(self, who: int, review: Key, scope: int) -> None:
        tried(fresh(review).fold_headline, self.staff[who], scope, WHY)

    @rule(who=moderators, review=Writing.reviews)
    def unfold(self, who: int, review: Key) -> None:
        tried(fresh(review).unfold_headline, self.staff[who], WHY)

    @rule(by=whoever, text=texts, reason=reasons, scope=scopes, is_headline=st.booleans())
    def report(self, by: int, text: Key, reason: str, scope: int, is_headline: bool) -> None:
        target = fresh(text)
        values = {"spoils_through": scope} if reason == "spoiler" else {}
        about = {"is_headline": is_headline and hasattr(target, "headline")}
        tried(Report.objects.file, self.members[by], target, reason, **about, **values, **PAGE)

    @rule(text=texts, reasons=st.tuples(reasons, reasons))
    def report_together(self, text: Key, reasons: tuple[str, str]) -> None:
        """Everybody else tells of it: enough to fold it, where the reasons are."""
        target = fresh(text)
        others = [one for one in self.members if one.pk != target.author_id]
        for by, reason in zip(others, reasons, strict=True):
            tried(Report.objects.file, by, target, reason, **PAGE)

    @rule(by=whoever, who=whoever, reason=reasons)
    def report_member(self, by: int, who: int, reason: str) -> None:
        tried(Report.objects.file, self.members[by], self.members[who], reason, **PAGE)

    @rule(who=moderators, whom=whoever, kind=st.sampled_from(Sanction.Kind), hours=hours)
    def sanction(self, who: int, whom: int, kind: Sanction.Kind, hours: int | None) -> None:
        until = timezone.now() + timedelta(hours=hours) if hours else None
        tried(impose, self.members[whom], kind, self.staff[who], WHY, until)

    @rule(who=moderators, which=recent)
    def lift(self, who: int, which: int) -> None:
        for sanction in Sanction.objects.all()[which : which + 1]:
            tried(lift, sanction, self.staff[who], WHY)

    @rule(who=moderators, whom=whoever, verb=st.sampled_from([keep_member, hide_all]))
    def judge_member(self, who: int, whom: int, verb: Callable[..., Any]) -> None:
        tried(verb, self.members[whom], self.staff[who], WHY)

    @rule(which=st.integers(0, 1))
    def work(self, which: int) -> None:
        """The queue goes on, sooner or later. What a moderator has put back since stays."""
        acts = ModerationAction.objects.filter(verb__in=["hide_all", "restore_all"])
        for act in acts[which : which + 1]:
            since = ModerationAction.objects.filter(pk__gt=act.pk, verb="restore")
            restored = [text for one in since if (text := one.review or one.comment) and text.hidden_at is None]
            go_on.call(act.pk)
            assert not [text for text in restored if fresh((type(text), text.pk)).hidden_at]

    @rule(who=moderators, verb=st.sampled_from([declare_raid, calm]))
    def raid(self, who: int, verb: Callable[..., Any]) -> None:
        tried(verb, self.staff[who], WHY)

    @rule(which=recent)
    def undo(self, which: int) -> None:
        for act in ModerationAction.objects.all()[which : which + 1]:
            tried(undo, act, act.actor, WHY)

    @rule(who=moderators, which=st.integers(0, 8))
    def reverse(self, who: int, which: int) -> None:
        for act in ModerationAction.objects.all()[which : which + 1]:
            tried(reverse, act, self.staff[who], WHY)

    @rule(which=recent, by=whoever)
    def appeal(self, which: int, by: int) -> None:
        """Of something that was done to them, or to somebody else, which is refused."""
        for act in ModerationAction.objects.all()[which : which + 1]:
            whom = {one.pk: one for one in self.members}.get(act.suffered_by or 0, self.members[by])
            tried(Appeal.objects.lodge, whom, act, "It was a quote")

    @rule(who=moderators, which=recent, is_granted=st.booleans())
    def hear(self, who: int, which: int, is_granted: bool) -> None:
        for appeal in Appeal.objects.order_by("-pk")[which : which + 1]:
            tried(appeal.hear, self.staff[who], is_granted, WHY)

    @rule(who=whoever)
    def read_notices(self, who: int) -> None:
        Notification.objects.mark_read(self.members[who])

    @rule(
        text=texts,
        by=whoever,
        verb=st.sampled_from(["hide", "restore", "keep", "approve", "close_thread", "open_thread", "unfold_headline"]),
        how=st.sampled_from(["undo", "reverse"]),
        reads=st.booleans(),
        again=st.booleans(),
    )
    def decide_and_think_better(self, text: Key, by: int, verb: str, how: str, reads: bool, again: bool) -> None:
        """Would fall together too rarely by chance. `reads`: who reported it, before that; `again`: and once more."""
        tried(Report.objects.file, self.members[by], fresh(text), "spam", **PAGE)
        before = how_it_stands(text)
        if not tried(getattr(fresh(text), verb, fresh(text).keep), self.staff[0], WHY):
            return
        if reads:
            Notification.objects.mark_read(self.members[by])
        act = ModerationAction.objects.all()[:1].get()
        tried(TAKING_BACK[how], act, act.actor, WHY)
        if how == "undo":
            assert how_it_stands(text) == before
        if again:
            tried(getattr(fresh(text), verb, fresh(text).keep), self.staff[0], WHY)

    @invariant()
    def all_is_counted(self) -> None:
        assert_counted()
        assert_desk_in_step()
        assert differences() == []


def test_counts_and_rules_hold_through_any_history(db: None, make_series: Callable[..., Series]) -> None:
    machine = type("History", (History,), {"make_series": staticmethod(make_series)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
