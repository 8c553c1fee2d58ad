"""`make demo` shows a community that keeps every rule which members have to keep."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from accounts.models import Sanction, User
from accounts.validators import skeleton
from episodes.models import Episode, Progress
from reviews.demo.community import DOMAIN, PASSWORDS
from reviews.demo.words import PROMPTS, Words, load
from reviews.models import Appeal, Case, Comment, Like, ModerationAction, Notification, Report, Review
from reviews.models.comment import LONGEST_SONG_NAME
from reviews.models.review import LONGEST_ANSWER, LONGEST_HEADLINE
from reviews.recount import differences
from soundtrack_site.markdown import clean_text, says_nothing

SERIES = ("soundtrack-2", "soundtrack-1")


def load_both() -> None:
    for slug in SERIES:
        call_command("load_series", settings.BASE_DIR / f"episodes/content/{slug}.toml", stdout=StringIO())


def seed(**numbers: int) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, stderr=StringIO(), **numbers)
    return out.getvalue()


def everything() -> list[Any]:
    """All that was seeded, without keys and without what is stamped when a row is written."""
    return [
        list(
            User.objects.order_by("username").values_list("username", "display_name", "date_joined", "unread_answers")
        ),
        list(
            Review.objects.order_by("pk").values_list(
                "author__username", "episode__number", "stars", "headline", "created_at", "like_count", "word_count"
            )
        ),
        list(
            Comment.objects.order_by("pk").values_list(
                "author__username", "kind", "at", "spoils_through", "created_at", "like_count", "comment_count"
            )
        ),
        list(Like.objects.order_by("pk").values_list("member__username")),
    ]


@pytest.fixture
def both(db: None) -> None:
    load_both()


@pytest.fixture
def demo(both: None) -> str:
    return seed()


def test_there_is_enough_to_read(demo):
    assert User.objects.count() >= 40
    assert Review.objects.listed().count() >= 150
    assert Comment.objects.count() >= 400
    kinds = Counter(Comment.objects.values_list("kind", flat=True))
    assert set(kinds) == set(Comment.Kind.values)
    assert kinds["moment"] >= 100


def test_every_count_is_right_and_every_rule_holds(demo):
    assert differences() == []


def test_nobody_wrote_before_it_aired_or_before_they_joined(demo):
    for texts in (Review.objects.all(), Comment.objects.all()):
        assert not texts.filter(created_at__lt=F("author__date_joined")).exists()
        assert not texts.filter(created_at__lt=F("episode__airs_at")).exists()
        for slug in SERIES:
            premiere = Episode.objects.get(series__slug=slug, number=1).airs_at
            assert not texts.filter(series__slug=slug, created_at__lt=premiere).exists()
    assert not Comment.objects.filter(created_at__lt=F("parent__created_at")).exists()
    assert not Comment.objects.filter(created_at__lt=F("review__created_at")).exists()
    newest_last = [
        list(model.objects.order_by("pk").values_list("created_at", flat=True)) for model in (Review, Comment)
    ]
    assert all(times == sorted(times) for times in newest_last)


def test_nobody_wrote_beyond_what_they_had_seen(demo):
    for texts in (Review.objects.all(), Comment.objects.all()):
        assert not texts.filter(spoils_through__gt=F("author_seen_through")).exists()


def test_some_wrote_with_no_more_than_the_episode_behind_them(demo):
    first = Episode.objects.get(series__slug="soundtrack-1", number=1)
    assert Review.objects.about(first).listed().filter(author_seen_through=1).count() >= 6


def test_newcomers_find_something_safe(demo):
    for slug in SERIES:
        safe = {"series__slug": slug, "spoils_through": 0}
        assert Review.objects.listed().filter(**safe).exclude(word_count=0).exists()
        assert Comment.objects.filter(**safe, episode=None, review=None).exists()


def test_every_row_passes_its_own_validation(demo):
    # Members first: a name that another could be mistaken for is refused across rows.
    for member in User.objects.all():
        member.full_clean(exclude=["password"])
        if member.display_name:
            User.objects.refuse_borrowed_name(member.display_name, member.pk)
    for review in Review.objects.with_words().select_related("episode", "series"):
        review.clean()
    for comment in Comment.objects.with_words().select_related("episode", "song"):
        comment.clean()


def test_moments_lie_within_the_runtime(demo):
    assert not Comment.objects.filter(at__gt=F("episode__runtime") * 60).exists()


def test_four_can_log_in_and_nobody_else(demo):
    for role, username in (("fan", "sora"), ("newcomer", "wen"), ("moderator", "ilse"), ("silenced", "dry_eyes")):
        assert username in demo
        assert PASSWORDS[role] in demo
        assert authenticate(username=username, password=PASSWORDS[role]) == User.objects.get(username=username)
    assert sum(user.has_usable_password() for user in User.objects.all()) == 4


def test_those_who_log_in_are_who_they_say(demo):
    assert not Progress.objects.filter(member__username="wen").exists()
    assert set(Progress.objects.filter(member__username="sora").values_list("furthest", flat=True)) == {4, 6}
    assert User.objects.get(username="sora").unread_count > 0
    moderator = User.objects.get(username="ilse")
    assert moderator.has_perm("reviews.moderate_review")
    assert User.objects.get(username="dry_eyes").is_silenced()
    assert set(User.objects.filter(is_staff=True)) == {moderator, User.objects.get(username="henrik_desk")}
    assert not User.objects.filter(is_superuser=True).exists()


def test_the_desk_is_full(demo):
    """Each reason, a headline and a member; what is held; an appeal that ilse may hear; what was done already."""
    ilse, sora = User.objects.get(username="ilse"), User.objects.get(username="sora")
    waiting = Report.objects.waiting()
    assert set(waiting.values_list("reason", flat=True)) == set(Report.Reason.values)
    assert waiting.filter(case__is_headline=True).exists()
    assert waiting.filter(case__member__isnull=False).exists()
    assert Case.objects.waiting().count() == 7
    assert Comment.objects.filter(folded_at__isnull=False).count() == 1
    assert set(Comment.objects.exclude(held_at=None).values_list("held_for", flat=True)) == {"link"}
    assert Appeal.objects.waiting().get().may_hear(ilse)
    told = Notification.objects.to(sora).get().action
    assert told is not None
    assert told.can_be_appealed
    assert Sanction.objects.get().member.username == "dry_eyes"
    assert set(ModerationAction.objects.values_list("verb", flat=True)) == {"hide", "lock", "raise", "silence"}


def test_what_stands_at_the_desk_is_under_a_rule_once_there_are_rules(both):
    call_command("load_guidelines", stdout=StringIO())
    seed()
    assert not ModerationAction.objects.filter(rule=None).exists()


def test_a_second_run_changes_nothing(demo):
    before = everything()
    assert "here already" in seed()
    assert everything() == before


def test_a_second_run_refuses_other_numbers(demo):
    with pytest.raises(CommandError, match="here already"):
        seed(reviews=1000)


@time_machine.travel("2027-03-01T12:00:00Z", tick=False)
def test_the_same_community_every_time(both):
    start = transaction.savepoint()
    seed()
    before = everything()
    transaction.savepoint_rollback(start)
    assert not User.objects.exists()
    seed()
    assert everything() == before


def test_more_is_made_when_more_is_asked_for(both):
    seed(members=80, reviews=400, comments=900)
    assert User.objects.count() >= 80
    at_the_desk = load("desk")["texts"]
    assert Review.objects.count() == 400 + sum("stars" in text for text in at_the_desk)
    assert Comment.objects.count() == 900 + sum("stars" not in text for text in at_the_desk)
    assert differences() == []
    for member in User.objects.all():
        member.full_clean(exclude=["password"])


def test_as_many_members_come_as_so_many_reviews_need(both):
    seed(members=10, reviews=1000)
    assert 1000 <= Review.objects.count() <= 1000 + len(load("desk")["texts"])
    assert User.objects.count() > 100


def test_a_member_who_is_real_keeps_it_out(both, alice):
    with pytest.raises(CommandError, match="real"):
        seed()
    assert User.objects.count() == 1


def test_an_admin_is_real_whatever_their_address(demo):
    User.objects.create_superuser("ada", f"ada{DOMAIN}", "x")
    with pytest.raises(CommandError, match="real"):
        seed()


def test_without_the_series_it_says_what_to_load(db):
    with pytest.raises(CommandError, match="soundtrack-1, soundtrack-2"):
        seed()
    assert not User.objects.exists()


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.read()


def test_no_two_members_are_alike(words):
    for column in ("username", "display_name"):
        names = [getattr(person, column) for person in words.people]
        assert len(set(names)) == len(names)
    skeletons = [skeleton(person.username) for person in words.people]
    assert len(set(skeletons)) == len(skeletons)


def test_every_text_is_clean_and_said_once(words):
    opinions = [opinion for page in words.pages for opinion in page.opinions]
    bodies = [opinion.says for opinion in opinions if opinion.says] + [said.says for said in words.all_comments()]
    for text in [*bodies, *(opinion.headline for opinion in opinions)]:
        assert clean_text(text).strip() == text
        assert not text or not says_nothing(text)
    assert [text for text, count in Counter(bodies).items() if count > 1 and len(text) > 12] == []
    headlines = [opinion.headline for opinion in opinions if opinion.headline]
    assert len(set(headlines)) == len(headlines)


def test_headlines_and_answers_are_short_enough(words):
    for page in words.pages:
        for opinion in page.opinions:
            assert len(opinion.headline) <= LONGEST_HEADLINE
            assert all(len(answer) <= LONGEST_ANSWER for answer in opinion.prompts.values())
            assert page.number is None or not opinion.prompts
    assert all(len(said.song) <= LONGEST_SONG_NAME for said in words.all_comments())


def test_prompts_are_called_as_the_review_calls_them():
    assert {field.name for field in Review._meta.get_fields()} >= set(PROMPTS)


# Names and titles of which newcomers are not told, and from which episode on they may be.
BEYOND = {
    1: ("Unrequited", "Jennifer", "제니퍼", "Benzema", "Jay Jun", "Tae-yoon", "folder", "deleted", "abroad"),
    3: ("Tae-yoon", "a year on", "two shadows"),
}


@pytest.mark.parametrize("through", BEYOND)
def test_nothing_is_named_before_its_time(words, through):
    lasts = {"soundtrack-1": 4, "soundtrack-2": 6}
    for page in words.pages:
        if page.slug != "soundtrack-1":
            continue
        texts = [(opinion.headline, 0) for opinion in page.opinions]
        texts += [(opinion.says, page.scope_of(opinion, lasts)) for opinion in page.opinions]
        texts += [(said.says, page.scope_of(said, lasts)) for said in page.comments]
        for text, scope in texts:
            if scope <= through:
                assert not [word for word in BEYOND[through] if word.lower() in text.lower()], text


def test_a_tenth_of_it_is_in_korean(words):
    bodies = [said.says for said in words.all_comments()]
    korean = [text for text in bodies if any("가" <= letter <= "힣" for letter in text)]
    assert len(korean) >= len(bodies) / 10


def test_phrases_are_clean():
    def pieces(values: Any) -> list[str]:
        if isinstance(values, str):
            return [values]
        return [
            piece for value in (values.values() if isinstance(values, dict) else values) for piece in pieces(value)
        ]

    for piece in pieces(load("phrases")):
        assert clean_text(piece) == piece


def test_the_longest_headline_from_phrases_fits():
    for tone in load("phrases")["reviews"].values():
        assert sum(max(map(len, pieces)) for pieces in tone["headlines"]) + 1 <= LONGEST_HEADLINE
