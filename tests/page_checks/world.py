"""The two worlds that pages are looked at in: only the catalogue, and all that stretches a page."""

from __future__ import annotations

import hashlib
import sys
from datetime import timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.groups import MODERATORS
from accounts.models import Sanction, User
from episodes.models import Credit, Episode, KeyMoment, Person, Progress, Series, Song, Tag
from reviews.banned import appeal_url
from reviews.models import Comment, Draft, ModerationAction, Review
from reviews.models.draft import Kept
from reviews.models.sanctions import impose
from reviews.places import Place
from soundtrack_site import views
from soundtrack_site.markdown import clean_text
from tests.page_checks.desk_world import desk

LONG_KOREAN = (
    "은수는 이십 년 동안 친구였던 선우에게 마음을 들키지 않으려고 노래를 만들지만, 그 노래가 먼저 고백해 버린다."
)
ENDLESS_WORD = "비" * 4_900 + "w" * 4_900
WIDE_NAME = "뷁" * 60
LONG_LINE = "헤드라인" * 30
RIGHT_TO_LEFT = "شاهدت الحلقة الثانية مرتين، ثم بكيت. (אמא שלי בכתה איתי) 1, 2, 3?"
STACKED_MARKS = clean_text("Z̸̢̛͎͔̺͙̦̩͌̋̑̈́͝ą̷̯̲͎̟̗̋̊̿͝l̴̡̨̬̮͕͗͊̓̽̕g̵̡̢̛͕̝̖͊̈́̂̕ö̶̢̫̪̙̟́̽̉̿͘ sang along")  # as forms let it pass
OFF_THE_SUBSET = "꿿쀍쒫 Ωμέγα ĳþŋ 龘靐齉"  # what the display face was never cut for
BODIES = [
    LONG_KOREAN,
    RIGHT_TO_LEFT,
    STACKED_MARKS,
    "- one\n- two\n\n> " + LONG_KOREAN,
    "w" * 400,
    "It snowed here too.",
]
SLUG = "long-drama"
EPISODES = 16
SCOPES = (0, 2, EPISODES)
READERS = ("member", "moderator", "clumsy_member", "clumsy_moderator")
FAN = "sora"  # of the demo's community, who has seen it all
FOR_EVER = 4e9  # seconds since 1970: a password that was given "just now" for as long as the checks run
PASSWORD = "mandarin-scarf-lyric-1983"

Facts = dict[str, Any]
People = dict[str, User]


def catalogue() -> Facts:
    """A series of sixteen long titles; the real ones were loaded before."""
    series = Series.objects.create(
        slug=SLUG,
        title="An Uncommonly Longwinded Romance of Sixteen Evenings",
        native_title="기상청사람들사내연애잔혹사편",
        language="ko",
        tagline=LONG_KOREAN,
        synopsis=f"{LONG_KOREAN} {'w' * 300}",
        aliases=["w" * 200, LONG_KOREAN],
        ending="Happily, in the snow.",
        ending_scope=EPISODES,
        published_at=timezone.now() - timedelta(days=400),
    )
    series.tags.add(Tag.objects.create(kind=Tag.Kind.TROPE, name="friends to lovers, at long last"))
    for number in range(1, EPISODES + 1):
        title = "The Evening on Which Everything That Had Been Put Off Was Said at Once"
        episode = Episode(
            series=series,
            number=number,
            title=OFF_THE_SUBSET if number == 2 else f"{title}, {number}",
            native_title=f"{LONG_KOREAN[:40]} {number}",
            title_scope=0 if number <= 3 else number - 1,
            airs_at=timezone.now() + timedelta(weeks=number - EPISODES, days=-90),
            runtime=61 + number,
            logline=LONG_KOREAN,
            recap=f"{LONG_KOREAN}\n\n" * 6,
            bonus_track=LONG_KOREAN,
            bonus_question="Would you have opened the door?",
        )
        episode.render()
        episode.save()
        for at in (70, 754, 2000):
            KeyMoment.objects.create(episode=episode, at=at, text=LONG_KOREAN)
    for place in range(8):
        person = Person.objects.create(name=f"{OFF_THE_SUBSET} {place}", native_name="남궁뷁뷁")
        Credit.objects.create(series=series, person=person, job="cast", character="w" * 60, scope=0)
        Song.objects.create(series=series, part=place + 1, title=f"{LONG_KOREAN[:50]} {place}")
    return {"series": f"/series/{SLUG}/", "episode": f"/series/{SLUG}/episodes/2/"}


