"""`manage.py make_staff`: asked in words, or told by options."""

import io

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from accounts.groups import EDITORS, MODERATORS
from accounts.models import User
from conftest import PASSWORD

MOIRA = {"role": "moderator", "username": "Moira", "email": "Moira@Example.com"}


@pytest.fixture
def typed(monkeypatch):
    """What somebody types, in order; passwords come from the same keyboard."""

    def type_in(*lines):
        remaining = list(lines)

        def answer(prompt=""):
            if not remaining:
                raise EOFError
            line = remaining.pop(0)
            if isinstance(line, BaseException):
                raise line
            return line

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr("accounts.management.commands.make_staff.getpass", answer)
        return remaining

    return type_in


def make_staff(**options):
    """Run it and return what it says on both streams."""
    said = io.StringIO()
    call_command("make_staff", stdout=said, stderr=said, **options)
    return said.getvalue()


def with_password(monkeypatch, password):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))


def test_options_make_a_moderator_without_a_question(db, monkeypatch):
    with_password(monkeypatch, PASSWORD)
    said = make_staff(**MOIRA, password_stdin=True)
    moira = User.objects.get(username="moira")
    assert moira.is_staff
    assert not moira.is_superuser
    assert [group.name for group in moira.groups.all()] == [MODERATORS]
    assert moira.check_password(PASSWORD)
    assert moira.has_perm("reviews.moderate_review")
    assert EmailAddress.objects.get(user=moira, email="moira@example.com", primary=True).verified
    assert "moira is now a moderator" in said


def test_an_editor_gets_the_catalogue_and_no_more(db, monkeypatch):
    with_password(monkeypatch, PASSWORD)
    make_staff(**{**MOIRA, "role": "editor"}, password_stdin=True)
    moira = User.objects.get(username="moira")
    assert [group.name for group in moira.groups.all()] == [EDITORS]
    assert not moira.is_superuser
    assert not moira.has_perm("reviews.moderate_review")


def test_an_admin_may_do_everything(db, monkeypatch):
    with_password(monkeypatch, PASSWORD)
    make_staff(**{**MOIRA, "role": "admin"}, password_stdin=True)
    assert User.objects.get(username="moira").is_superuser


def test_a_member_is_promoted_and_keeps_password_and_groups(alice):
    make_staff(role="moderator", username="ALICE", interactive=False)
    make_staff(role="editor", username="alice", interactive=False)
    alice.refresh_from_db()
    assert alice.is_staff
    assert not alice.is_superuser
    assert {group.name for group in alice.groups.all()} == {MODERATORS, EDITORS}
    assert alice.check_password(PASSWORD)


def test_promoting_an_admin_takes_nothing_away(admin_user):
    make_staff(role="moderator", username="ada", interactive=False)
    admin_user.refresh_from_db()
    assert admin_user.is_superuser


def test_it_asks_explains_and_asks_again_until_the_answers_are_good(alice, typed):
    left = typed(
        "9", "1",
        "x", "admin", "moira",
        "nonsense", "alice@example.com", "moira@example.com",
        "short", PASSWORD, "another-word-entirely", PASSWORD, PASSWORD,
    )  # fmt: skip
    said = make_staff()
    assert left == []
    assert "moderator: reads reports" in said
    assert "belongs to the house" in said
    assert "belongs to an account already" in said
    assert "not the same" in said
    moira = User.objects.get(username="moira")
    assert moira.groups.get().name == MODERATORS
    assert moira.check_password(PASSWORD)


def test_it_asks_before_it_promotes_a_member(alice, typed):
    typed("editor", "alice", "n")
    with pytest.raises(CommandError, match="Nothing was changed"):
        make_staff()
    alice.refresh_from_db()
    assert not alice.is_staff
    typed("editor", "alice", "y")
    make_staff()
    alice.refresh_from_db()
    assert alice.is_staff


@pytest.mark.parametrize("end", [KeyboardInterrupt(), EOFError()])
@pytest.mark.parametrize("before", [(), ("1",), ("1", "moira"), ("1", "moira", "moira@example.com")])
def test_stopping_it_anywhere_changes_nothing_in_one_sentence(db, typed, before, end):
    typed(*before, end)
    with pytest.raises(CommandError, match=r"^Stopped\. Nothing was changed\.$"):
        make_staff()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("changed", "password", "sentence"),
    [
        ({"username": "no spaces"}, PASSWORD, "--username: 3 to 30"),
        ({"username": "adm1n"}, PASSWORD, "--username: That name belongs"),
        ({"username": "a1ice"}, PASSWORD, "--username: That is too like another member's name"),
        ({"username": "nul\0l"}, PASSWORD, "--username: "),
        ({"email": "nowhere"}, PASSWORD, "--email: "),
        ({"email": "alice@EXAMPLE.com"}, PASSWORD, "--email: This address belongs"),
        ({"email": ""}, PASSWORD, "--email: An e-mail address is needed"),
        ({"role": None}, PASSWORD, "--role is missing"),
        ({"username": None}, PASSWORD, "--username is missing"),
        ({"email": None}, PASSWORD, "--email is missing"),
        ({}, "moira", "The password: "),
        ({}, "", "The password: "),
    ],
)
def test_a_bad_option_is_one_sentence_and_no_account(alice, monkeypatch, changed, password, sentence):
    with_password(monkeypatch, password)
    with pytest.raises(CommandError) as refused:
        make_staff(**{**MOIRA, **changed}, password_stdin=True)
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)
    assert User.objects.count() == 1


def test_without_questions_the_password_must_come_from_somewhere(db):
    with pytest.raises(CommandError, match="--password-stdin is missing"):
        make_staff(**MOIRA, interactive=False)


def test_an_ended_account_is_not_promoted(alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(CommandError, match="has ended"):
        make_staff(role="editor", username="alice", interactive=False)
