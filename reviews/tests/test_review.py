"""`/reviews/<id>/`: one review with what was said under it."""

import pytest

from conftest import seen
from reviews.models import Review


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
