"""The series, its episodes, and how far somebody has seen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from episodes.airing import Airing
from episodes.guide import Cover
from episodes.models import Credit, Note, Person, Song, Source
from episodes.sleeve import SleeveArt
from reviews.design.sheet import Sheet
from reviews.design.world import CURVE, NOW, PICTURE, World
from reviews.score import Score, Scores


def progress(sheet: Sheet, world: World) -> None:
    sheet.begin("band", _("Band"))
    request = world.request(world.reader)
    for state, guide in (
        ("unanswered", world.guide(None)),
        ("not started", world.guide(0)),
        ("seen through Track 2", world.guide(2)),
        ("seen all", world.guide(4)),
        ("rewatching", world.guide(1, furthest=4)),
        ("sixteen, unanswered", world.guide(None, is_long=True)),
        ("sixteen, seen through Track 11", world.guide(11, is_long=True)),
    ):
        sheet.show("episodes/_band", state, guide=guide, request=request)
    seen: dict[str, Any] = {"guide": world.guide(4), "episode": world.episodes[1], "tells_rewatchers": True}
    sheet.show("episodes/_band", "on an episode's page, seen further", request=request, **seen)
    sheet.show("episodes/_band", "at home, named", guide=world.guide(2), request=request, named=True)
    sheet.show("episodes/_welcome", "below it, for whoever has just come", guide=world.guide(None), request=request)


def tracks(sheet: Sheet, world: World) -> None:
    sheet.begin("tracks", _("Track list"))
    own: dict[int | None, int | None] = {1: 8, 2: 9, None: 9}
    scores = Scores({1: Score(CURVE), 2: Score({8: 2, 9: 1}), 3: Score()}, {})
    sheet.show("episodes/_track_list", "nothing seen", guide=world.guide(None), scores=scores)
    sheet.show(
        "episodes/_track_list", "two seen and rated", guide=world.guide(2), scores=Scores(scores.by_number, own)
    )
    sheet.show("episodes/_track_list", "four sides", guide=world.guide(11, is_long=True), scores=Scores({}, {}))
    before, after = world.episodes[0], world.episodes[2]
    sheet.show("episodes/_neighbours", "both", before=before, after=after)
    sheet.show("episodes/_neighbours", "the first", before=None, after=after)
    sheet.show("episodes/_trail", "three steps", series=world.series, episode=world.episodes[1], here="Reviews")
    coming = world.episode(world.series, 5, weeks=1)
    days = world.episode(world.series, 6, weeks=2)
    coming.airs_precision = "minute"
    for state, episode in (("to the minute", coming), ("to the day", days)):
        sheet.show("episodes/_airing", state, airing=Airing.of(episode, world.viewer(2), NOW))


def sleeves(sheet: Sheet, world: World) -> None:
    sheet.begin("sleeves", _("Sleeve art"))
    art = SleeveArt.of("specimen", 2, 62)
    for state, values in (
        ("not seen", {"size": "large"}),
        ("seen", {"size": "large", "is_seen": True}),
        ("a series, nothing seen", {"size": "large", "is_cover": True}),
        ("small, not seen", {"size": "small"}),
        ("small, seen", {"size": "small", "is_seen": True}),
    ):
        sheet.show("episodes/_sleeve_art", state, art=art, **values)
    every = [
        Cover(world.series, art, 2),
        Cover(world.long_series, SleeveArt.of("specimen-long", minutes=900), None),
        Cover(
            world.make_series(native_title="뷁뷁한 밤의 아주 긴 제목", title="A Title Our Cut Does Not Cover"), art, 0
        ),
    ]
    sheet.show("episodes/_sleeves", "three series", every=every)
    sheet.show("episodes/_sleeve_titles", "native title leads", series=world.series)
    sheet.show("episodes/_sleeve_titles", "long, outside our cut", series=every[2].series, linked=True)


def pictures(sheet: Sheet, world: World) -> None:
    sheet.begin("pictures", _("Pictures"))
    pictured = world.make_series(
        poster=f"posters/{PICTURE}", poster_width=800, poster_height=1200, poster_alt="A pier at night.",
        poster_caption="The pier, an hour before.", poster_credit="Photograph: nobody",
    )  # fmt: skip
    sheet.show("episodes/_poster", "upright", series=pictured)
    still = world.episode(world.series, 2)
    still.still_width, still.still_height = 1280, 720
    world.send(
        still, still=f"stills/{PICTURE}", still_alt="A cabin window.", still_caption="Cabin 12.", still_credit="Nobody"
    )
    sheet.show("episodes/_still", "wide", episode=still)


def catalogue(sheet: Sheet, world: World) -> None:
    sheet.begin("catalogue", _("Catalogue"))
    series = world.series
    songs = [
        Song(part=1, title="Slow Water", native_title="느린 물", artist="The Pier", released_on=NOW),
        Song(part=2, artist="Somebody", native_artist="아무개", released_about="spring 2026"),
    ]
    sheet.show("episodes/_songs", "known and unknown", songs=songs, series=series)
    kim = Person(name="Kim Nobody", native_name="김아무", known_for="Slow Trains, The Map")
    cast = [
        Credit(person=kim, character="The captain", native_character="선장", also_written="Gim Amu"),
        Credit(character="The voice on the radio", note="Never named."),
    ]
    sheet.show("episodes/_cast", "known and unknown", cast=cast, series=series)
    notes = [Note(about="Runtime", text="One says 38 minutes, another 40; the first is used.")]
    sources = [Source(name="The ship's log", url="https://example.com/"), Source(name="A poster")]
    sheet.show("episodes/_notes", "notes and sources", is_tried=True, notes=notes, sources=sources, series=series)
