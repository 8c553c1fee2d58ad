"""Ten who ask, and what they ask for: one row of every kind, and the same hidden, deleted and missing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from io import StringIO
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from accounts.groups import EDITORS, MODERATORS
from accounts.models import Sanction, User
from conftest import HERE, VOCABULARY, member, seen
from episodes.models import (
    Credit,
    Cue,
    Episode,
    KeyMoment,
    Kin,
    Note,
    Person,
    PressReview,
    Series,
    Song,
    Source,
    Tag,
    WatchLink,
)
from reviews.banned import appeal_url
from reviews.models import (
    Appeal,
    Case,
    Comment,
    Draft,
    HeldWord,
    ModerationAction,
    Policy,
    ReasonTemplate,
    Report,
    Review,
    Rule,
    RuleWording,
)
from reviews.models.sanctions import impose
from reviews.places import Place

WHO = ("visitor", "unverified", "new", "other", "owner", "silenced", "banned", "moderator", "editor", "admin")

# What no address of ours finds, and nothing that is there is called.
MISSING = 900_000
PICTURE = f"avatars/{'0' * 32}.webp"
Keys = dict[str, dict[str, Any]]  # state → what stands in the address


@dataclass
class World:
    """`keys`: for each kind of thing, what stands in an address for it in each state."""

    cookies: dict[str, dict[str, str]]
    keys: Keys
    named: dict[str, int]  # what forms name by key

    def browser(self, who: str) -> Client:
        """Theirs as it was when they came: logged in, and sure of it a minute ago."""
        client = Client(headers=HERE, raise_request_exception=False)
        client.cookies = SimpleCookie(self.cookies[who])
        return client


def rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """Without guards: what builds a world is no reader."""
    return models.QuerySet(model)


def people() -> dict[str, User]:
    long_ago = timezone.now() - timedelta(days=400)
    users = {who: member(who) for who in WHO[1:]}
    for who, user in users.items():
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=who != "unverified")
    rows(User).exclude(username="new").update(date_joined=long_ago)
    rows(User).filter(username__in=("moderator", "editor", "admin")).update(is_staff=True)
    rows(User).filter(username="admin").update(is_superuser=True)
    users["moderator"].groups.add(Group.objects.get(name=MODERATORS))
    users["editor"].groups.add(Group.objects.get(name=EDITORS))
    return {who: User.objects.get(username=who) for who in users}


def logged_in(user: User) -> dict[str, str]:
    """The cookies of a browser in which they have just typed their password."""
    client = Client(headers=HERE)
    client.force_login(user, backend="accounts.backends.MemberBackend")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "username": user.username, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return {name: morsel.value for name, morsel in client.cookies.items()}


def passkey(user: User) -> Authenticator:
    """One that a page can list and that opens nothing."""
    key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    held = AttestedCredentialData.create(Aaguid(b"\0" * 16), b"key", key)
    said = AuthenticatorData.create(b"\0" * 32, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, held)
    response = {
        "clientDataJSON": websafe_encode(b'{"type":"webauthn.create","challenge":"eA","origin":"https://localhost"}'),
        "attestationObject": websafe_encode(bytes(AttestationObject.create("none", said, {}))),
    }
    credential = {"id": websafe_encode(b"key"), "rawId": websafe_encode(b"key"), "type": "public-key"}
    data = {"name": "Key", "credential": {**credential, "response": response, "clientExtensionResults": {}}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def drama(slug: str) -> Series:
    """Two episodes, which have aired: whoever has seen both has seen it all."""
    now = timezone.now()
    series = Series.objects.create(
        slug=slug,
        title=slug.title(),
        vocabulary=VOCABULARY,
        ending="Well.",
        ending_scope=2,
        published_at=now,
    )
    for number in (1, 2):
        airs_at = now + timedelta(weeks=number - 2) - timedelta(days=1)
        episode = Episode(
            series=series, number=number, title_scope=number - 1, airs_at=airs_at, runtime=45, bonus_question="Why?"
        )
        episode.render()
        episode.save()
    return series


def catalogue(series: Series) -> None:
    """One row of each kind that editors write."""
    episode = series.episodes.get(number=1)
    person, song = Person.objects.create(name="Somebody"), Song.objects.create(series=series, part=1, title="Song")
    Credit.objects.create(series=series, person=person, job="cast")
    Note.objects.create(series=series, about="Rain", text="It rains.")
    PressReview.objects.create(series=series, outlet="A paper", quote="Fine.", score=4)
    series.tags.add(Tag.objects.create(kind="mood", name="Rain"))
    Kin.objects.create(series=series, title="Elsewhere", why="The same rain.")
    Source.objects.create(series=series, name="Press book")
    WatchLink.objects.create(series=series, service="Streams", checked_on=timezone.now().date())
    KeyMoment.objects.create(episode=episode, at=60, text="It happens.")
    Cue.objects.create(song=song, episode=episode, at=30)


def house() -> None:
    """What an admin lays down."""
    rule = Rule.objects.create(anchor="kind", position=1)
    RuleWording.objects.create(rule=rule, language="en", title="Be kind", body="To each other.")
    ReasonTemplate.objects.create(rule=rule, language="en", name="Insult", words="It insults somebody.")
    HeldWord.objects.create(word="scarves")
    Policy.objects.get_or_create(pk=1)


def texts(series: Series, users: dict[str, User]) -> Keys:
    """The owner's, in every state; each comment with an answer by another, which the owner may have read.

    What is held has a closed thread and, where it has one, a folded headline: acts that take these back have work.
    """
    owner, other, moderator = users["owner"], users["other"], users["moderator"]
    other_series = drama("other")
    subjects = [series, *series.episodes.select_related("series").order_by("number")[:2], other_series]
    said: dict[str, Any] = {"stars": 8, "headline": "A line", "body": "Said", "spoils_through": 0}
    reviews = [Review.objects.publish(owner, subject, **said) for subject in subjects]
    comments, answers = [], []
    for place in range(4):  # the same words twice would be one comment
        comment = Comment.objects.post(owner, subjects[1], body=f"Said {place}", spoils_through=0)
        answers.append(Comment.objects.post(other, subjects[1], parent=comment, body="Answered", spoils_through=0))
        comments.append(comment)
    for kind in (reviews, comments, answers):
        _existing, hidden, deleted, held = kind
        hidden.hide(moderator, "Rude.")
        deleted.retract()
        held.close_thread(moderator, "Loud.")
        rows(type(held)).filter(pk=held.pk).update(held_at=held.created_at, held_for="first")
    reviews[-1].fold_headline(moderator, 1, "It tells.")
    states = ("existing", "hidden", "deleted", "held")
    return {
        name: {**dict(zip(states, (row.pk for row in kind), strict=True)), "missing": MISSING}
        for name, kind in (("review", reviews), ("comment", comments), ("answer", answers))
    }


def desk(users: dict[str, User], keys: Keys) -> None:
    """A report, an appeal that waits and a sanction of the silenced."""
    review = Review.objects.get(pk=keys["review"]["existing"])
    comment = Comment.objects.get(pk=keys["comment"]["existing"])
    for target in (review, comment, users["owner"]):
        Report.objects.file(users["other"], target, "spam", "Look.")
    act = ModerationAction.objects.filter(review=keys["review"]["hidden"], verb="hide").get()
    Appeal.objects.lodge(users["owner"], act, "It was not rude.")
    act = ModerationAction.objects.filter(comment=keys["comment"]["hidden"], verb="hide").get()
    keys["act"] = {"existing": act.pk, "missing": MISSING}


def build() -> World:
    users = people()
    cookies = {"visitor": {}, **{who: logged_in(user) for who, user in users.items()}}
    series, secret = drama("drama"), drama("secret")
    catalogue(series)
    house()
    for user in users.values():
        seen(user, series, 2)
    keys = texts(series, users)
    keys |= {
        "series": {"existing": "drama", "missing": "nought", "hidden": "secret"},
        "episode": {"existing": ("drama", 1), "missing": ("drama", 99), "hidden": ("secret", 1)},
        "member": {"existing": "owner", "missing": "nobody", "deleted": "ended"},
        "picture": {"existing": PICTURE, "missing": PICTURE.replace("0", "1")},
    }
    rows(Series).filter(pk=secret.pk).update(published_at=None)
    desk(users, keys)
    keys["own"] = own_of_moderator(users)
    silence = impose(users["silenced"], Sanction.Kind.SILENCE, users["moderator"], "Loud.")
    ban = impose(users["banned"], Sanction.Kind.BAN, users["moderator"], "Scarves.")
    call_command("recount", stdout=StringIO())  # what was held, was held without a verb
    ended = member("ended")
    rows(User).filter(pk=ended.pk).update(scrubbed_at=timezone.now(), is_active=False)
    assert Draft.objects.keep(users["owner"], Place("talk", series), {"body": "Half said"})
    UserSession.objects.create(
        user=users["owner"], session_key=cookies["owner"]["sessionid"], ip="192.0.2.1", user_agent="A browser"
    )
    default_storage.save(PICTURE, ContentFile(b"RIFF"))
    keys |= {
        "draft": {"existing": Draft.objects.by(users["owner"]).latest("pk").pk, "missing": MISSING},
        "passkey": {"existing": passkey(users["owner"]).pk, "missing": MISSING},
        "token": {"existing": appeal_url(ban.sanction).split("/")[-2], "missing": "x"},
        "confirmation": {"existing": confirmation(users["unverified"]), "missing": "not-a-key"},
        "reset": {"existing": reset_key(users["owner"]), "missing": ("zz", "not-a-key")},
    }
    named = {"act": ban.pk, "sanction": silence.sanction_id or 0}
    return World(cookies, keys | admin_keys(keys), named)


def own_of_moderator(users: dict[str, User]) -> dict[str, Any]:
    """What was reported about the moderator, and about what they wrote."""
    moderator, series = users["moderator"], Series.objects.get(slug="other")
    review = Review.objects.publish(moderator, series, stars=8, headline="A line", body="Said", spoils_through=0)
    comment = Comment.objects.post(moderator, series, body="Said", spoils_through=0)
    for target in (review, comment, moderator):
        Report.objects.file(users["other"], target, "spam", "Look.")
    return {"review": review.pk, "comment": comment.pk, "member": moderator.pk}


def confirmation(user: User) -> str:
    key: str = EmailConfirmationHMAC(EmailAddress.objects.get(user=user)).key
    return key


def reset_key(user: User) -> tuple[str, str]:
    return user_pk_to_url_str(user), default_token_generator.make_token(user)


def admin_keys(keys: Keys) -> Keys:
    """One row of each table that the admin shows, and of the owner's texts and of members those in other states."""
    found: Keys = {}
    for model in admin.site._registry:
        row = rows(model).order_by("pk").first()
        assert row is not None, f"{model._meta.label}: plant a row of it"
        found[model._meta.label_lower] = {"existing": row.pk, "missing": MISSING}
    found["reviews.review"] = keys["review"]
    found["reviews.comment"] = keys["comment"]
    key = dict(rows(User).values_list("username", "pk"))
    members = {"existing": "owner", "deleted": "ended", "sanctioned": "silenced", "staff": "editor"}
    found["accounts.user"] = {"missing": MISSING, **{state: key[name] for state, name in members.items()}}
    own = {"reviews.review": "review", "reviews.comment": "comment", "accounts.user": "member"}
    for label, column in own.items():
        found[label] = {**found[label], "own": keys["own"][column]}
    found["reviews.case"]["own"] = rows(Case).get(review=keys["own"]["review"]).pk
    kind = ContentType.objects.get_for_model(Review).pk
    found["app"] = {app: app for app in ("reviews", "accounts", "episodes", "auth")}
    found["on_site"] = {state: (kind, keys["review"][state]) for state in ("existing", "missing", "hidden")}
    return found
