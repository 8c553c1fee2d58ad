from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F

from episodes.models import Episode, Series
from reviews.models import Comment, Review, Text
from soundtrack_site.markdown import RENDERER_VERSION

BATCH = 500  # rows in memory at a time


class Command(BaseCommand):
    """Members write meanwhile: rows are read without a lock, rendered outside any transaction and written one
    by one where they are still what was rendered. What has changed is read again by a later batch.
    """

    help = "Render again what an earlier renderer rendered: reviews, comments and editors' texts."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        for model in (Review, Comment):
            texts: Any = model._default_manager
            while batch := outdated(texts):
                done += sum(render_text(text) for text in batch)
        while episodes := outdated(Episode.objects):
            done += sum(render_episode(episode) for episode in episodes)
        self.stdout.write(f"{done} rendered.")


def outdated(rows: Any) -> list[Any]:
    return list(rows.with_words().exclude(renderer_version=RENDERER_VERSION).order_by("pk")[:BATCH])


def render_text(text: Text) -> bool:
    """False where it has changed meanwhile. A short transaction that locks as every verb does.

    Another renderer may count other words, and a review that says nothing in words is counted elsewhere.
    """
    before = text.ledger()
    text.write(text.body)
    as_read = type(text)._default_manager.filter(pk=text.pk, version=text.version)
    with transaction.atomic():
        written = as_read.update(
            whole_html=text.whole_html,
            renderer_version=text.renderer_version,
            word_count=text.word_count,
            version=F("version") + 1,
        )
        if written:
            text.settle_from(before)  # also raises the versions of the pages that show it
    return bool(written)


def render_episode(episode: Episode) -> bool:
    """False where its words have changed meanwhile. Its version goes up with each review: it tells nothing here."""
    episode.render()
    same = Episode.objects.with_words().filter(pk=episode.pk)
    as_read = same.filter(recap=episode.recap, bonus_track=episode.bonus_track)
    with transaction.atomic():
        written = as_read.update(
            recap_html=episode.recap_html,
            bonus_track_html=episode.bonus_track_html,
            renderer_version=episode.renderer_version,
            version=F("version") + 1,
        )
        if written:
            Series.objects.filter(pk=episode.series_id).update(version=F("version") + 1)
    return bool(written)
