"""What a moderator is sent: the boundary holds for them too, and they may open what lies beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from episodes.boundary import sent, within_reach
from episodes.viewer import MOST_REVEALED, Viewer
from reviews.models import ModerationAction, Report, Review, Revision, Text
from reviews.models.revision import BESIDES, besides
from reviews.public_log import measured
from reviews.templatetags.ratings import roughly

BEYOND = "beyond"  # the parameter that says what becomes of texts beyond the moderator's point
OPEN_ALL = "open"


@dataclass(frozen=True)
class Words:
    """What one text says, or what stands in its place: its length, and after which episode it waits."""

    headline: str
    html: str
    body: str
    besides: list[tuple[Promise | str, str]]
    is_open: bool
    length: str = ""
    after: str = ""
    open_url: str = ""
    close_url: str = ""  # only where it was opened for this one request
    headline_after: str = ""  # of a headline that waits by itself
    headline_url: str = ""

    @property
    def waits(self) -> tuple[str, str] | None:
        """After which episode, and where it is opened: the text, or its headline alone."""
        if not self.is_open:
            return self.after, self.open_url
        return (self.headline_after, self.headline_url) if self.headline_url else None

    @property
    def opening(self) -> str:
        """The first of what may be read, on one line of a list; the length where that is nothing."""
        said = [self.headline, self.body, *(words for _label, words in self.besides)]
        return next(filter(None, said), "" if self.is_open else self.length)


@dataclass(frozen=True)
class Deed:
    """What a moderator did, and why, as far as that may be read."""

    act: ModerationAction
    words: Words


def measured_headlines(reviews: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `headline_scope`: how far a headline gives something away, in the eyes of whoever reported it as a spoiler.

    Who did not say how far may have meant all that they know. 0 where nobody did, or where somebody has decided.
    """
    told = Report.objects.waiting().filter(
        case__review=OuterRef("pk"), case__is_headline=True, reason=Report.Reason.SPOILER
    )
    meant = Max(Coalesce("spoils_through", "text_scope"))
    furthest = told.order_by().values("case").annotate(last=meant).values("last")
    rows: QuerySet[Any] = reviews.annotate(headline_scope=Coalesce(Subquery(furthest), 0))
    return rows


