"""`/series/<slug>/`: the sleeve, held to what its reader has seen."""

import re

import pytest

from conftest import seen
from episodes.models import Credit, Kin, Note, Person, PressReview

PATH = "/series/drama/"
ENDING = "Happily, in the snow."


def set_cookie(client, through):
    assert client.post(f"{PATH}progress/", {"seen_through": through}).status_code == 302


def test_shows_the_series(client, series):
    page = client.get(PATH)
    assert page.status_code == 200
    assert '<span class="sleeve__title" lang="en">Drama</span>' in page.text
    assert "one evening: 3 h 00" in page.text
    for number in range(1, 5):
        assert f'href="{PATH}episodes/{number}/"' in page.text
        assert f"Logline {number}" in page.text


@pytest.mark.parametrize("through", [None, 0, 1, 2, 3, 4])
def test_a_visitor_is_told_titles_up_to_the_next_episode(client, series, through):
    if through is not None:
        set_cookie(client, through)
    page = client.get(PATH).text
    for number in range(1, 5):
        is_told = number - 1 <= (through or 0)
        assert (f"Title {number}" in page) is is_told
        assert (f"제목 {number}" in page) is is_told


@pytest.mark.parametrize("through", [None, 0, 3, 4])
def test_a_member_is_told_how_it_ends_only_at_the_end(as_member, alice, series, through):
    if through is not None:
        seen(alice, series, through)
    page = as_member(alice).get(PATH).text
    assert "Does it end happily?" in page
    assert (ENDING in page) is (through == 4)


def test_the_ending_can_be_asked_for_and_nobody_keeps_the_answer(client, series):
    link = f'href="?reveal=ending-{series.pk}#ending" rel="nofollow"'
    assert link in client.get(PATH).text
    page = client.get(f"{PATH}?reveal=ending-{series.pk}")
    assert ENDING in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]
    assert not page.cookies
    assert ENDING not in client.get(PATH).text


@pytest.mark.parametrize(("through", "is_told"), [(None, False), (1, False), (2, True), (4, True)])
def test_scoped_facts_wait(client, series, episode, through, is_told):
    """Credits, press and notes that give something away are not there yet."""
    person = Person.objects.create(name="Surprise Guest", known_for="Somewhere Else")
    Credit.objects.create(series=series, person=person, job="cast", character="The Brother", scope=2)
    PressReview.objects.create(series=series, episode=episode, outlet="Gazette", quote="He leaves", score=4, scope=2)
    Note.objects.create(series=series, about="The scarf", text="Two sources disagree", scope=2)
    if through is not None:
        set_cookie(client, through)
    page = client.get(PATH).text
    for words in ("Surprise Guest", "Somewhere Else", "The Brother", "Gazette", "He leaves", "Two sources disagree"):
        assert (words in page) is is_told


def test_kin_is_a_link_only_where_it_is_published(client, series, make_series):
    Kin.objects.create(series=series, title="Near", to_series=make_series("near"), why="Same snow")
    Kin.objects.create(series=series, title="Far", to_series=make_series("far", published_at=None), why="Same songs")
    page = client.get(PATH).text
    assert '<a href="/series/near/">Near</a>' in page
    assert "Far" in page
    assert "/series/far/" not in page


def test_reviews_beyond_the_reader_wait_in_numbers(client, series, make_review, alice, bob):
    make_review(alice, series, body="Open words", spoils_through=0)
    make_review(bob, series, headline="Closed line", body="Closed words", spoils_through=4)
    page = client.get(PATH).text
    assert "Open words" in page
    assert "Closed words" not in page
    assert "1 waits after Track 4." in page


def test_a_member_sees_their_own_stars(as_member, alice, bob, episode, make_review):
    make_review(alice, episode, stars=9)
    assert "you: 4½" in as_member(alice).get(PATH).text
    assert "you:" not in as_member(bob).get(PATH).text


def test_the_band_asks_who_has_not_answered(client, series):
    page = client.get(PATH).text
    assert "How far have you seen?" in page
    assert "band--unanswered" in page
    for value in range(5):
        assert f'name="seen_through" value="{value}"' in page


@pytest.mark.parametrize(
    ("through", "says"), [(0, "Not started"), (2, "Seen through Track 2"), (4, "You have seen it all")]
)
def test_the_band_is_quiet_once_it_is_answered(client, series, through, says):
    set_cookie(client, through)
    page = client.get(PATH).text
    assert says in page
    assert "band--unanswered" not in page
    assert "How far have you seen?" not in page


