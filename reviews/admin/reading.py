"""What a moderator is sent: the boundary holds for them too, and they may open what lies beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from episodes.viewer import MOST_REVEALED, Viewer
from reviews.models import Revision, Text
from reviews.models.revision import BESIDES, besides
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

    @property
    def opening(self) -> str:
        """The first of what may be read, on one line of a list; the length where that is nothing."""
        said = [self.headline, self.body, *(words for _label, words in self.besides)]
        return next(filter(None, said), "" if self.is_open else self.length)


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
        return texts.for_moderator(self.viewer, self.opens_all)  # type: ignore[attr-defined, no-any-return] # each text has its own queryset

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
        furthest = text.stands_at()
        for revision in Revision.objects.of(text).for_moderator(self.viewer, text, furthest, self.opens_all):
            furthest = max(furthest, revision.spoils_through)
            yield revision, self.earlier_words(text, revision, furthest)

    def words(self, text: Any) -> Words:
        """Of a text that came through `of`; it needs its series."""
        name = text.reveal_name
        return Words(
            headline=getattr(text, "headline", ""),
            html=text.sent_html or "",
            body=text.sent_body or "",
            besides=besides({name: getattr(text, f"sent_{name}", None) for name in BESIDES}),
            is_open=text.is_open,
            length=roughly(text.word_count),
            after=text.series.words.numbered(text.spoils_through),
            open_url=self.url_opening(name, text),
            close_url=self.url_closing(name) if text.is_revealed else "",
        )

    def earlier_words(self, text: Text, revision: Any, furthest: int) -> Words:
        name = f"revision-{revision.pk}"
        return Words(
            headline=revision.sent_headline or "",
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

    def url_opening(self, name: str, text: Text | None) -> str:
        """Where this text stands open: here, beside what is open already, or on its own page.

        None for what is shown on one page only.
        """
        query = self.request.GET.copy() if self.is_of_one else QueryDict(mutable=True)
        query.setlist("reveal", [*query.getlist("reveal"), name][-MOST_REVEALED:])
        here = self.request.path if self.is_of_one or text is None else self.page or text.get_admin_url()
        return f"{here}?{query.urlencode()}#{name}"

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
