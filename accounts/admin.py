"""Members, for those staff who may see them. Nobody is added or deleted here, and no password is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Only an admin changes what a member may do: whoever could would make themselves one."""

    list_display = ("username", "display_name", "email", "is_staff", "is_active", "banned_until", "date_joined")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("username", "display_name", "email")
    ordering = ("username",)
    filter_horizontal = ("groups",)
    show_full_result_count = False
    actions = ("take_pictures_away",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "display_name",
                    "email",
                    "bio",
                    "star_meaning",
                    "avatar",
                    "date_joined",
                    "last_login",
                )
            },
        ),
        (_("What they may do"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("What they may not"), {"fields": ("silenced_until", "banned_until", "scrubbed_at")}),
    )
    readonly_fields = (
        "username",
        "display_name",
        "email",
        "bio",
        "star_meaning",
        "avatar",
        "date_joined",
        "last_login",
        "silenced_until",
        "banned_until",
        "scrubbed_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only the columns of this form: a ban or a new password of the same minute stays."""
        obj.save(update_fields=["is_active", "is_staff", "is_superuser"])
        User.objects.filter(pk=obj.pk).update(version=F("version") + 1)

    @admin.action(description=_("Take their pictures away"), permissions=["change"])
    def take_pictures_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        worn = list(queryset.exclude(avatar=""))
        for member in worn:
            member.wear(None)
            self.log_change(request, member, [{"changed": {"fields": ["Avatar"]}}])
        told = ngettext("%(count)d picture is gone.", "%(count)d pictures are gone.", len(worn))
        self.message_user(request, told % {"count": len(worn)})
