"""`/series/<slug>/episodes/<n>/`: one episode, held to what its reader has seen."""

import re

import pytest
from django.core.cache import cache

from conftest import seen
from reviews.models import Review

PATH = "/series/drama/episodes/2/"
EPILOGUE = ("Epilogue 2", "Question 2?")


def set_cookie(client, through):
    assert client.post("/series/drama/progress/", {"seen_through": through}).status_code == 302


def test_shows_the_episode(client, episode):
    page = client.get(PATH)
    assert page.status_code == 200
    assert "Track 2 of 4 · 45 min" in page.text
    assert "Logline 2" in page.text
    assert '<a rel="prev" href="/series/drama/episodes/1/">← Track 1' in page.text
    assert '<a rel="next" href="/series/drama/episodes/3/">Track 3' in page.text
    assert 'href="/series/drama/episodes/2/review/"' in page.text


@pytest.mark.parametrize("through", [None, 0, 1, 2, 3, 4])
def test_a_visitor_gets_the_title_one_episode_before_and_the_epilogue_after(client, episode, through):
    if through is not None:
        set_cookie(client, through)
    page = client.get(PATH).text
    point = through or 0
    assert (">Title 2</h1>" in page) is (point >= 1)
    assert ("Title 3" in page) is (point >= 2)
    for words in EPILOGUE:
        assert (words in page) is (point >= 2)
    assert ("Opens when you have seen Track 2." in page) is (point < 2)
    assert "Recap 2" not in page


@pytest.mark.parametrize("through", [None, 0, 1, 2, 4])
def test_a_member_goes_by_their_own_row(as_member, alice, bob, series, episode, through):
    seen(bob, series, 4)
    if through is not None:
        seen(alice, series, through)
    page = as_member(alice).get(PATH).text
    for words in EPILOGUE:
        assert (words in page) is ((through or 0) >= 2)


def test_a_members_row_counts_and_not_their_cookie(client, alice, series, episode):
    set_cookie(client, 4)
    client.force_login(alice, backend="accounts.backends.MemberBackend")
    page = client.get(PATH).text
    assert "band--unanswered" in page
    assert "Epilogue 2" not in page


@pytest.mark.parametrize(
    ("through", "is_sent"), [(None, False), (0, False), (1, False), (2, False), (3, True), (4, True)]
)
def test_a_review_beyond_the_reader_is_a_stub(client, alice, series, episode, make_review, through, is_sent):
    """Who, when, stars, the safe line, scope and length; never the words; and the two ways on."""
    review = make_review(alice, episode, stars=9, headline="Bring tissues", body="he leaves " * 61, spoils_through=3)
    if through is not None:
        set_cookie(client, through)
    page = client.get(PATH).text
    assert ("he leaves" in page) is is_sent
    for words in ("Alice", "4½ stars", "“Bring tissues”"):
        assert words in page
    if not is_sent:
        assert "About 120 words, waiting after Track 3." in page
        assert 'name="seen_through" value="3"' in page
        assert f"progress/?next=%2Fseries%2Fdrama%2Fepisodes%2F2%2F%23review-{review.pk}" in page
        assert f'<a href="?reveal=review-{review.pk}#review-{review.pk}" rel="nofollow"' in page


def test_one_text_can_be_asked_for_and_nobody_keeps_the_answer(client, alice, bob, episode, make_review):
    asked = make_review(alice, episode, body="the asked words", spoils_through=4)
    make_review(bob, episode, body="the other words", spoils_through=4)
    page = client.get(f"{PATH}?reveal=review-{asked.pk}")
    assert "the asked words" in page.text
    assert "the other words" not in page.text
    assert "Epilogue 2" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert not page.cookies
    assert "the asked words" not in client.get(PATH).text


@pytest.mark.parametrize("asked", ["review-x", "review-", "review-0", f"review-{'9' * 30}", "comment-1", "", "\x00"])
def test_a_reveal_of_nothing_reveals_nothing(client, alice, episode, make_review, asked):
    make_review(alice, episode, body="the words", spoils_through=4)
    page = client.get(PATH, {"reveal": asked})
    assert page.status_code == 200
    assert "the words" not in page.text


