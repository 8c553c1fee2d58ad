"""Several short lists in one query."""

from conftest import viewer_of
from reviews.glimpses import newest_of
from reviews.models import Comment


def lists(episode, viewer=None):
    viewer = viewer or viewer_of()
    said = Comment.objects.about(episode).open_to(viewer, episode.series).for_reader(viewer, episode.series)
    return {"all": [said], "bob": [said.filter(author__username="bob")], "none": [said.filter(kind="line")]}


def test_the_newest_three_of_each(alice, bob, episode, make_comment, django_assert_num_queries):
    for number in range(4):
        make_comment(bob, episode, body=f"bob {number}")
        make_comment(alice, episode, body=f"alice {number}")
    make_comment(alice, episode, body="closed", spoils_through=2)
    with django_assert_num_queries(1):
        found = newest_of(lists(episode))
        words = {name: [str(comment.body_html) for comment in rows] for name, rows in found.items()}
        authors = {comment.author.name for comment in found["all"]}
    assert words == {
        "all": ["<p>alice 3</p>", "<p>bob 3</p>", "<p>alice 2</p>"],
        "bob": ["<p>bob 3</p>", "<p>bob 2</p>", "<p>bob 1</p>"],
        "none": [],
    }
    assert authors == {"Alice", "Bob"}


def test_rows_bring_no_withheld_word(alice, episode, make_comment):
    make_comment(alice, episode)
    (comment,) = newest_of(lists(episode))["all"]
    assert {"body", "whole_html", "song_name"} <= comment.get_deferred_fields()


def test_one_list_and_no_list(alice, episode, make_comment):
    make_comment(alice, episode)
    assert len(newest_of({"all": lists(episode)["all"]})["all"]) == 1
    assert newest_of({}) == {}


def test_a_list_of_two_parts_has_the_newest_of_both(alice, bob, episode, make_comment):
    pks = [make_comment(author, episode, body=f"{place}").pk for place in range(3) for author in (alice, bob)]
    (said,) = lists(episode)["all"]
    parts = [said.filter(author=author) for author in (alice, bob)]
    assert [comment.pk for comment in newest_of({"both": parts})["both"]] == pks[:-4:-1]
    assert [comment.pk for comment in newest_of({"both": parts}, 5)["both"]] == pks[:0:-1]


def test_each_part_is_read_off_an_index(episode):
    parts = [rows.filter(pk__in=rows.order_by("-pk").values("pk")[:3]) for (rows,) in lists(episode).values()]
    for part in parts:
        assert "SCAN reviews_comment" not in part.explain()
