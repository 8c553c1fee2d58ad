"""Nobody is sent a word beyond their point: checked on what the database answers, not on what a page shows."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import seen, viewer_of
from episodes.boundary import WithheldError, Withholding
from episodes.models import Credit, Cue, Episode, KeyMoment, Note, PressReview, Progress, Series, Song
from reviews.models import Comment, Review

POINTS = [None, 0, 1, 2, 3, 4]


@pytest.fixture(params=["visitor", "member"])
def at_point(request, una):
    """A viewer of either sort who has seen this far; None has never been asked."""

    def look(series, point, **values):
        if request.param == "visitor":
            return viewer_of(cookie={} if point is None else {series.pk: point}, **values)
        Progress.objects.filter(member=una, series=series).delete()
        if point is not None:
            seen(una, series, point)
        return viewer_of(una, **values)

    return look


@pytest.fixture
def texts(alice, bob, mona, series, make_series, make_review, make_comment):
    """Texts of every scope in two series: live, hidden, deleted, a bare rating."""
    other = make_series("other")
    for place in (series, other):
        for episode in place.episodes.all():
            make_review(alice, episode, body=f"word-{place.slug}-{episode.number}", spoils_through=episode.number)
            make_comment(bob, episode, body=f"word-{place.slug}-{episode.number}", spoils_through=episode.number)
        make_review(alice, place, body=f"word-{place.slug}-0", spoils_through=0)
        make_comment(bob, place, body=f"word-{place.slug}-hidden", spoils_through=1).hide(mona, "Rude")
        make_comment(bob, place, body=f"word-{place.slug}-gone", spoils_through=1).retract()
        make_review(bob, place, headline="", body="", stars=3)
    for member in (alice, bob):  # they look again from the start
        for place in (series, other):
            seen(member, place, 1)
    return series, other


def rows(queryset):
    """The answer of the database as it comes over the wire."""
    sql, params = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return repr(cursor.fetchall())


def may_read(text, viewer, points):
    own = text.author == viewer.user and text.deleted_at is None
    return own or (text.is_live and text.spoils_through <= (points.get(text.series_id) or 0))


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("model", [Review, Comment])
def test_a_text_beyond_the_point_is_not_in_the_answer(texts, at_point, model, point):
    series, _ = texts
    viewer = at_point(series, point)
    answer = rows(model.objects.visible_to(viewer).filter(series=series).for_reader(viewer, series))
    for number in range(1, 5):
        assert (f"word-drama-{number}" in answer) == (number <= (point or 0))
    assert "hidden" not in answer
    assert "gone" not in answer


@pytest.mark.parametrize("model", [Review, Comment])
def test_no_query_brings_words_unless_it_says_so(texts, alice, model):
    for queryset in (
        model.objects.all(),
        model.objects.visible_to(viewer_of(alice)),
        model.objects.select_related("author", "series", "episode"),
        model._base_manager.all(),
        Series.objects.all(),
        Episode.objects.select_related("series"),
        Cue.objects.select_related("episode__series"),
        PressReview.objects.select_related("episode"),
        Comment.objects.select_related("parent__author", "review", "root"),
    ):
        answer = rows(queryset)
        assert "word-" not in answer
        assert "Recap" not in answer
        assert "Title" not in answer
        assert "in the snow" not in answer


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.sampled_from(["visitor", "una", "alice", "bob"]),
    here=st.sampled_from(POINTS),
    there=st.sampled_from(POINTS),
    shown=st.sets(st.integers(0, 30), max_size=3),
)
def test_literal_and_mixed_lists_give_the_same_words_to_everybody(texts, una, alice, bob, who, here, there, shown):
    series, other = texts
    points = {series.pk: here, other.pk: there}
    member = {"una": una, "alice": alice, "bob": bob}.get(who)
    if member is not None:
        Progress.objects.filter(member=member).delete()
        for key, point in points.items():
            if point is not None:
                seen(member, Series.objects.get(pk=key), point)
    cookie = {key: point for key, point in points.items() if point is not None and member is None}

    for model, kind in ((Review, "review"), (Comment, "comment")):
        every = list(model.objects.with_words().select_related("author"))
        revealed = {every[place % len(every)].pk for place in shown}
        viewer = viewer_of(member, cookie=cookie, revealed=frozenset((kind, key) for key in revealed))
        read = {text.pk for text in every if may_read(text, viewer, points)}
        opened = read | {text.pk for text in every if text.pk in revealed and text.is_live}
        reached = {text.pk for text in every if text.is_live and text.spoils_through <= (points[text.series_id] or 0)}
        waiting = {text.pk for text in every if text.is_live} - reached

        mixed = model.objects.all()
        assert {text.pk for text in mixed.for_reader(viewer) if text.is_open} == opened
        literal: dict[str, set[int]] = {"open": set(), "waiting": set(), "sent": set()}
        for place in texts:
            one = mixed.filter(series=place)
            literal["open"] |= {text.pk for text in one.open_to(viewer, place)}
            literal["waiting"] |= {text.pk for text in one.waiting_for(viewer, place)}
            literal["sent"] |= {text.pk for text in one.for_reader(viewer, place) if text.is_open}
        assert literal == {"open": reached, "waiting": waiting, "sent": opened}
        words = {text.pk: text.whole_html for text in every}
        for text in mixed.for_reader(viewer):
            assert text.body_html == (words[text.pk] if text.pk in opened else "")


def test_authors_read_their_own_words_wherever_they_are(texts, alice, bob):
    series, _ = texts
    own = Review.objects.filter(author=alice).for_reader(viewer_of(alice), series)
    assert all(review.is_open for review in own.filter(series=series))
    hidden = Comment.objects.filter(hidden_at__isnull=False, series=series)
    assert hidden.for_reader(viewer_of(bob), series).get().body_html == "<p>word-drama-hidden</p>"
    assert not hidden.visible_to(viewer_of(alice)).exists()
    assert not Comment.objects.filter(deleted_at__isnull=False).visible_to(viewer_of(bob)).exists()


def test_a_reveal_opens_that_text_alone(texts):
    series, _ = texts
    first, second = Review.objects.filter(series=series, spoils_through__gte=3)
    viewer = viewer_of(revealed=frozenset({("review", first.pk), ("comment", second.pk)}))
    sent = Review.objects.for_reader(viewer, series)
    assert sent.get(pk=first.pk).is_open
    assert not sent.get(pk=second.pk).is_open


def test_a_reveal_never_opens_what_was_taken_away(texts):
    gone = Comment.objects.exclude(hidden_at=None, deleted_at=None)
    viewer = viewer_of(revealed=frozenset(("comment", comment.pk) for comment in gone))
    assert not any(comment.body_html for comment in gone.for_reader(viewer))


def test_only_visible_texts_are_known_of(texts, mona):
    viewer = viewer_of(mona)  # moderators read in the admin, not here
    assert all(text.is_live for text in Comment.objects.visible_to(viewer))


# Ways of touching words

WITHHOLDING = [Series, Episode, Review, Comment]


LOADED = {
    "plainly": lambda model, column: model.objects.first(),
    "with the key alone": lambda model, column: model.objects.only("pk").first(),
    "with that column alone": lambda model, column: model.objects.only(column).first(),
    "without another": lambda model, column: model.objects.defer("version").first(),
    "by the base manager": lambda model, column: model._base_manager.first(),
    "for a reader": lambda model, column: model.objects.for_reader(viewer_of()).first(),
}


@pytest.mark.parametrize("model", WITHHOLDING)
@pytest.mark.parametrize("load", LOADED.values(), ids=LOADED)
def test_withheld_words_raise_however_their_row_was_loaded(texts, model, load):
    for column in model.withheld:
        with pytest.raises(WithheldError):
            getattr(load(model, column), column)


@pytest.mark.parametrize("model", WITHHOLDING)
def test_refreshing_brings_no_withheld_words(texts, model):
    for column in model.withheld:
        row = model.objects.first()
        with pytest.raises(WithheldError):
            row.refresh_from_db(fields=[column])
        row.refresh_from_db()
        with pytest.raises(WithheldError):
            getattr(row, column)


def test_words_do_not_come_along_relations(texts):
    comment: Any = Comment.objects.filter(episode__isnull=False).first()
    joined: Any = Comment.objects.select_related("episode__series").get(pk=comment.pk)
    prefetched: Any = Comment.objects.prefetch_related("episode__series").get(pk=comment.pk)
    for row in (comment, joined, prefetched):
        for words in ("row.episode.title", "row.episode.recap_html", "row.episode.series.ending"):
            with pytest.raises(WithheldError):
                eval(words, {"row": row})  # noqa: S307
        assert row.episode.label == f"Track {row.episode.number}"


def test_every_withheld_column_is_named_where_it_is():
    for model in WITHHOLDING:
        assert issubclass(model, Withholding)
        assert set(model.withheld) <= {field.name for field in model._meta.fields}


def test_the_verbs_may_have_the_words_and_have_them_fresh(texts):
    review: Any = Review.objects.with_words().filter(spoils_through=2).first()
    assert review.body.startswith("word-")
    Review.objects.filter(pk=review.pk).update(body="Changed elsewhere")
    review.refresh_from_db()
    assert review.body == "Changed elsewhere"


@pytest.mark.parametrize("model", WITHHOLDING)
def test_names_in_lists_hold_no_withheld_word(texts, model):
    for row in model.objects.all():
        assert not any(word in str(row) for word in ("word-", "Title", "제목", "Recap", "snow", "safe line"))


# The catalogue


@pytest.mark.parametrize("point", POINTS)
def test_an_episode_sends_what_its_viewer_has_seen(series, at_point, point):
    viewer = at_point(series, point)
    reached = point or 0
    for queryset in (Episode.objects.for_reader(viewer), Episode.objects.for_reader(viewer, series)):
        answer = rows(queryset)
        episode: Any
        for episode in queryset:
            number = episode.number
            inside = number <= reached
            titled = number - 1 <= reached
            assert episode.sent_title == (f"Title {number}" if titled else None)
            assert episode.sent_native_title == (f"제목 {number}" if titled else None)
            assert episode.sent_recap_html == (f"<p>Recap {number}</p>" if inside else None)
            assert episode.sent_bonus_track_html == (f"<p>Epilogue {number}</p>" if inside else None)
            assert episode.sent_bonus_question == (f"Question {number}?" if inside else None)
            assert episode.name == (f"Title {number}" if titled else f"Track {number}")
            assert (f"Recap {number}" in answer) == inside
            assert (f"Title {number}" in answer) == titled
            assert f"Logline {number}" in answer


@pytest.mark.parametrize("point", POINTS)
def test_the_ending_is_told_to_those_who_have_seen_it(series, at_point, point):
    told: Any = Series.objects.for_reader(at_point(series, point)).get()
    assert told.sent_ending == ("Happily, in the snow." if point == 4 else None)
    assert told.has_ending


def test_the_ending_is_told_to_those_who_ask(series, make_series):
    make_series("other")
    viewer = viewer_of(revealed=frozenset({("ending", series.pk), ("review", series.pk + 1)}))
    rows: Any = Series.objects.for_reader(viewer)
    told = {row.slug: row.sent_ending for row in rows}
    assert told == {"drama": "Happily, in the snow.", "other": None}


@pytest.mark.parametrize("point", POINTS)
def test_scoped_rows_come_only_to_those_who_reached_them(series, make_series, at_point, point):
    other = make_series("other")
    song = Song.objects.create(series=series, part=1, title="Song")
    for episode in [*series.episodes.all(), *other.episodes.all()]:
        number = episode.number
        KeyMoment.objects.create(episode=episode, text=f"Line {number}", order=number)
        Cue.objects.create(song=song, episode=episode, at=number)
        for scoped in (
            Credit(series=episode.series, job="cast", character=f"Part {number}", scope=number),
            Note(series=episode.series, about=f"Note {number}", text="They differ.", scope=number),
            PressReview(series=episode.series, outlet=f"Paper {number}", score=3, scope=number),
        ):
            scoped.save()
    viewer = at_point(series, point)
    expected = list(range(1, (point or 0) + 1))
    assert [row.order for row in KeyMoment.objects.for_reader(viewer, series)] == expected
    assert sorted(row.at or 0 for row in Cue.objects.for_reader(viewer, series)) == expected
    for model in (Credit, Note, PressReview):
        assert sorted(row.scope for row in model.objects.for_reader(viewer, series)) == expected
