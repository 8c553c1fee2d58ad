from __future__ import annotations

import json
from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import member, seen
from episodes.models import (
    Credit,
    Cue,
    Episode,
    KeyMoment,
    Kin,
    Note,
    Person,
    PressReview,
    Progress,
    Series,
    Song,
    Source,
    Tag,
    WatchLink,
)

MODELS = [Series, Episode, Tag, Person, Song, Credit, KeyMoment, Kin, Note, Source, WatchLink, PressReview]


@pytest.fixture
def browser(as_member, edith):
    return as_member(edith)


def listed(model):
    return reverse(f"admin:episodes_{model._meta.model_name}_changelist")


def page(row, name="change"):
    return reverse(f"admin:episodes_{row._meta.model_name}_{name}", args=[row.pk])


def fields_of(answer):
    """What a browser would send back from the form on this page, inlines and all."""
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or "PictureField" in type(bound.field).__name__:
                continue
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                for number, part in enumerate(widget.decompress(value)):
                    sent[f"{bound.html_name}_{number}"] = "" if part is None else str(part)
            else:
                sent[bound.html_name] = value
    return sent


def save(browser, row, **changes):
    url = page(row)
    return browser.post(url, {**fields_of(browser.get(url)), **changes})


def version_of(row):
    return type(row).objects.values_list("version", flat=True).get(pk=row.pk)


def fill(series, number):
    """One more row for every page of the catalogue."""
    episode = series.episodes.get(number=1)
    person = Person.objects.create(name=f"Person {number}")
    song = Song.objects.create(series=series, part=number, title=f"Song {number}")
    Cue.objects.create(song=song, episode=episode, at=number)
    Credit.objects.create(series=series, person=person, job="cast", character=f"Character {number}")
    KeyMoment.objects.create(episode=episode, text=f"Moment {number}", spotted_by=member(f"spotter{number}"))
    Kin.objects.create(series=series, title=f"Kin {number}", why="Rain")
    Note.objects.create(series=series, about=f"Note {number}", text="Two sources")
    Source.objects.create(series=series, name=f"Source {number}")
    WatchLink.objects.create(series=series, service=f"Service {number}", checked_on=date(2022, 3, 23))
    PressReview.objects.create(series=series, episode=episode, outlet=f"Paper {number}", score=4)
    Tag.objects.create(kind="mood", name=f"Mood {number}")
    Progress.objects.record(member(f"watcher{number}"), series, 1)


def test_every_model_of_the_catalogue_has_a_page(db):
    assert not [model for model in [*MODELS, Progress] if model not in admin.site._registry]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("mona", 403), ("edith", 200), ("admin_user", 200)])
def test_editors_and_admins_alone_open_it(request, as_member, series, model, who, status):
    fill(series, 1)
    browser = as_member(request.getfixturevalue(who))
    row = model.objects.first()
    for url in (
        listed(model),
        reverse(f"admin:episodes_{model._meta.model_name}_add"),
        page(row),
        page(row, "delete"),
    ):
        assert browser.get(url, follow=True).status_code == status, url
    assert browser.get(listed(model), {"q": "a"}, follow=True).status_code == status


@pytest.mark.parametrize("model", [*MODELS, Progress])
def test_a_list_costs_the_same_at_one_row_and_at_twenty(as_member, admin_user, make_series, model):
    browser = as_member(admin_user)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(listed(model)).status_code == 200
        return len(captured)

    fill(make_series("first", episodes=1), 1)
    queries()
    at_one = queries()
    for number in range(2, 21):
        fill(make_series(f"series-{number}", episodes=1), number)
    assert queries() == at_one


@pytest.mark.parametrize("model", MODELS)
def test_saving_a_form_unchanged_keeps_the_row_and_raises_the_version_of_its_series(browser, series, model):
    fill(series, 1)
    tag = Tag.objects.get(name="Mood 1")
    series.tags.add(tag)
    row = model.objects.first()
    before = version_of(series)
    answer = save(browser, row)
    assert answer.status_code == 302
    assert version_of(series) > before
    assert model.objects.filter(pk=row.pk).exists()


