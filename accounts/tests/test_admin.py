from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.groups import MODERATORS
from accounts.models import Sanction, User
from conftest import member

LIST = "admin:accounts_user_changelist"


def page(user, name="change"):
    return reverse(f"admin:accounts_user_{name}", args=[user.pk])


@pytest.fixture
def clerk(db):
    clerk = member("clerk", is_staff=True)
    clerk.user_permissions.add(
        Permission.objects.get(codename="view_user"), Permission.objects.get(codename="change_user")
    )
    return clerk


@pytest.mark.parametrize(
    ("who", "status"), [("bob", 403), ("mona", 200), ("edith", 403), ("clerk", 200), ("admin_user", 200)]
)
def test_members_are_listed_to_staff_with_the_permission_alone(request, as_member, alice, who, status):
    browser = as_member(request.getfixturevalue(who))
    for url in (reverse(LIST), page(alice)):
        assert browser.get(url, follow=True).status_code == status


def test_a_member_is_found_by_any_name(as_member, admin_user, alice, bob):
    browser = as_member(admin_user)
    for words in ("alice", "Alice", "alice@example.com"):
        found = browser.get(reverse(LIST), {"q": words}).context["cl"].result_list
        assert [user.pk for user in found] == [alice.pk]


@pytest.mark.parametrize("who", ["clerk", "admin_user"])
def test_no_page_shows_a_password_hash(request, as_member, alice, who):
    browser = as_member(request.getfixturevalue(who))
    for url in (reverse(LIST), page(alice)):
        assert alice.password not in browser.get(url).content.decode()


def test_an_admin_makes_a_moderator_and_leaves_the_rest_of_the_row_alone(as_member, admin_user, alice):
    group = Group.objects.get(name=MODERATORS)
    fields = {"is_active": "on", "is_staff": "on", "groups": [group.pk], "username": "stolen", "password": "x"}
    assert as_member(admin_user).post(page(alice), fields).status_code == 302
    promoted = User.objects.get(pk=alice.pk)
    assert (promoted.is_staff, list(promoted.groups.all())) == (True, [group])
    assert (promoted.username, promoted.password) == (alice.username, alice.password)
    assert promoted.version > alice.version


def test_whoever_is_no_admin_cannot_promote_themselves(as_member, clerk):
    assert as_member(clerk).post(page(clerk), {"is_superuser": "on"}).status_code == 403
    assert not User.objects.get(pk=clerk.pk).is_superuser


def test_nobody_is_added_or_deleted(as_member, admin_user, alice):
    browser = as_member(admin_user)
    assert browser.get(reverse("admin:accounts_user_add")).status_code == 403
    assert browser.post(page(alice, "delete"), {"post": "yes"}).status_code == 403
    wipe = {"action": "delete_selected", "_selected_action": [alice.pk], "post": "yes"}
    browser.post(reverse(LIST), wipe)
    assert User.objects.filter(pk=alice.pk).exists()


def test_the_list_costs_the_same_at_one_row_and_at_twenty(as_member, admin_user):
    browser = as_member(admin_user)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse(LIST)).status_code == 200
        return len(captured)

    queries()
    at_one = queries()
    for number in range(20):
        member(f"member{number}")
    assert queries() == at_one


def test_the_admin_bears_the_name_of_the_site(as_member, admin_user, settings):
    settings.SITE_NAME = "Evening Record"
    shown = as_member(admin_user).get(reverse("admin:index")).content.decode()
    assert "| Evening Record</title>" in shown
    assert "Django administration" not in shown


def test_for_good_is_no_date(as_member, mona, bob):
    Sanction.objects.impose(bob, Sanction.Kind.BAN, mona, "Rude")
    Sanction.objects.impose(bob, Sanction.Kind.SILENCE, mona, "Rude", datetime(2099, 11, 23, 21, 37, tzinfo=UTC))
    for path in ("/admin/accounts/user/", f"/admin/accounts/user/{bob.pk}/change/"):
        page = as_member(mona).get(path).text
        assert "for good" in page
        assert "Nov. 23, 2099, 9:37 p.m." in page
        assert "9999" not in page
