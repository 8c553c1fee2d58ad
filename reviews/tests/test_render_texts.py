from io import StringIO

import pytest
from django.core.management import call_command

from episodes.models import Episode
from reviews.models import Comment, Review


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
    assert set(Review.objects.values_list("whole_html", flat=True)) == {"<p>A <em>word</em></p>"}
    assert "<p><em>Comment</em> 2</p>" in Comment.objects.values_list("whole_html", flat=True)
    assert Episode.objects.filter(recap_html="<p>Recap 1</p>", bonus_track_html="<p>Epilogue 1</p>").exists()
    assert not Episode.objects.filter(recap_html="old").exists()


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
