"""`/settings/avatar/delete/`: a member is shown by what the site draws again."""

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import Sanction, User
from soundtrack_site.pictures import AVATAR, develop

PATH = "/settings/avatar/delete/"


@pytest.fixture
def shown(alice, media, make_picture):
    alice.wear(develop(make_picture(), AVATAR))
    return alice


def worn(member):
    return User.objects.get(pk=member.pk).avatar.name


def test_the_files_go_with_it(as_member, shown, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_member(shown).post(PATH)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/avatar/")
    assert not worn(shown)
    assert not media()


def test_twice_is_once(as_member, shown):
    for _ in range(2):
        assert as_member(shown).post(PATH).status_code == 302
    assert User.objects.get(pk=shown.pk).version == shown.version + 2  # put on and taken off


def test_needs_a_login(client, shown):
    assert client.post(PATH).status_code == 403
    assert worn(shown)


def test_bob_takes_away_only_his_own(as_member, shown, bob):
    as_member(bob).post(PATH, {"member": shown.pk})
    assert worn(shown)


def test_a_silenced_member_may(as_member, shown, mona):
    Sanction.objects.impose(shown, Sanction.Kind.SILENCE, by=mona, reason="Too loud.")
    assert as_member(shown).post(PATH).status_code == 302
    assert not worn(shown)


def test_only_posts_are_taken(as_member, shown):
    assert as_member(shown).get(PATH).status_code == 405


def test_an_admin_takes_a_picture_away_and_nobody_else(as_member, shown, admin_user, mona, media):
    for staff, is_gone in ((mona, False), (admin_user, True)):
        as_member(staff).post(
            "/admin/accounts/user/", {"action": "take_pictures_away", "_selected_action": [shown.pk]}
        )
        assert (worn(shown) == "") is is_gone
        assert LogEntry.objects.filter(user=staff, object_id=str(shown.pk)).exists() is is_gone
    assert LogEntry.objects.get().get_change_message() == "Changed Avatar."
