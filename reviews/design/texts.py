"""What members say, and who they are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from episodes.homecoming import Homecoming, SeriesWaits
from episodes.models import Kin, Song
from reviews.design.sheet import Sheet
from reviews.design.world import BODY, KOREAN, NOW, PICTURE, STACKED, UNBROKEN, World
from reviews.listing import CommentListing, CommentOrder, ReviewListing, ReviewOrder
from reviews.models import Comment, ModerationAction
from reviews.related import Elsewhere, Related
from reviews.threads import Thread
from reviews.waiting import Fold, Wait, parts_of
from soundtrack_site.paging import Page


def people(sheet: Sheet, world: World) -> None:
    sheet.begin("people", _("People"))
    for stars in ("", "9", "9 4", "10 1 10", "9 8 10 7", "9 8 10 7 9"):
        member = world.member("drawn", "Drawn", stars)
        sheet.show("accounts/_avatar", f"rings of {stars or 'nothing'}", member=member, large=True)
    pictured = world.member("pictured", "Pictured", avatar=f"avatars/{PICTURE}")
    sheet.show("accounts/_avatar", "small", member=world.mina)
    sheet.show("accounts/_avatar", "nothing of theirs is open", member=world.mina, hollow=True)
    sheet.show("accounts/_avatar", "a picture of theirs", member=pictured, large=True)
    about = {"bio": "I hum in trains.\n\nSeoul, mostly.", "star_meaning": "Five means I bought the record."}
    told = world.member("told", "Mina 미나", "9 8 10 7 9", **about)
    sheet.show("accounts/_member_header", "mine", member=told, is_own=True)
    sheet.show("accounts/_member_header", "the longest name", member=world.crowded)
    review = world.review(BODY, edited_at=NOW, is_new=True)
    bylines: list[tuple[str, dict[str, Any]]] = [
        ("everybody's", {"stars": 9}),
        ("yours", {"stars": 9, "reader": world.mina}),
        ("on a member's page", {"stars": 9, "where": True}),
        ("for moderators", {"stars": 9, "moderates": True}),
    ]
    for state, values in bylines:
        sheet.show("reviews/_byline", state, text=review, series=world.series, **values)


def reviews(sheet: Sheet, world: World) -> None:
    sheet.begin("reviews", _("Reviews"))
    request, series = world.request(world.reader), world.series
    line = "It hums for days."
    season: dict[str, Any] = {
        "rewound": "The pier.",
        "stayed": "The slow one.",
        "shown_to": "My sister, who hates boats.",
    }
    own = world.review(BODY, headline=line, author=world.reader, like_count=3)
    for state, review in (
        ("plain", world.review(BODY, headline=line, like_count=12, comment_count=4)),
        ("felt by you", world.review(BODY, headline=line, like_count=13, is_felt=True, written_before=3)),
        ("your own", own),
        ("one line alone", world.review(headline=line, spoils_through=0)),
        ("no line, no stars", world.review(BODY, stars=None)),
        ("Korean", world.review(KOREAN, headline="며칠째 흥얼거린다.", author=world.joon)),
        ("of a whole series", world.review(BODY, headline=line, episode=None, **season)),
        ("odd words", world.review(f"{STACKED}\n\n{UNBROKEN}", headline=STACKED[:120], author=world.crowded)),
        ("shown this once", world.review(BODY, headline=line, is_revealed=True)),
        ("a stub", world.review(BODY * 4, headline=line, is_open=False, spoils_through=3, written_before=3)),
        ("a stub without a line", world.review(BODY, is_open=False, spoils_through=4)),
    ):
        sheet.show("reviews/_review", state, review=review, series=series, request=request, heading_level=3)


def around_reviews(sheet: Sheet, world: World) -> None:
    sheet.begin("around-reviews", _("Around reviews"))
    request, series = world.request(world.reader), world.series
    line = "It hums for days."
    own = world.review(BODY, headline=line, author=world.reader)
    plain = world.review(BODY, headline=line, like_count=12)
    moderator = world.request(world.moderator)
    sheet.show("reviews/_review", "with the staff's pencil", review=plain, series=series, request=moderator)
    sheet.show("reviews/_review", "on its author's page", review=plain, series=series, request=request, where=True)
    for verb, scope in (("hide", None), ("fold", None), ("raise", 3), ("lower", 0)):
        act = ModerationAction(verb=verb, reason="The line told the last scene.", scope_after=scope)
        sheet.show("reviews/_rulings", f"for its author: {verb}", rulings=[act], series=series)
    sheet.show("reviews/_stands_now", "changed in another tab", text=own, series=series)
    near, far = [Wait(3, 5, "Track 3")], [Wait(3, 5, "Track 3"), Wait(4, 12, "Track 4", or_later=True)]
    for state, fold in (("one point", Fold(near, stands=3)), ("two points", Fold(far)), ("not counted", Fold([]))):
        sheet.show("reviews/_waits", state, fold=fold, list_url="/design/")
    sheet.show("episodes/_glimpse", "a review", text=plain, series=series, where=True)
    kin = Kin(title="Slow Trains", why="the same quarrel between a map and a song")
    sheet.show(
        "reviews/_related", "everything there is", review=plain, series=series, now=NOW,
        related=Related(own, plain, plain, [Elsewhere("Track 1", own)], [kin]),
    )  # fmt: skip


def comments(sheet: Sheet, world: World) -> None:
    sheet.begin("comments", _("Comments"))
    request, series, episode = world.request(world.reader), world.series, world.episodes[1]
    song = Song(title="Slow Water", native_title="느린 물", artist="The Pier")
    talk = world.comment("Does the captain know?", like_count=2, comment_count=2)
    gone = world.comment("", is_open=False, deleted_at=NOW, comment_count=1)
    for state, comment in (
        ("talk", talk),
        ("a moment", world.comment("The lamp.", kind="moment", at=754)),
        ("a line", world.comment("“We never left.”", kind="line", at=3723)),
        ("a song", world.comment("It is back.", kind="song", at=300, song=song)),
        ("a song that is in no list", world.comment("Humming.", kind="song", song_name="콧노래")),
        ("an answer to the question", world.comment("I would have stayed.", kind="bonus")),
        ("odd words", world.comment(f"{STACKED} {UNBROKEN}", author=world.crowded)),
        ("a stub", world.comment(BODY, is_open=False, spoils_through=3)),
        ("shown this once", world.comment(BODY, is_revealed=True)),
        ("gone", gone),
    ):
        sheet.show("reviews/_comment", state, comment=comment, series=series, episode=episode, request=request)
    target = world.comment("This one.", author=world.mina)
    sheet.show("reviews/_comment", "led to", comment=target, target=target, series=series, request=request)
    thread = Thread(talk, [], more=12, parts=parts_of(answers(world, talk), series))
    sheet.show(
        "reviews/_thread", "answers, stubs folded", thread=thread, series=series, episode=episode, request=request
    )
    visitor = world.request(AnonymousUser())
    for state, asks, text in (
        ("felt by nobody", request, world.comment("A")),
        ("felt by you", request, world.comment("A", like_count=1, is_felt=True)),
        ("felt by 300", request, world.comment("A", like_count=300)),
        ("for visitors", visitor, world.comment("A", like_count=2)),
    ):
        sheet.show("reviews/_felt", state, text=text, series=series, request=asks)


def answers(world: World, root: Comment) -> list[Comment]:
    """An answer, an answer to that, and three that wait."""
    under: dict[str, Any] = {"root": root, "parent": root}
    first = world.comment("He must. 그 눈빛을 봐.", author=world.mina, **under)
    second = world.comment("He does not.", author=world.joon, **{**under, "parent": first})
    return [first, second, *(world.comment(BODY, is_open=False, spoils_through=3, **under) for _stub in range(3))]


def lists(sheet: Sheet, world: World) -> None:
    sheet.begin("lists", _("Lists"))
    request = world.request(world.reader)
    by_stars = ReviewListing(ReviewOrder.FELT, 9, lists_waiting=False)
    talk = CommentListing(CommentOrder.OLDEST, has_kinds=True)
    sheet.show("reviews/_listing", "reviews", controls=by_stars.controls, request=request)
    sheet.show("reviews/_listing", "a discussion", controls=talk.controls, request=request)
    for state, same_seat in (("offered", False), ("chosen", True)):
        seat = ReviewListing(ReviewOrder.NEWEST, None, lists_waiting=False, same_seat=same_seat, offers_seat=True)
        sheet.show("reviews/_seat", state, listing=seat, guide=world.guide(2), request=request)
    sheet.show("reviews/_news", "three", news=3)
    sheet.show("reviews/_next_page", "in the middle", page=Page([], "12", is_first=False), request=request)
    unread, read = world.comment(KOREAN, author=world.mina), world.comment("Yes.", read_at=NOW)
    waits = [SeriesWaits(world.series, [Wait(3, 2, "Track 3")])]
    sheet.show("episodes/_answers", "one unread", homecoming=Homecoming([unread, read], waits, None, []), unread=3)