def test_comments_beyond_the_reader_are_counted_only(client, alice, episode, make_comment):
    make_comment(alice, episode, body="open talk", spoils_through=0)
    make_comment(alice, episode, body="closed talk", spoils_through=2)
    page = client.get(PATH).text
    assert "open talk" in page
    assert "closed talk" not in page
    assert "1 waits after Track 2." in page
    assert "All 2 comments" in page


def test_what_is_hidden_is_only_on_its_own_page_for_its_author(
    client, as_member, bob, alice, mona, episode, make_review
):
    review = make_review(alice, episode, headline="Hidden line", body="hidden words")
    review.hide(by=mona, reason="Names the ending.")
    for browser in (client, as_member(bob), as_member(alice)):
        page = browser.get(PATH).text
        assert "Hidden line" not in page
        assert "hidden words" not in page
        assert "Nobody has reviewed it yet" in page
    assert "hidden words" in as_member(alice).get(review.get_absolute_url()).text


def test_ones_own_review_is_open_at_any_point(as_member, alice, series, episode, make_review):
    make_review(alice, episode, stars=7, body="own words", spoils_through=4)
    seen(alice, series, 0)
    page = as_member(alice).get(PATH).text
    assert "own words" in page
    assert "Your stars: 3½: phrase 7" in page
    assert "Change my review" in page


def test_a_mean_needs_five_ratings(client, episode, make_review, crowd):
    *four, fifth = crowd(5)
    for member in four:
        make_review(member, episode, stars=8)
    assert "4 ratings so far" in client.get(PATH).text
    make_review(fifth, episode, stars=8)
    assert '<span class="score__from">from 5</span>' in client.get(PATH).text


def test_what_has_not_aired_takes_no_ratings(client, make_series):
    make_series(aired=1)
    page = client.get(PATH)
    assert page.status_code == 200
    assert "It has not aired yet." in page.text
    assert "/episodes/2/review/" not in page.text
    assert "Epilogue 2" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/series/drama/episodes/5/",
        "/series/drama/episodes/0/",
        "/series/drama/episodes/-1/",
        f"/series/drama/episodes/{'9' * 20}/",
        f"/series/drama/episodes/{'9' * 5000}/",
        "/series/unknown/episodes/1/",
        "/series/secret/episodes/1/",
    ],
)
def test_what_is_missing_or_unpublished_is_the_same_404(client, series, make_series, path):
    make_series("secret", published_at=None)
    page = client.get(path)
    assert page.status_code == 404
    assert "Title" not in page.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, episode, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_a_visitors_page_without_cookie_may_be_kept_by_anybody(client, episode):
    page = client.get(PATH)
    assert page.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in page.headers["Vary"].split(",")}
    set_cookie(client, 2)
    assert "private" in client.get(PATH).headers["Cache-Control"]


@pytest.mark.parametrize("through", [0, 2, 4])
def test_cost(client, as_member, bob, series, episode, make_review, make_comment, crowd, queries_of, through):
    """At most 8 queries for a visitor and 12 for a member, session and member counted, at 0, 1 and 21 texts."""
    seen(bob, series, through)
    set_cookie(client, through)
    browser = as_member(bob)
    counts = [(queries_of(client, PATH), queries_of(browser, PATH))]
    for number in (1, 20):
        for member in crowd(number):
            make_review(member, episode, spoils_through=2 * (member.pk % 2))
            root = make_comment(member, episode, spoils_through=2 * (member.pk % 2))
            make_comment(member, episode, parent=root, spoils_through=2)
            make_comment(member, episode, kind="bonus", spoils_through=2)
        counts.append((queries_of(client, PATH), queries_of(browser, PATH)))
    assert Review.objects.count() == 21
    assert len(set(counts)) == 1
    visitor, member = counts[0]
    assert visitor <= 8
    assert member <= 12


