"""The rows that words are planted in: each kind of text at each scope, in every state that hides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from accounts.groups import MODERATORS
from accounts.models import Sanction, User
from conftest import PASSWORD, member, seen
from episodes.models import (
    Credit,
    Cue,
    Episode,
    KeyMoment,
    Kin,
    Note,
    Person,
    PressReview,
    Progress,
    Series,
    Song,
    Source,
    Tag,
    WatchLink,
)
from reviews.models import (
    Appeal,
    Comment,
    Draft,
    HeldWord,
    ModerationAction,
    ReasonTemplate,
    Report,
    Review,
    Rule,
    RuleWording,
)
from reviews.models.sanctions import impose, keep_member
from reviews.places import Place
from tests.canary.plants import Plants, plant_everything

LAST = 2  # the last episode that has aired; another is announced
SCOPES = range(LAST + 1)
MORE_THAN_A_PAGE = 22
CROWDED = 9  # words of each text that only fills pages


@dataclass(frozen=True)
class Cast:
    """alice writes; una, bob (silenced) and ned (banned) read; mona moderates, ada is an admin."""

    alice: User
    una: User
    bob: User
    ned: User
    mona: User
    ada: User


@dataclass
class World:
    series: Series
    other: Series
    secret: Series
    cast: Cast
    plants: Plants

    def every(self, model: type[models.Model], **where: Any) -> list[Any]:
        """All rows with all their words: what asks is no reader."""
        return list(models.QuerySet(model).filter(**where).order_by("pk"))

    @property
    def episodes(self) -> list[Episode]:
        return self.every(Episode, series=self.series)

    @property
    def subjects(self) -> list[Series | Episode]:
        return [self.series, *self.episodes]


def furnish(series: Series, scopes: Iterable[int], to: Series) -> None:
    """The catalogue's rows besides episodes, one of each for each scope."""
    for scope in scopes:
        for job in ("cast", "director"):
            person = Person.objects.create(name=f"{series.pk} {scope} {job}")
            Credit.objects.create(series=series, person=person, job=job, scope=scope)
        Note.objects.create(series=series, about=f"{scope}", text="They differ.", scope=scope)
        PressReview.objects.create(series=series, outlet=f"{scope}", quote="Fine.", score=4, scope=scope)
        Song.objects.create(series=series, part=scope + 1, title="Song")
        series.tags.add(Tag.objects.create(kind="mood", name=f"{series.pk} {scope}"))
    Kin.objects.create(series=series, title="Elsewhere", why="Same rain.", to_series=to)
    Source.objects.create(series=series, name="Press book")
    WatchLink.objects.create(series=series, service="Streams", checked_on=date(2026, 1, 1))
    for episode in Episode.objects.filter(series=series):
        KeyMoment.objects.create(episode=episode, at=60, text="It happens.")
        Cue.objects.create(song=series.songs.get(part=1), episode=episode, at=30)


def review(author: User, subject: Series | Episode, **values: Any) -> Review:
    said = {"stars": 8, "headline": "A line", "body": "Said", "spoils_through": 0, **values}
    return Review.objects.publish(author, subject, **said)


def say(author: User, about: Series | Episode | Review, **values: Any) -> Comment:
    return Comment.objects.post(author, about, **{"body": "Said", "spoils_through": 0, **values})


def talk(series: Series, fans: list[User]) -> None:
    """Everything that can be said about it, at each scope, by fans who only write."""
    subjects: list[Series | Episode] = [series, *aired(series)]
    for subject in subjects:
        for scope, fan in zip(SCOPES, fans, strict=False):
            answer = say(fans[3], review(fan, subject, spoils_through=scope, **prompts(subject)), spoils_through=scope)
            root = say(fan, subject, spoils_through=scope)
            say(fans[3], subject, parent=root, body="Reply", spoils_through=scope)
            say(fan, subject, body="Heard", spoils_through=scope, kind="song", song_name="Humming")
            if isinstance(subject, Episode):
                say(fan, subject, body="Now", spoils_through=scope, kind="moment", at=60 * (scope + 1))
                say(fan, subject, body="Quote", spoils_through=scope, kind="line", at=60 * (scope + 1) + 9)
                say(fan, subject, body="Bonus", spoils_through=scope, kind="bonus")
            if scope < LAST:
                say(fan, answer.review or subject, parent=answer, body="Late", spoils_through=LAST)
                say(fan, subject, parent=root, body="Late", spoils_through=LAST)


