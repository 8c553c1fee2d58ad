"""`/members/<username>/`: what anybody may know of a member, under the reader's own boundary."""

import pytest
from django.utils import timezone

from accounts.models import Sanction, User
from conftest import seen
from reviews.models import Comment, Review

PATH = "/members/alice/"


@pytest.fixture
def member(alice, series, episode, make_review, make_comment):
    """alice, with words about herself, two reviews and a moment."""
    alice.settle_in(bio="I cry at trains.\n\nOften.", star_meaning="Five is for winter")
    make_review(alice, episode, headline="Bring a scarf", body="He keeps the tape", stars=9, spoils_through=2)
    make_review(alice, series, headline="Stay", body="Nothing given away", stars=7, spoils_through=0)
    make_comment(alice, episode, body="That look on the stairs", kind="moment", at=750, spoils_through=2)
    seen(alice, series, 3)
    return alice


def test_anybody_may_read_it(client, member):
    page = client.get(PATH)
    assert page.status_code == 200
    for words in (">Alice</h1>", "@alice", "I cry at trains.", "Five is for winter", "seen through Track 3"):
        assert words in page.text
    assert "Track 2: 4½" in page.text
    assert "all of it: 3½" in page.text
    assert member.get_absolute_url() == PATH


def test_texts_go_by_the_readers_point_never_by_the_members(client, as_member, bob, member, series):
    for reader in (client, as_member(bob)):
        page = reader.get(PATH)
        assert "Bring a scarf" in page.text
        assert "Nothing given away" in page.text
        assert "waiting after Track 2" in page.text
        for words in ("He keeps the tape", "That look on the stairs", "12:30", "Title 2"):
            assert words not in page.text
    seen(bob, series, 2)
    page = as_member(bob).get(PATH)
    for words in ("He keeps the tape", "That look on the stairs", "12:30"):
        assert words in page.text


def test_one_text_can_be_revealed(client, member, episode):
    review = Review.objects.about(episode).get()
    page = client.get(PATH, {"reveal": review.reveal_name})
    assert "He keeps the tape" in page.text
    assert "That look on the stairs" not in page.text


def test_a_stub_says_which_series_its_button_means(client, member, series):
    page = client.get(PATH)
    assert '<form id="seen" method="post" data-swap></form>' in page.text
    assert 'form="seen" name="seen_through" value="2" formaction="/series/drama/progress/?next=/members/alice/' in (
        page.text.replace("%2F", "/")
    )


def test_neighbouring_stubs_of_one_series_fold_and_can_be_listed(
    client, alice, make_series, make_review, make_comment
):
    for name in ("first", "second"):
        for episode in make_series(name).episodes.select_related("series").order_by("number"):
            review = make_review(alice, episode, headline=f"{name} {episode.number}", spoils_through=episode.number)
    page = client.get(PATH).text
    found = [f"{name} {number}" in page for name in ("first", "second") for number in (1, 2, 3, 4)]
    assert found == [False, False, False, True] * 2
    for number in (1, 2, 3):
        assert f"<li>1 waits after Track {number}.</li>" in page
    assert f'<a href="?waiting=list#review-{review.pk - 1}">List them all</a>' in page
    assert page.count('<article class="review') == 2
    listed = client.get(PATH, {"waiting": "list"}).text
    assert listed.count('<article class="review') == 8
    assert "List them" not in listed
    revealed = client.get(PATH, {"reveal": f"review-{review.pk - 1}"}).text
    assert "second 3" in revealed
    assert "second 2" in revealed, "what is shown once parts its neighbours"
    assert "second 1" not in revealed


def test_moments_are_told_to_who_may_read_them(client, as_member, alice, bob, episode, make_comment):
    make_comment(alice, episode, body="the kiss", kind="moment", at=754, spoils_through=2)
    seen(bob, episode.series, 2)
    told = [">Moments<" in reader.get(PATH).text for reader in (client, as_member(alice), as_member(bob))]
    assert told == [False, True, True]


def test_a_way_on_returns_to_the_same_page(client, member, series, make_review):
    make_review(member, series.episodes.select_related("series").get(number=4), spoils_through=4)
    page = client.get(PATH, {"waiting": "list", "reveal": "review-999"}).text
    assert "?next=%2Fmembers%2Falice%2F%3Fwaiting%3Dlist%23" in page


def test_members_are_told_that_it_is_them(as_member, bob, member):
    assert "This is you" in as_member(member).get(PATH).text
    assert "He keeps the tape" in as_member(member).get(PATH).text
    assert "This is you" not in as_member(bob).get(PATH).text


