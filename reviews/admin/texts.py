"""The pages of reviews and comments: lists, one text where it stands, and the pages that ask why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reviews.admin.acts import Act, Fold, Hide, Raise, ReasonForm, Rescope, Restore, Unfold
from reviews.admin.filters import BeyondFilter, StarsFilter, StateFilter, state_of
from reviews.admin.reading import BEYOND, OPEN_ALL, Reading, Words
from reviews.models import Comment, ModerationAction, Review, Revision, Text
from reviews.models.review import PROMPTS
from reviews.templatetags.ratings import in_stars
from soundtrack_site.forms import errors_on, posted

MOST_AT_ONCE = 100  # texts in one bulk act
NEIGHBOURS = 20  # comments shown before, and after, the one in question
RECENT_DAYS = 30
# Columns that a list may be asked about in its address, besides what its filters are called.
ASKABLE = {"author", "series", "spoils_through", *("state", "stars", "beyond")}


def moderator_of(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value] # the admin lets no stranger in


@dataclass(frozen=True)
class Entry:
    """One text of a thread, as the page of another shows it."""

    text: Text
    words: Words

    @property
    def state(self) -> Promise:
        return state_of(self.text)

    @property
    def url(self) -> str:
        return self.text.get_admin_url()


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
    acts: list[ModerationAction]
    earlier: list[Earlier]
    recent_count: int
    hidden_count: int
    can_do: list[tuple[Promise, str]]
    opens_all: bool
    all_url: str
    recent_days: int = RECENT_DAYS

    @property
    def state(self) -> Promise:
        return state_of(self.text)

    @property
    def has_stubs(self) -> bool:
        around = [*self.thread, *([self.review] if self.review else [])]
        shown = [self.words, *(entry.words for entry in around), *(one.words for one in self.earlier)]
        return not all(words.is_open for words in shown)

    @property
    def by_author_url(self) -> str:
        changelist = reverse(f"admin:reviews_{self.text._meta.model_name}_changelist")
        return f"{changelist}?{urlencode({'author__id__exact': self.text.author_id})}"


class TextAdmin(admin.ModelAdmin):
    """Read, find, act with a reason. The words are their author's: no form here can change or delete them.

    What lies beyond a moderator's own point is a stub here as well, and nobody finds it by searching for its words.
    """

    change_form_template = "admin/reviews/text.html"
    change_list_template = "admin/reviews/texts.html"
    fields = ("author",)  # the template shows the text; no form is drawn
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    actions = ("hide_selected", "restore_selected", "raise_selected")
    acts: ClassVar[tuple[Act, ...]] = (Hide(), Restore(), Rescope())
    search_fields: ClassVar[tuple[str, ...]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.readable(super().get_queryset(request), Reading(request))

    def readable(self, texts: QuerySet[Any], reading: Reading) -> QuerySet[Any]:
        texts = reading.of(texts).select_related("author", "series", "episode__series")
        if texts.model is Comment:
            # Its name is that of its review; what it answers tells how low its scope may be.
            texts = texts.select_related("review__author", "review__series", "review__episode__series", "parent")
        return texts

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """Whatever else an address asks about could be the words."""
        return lookup.split("__")[0] in ASKABLE and super().lookup_allowed(lookup, value, request)

    # Who may

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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

        @admin.display(description=_("waits"), empty_value="–")
        def waits(text: Any) -> SafeString | None:
            words = reading.words(text)
            if words.is_open:
                return None
            after = _("after %(episode)s") % {"episode": words.after}
            return format_html('{} · <a href="{}">{}</a>', after, words.open_url, _("Open"))

        return (first_words, *(() if reading.opens_all else (waits,)), *self.list_display)

    @admin.display(description=_("about"), ordering="series")
    def place(self, text: Any) -> str:
        return f"{text.series} · {text.episode.number}" if text.episode else str(text.series)

    @admin.display(description=_("state"))
    def state(self, text: Any) -> Promise:
        return state_of(text)

    @admin.display(description=_("written"), ordering="pk")
    def written(self, text: Any) -> Any:
        return text.created_at

    # Reading in context

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["context"] = self.context_of(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def context_of(self, request: HttpRequest, text: Text) -> Context:
        since = timezone.now() - timedelta(days=RECENT_DAYS)
        reading = Reading(request)
        theirs = [model._default_manager.filter(author=text.author_id) for model in (Review, Comment)]
        may_read_earlier = request.user.has_perm("reviews.view_revision")
        may_act = self.has_moderate_permission(request)
        return Context(
            text=text,
            words=reading.words(text),
            review=self.review_of(text, reading),
            thread=[Entry(other, reading.words(other)) for other in self.thread_of(text, reading)],
            acts=list(text.moderation_actions.select_related("actor")),  # type: ignore[attr-defined] # both texts have it
            earlier=[Earlier(*one) for one in reading.earlier(text)] if may_read_earlier else [],
            recent_count=sum(texts.filter(created_at__gt=since).count() for texts in theirs),
            hidden_count=sum(texts.filter(hidden_at__isnull=False).count() for texts in theirs),
            can_do=[(act.title, self.act_url(act, text)) for act in self.acts if may_act and act.awaits(text)],
            opens_all=reading.opens_all,
            all_url=reading.url_of_all(),
        )

    def review_of(self, text: Any, reading: Reading) -> Entry | None:
        return None

    def thread_of(self, text: Any, reading: Reading) -> list[Any]:
        """The comments that stand around it; each kind of text knows its own."""
        raise NotImplementedError

    # Acting

    def act_url(self, act: Act, text: Text) -> str:
        return reverse(f"admin:reviews_{self.opts.model_name}_{act.name}", args=[text.pk])

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        ways = [
            path(
                f"<int:object_id>/{act.name}/",
                self.admin_site.admin_view(partial(self.moderate_one, act=act)),
                name=f"{name}_{act.name}",
            )
            for act in self.acts
        ]
        return [*ways, *super().get_urls()]

    def moderate_one(self, request: HttpRequest, object_id: int, act: Act) -> HttpResponse:
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        text = self.get_object(request, str(object_id))
        if text is None:
            self.message_user(request, _("There is no such text."), messages.WARNING)
            return HttpResponseRedirect(reverse(f"admin:reviews_{self.opts.model_name}_changelist"))
        if not act.awaits(text):
            self.report(request, act, 0)
            return HttpResponseRedirect(text.get_admin_url())
        form = act.form(posted(request), request.viewer, [text])  # type: ignore[attr-defined] # see ViewerRequest
        if form.is_valid():
            with errors_on(form):
                self.report(request, act, int(act.do(text, moderator_of(request), form.cleaned_data)))
                return HttpResponseRedirect(text.get_admin_url())
            text = self.get_object(request, str(object_id))
            form.look_at(text)
        return self.ask_reason(request, act, [text], form, back=text.get_admin_url())

    @admin.action(description=_("Hide the selected, with a reason"), permissions=["moderate"])
    def hide_selected(self, request: HttpRequest, texts: QuerySet[Any]) -> HttpResponse | None:
        return self.moderate_selected(request, texts, Hide())

    @admin.action(description=_("Restore the selected, with a reason"), permissions=["moderate"])
    def restore_selected(self, request: HttpRequest, texts: QuerySet[Any]) -> HttpResponse | None:
        return self.moderate_selected(request, texts, Restore())

    @admin.action(description=_("Raise the scope of the selected, with a reason"), permissions=["moderate"])
    def raise_selected(self, request: HttpRequest, texts: QuerySet[Any]) -> HttpResponse | None:
        if len(set(texts.order_by().values_list("series", flat=True).distinct()[:2])) > 1:
            self.message_user(
                request, _("Choose texts of one series: a scope is counted in its episodes."), messages.ERROR
            )
            return None
        return self.moderate_selected(request, texts, Raise())

    def moderate_selected(self, request: HttpRequest, texts: QuerySet[Any], act: Act) -> HttpResponse | None:
        """The list sends the selection here, and so does the page that asked for the reason."""
        chosen = list(texts[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            too_many = _("At most %(most)d at a time.") % {"most": MOST_AT_ONCE}
            self.message_user(request, too_many, messages.ERROR)
            return None
        chosen = [text for text in chosen if act.awaits(text)]
        if not chosen:
            self.report(request, act, 0)
            return None
        data = request.POST if "confirmed" in request.POST else None
        form = act.form(data, request.viewer, chosen)  # type: ignore[attr-defined]
        if form.is_valid():
            self.act_on(request, act, chosen, form.cleaned_data)
            return None
        back = request.get_full_path()
        return self.ask_reason(request, act, chosen, form, back=back, action=f"{act.name}_selected")

    def act_on(self, request: HttpRequest, act: Act, texts: list[Any], values: dict[str, Any]) -> None:
        """Each text by its own verb, in its own transaction; one that is gone meanwhile keeps none back."""
        done = 0
        for text in texts:
            try:
                done += act.do(text, moderator_of(request), values)
            except ValidationError as refusal:
                self.message_user(request, f"{text}: {' '.join(refusal.messages)}", messages.WARNING)
        self.report(request, act, done)

    def report(self, request: HttpRequest, act: Act, done: int) -> None:
        if done:
            self.message_user(request, act.done % done, messages.SUCCESS)
        else:
            self.message_user(request, _("Nothing was left to do."), messages.INFO)

    def ask_reason(
        self,
        request: HttpRequest,
        act: Act,
        texts: list[Any],
        form: ReasonForm,
        back: str,
        action: str | None = None,
    ) -> HttpResponse:
        reading = Reading(request)
        context = {
            **self.admin_site.each_context(request),
            "title": act.title,
            "opts": self.opts,
            "act": act,
            "entries": [Entry(text, reading.words(text)) for text in texts],
            "form": form,
            "back": back,
            "action": action,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/reviews/moderate.html", context, status=status)


@admin.register(Review)
class ReviewAdmin(TextAdmin):
    list_display = ("author__username", "place", "rating", "spoils_through", "state", "written")
    list_filter = (StateFilter, BeyondFilter, "series", "spoils_through", StarsFilter)
    search_fields = (
        "author__username",
        "author__display_name",
        "headline",
        *(f"sent_{name}" for name in ("body", "folded_headline", *PROMPTS)),
    )
    acts = (*TextAdmin.acts, Fold(), Unfold())

    @admin.display(description=_("stars"), ordering="stars", empty_value="–")
    def rating(self, text: Review) -> str:
        return in_stars(text.stars)

    def thread_of(self, text: Review, reading: Reading) -> list[Comment]:
        return list(self.readable(text.comments.all(), reading)[: 2 * NEIGHBOURS])


@admin.register(Comment)
class CommentAdmin(TextAdmin):
    list_display = ("author__username", "place", "sort_of", "spoils_through", "state", "written")
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