def prompts(subject: Series | Episode) -> dict[str, str]:
    return {"rewound": "A", "stayed": "B", "shown_to": "C"} if isinstance(subject, Series) else {}


def crowd_in(episode: Episode, fans: list[User]) -> None:
    """More than one page of everything; tallies are mended afterwards."""
    said = {
        "series": episode.series,
        "episode": episode,
        "author_seen_through": LAST,
        "word_count": CROWDED,
        "body": "Said",
    }
    for place, fan in enumerate(fans):
        Review.objects.bulk_create([Review(author=fan, stars=7, headline="X", spoils_through=place % 3, **said)])
        Comment.objects.bulk_create([Comment(author=fan, spoils_through=place % 3, **said)])
    call_command("recount", stdout=StringIO())


def states(series: Series, cast: Cast, fan: User) -> None:
    """By alice, and by a fan who only writes: edited, hidden, held, deleted, folded, raised, half written."""
    first, second = aired(series)
    for author, other in ((cast.alice, fan), (fan, cast.alice)):
        review(author, series, spoils_through=1, **prompts(series))
        review(author, series, spoils_through=LAST, body="Changed", **prompts(series))
        hidden = review(author, first, spoils_through=1)
        say(other, hidden, body="Under what is hidden", spoils_through=1)
        review(author, second, headline="He dies", spoils_through=LAST)
        review(author, second, headline="He really dies", spoils_through=LAST).fold_headline(cast.mona, LAST, "Tells.")
        hidden.hide(cast.mona, "Rude.")
        for scope in SCOPES:
            edited = say(author, first, body="First", spoils_through=scope)
            say(other, first, parent=edited, body=f"To {author}", spoils_through=scope)
            edited.edit(body=f"Changed {scope}", spoils_through=scope)
        say(author, second, body="Raised").rescope(cast.mona, LAST, "It tells of the last one.")
        for verb in ("hide", "hold", "retract"):
            gone = say(author, first, body=verb, spoils_through=1)
            say(other, first, parent=gone, body=f"Under {verb}", spoils_through=1)
            if verb == "hide":
                gone.hide(cast.mona, "Rude.")
            elif verb == "hold":
                models.QuerySet(Comment).filter(pk=gone.pk).update(held_at=gone.created_at, held_for="first")
            else:
                gone.retract()
        for place in (Place("talk", series), Place("bonus", second)):
            for body in ("First", "Later"):
                Draft.objects.keep(author, place, {"body": body})


def house() -> None:
    """What moderators decide by."""
    rule = Rule.objects.create(anchor="warmth")
    RuleWording.objects.create(rule=rule, language="en", title="Be warm", body="To each other.")
    ReasonTemplate.objects.create(rule=rule, language="en", name="Cold", words="It hurts somebody.")
    HeldWord.objects.create(word="scarves")


