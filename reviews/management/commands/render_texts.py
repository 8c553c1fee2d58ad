from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F

from episodes.models import Episode, Series
from reviews.models import Comment, Review, Text
from soundtrack_site.markdown import RENDERER_VERSION, render_markdown

BATCH = 500  # rows held at a time; writers wait for one batch at most


class Command(BaseCommand):
    help = "Render again what an earlier renderer rendered: reviews, comments and editors' texts."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        for model in (Review, Comment):
            while rendered := self.render_texts(model):
                done += rendered
        while rendered := self.render_episodes():
            done += rendered
        self.stdout.write(f"{done} rendered.")

    @transaction.atomic
    def render_texts(self, model: type[Text]) -> int:
        """One batch. Pages that kept the old words learn of it by the versions of what they show."""
        rows: Any = model._default_manager
        texts = list(rows.with_words().select_for_update().exclude(renderer_version=RENDERER_VERSION)[:BATCH])
        for text in texts:
            text.whole_html = render_markdown(text.body)
            text.renderer_version = RENDERER_VERSION
            text.version += 1
        rows.bulk_update(texts, ["whole_html", "renderer_version", "version"], batch_size=100)
        touch({text.episode_id for text in texts if text.episode_id}, {text.series_id for text in texts})
        return len(texts)

    @transaction.atomic
    def render_episodes(self) -> int:
        episodes = list(
            Episode.objects.with_words().select_for_update().exclude(renderer_version=RENDERER_VERSION)[:BATCH]
        )
        for episode in episodes:
            episode.render()
        columns = ["recap_html", "bonus_track_html", "renderer_version"]
        Episode.objects.bulk_update(episodes, columns, batch_size=50)
        touch({episode.pk for episode in episodes}, {episode.series_id for episode in episodes})
        return len(episodes)


def touch(episodes: set[int], series: set[int]) -> None:
    Episode.objects.filter(pk__in=episodes).update(version=F("version") + 1)
    Series.objects.filter(pk__in=series).update(version=F("version") + 1)
