"""Moderation: find a text, read it where it stands, hide or restore it with a reason. Nobody edits or deletes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reviews.models import LIVE, Comment, ModerationAction, Review, Revision, Text
from reviews.models.review import PROMPTS
from reviews.templatetags.ratings import in_stars
from soundtrack_site.forms import WrittenField, posted

MOST_AT_ONCE = 100  # texts in one bulk act
NEIGHBOURS = 20  # comments shown before, and after, the one in question
RECENT_DAYS = 30

STATES: dict[str, tuple[Promise, Q]] = {
    "live": (_("live"), LIVE),
    "hidden": (_("hidden"), Q(hidden_at__isnull=False, deleted_at=None)),
    "held": (_("held"), Q(held_at__isnull=False, hidden_at=None, deleted_at=None)),
    "deleted": (_("deleted by its author"), Q(deleted_at__isnull=False)),
}


def state_of(text: Text) -> Promise:
    """The same in Python, for a row that is here already."""
    stamps = {"deleted": text.deleted_at, "hidden": text.hidden_at, "held": text.held_at}
    return STATES[next((name for name, stamp in stamps.items() if stamp), "live")][0]


def awaits(text: Text, verb: str) -> bool:
    """Whether that verb would change anything. What its author deleted has no words left to act upon."""
    return text.deleted_at is None and (text.hidden_at is None) == (verb == "hide")


def admin_url(text: Text) -> str:
    return reverse(f"admin:reviews_{text._meta.model_name}_change", args=[text.pk])


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(label)) for name, (label, _rule) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = STATES.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class StarsFilter(admin.SimpleListFilter):
    """Half stars are how they are stored; people read 3½."""

    title = _("stars")
    parameter_name = "stars"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(halves), in_stars(halves)) for halves in range(1, 11)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        return queryset.filter(stars=chosen) if chosen in dict(self.lookup_choices) else queryset


class ReasonForm(forms.Form):
    reason = WrittenField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_("It stays in the log for good. Say what was wrong, without repeating it."),
        error_messages={"required": _("Say why: the author will want to know.")},
    )


@dataclass(frozen=True)
class Entry:
    """One text of a thread, as the page of another shows it."""

    text: Text

    @property
    def state(self) -> Promise:
        return state_of(self.text)

    @property
    def url(self) -> str:
        return admin_url(self.text)


@dataclass(frozen=True)
class Context:
    """What a moderator should know before judging a text."""

    text: Text
    review: Entry | None
    thread: list[Entry]
    acts: list[ModerationAction]
    revisions: list[Revision]
    recent_count: int
    hidden_count: int
    recent_days: int = RECENT_DAYS

    @property
    def state(self) -> Promise:
        return state_of(self.text)

    @property
    def can_hide(self) -> bool:
        return awaits(self.text, "hide")

    @property
    def can_restore(self) -> bool:
        return awaits(self.text, "restore")

    @property
    def by_author_url(self) -> str:
        changelist = reverse(f"admin:reviews_{self.text._meta.model_name}_changelist")
        return f"{changelist}?{urlencode({'author__id__exact': self.text.author_id})}"


class TextAdmin(admin.ModelAdmin):
    """Read, find, hide, restore. The words are their author's: no form here can change or delete them."""

    change_form_template = "admin/reviews/text.html"
    fields = ("author",)  # the template shows the text; no form is drawn
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    actions = ("hide_selected", "restore_selected")
    search_fields: ClassVar[tuple[str, ...]] = ("author__username", "author__display_name", "body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.readable(super().get_queryset(request))

    def readable(self, texts: QuerySet[Any]) -> QuerySet[Any]:
        """The only place that lets members' words into the admin."""
        texts = texts.with_words().select_related("author", "series", "episode__series")  # type: ignore[attr-defined] # each text has its own queryset
        if texts.model is Comment:
            # Its name is that of its review.
            related = ("review__author", "review__series", "review__episode__series")
            texts = texts.select_related(*related)
        return texts

    # Who may

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm(f"reviews.moderate_{self.opts.model_name}")

    # Columns

    @admin.display(description=_("text"))
    def first_words(self, text: Any) -> str:
        said = [getattr(text, "headline", ""), text.body, *(words for _label, words in text.besides)]
        return Truncator(next(filter(None, said), "")).chars(80) or "–"

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
        text: Text = context["original"]
        context["context"] = self.context_of(request, text)
        context["can_moderate"] = self.has_moderate_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def context_of(self, request: HttpRequest, text: Text) -> Context:
        since = timezone.now() - timedelta(days=RECENT_DAYS)
        theirs = [model._default_manager.filter(author=text.author_id) for model in (Review, Comment)]
        may_read_revisions = request.user.has_perm("reviews.view_revision")
        return Context(
            text=text,
            review=self.review_of(text),
            thread=[Entry(other) for other in self.thread_of(text)],
            acts=list(text.moderation_actions.select_related("actor")),  # type: ignore[attr-defined] # both texts have it
            revisions=list(text.revisions.all()) if may_read_revisions else [],  # type: ignore[attr-defined]
            recent_count=sum(texts.filter(created_at__gt=since).count() for texts in theirs),
            hidden_count=sum(texts.filter(hidden_at__isnull=False).count() for texts in theirs),
        )

    def review_of(self, text: Any) -> Entry | None:
        return None

    def thread_of(self, text: Any) -> list[Any]:
        """The comments that stand around it; each kind of text knows its own."""
        raise NotImplementedError

    # Acting

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/hide/", view(self.hide_view), name=f"{name}_hide"),
            path("<int:object_id>/restore/", view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def hide_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.moderate_one(request, object_id, "hide")

    def restore_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self.moderate_one(request, object_id, "restore")

    def moderate_one(self, request: HttpRequest, object_id: int, verb: str) -> HttpResponse:
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        text = self.get_object(request, str(object_id))
        if text is None:
            self.message_user(request, _("There is no such text."), messages.WARNING)
            return HttpResponseRedirect(reverse(f"admin:reviews_{self.opts.model_name}_changelist"))
        if not awaits(text, verb):
            self.report(request, verb, 0)
            return HttpResponseRedirect(admin_url(text))
        form = ReasonForm(posted(request))
        if form.is_valid():
            self.act(request, verb, [text], form.cleaned_data["reason"])
            return HttpResponseRedirect(admin_url(text))
        return self.ask_reason(request, verb, [text], form, back=admin_url(text))

    @admin.action(description=_("Hide the selected, with a reason"), permissions=["moderate"])
    def hide_selected(self, request: HttpRequest, texts: QuerySet[Any]) -> HttpResponse | None:
        return self.moderate_selected(request, texts, "hide")

    @admin.action(description=_("Restore the selected, with a reason"), permissions=["moderate"])
    def restore_selected(self, request: HttpRequest, texts: QuerySet[Any]) -> HttpResponse | None:
        return self.moderate_selected(request, texts, "restore")

    def moderate_selected(self, request: HttpRequest, texts: QuerySet[Any], verb: str) -> HttpResponse | None:
        """The list sends the selection here, and so does the page that asked for the reason."""
        chosen = list(texts[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            too_many = _("At most %(most)d at a time.") % {"most": MOST_AT_ONCE}
            self.message_user(request, too_many, messages.ERROR)
            return None
        chosen = [text for text in chosen if awaits(text, verb)]
        if not chosen:
            self.report(request, verb, 0)
            return None
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            self.act(request, verb, chosen, form.cleaned_data["reason"])
            return None
        back = request.get_full_path()
        return self.ask_reason(request, verb, chosen, form, back=back, action=f"{verb}_selected")

    def act(self, request: HttpRequest, verb: str, texts: list[Any], reason: str) -> None:
        """Each text by its own verb, in its own transaction."""
        for text in texts:
            (text.hide if verb == "hide" else text.restore)(request.user, reason)
        self.report(request, verb, len(texts))

    def report(self, request: HttpRequest, verb: str, done: int) -> None:
        if not done:
            self.message_user(request, _("Nothing was left to do."), messages.INFO)
        elif verb == "hide":
            self.message_user(request, ngettext("%d text hidden.", "%d texts hidden.", done) % done, messages.SUCCESS)
        else:
            said = ngettext("%d text restored.", "%d texts restored.", done) % done
            self.message_user(request, said, messages.SUCCESS)

    def ask_reason(
        self,
        request: HttpRequest,
        verb: str,
        texts: list[Any],
        form: ReasonForm,
        back: str,
        action: str | None = None,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Hide") if verb == "hide" else _("Restore"),
            "opts": self.opts,
            "verb": verb,
            "texts": texts,
            "form": form,
            "back": back,
            "action": action,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/reviews/moderate.html", context, status=status)


@admin.register(Review)
class ReviewAdmin(TextAdmin):
    list_display = ("first_words", "author__username", "place", "rating", "spoils_through", "state", "written")
    list_filter = (StateFilter, "series", "spoils_through", StarsFilter)
    search_fields = ("author__username", "author__display_name", "headline", "body", *PROMPTS)

    @admin.display(description=_("stars"), ordering="stars", empty_value="–")
    def rating(self, text: Review) -> str:
        return in_stars(text.stars)

    def thread_of(self, text: Review) -> list[Comment]:
        return list(self.readable(text.comments.all())[: 2 * NEIGHBOURS])


@admin.register(Comment)
class CommentAdmin(TextAdmin):
    search_fields = ("author__username", "author__display_name", "body", "song_name")
    list_display = ("first_words", "author__username", "place", "kind", "spoils_through", "state", "written")
    list_filter = (StateFilter, "series", "spoils_through", "kind")

    def review_of(self, text: Comment) -> Entry | None:
        if text.review_id is None:
            return None
        return Entry(self.readable(Review.objects.all()).get(pk=text.review_id))

    def thread_of(self, text: Comment) -> list[Comment]:
        """What was said around it: under its review, else in its own thread."""
        top = text.root_id or text.pk
        around = Q(review=text.review_id) if text.review_id else Q(pk=top) | Q(root=top)
        thread = self.readable(Comment.objects.filter(around))
        before = list(thread.filter(pk__lt=text.pk).order_by("-pk")[:NEIGHBOURS])
        after = list(thread.filter(pk__gt=text.pk).order_by("pk")[:NEIGHBOURS])
        return [*reversed(before), text, *after]


@admin.register(ModerationAction)
class ModerationActionAdmin(admin.ModelAdmin):
    """The log, to be read. Its rows can be neither added, changed nor deleted here."""

    list_display = ("created_at", "verb", "actor", "text", "reason")
    list_display_links = ("created_at",)
    list_filter = ("verb", ("actor", admin.RelatedOnlyFieldListFilter))
    search_fields = ("reason", "actor__username")
    list_select_related = ("actor",)
    date_hierarchy = "created_at"
    fields = ("created_at", "verb", "actor", "text", "reason")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("text"))
    def text(self, act: Any) -> str:
        kind, key = ("review", act.review_id) if act.review_id else ("comment", act.comment_id)
        label = _("Review %d") % key if kind == "review" else _("Comment %d") % key
        return format_html('<a href="{}">{}</a>', reverse(f"admin:reviews_{kind}_change", args=[key]), label)