def test_each_rated_episode_is_a_bar(client, member, series, make_review):
    for episode in series.episodes.select_related("series").filter(number__in=(1, 3)):
        make_review(member, episode, headline="", body="", stars=episode.number)
    page = client.get(PATH)
    assert '<path d="M0 63h6v10h-6zM10 7h6v90h-6zM20 49h6v30h-6z"/>' in page.text
    assert 'aria-label="Stars for Drama, in order"' in page.text
    assert page.text.index("Track 1: ½") < page.text.index("Track 2: 4½") < page.text.index("Track 3: 1½")


def test_few_stars_have_no_mean_and_many_have_shares(client, member, make_series, make_review):
    assert "2 ratings so far" in client.get(PATH).text
    for episode in make_series("other").episodes.select_related("series"):
        make_review(member, episode, headline="", body="", stars=9)
    page = client.get(PATH)
    assert '<span class="score__from">from 6</span>' in page.text
    assert sum(bar.percent for bar in page.context["score"].bars) == 100


@pytest.mark.parametrize("act", ["hide", "retract", "hold"])
def test_what_is_not_live_does_not_show_not_even_to_its_author(client, as_member, member, mona, episode, act):
    for text in (Review.objects.about(episode).get(), Comment.objects.get()):
        if act == "hide":
            text.hide(by=mona, reason="A reason")
        elif act == "retract":
            text.retract()
        else:
            type(text).objects.filter(pk=text.pk).update(held_at=timezone.now(), held_for="first")
    for reader in (client, as_member(member)):
        page = reader.get(PATH)
        for words in ("Bring a scarf", "He keeps the tape", "That look on the stairs", "Track 2: 4½", "Moments"):
            assert words not in page.text


def test_texts_of_an_unpublished_series_do_not_show(client, member, series):
    series.published_at = None
    series.save()
    page = client.get(PATH)
    assert page.status_code == 200
    for words in ("Drama", "Bring a scarf", "Nothing given away", "4½", "rating so far", "ratings so far"):
        assert words not in page.text


def test_a_scrubbed_member_is_gone_and_a_banned_one_stays(client, member, mona):
    Sanction.objects.impose(member, Sanction.Kind.BAN, by=mona, reason="Sold scarves.")
    assert client.get(PATH).status_code == 200
    User.objects.filter(pk=member.pk).update(scrubbed_at=timezone.now())
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(
    "name", ["nobody_here", "%00", "alıce", "alice%0A", "x" * 400, "a'b", "알리스", "al%2Fice", "%FF"]
)
def test_unknown_is_404(client, alice, name):
    assert client.get(f"/members/{name}/").status_code == 404


def test_capitals_lead_to_the_one_address(client, alice):
    answer = client.get("/members/ALICE/")
    assert (answer.status_code, answer["Location"]) == (301, PATH)


def test_words_about_oneself_are_text_not_markup(client, alice):
    alice.settle_in(bio="<script>x</script> *not* markdown", star_meaning="<b>bold</b>", display_name="<i>A</i>")
    page = client.get(PATH)
    for markup in ("<script>x", "<b>bold", "<i>A", "<em>not"):
        assert markup not in page.text


def test_a_member_with_nothing_says_so(client, as_member, una):
    page = client.get("/members/una/")
    assert "Nothing yet, as far as this site knows." in page.text
    assert "no ratings yet" in page.text
    assert "You have not reviewed anything yet" in as_member(una).get("/members/una/").text


def test_reviews_come_by_pages(client, alice, make_series, make_review):
    for episode in make_series(episodes=21).episodes.select_related("series").order_by("number"):
        make_review(alice, episode, headline=f"Line {episode.number:02}")
    first = client.get(PATH)
    assert "Line 21" in first.text
    assert "Line 01" not in first.text
    second = client.get(PATH, {"page": first.context["page"].next_key})
    assert "Line 01" in second.text
    assert "Watched" not in second.text
    assert client.get(PATH, {"page": "x"}).status_code == 404


def test_only_the_newest_series_are_listed(client, alice, make_series, monkeypatch):
    monkeypatch.setattr("accounts.shelf.MOST_SERIES", 2)
    for name in ("first", "second", "third"):
        seen(alice, make_series(name, episodes=1), 1)
    page = client.get(PATH)
    assert "Third" in page.text
    assert "First" not in page.text
    assert "Only what was watched last is listed." in page.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_only_reads(client, alice, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_costs_the_same_for_nothing_one_and_twenty(
    client, as_member, alice, bob, make_series, make_review, make_comment, queries_of
):
    browser = as_member(bob)
    counts = []
    for count in (0, 1, 21):
        for number in range(count):
            series = make_series(f"series-{count}-{number}", episodes=2)
            for episode in series.episodes.select_related("series"):
                make_review(alice, episode, spoils_through=episode.number)
                make_comment(alice, episode, kind="moment", at=60, spoils_through=episode.number)
        counts.append((queries_of(client, PATH), queries_of(browser, PATH)))
    assert counts[1] == counts[2]
    assert max(map(max, counts)) <= 12
