"""Who may have the text of each column. A column that can hold text and is not named here fails the test.

A new column takes one line: `Planted(…)` with what decides, or `Harmless("why")` where nobody's words can stand in it.
`on` names pages where whoever may have the words has to find them; empty where no page shows them yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import models

from conftest import PASSWORD
from episodes.models import Credit, Series, Tag
from reviews.models import Report

APPS = ("accounts", "episodes", "reviews")
TEXT_FIELDS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.GeneratedField)


@dataclass(frozen=True)
class Row:
    """What of any row decides besides its scope."""

    row: Any

    @property
    def series(self) -> Series | None:
        if isinstance(self.row, Series):
            return self.row
        if isinstance(self.row, Tag):
            return models.QuerySet(Series).get(tags=self.row)
        for name in ("series", "episode", "review", "comment"):
            if (other := getattr(self.row, name, None)) is not None:
                return Row(other).series
        if hasattr(self.row, "known_for"):
            return models.QuerySet(Credit).get(person=self.row).series
        return None

    @property
    def is_published(self) -> bool:
        return self.series is None or self.series.published_at is not None

    @property
    def is_live(self) -> bool:
        stamps = ("hidden_at", "held_at", "deleted_at", "scrubbed_at")
        return all(getattr(self.row, stamp, None) is None for stamp in stamps)

    @property
    def is_folded(self) -> bool:
        return getattr(self.row, "folded_at", None) is not None


def for_everybody(row: Any) -> int:
    return 0


@dataclass(frozen=True)
class Planted:
    """`scope`: how far somebody must have seen. `owner`: to whom it is sent whatever they have seen.

    `staff`: who may have it in the admin: moderators as far as they have seen, editors and admins always.
    `is_why_banned`: whose session ended with a ban is told it as well. `is_spoken_of`: the rows that others hear of.
    `shape`: how a word stands in the column. `where`: the rows that may have a word there.
    """

    scope: Callable[[Any], int] = for_everybody
    on: tuple[str, ...] = ()
    owner: Callable[[Any], int | None] = lambda row: None
    own_on: tuple[str, ...] = ()
    is_private: bool = False
    is_why_banned: bool = False
    revealed_by: Callable[[Any], str] = lambda row: ""
    is_spoken_of: Callable[[Any], bool] = lambda row: True
    staff: str = "editors"
    shape: Callable[[str], Any] = lambda word: word
    where: Callable[[Any], bool] = lambda row: True

    @property
    def is_scoped(self) -> bool:
        return self.scope is not for_everybody


@dataclass(frozen=True)
class Harmless:
    why: str


def label_of(model: type[models.Model], name: str) -> str:
    return f"{model._meta.label}.{name}"


def text_columns() -> Iterator[str]:
    """Every column of our three apps that can hold a text."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for column in model._meta.concrete_fields:
                if isinstance(column, TEXT_FIELDS):
                    yield label_of(model, column.name)


def html(word: str) -> str:
    return f"<p>{word}</p>"


def address(word: str) -> str:
    return f"https://{word}.example/"


def column(name: str) -> Callable[[Any], int]:
    return lambda row: getattr(row, name)


def of_episode(row: Any) -> int:
    return row.episode.number


def of_person(row: Any) -> int:
    return models.QuerySet(Credit).get(person=row).scope


def is_in_cast(row: Any) -> bool:
    return models.QuerySet(Credit).get(person=row).job == Credit.Job.CAST


def reveal_name(row: Any) -> str:
    return f"{row._meta.model_name}-{row.pk}"


def text_of(row: Any) -> Any:
    return row.review or row.comment


def of_earlier(row: Any) -> int:
    """Words that were put later, and their earlier wording, are as far off as they are now."""
    text = text_of(row)
    return max(row.spoils_through, text.spoils_through, text.least_scope)


def of_earlier_line(row: Any) -> int:
    return of_earlier(row) if row.review is not None and row.review.headline_folded_at else 0


def owner_of_revision(row: Any) -> int | None:
    """What was said before a change is for staff; what was deleted, its author can bring back."""
    text = text_of(row)
    return text.author_id if text.deleted_at == row.replaced_at else None