def test_a_saved_episode_is_rendered_and_raises_both_versions(browser, series, episode):
    before = (version_of(episode), version_of(series))
    answer = save(browser, episode, recap="A *new* recap", bonus_track="<script>x</script>")
    assert answer.status_code == 302
    kept = Episode.objects.with_words().get(pk=episode.pk)
    assert kept.recap_html == "<p>A <em>new</em> recap</p>"
    assert "<script>" not in kept.bonus_track_html
    assert kept.title == "Title 2"
    assert (kept.version, version_of(series)) > before


def test_a_new_episode_gets_the_number_before_as_the_scope_of_its_title(browser, series):
    url = reverse("admin:episodes_episode_add")
    sent = {**fields_of(browser.get(url)), "series": series.pk, "number": 5, "title": "Coda"}
    assert browser.post(url, {**sent, "title_scope": ""}).status_code == 302
    assert Episode.objects.get(series=series, number=5).title_scope == 4
    refused = browser.post(url, {**sent, "number": 6, "title_scope": "7"})
    assert "cannot spoil later episodes" in refused.content.decode()
    twice = browser.post(url, {**sent, "title_scope": ""})
    assert twice.status_code == 200
    assert twice.context["errors"]


def test_an_emptied_title_scope_is_filled_again_and_zero_stays_zero(browser, episode):
    save(browser, episode, title_scope="0")
    assert Episode.objects.get(pk=episode.pk).title_scope == 0
    save(browser, episode, title_scope="")
    assert Episode.objects.get(pk=episode.pk).title_scope == 1


def test_the_number_of_an_episode_and_its_series_never_change(browser, episode, make_series):
    other = make_series("other")
    save(browser, episode, number="9", series=str(other.pk))
    kept = Episode.objects.get(pk=episode.pk)
    assert (kept.number, kept.series_id) == (2, episode.series_id)


def test_a_saved_series_keeps_what_was_loaded_and_its_ending(browser, series):
    Series.objects.filter(pk=series.pk).update(loaded={"title": "Drama"})
    assert save(browser, series, tagline="New").status_code == 302
    kept = Series.objects.with_words().get(pk=series.pk)
    assert (kept.tagline, kept.loaded, kept.ending) == ("New", {"title": "Drama"}, "Happily, in the snow.")
    assert kept.vocabulary == series.vocabulary


BAD = [
    "{",
    "[1]",
    '{"en": []}',
    '"text"',
    "[" * 5000,
    '["\\ud800"]',
    '["a\\u0000"]',
    "9" * 5000,
    '{"xx": {}}',
    "[[]]",
    '[""]',
]


@pytest.mark.parametrize("field", ["aliases", "vocabulary"])
@pytest.mark.parametrize("bad", BAD)
def test_bad_json_is_an_error_of_its_field(browser, series, field, bad):
    answer = save(browser, series, **{field: bad})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors[field]


def test_json_may_be_left_empty(browser, series):
    assert save(browser, series, aliases="", vocabulary="").status_code == 302
    kept = Series.objects.get(pk=series.pk)
    assert (kept.aliases, kept.vocabulary) == ([], {})


def test_json_keeps_its_script(browser, series):
    assert save(browser, series, aliases=json.dumps(["사운드트랙"])).status_code == 302
    assert Series.objects.get(pk=series.pk).aliases == ["사운드트랙"]
    assert "사운드트랙" in browser.get(page(series)).content.decode()


def test_a_cue_joins_song_and_episode_of_one_series(browser, series, make_series):
    song = Song.objects.create(series=series, title="Snow")
    other = make_series("other").episodes.get(number=1)
    own = series.episodes.get(number=1)
    cue = {"cues-TOTAL_FORMS": 1, "cues-0-song": song.pk, "cues-0-at": 5}
    refused = save(browser, song, **cue, **{"cues-0-episode": other.pk})
    assert "different series" in refused.content.decode()
    assert not Cue.objects.exists()
    before = version_of(own)
    assert save(browser, song, **cue, **{"cues-0-episode": own.pk}).status_code == 302
    assert version_of(own) > before


