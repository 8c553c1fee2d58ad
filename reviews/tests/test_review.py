"""`/reviews/<id>/`: one review with what was said under it."""

import pytest
from django.contrib.auth.models import Group

from accounts.groups import EDITORS
from accounts.models import User
from conftest import seen
from episodes.models import Kin
from reviews.models import Comment, Review


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, stars=9, headline="Bring tissues", body="the words", spoils_through=2)


def path(review):
    return f"/reviews/{review.pk}/"


def set_cookie(client, through):
    assert client.post("/series/drama/progress/", {"seen_through": through}).status_code == 302


@pytest.mark.parametrize("through", [None, 0, 1, 2, 3, 4])
def test_shows_the_words_to_those_who_have_seen_as_far(client, review, through):
    if through is not None:
        set_cookie(client, through)
    page = client.get(path(review))
    assert page.status_code == 200
    for words in ("Bring tissues", "Alice", "4½ stars"):
        assert words in page.text
    assert ("the words" in page.text) is ((through or 0) >= 2)


@pytest.mark.parametrize("through", [None, 2])
def test_a_member_goes_by_their_own_row(as_member, bob, series, review, through):
    if through is not None:
        seen(bob, series, through)
    assert ("the words" in as_member(bob).get(path(review)).text) is (through == 2)


def test_it_can_be_asked_for(client, review):
    page = client.get(path(review), {"reveal": review.reveal_name})
    assert "the words" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]
    assert f'href="?reveal={review.reveal_name}#{review.reveal_name}" rel="nofollow"' in client.get(path(review)).text


def test_to_ask_for_the_review_is_not_to_ask_for_its_comments(client, review, bob, make_comment):
    comment = make_comment(bob, review, body="an answer", spoils_through=2)
    assert "an answer" not in client.get(path(review), {"reveal": review.reveal_name}).text
    page = client.get(path(review), {"reveal": comment.reveal_name}).text
    assert "an answer" in page
    assert "the words" not in page


def test_its_author_may_change_it_and_nobody_else(client, as_member, alice, bob, review):
    assert "/series/drama/episodes/2/review/" in as_member(alice).get(path(review)).text
    for browser in (client, as_member(bob)):
        page = browser.get(path(review)).text
        assert "/series/drama/episodes/2/review/" not in page
        assert f"/reviews/{review.pk}/delete/" not in page


def test_a_hidden_review_is_404_for_strangers(client, as_member, bob, mona, review):
    review.hide(by=mona, reason="Names the ending.")
    for browser in (client, as_member(bob)):
        page = browser.get(path(review))
        assert page.status_code == 404
        assert "Bring tissues" not in page.text
        assert browser.get(path(review), {"reveal": review.reveal_name}).status_code == 404


def test_its_author_sees_it_hidden_and_why(as_member, alice, mona, review):
    review.hide(by=mona, reason="Names the ending.")
    page = as_member(alice).get(path(review))
    assert page.status_code == 200
    assert "the words" in page.text
    assert "Reason: Names the ending." in page.text


def test_under_a_hidden_review_the_answers_stay(client, bob, mona, review, make_comment):
    make_comment(bob, review, body="an open answer", spoils_through=2)
    review.hide(by=mona, reason="Names the ending.")
    set_cookie(client, 4)
    page = client.get(path(review), {"reveal": review.reveal_name})
    assert page.status_code == 200
    assert "A review stood here" in page.text
    assert "an open answer" in page.text
    for words in ("the words", "Bring tissues", "Alice"):
        assert words not in page.text


def test_a_deleted_review_is_gone_for_its_author_too(as_member, alice, review):
    review.retract()
    assert as_member(alice).get(path(review)).status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, "9" * 19, "9" * 20, "9" * 5000])
def test_a_missing_review_is_404(client, series, pk):
    assert client.get(f"/reviews/{pk}/").status_code == 404


def test_a_review_of_an_unpublished_series_is_404(client, as_member, alice, series, review):
    type(series).objects.update(published_at=None)
    for browser in (client, as_member(alice)):
        assert browser.get(path(review)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, review, method):
    assert getattr(client, method)(path(review)).status_code == 405


@pytest.mark.parametrize("asked", ["x", "", "-1", "9" * 20])
def test_a_page_that_is_none_is_404(client, review, asked):
    assert client.get(path(review), {"page": asked}).status_code == 404


def test_answers_come_by_pages(client, bob, review, make_comment):
    pks = [make_comment(bob, review, body=f"answer {number}", spoils_through=2).pk for number in range(21)]
    set_cookie(client, 2)
    first = client.get(path(review))
    assert [thread.root.pk for thread in first.context["threads"]] == pks[:20]
    second = client.get(path(review), {"page": first.context["page"].next_key})
    assert [thread.root.pk for thread in second.context["threads"]] == pks[20:]


