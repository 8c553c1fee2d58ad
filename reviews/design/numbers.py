"""What is counted: scores and waves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.shelf import Row, Shelf
from episodes.models import PressReview
from reviews.design.sheet import Sheet
from reviews.design.world import CURVE, KOREAN, World
from reviews.score import Score, Scores
from reviews.waveform import Counts, SmallWave, Waveform


def scores(sheet: Sheet, world: World) -> None:
    sheet.begin("scores", _("Score and histogram"))
    for state, score, values in (
        ("none", Score(), {}),
        ("three", Score({8: 2, 9: 1}), {"own_stars": 9}),
        ("folded", Score(CURVE, is_folded=True), {"rate_url": "/design/", "peek_url": "/design/"}),
        ("many, and mine", Score(CURVE), {"own_stars": 9, "filter_url": "/design/"}),
        ("all ten as often", Score(dict.fromkeys(range(1, 11), 400)), {}),
        ("all the same", Score({10: 638}), {}),
        ("a member's own", Score(CURVE), {"yours": True}),
    ):
        sheet.show("reviews/_score", state, score=score, **values)
    for state, score in (("none", Score()), ("many", Score(CURVE)), ("folded", Score(CURVE, is_folded=True))):
        sheet.show("reviews/_score_line", state, score=score)
    press = PressReview(outlet="The Harbour Gazette", url="https://example.com/", score=4, scale=5, quote="It hums.")
    own: dict[int | None, int | None] = {1: 8, 2: 9, None: 9}
    given = Scores({1: Score(CURVE), 2: Score({6: 3, 9: 9}), 3: Score(), 4: Score(CURVE), None: Score(CURVE)}, own)
    by_number = {1: [press], None: [press]}
    sheet.show(
        "episodes/_ratings", "fans, you and press", guide=world.guide(4), scores=given, press_by_number=by_number
    )
    sheet.show("episodes/_press", "with a quote", press=[press], series=world.series)


def waves(sheet: Sheet, world: World) -> None:
    sheet.begin("waves", _("Waveform"))
    moments = {20 * place: 1 + (place * 7919) % 5 for place in range(6, 110, 3)} | {760: 31, 780: 22, 1500: 18}
    keys, songs = [(760, "The lights go out."), (1500, "Somebody hums it.")], {300: 1, 1490: 1}
    full = Counts(moments=moments, own={760: 1, 1260: 1}, keys=keys, songs=songs)
    few = Counts(moments={300: 2, 900: 1}, keys=keys)
    viewer, episode = world.viewer(2), world.episodes[1]
    comments = [world.comment("The lamp again.", kind="moment", at=762), world.comment(KOREAN, kind="line", at=1502)]
    comments[0].author = world.reader
    for state, counts, is_recorded, minute in (
        ("not seen", Counts(), False, None),
        ("nothing said", Counts(), True, None),
        ("quiet", few, True, None),
        ("full, with mine, key moments and songs", full, True, None),
        ("one minute", full, True, 720),
    ):
        wave = Waveform(counts, 44 * 60, True, is_recorded, minute)
        lines = wave.lines(comments if counts is full else [], viewer) if is_recorded else []
        sheet.show("reviews/_moments", state, waveform=wave, moments=lines, episode=episode, url="/design/")
    for state, given, values in (
        ("everybody's", [(1, 7.9), (2, 8.4), (4, 9.1)], {}),
        ("yours", [(1, 8), (2, 9), (3, 10), (4, 3)], {"yours": True}),
        ("sixteen", [(number, 4 + number % 7) for number in range(1, 17)], {}),
    ):
        sheet.show("reviews/_small_wave", state, wave=SmallWave.of(given), label="Stars, in order", **values)
    rows = [Row(world.series, 4, 9, [(1, 8), (2, 9), (4, 10)]), Row(world.long_series, 0, None, [])]
    sheet.show("accounts/_shelf", "two series", shelf=Shelf(rows, is_cut=True), is_own=True)
    sheet.show("accounts/_shelf", "nothing", shelf=Shelf([], is_cut=False))
