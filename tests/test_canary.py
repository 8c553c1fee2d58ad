"""No word reaches anybody who may not have it, wherever they ask; and everybody finds what they may have.

See `tests/canary/__init__.py` for how a new column or URL is declared.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator

import pytest
from django.core import mail, signing
from django.db import models
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect

from episodes.boundary import within_reach
from episodes.models import Series
from tests.canary.fields import FIELDS, Planted, text_columns
from tests.canary.readers import READERS, introduce
from tests.canary.recipes import NAMES, RECIPES, URLS
from tests.canary.walk import Ask, Walk
from tests.canary.world import LAST, SCOPES, World

FEWEST_KINDS = 15  # of surface, that tell where nothing is withheld


@pytest.fixture
def world(planted: World, db: None) -> Iterator[World]:
    logging.disable(logging.CRITICAL)  # a thousand refusals are meant
    yield planted
    logging.disable(logging.NOTSET)


def walk(world: World, kind: str, point: int | None, names: Iterable[str] = RECIPES) -> Walk:
    reader, browser = introduce(world, kind, point)
    walk = Walk(world, reader, browser)
    for function in dict.fromkeys(RECIPES[name] for name in names):
        for ask in function(world, reader):
            walk.ask(ask)
    return walk


# Nothing is left out


def test_every_text_column_is_covered():
    assert sorted(FIELDS) == sorted(text_columns())


def test_every_word_is_planted_at_each_scope(world):
    for column, cover in FIELDS.items():
        if isinstance(cover, Planted):
            plants = [plant for plant in world.plants.of(column) if plant.series in (None, world.series.pk)]
            assert plants, f"no row of the world has a word in {column}"
            assert not cover.is_scoped or LAST in {plant.scope for plant in plants}, column
    for column in ("reviews.Review.whole_html", "reviews.Comment.whole_html", "episodes.Credit.character"):
        assert {plant.scope for plant in world.plants.of(column)} >= set(SCOPES)
    assert len(world.plants.known) == len(world.plants.every)


def test_every_url_has_a_recipe():
    assert sorted(NAMES - RECIPES.keys()) == []
    assert sorted(RECIPES.keys() - NAMES - {"errors"}) == []


# Nobody is told too much, or too little


@pytest.mark.parametrize(("kind", "point"), [(kind, point) for kind, points in READERS.items() for point in points])
def test_everybody_is_sent_what_they_may_have_and_nothing_else(world, kind, point):
    done = walk(world, kind, point)
    never_asked = sorted(f"Never asked: {name} at {route}" for name, route in URLS if route not in done.routes)
    complaints = [*map(str, done.leaks), *done.wrong, *done.missing(), *never_asked]
    assert not complaints, "\n".join(complaints)


# The canary itself can tell


def switched(rule: Callable[..., object], other: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this one function answer otherwise, under whatever name others have imported it."""
    monkeypatch.setattr(rule, "__code__", other.__code__)


def test_where_the_rule_is_off_every_kind_of_surface_tells(world, monkeypatch):
    switched(within_reach, lambda viewer, scope, series=None, path="series": Q(pk__isnull=False), monkeypatch)
    done = walk(world, "moderator", 0)
    kinds = sorted({leak.surface for leak in done.leaks})
    assert len(kinds) >= FEWEST_KINDS, kinds


def test_where_the_rule_is_too_strict_words_are_missed(world, monkeypatch):
    switched(within_reach, lambda viewer, scope, series=None, path="series": Q(pk__isnull=True), monkeypatch)
    done = walk(world, "visitor", LAST, {"episodes:series", "reviews:review"})
    lost = "\n".join(done.missing())
    assert "never found reviews.Review.whole_html" in lost
    assert "never found episodes.Series.ending" in lost


@pytest.fixture
def stray(world):
    """A word from beyond the point of whoever has just come."""
    return next(plant for plant in world.plants.of("reviews.Review.whole_html") if plant.scope == LAST)


def test_a_word_in_the_wrong_column_is_found(world, stray):
    models.QuerySet(Series).filter(pk=world.series.pk).update(tagline=f"It ends with {stray.word}.")
    done = walk(world, "visitor", None, {"episodes:series"})
    path = f"GET /series/{world.series.slug}/"
    assert any(
        str(leak).startswith(f"{path} tells visitor, never asked of {stray} in its body") for leak in done.leaks
    )
    assert any(f"It ends with {stray.word}" in leak.around for leak in done.leaks)


def packed(word: str) -> HttpResponse:
    answer = HttpResponse()
    answer.set_cookie("messages", signing.dumps([f"You said {word}. " * 9], compress=True))
    return answer


ANSWERS: dict[str, Callable[[str], HttpResponse]] = {
    "headers": lambda word: HttpResponse(headers={"X-Why": f"because {word}"}),
    "headers of a redirect": lambda word: HttpResponseRedirect(f"/?said={word}"),
    "cookie messages": packed,
    "body, cut short": lambda word: HttpResponse(f"<title>{word[:9]}…</title>"),
    "body, in capitals": lambda word: HttpResponse(f"<!-- {word.upper()} -->"),
    "body of an error": lambda word: HttpResponse(f'<p lang="ko">{word}</p>', status=404),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_word_is_found_in_every_part_of_an_answer(world, stray, case):
    done = Walk(world, *introduce(world, "visitor", None))
    done.search(done.reader, "GET", "/nowhere/", ANSWERS[case](stray.word), typed="")
    leak = done.leaks[0]
    assert {leak.plant for leak in done.leaks} == {stray}
    assert case.startswith(leak.part)
    assert f"GET /nowhere/ tells visitor, never asked of {stray} in its {leak.part} at {leak.offset}" in str(leak)


def test_a_word_is_found_in_a_mail(world, stray):
    done = Walk(world, *introduce(world, "visitor", None))
    letter = mail.EmailMultiAlternatives("News", "Plain", to=[world.cast.una.email])
    letter.attach_alternative(f"<p>{stray.word}</p>", "text/html")
    done.search_mail(letter, "POST /series/")
    assert {leak.plant for leak in done.leaks} == {stray}


def test_what_somebody_asked_for_is_no_leak_and_nothing_else_comes_with_it(world, stray):
    done = Walk(world, *introduce(world, "visitor", None))
    done.ask(Ask(f"/reviews/{stray.pk}/?reveal={stray.revealed_by}"))
    assert stray.word in done.seen["reviews:review, where asked for"]
    assert done.leaks == []
    hidden = next(plant for plant in world.plants.of("reviews.Review.whole_html") if not plant.is_open)
    page = HttpResponse(hidden.word)
    done.search(done.reader, "GET", f"/?reveal={hidden.revealed_by}", page, typed="")
    assert [leak.plant for leak in done.leaks] == [hidden]