def test_costs_the_same_at_every_length(client, as_member, bob, series, review, crowd, make_comment, queries_of):
    seen(bob, series, 2)
    set_cookie(client, 2)
    browser = as_member(bob)
    counts = [(queries_of(client, path(review)), queries_of(browser, path(review)))]
    for count in (1, 20):
        for author in crowd(count):
            root = make_comment(author, review, spoils_through=2)
            make_comment(author, review, parent=root, spoils_through=2)
        counts.append((queries_of(client, path(review)), queries_of(browser, path(review))))
    assert Review.objects.get().comment_count == 42
    assert len(set(counts[1:])) == 1
    assert max(counts[1]) <= 12
    assert counts[0] <= counts[1]  # nobody looks for answers to nothing


@pytest.fixture
def whole(alice, series, make_review):
    return make_review(alice, series, rewound="The bus stop", shown_to="My <sister>", spoils_through=4, body="")


def test_answers_to_the_prompts_are_sent_with_the_words(client, whole):
    page = client.get(path(whole)).text
    assert "The bus stop" not in page
    assert "sister" not in page
    set_cookie(client, 4)
    page = client.get(path(whole)).text
    assert '<dt>The moment I rewound</dt><dd dir="auto">The bus stop</dd>' in page
    assert '<dd dir="auto">My &lt;sister&gt;</dd>' in page
    assert "The song that stayed" not in page


def test_it_leads_on_by_safe_lines_alone(client, alice, bob, una, series, episode, review, make_review):
    make_review(bob, episode, stars=2, headline="Not for me", body="words of bob", spoils_through=4)
    make_review(alice, series.episodes.get(number=3), headline="Better still", body="more words", spoils_through=4)
    Kin.objects.create(series=series, title="Another Drama", why="As rainy")
    page = client.get(path(review)).text
    for said in ("Another view of this", "“Not for me”", "Track 3: “Better still”", "Another Drama", "Newer"):
        assert said in page
    for words in ("words of bob", "more words", "Title 3"):
        assert words not in page


def test_a_series_that_is_not_published_is_not_linked(client, make_series, series, review):
    Kin.objects.create(
        series=series, title="Secret", why="As rainy", to_series=make_series("secret", published_at=None)
    )
    Kin.objects.create(series=series, title="Public", why="As rainy", to_series=make_series("public"))
    page = client.get(path(review)).text
    assert '<a href="/series/public/">Public</a>' in page
    assert "/series/secret/" not in page


def test_a_review_that_is_gone_leads_nowhere(client, bob, una, mona, episode, review, make_comment, make_review):
    make_comment(bob, review)
    make_review(una, episode, stars=1)
    review.hide(by=mona, reason="Spoils.")
    page = client.get(path(review))
    assert page.status_code == 200
    assert "Another view" not in page.text


def test_its_author_leads_to_their_page(client, review):
    assert '<a class="byline__author" href="/members/alice/" dir="auto">Alice</a>' in client.get(path(review)).text


def test_the_most_felt_answers_come_first(client, crowd, review, make_comment):
    pks = [make_comment(author, review, body="words").pk for author in crowd(6)]
    set_cookie(client, 2)
    Comment.objects.filter(pk=pks[3]).update(like_count=2)
    page = client.get(path(review), {"sort": "felt"})
    assert [thread.root.pk for thread in page.context["threads"]][:2] == [pks[3], pks[0]]
    assert 'id="list-sort"' in page.text
    assert 'id="list-kind"' not in page.text
    Comment.objects.get(pk=pks[5]).retract()
    assert 'id="list-sort"' not in client.get(path(review)).text


def test_what_is_gone_holds_its_place_and_what_waits_stands_apart(client, alice, bob, una, mona, review, make_comment):
    first = make_comment(bob, review, body="first words", spoils_through=2)
    far = make_comment(una, review, body="far words", spoils_through=4)
    gone = make_comment(bob, review, body="gone words", spoils_through=2)
    make_comment(una, review, parent=gone, body="an answer", spoils_through=2)
    alone = make_comment(bob, review, body="alone and gone", spoils_through=2)
    for text in (gone, alone):
        text.hide(by=mona, reason="Spoils.")
    set_cookie(client, 2)
    page = client.get(path(review))
    assert [thread.root.pk for thread in page.context["threads"]] == [first.pk, gone.pk]
    assert [stub.pk for stub in page.context["stubs"]] == [far.pk]
    assert "waiting after Track 4." in page.text
    assert "List them" not in page.text
    assert "A comment stood here." in page.text
    for words in ("far words", "gone words", "alone and gone"):
        assert words not in page.text


