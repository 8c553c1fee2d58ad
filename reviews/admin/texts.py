"""The pages of reviews and comments: lists, and one text where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from reviews.admin.act import Act, is_own
from reviews.admin.acts import Approve, Fold, Hide, Keep, Lock, Raise, Rescope, Restore, Unfold, Unlock
from reviews.admin.desk import ActingAdmin, Entry, bulk, moderator_of
from reviews.admin.filters import BeyondFilter, StarsFilter, StateFilter, state_of
from reviews.admin.reading import BEYOND, OPEN_ALL, Deed, Reading, Words
from reviews.admin.record import Record
from reviews.models import Case, Comment, ModerationAction, Review, Revision, Text
from reviews.models.review import PROMPTS
from reviews.templatetags.ratings import in_stars

NEIGHBOURS = 20  # comments shown before, and after, the one in question


@dataclass(frozen=True)
class Earlier:
    revision: Revision
    words: Words


@dataclass(frozen=True)
class Context:
    """What a moderator should know before judging a text."""

    text: Text
    words: Words
    review: Entry | None
    thread: list[Entry]
    acts: list[Deed]
    earlier: list[Earlier]
    cases: list[Case]
    record: Record
    can_do: list[tuple[Promise, str]]
    is_own: bool  # somebody else decides about it
    opens_all: bool
    all_url: str
    author_url: str  # empty for who may not see members

    @property
    def state(self) -> Promise:
        return state_of(self.text)

    @property
    def has_stubs(self) -> bool:
        around = [*self.thread, *([self.review] if self.review else [])]
        shown = [self.words, *(entry.words for entry in around), *(one.words for one in self.earlier)]
        return any(words.waits for words in shown if words is not None)

    @property
    def by_author_url(self) -> str:
        changelist = reverse(f"admin:reviews_{self.text._meta.model_name}_changelist")
        return f"{changelist}?{urlencode({'author__id__exact': self.text.author_id})}"


class TextAdmin(ActingAdmin):
    """Read, find, act with a reason. The words are their author's: no form here can change or delete them.

    What lies beyond a moderator's own point is a stub here as well, and nobody finds it by searching for its words.
    """

    change_form_template = "admin/reviews/text.html"
    change_list_template = "admin/reviews/texts.html"
    fields = ("author",)  # the template shows the text; no form is drawn
    ordering = ("-pk",)
    actions = tuple(bulk(act) for act in (Keep(), Hide(), Restore(), Approve(), Raise(), Lock(), Unlock()))
    acts: ClassVar[tuple[Act, ...]] = (Keep(), Approve(), Hide(), Restore(), Rescope(), Lock(), Unlock())
    askable = frozenset({"author", "series", "spoils_through", *("state", "stars", "beyond")})
    search_fields: ClassVar[tuple[str, ...]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.readable(super().get_queryset(request), Reading(request))

    def readable(self, texts: QuerySet[Any], reading: Reading) -> QuerySet[Any]:
        texts = reading.of(texts).select_related("author", "series", "episode__series")
        if texts.model is Comment:
            # Its name is that of its review; what it answers tells how low its scope may be.
            texts = texts.select_related("review__author", "review__series", "review__episode__series", "parent")
        return texts

    # Who may

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm(f"reviews.moderate_{self.opts.model_name}")

    # Lists

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A search among words leaves out those that wait, and says so."""
        answer = super().changelist_view(request, extra_context)
        context = getattr(answer, "context_data", None) or {}
        shown = context.get("cl")
        if shown and shown.query and shown.root_queryset.filter(sent_html=None).exists():
            context["search_all_url"] = shown.get_query_string({BEYOND: OPEN_ALL}, remove=["p"])
        return answer

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """The columns with words need to know how this request reads."""
        reading = Reading(request)

        @admin.display(description=_("text"))
        def first_words(text: Any) -> str:
            return Truncator(reading.words(text).opening).chars(80) or "–"

        @admin.display(description=_("waits"), empty_value="")
        def waits(text: Any) -> SafeString | None:
            words = reading.words(text)
            if words.waits is None:
                return None
            episode, url = words.waits
            after = _("after %(episode)s") % {"episode": episode}
            return format_html('{} · <a href="{}">{}</a>', after, url, _("Open"))

        return (first_words, *(() if reading.opens_all else (waits,)), *self.list_display)

    @admin.display(description=_("about"), ordering="series")
    def place(self, text: Any) -> str:
        return f"{text.series} · {text.episode.number}" if text.episode else str(text.series)

    @admin.display(description=_("state"))
    def state(self, text: Any) -> str:
        """What it was held for stands beside it, for whoever decides."""
        said = state_of(text)
        return (
            f"{said}: {text.get_held_for_display()}"
            if text.held_at and not (text.hidden_at or text.deleted_at)
            else str(said)
        )

    @admin.display(description=_("written"), ordering="pk")
    def written(self, text: Any) -> str:
        return date_format(localtime(text.created_at))

    @admin.display(description=_("spoils through"), ordering="spoils_through")
    def scope(self, text: Any) -> str:
        """A number alone says nothing once its column is gone, on a phone."""
        return format_html('<span class="in-block">{}</span> {}', _("spoils through"), text.spoils_through)

    # Reading in context

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["context"] = self.context_of(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def context_of(self, request: HttpRequest, text: Text, *, is_case: bool = False) -> Context:
        """`is_case`: for the page of its case, which needs no way to it."""
        reading = Reading(request)
        may_read_earlier = request.user.has_perm("reviews.view_revision")
        by = moderator_of(request)
        acts = self.acts if self.has_moderate_permission(request) else ()
        return Context(
            text=text,
            words=reading.words(text),
            review=self.review_of(text, reading),
            thread=[Entry(other, reading.words(other)) for other in self.thread_of(text, reading)],
            acts=reading.deeds(ModerationAction.objects.about(text)),  # type: ignore[arg-type] # a review or a comment
            earlier=[Earlier(*one) for one in reading.earlier(text)] if may_read_earlier else [],
            cases=list(text.cases.all()) if request.user.has_perm("reviews.view_case") and not is_case else [],  # type: ignore[attr-defined]
            record=Record.of(text.author),
            can_do=[
                (act.title_for(text), self.act_url(act, text))
                for act in acts
                if act.may(by, text) and act.awaits(text)
            ],
            is_own=is_own(text, by),
            opens_all=reading.opens_all,
            all_url=reading.url_of_all(),
            author_url=reverse("admin:accounts_user_change", args=[text.author_id])
            if request.user.has_perm("accounts.view_user")
            else "",
        )

    def review_of(self, text: Any, reading: Reading) -> Entry | None:
        return None

    def thread_of(self, text: Any, reading: Reading) -> list[Any]:
        """The comments that stand around it; each kind of text knows its own."""
        raise NotImplementedError


class ReviewAdmin(TextAdmin):
    in_case = "review"
    list_display = ("author__username", "place", "rating", "scope", "state", "written")
    list_filter = (StateFilter, BeyondFilter, "series", "spoils_through", StarsFilter)
    search_fields = (
        "author__username",
        "author__display_name",
        *(f"sent_{name}" for name in ("headline", "body", "folded_headline", *PROMPTS)),
    )
    acts = (*TextAdmin.acts, Fold(), Unfold())

    @admin.display(description=_("stars"), ordering="stars", empty_value="–")
    def rating(self, text: Review) -> str:
        return in_stars(text.stars)

    def thread_of(self, text: Review, reading: Reading) -> list[Comment]:
        return list(self.readable(text.comments.all(), reading)[: 2 * NEIGHBOURS])


class CommentAdmin(TextAdmin):
    in_case = "comment"
    list_display = ("author__username", "place", "sort_of", "scope", "state", "written")
    list_filter = (StateFilter, BeyondFilter, "series", "spoils_through")
    search_fields = ("author__username", "author__display_name", "sent_body", "sent_song_name")

    @admin.display(description=_("kind"), empty_value="–")
    def sort_of(self, text: Comment) -> str | None:
        """A stub does not tell its kind, and no list is narrowed or sorted by it: "a song" says something of it."""
        return text.get_kind_display() if text.is_open else None

    def review_of(self, text: Comment, reading: Reading) -> Entry | None:
        if text.review_id is None:
            return None
        review = self.readable(Review.objects.all(), reading).get(pk=text.review_id)
        return Entry(review, reading.words(review))

    def thread_of(self, text: Comment, reading: Reading) -> list[Comment]:
        """What was said around it: under its review, else in its own thread."""
        top = text.root_id or text.pk
        around = Q(review=text.review_id) if text.review_id else Q(pk=top) | Q(root=top)
        thread = self.readable(Comment.objects.filter(around), reading)
        before = list(thread.filter(pk__lt=text.pk).order_by("-pk")[:NEIGHBOURS])
        after = list(thread.filter(pk__gt=text.pk).order_by("pk")[:NEIGHBOURS])
        return [*reversed(before), text, *after]
