"""What a series calls its parts: "Track 3", "Bonus Track", ten phrases for ten half stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

WORDS = ("one", "many", "epilogue", "felt")
LONGEST = 60  # characters, of a word or a star phrase


@dataclass(frozen=True)
class Vocabulary:
    """One series' words in one language. `stars` has ten phrases, for ½ to 5, or is empty."""

    one: str
    many: str
    epilogue: str
    felt: str
    stars: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Vocabulary:
        """The reader's language if the series has words in it, else English, else the site's plain words."""
        language = get_language() or settings.LANGUAGE_CODE
        words = kept.get(language) or kept.get(language.split("-")[0]) or kept.get("en") or {}
        return cls(
            one=words.get("one") or gettext("Episode"),
            many=words.get("many") or gettext("Episodes"),
            epilogue=words.get("epilogue") or gettext("Epilogue"),
            felt=words.get("felt") or gettext("I felt that"),
            stars=tuple(words.get("stars") or ()),
        )

    def numbered(self, number: int) -> str:
        """ "Track 3": what an episode is called by those who may not know its title."""
        return gettext("%(episode)s %(number)d") % {"episode": self.one, "number": number}

    def star_phrase(self, stars: int) -> str:
        """The series' words for a rating of 1–10 half stars, or nothing."""
        return self.stars[stars - 1] if self.stars else ""


def validate_vocabulary(kept: object) -> None:
    """`{"en": {"one", "many", "epilogue", "felt": text, "stars": [ten phrases]}, "ko": …}`; any part may be absent."""
    if not isinstance(kept, dict):
        raise ValidationError(_("The vocabulary is a table of languages."), code="vocabulary")
    for language, words in kept.items():
        if language not in dict(settings.LANGUAGES):
            raise ValidationError(_("%(language)s is no language of this site."), params={"language": language})
        if not isinstance(words, dict) or set(words) - {*WORDS, "stars"}:
            raise ValidationError(
                _("%(language)s: one, many, epilogue, felt and stars are the words known here."),
                params={"language": language},
            )
        if any(not isinstance(words[key], str) or len(words[key]) > LONGEST for key in WORDS if key in words):
            raise ValidationError(_("%(language)s: each word is a short text."), params={"language": language})
        stars = words.get("stars", [])
        if stars and (
            not isinstance(stars, list)
            or len(stars) != 10
            or any(not isinstance(phrase, str) or len(phrase) > LONGEST for phrase in stars)
        ):
            raise ValidationError(_("%(language)s: ten star phrases, or none."), params={"language": language})