@pytest.mark.parametrize("query", ["", "?sort=felt", "?sort=oldest"])
def test_how_much_was_felt_what_waits_is_not_told(client, crowd, review, make_comment, query):
    """One stub, the newest, and the way to all of them, whatever order is asked for."""
    first, *others = crowd(6)
    near = make_comment(first, review, body="near words", spoils_through=2)
    pks = [make_comment(author, review, body="far words", spoils_through=3).pk for author in others]
    Comment.objects.filter(pk=pks[0]).update(like_count=9)
    Comment.objects.filter(pk=pks[3]).update(like_count=5)
    set_cookie(client, 2)
    page = client.get(path(review) + query)
    assert [thread.root.pk for thread in page.context["threads"]] == [near.pk]
    assert [stub.pk for stub in page.context["stubs"]] == [pks[-1]]
    assert "4 more wait after Track 3." in page.text
    assert f'<a href="?waiting=list#comment-{pks[-2]}">List them</a>' in page.text
    assert "Newest first." in page.text
    assert "far words" not in page.text
    listed = client.get(path(review), {"waiting": "list", "sort": "felt"})
    assert [thread.root.pk for thread in listed.context["threads"]] == pks[::-1]
    assert listed.context["stubs"] == []
    for words in ("far words", "near words", 'id="list-sort"'):
        assert words not in listed.text
    assert f'href="{path(review)}?sort=felt#comments">Back to what you can read' in listed.text


def test_under_a_review_that_waits_all_that_is_said_waits(client, bob, review, make_comment):
    make_comment(bob, review, body="an answer", spoils_through=2)
    page = client.get(path(review)).text
    assert "Nothing here is safe for you yet." in page
    assert "Quiet so far." not in page
    set_cookie(client, 2)
    assert "Nothing waits for you here." in client.get(path(review), {"waiting": "list"}).text


def test_a_long_list_of_what_waits_comes_by_pages(client, crowd, review, make_comment):
    pks = [make_comment(author, review, spoils_through=3).pk for author in crowd(21)]
    first = client.get(path(review), {"waiting": "list"})
    assert [thread.root.pk for thread in first.context["threads"]] == pks[:0:-1]
    second = client.get(path(review), {"waiting": "list", "page": first.context["page"].next_key})
    assert [thread.root.pk for thread in second.context["threads"]] == pks[:1]
    assert "First page" in second.text


@pytest.mark.parametrize("query", ["", "?sort=felt", "?waiting=list"])
def test_what_waits_costs_the_same_however_much(
    client, as_member, bob, series, review, crowd, make_comment, queries_of, query
):
    seen(bob, series, 2)
    set_cookie(client, 2)
    browser = as_member(bob)
    counts = []
    for count in (1, 20):
        for author in crowd(count):
            for scope in (2, 3):
                root = make_comment(author, review, body=f"after {scope}", spoils_through=scope)
                make_comment(author, review, parent=root, spoils_through=3)
        counts.append((queries_of(client, path(review) + query), queries_of(browser, path(review) + query)))
    assert counts[0][0] >= counts[1][0]  # what fills a page need not look for tombstones
    assert max(counts[0]) <= 12


def test_leading_on_costs_the_same_however_much_there_is(
    client, as_member, alice, bob, series, episode, review, crowd, make_review, queries_of
):
    seen(bob, series, 2)
    browser = as_member(bob)
    counts = [queries_of(browser, path(review))]
    for count in (1, 20):
        for place, author in enumerate(crowd(count)):
            make_review(author, episode, stars=place % 10 + 1)
            Kin.objects.create(series=series, title=author.username, why="As rainy")
        make_review(alice, series.episodes.get(number=min(count, 4)))
        counts.append(queries_of(browser, path(review)))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


# What moderators see of it


@pytest.mark.parametrize(("who", "shown"), [("mona", True), ("bob", False), ("alice", False), (None, False)])
def test_moderators_alone_are_sent_the_grease_pencil(
    request, client, as_member, alice, una, series, episode, make_review, make_comment, who, shown
):
    """On an open text, on a stub, and on what is said under it."""
    review = make_review(alice, episode, spoils_through=0)
    stub = make_review(una, episode, spoils_through=2)
    comment = make_comment(una, review, spoils_through=0)
    browser = as_member(request.getfixturevalue(who)) if who else client
    page = browser.get(path(review)).text + browser.get("/series/drama/episodes/2/reviews/").text
    for text in (review, stub, comment):
        assert (f'href="{text.get_desk_url()}"' in page) is shown
    assert ('class="pencil"' in page) is ("Staff" in page) is shown


def test_an_editor_gets_no_grease_pencil(as_member, alice, bob, episode, make_review):
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    bob.groups.add(Group.objects.get(name=EDITORS))
    assert "pencil" not in as_member(User.objects.get(pk=bob.pk)).get(path(make_review(alice, episode))).text


def test_the_grease_pencil_costs_the_same_for_one_text_and_twenty(
    as_member, queries_of, alice, mona, episode, crowd, make_review, make_comment
):
    review = make_review(alice, episode)
    make_comment(alice, review)
    before = queries_of(as_member(mona), path(review))
    for author in crowd(20):
        make_comment(author, review)
    assert queries_of(as_member(mona), path(review)) == before
