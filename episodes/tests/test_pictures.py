"""Posters and stills: sent up by editors with their words, shown to whoever may see them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.groups import EDITORS
from conftest import member, seen
from episodes.models import Episode, Series
from episodes.tests.test_admin import listed, page, save
from soundtrack_site.pictures import address, develop, small

WORDS = {"alt": "Two people under one umbrella", "caption": "Before the rain", "credit": "© The network"}


@pytest.fixture
def browser(as_member, db):
    edith = member("edith", is_staff=True)
    edith.groups.add(Group.objects.get(name=EDITORS))
    return as_member(edith)


@pytest.fixture(autouse=True)
def _kept_apart(media):
    pass


def words_of(name, **changes):
    return {f"{name}_{part}": text for part, text in {**WORDS, **changes}.items()}


def row(kept):
    """With its words, whoever asks."""
    return type(kept).objects.with_words().get(pk=kept.pk)


PICTURES = {"poster": (800, 1200), "still": (1280, 720)}


@pytest.fixture(params=PICTURES)
def subject(request, series, episode):
    """Column and row of each picture there is."""
    return request.param, series if request.param == "poster" else episode


def test_a_picture_is_kept_with_its_words_and_measures(browser, subject, media, make_picture):
    name, kept = subject
    width, height = PICTURES[name]
    answer = save(browser, kept, **{name: make_picture(2 * width, 2 * height)}, **words_of(name))
    assert answer.status_code == 302
    stored = row(kept)
    file = getattr(stored, name).name
    assert media() == {file, small(file)}
    assert (getattr(stored, f"{name}_width"), getattr(stored, f"{name}_height")) == (width, height)
    for part, text in WORDS.items():
        assert getattr(stored, f"{name}_{part}") == text
    assert stored.version > kept.version


@pytest.mark.parametrize("part", WORDS)
def test_a_picture_without_one_of_its_words_is_refused_beside_it(browser, subject, media, make_picture, part):
    name, kept = subject
    answer = save(browser, kept, **{name: make_picture()}, **words_of(name, **{part: ""}))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {f"{name}_{part}": ["The picture needs this."]}
    assert not media()


@pytest.mark.parametrize("content", [b"", b"<svg/>", bytes(6_000_000)], ids=["empty", "svg", "heavy"])
def test_what_is_no_picture_is_refused_beside_the_field(browser, subject, media, content):
    name, kept = subject
    answer = save(browser, kept, **{name: SimpleUploadedFile("a.png", content)}, **words_of(name))
    assert [*answer.context["adminform"].form.errors] == [name]
    assert not media()


def test_nothing_is_kept_when_another_field_is_refused(browser, subject, media, make_picture):
    name, kept = subject
    wrong = {"title": ""} if name == "poster" else {"runtime": "0"}
    answer = save(browser, kept, **{name: make_picture()}, **words_of(name), **wrong)
    assert answer.context["adminform"].form.errors
    assert not media()


def test_another_picture_takes_its_place(browser, subject, media, make_picture, django_capture_on_commit_callbacks):
    name, kept = subject
    save(browser, kept, **{name: make_picture()}, **words_of(name))
    first = getattr(row(kept), name).name
    with django_capture_on_commit_callbacks(execute=True):
        save(browser, kept, **{name: make_picture(400, 300)})
    file = getattr(row(kept), name).name
    assert file != first
    assert media() == {file, small(file)}


def test_a_form_without_a_file_leaves_the_picture_alone(browser, subject, make_picture, media):
    name, kept = subject
    save(browser, kept, **{name: make_picture()}, **words_of(name))
    before = row(kept)
    assert save(browser, kept, **{f"{name}_caption": "After the rain"}).status_code == 302
    after = row(kept)
    for column in (name, f"{name}_width", f"{name}_height"):
        assert getattr(after, column) == getattr(before, column)
    assert getattr(after, f"{name}_caption") == "After the rain"
    assert len(media()) == 2


def test_it_can_be_taken_away_with_all_its_words(
    browser, subject, media, make_picture, django_capture_on_commit_callbacks
):
    name, kept = subject
    save(browser, kept, **{name: make_picture()}, **words_of(name))
    nothing = {f"{name}_{part}": "" for part in WORDS}
    with django_capture_on_commit_callbacks(execute=True):
        assert save(browser, kept, **{f"{name}-clear": "on"}, **nothing).status_code == 302
    after = row(kept)
    assert (getattr(after, name).name or "", getattr(after, f"{name}_width")) == ("", None)
    assert not media()


def test_a_new_series_has_its_poster_at_once(browser, media, make_picture):
    sent = {"title": "New", "slug": "new", "ink": "sea", "time_zone": "UTC", "ending_scope": "9"}
    for prefix in ("kin", "notes", "sources", "watch_links"):
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    answer = browser.post(
        "/admin/episodes/series/add/", {**sent, "poster": make_picture(300, 450), **words_of("poster")}
    )
    assert answer.status_code == 302
    new = Series.objects.get(slug="new")
    assert (new.poster_width, new.poster_height, len(media())) == (300, 450, 2)


def test_a_row_that_is_deleted_takes_its_picture_along(
    browser, make_series, media, make_picture, django_capture_on_commit_callbacks
):
    last = make_series(slug="gone", episodes=1).episodes.get()
    save(browser, last, still=make_picture(), **words_of("still"))
    assert media()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(page(last, "delete"), {"post": "yes"})
    assert not Episode.objects.filter(pk=last.pk).exists()
    assert not media()


@pytest.mark.django_db(transaction=True)
def test_many_that_could_not_be_deleted_keep_their_pictures(
    as_member, admin_user, make_series, media, make_picture, monkeypatch
):
    last = make_series(slug="kept", episodes=1).episodes.get()
    ada = as_member(admin_user)
    save(ada, last, still=make_picture(), **words_of("still"))
    before = media(), row(last).version

    def fail(queryset):
        raise LookupError

    monkeypatch.setattr("episodes.models.episode.EpisodeQuerySet.delete", fail)
    with pytest.raises(LookupError):
        ada.post(listed(Episode), {"action": "delete_selected", "_selected_action": [last.pk], "post": "yes"})
    assert (media(), row(last).version) == before
    monkeypatch.undo()
    ada.post(listed(Episode), {"action": "delete_selected", "_selected_action": [last.pk], "post": "yes"})
    assert not media()


@pytest.mark.parametrize("name", ["change", "add"])
def test_nothing_is_developed_for_who_may_not_keep_it(as_member, mona, subject, make_picture, monkeypatch, name):
    developed = []
    monkeypatch.setattr("soundtrack_site.pictures.develop", lambda *sent: developed.append(sent))
    column, kept = subject
    way = page(kept) if name == "change" else reverse(f"admin:episodes_{kept._meta.model_name}_add")
    answer = as_member(mona).post(way, {column: make_picture(), **words_of(column)})
    assert (answer.status_code, developed) == (403, [])


def test_nothing_is_developed_in_a_transaction(browser, subject, make_picture, monkeypatch):
    """On SQLite the whole site would wait for it. The test's own transaction has no savepoint yet."""
    depths = []

    def measured(upload, shape):
        depths.append(len(connection.savepoint_ids))
        return develop(upload, shape)

    monkeypatch.setattr("soundtrack_site.pictures.develop", measured)
    name, kept = subject
    save(browser, kept, **{name: make_picture()}, **words_of(name))
    assert depths == [0]


