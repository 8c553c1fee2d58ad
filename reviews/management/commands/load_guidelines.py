from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from reviews.models import ReasonTemplate, Rule, RuleWording

FILE = Path(settings.BASE_DIR) / "reviews" / "content" / "guidelines.toml"


class Command(BaseCommand):
    help = "Give a site without rules those that come along, with reasons that moderators need often. Twice is once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Once there is a rule, whoever runs the site has the say: nothing is added or changed."""
        if Rule.objects.exists():
            return
        with transaction.atomic():
            for position, entry in enumerate(tomllib.loads(FILE.read_text(encoding="utf-8"))["rules"]):
                rule = Rule.objects.create(anchor=entry["anchor"], position=position)
                for language, _name in settings.LANGUAGES:
                    if language in entry:
                        word(rule, language, entry[language])


def word(rule: Rule, language: str, said: dict[str, Any]) -> None:
    RuleWording.objects.create(rule=rule, language=language, title=said["title"], body=said["body"].strip())
    ReasonTemplate.objects.bulk_create(
        ReasonTemplate(rule=rule, language=language, name=name, words=words) for name, words in said["reasons"]
    )