def of_reported(row: Any) -> int:
    """What is told of a text waits as long as that, then and now."""
    text = text_of(row.case)
    return row.text_scope if text is None else max(row.text_scope, text.spoils_through)


def of_appealed(row: Any) -> int:
    text = text_of(row.action)
    return row.text_scope if text is None else max(row.text_scope, text.spoils_through)


def of_act(row: Any) -> int:
    """As far as the text has ever been thought to spoil, by moderators and by who reported it."""
    text = text_of(row)
    told = models.QuerySet[Report](Report).filter(action=row).values_list("text_scope", flat=True)
    put = [text.spoils_through, text.least_scope] if text is not None else []
    return max([row.scope_before or 0, row.scope_after or 0, *told, *put])


def who_is_told(row: Any) -> int | None:
    """To whom it was done; that something was kept changes nothing for them."""
    return None if row.verb == row.Verb.KEEP else row.suffered_by


def is_about_what_stands(row: Any) -> bool:
    """What is said to a member is for them alone, and what they deleted is not spoken of."""
    text = text_of(row)
    return text is not None and text.deleted_at is None


def is_of_a_series(row: Any) -> bool:
    return row.deleted_at is None and row.episode is None


def is_kept(row: Any) -> bool:
    return row.deleted_at is None


def is_folded(row: Any) -> bool:
    return is_kept(row) and row.headline_folded_at is not None


CHOICE = Harmless("one of a fixed list")
TOO_SHORT = Harmless("a code of a few letters")

ANYBODY = Planted()
ON_SERIES = Planted(on=("episodes:series",))
# Moderators name the series of a text that they judge, also one that is not published any more.
IN_LIST = Planted(on=("episodes:series_list",), staff="moderators")
ON_MEMBER = Planted(on=("accounts:member",))
# A review's or comment's own words.
SAID = Planted(
    scope=column("spoils_through"),
    owner=column("author_id"),
    revealed_by=reveal_name,
    staff="moderators",
    where=is_kept,
)
OF_REVIEW = replace(SAID, on=("reviews:review", "reviews:reviews"), own_on=("reviews:review",))
PROMPT = replace(OF_REVIEW, where=is_of_a_series)
OF_COMMENT = replace(SAID, on=("reviews:comment", "reviews:comments"), own_on=("reviews:comment",))
EARLIER = Planted(
    scope=of_earlier, owner=owner_of_revision, is_private=True, staff="moderators", revealed_by=reveal_name
)
TITLE = Planted(scope=column("title_scope"), on=("episodes:series",))
INSIDE = Planted(scope=column("number"), on=("episodes:recap",))
STILL = replace(INSIDE, on=("episodes:episode",))
CREDIT = Planted(scope=column("scope"), on=("episodes:series",))
PART = replace(CREDIT, where=lambda row: row.job == Credit.Job.CAST)
IN_RULES = Planted(on=("reviews:guidelines",))
FOR_MODERATORS = Planted(is_private=True, staff="moderators")
PERSON = Planted(scope=of_person, on=("episodes:series",))

