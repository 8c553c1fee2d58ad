"""How lists are sorted, chosen from and paged."""

import re

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from conftest import seen, viewer_of
from episodes.guide import Guide
from reviews.listing import CommentListing, CommentOrder, ReviewListing, ReviewOrder
from reviews.models import Comment, Review
from soundtrack_site.paging import page_of

texts = st.lists(st.tuples(st.none() | st.integers(1, 10), st.integers(0, 3)), max_size=12)


def pages_of(runs, size):
    """All rows, page after page, by following the keys."""
    key, rows = None, []
    while True:
        page = page_of(runs, key, size=size)
        assert len(page.rows) == size or page.next_key is None
        rows += page.rows
        key = page.next_key
        if key is None:
            return rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=texts, size=st.integers(1, 5), order=st.sampled_from(ReviewOrder))
def test_no_review_comes_twice_and_none_is_missing(episode, texts, size, order):
    with transaction.atomic():
        authors = User.objects.bulk_create(User(username=f"fan_{number}") for number in range(len(texts)))
        made = Review.objects.bulk_create(
            Review(
                author=author,
                series=episode.series,
                episode=episode,
                stars=stars,
                headline="A line",
                body="Words",
                word_count=1,
                like_count=likes,
                spoils_through=0,
                author_seen_through=0,
            )
            for author, (stars, likes) in zip(authors, texts, strict=True)
        )
        rows = pages_of(ReviewListing(order, None, False).runs(Review.objects.about(episode)), size)
        assert [row.pk for row in rows] == [one.pk for one in sorted(made, key=SORTED[order])]
        transaction.set_rollback(True)


SORTED = {
    ReviewOrder.NEWEST: lambda one: -one.pk,
    ReviewOrder.FELT: lambda one: (-one.like_count, -one.pk),
    ReviewOrder.HIGHEST: lambda one: (one.stars is None, -(one.stars or 0), -one.pk),
    ReviewOrder.LOWEST: lambda one: (one.stars is None, one.stars or 0, one.pk if one.stars else -one.pk),
}


def test_who_posts_meanwhile_moves_nothing_of_the_newest(episode, crowd, make_review):
    listing = ReviewListing(ReviewOrder.NEWEST, None, False)
    pks = [make_review(author, episode).pk for author in crowd(4)]
    first = page_of(listing.runs(Review.objects.about(episode)), None, size=2)
    make_review(crowd(1)[0], episode)
    second = page_of(listing.runs(Review.objects.about(episode)), first.next_key, size=2)
    assert [row.pk for row in (*first.rows, *second.rows)] == pks[::-1]


def test_the_most_felt_talk_comes_first_and_tombstones_last(alice, bob, mona, episode, crowd, make_comment):
    made = [make_comment(author, episode, body=f"number {likes}") for likes, author in enumerate(crowd(4))]
    for likes, comment in enumerate(made):
        Comment.objects.filter(pk=comment.pk).update(like_count=likes)
    make_comment(bob, episode, parent=made[3])
    make_comment(bob, episode, parent=made[1])
    for gone in (made[3], made[1]):
        gone.hide(by=mona, reason="Spoils.")
    guide = Guide.to(viewer_of(), episode.series, timezone.now())
    listing = CommentListing(CommentOrder.FELT)
    for size in (1, 2, 3, 20):
        rows = pages_of(listing.runs(listing.open_roots(Comment.objects.about(episode).roots(), guide)), size)
        assert [row.pk for row in rows] == [made[place].pk for place in (2, 0, 1, 3)]


@pytest.mark.parametrize(
    ("typed", "minute"),
    [
        ("12:30", 720),
        ("750", 720),
        ("12 30", 720),
        ("1:02:03", 3720),
        ("0", 0),
        ("x", None),
        ("", None),
        ("9" * 50, None),
    ],
)
def test_a_time_chooses_its_minute(episode, typed, minute):
    guide = Guide.to(viewer_of(), episode.series, timezone.now())
    query = QueryDict(mutable=True)
    query["at"] = typed
    assert CommentListing.asked(query, guide, of_episode=True).minute == minute
    assert CommentListing.asked(query, guide, of_episode=False).minute is None


@pytest.mark.parametrize("query", ["", "sort=x&kind=x&seat=x&waiting=x&at=x", "sort=&kind=&seat=&at=", "sort=highest"])
def test_what_makes_no_sense_is_as_if_it_were_not_asked(episode, query):
    guide = Guide.to(viewer_of(), episode.series, timezone.now())
    asked = CommentListing.asked(QueryDict(query), guide, of_episode=True)
    assert asked == CommentListing(CommentOrder.OLDEST, has_kinds=True)
    assert not asked.is_filtered


