"""Who may do what in the admin: two groups, brought in step after every migrate.

Rules, ready reasons, words that hold and the policy are in neither: an admin has them, and may give a moderator the
permission for one (`change_rule`, `change_reasontemplate`, `add_heldword`, `change_policy`).
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

MODERATORS = "Moderators"
EDITORS = "Editors"

CATALOGUE = (
    "credit cue episode keymoment kin note person pressreview series song source tag watchlink".split()  # noqa: SIM905
)

PERMISSIONS = {
    MODERATORS: {
        ("reviews", "view_review"),
        ("reviews", "moderate_review"),
        ("reviews", "view_comment"),
        ("reviews", "moderate_comment"),
        ("reviews", "view_moderationaction"),
        ("reviews", "view_revision"),
        ("reviews", "view_case"),
        ("reviews", "decide_case"),  # cases, appeals and the raid switch
        ("reviews", "view_report"),
        ("reviews", "view_appeal"),
        # Members as everybody sees them, with their record: `UserAdmin` shows no more to who is no admin.
        ("accounts", "view_user"),
        ("accounts", "view_sanction"),
        ("accounts", "add_sanction"),  # silence, ban, lift, hide all; never of staff
    },
    EDITORS: {("episodes", f"{verb}_{model}") for verb in ("add", "change", "delete", "view") for model in CATALOGUE},
}


def keep_groups_in_step(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Give each group exactly its permissions. Runs after each app's migrations; three queries when all is well."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(sender, using=using, verbosity=0)  # its own receiver may come after this one
    wanted_here = {
        name: {codename for app, codename in wanted if app == sender.label} for name, wanted in PERMISSIONS.items()
    }
    for name, codenames in wanted_here.items():
        if not codenames:
            continue
        group, _created = Group.objects.using(using).get_or_create(name=name)
        theirs = Permission.objects.using(using).filter(content_type__app_label=sender.label)
        wanted = set(theirs.filter(codename__in=codenames))
        held = set(group.permissions.filter(content_type__app_label=sender.label))
        group.permissions.add(*(wanted - held))
        group.permissions.remove(*(held - wanted))
