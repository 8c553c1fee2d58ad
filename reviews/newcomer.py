"""A text that is written and not saved, as the page carries it for somebody who has not started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from episodes.boundary import reaches
from episodes.guide import Guide
from reviews.models import Comment, Review
from reviews.models.reading import Subject, place
from reviews.models.review import PROMPTS

NOT_STARTED = 0
UNSAVED = 0  # the key in the links of a card that stands nowhere yet; nothing in its page can be pressed


@dataclass(frozen=True)
class Newcomer:
    """What somebody at 0 is sent of this text: it has let go of every word beyond that."""

    text: Review | Comment

    @property
    def is_review(self) -> bool:
        return isinstance(self.text, Review)

    @classmethod
    def of_review(cls, values: dict[str, Any], guide: Guide, subject: Subject, stands: Review | None) -> Newcomer:
        """`stands`: what these words would take the place of, with its words."""
        series, episode = place(subject)
        review = Review(pk=UNSAVED, author=author(guide), series=series, episode=episode, stars=values.get("stars"))
        for name in PROMPTS:
            setattr(review, name, values.get(name) or "")
        review.line = values.get("headline") or ""
        review.write(values.get("body") or "")
        review.spoils_through = values["spoils_through"]
        if stands is not None:
            review.heed(stands)
        elif guide.viewer.member is not None:
            review.stay_ruled()
        else:
            review.take_scope()
        return cls(let_go(review, guide))

    @classmethod
    def of_comment(
        cls, values: dict[str, Any], guide: Guide, about: Subject | Review, stands: Comment | None = None
    ) -> Newcomer:
        """`stands`: what these words would take the place of; the form has kept to its scope."""
        review = about if isinstance(about, Review) else None
        series, episode = place(review.subject if review else about)  # type: ignore[arg-type] # no review is left
        comment = Comment(pk=UNSAVED, author=author(guide), series=series, episode=episode, review=review)
        comment.write(values.get("body") or "")
        comment.spoils_through = values["spoils_through"]
        if stands is None and guide.viewer.member is not None:
            comment.stay_ruled()
        if is_pinned(values):
            for name in ("kind", "at", "song", "song_name"):
                if values.get(name) is not None:
                    setattr(comment, name, values[name])
        return cls(let_go(comment, guide))


def is_pinned(values: dict[str, Any]) -> bool:
    """It has what its kind needs; else it is shown as plain talk, and what is missing is said when it is sent."""
    kind = values.get("kind")
    if kind == Comment.Kind.SONG:
        return bool(values.get("song") or values.get("song_name"))
    return kind == Comment.Kind.BONUS or values.get("at") is not None


def author(guide: Guide) -> User:
    """Whoever writes; a visitor has no name yet."""
    return guide.viewer.member or User(username="you", display_name=_("You"))


def let_go(text: Any, guide: Guide) -> Any:
    """The same with the words that are sent to somebody who has not started, and without any other."""
    is_open = reaches(NOT_STARTED, text.spoils_through)
    for name, column in text.sent_words.items():
        setattr(text, f"sent_{name}", getattr(text, column) if is_open else None)
    for column in text.withheld:
        setattr(text, column, "")
    text.written_before = next(numbers_beyond(text, guide), None)
    return text


def numbers_beyond(text: Any, guide: Guide) -> Iterator[int]:
    """The episodes that its author has not seen. A review of one says that they have."""
    seen = guide.viewer.furthest(guide.series)
    if isinstance(text, Review) and text.episode is not None:
        seen = max(seen, text.episode.number)
    yield from (episode.number for episode in guide.episodes if not reaches(seen, episode.number))
