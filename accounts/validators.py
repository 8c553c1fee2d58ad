"""What a username and a password may be."""

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import MinimumLengthValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from zxcvbn import zxcvbn

if TYPE_CHECKING:
    from accounts.models import User

# Python and PostgreSQL agree on \Z; in Python $ lets a line end pass.
USERNAME_PATTERN = r"^[a-z0-9_]{3,30}\Z"

# Names that would speak for the site, or stand where a page of ours stands or may stand one day.
RESERVED_USERNAMES = frozenset(
    """
    about abuse account accounts admin administrator anonymous api appeal appeals banned bonus bonustrack
    bonus_track comment comments contact deleted design editor editors episode episodes everyone feed feeds
    guidelines help home info legal login logout mail me media member members mod moderation moderator
    moderators news nobody noreply notification notifications null official owner password postmaster
    privacy review reviews robot robots root safety search security series settings signup site sitemap
    soundtrack staff static status superuser support system team track tracks undefined unknown user users
    webmaster
    """.split()  # noqa: SIM905 - a list of quoted words would hide the words
)

# Letters that pass for another at reading size. One spelling each, so that look-alikes share a skeleton.
LOOK_ALIKES = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("_", ""))


def skeleton(username: str) -> str:
    """The shape that the eye keeps of a name: `adm1n` and `admin` are one."""
    for seen, meant in LOOK_ALIKES:
        username = username.replace(seen, meant)
    return username


RESERVED_SKELETONS = frozenset(skeleton(name) for name in RESERVED_USERNAMES)

# Letters that are drawn like plain Latin ones: Cyrillic, Greek, and what no normal form takes apart.
DRAWN_ALIKE = str.maketrans("авеһіјкмнорсԛѕтухѵԝԁαβεικνορτυχıłø", "abehijkmhopcqstyxvwdabeikvoptuxilo")


def latin_part(name: str) -> str:
    """What a reader of the Latin alphabet sees in a name of any script: "Аlice ☆ 앨리스" is "alice" to them."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return re.sub("[^a-z0-9]", "", plain.translate(DRAWN_ALIKE))


def validate_not_reserved(username: str) -> None:
    if not skeleton(username):
        raise ValidationError(_("Underscores alone are nobody's name."), code="reserved")
    if skeleton(username.lower()) in RESERVED_SKELETONS:
        raise ValidationError(_("That name belongs to the house. Please choose another."), code="reserved")


username_validators: list[Callable[[Any], None]] = [
    RegexValidator(
        # Both cases by name: where case is ignored, the long s and the Kelvin sign pass for letters a–z.
        USERNAME_PATTERN.replace("a-z", "a-zA-Z"),
        _("3 to 30 letters a–z, digits or underscores."),
    ),
    validate_not_reserved,
]


class ShortestPasswordValidator(MinimumLengthValidator):
    """The rule stands before the field; what is said of a password is what it lacks."""

    def validate(self, password: str, user: "User | None" = None) -> None:
        missing = self.min_length - len(password)
        if missing > 0:
            too_short = ngettext(
                "Too short: add %(missing)d character.", "Too short: add %(missing)d characters.", missing
            )
            raise ValidationError(too_short % {"missing": missing}, code="password_too_short")


class OwnNamePasswordValidator(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return gettext("Too like your username or e-mail address. Choose something else.")


class GuessablePasswordValidator:
    """Refuses what a guesser tries first, by zxcvbn's estimate, whatever characters it is made of."""

    # zxcvbn's scale: 0 too guessable … 4 very unguessable. 2 needs more than 10^6 guesses.
    LEAST_SCORE = 2
    # Characters. 72 made of 4@8({[ cost zxcvbn two seconds, 32 a third of one; the rest only adds strength.
    LONGEST_LOOKED_AT = 32

    def validate(self, password: str, user: "User | None" = None) -> None:
        own_words = [user.username, user.email] if user else []
        # It trips over an empty password, and over a line end between digits.
        looked_at = re.sub(r"\s", " ", password[: self.LONGEST_LOOKED_AT])
        if not looked_at or zxcvbn(looked_at, user_inputs=own_words)["score"] < self.LEAST_SCORE:
            easy = _("Too easy to guess. Add a word or two that nobody would expect.")
            raise ValidationError(easy, code="password_guessable")

    def get_help_text(self) -> str:
        return gettext("A few unrelated words in a row are strong and easy to keep.")


class LongestPasswordValidator:
    """Nobody types that much: it was pasted by mistake, or sent to keep us hashing."""

    MOST = 1_000  # characters

    def validate(self, password: str, user: "User | None" = None) -> None:
        if len(password) > self.MOST:
            too_long = _("That is too long: %(most)d characters are enough.") % {"most": self.MOST}
            raise ValidationError(too_long, code="password_too_long")

    def get_help_text(self) -> str:
        return ""  # who has to be told will be told
