"""Every rule that one row can show, broken past all forms and verbs: the database itself has to refuse."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from accounts.models import Sanction, User
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
    Burst,
    Case,
    Comment,
    Draft,
    HeldWord,
    Like,
    ModerationAction,
    MomentTally,
    Notification,
    Policy,
    RatingTally,
    ReasonTemplate,
    Report,
    Review,
    Revision,
    Rule,
    RuleWording,
    ScopeTally,
)

APPS = ["accounts", "episodes", "reviews"]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def ground(alice, bob, mona, admin_user, series, episode, make_review, make_comment):
    """One sound row of everything that a second one may collide with."""
    review = make_review(alice, episode)
    make_review(alice, series)
    comment = make_comment(bob, episode)
    Progress.objects.record(bob, series, 1)
    song = Song.objects.create(series=series, part=1, title="Song")
    Cue.objects.create(song=song, episode=episode, at=10)
    Tag.objects.create(kind="mood", name="warm")
    Person.objects.create(name="Kim", native_name="김")
    Kin.objects.create(series=series, title="Other", why="Same rain.")
    Note.objects.create(series=series, about="Length", text="They differ.")
    Source.objects.create(series=series, name="Press book")
    WatchLink.objects.create(series=series, service="Streams", checked_on=date(2026, 1, 1))
    PressReview.objects.create(series=series, outlet="Paper", score=4)
    PressReview.objects.create(series=series, episode=episode, outlet="Paper", score=4)
    Draft.objects.create(member=bob, place="review/series-1", series=series)
    Like.objects.create(member=bob, review=review)
    Like.objects.create(member=alice, comment=comment)
    RatingTally.objects.get_or_create(series=series, episode=None, stars=8)
    RatingTally.objects.get_or_create(series=series, episode=episode, stars=8)
    for kind in ("review", "comment"):
        ScopeTally.objects.get_or_create(series=series, episode=None, kind=kind, scope=0)
        ScopeTally.objects.get_or_create(series=series, episode=episode, kind=kind, scope=0)
    MomentTally.objects.create(episode=episode, slice=1, scope=1)
    rule = Rule.objects.create(anchor="warmth")
    RuleWording.objects.create(rule=rule, language="en", title="Be warm", body="To each other.")
    ReasonTemplate.objects.create(rule=rule, language="en", name="Cold", words="It hurts somebody.")
    HeldWord.objects.create(word="scarves")
    Burst.objects.create(kind="text", who="site", seconds=60, began_at=NOON)
    for reporter, target in ((bob, review), (alice, comment), (alice, bob)):
        report, _is_new = Report.objects.file(reporter, target, "spam")
    comment.close_thread(admin_user, "They quarrel.")
    lock = ModerationAction.objects.latest("pk")
    appeal = Appeal.objects.lodge(bob, lock, "We have made up.")
    appeal.hear(mona, True, "So you have.")
    return SimpleNamespace(
        alice=alice,
        bob=bob,
        mona=mona,
        series=series,
        episode=episode,
        review=review,
        comment=comment,
        song=song,
        rule=rule,
        case=review.cases.get(),
        report=report,
        lock=lock,
        unlock=ModerationAction.objects.get(undoes=lock),
        appeal=appeal,
    )


def review_by_bob(g: Any, **values: Any) -> Review:
    fields = {"author": g.bob, "series": g.series, "stars": 8, "spoils_through": 0, "author_seen_through": 0}
    return Review(**{**fields, **values})


def comment_by_bob(g: Any, **values: Any) -> Comment:
    fields = {"author": g.bob, "series": g.series, "body": "Words", "spoils_through": 0, "author_seen_through": 0}
    return Comment(**{**fields, **values})


def sanction_on_bob(g: Any, **values: Any) -> Sanction:
    fields = {"member": g.bob, "kind": "ban", "reason": "Spam", "imposed_by": g.mona, "starts_at": NOON}
    return Sanction(**{**fields, **values})


def act(g: Any, verb: str, **values: Any) -> ModerationAction:
    return ModerationAction(**{"actor": g.mona, "verb": verb, "reason": "Spam", **values})


def report_by_mona(g: Any, **values: Any) -> Report:
    return Report(**{"case": g.case, "by": g.mona, "reason": "spam", "harm": 2, **values})


def appeal_by_alice(g: Any, **values: Any) -> Appeal:
    """Against an act that nobody has appealed against."""
    return Appeal(**{"action": g.unlock, "by": g.alice, "body": "Please look again.", **values})


def notice_to_mona(g: Any, kind: str, **values: Any) -> Notification:
    return Notification(recipient=g.mona, kind=kind, **values)


def fifth_episode(g: Any, **values: Any) -> Episode:
    return Episode(**{"series": g.series, "number": 5, "title_scope": 4, **values})


def poster(g: Any, **values: Any) -> Series:
    shown = {"poster": "posters/1", "poster_alt": "A", "poster_caption": "B", "poster_credit": "C"}
    return Series(slug="other", title="Other", **{**shown, "poster_width": 2, "poster_height": 3, **values})


def still(g: Any, **values: Any) -> Episode:
    shown = {"still": "stills/1", "still_alt": "A", "still_caption": "B", "still_credit": "C"}
    return fifth_episode(g, **{**shown, "still_width": 3, "still_height": 2, **values})


def press(g: Any, **values: Any) -> PressReview:
    return PressReview(**{"series": g.series, "outlet": "Radio", "score": 3, **values})


# Constraint → the row that breaks it and no other.
BREACHES: dict[str, Callable[[Any], models.Model]] = {
    # accounts
    "accounts.User.username": lambda g: User(username="alice"),
    "user_username_shape": lambda g: User(username="Al ice"),
    "user_skeleton_once": lambda g: User(username="a1ice"),
    "user_email_once": lambda g: User(username="alicia", email="ALICE@example.com"),
    "user_theme_known": lambda g: User(username="alicia", theme="neon"),
    "sanction_kind_known": lambda g: sanction_on_bob(g, kind="frown"),
    "sanction_ends_after_start": lambda g: sanction_on_bob(g, ends_at=NOON),
    "sanction_has_reason": lambda g: sanction_on_bob(g, reason=""),
    "sanction_lifted_by_someone": lambda g: sanction_on_bob(g, lifted_at=NOON),
    # episodes
    "episodes.Series.slug": lambda g: Series(slug="drama", title="Another"),
    "tag_once": lambda g: Tag(kind="mood", name="warm"),
    "tag_kind_known": lambda g: Tag(kind="smell", name="warm"),
    "series_has_title": lambda g: Series(slug="other", title=""),
    "series_ink_known": lambda g: Series(slug="other", title="Other", ink="beige"),
    "series_poster_described": lambda g: poster(g, poster_alt=""),
    "kin_once": lambda g: Kin(series=g.series, title="Other", why="Same snow."),
    "kin_is_another_series": lambda g: Kin(series=g.series, title="Itself", why="Mirror.", to_series=g.series),
    "note_once": lambda g: Note(series=g.series, about="Length", text="Again."),
    "source_once": lambda g: Source(series=g.series, name="Press book"),
    "episode_once_per_series": lambda g: fifth_episode(g, number=2, title_scope=0),
    "episode_number_from_1": lambda g: fifth_episode(g, number=0, title_scope=0),
    "episode_title_scope_not_beyond": lambda g: fifth_episode(g, title_scope=6),
    "episode_runtime_positive": lambda g: fifth_episode(g, runtime=0),
    "episode_airs_precision_known": lambda g: fifth_episode(g, airs_precision="year"),
    "episode_still_described": lambda g: still(g, still_alt=""),
    "keymoment_has_text": lambda g: KeyMoment(episode=g.episode, text=""),
    "person_once": lambda g: Person(name="Kim", native_name="김"),
    "person_has_name": lambda g: Person(name="", native_name="이"),
    "credit_names_someone": lambda g: Credit(series=g.series, job="cast"),
    "credit_job_known": lambda g: Credit(series=g.series, job="catering", character="Chef"),
    "song_part_once": lambda g: Song(series=g.series, part=1, title="Another"),
    "song_names_something": lambda g: Song(series=g.series, part=2, native_artist="가수"),
    "cue_once": lambda g: Cue(song=g.song, episode=g.episode, at=10),
    "watchlink_once": lambda g: WatchLink(series=g.series, service="Streams", checked_on=date(2026, 1, 2)),
    "pressreview_once_per_series": lambda g: press(g, outlet="Paper"),
    "pressreview_once_per_episode": lambda g: press(g, outlet="Paper", episode=g.episode),
    "pressreview_score_on_scale": lambda g: press(g, score=6, scale=5),
    "pressreview_scale_positive": lambda g: press(g, score=None, quote="Fine.", scale=0),
    "pressreview_says_something": lambda g: press(g, score=None),
    "progress_once_per_series": lambda g: Progress(member=g.bob, series=g.series),
    "progress_furthest_not_behind": lambda g: Progress(member=g.mona, series=g.series, seen_through=2, furthest=1),
    # reviews
    "review_scope_as_moderated": lambda g: review_by_bob(g, body="Words", least_scope=2),
    "review_headline_folded_by_someone": lambda g: review_by_bob(g, headline_folded_at=NOON),
    "review_hidden_by_someone": lambda g: review_by_bob(g, hidden_at=NOON),
    "review_held_for_something": lambda g: review_by_bob(g, held_at=NOON),
    "review_locked_by_someone": lambda g: review_by_bob(g, locked_at=NOON),
    "review_deleted_has_no_words": lambda g: review_by_bob(g, stars=None, deleted_at=NOON, body="Words"),
    "review_stars_1_to_10": lambda g: review_by_bob(g, stars=11),
    "review_stars_or_words": lambda g: review_by_bob(g, stars=None, headline="A line"),
    "review_without_words_is_safe": lambda g: review_by_bob(g, spoils_through=1),
    "review_deleted_says_nothing": lambda g: review_by_bob(g, deleted_at=NOON),
    "review_only_a_series_has_prompts": lambda g: review_by_bob(g, episode=g.episode, stayed="The first one"),
    "review_once_per_series": lambda g: review_by_bob(g, author=g.alice),
    "review_once_per_episode": lambda g: review_by_bob(g, author=g.alice, episode=g.episode),
    "comment_scope_as_moderated": lambda g: comment_by_bob(g, least_scope=2),
    "comment_hidden_by_someone": lambda g: comment_by_bob(g, hidden_by=g.mona),
    "comment_held_for_something": lambda g: comment_by_bob(g, held_at=NOON, held_for="fun"),
    "comment_locked_by_someone": lambda g: comment_by_bob(g, locked_by=g.mona),
    "comment_deleted_has_no_words": lambda g: comment_by_bob(g, deleted_at=NOON),
    "comment_says_something": lambda g: comment_by_bob(g, body=""),
    "comment_kind_known": lambda g: comment_by_bob(g, kind="shout"),
    "comment_only_moments_have_a_time": lambda g: comment_by_bob(g, episode=g.episode, at=1),
    "comment_moment_has_a_time": lambda g: comment_by_bob(g, episode=g.episode, kind="moment"),
    "comment_bonus_has_an_episode": lambda g: comment_by_bob(g, kind="bonus"),
    "comment_only_songs_name_one": lambda g: comment_by_bob(g, song_name="Humming"),
    "comment_song_names_one": lambda g: comment_by_bob(g, kind="song"),
    "comment_answers_somebody_else": lambda g: comment_by_bob(g, answered=g.bob),
    "comment_read_by_whom_it_answers": lambda g: comment_by_bob(g, read_at=NOON),
    "comment_reply_has_a_root": lambda g: comment_by_bob(g, episode=g.episode, parent=g.comment),
    "draft_once_per_place": lambda g: Draft(member=g.bob, place="review/series-1", series=g.series),
    "like_of_one_text": lambda g: Like(member=g.mona, review=g.review, comment=g.comment),
    "like_once_per_review": lambda g: Like(member=g.bob, review=g.review),
    "like_once_per_comment": lambda g: Like(member=g.alice, comment=g.comment),
    "revision_of_one_text": lambda g: Revision(),
    "moderationaction_about_one": lambda g: act(g, "hide"),
    "moderationaction_has_reason": lambda g: act(g, "hide", reason="", review=g.review),
    "moderationaction_verb_of_texts": lambda g: act(g, "eat", review=g.review),
    "moderationaction_verb_of_members": lambda g: act(g, "hide", member=g.bob),
    "moderationaction_says_which_scopes": lambda g: act(g, "raise", review=g.review, scope_after=1),
    "moderationaction_says_which_sanction": lambda g: act(g, "ban", member=g.bob),
    "reviews.ModerationAction.undoes": lambda g: act(g, "unlock", comment=g.comment, undoes=g.lock),
    "case_about_one": lambda g: Case(),
    "case_headline_of_a_review": lambda g: Case(member=g.mona, is_headline=True),
    "case_once_per_review": lambda g: Case(review=g.review),
    "case_once_per_comment": lambda g: Case(comment=g.comment),
    "case_once_per_member": lambda g: Case(member=g.bob),
    "case_waits_while_reports_do": lambda g: Case(member=g.mona, open_count=1, harm=2),
    "case_claimed_by_someone": lambda g: Case(member=g.mona, claimed_at=NOON),
    "report_once": lambda g: report_by_mona(g, by=g.bob),
    "report_reason_known": lambda g: report_by_mona(g, reason="dull"),
    "report_only_spoilers_have_a_scope": lambda g: report_by_mona(g, series=g.series, spoils_through=1),
    "reviews.Appeal.action": lambda g: appeal_by_alice(g, action=g.lock),
    "appeal_says_something": lambda g: appeal_by_alice(g, body=""),
    "appeal_heard_by_someone": lambda g: appeal_by_alice(g, heard_at=NOON),
    "notification_about_one": lambda g: notice_to_mona(g, "appeal", appeal=g.appeal, report=g.report),
    "notification_kind_fits": lambda g: notice_to_mona(g, "outcome", action=g.lock),
    "notification_once_per_action": lambda g: Notification(recipient=g.bob, kind="decision", action=g.lock),
    "notification_once_per_appeal": lambda g: Notification(recipient=g.bob, kind="appeal", appeal=g.appeal),
    "reviews.Rule.anchor": lambda g: Rule(anchor="warmth"),
    "rulewording_once_per_language": lambda g: RuleWording(rule=g.rule, language="en", title="Warmly", body="Do."),
    "reasontemplate_says_something": lambda g: ReasonTemplate(rule=g.rule, language="en", name="Empty"),
    "reasontemplate_once": lambda g: ReasonTemplate(rule=g.rule, language="en", name="Cold", words="Again."),
    "policy_is_one_row": lambda g: Policy(key=2),
    "policy_holds_known": lambda g: Policy(holds="maybe"),
    "policy_new_for_a_year_at_most": lambda g: Policy(new_days=366),
    "reviews.HeldWord.word": lambda g: HeldWord(word="scarves"),
    "heldword_says_something": lambda g: HeldWord(word=""),
    "burst_once": lambda g: Burst(kind="text", who="site", seconds=60, began_at=NOON),
    "burst_kind_known": lambda g: Burst(kind="sigh", who="site", seconds=60, began_at=NOON),
    "ratingtally_once_per_series": lambda g: RatingTally(series=g.series, stars=8),
    "ratingtally_once_per_episode": lambda g: RatingTally(series=g.series, episode=g.episode, stars=8),
    "ratingtally_stars_1_to_10": lambda g: RatingTally(series=g.series, stars=0),
    "ratingtally_count_from_0": lambda g: RatingTally(series=g.series, stars=1, count=-1),
    "scopetally_once_per_series": lambda g: ScopeTally(series=g.series, kind="review", scope=0),
    "scopetally_once_per_episode": lambda g: ScopeTally(series=g.series, episode=g.episode, kind="review", scope=0),
    "scopetally_kind_known": lambda g: ScopeTally(series=g.series, kind="like", scope=0),
    "scopetally_count_from_0": lambda g: ScopeTally(series=g.series, kind="review", scope=4, count=-1),
    "momenttally_once": lambda g: MomentTally(episode=g.episode, slice=1, scope=1),
    "momenttally_count_from_0": lambda g: MomentTally(episode=g.episode, slice=9, scope=1, count=-1),
}

# The other half of a rule with two: what the first breach does not show.
MORE_BREACHES: list[tuple[str, Callable[[Any], models.Model]]] = [
    ("series_poster_described", lambda g: poster(g, poster_caption="")),
    ("series_poster_described", lambda g: poster(g, poster_credit="")),
    ("series_poster_described", lambda g: poster(g, poster_width=None)),
    ("series_poster_described", lambda g: poster(g, poster_height=None)),
    ("episode_still_described", lambda g: still(g, still_caption="")),
    ("episode_still_described", lambda g: still(g, still_credit="")),
    ("episode_still_described", lambda g: still(g, still_width=None)),
    ("episode_still_described", lambda g: still(g, still_height=None)),
    ("sanction_lifted_by_someone", lambda g: sanction_on_bob(g, lifted_by=g.mona)),
    ("pressreview_score_on_scale", lambda g: press(g, score=-1)),
    ("review_scope_as_moderated", lambda g: review_by_bob(g, episode=g.episode, body="Words", least_scope=1)),
    ("review_headline_folded_by_someone", lambda g: review_by_bob(g, folded_headline="He dies")),
    (
        "review_headline_folded_by_someone",
        lambda g: review_by_bob(g, headline="He dies", headline_folded_at=NOON, headline_folded_by=g.mona),
    ),
    ("moderationaction_about_one", lambda g: act(g, "hide", review=g.review, comment=g.comment)),
    ("moderationaction_says_which_scopes", lambda g: act(g, "hide", review=g.review, scope_before=0, scope_after=1)),
    (
        "moderationaction_says_which_sanction",
        lambda g: act(
            g,
            "keep",
            member=g.bob,
            sanction=Sanction.objects.impose(g.bob, Sanction.Kind.BAN, by=g.mona, reason="Spam"),
        ),
    ),
    ("case_about_one", lambda g: Case(review=g.review, comment=g.comment)),
    ("case_waits_while_reports_do", lambda g: Case(member=g.mona, waits_since=NOON)),
    ("case_claimed_by_someone", lambda g: Case(member=g.mona, claimed_by=g.mona)),
    ("report_only_spoilers_have_a_scope", lambda g: report_by_mona(g, reason="spoiler", spoils_through=1)),
    (
        "appeal_heard_by_someone",
        lambda g: appeal_by_alice(g, heard_at=NOON, heard_by=g.mona, is_granted=True),
    ),
    ("notification_about_one", lambda g: notice_to_mona(g, "outcome")),
    ("review_held_for_something", lambda g: review_by_bob(g, held_for="link")),
    ("review_locked_by_someone", lambda g: review_by_bob(g, locked_by=g.mona)),
    ("comment_held_for_something", lambda g: comment_by_bob(g, held_for="first")),
    ("comment_locked_by_someone", lambda g: comment_by_bob(g, locked_at=NOON)),
    ("review_hidden_by_someone", lambda g: review_by_bob(g, hidden_by=g.mona)),
    ("review_stars_1_to_10", lambda g: review_by_bob(g, stars=0)),
    ("review_deleted_says_nothing", lambda g: review_by_bob(g, stars=None, headline="A line", deleted_at=NOON)),
    ("review_deleted_has_no_words", lambda g: review_by_bob(g, stars=None, deleted_at=NOON, whole_html="<p>W</p>")),
    ("comment_hidden_by_someone", lambda g: comment_by_bob(g, hidden_at=NOON)),
    ("review_deleted_says_nothing", lambda g: review_by_bob(g, stars=None, shown_to="Mum", deleted_at=NOON)),
    ("comment_only_moments_have_a_time", lambda g: comment_by_bob(g, kind="song", at=1, song=g.song)),
    ("comment_only_songs_name_one", lambda g: comment_by_bob(g, song=g.song)),
    ("comment_only_songs_name_one", lambda g: comment_by_bob(g, kind="song", song=g.song, body="", deleted_at=NOON)),
    ("comment_song_names_one", lambda g: comment_by_bob(g, kind="song", song=g.song, song_name="Humming")),
    ("comment_moment_has_a_time", lambda g: comment_by_bob(g, episode=g.episode, kind="line")),
    ("comment_reply_has_a_root", lambda g: comment_by_bob(g, episode=g.episode, root=g.comment)),
    ("like_of_one_text", lambda g: Like(member=g.mona)),
    ("revision_of_one_text", lambda g: Revision(review=g.review, comment=g.comment)),
    ("ratingtally_stars_1_to_10", lambda g: RatingTally(series=g.series, stars=11)),
]

SOUND: dict[str, Callable[[Any], models.Model]] = {
    "a review after a deleted one": lambda g: review_by_bob(g, author=g.alice, stars=None, deleted_at=NOON),
    "a review of another episode": lambda g: review_by_bob(g, author=g.alice, episode=g.series.episodes.get(number=3)),
    "a text without stars": lambda g: review_by_bob(g, stars=None, body="Words", spoils_through=4),
    "a hidden review": lambda g: review_by_bob(g, hidden_at=NOON, hidden_by=g.mona),
    "stars under a moderator's scope": lambda g: review_by_bob(g, least_scope=4),
    "a held review": lambda g: review_by_bob(g, held_at=NOON, held_for="link"),
    "a closed thread": lambda g: review_by_bob(g, locked_at=NOON, locked_by=g.mona),
    "a text folded by reports": lambda g: review_by_bob(g, folded_at=NOON),
    "an act on the whole site": lambda g: act(g, "raid"),
    "an act on a member": lambda g: act(g, "keep", member=g.bob),
    "a case of a headline": lambda g: Case(review=g.review, is_headline=True),
    "a case that waits for whoever claimed it": lambda g: Case(
        member=g.mona, open_count=1, harm=1, waits_since=NOON, claimed_by=g.mona, claimed_at=NOON
    ),
    "a spoiler with its scope": lambda g: report_by_mona(g, reason="spoiler", series=g.series, spoils_through=1),
    "an appeal that waits": appeal_by_alice,
    "a notice of what came of a report": lambda g: notice_to_mona(g, "outcome", report=g.report),
    "a rule in another language": lambda g: RuleWording(rule=g.rule, language="ko", title="Warm", body="Warm."),
    "a folded headline": lambda g: review_by_bob(
        g, folded_headline="He dies", headline_folded_at=NOON, headline_folded_by=g.mona, spoils_through=4
    ),
    "a moment": lambda g: comment_by_bob(g, episode=g.episode, kind="moment", at=0),
    "a song whose time nobody knows": lambda g: comment_by_bob(g, kind="song", song=g.song),
    "a song that is not in the list": lambda g: comment_by_bob(g, kind="song", song_name="Humming"),
    "a prompt answered instead of a text": lambda g: review_by_bob(g, stars=None, stayed="The last", spoils_through=4),
    "a reply": lambda g: comment_by_bob(g, episode=g.episode, parent=g.comment, root=g.comment),
    "a tombstone": lambda g: comment_by_bob(g, body="", deleted_at=NOON),
    "a second song without a part": lambda g: Song(series=g.series, artist="Singer"),
    "a member without an address": lambda g: User(username="nobody_writes"),
    "a title that anybody may know": lambda g: fifth_episode(g, title_scope=0),
    "a poster with its words": poster,
    "a still with its words": still,
    "kin on this site": lambda g: Kin(series=g.series, title="Elsewhere", why="Same rain."),
}


def store(row: models.Model) -> None:
    with transaction.atomic():
        rows: models.QuerySet[models.Model] = models.QuerySet(type(row))
        rows.bulk_create([row])  # past every rule in Python, the log's too


def declared() -> Iterator[str]:
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            yield from (constraint.name for constraint in model._meta.constraints)
            for field in model._meta.local_fields:
                if field.unique and not field.primary_key:
                    yield f"{model._meta.label}.{field.name}"


def test_every_constraint_has_its_breach():
    assert sorted(BREACHES) == sorted(declared())


@pytest.mark.parametrize(("name", "breach"), [*BREACHES.items(), *MORE_BREACHES])
def test_the_database_refuses(ground, name, breach):
    with pytest.raises(IntegrityError) as refused:
        store(breach(ground))
    said = str(refused.value)
    if name.endswith("_count_from_0"):
        assert "check constraint" in said.lower()  # the column's own check says the same, and may speak first
    elif connection.vendor == "postgresql" or "UNIQUE constraint failed" not in said:
        assert name.rpartition(".")[2] in said  # of a unique rule SQLite tells the columns, not the name


@pytest.mark.parametrize("case", SOUND)
def test_the_database_accepts(ground, case):
    store(SOUND[case](ground))


def test_nothing_that_others_built_on_can_be_deleted(ground):
    for row in (ground.alice, ground.series, ground.episode):
        with pytest.raises(models.ProtectedError):
            row.delete()