# Pages


def test_the_poster_is_shown_with_its_words_to_everybody(browser, client, series, make_picture):
    save(browser, series, poster=make_picture(1600, 2400), **words_of("poster"))
    name = row(series).poster.name
    text = client.get(series.get_absolute_url()).text
    assert f'src="{address(name)}" srcset="{address(small(name))} 400w, {address(name)} 800w"' in text
    assert 'width="800" height="1200" alt="Two people under one umbrella" loading="lazy"' in text
    assert "<figcaption>Before the rain" in text
    assert "© The network" in text


def test_a_narrow_poster_has_one_size(browser, client, series, make_picture):
    save(browser, series, poster=make_picture(300, 450), **words_of("poster"))
    assert "srcset" not in client.get(series.get_absolute_url()).text


def test_a_still_waits_for_who_has_seen_its_episode(browser, as_member, bob, episode, series, make_picture):
    save(browser, episode, still=make_picture(1920, 1080), **words_of("still"))
    name = row(episode).still.name
    reader = as_member(bob)
    for point, is_sent in ((1, False), (2, True)):
        seen(bob, series, point)
        for path in (episode.get_absolute_url(), series.get_absolute_url(), f"{episode.get_absolute_url()}recap/"):
            text = reader.get(path).text
            found = [word in text for word in (name.removesuffix(".webp"), *WORDS.values())]
            assert found == [is_sent and path == episode.get_absolute_url()] * 4


def test_no_picture_is_no_figure(client, series, episode):
    for row_ in (series, episode):
        assert 'class="print' not in client.get(row_.get_absolute_url()).text
