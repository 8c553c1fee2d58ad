"""All figures, in the order in which the page of components shows them."""

from __future__ import annotations

from reviews.design import catalogue, house, moderation, numbers, texts, writing
from reviews.design.sheet import Part, Sheet
from reviews.design.world import World

LAID_OUT = (
    house.notices,
    writing.fields,
    writing.stars,
    writing.points,
    catalogue.progress,
    catalogue.tracks,
    catalogue.sleeves,
    catalogue.pictures,
    numbers.scores,
    numbers.waves,
    texts.people,
    texts.reviews,
    texts.around_reviews,
    texts.comments,
    moderation.set_aside,
    moderation.told,
    moderation.asked,
    writing.writing,
    writing.previews,
    texts.lists,
    catalogue.catalogue,
    house.house,
)


def parts() -> list[Part]:
    """All of it. The forms that ask for songs cost a query each; nothing else does."""
    sheet, world = Sheet(), World()
    for lay_out in LAID_OUT:
        lay_out(sheet, world)
    return sheet.parts
