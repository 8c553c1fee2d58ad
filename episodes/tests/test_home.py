"""`/`: the page of the only series, or the newest of several; for members, what awaits them first."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from conftest import seen
from episodes.models import Episode
from reviews.models import Comment


def test_an_empty_site_says_so(client, db):
    page = client.get("/")
    assert page.status_code == 200
    assert "Nothing is published here yet" in page.text


def test_the_only_series_is_at_home_here(client, series):
    page = client.get("/")
    assert page.status_code == 200
    assert page.templates[0].name == "episodes/series.html"
    assert f'<link rel="canonical" href="http://localhost:8000{series.get_absolute_url()}">' in page.text


def test_of_several_the_newest_comes_first_and_has_the_band(client, make_series):
    make_series("older")
    newer = make_series("newer", published_at=datetime(2023, 1, 1, tzinfo=UTC))
    page = client.get("/")
    assert page.text.index('href="/series/newer/"') < page.text.index('href="/series/older/"')
    assert f'action="{newer.get_absolute_url()}progress/"' in page.text


SAY_ABOVE = "Say above how far you have seen."


@pytest.mark.parametrize("others", [0, 1])
def test_who_just_came_is_told_to_answer_above_until_they_have(client, series, make_series, others):
    for number in range(others):
        make_series(f"older-{number}", published_at=datetime(2021, 1, 1, tzinfo=UTC))
    assert SAY_ABOVE in client.get("/").text
    client.post(f"{series.get_absolute_url()}progress/", {"seen_through": 0})
    answered = client.get("/").text
    assert SAY_ABOVE not in answered
    assert "Reading is open to everybody." in answered


def test_nothing_is_said_above_while_nothing_has_aired(client, make_series):
    make_series(aired=0)
    page = client.get("/").text
    assert SAY_ABOVE not in page
    assert "How this place works" in page


@pytest.mark.parametrize("published_at", [None, timezone.now() + timedelta(days=1)])
def test_an_unpublished_series_is_not_shown(client, make_series, published_at):
    make_series("secret", published_at=published_at)
    page = client.get("/")
    assert "Secret" not in page.text
    assert "/series/secret/" not in page.text


def test_withholds_later_titles_and_the_ending(client, series):
    page = client.get("/")
    assert "Title 1" in page.text
    for words in ("Title 2", "제목 2", "Title 4", "Happily, in the snow."):
        assert words not in page.text


def test_a_member_is_shown_what_they_have_seen(as_member, alice, series):
    seen(alice, series, 4)
    page = as_member(alice).get("/")
    assert "Title 4" in page.text
    assert page.templates[0].name == "episodes/home.html"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, series, method):
    assert getattr(client, method)("/").status_code == 405


def test_costs_the_same_whatever_is_written(client, series, episode, make_review, crowd, queries_of):
    bare = queries_of(client, "/")
    for member in crowd(21):
        make_review(member, series)
        make_review(member, episode)
    assert queries_of(client, "/") == bare


def test_costs_the_same_with_more_series(client, make_series, queries_of):
    make_series("one")
    make_series("two")
    bare = queries_of(client, "/")
    for number in range(19):
        make_series(f"more-{number}", episodes=1)
    assert queries_of(client, "/") == bare <= 8


@pytest.fixture
def answered(alice, bob, episode, make_review, make_comment):
    """Bob answers alice's review of track 2 and her comment on it: one safe, two after track 2."""
    review = make_review(alice, episode, body="mine", spoils_through=0)
    seen(alice, episode.series, 1)
    make_comment(bob, review, body="under your review", spoils_through=0)
    root = make_comment(alice, episode, body="my own words", spoils_through=0)
    for words in ("closed answer one", "closed answer two"):
        make_comment(bob, episode, parent=root, body=words, spoils_through=2)
    return episode