SEATS = [  # seen through, furthest, of four episodes, of which so many have aired; offered?
    (None, None, 4, False),
    (0, 0, 4, False),
    (1, 1, 4, True),
    (3, 3, 4, True),
    (4, 4, 4, False),
    (2, 4, 4, True),
    (0, 4, 4, True),
    (3, 3, 3, False),
]


@pytest.mark.parametrize(("through", "furthest", "aired", "offered"), SEATS)
def test_a_seat_is_offered_where_others_may_have_known_more(alice, make_series, through, furthest, aired, offered):
    series = make_series("running", aired=aired)
    for point in (furthest, through):
        if point is not None:
            seen(alice, series, point)
    guide = Guide.to(viewer_of(alice), series, timezone.now())
    for listing in (
        ReviewListing.asked(QueryDict(), guide),
        CommentListing.asked(QueryDict(), guide, of_episode=True),
        CommentListing.of_thread(QueryDict(), guide),
    ):
        assert (listing.offers_seat, listing.same_seat, listing.is_filtered) == (offered, False, False)


def test_whoever_asks_for_their_seat_has_it_and_can_leave_it(series):
    guide = Guide.to(viewer_of(), series, timezone.now())
    query = QueryDict("seat=same")
    for listing in (
        ReviewListing.asked(query, guide),
        CommentListing.asked(query, guide, of_episode=False),
        CommentListing.of_thread(query, guide),
    ):
        assert (listing.offers_seat, listing.same_seat, listing.is_filtered) == (True, True, True)


@pytest.fixture
def seats(alice, bob, crowd, series, episode, make_review, make_comment):
    """Safe words by alice, who had seen one episode then, and by bob, who had seen all; una has seen one."""
    seen(alice, series, 1)
    seen(bob, series, 4)
    for place in (series, episode):
        make_comment(alice, place, body="early talk", spoils_through=0)
        make_comment(bob, place, body="late talk", spoils_through=0)
    guess, verdict = (make_review(author, series, headline="Mine", spoils_through=0) for author in (alice, bob))
    make_review(bob, episode, headline="Late line", spoils_through=0)
    root = make_comment(bob, guess, body="under a review", spoils_through=0)
    early = make_comment(alice, guess, body="early answer", parent=root, spoils_through=0)
    make_comment(bob, guess, body="late answer", parent=root, spoils_through=0)
    return {
        "/series/drama/comments/": ("early talk", "late talk"),
        "/series/drama/episodes/2/comments/": ("early talk", "late talk"),
        "/series/drama/reviews/": (f"/reviews/{guess.pk}/", f"/reviews/{verdict.pk}/"),
        f"/reviews/{guess.pk}/": ("No line", "late answer"),
        f"/comments/{root.pk}/": ("early answer", "late answer"),
        f"/comments/{early.pk}/": ("early answer", "late answer"),
    }


def test_any_discussion_can_be_read_from_the_same_seat_and_left_again(as_member, una, series, seats):
    seen(una, series, 1)
    browser = as_member(una)
    for path, (early, late) in seats.items():
        every = browser.get(path).text
        assert late in every, path
        assert "Only people who had seen no further than Track 1 when they wrote." in every, path
        (same,) = re.findall(rf'href="({re.escape(path)}\?seat=same[^"]*)">Same seat<', every)
        seat = browser.get(same.partition("#")[0])
        assert late not in seat.text, path
        assert (early in seat.text) is (early != "No line"), path
        (query,) = re.findall(rf'href="{re.escape(path)}([^"]*)">Back to everybody<', seat.text)
        assert "seat" not in query


@pytest.mark.parametrize("through", [None, 0, 4])
def test_no_seat_is_offered_where_it_changes_nothing(as_member, una, series, seats, through):
    if through is not None:
        seen(una, series, through)
    browser = as_member(una)
    for path in seats:
        assert "seat=same" not in browser.get(path).text, path


def test_a_visitor_has_a_seat_too(client, series, seats):
    client.post("/series/drama/progress/", {"seen_through": 1})
    for path, (_early, late) in seats.items():
        assert "seat=same" in client.get(path).text
        assert late not in client.get(path, {"seat": "same"}).text


