"""All reviews of an episode or of a whole series."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import seen
from reviews.listing import ReviewListing, ReviewOrder
from reviews.models import Review
from soundtrack_site import paging

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
    page = client.get(EPISODE).text + client.get(EPISODE, {"waiting": "list"}).text
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


def test_a_page_does_not_repeat_of_each_text_what_it_is_about(as_member, una, series, episode, crowd, make_review):
    """How far a text spoils is said where that is another point than the page's own, and on its own page always."""
    seen(una, series, 4)
    texts = [make_review(author, episode, spoils_through=scope) for scope, author in enumerate(crowd(4))]
    browser = as_member(una)
    said = browser.get(EPISODE).text
    found = [said.count(words) for words in ("safe for everyone", *(f"spoils through Track {k}" for k in (1, 2, 3)))]
    assert found == [1, 1, 0, 1]
    assert "spoils through Track 2" not in browser.get("/series/drama/episodes/2/").text
    assert "spoils through Track 2" in browser.get(texts[2].get_absolute_url()).text
    assert "spoils through Track 2" in browser.get(texts[2].author.get_absolute_url()).text


def test_a_title_beyond_the_reader_is_withheld(client, episode):
    page = client.get(EPISODE).text
    assert "Reviews of Track 2" in page
    assert "Title 2" not in page


@pytest.mark.parametrize("through", [2, 3])
def test_who_wrote_what_waits_is_an_empty_disc(client, alice, episode, make_review, through):
    make_review(alice, episode, spoils_through=3)
    set_cookie(client, through)
    assert ("avatar--hollow" in client.get(EPISODE).text) is (through == 2)


def test_one_stub_can_be_asked_for(client, alice, bob, una, episode, make_review):
    asked = make_review(alice, episode, body="the asked words", spoils_through=4)
    make_review(bob, episode, body="the other words", spoils_through=4)
    newest = make_review(una, episode, body="the newest words", spoils_through=4)
    link = f'href="?sort=felt&amp;reveal=review-{newest.pk}#review-{newest.pk}" rel="nofollow"'
    assert link in client.get(EPISODE, {"sort": "felt"}).text
    page = client.get(f"{EPISODE}?reveal=review-{asked.pk}")
    assert "the asked words" in page.text
    assert "the other words" not in page.text
    assert "the newest words" not in page.text
    assert "Shown to you this once: it spoils through Track 4." in page.text
    assert f'<a href="{EPISODE}#review-{asked.pk}" data-swap>Hide it again</a>' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
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
    assert f'<a href="{EPISODE}?">First page</a>' in second.text


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


def test_one_stub_is_shown_and_the_rest_is_counted_by_scope(client, episode, crowd, make_review):
    make = [
        make_review(author, episode, headline=f"line {place}", spoils_through=2)
        for place, author in enumerate(crowd(5))
    ]
    make += [
        make_review(author, episode, headline=f"far {place}", spoils_through=4)
        for place, author in enumerate(crowd(4))
    ]
    page = client.get(EPISODE)
    assert page.context["stubs"] == [make[-1]]
    assert "<li>5 wait after Track 2.</li><li>3 more wait after Track 4.</li>" in page.text
    assert page.text.count(f'<a href="?waiting=list#review-{make[-2].pk}">List them all</a>') == 1
    assert page.text.count("?waiting=list") == 1
    assert "Newest first." in page.text
    assert "line 0" not in page.text


def test_one_that_waits_alone_is_not_counted(client, alice, episode, make_review):
    make_review(alice, episode, spoils_through=2)
    page = client.get(EPISODE)
    assert len(page.context["stubs"]) == 1
    assert "List them" not in page.text
    assert "more wait" not in page.text


def test_what_was_asked_for_and_what_is_ones_own_is_not_folded(client, as_member, episode, crowd, make_review):
    authors = crowd(25)
    pks = [make_review(one, episode, body=f"far {one.pk}.", spoils_through=3).pk for one in authors]
    page = client.get(EPISODE, {"reveal": f"review-{pks[0]}"})
    assert [review.pk for review in page.context["stubs"]] == [pks[24], pks[0]]
    assert "23 more wait after Track 3." in page.text
    own = as_member(authors[24]).get(EPISODE)
    assert [review.pk for review in own.context["stubs"]] == [pks[24], pks[23]]
    assert f"far {authors[24].pk}." in own.text


def test_what_was_asked_for_costs_one_query_at_most(as_member, bob, series, episode, crowd, make_review, queries_of):
    seen(bob, series, 1)
    pks = [make_review(author, episode, spoils_through=3).pk for author in crowd(41)]
    browser = as_member(bob)
    plain = queries_of(browser, EPISODE)
    assert queries_of(browser, f"{EPISODE}?reveal=review-{pks[-1]}") == plain
    assert queries_of(browser, f"{EPISODE}?reveal=review-{pks[0]}") == plain + 1 <= 12


