"""Members, for those staff who may see them. Nobody is added or deleted here, and no password is shown.

Two readers: admins appoint staff here; moderators see a member as others do, with their record, and sanction them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import Sanction, User
from reviews.admin.desk import ActingAdmin, bulk, moderator_of
from reviews.admin.members import IN_BULK, ON_MEMBERS, is_staff
from reviews.admin.reading import Reading
from reviews.admin.record import Record
from reviews.models import Case, ModerationAction

# What everybody may read about a member, and what moderators have to know besides.
PUBLIC = ("username", "display_name", "bio", "star_meaning", "date_joined")
STAMPS = ("silenced", "banned", "scrubbed_at")


def is_admin(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


def until(stamp: datetime | None) -> Any:
    if stamp == Sanction.FOR_GOOD:
        return _("for good")
    return date_format(localtime(stamp), "DATETIME_FORMAT") if stamp else None


@admin.register(User)
class UserAdmin(ActingAdmin):
    """Only an admin changes what a member may do: whoever could would make themselves one."""

    change_form_template = "admin/accounts/member.html"
    ordering = ("username",)
    actions = ("take_pictures_away", *(bulk(act) for act in IN_BULK))
    acts = ON_MEMBERS
    in_case = "member"
    missing = _("There is no such member.")
    readonly_fields = (*PUBLIC, "email", "avatar", "last_login", *STAMPS)

    # What is shown to whom

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        if is_admin(request):
            return ("username", "display_name", "email", "is_staff", "is_active", "banned", "date_joined")
        return ("username", "display_name", "is_staff", "silenced", "banned", "date_joined")

    @admin.display(description=_("silenced until"), ordering="silenced_until", empty_value="–")
    def silenced(self, member: User) -> Any:
        return until(member.silenced_until)

    @admin.display(description=_("banned until"), ordering="banned_until", empty_value="–")
    def banned(self, member: User) -> Any:
        return until(member.banned_until)

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        return ("is_staff", "is_active", "groups") if is_admin(request) else ("is_staff",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return ("username", "display_name", "email") if is_admin(request) else ("username", "display_name")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if not is_admin(request):
            return [(None, {"fields": (*PUBLIC, *STAMPS)})]
        return [
            (None, {"fields": (*PUBLIC[:2], "email", *PUBLIC[2:4], "avatar", "date_joined", "last_login")}),
            (_("What they may do"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
            (_("What they may not"), {"fields": STAMPS}),
        ]

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """By the filters beside the list and by nothing else: an answer about a hash is as good as the hash."""
        asked = {"is_staff__exact"}
        if request is not None and is_admin(request):
            asked |= {"is_active__exact", "groups__id__exact", "groups__isnull"}
        return lookup in asked

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """A box for each group, of which there are few; Django's help stands where its boxes do not find it."""
        asked = {"widget": forms.CheckboxSelectMultiple, "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs, **asked)

    # Who may

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_admin(request)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        needed = ["accounts.add_sanction", "reviews.moderate_review", "reviews.moderate_comment"]
        return self.has_view_permission(request) and request.user.has_perms(needed)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """It tells what admins changed: rights, too."""
        if not is_admin(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    # One member

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        member = context["original"]
        acts, by = self.acts if self.has_moderate_permission(request) else (), moderator_of(request)
        context["record"] = Record.of(member)
        may_read = request.user.has_perm("reviews.view_moderationaction")
        context["acts"] = Reading(request).deeds(ModerationAction.objects.about(member), 20) if may_read else []
        context["cases"] = (
            list(Case.objects.filter(member=member)) if request.user.has_perm("reviews.view_case") else []
        )
        context["can_do"] = [
            (act.title_for(member), self.act_url(act, member))
            for act in acts
            if act.may(by, member) and act.awaits(member)
        ]
        context["is_out_of_reach"] = bool(acts) and is_staff(member)
        context["is_admin"] = is_admin(request)
        context["texts_by"] = [
            (f"{reverse(f'admin:reviews_{kind}_changelist')}?author__id__exact={member.pk}", label)
            for kind, label in (("review", _("Their reviews")), ("comment", _("Their comments")))
            if request.user.has_perm(f"reviews.view_{kind}")
        ]
        return super().render_change_form(request, context, *args, **kwargs)

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
