"""The moderation log, for those who may read it: what was done, and the ways back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reviews.admin.act import ReasonForm
from reviews.admin.desk import MOST_AT_ONCE, DeskAdmin, case_or_page_of, may_decide, moderator_of, page_of
from reviews.admin.filters import BeyondFilter
from reviews.admin.reading import Reading
from reviews.models import Appeal, ModerationAction, Report
from reviews.models.undo import reverse as reverse_act
from reviews.models.undo import stands, undo
from soundtrack_site.forms import errors_on, posted

NOTHING = "–"


class ModerationActionAdmin(DeskAdmin):
    """Its rows can be neither added, changed nor deleted here. What they did can be reversed by another.

    A reason is sent as in the public log: about a text beyond the moderator's point it waits, and no search finds it.
    """

    change_form_template = "admin/reviews/action.html"
    list_display = ("created_at", "what", "actor", "text", "broken", "why")
    list_display_links = ("created_at",)
    list_filter = ("verb", ("actor", admin.RelatedOnlyFieldListFilter), BeyondFilter)
    search_fields = ("sent_reason", "actor__username")
    list_select_related = ("member",)
    date_hierarchy = "created_at"
    fields = ("created_at", "what", "actor", "text", "broken", "why", "until", "undone", "reports")
    readonly_fields = fields
    askable = frozenset({"verb", "actor", "created_at", "beyond"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """A rule's title stands in its wordings."""
        acts: Any = super().get_queryset(request).prefetch_related("rule__wordings")
        return Reading(request).acts(acts)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        act: Any = super().get_object(request, object_id, from_field)
        if act is not None:
            act.words = Reading(request).reason(act)
        return act

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        if shown := (getattr(answer, "context_data", None) or {}).get("cl"):
            for act in shown.result_list:
                act.words = Reading(request).reason(act, page_of(act))
        return answer

    @admin.display(description=_("reason"))
    def why(self, act: Any) -> str:
        if act.words.is_open:
            return str(act.words.body)
        after = _("after %(episode)s") % {"episode": act.words.after}
        return format_html('{} · <a href="{}" rel="nofollow">{}</a>', after, act.words.open_url, _("Open"))

    @admin.display(description=_("what was done"), ordering="verb")
    def what(self, act: Any) -> str:
        return str(act.summary)

    @admin.display(description=_("done to"))
    def text(self, act: Any) -> str:
        if act.member_id:
            return format_html('<a href="{}">{}</a>', page_of(act.member), act.member.username)
        kind, key = ("review", act.review_id) if act.review_id else ("comment", act.comment_id)
        if key is None:
            return NOTHING
        label = _("Review %d") % key if kind == "review" else _("Comment %d") % key
        return format_html('<a href="{}">{}</a>', reverse(f"admin:reviews_{kind}_change", args=[key]), label)

    @admin.display(description=_("rule"))
    def broken(self, act: Any) -> str:
        """Without a way to its page: few may write rules."""
        return str(act.rule or NOTHING)

    @admin.display(description=_("until"))
    def until(self, act: Any) -> str:
        if act.sanction is None:
            return NOTHING
        return date_format(localtime(act.sanction.ends_at)) if act.sanction.ends_at else str(_("for good"))

    @admin.display(description=_("taken back"))
    def undone(self, act: Any) -> str:
        if not act.is_undone:
            return NOTHING
        by = act.undone_by
        return format_html('<a href="{}">{}, {}</a>', page_of(by), by.summary, by.actor.username)

    @admin.display(description=_("reports it answered"))
    def reports(self, act: Any) -> int:
        return Report.objects.filter(action=act).count()

    # The ways back

    def get_urls(self) -> list[URLPattern]:
        name, view = "reviews_moderationaction", self.admin_site.admin_view
        return [
            path("undo/", view(self.undo), name=f"{name}_undo"),
            path("<int:object_id>/reverse/", view(self.reverse), name=f"{name}_reverse"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        act = context["original"]
        may = may_decide(request.user, act)
        context["can_undo"] = may and act.actor_id == request.user.pk and act.can_undo
        context["can_reverse"] = may and stands(act)
        context["appeal"] = Appeal.objects.filter(action=act).first()
        return super().render_change_form(request, context, *args, **kwargs)

    def undo(self, request: HttpRequest) -> HttpResponse:
        """Take back what one press did, for ten minutes: each act by itself, one's own only."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        keys = [
            int(key) for key in request.POST.get("acts", "").split(".")[:MOST_AT_ONCE] if key.isascii() and is_key(key)
        ]
        own = ModerationAction.objects.filter(pk__in=keys, actor=moderator_of(request))
        acts = list(own.select_related("review", "comment", "member", "sanction", "undone_by"))
        done = 0
        for act in acts:
            if not may_decide(request.user, act):
                raise PermissionDenied
            try:
                undo(act, moderator_of(request), gettext("Taken back at once."))
                done += 1
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.WARNING)
        if done:
            told = ngettext(
                "Undone. Its notice is taken back, and no mail goes out.",
                "%(count)d undone. Their notices are taken back, and no mail goes out.",
                done,
            )
            self.message_user(request, told % {"count": done}, messages.SUCCESS)
        elif not acts:
            self.message_user(request, _("Nothing was left to do."), messages.INFO)
        return HttpResponseRedirect(self.after(acts))

    def after(self, acts: list[ModerationAction]) -> str:
        """Where to look at what stands again."""
        if len(acts) == 1:
            target = acts[0].target
            return case_or_page_of(target) if target is not None else reverse("admin:index")
        return reverse("admin:reviews_moderationaction_changelist")

    def reverse(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The opposite, with a reason of its own, told to whom it concerns."""
        act = self.get_object(request, str(object_id)) if self.has_view_permission(request) else None
        if act is None or not may_decide(request.user, act):
            raise PermissionDenied
        back = page_of(act)
        if request.method != "POST" and not stands(act):
            self.message_user(request, _("Nothing was left to do."), messages.INFO)
            return HttpResponseRedirect(back)
        form = ReasonForm(posted(request))
        if form.is_valid():
            with errors_on(form):
                told = {"rule": rule} if (rule := form.cleaned_data.get("rule")) else {}
                if not stands(act):
                    gone = _("It does not stand any more: there is nothing to take back.")
                    raise ValidationError(gone, code="gone")
                reverse_act(act, moderator_of(request), form.cleaned_data["reason"], **told)
                self.message_user(request, _("It is reversed."), messages.SUCCESS)
                return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Reverse: %(what)s") % {"what": act.summary},
            "opts": self.opts,
            "act": {"explains": EXPLAINS_REVERSE, "title": _("Reverse")},
            "entries": [],
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/reviews/moderate.html", context, status=form.status)


EXPLAINS_REVERSE = _("The opposite is done now, with a reason of its own. Whoever it was done to is told.")


def is_key(key: str) -> bool:
    return key.isdecimal() and len(key) < 18