def test_safe_ones_come_first_under_their_own_heading(client, alice, bob, episode, make_review):
    make_review(alice, episode, headline="Safe line")
    assert "Safe to read now" not in client.get(EPISODE).text
    make_review(bob, episode, headline="Far line", spoils_through=2)
    page = client.get(EPISODE).text
    order = [page.index(words) for words in ("Safe to read now", "Safe line", "Waiting for you", "Far line")]
    assert order == sorted(order)


def test_what_its_author_had_yet_to_see_is_said_of_all(client, alice, bob, una, series, episode, make_review):
    seen(alice, series, 2)
    seen(una, series, 4)
    make_review(alice, episode, body="open words")
    make_review(bob, episode, headline="Far line", spoils_through=4)
    make_review(una, episode)
    page = client.get(EPISODE).text
    assert page.count("written before Track 3") == 2  # a review of an episode marks it as seen
    assert page.count("written before") == 2


def test_the_way_on_keeps_what_was_asked_for(client, crowd, episode, make_review):
    far = [make_review(author, episode, stars=7, spoils_through=2) for author in crowd(2)][-1]
    page = client.get(EPISODE, {"stars": "7", "sort": "felt", "reveal": "review-1"}).text
    here = "%2Fseries%2Fdrama%2Fepisodes%2F2%2Freviews%2F"
    assert f"progress/?next={here}%3Fstars%3D7%26sort%3Dfelt%23review-{far.pk}" in page


@pytest.mark.parametrize(("newer", "stays"), [(19, True), (20, False)])
def test_what_would_open_beyond_this_page_opens_on_its_own(client, episode, crowd, make_review, newer, stays):
    far, *others = crowd(newer + 1)
    stub = make_review(far, episode, spoils_through=2)
    for author in others:
        make_review(author, episode)
    page = client.get(EPISODE).text
    assert (f'next=%2Fseries%2Fdrama%2Fepisodes%2F2%2Freviews%2F%23review-{stub.pk}"' in page) is stays
    assert (f"next=%2Freviews%2F{stub.pk}%2F%23review-{stub.pk}" in page) is not stays


def test_a_list_of_what_waits_leads_to_what_opens(client, alice, episode, make_review):
    stub = make_review(alice, episode, spoils_through=2)
    page = client.get(EPISODE, {"waiting": "list"}).text
    assert f"next=%2Freviews%2F{stub.pk}%2F%23review-{stub.pk}" in page


def test_a_folded_line_is_part_of_the_words(client, alice, mona, series, episode, make_review):
    review = make_review(alice, episode, headline="He dies in the snow", body="the words", spoils_through=2)
    review.fold_headline(by=mona, scope=2, reason="Names the ending.")
    page = client.get(EPISODE).text
    assert "He dies" not in page
    assert '<h3 class="visually-hidden">A review by Alice</h3>' in page
    page = client.get(EPISODE, {"reveal": review.reveal_name}).text
    assert page.index("“He dies in the snow”") < page.index("the words")
    set_cookie(client, 2)
    assert "“He dies in the snow”" in client.get(EPISODE).text


def test_what_waits_is_listed_by_pages_and_without_what_is_open(client, episode, crowd, make_review):
    pks = [make_review(author, episode, spoils_through=2).pk for author in crowd(21)]
    make_review(crowd(1)[0], episode, body="open words")
    first = client.get(EPISODE, {"waiting": "list"})
    assert [review.pk for review in first.context["page"].rows] == pks[:0:-1]
    assert f'href="?waiting=list&amp;page={pks[1]}"' in first.text
    assert "open words" not in first.text
    second = client.get(EPISODE, {"waiting": "list", "page": pks[1]})
    assert [review.pk for review in second.context["page"].rows] == pks[:1]


@pytest.mark.parametrize(
    "query", ["waiting=x", "sort=x", "stars=11", "stars=0", "stars=x", "stars=%D9%A3", "sort=", "kind=moment"]
)
def test_what_makes_no_sense_is_as_if_it_were_not_asked(client, alice, episode, make_review, query):
    make_review(alice, episode, body="open words")
    page = client.get(f"{EPISODE}?{query}")
    assert page.status_code == 200
    assert "open words" in page.text
    assert page.context["listing"] == ReviewListing(ReviewOrder.NEWEST, None, False)


@pytest.fixture
def rated(episode, crowd, make_review):
    """Seven reviews, oldest first: stars, and how often they were felt."""
    made = []
    for author, (stars, likes) in zip(
        crowd(7), [(8, 1), (None, 9), (3, 0), (10, 2), (8, 2), (None, 0), (3, 5)], strict=True
    ):
        made.append(make_review(author, episode, stars=stars))
        Review.objects.filter(pk=made[-1].pk).update(like_count=likes)
    return [review.pk for review in made]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", [6, 5, 4, 3, 2, 1, 0]),
        ("felt", [1, 6, 4, 3, 0, 5, 2]),
        ("highest", [3, 4, 0, 6, 2, 5, 1]),
        ("lowest", [2, 6, 0, 4, 3, 5, 1]),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 20])