def test_answers_to_a_member_come_first_and_those_beyond_them_are_counted(as_member, alice, answered):
    page = as_member(alice).get("/").text
    assert "3 answers you have not read" in page
    assert "under your review" in page
    assert "2 wait after Track 2 of Drama." in page
    for words in ("closed answer", "my own words"):
        assert words not in page
    assert page.count('class="glimpse"') == 1, "what waits is counted, and no row"
    answer = Comment.objects.get(spoils_through=0, author__username="bob")
    assert f'form="act" formaction="/comments/{answer.pk}/read/"' in page
    assert 'formaction="/replies/read/"' in page


def test_further_on_they_open(as_member, alice, series, answered):
    seen(alice, series, 2)
    page = as_member(alice).get("/").text
    assert "closed answer one" in page
    assert "wait after" not in page


def test_read_answers_stand_below_unread_ones(as_member, alice, series, answered):
    seen(alice, series, 2)
    newest = Comment.objects.answers_to(alice)[0]
    Comment.objects.filter(pk=newest.pk).mark_read(alice)
    page = as_member(alice).get("/").text
    assert "2 answers you have not read" in page
    assert page.index("closed answer one") < page.index("under your review") < page.index("closed answer two")
    Comment.objects.answers_to(alice).mark_read(alice)
    page = as_member(alice).get("/").text
    assert "you have not read" not in page
    assert "/replies/read/" not in page


def test_nobody_elses_answers_are_shown(as_member, bob, una, series, answered):
    for member in (bob, una):
        seen(member, series, 4)
        assert "Answers to you" not in as_member(member).get("/").text


def test_hidden_answers_and_those_of_unpublished_series_are_not_shown(as_member, alice, mona, series, answered):
    for answer in Comment.objects.answers_to(alice):
        answer.hide(by=mona, reason="Rude.")
    assert "Answers to you" not in as_member(alice).get("/").text


@pytest.mark.parametrize("others", [0, 1, 3])
def test_a_visitor_is_told_what_one_does_here_and_a_member_knows(client, as_member, alice, make_series, others):
    for number in range(others + 1):
        make_series(f"drama-{number}")
    page = client.get("/").text
    assert "Say above how far you have seen." in page
    assert 'href="/accounts/signup/"' in page
    for told in (as_member(alice).get("/"), client.get("/series/drama-0/")):
        assert "Say above how far" not in told.text


def test_an_unpublished_series_awaits_nobody(as_member, alice, make_series, make_comment, bob, series):
    other = make_series("secret")
    root = make_comment(alice, other)
    make_comment(bob, other, parent=root, body="secret answer")
    seen(alice, other, 1)
    type(other).objects.filter(pk=other.pk).update(published_at=None)
    page = as_member(alice).get("/").text
    for words in ("secret answer", "Answers to you", "Next for you", "Secret"):
        assert words not in page


def test_the_next_track_is_of_the_series_moved_in_last(as_member, alice, make_series):
    older, newer = make_series("older"), make_series("newer", published_at=datetime(2023, 1, 1, tzinfo=UTC))
    seen(alice, newer, 1)
    seen(alice, older, 2)
    page = as_member(alice).get("/").text
    assert "Older · Track 3" in page
    assert '<a href="/series/older/episodes/3/"><span lang="en">Title 3</span></a>' in page
    seen(alice, newer, 1)
    assert '<a href="/series/newer/episodes/2/"><span lang="en">Title 2</span></a>' in as_member(alice).get("/").text


def test_a_finished_series_has_no_next_track(as_member, alice, make_series):
    done, begun = make_series("done"), make_series("begun")
    seen(alice, begun, 0)
    seen(alice, done, 4)
    page = as_member(alice).get("/").text
    assert '<a href="/series/begun/episodes/1/"><span lang="en">Title 1</span></a>' in page
    seen(alice, begun, 4)
    assert "Next for you" not in as_member(alice).get("/").text


def test_the_next_tracks_title_may_be_a_secret(as_member, alice, series):
    Episode.objects.filter(number=3).update(title_scope=3)
    seen(alice, series, 2)
    page = as_member(alice).get("/").text
    assert '<a href="/series/drama/episodes/3/">Track 3</a>' in page
    assert "Title 3" not in page


