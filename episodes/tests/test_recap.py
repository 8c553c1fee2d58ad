"""`/series/<slug>/episodes/<n>/recap/`: the editors' retelling, for those who have seen it."""

import pytest

from conftest import seen
from episodes.models import Cue, KeyMoment, Song

PATH = "/series/drama/episodes/2/recap/"
WORDS = ("Recap 2", "Epilogue 2", "Question 2?", "She opens the letter", "spotted by Bob", "12:30", "Snow Song")


@pytest.fixture
def told(episode, bob):
    """Everything that a recap page can hold."""
    KeyMoment.objects.create(episode=episode, at=750, text="She opens the letter", spotted_by=bob)
    song = Song.objects.create(series=episode.series, part=1, title="Snow Song")
    Cue.objects.create(song=song, episode=episode, at=61)
    return episode


def set_cookie(client, through):
    assert client.post("/series/drama/progress/", {"seen_through": through}).status_code == 302


@pytest.mark.parametrize("through", [2, 3, 4])
def test_tells_those_who_have_seen_it(client, told, through):
    set_cookie(client, through)
    page = client.get(PATH)
    assert page.status_code == 200
    for words in WORDS:
        assert words in page.text


@pytest.mark.parametrize("through", [None, 0, 1])
def test_tells_nothing_to_those_who_have_not(client, told, through):
    if through is not None:
        set_cookie(client, through)
    page = client.get(PATH)
    assert page.status_code == 200
    for words in WORDS:
        assert words not in page.text
    assert "The recap opens when you have seen Track 2." in page.text
    assert 'name="seen_through" value="2"' in page.text


@pytest.mark.parametrize("through", [None, 1, 2])
def test_a_member_goes_by_their_own_row(as_member, alice, series, told, through):
    if through is not None:
        seen(alice, series, through)
    page = as_member(alice).get(PATH).text
    for words in WORDS:
        assert (words in page) is (through == 2)


@pytest.mark.parametrize("asked", ["recap-2", "episode-2", "review-1"])
def test_no_reveal_opens_it(client, told, asked):
    page = client.get(PATH, {"reveal": asked}).text
    for words in WORDS:
        assert words not in page


def test_nothing_written_yet_says_so(client, episode):
    episode.__class__.objects.update(recap_html="", bonus_track_html="", bonus_question="")
    set_cookie(client, 2)
    assert "Nobody has written this one down yet." in client.get(PATH).text


def test_what_has_not_aired_tells_nothing(client, make_series):
    make_series(aired=1)
    page = client.get(PATH)
    assert page.status_code == 200
    assert "It has not aired yet." in page.text
    assert "Recap 2" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/series/drama/episodes/5/recap/",
        f"/series/drama/episodes/{'9' * 20}/recap/",
        "/series/unknown/episodes/1/recap/",
        "/series/secret/episodes/1/recap/",
    ],
)
def test_what_is_missing_or_unpublished_is_404(client, series, make_series, path):
    make_series("secret", published_at=None)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, episode, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_costs_the_same_at_every_length(client, as_member, alice, bob, series, episode, queries_of):
    song = Song.objects.create(series=series, part=1, title="Snow Song")
    seen(alice, series, 2)
    set_cookie(client, 2)
    browser = as_member(alice)
    counts = [(queries_of(client, PATH), queries_of(browser, PATH))]
    for times in ([0], range(1, 21)):
        for at in times:
            KeyMoment.objects.create(episode=episode, at=at, text="A line", spotted_by=bob)
            Cue.objects.create(song=song, episode=episode, at=at)
        counts.append((queries_of(client, PATH), queries_of(browser, PATH)))
    assert len(set(counts)) == 1
    assert max(counts[0]) <= 12
