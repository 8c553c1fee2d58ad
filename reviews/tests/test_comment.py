"""`/comments/<id>/`: one comment in its thread."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import seen
from reviews.models import Comment


@pytest.fixture
def comment(alice, episode, make_comment):
    return make_comment(alice, episode, body="the words", spoils_through=2)


def path(comment):
    return f"/comments/{comment.pk}/"


def set_cookie(client, through):
    assert client.post("/series/drama/progress/", {"seen_through": through}).status_code == 302


def test_how_far_it_spoils_is_said_of_the_one_that_was_asked_for(as_member, una, alice, series, episode, make_comment):
    seen(una, series, 4)
    root = make_comment(alice, episode, spoils_through=2)
    reply = make_comment(alice, episode, parent=root, spoils_through=2)
    browser = as_member(una)
    assert browser.get(reply.get_absolute_url()).text.count("spoils through Track 2") == 1
    assert "spoils through" not in browser.get("/series/drama/episodes/2/comments/").text


@pytest.mark.parametrize("through", [None, 0, 1, 2, 4])
def test_shows_the_words_to_those_who_have_seen_as_far(client, comment, through):
    if through is not None:
        set_cookie(client, through)
    page = client.get(path(comment))
    assert page.status_code == 200
    assert "Alice" in page.text
    assert ("the words" in page.text) is ((through or 0) >= 2)
    assert ("waiting after Track 2." in page.text) is ((through or 0) < 2)


@pytest.mark.parametrize("through", [None, 2])
def test_a_member_goes_by_their_own_row(as_member, bob, series, comment, through):
    if through is not None:
        seen(bob, series, through)
    assert ("the words" in as_member(bob).get(path(comment)).text) is (through == 2)


def test_it_can_be_asked_for_and_its_neighbours_stay_closed(client, bob, episode, comment, make_comment):
    make_comment(bob, episode, parent=comment, body="the reply", spoils_through=2)
    page = client.get(path(comment), {"reveal": comment.reveal_name})
    assert "the words" in page.text
    assert "the reply" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]


def test_an_answer_begins_where_the_comment_stands(as_member, bob, comment):
    page = as_member(bob).get(path(comment))
    form = page.context["form"]
    assert (form.initial["parent"], form.initial["spoils_through"]) == (comment.pk, 2)
    assert [value for value, _label in form.fields["spoils_through"].choices] == [2, 3, 4]
    assert 'action="/series/drama/episodes/2/comments/"' in page.text


def test_under_a_review_it_leads_to_the_review(client, alice, bob, episode, make_review, make_comment):
    review = make_review(bob, episode)
    page = client.get(path(make_comment(alice, review))).text
    assert f'href="/reviews/{review.pk}/#comments"' in page
    assert "Under the review by Bob" in page


def test_its_author_may_change_it_for_half_an_hour_and_delete_it_always(client, as_member, alice, bob, comment):
    browser = as_member(alice)
    assert f"{path(comment)}edit/" in browser.get(path(comment)).text
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    page = browser.get(path(comment)).text
    assert f"{path(comment)}edit/" not in page
    assert f"{path(comment)}delete/" in page
    for stranger in (client, as_member(bob)):
        assert f"{path(comment)}delete/" not in stranger.get(path(comment)).text


def test_a_hidden_comment_is_404_for_strangers(client, as_member, bob, mona, comment):
    comment.hide(by=mona, reason="Names the ending.")
    for browser in (client, as_member(bob)):
        assert browser.get(path(comment)).status_code == 404
        assert browser.get(path(comment), {"reveal": comment.reveal_name}).status_code == 404


def test_its_author_sees_it_hidden_and_why(as_member, alice, mona, comment):
    comment.hide(by=mona, reason="Names the ending.")
    page = as_member(alice).get(path(comment))
    assert page.status_code == 200
    assert "the words" in page.text
    assert "Reason: Names the ending." in page.text
    assert "<textarea" not in page.text


def test_a_reply_whose_root_is_gone_still_stands(client, alice, bob, mona, episode, make_comment):
    root = make_comment(alice, episode, body="gone words")
    reply = make_comment(bob, episode, parent=root, body="the reply")
    root.hide(by=mona, reason="Spoils.")
    for asked in (root, reply):
        page = client.get(path(asked), {"reveal": root.reveal_name})
        assert page.status_code == 200
        assert "the reply" in page.text
        assert "A comment stood here." in page.text
        assert "gone words" not in page.text


def test_a_deleted_comment_is_gone_for_its_author_too(as_member, alice, comment):
    comment.retract()
    assert as_member(alice).get(path(comment)).status_code == 404


@pytest.mark.parametrize("pk", [0, 999_999, "9" * 19, "9" * 20, "9" * 5000])
def test_a_missing_comment_is_404(client, series, pk):
    assert client.get(f"/comments/{pk}/").status_code == 404


def test_a_comment_of_an_unpublished_series_is_404(client, as_member, alice, series, comment):
    type(series).objects.update(published_at=None)
    for browser in (client, as_member(alice)):
        assert browser.get(path(comment)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, comment, method):
    assert getattr(client, method)(path(comment)).status_code == 405


@pytest.mark.parametrize("asked", ["x", "", "-1", "9" * 20])
def test_a_page_that_is_none_is_404(client, comment, asked):
    assert client.get(path(comment), {"page": asked}).status_code == 404


def test_a_long_thread_goes_on_by_pages(client, bob, episode, make_comment):
    root = make_comment(bob, episode)
    pks = [make_comment(bob, episode, parent=root, body=f"reply {number}").pk for number in range(45)]
    shown = client.get(path(root)).context["stretch"]
    assert [reply.pk for reply in shown.replies] == pks[:40]
    rest = client.get(path(root), {"page": shown.later_key}).context["stretch"]
    assert [reply.pk for reply in rest.replies] == pks[40:]
    assert rest.later_key is None


def test_costs_the_same_at_every_length(
    client, as_member, bob, series, episode, comment, crowd, make_comment, queries_of
):
    seen(bob, series, 2)
    set_cookie(client, 2)
    browser = as_member(bob)
    counts = [(queries_of(client, path(comment)), queries_of(browser, path(comment)))]
    for count in (1, 40):
        for author in crowd(count):
            make_comment(author, episode, parent=comment, spoils_through=2)
        counts.append((queries_of(client, path(comment)), queries_of(browser, path(comment))))
    assert len(set(counts)) == 1
    assert max(counts[0]) <= 12


def test_neighbouring_stubs_fold_but_never_the_one_asked_for(client, bob, episode, make_comment):
    root = make_comment(bob, episode, body="the root")
    replies = [make_comment(bob, episode, parent=root, body=f"far {place}", spoils_through=3) for place in range(4)]
    page = client.get(path(replies[2])).text
    assert [f'id="comment-{reply.pk}"' in page for reply in replies] == [True, False, True, False]
    assert page.count("1 more waits after Track 3.") == 2
    assert f'<a href="?waiting=list#comment-{replies[1].pk}">List them</a>' in page
    listed = client.get(path(replies[2]), {"waiting": "list"}).text
    assert all(f'id="comment-{reply.pk}"' in listed for reply in replies)
    assert "more waits" not in listed


def test_a_reply_to_what_is_folded_leads_to_its_page(client, bob, episode, make_comment):
    root = make_comment(bob, episode, body="the root")
    far = [make_comment(bob, episode, parent=root, body=f"far {place}", spoils_through=3) for place in range(2)]
    deep = make_comment(bob, episode, parent=far[1], body="deeper", spoils_through=3)
    page = client.get(path(root), {"reveal": deep.reveal_name}).text
    assert f'<a href="/comments/{far[1].pk}/#comment-{far[1].pk}">replying to Bob</a>' in page
    listed = client.get(path(root), {"waiting": "list"}).text
    assert f'<a href="#comment-{far[1].pk}">replying to Bob</a>' in listed


def test_what_was_shown_once_says_so_and_can_be_hidden(client, comment):
    page = client.get(path(comment), {"reveal": comment.reveal_name}).text
    assert "Shown to you this once: it spoils through Track 2." in page
    assert f'<a href="{path(comment)}#{comment.reveal_name}" data-swap>Hide it again</a>' in page
    assert 'aria-label="Comment by Alice, shown to you this once"' in page
    set_cookie(client, 2)
    page = client.get(path(comment), {"reveal": comment.reveal_name}).text
    assert "this once" not in page
