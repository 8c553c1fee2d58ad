"""The moderators' desk of the demo: reports of every reason, what is held, an appeal, and what was done already.

By the same verbs as everywhere, so that notices, counts and the log are what they would be.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from accounts.groups import MODERATORS
from accounts.models import Sanction, User
from episodes.models import Episode, Progress, Series
from reviews.demo.words import load
from reviews.models import Appeal, Comment, ModerationAction, Report, Review, Rule
from reviews.models.sanctions import impose

DOMAIN = "@demo.invalid"
BEFORE = timedelta(hours=6)  # when the first of these texts was written; the next ones follow by turns
TURN = timedelta(minutes=20)


class Desk:
    def __init__(self) -> None:
        self.words: dict[str, Any] = load("desk")
        self.now = timezone.now()
        self.texts: dict[str, Review | Comment] = {}
        self.rules = {rule.anchor: rule for rule in Rule.objects.all()}

    @transaction.atomic
    def lay(self) -> None:
        for values in self.words["members"]:
            self.welcome(**values)
        self.users = {user.username: user for user in User.objects.filter(username__in=self.names())}
        for place, values in enumerate(self.words["texts"]):
            self.write(written_at=self.now - BEFORE + place * TURN, **values)
        for values in self.words["reports"]:
            self.report(**values)
        for values in self.words["acts"]:
            self.act(**values)

    def names(self) -> set[str]:
        rows = [*self.words["texts"], *self.words["acts"]]
        reporters = {name for values in self.words["reports"] for name in values["by"]}
        members = {values["username"] for values in self.words["members"]}
        return (
            members
            | reporters
            | {values["by"] for values in rows}
            | {row["member"] for row in rows if "member" in row}
        )

    def welcome(
        self, username: str, display_name: str, bio: str, days: int, watched: dict[str, int], *, staff: bool = False
    ) -> None:
        """Nobody logs in as one of these."""
        user = User.objects.create_user(
            username,
            f"{username}{DOMAIN}",
            display_name=display_name,
            bio=bio,
            date_joined=self.now - timedelta(days=days),
            is_staff=staff,
            mails_notices=False,
        )
        if staff:
            Group.objects.get(name=MODERATORS).user_set.add(user)
        for slug, number in watched.items():
            Progress.objects.record(user, Series.objects.get(slug=slug), number)

    def write(
        self,
        written_at: datetime,
        key: str,
        by: str,
        series: str,
        says: str,
        *,
        episode: int | None = None,
        scope: int = 0,
        page: bool = False,
        headline: str = "",
        stars: int | None = None,
    ) -> None:
        author, about = self.users[by], Series.objects.get(slug=series)
        subject = Episode.objects.select_related("series").get(series=about, number=episode) if episode else about
        client = "" if page else None
        text: Review | Comment
        if stars:
            text = Review.objects.publish(
                author, subject, stars=stars, headline=headline, body=says, spoils_through=scope, client=client
            )
        else:
            text = Comment.objects.post(author, subject, body=says, spoils_through=scope, client=client)
        held = {"held_at": written_at} if text.is_held else {}
        type(text)._default_manager.filter(pk=text.pk).update(created_at=written_at, **held)
        self.texts[key] = text

    def report(
        self,
        by: list[str],
        reason: str,
        note: str,
        minutes: int,
        *,
        about: str = "",
        member: str = "",
        until: int | None = None,
        headline: bool = False,
    ) -> None:
        target = self.users[member] if member and member in self.users else None
        for place, name in enumerate(by):
            filed, _is_new = Report.objects.file(
                self.users[name],
                target or self.texts[about],
                reason,
                note,
                is_headline=headline,
                spoils_through=until,
            )
            Report.objects.filter(pk=filed.pk).update(created_at=self.now - timedelta(minutes=minutes - place))
            filed.case.take_stock()

    def act(
        self,
        by: str,
        verb: str,
        reason: str,
        rule: str,
        *,
        about: str = "",
        member: str = "",
        scope: int = 0,
        days: int = 0,
        appeal: str = "",
    ) -> None:
        moderator = self.users[by]
        told: dict[str, Any] = {"rule": self.rules.get(rule)}
        if member:
            impose(self.users[member], Sanction.Kind(verb), moderator, reason, self.now + timedelta(days=days), **told)
            return
        text = self.texts[about]
        if verb == "raise":
            text.rescope(moderator, scope, reason, **told)
        else:
            getattr(text, {"lock": "close_thread"}.get(verb, verb))(moderator, reason, **told)
        if appeal:
            Appeal.objects.lodge(text.author, ModerationAction.objects.about(text).latest("pk"), appeal)
