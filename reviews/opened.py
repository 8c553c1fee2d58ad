"""What opens when a viewer's point rises, and what is hidden again when it falls: numbers, never a word of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Sum
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from episodes.boundary import beyond_reach, reaches
from episodes.guide import Guide
from episodes.models import Episode
from reviews.models import ScopeTally


class Opening:
    """Begun before the point moves, told after. One query to begin with.

    Counts come from the tallies. What a member writes in between is not among them: to its author nothing is ever
    closed.
    """

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.before = guide.seen_through
        closed = ScopeTally.objects.filter(beyond_reach(guide.viewer, "scope", guide.series), series=guide.series)
        counted = closed.filter(count__gt=0).order_by().values_list("kind", "scope")
        self.closed = list(counted.annotate(total=Sum("count")))

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
        for kind, scope, count in self.closed:
            if reaches(self.guide.viewer.point(self.guide.series), scope):
                opened[kind] += count
        reviews = opened[ScopeTally.Kind.REVIEW]
        comments = opened[ScopeTally.Kind.COMMENT] + opened[ScopeTally.Kind.ANSWER]
        words = {
            "reviews": ngettext("%(count)d review", "%(count)d reviews", reviews) % {"count": reviews},
            "comments": ngettext("%(count)d comment", "%(count)d comments", comments) % {"count": comments},
        }
        said = []
        if reviews and comments:
            said.append(_("%(reviews)s and %(comments)s opened.") % words)
        elif reviews:
            said.append(_("%(reviews)s opened.") % words)
        elif comments:
            said.append(_("%(comments)s opened.") % words)
        return [*said, *self.bonus_track()]

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


def sentences(said: Iterable[str]) -> SafeString:
    return format_html_join(" ", "{}", ((sentence,) for sentence in said))