def members() -> People:
    """Who looks at the pages. The clumsy ones are refused things, so that the others keep no drafts of that."""
    people: People = {}
    special = ("silenced", "banned", "without_password", "guarded", "admin")
    for role in (*READERS, *special):
        person = User(username=f"{role[:12]}_{'w' * 15}", email=f"{role}@example.com", display_name=role.title())
        person.set_password(PASSWORD)
        if role == "without_password":
            person.set_unusable_password()
        person.is_superuser = role == "admin"
        person.is_staff = person.is_superuser or role.endswith("moderator")
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        people[role] = person
    staff = Group.objects.get(name=MODERATORS)
    staff.user_set.add(people["moderator"], people["clumsy_moderator"])
    for role, kind in (("silenced", Sanction.Kind.SILENCE), ("banned", Sanction.Kind.BAN)):
        impose(people[role], kind, people["moderator"], LONG_KOREAN)
    return people


def second_factor(person: User) -> Facts:
    """An app, codes of which two are used up, and two keys."""
    TOTP.activate(person, "J5XGYYLNMJSXEIDMMFWXA33P")
    codes = RecoveryCodes.activate(person).instance
    codes.data["used_mask"] = 0b11
    codes.save()
    keys = [WebAuthn.add(person, name, key_of(name)).instance for name in (WIDE_NAME, "Telephone")]
    Authenticator.objects.filter(pk=keys[0].pk).update(last_used_at=timezone.now())
    return {"key": keys[0].pk}


