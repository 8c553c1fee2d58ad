"""What a visitor brings along when they join or log in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from episodes.models import Episode, Progress, Series
from episodes.viewer import Point

MOST_NAMED = 3  # series that get a sentence and a button each


@dataclass(frozen=True)
class Move:
    """A point that this browser held, beside the member's own. `before`: None where they were never asked."""

    series: Series
    before: int | None
    seen_through: int

    def __str__(self) -> str:
        if self.seen_through == 0:
            return _("%(series)s, not started") % {"series": self.series.title}
        episode = self.series.words.numbered(self.seen_through)
        return _("%(series)s, through %(episode)s") % {"series": self.series.title, "episode": episode}

    def button(self, to: int, words: str) -> SafeString:
        """One press leads there. It needs the page's form `act`."""
        path = reverse("episodes:set_progress", args=[self.series.slug])
        button = '<button class="button button--quiet" form="act" formaction="{}" name="{}" value="{}">{}</button>'
        return format_html(button, path, "seen_through", to, words)

    @property
    def overwritten(self) -> SafeString:
        """The member's own answer has made way for a further one: say which, and lead back."""
        before = self.before or 0
        names = {"series": self.series.title, "after": self.series.words.numbered(self.seen_through)}
        if before:
            names["before"] = self.series.words.numbered(before)
            said = _("%(series)s: you were at %(before)s, this browser at %(after)s. The further one counts.")
            back = _("Back to %(before)s") % names
        else:
            said = _("%(series)s: you had not started, this browser was at %(after)s. The further one counts.")
            back = _("I haven't started")
        return format_html("{} {}", said % names, self.button(before, back))

    @property
    def declined(self) -> SafeString:
        """Who rewatches stays where they chose to be, and may go on where this browser was."""
        names = {"series": self.series.title, "there": self.series.words.numbered(self.seen_through)}
        said = _("%(series)s: this browser was at %(there)s. You are rewatching, so your own point stays.") % names
        return format_html("{} {}", said, self.button(self.seen_through, _("Go on at %(there)s") % names))


@dataclass
class Arrival:
    """What came of a visitor's points."""

    first: list[Move] = field(default_factory=list)  # where the member had no answer yet
    overwritten: list[Move] = field(default_factory=list)
    declined: list[Move] = field(default_factory=list)

    @property
    def remembered(self) -> str:
        """What nobody has to decide about, in one sentence; empty where nothing changed."""
        moved = [*self.first, *self.overwritten[MOST_NAMED:]]
        return _("We remembered: %(points)s.") % {"points": "; ".join(map(str, moved))} if moved else ""

    def said(self) -> Iterator[str]:
        """What asks for an answer, a message each."""
        for move in self.overwritten[:MOST_NAMED]:
            yield move.overwritten
        for move in self.declined[:MOST_NAMED]:
            yield move.declined


@transaction.atomic
def bring_along(member: User, points: Mapping[int, Point]) -> Arrival:
    """Carry a visitor's points (by series key) into the member's rows: the further one wins.

    Not for who rewatches. They went back to be told less, and whoever sat at this browser must not undo that; what is
    sent too little is one press away. How far the visitor ever was is the member's knowledge in any case.
    Series that are not there, and episodes that have not aired, are none of theirs. Three queries, and at
    most four more for each series that moves.
    """
    arrival = Arrival()
    if not points:
        return arrival
    now = timezone.now()
    aired = Episode.objects.aired(now).filter(series__in=points)
    last_aired = dict(aired.values_list("series").annotate(Max("number")).order_by())
    held = {row.series_id: row for row in Progress.objects.filter(member=member, series__in=points)}
    for series in Series.objects.published(now).filter(pk__in=points):
        point, furthest = (min(number, last_aired.get(series.pk, 0)) for number in points[series.pk])
        own = held.get(series.pk)
        move = Move(series, own.seen_through if own else None, point)
        if own is None:
            arrival.first.append(move)
        elif point > own.seen_through:
            (arrival.declined if own.is_rewatching else arrival.overwritten).append(move)
        if own is None or furthest > own.furthest or move in arrival.overwritten:
            Progress.objects.reach(member, series, 0 if move in arrival.declined else point, furthest)
    return arrival
