from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.validators import MaxValueValidator, MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from soundtrack_site.withheld import Guarded, GuardedQuerySet

if TYPE_CHECKING:
    from accounts.models import User

RAID = timedelta(hours=6)
A_YEAR = 365  # days
ENOUGH_TEXTS = 3  # that say something and stand for all to read, after which an account is not new


class PolicyQuerySet(GuardedQuerySet["Policy"]):
    def current(self) -> Policy:
        """What the operator has decided, or what holds until they do. One query."""
        return self.first() or Policy()


class Policy(Guarded):
    """What the operator has decided about what new accounts write: one row."""

    class Holds(models.TextChoices):
        OFF = "off", _("Nothing waits")
        LINKS = "links", _("What has a link waits")
        ALWAYS = "always", _("Everything waits")

    key = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    holds = models.CharField(_("what new accounts write"), max_length=6, choices=Holds.choices, default=Holds.LINKS)
    new_days = models.PositiveSmallIntegerField(
        _("an account is new for"),
        default=3,
        validators=[MaxValueValidator(A_YEAR)],
        help_text=_("Days. It is new as well until three of its texts stand."),
    )
    folds_reported = models.BooleanField(
        _("fold what three established members report as harm"),
        default=True,
        help_text=_("Until somebody has looked. Spoilers are never folded by reports alone."),
    )
    raid_until = models.DateTimeField(_("raid until"), null=True, blank=True, editable=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        constraints = [
            models.CheckConstraint(condition=Q(key=1), name="policy_is_one_row"),
            models.CheckConstraint(condition=Q(holds__in=["off", "links", "always"]), name="policy_holds_known"),
            models.CheckConstraint(condition=Q(new_days__lte=A_YEAR), name="policy_new_for_a_year_at_most"),
        ]

    def __str__(self) -> str:
        return gettext("New accounts and reports")

    def is_new(self, member: User) -> bool:
        """Whether the account is young, or has hardly any words standing here. At most two queries.

        Stars alone are no words: three presses would make anybody established.
        """
        if timezone.now() < member.date_joined + timedelta(days=self.new_days):
            return True
        reviews, comments = (
            apps.get_model("reviews", name)._default_manager.live().filter(author=member, folded_at=None)
            for name in ("Review", "Comment")
        )
        standing = sum(rows[:ENOUGH_TEXTS].count() for rows in (reviews.listed(), comments))
        return bool(standing < ENOUGH_TEXTS)

    def is_raid(self, now: datetime | None = None) -> bool:
        return self.raid_until is not None and self.raid_until > (now or timezone.now())


class HeldWord(Guarded):
    """A word that makes a text wait for approval, whoever writes it; nothing is ever deleted for it."""

    word = models.CharField(
        _("word"),
        max_length=60,
        unique=True,
        validators=[MinLengthValidator(2)],  # one letter stands in every text
        help_text=_("Found in any spelling of capitals, also inside longer words."),
    )

    objects: models.Manager[HeldWord] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("word that holds")
        verbose_name_plural = _("words that hold")
        ordering = ["word"]
        constraints = [models.CheckConstraint(condition=~Q(word=""), name="heldword_says_something")]

    def __str__(self) -> str:
        return self.word

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.word = self.word.casefold().strip()
        super().save(*args, **kwargs)
