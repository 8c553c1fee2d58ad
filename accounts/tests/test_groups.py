"""Groups follow the code after every migrate, exactly, and as often as one likes."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.groups import EDITORS, MODERATORS, PERMISSIONS, keep_groups_in_step


def held(name):
    group = Group.objects.get(name=name)
    return set(group.permissions.values_list("content_type__app_label", "codename"))


def in_step():
    for config in apps.get_app_configs():
        keep_groups_in_step(config)


@pytest.mark.parametrize("name", [MODERATORS, EDITORS])
def test_a_group_holds_exactly_what_the_code_says(db, name):
    assert held(name) == PERMISSIONS[name]


def test_a_second_run_changes_nothing_and_makes_nothing_twice(db):
    before = {name: held(name) for name in PERMISSIONS}
    in_step()
    in_step()
    assert {name: held(name) for name in PERMISSIONS} == before
    assert Group.objects.count() == len(PERMISSIONS)


def test_what_was_taken_or_added_by_hand_is_put_right(db):
    group = Group.objects.get(name=MODERATORS)
    group.permissions.remove(*group.permissions.all()[:2])
    group.permissions.add(Permission.objects.get(codename="delete_review"))
    in_step()
    assert held(MODERATORS) == PERMISSIONS[MODERATORS]


# Moderators see members as everybody does, and sanction them: nobody in a group changes, makes or deletes one.
OF_ACCOUNTS = {MODERATORS: {"view_user", "view_sanction", "add_sanction"}, EDITORS: set()}


@pytest.mark.parametrize("name", [MODERATORS, EDITORS])
def test_no_group_may_change_accounts_or_delete_texts(db, name):
    assert {codename for app, codename in held(name) if app == "accounts"} == OF_ACCOUNTS[name]
    assert {app for app, _codename in held(name)} <= {"accounts", "episodes", "reviews"}
    assert not {codename for app, codename in held(name) if app == "reviews" and codename.startswith("delete")}


@pytest.mark.django_db(transaction=True)
def test_groups_come_back_after_the_tables_were_emptied():
    call_command("flush", interactive=False, verbosity=0)
    assert {name: held(name) for name in PERMISSIONS} == PERMISSIONS