def test_the_next_track_may_be_to_come(as_member, alice, make_series):
    running = make_series(aired=2)
    seen(alice, running, 2)
    page = as_member(alice).get("/").text
    assert "in 6 days" in page
    assert page.count('class="airing"') == 1
    running.episodes.filter(number=3).update(airs_at=None)
    assert "Nobody has said yet when it is shown." in as_member(alice).get("/").text


def test_what_is_new_since_the_last_visit(as_member, alice, bob, una, series, episode, make_review, make_comment):
    """Newest first, of series the member follows, others' words alone, and none beyond their point."""
    browser = as_member(alice)
    seen(alice, series, 1)
    make_comment(bob, series, body="old words")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)) as now:
        browser.get("/")
        now.shift(timedelta(hours=1))
        make_review(bob, episode, headline="Fresh line", body="fresh words")
        make_comment(una, series, body="a fresh comment")
        make_comment(una, episode, body="closed words", spoils_through=2)
        make_review(una, episode, headline="A closed line", spoils_through=2)
        make_comment(alice, series, body="her own words")
        now.shift(timedelta(hours=1))
        page = browser.get("/").text
        assert "New since your last visit" in page
        assert page.index("a fresh comment") < page.index("Fresh line") < page.index("fresh words")
        for words in ("old words", "closed words", "A closed line", "her own words"):
            assert words not in page
        assert page.count('class="glimpse"') == 2, "who said something beyond her is not told either"
        now.shift(timedelta(hours=1))
        assert "New since" not in browser.get("/").text


def test_an_answer_is_no_news_besides(as_member, alice, bob, series, make_comment):
    browser = as_member(alice)
    seen(alice, series, 1)
    root = make_comment(alice, series)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)) as now:
        browser.get("/")
        now.shift(timedelta(hours=1))
        make_comment(bob, series, parent=root, body="a fresh answer")
        now.shift(timedelta(hours=1))
        page = browser.get("/").text
    assert page.count("a fresh answer") == 1
    assert "New since" not in page


def test_a_first_visit_has_nothing_new(as_member, alice, bob, series, make_comment):
    seen(alice, series, 1)
    make_comment(bob, series, body="fresh words")
    page = as_member(alice).get("/").text
    assert "New since" not in page
    assert "fresh words" not in page


def test_series_that_a_member_does_not_follow_are_not_news(as_member, alice, bob, series, make_comment):
    browser = as_member(alice)
    with time_machine.travel(timezone.now()) as now:
        browser.get("/")
        now.shift(timedelta(hours=1))
        make_comment(bob, series, body="fresh words")
        now.shift(timedelta(hours=1))
        assert "fresh words" not in browser.get("/").text


def test_words_are_shown_as_text(as_member, alice, bob, series, make_comment):
    root = make_comment(alice, series)
    make_comment(bob, series, parent=root, body="**strong** <script>alert(1)</script> & more")
    page = as_member(alice).get("/").text
    assert "<script>alert" not in page
    assert "&amp; more" in page


def test_a_members_home_costs_at_most_twelve(
    as_member, una, make_series, crowd, make_review, make_comment, queries_of
):
    """Flat, with the next track in another series than the featured one, and answers and news about episodes."""
    browser = as_member(una)
    other = make_series("other", published_at=datetime(2021, 1, 1, tzinfo=UTC))
    featured = make_series("featured")
    episode = featured.episodes.get(number=2)
    seen(una, featured, 4)
    seen(una, other, 1)
    counts = []
    with time_machine.travel(timezone.now()) as now:
        browser.get("/")
        for count in (0, 1, 20):
            now.shift(timedelta(hours=1))
            for number, member in enumerate(crowd(count)):
                for subject in (other, episode):
                    root = make_comment(una, subject, body=f"root {count} {number}")
                    make_comment(member, subject, parent=root, spoils_through=number % 4)
                    make_review(member, subject)
                    make_comment(member, subject, body="news")
                make_series(f"more-{count}-{number}", episodes=1, published_at=datetime(2020, 1, 1, tzinfo=UTC))
            counts.append(queries_of(browser, "/"))
            now.shift(timedelta(minutes=1))
    assert counts[0] <= counts[1] == counts[2] == 12  # nobody looks for what waits where nothing is unread