def test_a_press_review_stays_with_its_series(browser, series, make_series):
    press = PressReview.objects.create(series=series, outlet="Paper", score=4)
    other = make_series("other").episodes.get(number=1)
    refused = save(browser, press, episode=other.pk)
    assert refused.context["adminform"].form.errors["episode"]


def test_what_leaves_a_series_raises_the_version_of_both(browser, series, make_series):
    other = make_series("other")
    note = Note.objects.create(series=series, about="Runtime", text="45 or 46")
    before = (version_of(series), version_of(other))
    save(browser, note, series=other.pk)
    assert version_of(series) > before[0]
    assert version_of(other) > before[1]


@pytest.mark.parametrize("way", ["page", "list"])
def test_what_is_deleted_raises_the_version(browser, series, way):
    note = Note.objects.create(series=series, about="Runtime", text="45 or 46")
    before = version_of(series)
    if way == "page":
        browser.post(page(note, "delete"), {"post": "yes"})
    else:
        wipe = {"action": "delete_selected", "_selected_action": [note.pk], "post": "yes"}
        browser.post(listed(Note), wipe)
    assert not Note.objects.exists()
    assert version_of(series) > before


def built_on_by_review(series, alice, make_review, make_comment):
    make_review(alice, series.episodes.get(number=4))


def built_on_by_comment(series, alice, make_review, make_comment):
    make_comment(alice, series.episodes.get(number=4))


def built_on_by_progress(series, alice, make_review, make_comment):
    seen(alice, series, 4)


@pytest.mark.parametrize("build", [built_on_by_review, built_on_by_comment, built_on_by_progress])
def test_what_members_built_on_is_not_deleted(browser, series, alice, make_review, make_comment, build):
    build(series, alice, make_review, make_comment)
    episode = series.episodes.get(number=4)
    wipe = {"action": "delete_selected", "_selected_action": [episode.pk], "post": "yes"}
    for answer in (
        browser.get(page(episode, "delete")),
        browser.post(page(episode, "delete"), {"post": "yes"}),
        browser.post(listed(Episode), wipe),
        browser.post(page(series, "delete"), {"post": "yes"}),
    ):
        assert answer.status_code == 200
        assert answer.context["protected"]
    assert Episode.objects.filter(pk=episode.pk).exists()
    assert Series.objects.filter(pk=series.pk).exists()


def test_what_nobody_built_on_may_go(browser, series):
    episode = series.episodes.get(number=4)
    assert browser.post(page(episode, "delete"), {"post": "yes"}).status_code == 302
    assert not Episode.objects.filter(pk=episode.pk).exists()


def test_a_person_with_credits_is_not_deleted(browser, series):
    fill(series, 1)
    person = Person.objects.get()
    assert browser.post(page(person, "delete"), {"post": "yes"}).context["protected"]
    assert Person.objects.exists()


def test_progress_is_only_read(as_member, admin_user, alice, series):
    seen(alice, series, 2)
    progress = Progress.objects.get()
    browser = as_member(admin_user)
    assert browser.get(listed(Progress)).status_code == 200
    assert browser.get(page(progress)).status_code == 200
    assert browser.post(page(progress), {"seen_through": 4}).status_code == 403
    assert browser.post(page(progress, "delete"), {"post": "yes"}).status_code == 403
    assert Progress.objects.get().seen_through == 2


def test_an_episode_is_found_by_number_and_series(browser, series, make_series):
    make_series("other")
    found = browser.get(listed(Episode), {"q": "Drama 3"}).context["cl"].result_list
    assert [(row.series_id, row.number) for row in found] == [(series.pk, 3)]
