"""The rules of the house, the words that hold, the policy and the raid switch.

Rules, reasons, words and policy are an admin's, or theirs who were given the permission; the switch is a moderator's.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from reviews.admin.act import LogForm
from reviews.admin.desk import AskedAdmin, is_second_press, moderator_of, say
from reviews.models import ModerationAction, Policy, ReasonTemplate, Rule, RuleWording
from reviews.models.sanctions import calm, declare_raid
from soundtrack_site.forms import LineField, WrittenField, posted

WRITTEN: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.SlugField: {},  # its own field knows what it may hold
    models.CharField: {"form_class": LineField},
    models.TextField: {"form_class": WrittenField},
}


class HouseAdmin(AskedAdmin):
    """Stock permissions: an admin has them all, and may give each to somebody."""

    formfield_overrides = WRITTEN


class WordingInline(admin.StackedInline):
    model = RuleWording
    fields = ("language", "title", "body")
    formfield_overrides = WRITTEN
    extra = 0
    min_num = 1


class RuleAdmin(HouseAdmin):
    """Its anchor is what reasons lead to: it stays as it is once it was given."""

    list_display = ("title", "anchor", "position")
    list_display_links = ("title",)
    inlines = (WordingInline,)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Rule]:
        return super().get_queryset(request).prefetch_related("wordings")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("anchor",) if obj is not None else ()

    @admin.display(description=_("title"))
    def title(self, rule: Rule) -> str:
        return rule.title


class ReasonTemplateAdmin(HouseAdmin):
    list_display = ("name", "language", "rule", "words")
    list_filter = ("language",)
    askable = frozenset({"language"})

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[ReasonTemplate]:
        return super().get_queryset(request).select_related("rule").prefetch_related("rule__wordings")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "rule":
            kwargs["queryset"] = Rule.objects.in_words()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class HeldWordForm(ModelForm):
    def clean_word(self) -> str:
        """As it is kept: else the same word in capitals would be taken for another."""
        word: str = self.cleaned_data["word"]
        return word.casefold().strip()


class HeldWordAdmin(HouseAdmin):
    form = HeldWordForm
    search_fields = ("word",)


class RaidForm(LogForm):
    """It is about no text and no member: none broke a rule."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name in ("template", "rule"):
            self.fields.pop(name, None)


class PolicyAdmin(HouseAdmin):
    """One row. The raid switch stands on the first page of the desk and is every moderator's."""

    list_display = ("__str__", "holds", "new_days", "folds_reported", "raid_until")

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Said at length where it is chosen."""
        if db_field.name == "holds":
            kwargs["choices"] = [("off", _("Nothing waits, links neither")), *Policy.Holds.choices[1:]]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Policy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        raid = path("raid/", self.admin_site.admin_view(self.raid), name="reviews_policy_raid")
        return [raid, *super().get_urls()]

    def raid(self, request: HttpRequest) -> HttpResponse:
        """Declare a raid, or end the one that is on. `wanted` says which: a double press is harmless."""
        if not request.user.has_perm("reviews.decide_case"):
            raise PermissionDenied
        is_raid = Policy.objects.current().is_raid()
        wanted = request.POST.get("wanted", "calm" if is_raid else "raid")
        if wanted not in ("raid", "calm"):
            raise PermissionDenied
        form, back = RaidForm(posted(request)), reverse("admin:index")
        if form.is_valid():
            if self.switch(request, wanted, form.cleaned_data["reason"], is_raid=is_raid):
                return HttpResponseRedirect(back)
            form.come_late()
        context = {
            **self.admin_site.each_context(request),
            "title": RAID[wanted][0],
            "opts": self.opts,
            "act": {"title": RAID[wanted][0], "explains": RAID[wanted][1]},
            "entries": [],
            "form": form,
            "hidden": {"wanted": wanted},
            "back": back,
        }
        return TemplateResponse(request, "admin/reviews/moderate.html", context, status=form.status)

    def switch(self, request: HttpRequest, wanted: str, reason: str, *, is_raid: bool) -> bool:
        """Answers whether it is as this moderator wants it, and by them."""
        moderator = moderator_of(request)
        thrown = ModerationAction.objects.filter(verb="raid" if wanted == "raid" else "calm")
        if wanted == "raid" and not is_raid:
            say(request, str(_("What new accounts write is held for six hours.")), [declare_raid(moderator, reason)])
        elif wanted == "calm" and calm(moderator, reason):
            say(request, str(_("The raid is over. What is held waits on.")), thrown.filter(actor=moderator)[:1])
        elif is_second_press(moderator, thrown.first(), reason):
            self.message_user(request, _("Nothing was left to do."), messages.INFO)
        else:
            return False
        return True


RAID = {
    "raid": (
        _("Declare a raid"),
        _("For six hours, whatever new accounts write waits for a moderator. Nobody else notices."),
    ),
    "calm": (_("End the raid"), _("New accounts post as the policy says. What is held already waits on.")),
}
