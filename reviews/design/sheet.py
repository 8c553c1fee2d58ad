"""The sheet on which the page of components is laid out: figures, in parts, by number."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Figure:
    """A partial with what it needs. It cannot be pressed, unless it `is_tried` and there is nothing to send."""

    partial: str
    state: str
    values: dict[str, Any]
    number: int
    is_tried: bool = False


@dataclass(frozen=True)
class Part:
    """The states of what belongs together."""

    key: str
    title: str | Promise
    figures: list[Figure] = field(default_factory=list)


class Sheet:
    """Numbers the figures as they are laid out."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.numbers = count(1)

    def begin(self, key: str, title: str | Promise) -> None:
        self.parts.append(Part(key, title))

    def show(self, partial: str, state: str, *, is_tried: bool = False, **values: Any) -> None:
        figure = Figure(f"{partial}.html", state, values, next(self.numbers), is_tried)
        self.parts[-1].figures.append(figure)