FIELDS: dict[str, Planted | Harmless] = {
    # accounts
    "accounts.User.password": Planted(
        is_private=True, staff="nobody", shape=lambda word: make_password(PASSWORD, salt=word)
    ),
    "accounts.User.username": ON_MEMBER,
    "accounts.User.username_skeleton": Harmless("made from the username by the database"),
    "accounts.User.email": Planted(
        owner=column("pk"),
        own_on=("account_email",),
        is_private=True,
        staff="admins",
        shape=lambda word: f"{word}@example.com",
    ),
    "accounts.User.display_name": ON_MEMBER,
    "accounts.User.bio": ON_MEMBER,
    "accounts.User.star_meaning": ON_MEMBER,
    "accounts.User.avatar": replace(ON_MEMBER, shape=lambda word: f"avatars/{word}.webp"),
    "accounts.User.last_stars": Harmless("numbers"),
    "accounts.User.language": CHOICE,
    "accounts.User.time_zone": Harmless("the name of a zone"),
    "accounts.User.theme": CHOICE,
    "accounts.Sanction.kind": CHOICE,
    "accounts.Sanction.reason": Planted(
        owner=column("member_id"), is_private=True, is_why_banned=True, staff="moderators"
    ),
    # episodes
    "episodes.Tag.kind": CHOICE,
    "episodes.Tag.name": ON_SERIES,
    "episodes.Series.slug": IN_LIST,
    "episodes.Series.title": IN_LIST,
    "episodes.Series.native_title": ON_SERIES,
    "episodes.Series.romanised_title": ANYBODY,
    "episodes.Series.aliases": replace(ON_SERIES, shape=lambda word: [word]),
    "episodes.Series.tagline": ON_SERIES,
    "episodes.Series.synopsis": ON_SERIES,
    "episodes.Series.ending": Planted(
        scope=column("ending_scope"), on=("episodes:series",), revealed_by=lambda row: f"ending-{row.pk}"
    ),
    "episodes.Series.vocabulary": replace(ON_SERIES, staff="moderators", shape=lambda word: {"en": {"one": word}}),
    "episodes.Series.network": ON_SERIES,
    "episodes.Series.country": TOO_SHORT,
    "episodes.Series.language": TOO_SHORT,
    "episodes.Series.time_zone": Harmless("the name of a zone"),
    "episodes.Series.ink": CHOICE,
    "episodes.Series.poster": replace(ON_SERIES, shape=lambda word: f"posters/{word}.webp"),
    "episodes.Series.poster_alt": ON_SERIES,
    "episodes.Series.poster_caption": ON_SERIES,
    "episodes.Series.poster_credit": ON_SERIES,
    "episodes.Series.loaded": Planted(is_private=True, staff="nobody", shape=lambda word: {"ending": word}),
    "episodes.Kin.title": ON_SERIES,
    "episodes.Kin.why": ON_SERIES,
    "episodes.Note.about": CREDIT,
    "episodes.Note.text": CREDIT,
    "episodes.Source.name": ON_SERIES,
    "episodes.Source.url": replace(ON_SERIES, shape=address),
    "episodes.Episode.title": TITLE,
    "episodes.Episode.native_title": replace(TITLE, on=("episodes:episode",)),
    "episodes.Episode.airs_precision": CHOICE,
    "episodes.Episode.logline": Planted(on=("episodes:episode",)),
    "episodes.Episode.recap": replace(INSIDE, on=()),
    "episodes.Episode.recap_html": replace(INSIDE, shape=html),
    "episodes.Episode.bonus_track": replace(INSIDE, on=()),
    "episodes.Episode.bonus_track_html": replace(INSIDE, shape=html, on=("episodes:recap", "episodes:episode")),
    "episodes.Episode.bonus_question": replace(INSIDE, on=("episodes:episode",)),
    "episodes.Episode.still": replace(STILL, shape=lambda word: f"stills/{word}.webp"),
    "episodes.Episode.still_alt": STILL,
    "episodes.Episode.still_caption": STILL,
    "episodes.Episode.still_credit": STILL,
    "episodes.KeyMoment.text": Planted(scope=of_episode, on=("episodes:recap",)),
    "episodes.Person.name": PERSON,
    "episodes.Person.native_name": PERSON,
    "episodes.Person.known_for": replace(PERSON, where=is_in_cast),
    "episodes.Credit.job": CHOICE,
    "episodes.Credit.character": PART,
    "episodes.Credit.native_character": PART,
    "episodes.Credit.also_written": PART,
    "episodes.Credit.note": CREDIT,
    "episodes.Song.title": ON_SERIES,
    "episodes.Song.native_title": ON_SERIES,
    "episodes.Song.artist": ON_SERIES,
    "episodes.Song.native_artist": ON_SERIES,
    "episodes.Song.released_about": ON_SERIES,
    "episodes.WatchLink.service": ON_SERIES,
    "episodes.WatchLink.region": ON_SERIES,
    "episodes.WatchLink.url": replace(ON_SERIES, shape=address),
    "episodes.PressReview.outlet": CREDIT,
    "episodes.PressReview.url": replace(CREDIT, shape=address),
    "episodes.PressReview.quote": CREDIT,
    "episodes.Progress.peeked": Harmless("numbers of episodes"),
    # reviews
    "reviews.Review.headline": replace(
        OF_REVIEW, scope=for_everybody, where=lambda row: is_kept(row) and not is_folded(row)
    ),
    "reviews.Review.folded_headline": replace(OF_REVIEW, where=is_folded),
    "reviews.Review.body": replace(SAID, own_on=("reviews:edit_review",)),
    "reviews.Review.whole_html": replace(OF_REVIEW, shape=html),
    "reviews.Review.held_for": CHOICE,
    "reviews.Review.rewound": PROMPT,
    "reviews.Review.stayed": PROMPT,
    "reviews.Review.shown_to": PROMPT,
    "reviews.Comment.body": SAID,
    "reviews.Comment.whole_html": replace(OF_COMMENT, shape=html),
    "reviews.Comment.kind": CHOICE,
    "reviews.Comment.held_for": CHOICE,
    "reviews.Comment.song_name": replace(
        OF_COMMENT, where=lambda row: is_kept(row) and row.kind == "song" and row.song_id is None
    ),
    "reviews.Draft.place": Harmless("the key of a form and a row"),
    "reviews.Draft.values": Planted(
        owner=column("member_id"),
        own_on=("reviews:drafts",),
        is_private=True,
        staff="nobody",
        shape=lambda word: {"body": word},
    ),
    "reviews.Draft.earlier": Planted(
        owner=column("member_id"),
        own_on=("reviews:drafts",),
        is_private=True,
        staff="nobody",
        shape=lambda word: [{"body": word}],
    ),
    "reviews.ModerationAction.verb": CHOICE,
    "reviews.ModerationAction.carried": Harmless("keys of comments and numbers of episodes"),
    "reviews.ModerationAction.held_for": CHOICE,
    "reviews.ModerationAction.reason": Planted(
        scope=of_act,
        on=("reviews:moderation_log",),
        owner=who_is_told,
        own_on=("reviews:notifications",),
        is_spoken_of=is_about_what_stands,
        staff="moderators",
        revealed_by=reveal_name,
    ),
    "reviews.Report.reason": CHOICE,
    "reviews.Report.note": Planted(
        scope=of_reported, is_private=True, staff="moderators", revealed_by=reveal_name, where=lambda row: row.note
    ),
    "reviews.Appeal.body": Planted(
        scope=of_appealed,
        owner=column("by_id"),
        own_on=("reviews:appeal",),
        is_private=True,
        staff="moderators",
        revealed_by=reveal_name,
    ),
    "reviews.Appeal.answer": Planted(
        scope=of_appealed,
        owner=column("by_id"),
        own_on=("reviews:appeal",),
        is_private=True,
        staff="moderators",
        revealed_by=reveal_name,
        where=lambda row: row.heard_at is not None,
    ),
    "reviews.Notification.kind": CHOICE,
    "reviews.Rule.anchor": IN_RULES,
    "reviews.RuleWording.language": CHOICE,
    "reviews.RuleWording.title": IN_RULES,
    "reviews.RuleWording.body": replace(IN_RULES, on=()),
    "reviews.RuleWording.whole_html": replace(IN_RULES, shape=html),
    "reviews.ReasonTemplate.language": CHOICE,
    "reviews.ReasonTemplate.name": FOR_MODERATORS,
    "reviews.ReasonTemplate.words": FOR_MODERATORS,
    "reviews.Policy.holds": CHOICE,
    "reviews.HeldWord.word": Planted(is_private=True, staff="admins"),
    "reviews.Burst.kind": CHOICE,
    "reviews.Burst.who": Harmless("the key of a member, or a hash that tells networks apart"),
    "reviews.Revision.headline": replace(EARLIER, scope=of_earlier_line),
    "reviews.Revision.body": EARLIER,
    "reviews.Revision.more": replace(EARLIER, shape=lambda word: {"rewound": word}),
    "reviews.ScopeTally.kind": CHOICE,
}
