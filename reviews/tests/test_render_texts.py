from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from episodes.models import Episode
from reviews.models import Comment, Review, ScopeTally, Text
from soundtrack_site.markdown import RENDERER_VERSION


def render_texts():
    out = StringIO()
    call_command("render_texts", stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def outdated(alice, bob, series, episode, make_review, make_comment, monkeypatch):
    """Five texts and two episodes that an earlier renderer rendered, more than one batch of each."""
    monkeypatch.setattr("reviews.management.commands.render_texts.BATCH", 2)
    for author in (alice, bob):
        make_review(author, episode, body="A *word*")
    for number in range(3):
        make_comment(alice, episode, body=f"*Comment* {number}")
    for model in (Review, Comment):
        model.objects.update(renderer_version=0, whole_html="old")
    Episode.objects.filter(number__lte=2).update(renderer_version=0, recap_html="old", bonus_track_html="old")


def test_what_an_earlier_renderer_left_is_rendered_again(outdated):
    assert render_texts() == "7 rendered."
    assert set(Review.objects.with_words().values_list("whole_html", flat=True)) == {"<p>A <em>word</em></p>"}
    assert "<p><em>Comment</em> 2</p>" in Comment.objects.with_words().values_list("whole_html", flat=True)
    assert (
        Episode.objects.with_words().filter(recap_html="<p>Recap 1</p>", bonus_track_html="<p>Epilogue 1</p>").exists()
    )
    assert not Episode.objects.with_words().filter(recap_html="old").exists()


def test_versions_rise_so_that_no_page_keeps_the_old_words(outdated, series, episode):
    texts = dict(Review.objects.values_list("pk", "version"))
    before = (Episode.objects.get(pk=episode.pk).version, type(series).objects.get(pk=series.pk).version)
    render_texts()
    assert all(version > texts[pk] for pk, version in Review.objects.values_list("pk", "version"))
    after = (Episode.objects.get(pk=episode.pk).version, type(series).objects.get(pk=series.pk).version)
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_a_second_run_has_nothing_to_do(outdated, series):
    render_texts()
    version = type(series).objects.get(pk=series.pk).version
    assert render_texts() == "0 rendered."
    assert type(series).objects.get(pk=series.pk).version == version


@pytest.fixture
def meanwhile(monkeypatch):
    """Something that others do once, after the command has read the first text and before it writes it."""

    def act(what):
        write = Text.write
        done: list[int] = []

        def write_late(self, body):
            if not done:
                done.append(self.pk)
                what(type(self).objects.filter(pk=self.pk))
            write(self, body)

        monkeypatch.setattr(Text, "write", write_late)
        return done

    return act


def test_words_that_changed_meanwhile_stay_as_their_author_left_them(outdated, meanwhile):
    changed = meanwhile(
        lambda row: row.update(
            body="New", whole_html="<p>New</p>", renderer_version=RENDERER_VERSION, version=F("version") + 1
        )
    )
    assert render_texts() == "6 rendered."
    assert Review.objects.with_words().filter(pk__in=changed, body="New", whole_html="<p>New</p>").exists()


def test_a_text_that_was_only_touched_meanwhile_is_rendered_the_next_time_round(outdated, meanwhile):
    meanwhile(lambda row: row.update(version=F("version") + 1))
    assert render_texts() == "7 rendered."
    assert set(Review.objects.with_words().values_list("whole_html", flat=True)) == {"<p>A <em>word</em></p>"}


def test_an_episode_that_changed_meanwhile_keeps_its_new_words(outdated, monkeypatch):
    render = Episode.render
    changed: list[int] = []

    def render_late(self):
        render(self)
        if not changed:
            changed.append(self.pk)
            new = {"recap": "New", "recap_html": "<p>New</p>", "renderer_version": RENDERER_VERSION}
            Episode.objects.filter(pk=self.pk).update(**new)

    monkeypatch.setattr(Episode, "render", render_late)
    assert render_texts() == "6 rendered."
    assert Episode.objects.with_words().filter(pk__in=changed, recap_html="<p>New</p>").exists()


@pytest.mark.django_db(transaction=True)
def test_rendering_waits_outside_every_transaction(outdated, monkeypatch):
    write = Text.write
    inside: list[bool] = []

    def watch(self, body):
        inside.append(connection.in_atomic_block)
        write(self, body)

    monkeypatch.setattr(Text, "write", watch)
    render_texts()
    assert inside == [False] * 5


def test_a_renderer_that_counts_other_words_leaves_the_tallies_right(outdated, alice, monkeypatch):
    Review.objects.update(headline="")
    assert ScopeTally.objects.get(kind="review").count == 2
    monkeypatch.setattr("reviews.models.text.count_words", lambda text: 0)
    render_texts()
    assert ScopeTally.objects.get(kind="review").count == 0
