from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from soundtrack_site.markdown import RENDERER_VERSION, render_markdown, stored_html
from soundtrack_site.withheld import Guarded, GuardedQuerySet

LONGEST_RULE = 3_000  # characters


class RuleQuerySet(GuardedQuerySet["Rule"]):
    def in_words(self) -> Self:
        """With their wordings, in order: two queries."""
        return self.prefetch_related(Prefetch("wordings", RuleWording.objects.order_by("pk")))


class Rule(Guarded):
    """One of the guidelines. Its anchor is what reasons lead to, so it stays as it is once it was given."""

    anchor = models.SlugField(_("anchor"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def wording(self) -> RuleWording | None:
        """In the language of this request, else in the site's, else in any. Needs `in_words`, or asks."""
        worded = {wording.language: wording for wording in self.wordings.all()}
        for language in (get_language(), settings.LANGUAGE_CODE):
            if language in worded:
                return worded[language]
        return next(iter(worded.values()), None)

    @property
    def title(self) -> str:
        return self.wording.title if self.wording else self.anchor


class RuleWording(Guarded):
    """What a rule says in one language."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), max_length=LONGEST_RULE)
    whole_html = models.TextField(editable=False)
    renderer_version = models.PositiveSmallIntegerField(default=RENDERER_VERSION, editable=False)

    objects: models.Manager[RuleWording] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["rule", "language"], name="rulewording_once_per_language")]

    def __str__(self) -> str:
        return self.title

    @property
    def html(self) -> SafeString:
        return stored_html(self.whole_html)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.whole_html, self.renderer_version = render_markdown(self.body), RENDERER_VERSION
        super().save(*args, **kwargs)


class ReasonTemplate(Guarded):
    """Words that moderators need often: chosen, and changed where they do not fit."""

    rule = models.ForeignKey(Rule, models.PROTECT, verbose_name=_("rule"), related_name="templates")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(_("what moderators call it"), max_length=80)
    words = models.TextField(_("words"), max_length=1000)

    objects: models.Manager[ReasonTemplate] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["rule__position", "name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(words=""), name="reasontemplate_says_something"),
            models.UniqueConstraint(fields=["language", "name"], name="reasontemplate_once"),
        ]

    def __str__(self) -> str:
        return self.name