def test_a_visitor_who_begins_again_may_read_those_who_knew_nothing(client, series, seats):
    for point in (4, 0):
        client.post("/series/drama/progress/", {"seen_through": point})
    for path in seats:
        assert "Only people who had seen none of it when they wrote." in client.get(path).text, path


def test_an_empty_seat_says_so_kindly(as_member, una, series, episode, seats):
    seen(una, series, 1)
    for path in ("/series/drama/episodes/2/reviews/", next(path for path in seats if path.startswith("/reviews/"))):
        page = as_member(una).get(path, {"seat": "same"})
        assert page.status_code == 200
        assert "From your seat there is nothing to read here yet." in page.text
        assert "Back to everybody" in page.text


def test_choosing_an_order_keeps_the_seat(as_member, crowd, una, series, episode, make_review, make_comment):
    for author in crowd(6):
        make_comment(author, episode, spoils_through=0)
        review = make_review(author, episode, spoils_through=0)
    seen(una, series, 1)
    for author in crowd(6):
        make_comment(author, review, spoils_through=0)
    for path in (
        "/series/drama/episodes/2/comments/",
        "/series/drama/episodes/2/reviews/",
        f"/reviews/{review.pk}/",
    ):
        page = as_member(una).get(path, {"seat": "same"}).text
        links = page[page.index('class="listing"') :].partition("</nav>")[0]
        assert links.count("seat=same") == links.count("<a ") > 1
        links = as_member(una).get(path).text
        assert "seat=same" not in links[links.index('class="listing"') :].partition("</nav>")[0]


def test_a_link_to_one_reply_keeps_it_whatever_the_seat(as_member, bob, una, series, episode, make_comment):
    seen(bob, series, 4)
    root = make_comment(bob, episode, body="the root", spoils_through=0)
    late = make_comment(bob, episode, parent=root, body="late answer", spoils_through=0)
    make_comment(bob, episode, parent=root, body="later answer", spoils_through=0)
    seen(una, series, 1)
    page = as_member(una).get(f"/comments/{late.pk}/", {"seat": "same"}).text
    assert "late answer" in page
    assert "the root" in page
    assert "later answer" not in page


# Who knew how much


@pytest.fixture
def further(alice, series, episode, make_review, make_comment):
    """What alice wrote after two episodes; she has seen four since, and watches from the beginning again."""
    seen(alice, series, 2)
    review = make_review(alice, episode, spoils_through=2)
    comment = make_comment(alice, episode, spoils_through=2)
    seen(alice, series, 4)
    seen(alice, series, 0)
    return {"review": review, "comment": comment}


def knew(text):
    return type(text).objects.get(pk=text.pk).author_seen_through


WRITING = {
    "publish": lambda review, comment: Review.objects.publish(
        review.author, review.episode, stars=8, headline="Other", body="Other words", spoils_through=2
    ),
    "rate": lambda review, comment: Review.objects.rate(review.author, review.episode, 3),
    "edit": lambda review, comment: comment.edit(body="Other words", spoils_through=2),
}


@pytest.mark.parametrize("verb", WRITING)
def test_who_writes_again_knowing_more_is_taken_for_somebody_who_knows(further, verb):
    assert {knew(text) for text in further.values()} == {2}
    WRITING[verb](**further)
    changed = "comment" if verb == "edit" else "review"
    assert {name: knew(text) for name, text in further.items()} == {"review": 2, "comment": 2, changed: 4}


@pytest.mark.parametrize("place", ["series", "episode", "review"])
def test_who_writes_anew_is_taken_for_as_far_as_they_ever_were(further, alice, series, episode, make_comment, place):
    subject = {"series": series, "episode": episode, **further}[place]
    assert knew(make_comment(alice, subject, body="Anew", spoils_through=2)) == 4
    assert knew(Review.objects.publish(alice, series, stars=8, headline="All of it")) == 4


UNWRITTEN = {
    "same words": lambda text, mona: type(text).objects.get(pk=text.pk),
    "hide and restore": lambda text, mona: (text.hide(mona, "Rude"), text.restore(mona, "Fine")),
    "delete and undo": lambda text, mona: (text.retract(), text.unretract()),
    "raise_scope": lambda text, mona: text.raise_scope(4),
    "rescope": lambda text, mona: text.rescope(mona, 4, "It tells the end."),
}


@pytest.mark.parametrize("verb", UNWRITTEN)
@pytest.mark.parametrize("kind", ["review", "comment"])
def test_what_changes_no_word_leaves_their_age(further, mona, kind, verb):
    UNWRITTEN[verb](further[kind], mona)
    assert knew(further[kind]) == 2
