"""Which texts a reader may know of, and which words of them are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.apps import apps
from django.db.models import Case, Exists, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from episodes.boundary import beyond_reach, sent, within_reach
from episodes.models import Episode, Series
from soundtrack_site.withheld import WithholdingQuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from episodes.viewer import Viewer
    from reviews.models.text import Text

# Nobody hid it, nothing holds it, its author has not deleted it: it counts, and everybody may know of it.
LIVE = Q(hidden_at=None, held_at=None, deleted_at=None)

T = TypeVar("T", bound="Text")

Subject = Series | Episode


def place(subject: Subject) -> tuple[Series, Episode | None]:
    if isinstance(subject, Episode):
        return subject.series, subject
    return subject, None


class TextQuerySet(WithholdingQuerySet[T]):
    kind: ClassVar[str]  # what `?reveal=` calls these texts

    def about(self, subject: Subject) -> Self:
        series, episode = place(subject)
        return self.filter(series=series, episode=episode)

    def by(self, member: User) -> Self:
        return self.filter(author=member, deleted_at=None)

    def live(self) -> Self:
        return self.filter(LIVE)

    def with_subject(self) -> Self:
        return self.select_related("author", "series", "episode")

    def visible_to(self, viewer: Viewer) -> Self:
        """Rows this viewer may know of at all: live, their own, or a tombstone that holds up live replies.

        Which words of them are sent, `for_reader` decides.
        """
        return self.filter(LIVE | self._own(viewer) | Q(comment_count__gt=0))

    def open_to(self, viewer: Viewer, series: Series | None = None) -> Self:
        """Live rows that spoil no further than this viewer has seen. Lists of one series name it."""
        return self.live().filter(within_reach(viewer, "spoils_through", series))

    def open_threads(self, viewer: Viewer, series: Series) -> Self:
        """The same, and what is gone but still holds up live replies."""
        open_rows = LIVE & within_reach(viewer, "spoils_through", series)
        return self.filter(open_rows | (~LIVE & Q(comment_count__gt=0)))

    def waiting_for(self, viewer: Viewer, series: Series | None = None) -> Self:
        """Live rows that spoil further: stubs, but for the viewer's own and what they asked to be shown."""
        return self.live().filter(beyond_reach(viewer, "spoils_through", series))

    def same_seat(self, viewer: Viewer, series: Series) -> Self:
        """Texts whose authors had seen no further than this viewer has when they wrote them."""
        return self.filter(within_reach(viewer, "author_seen_through", series))

    def for_reader(self, viewer: Viewer, series: Series | None = None) -> Self:
        """Adds `sent_html`: the words, or null where this viewer gets a stub; and `is_felt`: whether they felt it.

        Words are sent when they spoil no further than the viewer has seen, when they are their own, or
        when this request asked for them: then alone `is_revealed`. Lists of one series name it, and compare with a
        literal. `written_before`: the first episode that the author had not seen then; None if they had seen all.
        """
        readable = rule = self._readable(viewer, series)
        is_revealed: Value | Case = Value(False)
        if revealed := viewer.revealed(self.kind):
            asked = LIVE & Q(pk__in=revealed)
            rule = readable | asked
            is_revealed = Case(When(readable, then=False), When(asked, then=True), default=False)
        return self.annotate(
            **{f"sent_{name}": sent(column, rule) for name, column in self.model.sent_words.items()},
            is_revealed=is_revealed,
            is_felt=self._felt_by(viewer),
            written_before=self._unseen_then(),
        ).select_related("author")

    def suspected(self) -> Self:
        """Adds `suspected_scope`: how far it spoils by its own word, or by that of a report that waits."""
        reports = apps.get_model("reviews", "Report")._default_manager.waiting().filter(case__is_headline=False)
        told = reports.filter(**{f"case__{self.kind}": OuterRef("pk")}).order_by().values("case")
        furthest = told.annotate(last=Max("spoils_through")).values("last")
        return self.annotate(suspected_scope=Greatest("spoils_through", Coalesce(Subquery(furthest), 0)))

    def for_moderator(self, viewer: Viewer, opens_all: bool = False) -> Self:
        """`for_reader` for the admin, whatever became of a text; also `sent_body`, its source, to be searched.

        Moderators have a point like anybody: beyond it, or where somebody says that a text goes beyond it, they get a
        stub. `opens_all`: this request asked for each.
        """
        readable = within_reach(viewer, "suspected_scope") | Q(author=viewer.member_id)
        asked = Q(pk__isnull=False) if opens_all else Q(pk__in=viewer.revealed(self.kind))
        columns = {"body": "body", **self.model.sent_words}
        return (
            self.suspected()
            .annotate(
                **{f"sent_{name}": sent(column, readable | asked) for name, column in columns.items()},
                is_revealed=Case(When(readable, then=False), When(asked, then=True), default=False),
            )
            .select_related("author")
        )

    @staticmethod
    def _unseen_then() -> Subquery:
        later = Episode.objects.filter(series=OuterRef("series"), number__gt=OuterRef("author_seen_through"))
        return Subquery(later.order_by("number").values("number")[:1])

    def _felt_by(self, viewer: Viewer) -> Exists | Value:
        if viewer.member_id is None:
            return Value(False)
        likes = apps.get_model("reviews", "Like")._default_manager
        return Exists(likes.filter(**{self.kind: OuterRef("pk")}, member=viewer.member_id))

    def _readable(self, viewer: Viewer, series: Series | None) -> Q:
        """What reports have folded is read by whoever asks for it."""
        return (LIVE & Q(folded_at=None) & within_reach(viewer, "spoils_through", series)) | self._own(viewer)

    def _own(self, viewer: Viewer) -> Q:
        if viewer.member_id is None:
            return Q(pk=None)
        return Q(author=viewer.member_id, deleted_at=None)