def test_a_warm_cache_shows_nobody_elses_page(client, as_member, alice, series, episode):
    cache.clear()
    seen(alice, series, 4)
    assert "Epilogue 2" in as_member(alice).get(PATH).text
    assert "Epilogue 2" not in client.get(PATH).text


def test_one_stub_stands_and_the_rest_are_a_number(client, episode, crowd, make_review):
    made = [
        make_review(member, episode, headline=f"Line {place}", spoils_through=2)
        for place, member in enumerate(crowd(5))
    ]
    page = client.get(PATH).text
    assert [f"Line {place}" in page for place in range(5)] == [False, False, False, False, True]
    assert "4 more wait after Track 2." in page
    assert f'<a href="/series/drama/episodes/2/reviews/?waiting=list#review-{made[3].pk}">List them</a>' in page


def test_who_finds_nothing_safe_is_shown_the_room(client, alice, episode, make_review):
    make_review(alice, episode, spoils_through=2)
    page = client.get(PATH).text
    assert page.index("Safe to read now") < page.index("Nothing here is safe for you yet.") < page.index("Waiting for")
    assert '<a href="/series/drama/comments/">The room is' in page


@pytest.mark.parametrize(("newer", "stays"), [(2, True), (3, False)])
def test_what_would_not_be_among_the_newest_opens_on_its_own_page(client, episode, crowd, make_review, newer, stays):
    far, *others = crowd(newer + 1)
    stub = make_review(far, episode, spoils_through=2)
    for author in others:
        make_review(author, episode)
    page = client.get(PATH).text
    assert (f'next=%2Fseries%2Fdrama%2Fepisodes%2F2%2F%23review-{stub.pk}"' in page) is stays
    assert (f"next=%2Freviews%2F{stub.pk}%2F%23review-{stub.pk}" in page) is not stays


@pytest.fixture
def seats(series, episode, alice, bob, una, make_comment):
    """Talk by people in three seats: after track 2 (alice), after track 4 (bob), and una has not started."""
    seen(alice, series, 2)
    seen(bob, series, 4)
    make_comment(alice, episode, body="I bet he stays", spoils_through=2)
    make_comment(alice, series, body="room talk from your seat", spoils_through=0)
    make_comment(bob, series, body="I know better", spoils_through=0)
    make_comment(una, series, body="not started", spoils_through=0)
    return episode


def between(page):
    start = page.find('id="between"')
    return page[start : page.index('id="bonus-track"', start)] if start != -1 else ""


@pytest.mark.parametrize("through", [None, 0, 1, 2, 3, 4])
def test_between_two_episodes_is_talk_from_the_same_seat(client, seats, through):
    if through is not None:
        set_cookie(client, through)
    part = between(client.get(PATH).text)
    assert bool(part) is (through == 2)
    if part:
        assert "Before Track 3" in part
        for words in ("I bet he stays", "room talk from your seat", "not started"):
            assert words in part
        assert "I know better" not in part
        assert 'href="/series/drama/episodes/2/comments/?seat=same"' in part
        assert 'href="/series/drama/episodes/2/comments/#say"' in part


def test_nobody_has_spoken_from_that_seat(client, episode):
    set_cookie(client, 2)
    part = between(client.get(PATH).text)
    assert "Guess what comes next" in part
    assert "?seat=same" not in part


def test_after_the_last_episode_nothing_comes_next(client, series):
    set_cookie(client, 4)
    assert between(client.get("/series/drama/episodes/4/").text) == ""


