"""Moderators are not spoiled by their duty: the boundary holds in the admin, and opens on request."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy

from accounts.models import Sanction
from conftest import member, seen, viewer_of
from reviews.models import Comment, Draft, ModerationAction, Review, Revision
from reviews.models.reading import TextQuerySet
from reviews.models.sanctions import impose
from soundtrack_site.withheld import WithheldError

FAR = "The far words"


@pytest.fixture
def browser(as_member, mona):
    return as_member(mona)


@pytest.fixture
def review(alice, episode, make_review):
    return make_review(alice, episode, headline="A safe line", body=f"{FAR} of a review", spoils_through=3)


@pytest.fixture
def comment(bob, review, make_comment):
    return make_comment(bob, review, body=f"{FAR} of a comment", spoils_through=3)


def listed(kind):
    return reverse(f"admin:reviews_{kind}_changelist")


def page(text, name="change"):
    return reverse(f"admin:reviews_{text._meta.model_name}_{name}", args=[text.pk])


def opened(text):
    return {"reveal": text.reveal_name}


def places_of(review, comment):
    """Every page of the admin where these two texts stand."""
    return [
        listed("review"),
        listed("comment"),
        page(review),
        page(comment),
        page(review, "hide"),
        page(comment, "hide"),
        page(review, "scope"),
        page(review, "fold"),
        page(review, "history"),
        page(comment, "history"),
    ]


@pytest.mark.parametrize("point", [None, 0, 2])
def test_nobody_behind_a_text_is_sent_its_words_anywhere(browser, mona, series, review, comment, point):
    if point is not None:
        seen(mona, series, point)
    for path in places_of(review, comment):
        shown = browser.get(path)
        assert shown.status_code == 200, path
        assert FAR not in shown.text, path
    for path in (page(review), page(comment), listed("review"), listed("comment")):
        assert "after Track 3" in browser.get(path).text, path


def test_whoever_has_seen_that_far_reads_on(browser, mona, series, review, comment):
    seen(mona, series, 3)
    for path in places_of(review, comment)[2:8]:
        assert FAR in browser.get(path).text, path
    assert FAR in browser.get(listed("comment")).text
    assert "after Track 3" not in browser.get(page(comment)).text


def test_moderators_read_their_own_texts(browser, mona, series, make_review, make_comment):
    own = make_comment(mona, series, body=FAR, spoils_through=4)
    assert FAR in browser.get(page(own)).text
    assert FAR in browser.get(listed("comment")).text


def test_a_stub_says_who_when_stars_headline_scope_and_about_how_long(browser, alice, review):
    shown = browser.get(page(review)).text
    for said in ("alice", "A safe line", "A few words, waiting after Track 3", "<dd>4</dd>"):
        assert said in shown
    listed_there = browser.get(listed("review")).text
    assert "A safe line" in listed_there
    assert (
        f'after Track 3 · <a href="{page(review)}?reveal=review-{review.pk}#review-{review.pk}">Open</a>'
        in listed_there
    )


def test_a_stub_without_a_headline_says_its_length_in_the_list(browser, comment):
    assert "A few words" in browser.get(listed("comment")).text


def test_a_stub_does_not_tell_its_kind(browser, mona, alice, series, make_comment):
    song = make_comment(alice, series, kind="song", song_name="Parting", spoils_through=4)
    for query in ("", "?o=5", "?beyond="):
        assert '<td class="field-sort_of">–</td>' in browser.get(listed("comment") + query).text
    assert "Song" not in browser.get(page(song)).text
    shown = browser.get(listed("comment"))
    assert "kind" not in [getattr(spec, "field_path", "") for spec in shown.context["cl"].filter_specs]
    for asked in ("kind", "kind__exact", "kind__startswith"):
        assert browser.get(listed("comment"), {asked: "song"}).status_code == 400
    assert "sortable column-scope" in shown.text
    assert "sortable column-sort_of" not in shown.text
    seen(mona, series, 4)
    assert '<td class="field-sort_of">Song</td>' in browser.get(listed("comment")).text


def test_open_shows_that_one_and_nothing_is_written(browser, review, comment):
    assert (
        f'href="{page(comment)}?reveal=comment-{comment.pk}#comment-{comment.pk}"' in browser.get(page(comment)).text
    )
    with CaptureQueriesContext(connection) as asked:
        shown = browser.get(page(comment), opened(comment))
    assert not [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert "of a comment" in shown.text
    assert "of a review" not in shown.text
    assert "Opened for you this once" in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert "of a comment" not in browser.get(page(comment)).text


def test_a_second_one_opens_beside_the_first_and_each_closes_alone(browser, review, comment):
    shown = browser.get(page(comment), opened(comment)).text
    ways = re.findall(r'href="([^"]*)"[^>]*>Open</a>', shown)
    both = browser.get(ways[0].replace("&amp;", "&").split("#")[0]).text
    assert "of a comment" in both
    assert "of a review" in both
    ways = re.findall(r'href="([^"]*)"[^>]*>Close it again</a>', both)
    closed = [browser.get(way.replace("&amp;", "&").split("#")[0]).text for way in ways]
    assert {("of a comment" in text, "of a review" in text) for text in closed} == {(True, False), (False, True)}


@pytest.mark.parametrize("path", ["page", "list"])
def test_everything_opens_at_once_for_a_raid(browser, review, comment, path):
    url = page(comment) if path == "page" else listed("comment")
    shown = browser.get(url, {"beyond": "open"})
    assert "of a comment" in shown.text
    assert "waiting after" not in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    if path == "page":
        assert "of a review" in shown.text
        assert f'href="{url}?"' in shown.text


def test_a_text_is_not_repeated_among_its_neighbours(browser, mona, series, review, comment):
    assert browser.get(page(comment)).text.count("A few words, waiting after Track 3") == 2  # its own and the review's
    seen(mona, series, 3)
    shown = browser.get(page(comment)).text
    assert shown.count("of a comment") == 1
    assert "<strong>This text</strong>: bob" in shown


@pytest.mark.parametrize("asked", ["", "stubs", "x", "open%00"])
def test_whatever_else_is_asked_for_shows_stubs(browser, review, comment, asked):
    assert FAR not in browser.get(f"{listed('comment')}?beyond={asked}").text


def test_hidden_held_and_deleted_texts_keep_the_rule(browser, mona, series, review, comment):
    comment.hide(mona, "Rude")
    assert FAR not in browser.get(page(comment)).text
    review.retract()
    for point in (0, 3):
        seen(mona, series, point)
        shown = browser.get(page(review)).text
        assert (f"{FAR} of a review" in shown) is (point == 3)
        assert "No words." in shown


def test_what_it_said_before_waits_as_long_as_it_did_and_does(browser, mona, alice, episode, series, make_review):
    review = make_review(alice, episode, headline="First line", body="First words", spoils_through=3)
    make_review(alice, episode, headline="Second line", body="Second words", spoils_through=4)
    Review.objects.filter(pk=review.pk).update(spoils_through=1)
    earlier = Revision.objects.get()
    for point, reads in ((1, False), (3, True)):
        seen(mona, series, point)
        assert ("First words" in browser.get(page(review)).text) is reads
    seen(mona, series, 1)
    assert "First words" in browser.get(page(review), {"reveal": f"revision-{earlier.pk}"}).text
    Review.objects.filter(pk=review.pk).update(spoils_through=4)
    seen(mona, series, 3)
    assert "First words" not in browser.get(page(review)).text


def test_a_headline_that_was_folded_stays_folded_in_what_it_said_before(browser, mona, alice, episode, make_review):
    review = make_review(alice, episode, headline="She leaves", body="Words", spoils_through=0)
    make_review(alice, episode, headline="She leaves", body="More words", spoils_through=0)
    review.fold_headline(mona, 3, "It tells")
    for path in (
        page(review),
        listed("review"),
        page(review, "unfold"),
        reverse("admin:reviews_moderationaction_changelist"),
    ):
        assert "She leaves" not in browser.get(path).text, path
    assert "She leaves" in browser.get(page(review), {"beyond": "open"}).text
    review.retract()
    assert "She leaves" not in browser.get(page(review)).text


def test_words_that_their_author_raised_stay_raised_in_what_it_said_before(browser, mona, alice, series, make_comment):
    comment = make_comment(alice, series, body=FAR)
    comment.raise_scope(3)
    for _before_and_after in range(2):
        shown = browser.get(page(comment)).text
        assert FAR not in shown
        assert "Waiting after Track 3" in shown
        comment.retract()
    seen(mona, series, 3)
    assert FAR in browser.get(page(comment)).text


@pytest.mark.parametrize("raised", ["review", "root", "parent"])
def test_an_earlier_answer_waits_as_long_as_what_it_answers(
    browser, mona, alice, bob, episode, make_review, make_comment, raised
):
    """It was deleted before: nothing raised the row any more."""
    review = make_review(alice, episode, body="Safe words")
    root = make_comment(alice, review, body="Safe words of a root")
    parent = make_comment(alice, review, parent=root, body="Safe words of a parent")
    reply = make_comment(bob, review, parent=parent, body=FAR)
    reply.retract()
    assert FAR in browser.get(page(reply)).text
    {"review": review, "root": root, "parent": parent}[raised].rescope(mona, 3, "It tells")
    shown = browser.get(page(reply)).text
    assert FAR not in shown
    assert "Waiting after Track 3" in shown
    assert FAR in browser.get(page(reply), {"beyond": "open"}).text


def test_the_words_of_a_revision_are_withheld_like_those_of_its_text(alice, episode, make_review):
    make_review(alice, episode, body="First")
    make_review(alice, episode, body="Second")
    with pytest.raises(WithheldError):
        _ = Revision.objects.get().body
    with pytest.raises(WithheldError):
        Revision.objects.filter(body__contains="First")


# Searching


def found(browser, kind, **query):
    return [text.pk for text in browser.get(listed(kind), query).context["cl"].result_list]


def test_a_search_finds_words_only_where_they_are_sent(browser, mona, series, review, comment):
    assert found(browser, "review", q="of a review") == found(browser, "comment", q="of a comment") == []
    assert found(browser, "review", q="safe line") == found(browser, "review", q="alice") == [review.pk]
    assert found(browser, "review", q="of a review", beyond="open") == [review.pk]
    seen(mona, series, 3)
    assert found(browser, "review", q="of a review") == [review.pk]
    assert found(browser, "comment", q="of a comment") == [comment.pk]


@pytest.mark.parametrize("kind", ["review", "comment"])
def test_a_search_says_what_it_left_out_and_leads_there(browser, mona, series, review, comment, kind):
    said = "beyond where you have seen were not searched"
    shown = browser.get(listed(kind), {"q": "far words", "p": "1"})
    assert said in shown.text
    assert shown.context["search_all_url"] == "?beyond=open&q=far+words"
    all_of_it = browser.get(listed(kind) + shown.context["search_all_url"])
    assert len(all_of_it.context["cl"].result_list) == 1
    assert said not in all_of_it.text
    assert said not in browser.get(listed(kind)).text
    seen(mona, series, 3)
    assert said not in browser.get(listed(kind), {"q": "far words"}).text


def test_answers_songs_and_folded_headlines_are_found_like_words(
    browser, mona, alice, series, make_review, make_comment
):
    season = make_review(alice, series, headline="She leaves", body="", stayed="A song of parting", spoils_through=4)
    season.fold_headline(mona, 4, "It tells")
    song = make_comment(alice, series, kind="song", song_name="Parting again", spoils_through=4)
    asked = [("review", "parting", season), ("review", "she leaves", season), ("comment", "parting again", song)]
    for kind, words, text in asked:
        assert found(browser, kind, q=words) == []
        assert found(browser, kind, q=words, beyond="open") == [text.pk]
    seen(mona, series, 4)
    assert [found(browser, kind, q=words) for kind, words, _text in asked] == [[season.pk], [season.pk], [song.pk]]


@pytest.mark.parametrize(
    "asked",
    [
        "body__contains",
        "whole_html__contains",
        "sent_body__contains",
        "stayed__startswith",
        "folded_headline__startswith",
        "word_count__gt",
        "comments__body__contains",
        "revisions__body__contains",
        "author__password__startswith",
    ],
)
def test_an_address_may_not_ask_about_words(browser, review, asked):
    assert browser.get(listed("review"), {asked: "The far"}).status_code == 400


def test_nor_does_the_log_lead_to_them(browser, mona, review):
    review.hide(mona, "Rude")
    for asked in ("review__body__contains", "comment__body__contains", "review__whole_html__contains"):
        assert browser.get(reverse("admin:reviews_moderationaction_changelist"), {asked: "x"}).status_code == 400


def test_links_to_the_texts_of_one_author_still_work(browser, alice, bob, review, comment, make_comment, episode):
    assert found(browser, "comment", author__id__exact=bob.pk) == [comment.pk]
    assert found(browser, "comment", author__id__exact=alice.pk) == []


# Names, titles and history


def test_no_title_or_name_in_the_admin_tells_of_a_later_episode(
    browser, mona, alice, series, make_review, make_comment
):
    """Mona has seen nothing: titles from episode 2 on are beyond her."""
    last = series.episodes.get(number=4)
    review = make_review(alice, last, headline="", body=FAR, spoils_through=4)
    comment = make_comment(alice, last, body=FAR, spoils_through=4)
    review.hide(mona, "Rude")
    act = ModerationAction.objects.get()
    pages = [*places_of(review, comment), page(review, "restore"), page(act), reverse("admin:index")]
    for path in pages:
        shown = browser.get(path, follow=True).text
        assert "Title " not in shown, path
        assert "제목" not in shown, path
    assert not LogEntry.objects.exists()


def test_drafts_and_earlier_texts_are_on_no_page_of_the_admin():
    from django.contrib import admin

    assert not {Draft, Revision} & set(admin.site._registry)


def test_the_list_costs_the_same_for_one_stub_and_for_twenty(browser, review, series, make_review, make_comment):
    def queries(kind):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(listed(kind)).status_code == 200
        return len(asked)

    make_comment(member("first"), review, body=FAR, spoils_through=3)
    queries("review")
    at_one = [queries("review"), queries("comment")]
    for number in range(20):
        author = member(f"writer{number}")
        make_comment(author, make_review(author, series.episodes.get(number=4), body=FAR, spoils_through=4), body=FAR)
    assert [queries("review"), queries("comment")] == at_one


def test_the_page_costs_the_same_for_one_stub_and_for_twenty(browser, bob, review, comment, make_comment):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(page(comment)).status_code == 200
        return len(asked)

    comment.edit(body="Else", spoils_through=4)
    queries()
    at_one = queries()
    for number in range(10):
        make_comment(bob, review, parent=comment, body=f"{FAR} {number}")
        comment.edit(body=f"Else {number}", spoils_through=4)
    assert queries() == at_one


def test_the_rule_is_the_readers_rule(mona, series, review, comment):
    """What is sent in the admin of a live text is what any page would send."""
    for point in range(5):
        seen(mona, series, point)
        viewer = viewer_of(mona)
        texts: list[TextQuerySet[Any]] = [Review.objects.all(), Comment.objects.all()]
        for rows in texts:
            assert rows.for_moderator(viewer).get().sent_html == rows.for_reader(viewer).get().sent_html


# Why moderators did what they did


LOG = reverse_lazy("admin:reviews_moderationaction_changelist")
WHY = "It says that the train leaves"


@pytest.fixture
def act(mona, review):
    review.close_thread(mona, WHY)
    return ModerationAction.objects.get()


def test_the_reason_of_an_act_waits_as_long_as_its_text(browser, mona, series, review, act):
    """Also for whoever wrote it: it is the rule of the public log."""
    for path in (LOG, page(act), page(review)):
        shown = browser.get(path).text
        assert WHY not in shown, path
        assert f"reveal=moderationaction-{act.pk}" in shown, path
        assert WHY in browser.get(path, {"beyond": "open"}).text, path
    for path in (page(act), page(review)):
        assert WHY in browser.get(path, {"reveal": f"moderationaction-{act.pk}"}).text, path
    seen(mona, series, 3)
    for path in (LOG, page(act), page(review)):
        assert WHY in browser.get(path).text, path


def test_no_search_finds_a_reason_that_waits(browser, mona, series, act):
    def found(**query):
        return list(browser.get(LOG, {"q": "train leaves", **query}).context["cl"].result_list)

    assert found() == []
    assert found(beyond="open") == [act]
    seen(mona, series, 3)
    assert found() == [act]


def test_why_a_member_was_sanctioned_waits_for_nothing(browser, mona, alice, bob):
    act = impose(alice, Sanction.Kind.SILENCE, mona, "Loud at night")
    for path in (LOG, page(act), reverse("admin:accounts_user_change", args=[alice.pk])):
        assert "Loud at night" in browser.get(path).text, path
