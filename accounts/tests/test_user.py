"""A member's row, past every form: what the database itself refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.validators import latin_part, skeleton
from conftest import PASSWORD


def insert(username, email=""):
    """As somebody with a database prompt would, past validators and managers."""
    with transaction.atomic():
        return User.objects.bulk_create([User(username=username, email=email, password="x")])[0]


@pytest.mark.parametrize(
    "username", ["ab", "Alice", "with space", "dash-ed", "a" * 31, "", "알리스", "line\n", "ſong", "song\u212a"]
)
def test_database_refuses_a_username_of_another_shape(db, username):
    with pytest.raises(Exception, match=r"user_username_shape|too long"):
        insert(username)


@pytest.mark.parametrize("username", ["abc", "a_1", "___", "a" * 30, "007"])
def test_database_takes_usernames_of_our_shape(db, username):
    assert insert(username).pk


def test_a_username_is_taken_once(alice):
    with pytest.raises(IntegrityError):
        insert("alice")


def test_an_address_is_taken_once_whatever_its_case(alice):
    with pytest.raises(IntegrityError):
        insert("other", "ALICE@example.com")


def test_no_address_is_no_address_twice(db):
    insert("first")
    insert("second")
    assert User.objects.filter(email="").count() == 2


def test_database_refuses_an_unknown_theme(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(theme="sepia")


def test_create_user_lowers_name_and_address(db):
    user = User.objects.create_user("Carol", "Carol@Example.COM", PASSWORD)
    assert (user.username, user.email) == ("carol", "carol@example.com")


def test_natural_key_ignores_case(alice):
    assert User.objects.get_by_natural_key("ALICE") == alice


def test_name_is_the_display_name_else_the_username(alice, una):
    assert (alice.name, una.name) == ("Alice", "una")
    assert alice.get_full_name() == alice.get_short_name() == str(alice) == "Alice"


@pytest.mark.parametrize("username", ["admin", "adm1n", "adrnin", "ADMIN", "mod", "rn0d", "st_aff", "b0nustrack"])
def test_names_of_the_house_and_their_look_alikes_are_refused(db, username):
    with pytest.raises(ValidationError, match="belongs to the house"):
        User(username=username, password="x").full_clean(validate_constraints=False)


@pytest.mark.parametrize("username", ["ſong", "\u212aim", "alıce", "song\n", "so ng"])
def test_letters_that_only_fold_to_ascii_are_refused(username):
    with pytest.raises(ValidationError, match="3 to 30"):
        User._meta.get_field("username").run_validators(username)


def test_look_alikes_share_a_skeleton():
    assert skeleton("a1ice") == skeleton("alice") == skeleton("al_ice")
    assert skeleton("alice") != skeleton("bob")


@pytest.mark.parametrize(
    "username", ["alice", "mod3rn_5ong", "vvrn10_i", "vv_v_rrn", "00_11_55", "___", "z" * 30, "rn" * 15]
)
def test_database_and_validator_agree_on_a_skeleton(db, username):
    assert User.objects.get(pk=insert(username).pk).username_skeleton == skeleton(username)


@pytest.mark.parametrize("username", ["a1ice", "al_ice", "aiice", "alice_"])
def test_database_refuses_a_look_alike(alice, username):
    with pytest.raises(IntegrityError):
        insert(username)
    with pytest.raises(ValidationError, match="too like another member"):
        User(username=username, password="x").full_clean()


def test_the_skeleton_follows_the_name(alice):
    User.objects.filter(pk=alice.pk).update(username="alicia")
    alice.refresh_from_db()
    assert alice.username_skeleton == skeleton("alicia")
    assert insert("a1ice").pk


def test_nobody_looks_like_themselves(alice):
    User.objects.refuse_look_alike("Alice")
    with pytest.raises(ValidationError, match="too like another member"):
        User.objects.refuse_look_alike("A1ice")


def test_her_page_is_found_by_her_username(alice):
    assert alice.get_absolute_url() == "/members/alice/"


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Alice", "alice"),
        ("Аlice ☆ 앨리스", "alice"),  # begins with a Cyrillic letter
        ("Ａｌｉｃｅ", "alice"),
        ("Álı\u200bce", "alice"),
        ("앨리스", ""),
        ("_", ""),
    ],
)
def test_what_latin_readers_see_of_a_name(name, seen):
    assert latin_part(name) == seen


def test_settling_in_writes_what_changed_and_raises_the_version(alice, django_assert_num_queries):
    User.objects.filter(pk=alice.pk).update(unread_answers=7)
    alice.settle_in(bio="Trains", theme="dark", display_name="Alice")
    assert (alice.bio, alice.version) == ("Trains", 2)
    alice.refresh_from_db()
    assert (alice.bio, alice.theme, alice.version, alice.unread_count) == ("Trains", "dark", 2, 7)
    with django_assert_num_queries(0):
        alice.settle_in(bio="Trains", theme="dark")
    alice.refresh_from_db()
    assert alice.version == 2


def test_settling_in_under_anothers_name_is_refused_and_leaves_the_member_as_they_were(alice, bob):
    for name in ("Bob", "b0b"):
        with pytest.raises(ValidationError, match="too like another") as refusal:
            alice.settle_in(display_name=name, bio="New")
        assert set(refusal.value.error_dict) == {"display_name"}
    assert (alice.display_name, alice.bio) == ("Alice", "")
    alice.refresh_from_db()
    assert (alice.display_name, alice.bio, alice.version) == ("Alice", "", 1)


@pytest.mark.parametrize("username", ["___", "_" * 30])
def test_underscores_alone_are_no_name(username):
    with pytest.raises(ValidationError):
        User(username=username).clean_fields(exclude=["password"])