def key_of(name: str) -> dict[str, Any]:
    """What a browser would have answered when the key was added."""
    credential = hashlib.sha256(name.encode()).digest()
    public = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})  # a point of no curve: nobody signs with it
    data = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        0,
        AttestedCredentialData.create(b"\0" * 16, credential, public),
    )
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", settings.SITE_URL)
    return {
        "type": "public-key",
        "id": websafe_encode(credential),
        "rawId": websafe_encode(credential),
        "response": {
            "clientDataJSON": client.b64,
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def review(author: User, subject: Series | Episode, **values: Any) -> Review:
    given = {"stars": 8, "headline": "", "body": "", "spoils_through": 0, **values}
    return Review.objects.publish(author, subject, **given)


def say(author: User, subject: Series | Episode | Review, **values: Any) -> Comment:
    return Comment.objects.post(author, subject, **{"body": LONG_KOREAN, "spoils_through": 0, **values})


def community(people: People) -> Facts:
    """Twenty and more of everything, as long and as odd as people may write."""
    series = Series.objects.get(slug=SLUG)
    second = series.episodes.select_related("series").get(number=2)
    wide = User(username="w" * 30, display_name=WIDE_NAME, bio=f"{ENDLESS_WORD[:500]}", star_meaning=LONG_LINE)
    wide.set_unusable_password()
    wide.save()
    fans = User.objects.bulk_create(
        User(username=f"fan_{place}", display_name=RIGHT_TO_LEFT[:40] if place % 5 == 0 else "") for place in range(30)
    )
    for author in (wide, *fans, *people.values()):
        Progress.objects.record(author, series, EPISODES)
    for subject in (series, second):
        first = opinions(wide, fans, subject)
        root = talk(wide, fans, subject, first)
    for place, fan in enumerate(fans):
        kind, scope = ("moment", "line")[place % 2], SCOPES[place % 3]
        say(fan, second, kind=kind, at=97 * place, body=BODIES[place % 6], spoils_through=scope)
        say(fan, second, kind="bonus", body=BODIES[place % 6][:200], spoils_through=2)
    for episode in series.episodes.select_related("series").filter(number__gt=2):
        for fan in fans[:6]:
            review(fan, episode, stars=(episode.number + fan.pk) % 10 + 1)
    what_went(wide, fans[0], people, second)
    own = {role: what_is_theirs(people[role], wide, fans, second) for role in READERS}
    for role in ("member", "clumsy_member"):
        hidden = say(people[role], second, body=ENDLESS_WORD)
        hidden.hide(people["moderator"], LONG_KOREAN)
        own[role]["act"] = ModerationAction.objects.about(hidden).get().pk
        Progress.objects.record(people[role], series, 2)
    waiting = desk(people["moderator"], people["admin"], wide, fans, second, LONG_KOREAN)
    return {"reviewer": wide.username, "review": first.pk, "comment": root.pk, "own": own, **waiting}


def opinions(wide: User, fans: list[User], subject: Series | Episode) -> Review:
    for place, fan in enumerate(fans[:26]):
        line = (LONG_LINE, "Bring a scarf", RIGHT_TO_LEFT, STACKED_MARKS[:120], "w" * 120)[place % 5]
        values = {"stars": place % 10 + 1, "headline": line, "body": BODIES[place % 6]}
        review(fan, subject, spoils_through=SCOPES[place % 3], **values)
    for fan, mark in zip(fans[26:], ("> ", "- "), strict=False):
        review(fan, subject, headline="w" * 120, body=f"{mark}{ENDLESS_WORD}")
    return review(wide, subject, headline=LONG_LINE, body=ENDLESS_WORD)


def talk(wide: User, fans: list[User], subject: Series | Episode, first: Review) -> Comment:
    root = say(wide, subject, body=ENDLESS_WORD)
    for place, fan in enumerate(fans[:24]):
        scope, body = SCOPES[place % 3], BODIES[place % 6]
        said = say(fan, subject, body=body, spoils_through=scope)
        say(fans[place - 1], subject, parent=said, spoils_through=scope)
        say(fan, first, body=body, spoils_through=scope)
        reply = say(fan, subject, parent=root, body=body)
        say(wide, subject, parent=reply, body="```\n" + "w " * 300 + "\n```")
    say(wide, subject, body=f"[{'w' * 200}](https://example.com/{'w' * 200})")
    say(wide, subject, kind="song", song_name="w" * 120)
    return root


def what_went(wide: User, fan: User, people: People, second: Episode) -> None:
    say(wide, second, kind="moment", at=754, body=ENDLESS_WORD)
    gone = say(wide, second, body="Gone")
    say(fan, second, parent=gone)
    gone.retract()
    review(people["silenced"], second, headline="Buy my scarves").hide(people["moderator"], LONG_KOREAN)


def what_is_theirs(reader: User, wide: User, fans: list[User], second: Episode) -> Facts:
    """A review, a comment with answers that wait, and two texts that were never sent."""
    own = review(reader, second.series, headline=LONG_LINE, body=LONG_KOREAN, spoils_through=EPISODES)
    mine = say(reader, second)
    for fan in fans[:5]:
        say(fan, second, parent=mine)
    say(wide, own, body="Far ahead", spoils_through=EPISODES)
    Draft.objects.keep(reader, Place("talk", second), {"body": ENDLESS_WORD})
    Draft.objects.bring(reader, Place("talk", second), Kept({"body": LONG_KOREAN}, timezone.now()))
    draft: Draft = QuerySet(Draft).get(member=reader)
    return {"own_review": own.pk, "own_comment": mine.pk, "draft": draft.pk}


def sessions(people: People) -> dict[str, str]:
    """A key for each, of somebody who has just given their password."""
    keys = {}
    for role, person in people.items():
        client = Client()
        client.force_login(person, backend="accounts.backends.MemberBackend")
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": FOR_EVER, "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
        keys[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return keys


def between_two_steps(person: User) -> str:
    """The key of a session whose password was right, and whose code has still to come, however long that takes."""
    client = Client(headers={"host": "localhost"})
    answer = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_authenticate"), answer.headers
    session = client.session
    session["account_login"] = {**session["account_login"], "initiated_at": FOR_EVER}
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def letters(people: People) -> Facts:
    """The keys that mails carry."""
    member = people["member"]
    # Not theirs: an address that is not confirmed bars the way to a second factor.
    fresh = EmailAddress.objects.create(user=people["silenced"], email="fresh@example.com", verified=False)
    return {
        "confirmation": EmailConfirmationHMAC(fresh).key,
        "member_key": user_pk_to_url_str(member),
        "ban": appeal_url(people["banned"].sanctions.get()).split("/")[-2],
        "reset": f"{user_pk_to_url_str(member)}-{default_token_generator.make_token(member)}",
    }


def errors() -> dict[str, str]:
    """Pages that only accidents show, as the site would send them."""
    request: Any = RequestFactory().post("/reviews/1/", {"body": LONG_KOREAN, "headline": LONG_LINE})
    request.user, request.session = AnonymousUser(), SessionStore()
    return {
        "400": views.bad_request(request, ValueError()).content.decode(),
        "403": views.permission_denied(request, PermissionDenied(LONG_KOREAN)).content.decode(),
        "429": views.too_many_requests(request, retry_after=90).content.decode(),
        "500": views.server_error(request).content.decode(),
    }


def build(kind: str) -> Facts:
    """`empty`: the catalogue. `full`: everything. `demo`: what `make demo` shows, and nothing odd."""
    facts: Facts = {"own": {}}
    people: People = {}
    if kind != "empty":
        call_command("seed_demo", stdout=sys.stderr, stderr=sys.stderr)
        people["fan"] = User.objects.get(username=FAN)
    if kind != "demo":
        with transaction.atomic():
            facts |= catalogue()
            people |= members()
            if kind == "full":
                facts |= community(people)
    facts["sessions"] = sessions(people)
    if kind != "demo":
        facts |= second_factor(people["guarded"])
        facts["sessions"]["between"] = between_two_steps(people["guarded"])
        facts |= letters(people)  # a key to a new password ends with the next login
    facts["errors"] = errors()
    facts["names"] = {role: person.username for role, person in people.items()}
    return facts
