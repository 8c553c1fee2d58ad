from datetime import UTC, datetime, timedelta

import pytest

from reviews.models import Draft
from reviews.models.draft import Kept
from reviews.places import Place

PATH = "/settings/drafts/"


@pytest.fixture
def keep(alice):
    def keep(form, target, member=alice, **values):
        Draft.objects.keep(member, Place(form, target), values or {"body": "Half a thought"})
        return Draft.objects.latest("pk")

    return keep


def test_it_lists_what_waits_and_leads_back_to_where_it_was_written(as_member, alice, episode, keep):
    keep("review", episode, headline="A line", body="Half a thought", stars="8")
    page = as_member(alice).get(PATH)
    assert page.status_code == 200
    for said in ("A line", "Half a thought", "My review of Drama, Track 2", "/series/drama/episodes/2/review/"):
        assert said in page.text


@pytest.mark.parametrize("form", ["talk", "bonus"])
def test_talk_and_answers_to_the_question_say_where(as_member, alice, episode, keep, form):
    draft = keep(form, episode)
    page = as_member(alice).get(PATH).text
    assert draft.where.path in page
    assert "Track 2" in page


def test_stars_alone_wait_too(as_member, alice, series, keep):
    keep("review", series, stars="9")
    assert "Only stars." in as_member(alice).get(PATH).text


def test_an_answer_names_whom_it_answers(as_member, alice, bob, episode, keep, make_review, make_comment):
    keep("answer", make_review(bob, episode))
    keep("answer", make_comment(bob, episode))
    keep("edit", make_comment(alice, episode, body="Mine"))
    page = as_member(alice).get(PATH).text
    assert "Under the review by Bob, Drama" in page
    assert "An answer to Bob, Drama" in page
    assert "A change to my comment, Drama" in page


def test_a_title_beyond_the_point_is_not_in_it(as_member, alice, series, keep):
    for episode in series.episodes.select_related("series"):
        keep("review", episode)
        keep("talk", episode)
    assert "Title" not in as_member(alice).get(PATH).text


def test_it_needs_login(client, db):
    assert client.get(PATH).headers["Location"] == f"/accounts/login/?next={PATH}"


def test_bob_does_not_see_them(as_member, bob, episode, keep):
    keep("review", episode)
    page = as_member(bob).get(PATH).text
    assert "Half a thought" not in page
    assert "Nothing waits here" in page


def test_there_is_nothing_to_post(as_member, alice):
    assert as_member(alice).post(PATH).status_code == 405


def test_many_cost_what_one_costs(as_member, alice, bob, make_series, make_review, make_comment, keep, queries_of):
    series = make_series(episodes=10)
    keep("review", series)
    few = queries_of(as_member(alice), PATH)
    for episode in series.episodes.select_related("series"):
        keep("review", episode)
        keep("answer", make_review(bob, episode))
        keep("answer", make_comment(bob, episode))
    assert queries_of(as_member(alice), PATH) == few


class TestKeeping:
    def test_a_place_has_one_draft_and_the_last_words_stand(self, alice, episode, keep):
        keep("review", episode, body="First")
        keep("review", episode, body="Second")
        assert [draft.values for draft in Draft.objects.all()] == [{"body": "Second"}]

    def test_each_place_and_each_member_has_its_own(self, alice, bob, series, episode, keep):
        keep("review", episode)
        keep("review", series)
        keep("talk", episode)
        keep("review", episode, member=bob)
        assert Draft.objects.count() == 4

    @pytest.mark.parametrize(("older_by", "stands"), [(1, "Brought"), (-1, "Kept")])
    def test_of_two_texts_the_younger_stands_and_the_older_is_beside_it(self, alice, episode, older_by, stands):
        place = Place("review", episode)
        now = datetime(2026, 5, 1, tzinfo=UTC)
        brought = Kept({"body": "Brought"}, now)
        Draft.objects.bring(alice, place, Kept({"body": "Kept"}, now - timedelta(days=older_by)))
        Draft.objects.bring(alice, place, brought)
        draft = Draft.objects.get()
        assert draft.words == [stands]
        assert draft.earlier_words == [{"Kept": "Brought", "Brought": "Kept"}[stands]]
        Draft.objects.bring(alice, place, brought)
        assert (Draft.objects.get().words, Draft.objects.get().earlier_words) == (draft.words, draft.earlier_words)


@pytest.mark.parametrize("form", ["review", "talk", "bonus", "answer", "edit"])
def test_a_place_is_found_by_its_key(alice, bob, series, episode, make_review, make_comment, form):
    targets = {
        "review": [series, episode],
        "talk": [series, episode],
        "bonus": [episode],
        "answer": [make_review(bob, episode), make_comment(bob, episode)],
        "edit": [make_comment(alice, episode)],
    }
    for target in targets[form]:
        place = Place(form, target)
        found = Place.found(str(place))
        assert found == place
        assert found.path == place.path
        Draft.objects.keep(alice, place, {"body": "x"})
        assert Draft.objects.at(place).get().where == place


@pytest.mark.parametrize(
    "key", ["", "review", "review/episode-0", "review/review-1", "bonus/series-1", "x/episode-1", "review/episode-9x"]
)
def test_a_key_of_no_place_finds_none(episode, key):
    assert Place.found(key) is None
