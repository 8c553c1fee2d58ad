"""Who somebody is here, and what they decided about themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.validators import (
    LOOK_ALIKES,
    USERNAME_PATTERN,
    latin_part,
    skeleton,
    username_validators,
    validate_not_reserved,
)
from soundtrack_site import pictures
from soundtrack_site.withheld import Guarded, GuardedQuerySet

TOO_ALIKE = _("That is too like another member's name. Please choose another.")


def skeleton_of(column: str) -> models.Expression:
    """`skeleton`, as the database reckons it."""
    (seen, meant), *others = LOOK_ALIKES
    expression = Replace(F(column), Value(seen), Value(meant))
    for seen, meant in others:
        expression = Replace(expression, Value(seen), Value(meant))
    return expression


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet[User]:
        return GuardedQuerySet(self.model, using=self._db)  # from a member, paths lead to all that they wrote

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").lower())

    def create_user(self, username: str, email: str = "", password: str | None = None, **values: Any) -> User:
        user = self.model(username=username.lower(), email=self.normalize_email(email).lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str = "", password: str | None = None, **values: Any) -> User:
        return self.create_user(username, email, password, is_staff=True, is_superuser=True, **values)

    def queue_up(self, *keys: int | None) -> None:
        """Lock these members, whoever of them there is, until the transaction ends."""
        known = {key for key in keys if key is not None}
        if known:
            list(self.select_for_update(no_key=True).filter(pk__in=known).order_by("pk").values_list("pk"))

    def refuse_look_alike(self, username: str) -> None:
        """Whoever could be read as another member could speak for them. ValidationError; one query."""
        name = username.lower()
        if self.filter(username_skeleton=skeleton(name)).exclude(username=name).exists():
            raise ValidationError(TOO_ALIKE, code="look_alike")

    def refuse_borrowed_name(self, name: str, own_key: int) -> None:
        """A display name may not read as the house, nor as another member's username. ValidationError; one query."""
        latin = latin_part(name)
        if not skeleton(latin):
            return
        validate_not_reserved(latin)
        if self.filter(username_skeleton=skeleton(latin)).exclude(pk=own_key).exists():
            raise ValidationError(TOO_ALIKE, code="look_alike")


class User(Guarded, AbstractBaseUser, PermissionsMixin):
    """A member. Rows are never deleted: an account that ends is scrubbed, so that what others built on stays."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    # Of the drawn avatar: the radius of its first ring, and how far the next ones lie inside.
    OUTERMOST = 17.0
    PITCH = 3.2

    username = models.CharField(_("username"), max_length=30, unique=True, validators=username_validators)
    # `skeleton(username)`, kept in step by the database itself.
    username_skeleton = models.GeneratedField(
        expression=skeleton_of("username"), output_field=models.CharField(max_length=30), db_persist=True
    )
    email = models.EmailField(_("e-mail address"), blank=True)

    display_name = models.CharField(_("display name"), max_length=60, blank=True)
    bio = models.TextField(_("bio"), max_length=500, blank=True)
    star_meaning = models.CharField(_("what my stars mean"), max_length=200, blank=True)
    avatar = models.ImageField(_("avatar"), upload_to="avatars/", blank=True, editable=False)
    # Half stars of the last five live reviews, newest first ("9 8 10"): the rings of the avatar that the site draws.
    last_stars = models.CharField(max_length=14, blank=True, editable=False)

    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    theme = models.CharField(_("theme"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    folds_scores = models.BooleanField(_("fold a score until I have rated"), default=True)
    mails_replies = models.BooleanField(_("mail me replies"), default=True)
    mails_notices = models.BooleanField(_("mail me notices"), default=True)

    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    banned_until = models.DateTimeField(_("banned until"), null=True, blank=True, editable=False)
    silenced_until = models.DateTimeField(_("silenced until"), null=True, blank=True, editable=False)
    unread_answers = models.PositiveIntegerField(_("unread answers"), default=0, editable=False)
    unread_notices = models.PositiveIntegerField(_("unread notices"), default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    scrubbed_at = models.DateTimeField(_("account ended"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(
                condition=Q(username__regex=USERNAME_PATTERN),
                name="user_username_shape",
                violation_error_message=_("3 to 30 small letters, digits or underscores."),
            ),
            models.UniqueConstraint(
                fields=["username_skeleton"], name="user_skeleton_once", violation_error_message=TOO_ALIKE
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_once",
                violation_error_message=_("This address belongs to an account already."),
            ),
            models.CheckConstraint(condition=Q(theme__in=["system", "light", "dark"]), name="user_theme_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.display_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("accounts:member", args=[self.username])

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def unread_count(self) -> int:
        return self.unread_answers + self.unread_notices

    def queue_up(self, *others: int | None) -> None:
        """Make verbs of this member wait for each other, until the transaction ends: one intent, one effect.

        `others`: keys of members whose unread counts the verb may move. All are locked in one order.
        """
        User.objects.queue_up(self.pk, *others)

    @classmethod
    def move(cls, entry: Any, step: int) -> None:
        """A member counts unread answers as a tally counts texts."""
        cls.objects.filter(**entry.lookup).update(unread_answers=F("unread_answers") + step)

    def settle_in(self, **values: Any) -> None:
        """Be called, told and shown things as these columns say. Saying the same again changes nothing.

        Raises ValidationError for a display name that is somebody else's. At most two queries.
        """
        changed = {name: value for name, value in values.items() if getattr(self, name) != value}
        if not changed:
            return
        if name := changed.get("display_name"):
            try:
                User.objects.refuse_borrowed_name(name, self.pk)
            except ValidationError as refusal:
                raise ValidationError({"display_name": refusal}) from None
        User.objects.filter(pk=self.pk).update(**changed, version=F("version") + 1)
        for column, value in changed.items():
            setattr(self, column, value)
        self.version += 1

    def wear(self, picture: pictures.Picture | None) -> None:
        """Be shown by this picture from now on, or without one by what the site draws. Two queries.

        Its files are stored before the transaction; those of the one before go once it is over.
        """
        if picture is None:
            self.change_avatar("")
            return
        with pictures.stored(picture):
            self.change_avatar(picture.name)
            picture.is_taken = True

    @transaction.atomic
    def change_avatar(self, name: str) -> None:
        members = User.objects.filter(pk=self.pk)
        worn = members.select_for_update(no_key=True).values_list("avatar", flat=True).get()
        if name != worn:
            members.update(avatar=name, version=F("version") + 1)
            pictures.forget(worn)
        self.avatar = name

    @property
    def rings(self) -> list[tuple[float, float]]:
        """Radius and width of each ring of the drawn avatar: their last ratings, newest outermost, in a disc of 20.

        The more stars, the broader.
        """
        return [
            (self.OUTERMOST - self.PITCH * place, round(0.4 + 0.17 * int(stars), 2))
            for place, stars in enumerate(self.last_stars.split())
        ]

    def is_banned(self, now: datetime | None = None) -> bool:
        return self.banned_until is not None and self.banned_until > (now or timezone.now())

    def is_silenced(self, now: datetime | None = None) -> bool:
        return self.silenced_until is not None and self.silenced_until > (now or timezone.now())