def desk(series: Series, secret: Series, cast: Cast, fans: list[User]) -> None:
    """What was reported, decided and appealed: of texts at each scope, a headline and a member, open and answered."""
    first, second = aired(series)
    for fan in fans:
        fan.date_joined -= timedelta(days=30)  # long here, so that their reports of harm fold
    target: Review | Comment
    for scope in SCOPES:
        target = Review.objects.live().get(author=fans[scope], series=series, episode=None)
        Report.objects.file(cast.una, target, "spoiler", "It tells.", spoils_through=LAST)
        Report.objects.file(cast.alice, target, "other", "It is a headline.", is_headline=True)
        target = Comment.objects.live().filter(author=fans[scope], episode=first, kind="talk", root=None)[0]
        Report.objects.file(cast.una, target, "spam", "It sells.")
        for fan in (one for one in fans[:4] if one.pk != target.author_id):
            Report.objects.file(fan, target, "harassment", "It hurts.")
        target = Comment.objects.live().filter(author=fans[scope], episode=second, kind="song")[0]
        Report.objects.file(cast.una, target, "spoiler", "It tells as well.", spoils_through=LAST)
        target.keep(cast.mona, "It does not tell.")
        target = Comment.objects.live().filter(author=fans[scope], episode=second, kind="bonus")[0]
        target.close_thread(cast.mona, "They quarrel.")
    target = Review.objects.live().get(author=fans[0], series=series, episode=second)
    for fan in fans[1:4]:
        Report.objects.file(fan, target, "harassment", "It hurts me.")
    Report.objects.file(cast.una, cast.alice, "harassment", "She follows me.")
    Report.objects.file(cast.alice, cast.una, "other", "She reports me.")
    keep_member(cast.una, cast.mona, "She may.")
    Comment.objects.filter(series=secret, spoils_through=0)[0].hide(cast.mona, "Rude.")
    appeals = (act for act in ModerationAction.objects.order_by("pk") if act.can_be_appealed)
    for place, act in enumerate(appeals):
        member = User.objects.get(pk=act.suffered_by or 0)
        appeal = Appeal.objects.lodge(member, act, "Please look again.")
        if place % 2:
            appeal.hear(cast.ada, act.verb == "lock", "We have looked again.")


def published(slug: str, episodes: int, *, announced: int = 0) -> Series:
    """A series of so many episodes that have aired; titles spoil the one before, but the first spoils nothing."""
    now = timezone.now()
    series = Series.objects.create(
        slug=slug,
        title=slug,
        ending="Well.",
        ending_scope=episodes,
        published_at=now,
        poster_width=800,
        poster_height=1200,
    )
    Episode.objects.bulk_create(
        Episode(
            series=series,
            number=number,
            title_scope=number - 1,
            airs_at=now + timedelta(weeks=number - episodes) - timedelta(days=1),
            runtime=45,
            still_width=1280,
            still_height=720,
        )
        for number in range(1, episodes + announced + 1)
    )
    return series


def aired(series: Series) -> list[Episode]:
    return list(Episode.objects.filter(series=series, number__lte=LAST).select_related("series").order_by("number"))


def people() -> Cast:
    alice, una, bob, ned, mona = map(member, ("alice", "una", "bob", "ned", "mona"))
    ada = User.objects.create_superuser("ada", "ada@example.com", PASSWORD)
    cast = Cast(alice=alice, una=una, bob=bob, ned=ned, mona=mona, ada=ada)
    User.objects.filter(pk=cast.mona.pk).update(is_staff=True)
    cast.mona.groups.add(Group.objects.get(name=MODERATORS))
    impose(cast.bob, Sanction.Kind.SILENCE, cast.mona, "Too loud.")
    impose(cast.ned, Sanction.Kind.BAN, cast.mona, "Sold scarves.")
    return cast


def build() -> World:
    cast = people()
    fans = User.objects.bulk_create(User(username=f"fan_{place}") for place in range(MORE_THAN_A_PAGE + 5))
    series, other, secret = published("drama", LAST, announced=1), published("other", 1), published("secret", 1)
    furnish(series, SCOPES, to=other)
    for one in (other, secret):
        furnish(one, (0, 1), to=series)
        for scope in (0, 1):
            review(fans[scope], aired(one)[0], spoils_through=scope)
            say(fans[scope], aired(one)[0], spoils_through=scope, kind="moment", at=60)
    for fan in fans[:5]:
        seen(fan, series, LAST)
    talk(series, fans)
    states(series, cast, fans[4])
    house()
    desk(series, secret, cast, fans)
    crowd_in(aired(series)[0], fans[5:])
    models.QuerySet(Series).filter(pk=secret.pk).update(published_at=None)
    # What authors had to see in order to write is not how far the readers of this test have come.
    models.QuerySet(Progress).filter(member__in=vars(cast).values()).delete()
    plants = plant_everything()
    cast = Cast(**{name: User.objects.get(pk=account.pk) for name, account in vars(cast).items()})
    series, other, secret = (models.QuerySet(Series).get(pk=one.pk) for one in (series, other, secret))
    return World(series, other, secret, cast, plants)