@pytest.mark.parametrize("through", [None, 1, 2, 4])
def test_answers_to_the_bonus_question_are_for_who_has_seen_it(
    client, bob, crowd, series, episode, make_comment, through
):
    for place, member in enumerate(crowd(4)):
        make_comment(member, episode, kind="bonus", body=f"answer {place}", spoils_through=2)
    make_comment(bob, episode, kind="bonus", body="an answer too far", spoils_through=4)
    make_comment(bob, series, body="talk in the room")
    make_comment(bob, episode, body="plain talk")
    if through is not None:
        set_cookie(client, through)
    page = client.get(PATH).text
    has_seen = (through or 0) >= 2
    assert ("answer 3" in page) is has_seen
    assert "answer 0" not in page
    assert ("an answer too far" in page) is (through == 4)
    assert ('href="/series/drama/episodes/2/comments/?kind=bonus"' in page) is has_seen
    bonus = page[page.index('id="bonus-track"') :]
    assert "plain talk" not in bonus
    assert "talk in the room" not in bonus
    assert page.count("answer 3") <= 1, "bonus answers are no part of the discussion's glimpse"


@pytest.mark.parametrize(("kind", "place"), [("moment", "moments__row"), ("bonus", "glimpse")])
def test_a_glimpse_of_words_is_short_and_goes_its_own_way(client, bob, episode, make_comment, kind, place):
    bob.settle_in(display_name="\u0645\u0637\u0631")
    at = {"at": 60} if kind == "moment" else {}
    make_comment(bob, episode, kind=kind, body="\u0645" * 9_000 + "&" * 500, spoils_through=2, **at)
    set_cookie(client, 2)
    page = client.get(PATH).text
    (row,) = re.findall(rf'<li class="{place}">.*?</li>', page, re.DOTALL)
    assert 100 < row.count("\u0645") < 300
    assert re.search(r'<p[^>]* dir="auto">\s*\u0645', row)
    assert re.search(r"<bdi[^>]*>\u0645\u0637\u0631</bdi>", row)


def test_who_has_seen_it_gives_stars_on_the_spot(as_member, alice, series, episode):
    form = 'action="/series/drama/episodes/2/rating/"'
    browser = as_member(alice)
    assert form not in browser.get(PATH).text
    seen(alice, series, 2)
    page = browser.get(PATH).text
    assert form in page
    assert page.count('type="radio" name="stars"') == 10
    assert page.index(form) < page.index('id="score"') < page.index('id="reviews"') < page.index('id="discussion"')
    assert page.index('id="discussion"') < page.index('id="between"') < page.index('id="bonus-track"')


def test_a_visitors_stars_and_answers_need_no_token(client, series, episode):
    set_cookie(client, 2)
    page = client.get(PATH)
    assert 'action="/series/drama/episodes/2/rating/"' in page.text
    assert 'action="/series/drama/episodes/2/bonus/"' in page.text
    assert "csrfmiddlewaretoken" not in page.text
    assert "csrftoken" not in page.cookies


def test_no_id_stands_twice(as_member, alice, seats, make_comment, make_review, bob):
    make_comment(bob, seats, kind="bonus", body="answer", spoils_through=2)
    make_review(bob, seats)
    ids = re.findall(r' id="([^"]+)"', as_member(alice).get(PATH).text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("through", [None, 1, 2])
def test_the_bonus_question_can_be_answered_by_who_has_seen_it(as_member, alice, series, episode, through):
    form = 'action="/series/drama/episodes/2/bonus/"'
    if through is not None:
        seen(alice, series, through)
    assert (form in as_member(alice).get(PATH).text) is (through == 2)


def test_nothing_asked_nothing_to_answer(as_member, alice, series, episode):
    seen(alice, series, 2)
    type(episode).objects.filter(pk=episode.pk).update(bonus_question="")
    assert "/bonus/" not in as_member(alice).get(PATH).text


@pytest.mark.parametrize(("through", "levels"), [(2, ["4"]), (4, ["3", "3"])], ids=["one waits", "all are sent"])
def test_no_heading_skips_a_level(as_member, alice, bob, una, series, episode, make_review, through, levels):
    make_review(alice, episode, headline="It hums.", spoils_through=2)
    make_review(una, episode, headline="It hums on.", body="And on.", spoils_through=4)
    seen(bob, series, through)
    page = as_member(bob).get(PATH).text
    assert re.findall(r'<h(\d) class="review__headline"', page)[: len(levels)] == levels
