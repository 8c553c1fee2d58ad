from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from episodes.boundary import beyond_reach, reaches, sent, within_reach
from soundtrack_site.withheld import Withholding, WithholdingQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer
    from reviews.models.text import Text


def exactly_one(*fields: str) -> Q:
    """True where one of the columns is set and the others are null."""
    rule = Q()
    for chosen in fields:
        rule |= Q(**{f"{name}__isnull": name != chosen for name in fields})
    return rule


def target_of(text: Text) -> dict[str, Any]:
    """`{"review": …}` or `{"comment": …}`: the keyword that names a text in the tables that point at either."""
    return {text._meta.model_name or "": text}


# What a text may say besides its body and headline, in the words of the forms that ask for it.
BESIDES = {
    "rewound": _("the moment I rewound"),
    "stayed": _("the song that stayed"),
    "shown_to": _("who I'd show it to"),
    "song_name": _("song"),
    "folded_headline": _("the line, folded into the text"),
}


def besides(more: dict[str, Any]) -> list[tuple[Promise | str, str]]:
    """The words among what a text says besides, each with what asked for it."""
    return [(label, more[name]) for name, label in BESIDES.items() if more.get(name)]


class RevisionQuerySet(WithholdingQuerySet["Revision"]):
    def keep(self, text: Text) -> Revision:
        """Put the words as they stand aside, before a verb changes them. Needs `with_words`."""
        return self.create(
            **target_of(text),
            headline=getattr(text, "headline", ""),
            stars=getattr(text, "stars", None),
            body=text.body,
            more=text.more_words(),
            spoils_through=text.spoils_through,
        )

    def of(self, text: Text) -> Self:
        return self.filter(**target_of(text))

    def for_moderator(self, viewer: Viewer, text: Text, stands_at: int, opens_all: bool = False) -> Self:
        """Of one text. Adds what is sent of it as `sent_headline`, `sent_body` and `sent_more`, and `is_revealed`.

        It waits as long as it spoiled then, or was found to spoil at any time since: the same words may have been
        raised, by their author or a moderator, and deleted afterwards. `stands_at`: see `Text.stands_at`.
        """
        name = text._meta.model_name
        further = self.of(text).filter(beyond_reach(viewer, "spoils_through", text.series), pk__gt=OuterRef("pk"))
        readable = Q(**{f"{name}__author": viewer.member_id})
        then = within_reach(viewer, "spoils_through", text.series)
        if reaches(viewer.point(text.series), stands_at):
            readable |= then & Q(~Exists(further))
        asked = Q(pk__isnull=False) if opens_all else Q(pk__in=viewer.revealed("revision"))
        return self.annotate(
            **{f"sent_{column}": sent(column, readable | asked) for column in Revision.withheld},
            is_revealed=Case(When(readable, then=False), When(asked, then=True), default=False),
        )


class Revision(Withholding):
    """The words a text had before it was changed or deleted: for staff, and erasable, which no log row is."""

    withheld: ClassVar[tuple[str, ...]] = ("headline", "body", "more")

    review = models.ForeignKey("reviews.Review", models.CASCADE, related_name="revisions", null=True, blank=True)
    comment = models.ForeignKey("reviews.Comment", models.CASCADE, related_name="revisions", null=True, blank=True)
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True)
    body = models.TextField(_("text"), blank=True)
    # What only some texts say: answers to the prompts of a series' review; the time and song of a moment.
    more = models.JSONField(_("the rest"), default=dict, blank=True)
    spoils_through = models.PositiveSmallIntegerField(_("spoils through"), default=0)
    replaced_at = models.DateTimeField(_("replaced"), auto_now_add=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=exactly_one("review", "comment"), name="revision_of_one_text"),
        ]

    @property
    def is_open(self) -> bool:
        """Its words were sent. Needs `for_moderator`."""
        return getattr(self, "sent_body", None) is not None

    def __str__(self) -> str:
        return f"{self.review or self.comment} · {self.replaced_at:%Y-%m-%d %H:%M}"
