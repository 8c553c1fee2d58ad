"""All reviews of an episode or of a whole series."""

import pytest

from conftest import seen

EPISODE = "/series/drama/episodes/2/reviews/"
SERIES = "/series/drama/reviews/"


def set_cookie(client, through):
    assert client.post("/series/drama/progress/", {"seen_through": through}).status_code == 302


@pytest.mark.parametrize("path", [EPISODE, SERIES])
def test_an_empty_list_asks_for_the_first_line(client, episode, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "Nobody has reviewed it yet. The first line is yours." in page.text


def test_each_list_has_its_own_reviews(client, alice, series, episode, make_review):
    make_review(alice, series, body="of the series")
    make_review(alice, episode, body="of the episode")
    assert "of the series" in client.get(SERIES).text
    assert "of the episode" not in client.get(SERIES).text
    assert "of the episode" in client.get(EPISODE).text
    assert "of the series" not in client.get(EPISODE).text


@pytest.mark.parametrize("path", [EPISODE, SERIES])
def test_a_bare_rating_counts_and_is_not_listed(client, alice, series, episode, make_review, path):
    make_review(alice, series if path == SERIES else episode, headline="", body="")
    page = client.get(path).text
    assert "1 rating so far" in page
    assert "Alice" not in page


@pytest.mark.parametrize("through", [None, 0, 1, 2, 3, 4])
def test_words_beyond_the_visitor_are_not_sent(client, series, episode, crowd, make_review, through):
    for scope, author in enumerate(crowd(5)):
        make_review(author, episode, headline=f"line {scope}", body=f"words <{scope}>", spoils_through=scope)
    if through is not None:
        set_cookie(client, through)
    page = client.get(EPISODE).text
    for scope in range(5):
        assert f"line {scope}" in page
        assert (f"words &lt;{scope}&gt;" in page) is (scope <= (through or 0))
        assert (f"waiting after Track {scope}." in page) is (scope > (through or 0))


@pytest.mark.parametrize("through", [None, 2])
def test_words_beyond_the_member_are_not_sent(as_member, alice, bob, series, episode, make_review, through):
    make_review(bob, episode, body="the words", spoils_through=2)
    if through is not None:
        seen(alice, series, through)
    assert ("the words" in as_member(alice).get(EPISODE).text) is (through == 2)


def test_a_title_beyond_the_reader_is_withheld(client, episode):
    page = client.get(EPISODE).text
    assert "Reviews of Track 2" in page
    assert "Title 2" not in page


def test_one_stub_can_be_asked_for(client, alice, bob, episode, make_review):
    asked = make_review(alice, episode, body="the asked words", spoils_through=4)
    make_review(bob, episode, body="the other words", spoils_through=4)
    assert f'href="?reveal=review-{asked.pk}#review-{asked.pk}" rel="nofollow"' in client.get(EPISODE).text
    page = client.get(f"{EPISODE}?reveal=review-{asked.pk}")
    assert "the asked words" in page.text
    assert "the other words" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]


def test_a_hidden_review_is_in_no_list_and_on_its_own_page_for_its_author(
    client, as_member, alice, bob, mona, episode, make_review
):
    review = make_review(alice, episode, headline="Hidden line", body="hidden words")
    review.hide(by=mona, reason="Spoils.")
    for browser in (client, as_member(alice), as_member(bob), as_member(mona)):
        assert "idden" not in browser.get(EPISODE).text.replace("visually-hidden", "").replace('type="hidden"', "")
    assert "hidden words" in as_member(alice).get(review.get_absolute_url()).text


def test_pages_follow_each_other_without_losing_or_repeating_a_review(client, episode, crowd, make_review):
    pks = [make_review(author, episode).pk for author in crowd(21)]
    first = client.get(EPISODE)
    assert [review.pk for review in first.context["page"].rows] == pks[:0:-1]
    assert f'rel="next" href="?page={pks[1]}"' in first.text
    second = client.get(EPISODE, {"page": pks[1]})
    assert [review.pk for review in second.context["page"].rows] == pks[:1]
    assert 'rel="next" href="?page=' not in second.text
    assert f'<a href="{EPISODE}">First page</a>' in second.text


@pytest.mark.parametrize("asked", ["x", "", "-1", "1.5", "9" * 19, "1 ", "٣", "\x00", "1'--"])
def test_a_page_that_is_none_is_404(client, episode, asked):
    assert client.get(EPISODE, {"page": asked}).status_code == 404


@pytest.mark.parametrize("asked", ["0", "1", "9" * 18])
def test_any_key_is_a_page(client, episode, asked):
    assert client.get(EPISODE, {"page": asked}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/series/drama/episodes/4/reviews/",
        "/series/drama/episodes/9/reviews/",
        f"/series/drama/episodes/{'9' * 20}/reviews/",
        "/series/unknown/reviews/",
        "/series/secret/reviews/",
        "/series/secret/episodes/1/reviews/",
    ],
)
def test_what_is_missing_unaired_or_unpublished_is_404(client, make_series, path):
    make_series(aired=3)
    make_series("secret", published_at=None)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", [EPISODE, SERIES])
def test_only_reads(client, episode, path, method):
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize("path", [EPISODE, SERIES])
def test_costs_the_same_at_every_length(
    client, as_member, alice, series, episode, crowd, make_review, queries_of, path
):
    seen(alice, series, 1)
    set_cookie(client, 1)
    browser = as_member(alice)
    counts = [(queries_of(client, path), queries_of(browser, path))]
    for count in (1, 41):
        for author in crowd(count):
            make_review(author, series if path == SERIES else episode, spoils_through=3 * (author.pk % 2))
        counts.append((queries_of(client, path), queries_of(browser, path)))
    assert len(set(counts)) == 1
    assert max(counts[0]) <= 12


def test_what_waits_has_pages_too(client, episode, crowd, make_review):
    for author in crowd(21):
        make_review(author, episode, spoils_through=2)
    first = client.get(EPISODE)
    assert len(first.context["stubs"].rows) == 20
    second = client.get(EPISODE, {"waiting": first.context["stubs"].next_key})
    assert len(second.context["stubs"].rows) == 1
    assert client.get(EPISODE, {"waiting": "x"}).status_code == 404