def test_the_band_offers_only_what_has_aired(client, make_series):
    make_series(aired=2)
    page = client.get(PATH).text
    assert 'name="seen_through" value="2"' in page
    assert 'name="seen_through" value="3"' not in page
    assert "seen it all" not in page


@pytest.mark.parametrize("slug", ["unknown", "secret"])
def test_a_missing_and_an_unpublished_series_are_the_same_404(client, make_series, slug):
    make_series("secret", published_at=None)
    page = client.get(f"/series/{slug}/")
    assert page.status_code == 404
    assert "Secret" not in page.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, series, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_costs_the_same_at_every_length(client, as_member, bob, series, episode, make_review, crowd, queries_of):
    browser = as_member(bob)
    seen(bob, series, 4)
    counts = [(queries_of(client, PATH), queries_of(browser, PATH))]
    for count in (1, 20):
        for member in crowd(count):
            make_review(member, series, spoils_through=0)
            make_review(member, episode)
        counts.append((queries_of(client, PATH), queries_of(browser, PATH)))
    assert len(set(counts)) == 1


def test_ratings_stand_beside_those_of_the_press(client, as_member, alice, series, episode, crowd, make_review):
    for member in crowd(5):
        make_review(member, episode, stars=9)
    PressReview.objects.create(series=series, episode=episode, outlet="Gazette", score=4, scope=0)
    PressReview.objects.create(series=series, outlet="Monthly", score=7, scale=10, scope=0)
    PressReview.objects.create(series=series, outlet="Wordy", quote="Snow.", scope=0)
    make_review(alice, episode, stars=7)

    def rows(browser):
        page = browser.get(PATH).text
        table = page[page.index('<table class="ratings">') :]
        text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", table[: table.index("</table>")]))
        return re.sub(r"\s+", " ", text.replace("ratings so far", "")).strip()

    told = rows(as_member(alice))
    assert "Track Fans You Press" in told
    assert "Track 1 no ratings yet Track 2 4.3 of 5, from 6 3½ 4 of 5 Gazette Track 3" in told
    assert told.endswith("Whole series no ratings yet 7 of 10 Monthly")
    assert "You" not in rows(client)


def test_scores_of_the_press_stand_in_the_table_and_its_words_below(client, series, episode, make_series):
    PressReview.objects.create(
        series=series, episode=episode, outlet="Gazette", score=4, scope=0, url="https://a.example/"
    )
    PressReview.objects.create(series=series, outlet="Wordy", quote="Snow.", scope=0)
    page = client.get(PATH).text
    assert page.count("Gazette") == page.count("Wordy") == 1
    assert '<a href="https://a.example/" rel="noopener noreferrer">Gazette</a>' in page
    coming = make_series("coming", aired=0)
    PressReview.objects.create(series=coming, outlet="Early", score=3, scope=0)
    assert "Early" in client.get("/series/coming/").text, "where nothing has aired there is no table"


@pytest.mark.parametrize(("through", "covers", "records"), [(None, 0, 0), (0, 0, 0), (1, 1, 1), (4, 1, 4)])
def test_the_album_fills_in(client, series, through, covers, records):
    if through is not None:
        set_cookie(client, through)
    page = client.get(PATH).text
    drawn = re.findall(r'<svg class="sleeve-art ([^"]*)"', page)
    assert len(drawn) == 5
    assert [words.split() for words in drawn].count(["sleeve-art--large", "sleeve-art--seen"]) == covers
    assert [words.split() for words in drawn].count(["sleeve-art--small", "sleeve-art--seen"]) == records
    assert [words.split() for words in drawn].count(["sleeve-art--small", "sleeve-art--unseen"]) == 4 - records


@pytest.mark.parametrize("episodes", [0, 1, 16])
def test_a_series_of_any_length_has_a_page(client, make_series, episodes):
    make_series(episodes=episodes)
    page = client.get(PATH)
    assert page.status_code == 200
    assert page.text.count('class="track-list__row"') == episodes
    assert page.text.count("Side ") == (4 if episodes == 16 else 0)
    assert ("Nobody has said yet what is on it." in page.text) is (episodes == 0)


def test_all_in_one_go_is_offered_to_who_has_seen_it_all(as_member, alice, series):
    browser = as_member(alice)
    seen(alice, series, 3)
    assert "/series/drama/ratings/" not in browser.get(PATH).text
    seen(alice, series, 4)
    assert 'href="/series/drama/ratings/"' in browser.get(PATH).text
