"""What opens when a viewer's point rises, and what is hidden again when it falls: numbers, never a word of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Sum, Value
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from episodes.boundary import beyond_reach, reaches
from episodes.guide import Guide
from episodes.models import Episode
from reviews.models import Comment, Review, ScopeTally


class Opening:
    """Begun before the point moves, told after. One query to begin with, for members two."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.before = guide.seen_through
        self.closed = closed_to(guide)

    @property
    def step(self) -> int:
        """Episodes that the point has moved; who was never asked comes from 0."""
        return (self.guide.seen_through or 0) - (self.before or 0)

    def said(self) -> SafeString:
        """What a viewer hears who has answered. One query at most."""
        guide = self.guide
        if guide.has_seen_all:
            first = _("You have seen it all: everything is open to you.")
        elif guide.seen_through:
            first = _("Seen through %(episode)s.") % {"episode": guide.point_label}
        elif guide.is_rewatching:
            first = _("Rewatching from the start. Only what is safe for newcomers is sent to you.")
        else:
            first = _("Not started. Only what is safe for newcomers is sent to you.")
        return sentences([first, *(self.opened() if self.step > 0 else self.hidden())])

    def said_after(self, said: str) -> SafeString:
        """The same for a member whom a verb may have moved, after what is said of that. Two queries at most."""
        self.guide.viewer.forget(self.guide.series)
        if self.step <= 0:
            return sentences([said])
        now = _("You have seen through %(episode)s now.") % {"episode": self.guide.point_label}
        if self.guide.has_seen_all:
            now = _("You have seen it all: everything is open to you.")
        return sentences([said, now, *self.opened()])

    def opened(self) -> list[str]:
        opened = Counter[str]()
        for (kind, scope), count in self.closed.items():
            if reaches(self.guide.viewer.point(self.guide.series), scope):
                opened[kind] += count
        return [*numbers(opened[ScopeTally.Kind.REVIEW], opened[ScopeTally.Kind.COMMENT]), *self.bonus_track()]

    def bonus_track(self) -> list[str]:
        """The way to the epilogue of the last episode they have seen, if there is one to read."""
        guide = self.guide
        rows = Episode.objects.filter(series=guide.series, number=guide.viewer.point(guide.series))
        episode = rows.for_reader(guide.viewer, guide.series).first()
        if episode is None or not (
            getattr(episode, "sent_bonus_track_html", None) or getattr(episode, "sent_bonus_question", None)
        ):
            return []
        episode.series = guide.series
        link = format_html(
            '<a href="{}#bonus-track">{}</a>',
            episode.get_absolute_url(),
            _("%(epilogue)s of %(episode)s") % {"epilogue": guide.series.words.epilogue, "episode": episode.label},
        )
        return [format_html(_("The {bonus_track} is open."), bonus_track=link)]

    def hidden(self) -> list[str]:
        guide = self.guide
        if self.step == 0:
            return []
        said = []
        if guide.seen_through:
            said.append(_("What comes after %(episode)s is hidden again.") % {"episode": guide.point_label})
        if guide.is_rewatching:
            said.append(_("The way back to %(episode)s is above.") % {"episode": guide.furthest_label})
        return said


def closed_to(guide: Guide) -> Counter[tuple[str, int]]:
    """How many texts of others wait in the whole series, by kind and scope; answers to reviews are comments here.

    Counts come from the tallies, less the viewer's own: to its author nothing is ever closed. What answers a review
    that is gone counts: its thread stays, and opens. What a member writes before it is told is not among them.
    """
    viewer, series = guide.viewer, guide.series
    found = Counter[tuple[str, int]]()
    tallies = ScopeTally.objects.filter(beyond_reach(viewer, "scope", series), series=series, count__gt=0)
    for kind, scope, count in tallies.order_by().values_list("kind", "scope").annotate(total=Sum("count")):
        is_answer = kind == ScopeTally.Kind.ANSWER
        found[ScopeTally.Kind.COMMENT.value if is_answer else kind, scope] += count
    if viewer.member is not None and found:
        own_reviews = Review.objects.listed().by(viewer.member).filter(series=series).waiting_for(viewer, series)
        own_comments = Comment.objects.by(viewer.member).filter(series=series).waiting_for(viewer, series)
        reviews, comments = (
            own.order_by()
            .annotate(counted=Value(kind.value))
            .values_list("counted", "spoils_through")
            .annotate(total=Count("pk"))
            for own, kind in ((own_reviews, ScopeTally.Kind.REVIEW), (own_comments, ScopeTally.Kind.COMMENT))
        )
        for kind, scope, count in reviews.union(comments, all=True):
            found[kind, scope] -= count
    return found


def numbers(reviews: int, comments: int) -> list[str]:
    """A sentence for each kind of which there is any; the first says that they are of the whole series."""
    said = []
    if reviews:
        opened = ngettext(
            "%(count)d review opened across the series.", "%(count)d reviews opened across the series.", reviews
        )
        said.append(opened % {"count": reviews})
    if reviews and comments:
        opened = ngettext("%(count)d comment opened too.", "%(count)d comments opened too.", comments)
        said.append(opened % {"count": comments})
    elif comments:
        opened = ngettext(
            "%(count)d comment opened across the series.", "%(count)d comments opened across the series.", comments
        )
        said.append(opened % {"count": comments})
    return said


def sentences(said: Iterable[str]) -> SafeString:
    return format_html_join(" ", "{}", ((sentence,) for sentence in said))
