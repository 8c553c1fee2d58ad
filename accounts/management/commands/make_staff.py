from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable
from getpass import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.groups import EDITORS, MODERATORS
from accounts.models import User

ROLES = {
    "moderator": "reads reports, hides and restores what members wrote",
    "editor": "writes the catalogue: series, episodes, recaps, cast",
    "admin": "may do everything, including to other people's accounts",
}
GROUPS = {"moderator": MODERATORS, "editor": EDITORS}


class Command(BaseCommand):
    help = "Make a moderator, an editor or an admin, or promote a member who is here already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--role", choices=ROLES)
        parser.add_argument("--username")
        parser.add_argument("--email")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--no-input", action="store_false", dest="interactive", help="never ask")

    def handle(self, *args: Any, **options: Any) -> None:
        self.interactive = options["interactive"] and not options["password_stdin"]
        try:
            member, is_new = self.make(options)
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Stopped. Nothing was changed.") from None
        done = "is now" if is_new else "was promoted:"
        self.stdout.write(
            self.style.SUCCESS(f"{member.username} {done} {self.article(self.role)}. Log in at /admin/.")
        )

    def make(self, options: dict[str, Any]) -> tuple[User, bool]:
        self.role = options["role"] or self.ask_role()
        username = self.answer("username", "Username", options["username"], clean_username)
        member = User.objects.filter(username=username).first()
        if member is not None:
            if not member.is_active:
                raise CommandError(f"{username}: this account has ended.")
            if self.interactive and not self.agreed(f"{username} is a member already. Promote them? [y/N]: "):
                raise CommandError("Nothing was changed.")
            with transaction.atomic():
                self.promote(member)
            return member, False
        email = self.answer("email", "E-mail address", options["email"], clean_new_email)
        member = User(username=username, email=email)
        member.set_password(self.password(member, options["password_stdin"]))
        with transaction.atomic():
            member.save()
            # Whoever runs this command vouches for the address: there may be no mail server to prove it with.
            EmailAddress.objects.create(user=member, email=email, primary=True, verified=True)
            self.promote(member)
        return member, True

    def promote(self, member: User) -> None:
        """Give a member this role; what they hold already stays."""
        member.is_staff = True
        member.is_superuser = member.is_superuser or self.role == "admin"
        member.save(update_fields=["is_staff", "is_superuser"])
        if name := GROUPS.get(self.role):
            group, _created = Group.objects.get_or_create(name=name)
            member.groups.add(group)

    def ask_role(self) -> str:
        if not self.interactive:
            raise CommandError(f"--role is missing: {', '.join(ROLES)}.")
        for number, (role, meaning) in enumerate(ROLES.items(), start=1):
            self.stdout.write(f"  {number}. {role}: {meaning}")
        numbered = dict(enumerate(ROLES, start=1))
        while True:
            chosen = input("Role [1]: ").strip().lower() or "1"
            if chosen in ROLES:
                return chosen
            if chosen.isdecimal() and int(chosen) in numbered:
                return numbered[int(chosen)]
            self.stderr.write("One of 1, 2, 3, please.")

    def answer(self, option: str, question: str, given: str | None, clean: Callable[[str], str]) -> str:
        """The option's value, else what is typed; asked again until it is good, unless nobody is there to ask."""
        if given is None and not self.interactive:
            raise CommandError(f"--{option} is missing.")
        while True:
            try:
                return clean(given if given is not None else input(f"{question}: ").strip())
            except ValidationError as error:
                if given is not None:
                    raise CommandError(f"--{option}: {' '.join(error.messages)}") from None
                self.stderr.write(" ".join(error.messages))

    def password(self, member: User, from_stdin: bool) -> str:
        if from_stdin:
            password = sys.stdin.readline().rstrip("\r\n")
            try:
                validate_password(password, member)
            except ValidationError as error:
                raise CommandError(f"The password: {' '.join(error.messages)}") from None
            return password
        if not self.interactive:
            raise CommandError("--password-stdin is missing.")
        while True:
            password = getpass("Password: ")
            try:
                validate_password(password, member)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if getpass("Password (again): ") == password:
                return password
            self.stderr.write("The two are not the same.")

    @staticmethod
    def agreed(question: str) -> bool:
        return input(question).strip().lower() in ("y", "yes")

    @staticmethod
    def article(role: str) -> str:
        return f"an {role}" if role[0] in "ae" else f"a {role}"


def clean_username(username: str) -> str:
    """Lower-cased. A name that is taken is a member to promote."""
    cleaned: str = User._meta.get_field("username").clean(username.lower(), None)
    User.objects.refuse_look_alike(cleaned)
    return cleaned


def clean_new_email(email: str) -> str:
    if not email:
        raise ValidationError("An e-mail address is needed.")
    cleaned: str = User._meta.get_field("email").clean(email.lower(), None)
    if User.objects.filter(email__iexact=cleaned).exists() or EmailAddress.objects.filter(email=cleaned).exists():
        raise ValidationError("This address belongs to an account already.")
    return cleaned