def test_every_order_pages_through_all_of_it(monkeypatch, client, rated, sort, order, size):
    monkeypatch.setattr(paging.page_of, "__kwdefaults__", {"size": size})
    found, key = [], None
    while True:
        page = client.get(EPISODE, {"sort": sort} | ({"page": key} if key else {})).context["page"]
        found += [rated.index(review.pk) for review in page.rows]
        if (key := page.next_key) is None:
            break
    assert found == order


def test_pages_keep_order_and_stars(client, episode, crowd, make_review):
    pks = [make_review(author, episode, stars=7).pk for author in crowd(21)]
    make_review(crowd(1)[0], episode, stars=8)
    first = client.get(EPISODE, {"sort": "felt", "stars": "7"})
    assert f'rel="next" href="?sort=felt&amp;stars=7&amp;page=0-{pks[1]}"' in first.text
    second = client.get(EPISODE, {"sort": "felt", "stars": "7", "page": f"0-{pks[1]}"})
    assert [review.pk for review in second.context["page"].rows] == pks[:1]
    assert f'href="{EPISODE}?sort=felt&amp;stars=7">First page' in second.text


@pytest.mark.parametrize(
    ("sort", "asked"),
    [("newest", "8-1"), ("felt", "1"), ("felt", "9" * 10 + "-1"), ("lowest", "8-"), ("lowest", "-8")],
)
def test_a_key_of_another_order_is_404(client, rated, sort, asked):
    assert client.get(EPISODE, {"sort": sort, "page": asked}).status_code == 404


def test_stars_choose_and_say_no_numbers_of_all(client, episode, crowd, make_review):
    for place, author in enumerate(crowd(12)):
        make_review(author, episode, stars=7 + place % 2, headline=f"line {place}", spoils_through=2 * (place > 1))
    page = client.get(EPISODE, {"stars": "7"})
    assert "Only reviews with 3½ stars." in page.text
    assert {review.stars for review in [*page.context["page"].rows, *page.context["stubs"]]} == {7}
    # Those at hand are counted one by one, more than those nobody counts.
    assert "4 more wait after Track 2." in page.text
    assert f'<a href="?stars=7&amp;waiting=list#review-{page.context["fold"].first.pk}">List them</a>' in page.text
    for author in crowd(16):
        make_review(author, episode, stars=7, spoils_through=2)
    assert "More waits." in client.get(EPISODE, {"stars": "7"}).text
    assert "ratings" not in page.text
    assert "of 5, from" not in page.text
    waiting = client.get(EPISODE, {"stars": "7", "waiting": "list"})
    assert {review.stars for review in waiting.context["page"].rows} == {7}


@pytest.mark.parametrize(("count", "shown"), [(5, False), (6, True)])
def test_a_short_list_has_no_controls(client, episode, crowd, make_review, count, shown):
    for place, author in enumerate(crowd(count)):
        make_review(author, episode, spoils_through=2 * (place % 2))
    assert ('id="list-sort"' in client.get(EPISODE).text) is shown


def test_controls_say_what_was_chosen(client, rated):
    page = client.get(EPISODE, {"sort": "felt", "stars": "8"}).text
    assert f'<a href="{EPISODE}?sort=felt&amp;stars=8" aria-current="true">Most felt</a>' in page
    assert f'<a href="{EPISODE}?sort=felt&amp;stars=8" aria-current="true">4</a>' in page
    assert f'<a href="{EPISODE}?stars=8">Newest</a>' in page
    assert f'<a href="{EPISODE}?sort=felt">Any</a>' in page


def test_what_others_wrote_since_the_last_visit_is_marked(
    client, as_member, alice, bob, una, episode, make_review, was_here
):
    old = make_review(una, episode)
    Review.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=9))
    make_review(alice, episode)
    make_review(bob, episode, spoils_through=2)
    browser = as_member(alice)
    assert "badge--new" not in browser.get(EPISODE).text  # nobody knows when she was here
    was_here(browser, alice, timezone.now() - timedelta(days=1))
    page = browser.get(EPISODE).text
    assert "1 new since your last visit" in page
    assert page.count("badge--new") == 1
    was_here(client, alice, timezone.now() - timedelta(days=1))
    assert "badge--new" not in client.get(EPISODE).text


@pytest.mark.parametrize("sort", ["newest", "felt", "highest", "lowest"])
def test_every_order_costs_little(client, as_member, alice, series, episode, crowd, make_review, queries_of, sort):
    seen(alice, series, 1)
    browser = as_member(alice)
    for place, author in enumerate(crowd(41)):
        make_review(author, episode, stars=place % 10 + 1, spoils_through=3 * (place % 3 == 0))
    path = f"{EPISODE}?sort={sort}"
    first = browser.get(path)
    assert queries_of(browser, path) == queries_of(browser, EPISODE)
    assert queries_of(browser, f"{path}&page={first.context['page'].next_key}") <= 12
    assert queries_of(browser, f"{path}&stars=8") <= 12
    assert queries_of(browser, f"{path}&waiting=list") <= 12
