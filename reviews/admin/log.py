"""The moderation log, for those who may read it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from reviews.models import ModerationAction


@admin.register(ModerationAction)
class ModerationActionAdmin(admin.ModelAdmin):
    """The log, to be read. Its rows can be neither added, changed nor deleted here."""

    list_display = ("created_at", "what", "actor", "text", "reason")
    list_display_links = ("created_at",)
    list_filter = ("verb", ("actor", admin.RelatedOnlyFieldListFilter))
    search_fields = ("reason", "actor__username")
    list_select_related = ("actor",)
    date_hierarchy = "created_at"
    fields = ("created_at", "what", "actor", "text", "reason")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("what was done"), ordering="verb")
    def what(self, act: Any) -> str:
        return str(act.summary)

    @admin.display(description=_("text"))
    def text(self, act: Any) -> str:
        kind, key = ("review", act.review_id) if act.review_id else ("comment", act.comment_id)
        label = _("Review %d") % key if kind == "review" else _("Comment %d") % key
        return format_html('<a href="{}">{}</a>', reverse(f"admin:reviews_{kind}_change", args=[key]), label)