@dataclass(frozen=True)
class Reading:
    """How this request reads: who asks, and what they asked to be opened for once.

    `page`: where what a list shows is opened, if not on the page of the text.
    """

    request: HttpRequest
    page: str = ""

    @property
    def viewer(self) -> Viewer:
        return self.request.viewer  # type: ignore[attr-defined, no-any-return] # see ViewerRequest

    @property
    def opens_all(self) -> bool:
        return self.request.GET.get(BEYOND) == OPEN_ALL

    def of(self, texts: QuerySet[Any]) -> QuerySet[Any]:
        """The only place that lets members' words into the admin."""
        rows: QuerySet[Any] = texts.for_moderator(self.viewer, self.opens_all)  # type: ignore[attr-defined] # each text has its own queryset
        return self.headed(rows) if rows.model is Review else rows

    def headed(self, reviews: QuerySet[Any]) -> QuerySet[Any]:
        """Adds `headline_scope`, and `sent_headline`: one that was reported as a spoiler waits until it is decided."""
        asked = self.asked("headline") | Q(pk__in=self.viewer.revealed("review"))
        readable = within_reach(self.viewer, "headline_scope") | Q(author=self.viewer.member_id)
        rows: QuerySet[Any] = measured_headlines(reviews).annotate(sent_headline=sent("headline", readable | asked))
        return rows

    def acts(self, acts: QuerySet[Any]) -> QuerySet[Any]:
        """Of the log: adds `sent_reason`. About a text it waits as in the public log, whoever wrote it."""
        readable = Q(series_key=None) | within_reach(self.viewer, "furthest", path="series_key")
        rows = measured(acts).annotate(sent_reason=sent("reason", readable | self.asked("moderationaction")))
        return rows.select_related("actor", "rule", "undoes", "review__series", "comment__series")

    def asked(self, kind: str) -> Q:
        return Q(pk__isnull=False) if self.opens_all else Q(pk__in=self.viewer.revealed(kind))

    def deeds(self, acts: QuerySet[Any], most: int | None = None) -> list[Deed]:
        """What moderators did, newest first. One query."""
        return [Deed(act, self.reason(act)) for act in self.acts(acts)[:most]]

    def reason(self, act: Any, page: str = "") -> Words:
        """Of an act that came through `acts`. `page`: where a list opens it."""
        text = act.review or act.comment
        after = text.series.words.numbered(act.furthest) if text is not None else ""
        name = f"moderationaction-{act.pk}"
        url = self.url_opening(name, None, page)
        return Words("", "", act.sent_reason or "", [], act.sent_reason is not None, "", after, url)

    def note(self, report: Any) -> Words:
        """Of a report that came through `of`; it needs its series."""
        return self.said(report, report.sent_note)

    def appeal(self, appeal: Any) -> Words:
        """Of an appeal that came through `of`."""
        return self.said(appeal, appeal.sent_body)

    def said(self, row: Any, words: str | None) -> Words:
        """What a member told moderators: it waits as long as the text that it is about."""
        name = f"{row._meta.model_name}-{row.pk}"
        after = row.series.words.numbered(row.text_scope) if row.series is not None else ""
        return Words("", "", words or "", [], words is not None, "", after, self.url_opening(name, None))

    def earlier(self, text: Text) -> Iterator[tuple[Revision, Words]]:
        """What it said before, newest first, each as long as it waits. At most three queries."""
        furthest = max(text.stands_at(), text.suspected_scope)  # type: ignore[attr-defined] # of `suspected`
        for revision in Revision.objects.of(text).for_moderator(self.viewer, text, furthest, self.opens_all):
            furthest = max(furthest, revision.spoils_through)
            yield revision, self.earlier_words(text, revision, furthest)

    def words(self, text: Any) -> Words:
        """Of a text that came through `of`; it needs its series."""
        name, headline = text.reveal_name, getattr(text, "sent_headline", "")
        numbered = text.series.words.numbered
        return Words(
            headline=headline or "",
            html=text.sent_html or "",
            body=text.sent_body or "",
            besides=besides({name: getattr(text, f"sent_{name}", None) for name in BESIDES}),
            is_open=text.is_open,
            length=roughly(text.word_count),
            after=numbered(text.suspected_scope),
            open_url=self.url_opening(name, text),
            close_url=self.url_closing(name) if text.is_revealed else "",
            headline_after=numbered(text.headline_scope) if headline is None else "",
            headline_url=self.url_opening(f"headline-{text.pk}", text, at=name) if headline is None else "",
        )

    def earlier_words(self, text: Text, revision: Any, furthest: int) -> Words:
        """A line that waits above the text waits here as well."""
        name = f"revision-{revision.pk}"
        is_line_open = revision.is_revealed or getattr(text, "sent_headline", "") is not None
        return Words(
            headline=(revision.sent_headline or "") if is_line_open else "",
            html="",
            body=revision.sent_body or "",
            besides=besides(revision.sent_more or {}),
            is_open=revision.is_open,
            after=text.series.words.numbered(furthest),
            open_url=self.url_opening(name, text),
            close_url=self.url_closing(name) if revision.is_revealed else "",
        )

    @property
    def is_of_one(self) -> bool:
        """This is the page of one text, which can show itself once more; a list cannot, nor what was posted."""
        match = self.request.resolver_match
        return self.request.method in ("GET", "HEAD") and match is not None and "object_id" in match.kwargs

    def url_opening(self, name: str, text: Text | None, page: str = "", at: str = "") -> str:
        """Where this text stands open: here, beside what is open already, or on its own page.

        None for what is shown on one page only, or on `page`. `at`: what to look at there, if not what is opened.
        """
        query = self.request.GET.copy() if self.is_of_one else QueryDict(mutable=True)
        query.setlist("reveal", [*query.getlist("reveal"), name][-MOST_REVEALED:])
        elsewhere = page or self.page or (text.get_admin_url() if text is not None else self.request.path)
        here = self.request.path if self.is_of_one else elsewhere
        return f"{here}?{query.urlencode()}#{at or name}"

    def url_closing(self, name: str) -> str:
        query = self.request.GET.copy()
        query.setlist("reveal", [other for other in query.getlist("reveal") if other != name])
        return f"{self.request.path}?{query.urlencode()}#{name}"

    def url_of_all(self) -> str:
        """The same page with everything open, or with nothing open any more."""
        query = self.request.GET.copy()
        query.pop("reveal", None)
        query.pop(BEYOND, None)
        if not self.opens_all:
            query[BEYOND] = OPEN_ALL
        return f"{self.request.path}?{query.urlencode()}"
