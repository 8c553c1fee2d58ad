"""The room of a series and the discussion of an episode."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import seen
from episodes.models import Episode, Song
from reviews import threads
from reviews.models import Comment
from reviews.recount import differences
from soundtrack_site import paging

EPISODE = "/series/drama/episodes/2/comments/"
ROOM = "/series/drama/comments/"
FORM = {"body": "Did *you* cry?", "spoils_through": "2"}


def set_cookie(client, through):
    assert client.post("/series/drama/progress/", {"seen_through": through}).status_code == 302


@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_an_empty_place_is_quiet_and_lets_a_visitor_begin(client, episode, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "Quiet so far." in page.text
    assert 'name="login"' in page.text
    assert "<textarea" in page.text
    assert "csrfmiddlewaretoken" not in page.text


@pytest.mark.parametrize(("path", "scope"), [(EPISODE, 2), (ROOM, 0)])
def test_a_form_begins_at_its_places_scope(as_member, alice, episode, path, scope):
    page = as_member(alice).get(path)
    assert page.context["form"].initial["spoils_through"] == scope
    assert "<textarea" in page.text


@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_posts_a_comment_that_waits_for_its_author_and_leads_to_it(as_member, alice, series, episode, path):
    answer = as_member(alice).post(path, FORM)
    comment = Comment.objects.with_words().get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/comments/{comment.pk}/"
    assert (comment.author, comment.body, comment.spoils_through) == (alice, "Did *you* cry?", 2)
    assert comment.subject == (series if path == ROOM else episode)
    assert differences() == []


def test_what_is_said_stands_among_the_others(as_member, alice, bob, series, episode, make_comment):
    """On the page that lists it, whatever was said after it; a reply stands in its thread."""
    seen(alice, series, 2)
    made = [make_comment(bob, episode, body=f"word {number}") for number in range(paging.SIZE - 1)]
    browser = as_member(alice)
    last = browser.post(EPISODE, FORM).headers["Location"]
    first_said = Comment.objects.get(author=alice)
    assert last == f"{EPISODE}#comment-{first_said.pk}"
    make_comment(bob, episode, body="another word")
    beyond = browser.post(EPISODE, {**FORM, "body": "On the next page."}).headers["Location"]
    said = Comment.objects.latest("pk")
    assert beyond == f"{EPISODE}?page={made[1].pk}#comment-{said.pk}"
    assert f'id="comment-{said.pk}"' in browser.get(beyond).text
    assert browser.post(EPISODE, FORM).headers["Location"] == last, "the same post twice"
    browser.post(EPISODE, {**FORM, "body": "To you.", "parent": made[0].pk})
    reply = Comment.objects.latest("pk")
    assert browser.post(EPISODE, {**FORM, "body": "To you.", "parent": made[0].pk}).url == f"/comments/{reply.pk}/"


def test_answers_a_comment_at_least_as_far(as_member, alice, bob, episode, make_comment):
    parent = make_comment(bob, episode, spoils_through=3)
    as_member(alice).post(EPISODE, {**FORM, "parent": parent.pk})
    reply = Comment.objects.get(author=alice)
    assert (reply.parent, reply.root, reply.spoils_through) == (parent, parent, 3)
    assert differences() == []


def test_a_double_press_is_one_comment(as_member, alice, episode):
    browser = as_member(alice)
    assert browser.post(EPISODE, FORM).headers["Location"] == browser.post(EPISODE, FORM).headers["Location"]
    assert Comment.objects.count() == 1
    assert browser.get(EPISODE).text.count("It is said.") == 1, "also where the first answer was lost"


@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_where_something_is_said_its_form_is_a_link_away(client, alice, series, episode, make_comment, path):
    way = '<a class="button" href="#say">Say something</a>'
    assert way not in client.get(path).text
    make_comment(alice, series if path == ROOM else episode)
    assert way in client.get(path).text


def test_a_strangers_words_wait_until_they_have_joined(client, episode):
    assert client.post(EPISODE, FORM).headers["Location"].startswith("/accounts/signup/?next=")
    assert not Comment.objects.exists()
    assert "Did *you* cry?" in client.get(EPISODE).text


def test_a_banned_member_is_told_why_and_posts_nothing(as_member, ned, episode):
    refused = as_member(ned).post(EPISODE, FORM)
    assert refused.status_code == 403
    assert "Sold scarves in every thread." in refused.text
    assert FORM["body"] in refused.text
    assert not Comment.objects.exists()


def test_nobody_posts_in_anothers_name(as_member, alice, bob, episode):
    as_member(bob).post(EPISODE, {**FORM, "author": alice.pk})
    assert Comment.objects.get().author == bob


@pytest.mark.parametrize("through", [None, 0, 1, 2, 3, 4])
def test_words_beyond_the_visitor_are_not_sent(client, series, episode, crowd, make_comment, through):
    for scope, author in enumerate(crowd(5)):
        make_comment(author, episode, body=f"words <{scope}>", spoils_through=scope)
    if through is not None:
        set_cookie(client, through)
    page = client.get(EPISODE).text + client.get(EPISODE, {"waiting": "list"}).text
    for scope in range(5):
        assert (f"words &lt;{scope}&gt;" in page) is (scope <= (through or 0))
        assert (f"waiting after Track {scope}." in page) is (scope > (through or 0))


@pytest.mark.parametrize("through", [None, 2])
def test_replies_beyond_the_member_are_stubs_in_their_thread(
    as_member, alice, bob, series, episode, make_comment, through
):
    root = make_comment(bob, episode, body="the root")
    make_comment(bob, episode, parent=root, body="the reply", spoils_through=2)
    if through is not None:
        seen(alice, series, through)
    page = as_member(alice).get(EPISODE).text
    assert "the root" in page
    assert ("the reply" in page) is (through == 2)
    assert ("waiting after Track 2." in page) is (through is None)


def test_one_comment_can_be_asked_for(client, alice, bob, episode, make_comment):
    asked = make_comment(alice, episode, body="the asked words", spoils_through=4)
    make_comment(bob, episode, body="the other words", spoils_through=4)
    listed = client.get(EPISODE, {"waiting": "list"}).text
    link = f'href="?waiting=list&amp;reveal=comment-{asked.pk}#comment-{asked.pk}" rel="nofollow"'
    assert link in listed
    page = client.get(EPISODE, {"reveal": asked.reveal_name})
    assert "the asked words" in page.text
    assert "the other words" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]


def test_what_is_hidden_is_gone_for_strangers_and_open_to_its_author(
    client, as_member, alice, bob, mona, episode, make_comment
):
    comment = make_comment(alice, episode, body="unseen words")
    comment.hide(by=mona, reason="Spoils.")
    for browser in (client, as_member(bob), as_member(alice)):
        page = browser.get(EPISODE).text
        assert "unseen words" not in page
        assert "Quiet so far." in page
    assert "unseen words" in as_member(alice).get(comment.get_absolute_url()).text


def test_what_is_gone_holds_its_place_while_answers_stand(client, alice, bob, mona, episode, make_comment):
    root = make_comment(alice, episode, body="gone words")
    make_comment(bob, episode, parent=root, body="the reply")
    root.hide(by=mona, reason="Spoils.")
    page = client.get(EPISODE, {"reveal": root.reveal_name}).text
    assert "A comment stood here." in page
    assert "the reply" in page
    assert "gone words" not in page
    assert "Alice" not in page


def test_each_place_has_its_own_talk(client, alice, bob, series, episode, make_comment, make_review):
    make_comment(alice, series, body="in the room")
    make_comment(alice, episode, body="of the episode")
    make_comment(alice, make_review(bob, episode), body="under a review")
    room, discussion = client.get(ROOM).text, client.get(EPISODE).text
    assert "in the room" in room
    assert "of the episode" in discussion
    for words in ("of the episode", "under a review"):
        assert words not in room
    for words in ("in the room", "under a review"):
        assert words not in discussion


@pytest.mark.parametrize(
    "path",
    [
        "/series/drama/episodes/4/comments/",
        "/series/drama/episodes/9/comments/",
        f"/series/drama/episodes/{'9' * 20}/comments/",
        "/series/unknown/comments/",
        "/series/secret/comments/",
        "/series/secret/episodes/1/comments/",
    ],
)
def test_what_is_missing_unaired_or_unpublished_is_404(as_member, alice, make_series, path):
    make_series(aired=3)
    make_series("secret", published_at=None)
    browser = as_member(alice)
    assert browser.get(path).status_code == 404
    assert browser.post(path, FORM).status_code == 404
    assert not Comment.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_only_reads_and_posts(client, episode, path, method):
    assert getattr(client, method)(path).status_code == 405


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"body": ""}, "Write something first."),
        ({"body": " \n "}, "Write something first."),
        ({"body": "b" * 10_001}, "At most 10000 characters"),
        ({"body": "null \x00 byte"}, "characters that cannot be kept"),
        ({"spoils_through": "5"}, "Choose one of the points"),
        ({"spoils_through": "-1"}, "Choose one of the points"),
        ({"spoils_through": ""}, "Say who may read it."),
        ({"parent": "x"}, "taken away meanwhile"),
        ({"parent": "999999"}, "taken away meanwhile"),
        ({"parent": "9" * 30}, "taken away meanwhile"),
    ],
)
def test_bad_input_keeps_the_text_and_writes_nothing(as_member, alice, episode, wrong, says):
    form = {**FORM, **wrong}
    page = as_member(alice).post(EPISODE, form)
    assert page.status_code == 422
    assert says in page.text
    assert f">\n{form['body']}</textarea>" in page.text
    assert not Comment.objects.exists()


@pytest.mark.parametrize("where", ["the room", "another episode", "a review", "deleted", "hidden"])
def test_a_parent_elsewhere_or_gone_is_refused(
    as_member, alice, bob, mona, series, episode, make_comment, make_review, where
):
    places = {
        "the room": series,
        "another episode": series.episodes.get(number=1),
        "a review": make_review(bob, episode),
    }
    parent = make_comment(alice, places.get(where, episode))
    if where == "deleted":
        parent.retract()
    if where == "hidden":
        parent.hide(by=mona, reason="Spoils.")
    page = as_member(bob).post(EPISODE, {**FORM, "parent": parent.pk})
    assert page.status_code == 422
    assert "taken away meanwhile" in page.text
    assert "Did *you* cry?" in page.text
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("asked", ["x", "", "-1", "9" * 19, "\x00"])
def test_a_page_that_is_none_is_404(client, episode, asked):
    assert client.get(EPISODE, {"page": asked}).status_code == 404


def test_pages_go_from_the_oldest_to_the_newest(client, alice, episode, make_comment):
    pks = [make_comment(alice, episode, body=f"number {number}").pk for number in range(21)]
    first = client.get(EPISODE)
    assert [thread.root.pk for thread in first.context["threads"]] == pks[:20]
    second = client.get(EPISODE, {"page": first.context["page"].next_key})
    assert [thread.root.pk for thread in second.context["threads"]] == pks[20:]


@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_costs_the_same_at_every_length(
    client, as_member, alice, series, episode, crowd, make_comment, queries_of, path
):
    subject = series if path == ROOM else episode
    seen(alice, series, 1)
    set_cookie(client, 1)
    browser = as_member(alice)
    counts = [(queries_of(client, path), queries_of(browser, path))]
    for count in (1, 41):
        for place, author in enumerate(crowd(count)):
            root = make_comment(author, subject, spoils_through=3 * (place % 2))
            reply = make_comment(author, subject, parent=root, spoils_through=3)
            make_comment(author, subject, parent=reply, spoils_through=3)
        counts.append((queries_of(client, path), queries_of(browser, path)))
    assert len(set(counts[1:])) == 1
    assert max(counts[1]) <= 12
    assert counts[0] <= counts[1]  # nobody looks for answers to nothing


# Kinds


@pytest.fixture
def song(series):
    return Song.objects.create(series=series, title="Sagi", artist="Seven")


def said():
    return Comment.objects.with_words().get()


@pytest.mark.parametrize("kind", ["", "talk"])
def test_talk_is_what_is_said_without_choosing(as_member, alice, episode, kind):
    as_member(alice).post(EPISODE, {**FORM, "kind": kind, "at": "", "song": "", "song_name": ""})
    assert (said().kind, said().at) == ("talk", None)


@pytest.mark.parametrize("kind", ["moment", "line"])
@pytest.mark.parametrize("typed", ["12:30", "750", "12 30", "１２：３０"])
def test_pins_a_moment_or_a_line(as_member, alice, episode, kind, typed):
    as_member(alice).post(EPISODE, {**FORM, "kind": kind, "at": typed})
    assert (said().kind, said().at) == (kind, 750)
    assert differences() == []


@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_names_a_song_of_the_series(as_member, alice, episode, song, path):
    page = as_member(alice).get(path).text
    assert f'<option value="{song.pk}">Sagi · Seven</option>' in page
    as_member(alice).post(path, {**FORM, "kind": "song", "song": song.pk})
    assert (said().kind, said().song, said().song_name, said().at) == ("song", song, "", None)


@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_names_another_song(as_member, alice, episode, path):
    as_member(alice).post(path, {**FORM, "kind": "song", "song": "", "song_name": "Moon River"})
    assert (said().song, said().song_name) == (None, "Moon River")


def test_a_song_may_have_a_time(as_member, alice, episode, song):
    as_member(alice).post(EPISODE, {**FORM, "kind": "song", "song": song.pk, "at": "1:02"})
    assert said().at == 62
    assert differences() == []


def test_a_song_without_a_title_or_of_another_series_is_not_offered(as_member, alice, series, episode, make_series):
    Song.objects.create(series=series, artist="Nobody knows what")
    elsewhere = Song.objects.create(series=make_series("other"), title="Elsewhere")
    page = as_member(alice).get(EPISODE).text
    assert "Nobody knows what" not in page
    assert "Elsewhere" not in page
    page = as_member(alice).post(EPISODE, {**FORM, "kind": "song", "song": elsewhere.pk})
    assert page.status_code == 422
    assert "This series has no such song." in page.text


def test_the_room_has_no_minutes(as_member, alice, series):
    page = as_member(alice).get(ROOM).text
    assert 'value="song"' in page
    assert 'value="moment"' not in page
    assert 'name="at"' not in page
    assert as_member(alice).post(ROOM, {**FORM, "kind": "moment", "at": "12:30"}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "moment"}, "Say when it happens, like 12:30."),
        ({"kind": "line", "at": " "}, "Say when it happens, like 12:30."),
        ({"kind": "moment", "at": "noon"}, "That is not a time yet."),
        ({"kind": "moment", "at": "12:60"}, "That is not a time yet."),
        ({"kind": "moment", "at": "45:01"}, "Track 2 ends at 45:00."),
        ({"kind": "song", "song_name": "X", "at": "9:00:00"}, "Track 2 ends at 45:00."),
        ({"kind": "talk", "at": "12:30"}, "You named a time. Is it a moment?"),
        ({"at": "noon"}, "You named a time. Is it a moment?"),
        ({"kind": "talk", "song_name": "Moon River"}, "You named a song. Is this about it?"),
        ({"kind": "moment", "at": "1:00", "song_name": "Moon River"}, "You named a song. Is this about it?"),
        ({"kind": "song"}, "Choose a song, or name another."),
        ({"kind": "song", "song_name": "n" * 121}, "At most 120 characters"),
        ({"kind": "song", "song": "999999"}, "This series has no such song."),
        ({"kind": "bonus"}, "There is no such kind of comment."),
        ({"kind": "x"}, "There is no such kind of comment."),
    ],
    ids=str,
)
def test_a_kind_with_what_is_not_its_own_keeps_all_that_was_typed(as_member, alice, episode, wrong, says):
    page = as_member(alice).post(EPISODE, {**FORM, **wrong})
    assert page.status_code == 422
    assert says in page.text
    assert ">\nDid *you* cry?</textarea>" in page.text
    for name in ("at", "song_name"):
        if wrong.get(name, "").strip():
            assert f'name="{name}" value="{wrong[name]}"' in page.text
    assert not Comment.objects.exists()


def test_one_song_is_enough(as_member, alice, episode, song):
    page = as_member(alice).post(EPISODE, {**FORM, "kind": "song", "song": song.pk, "song_name": "Moon River"})
    assert page.status_code == 422
    assert "Choose a song or name another, not both." in page.text
    assert f'<option value="{song.pk}" selected>' in page.text


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({"runtime": None}, "No episode is that long."),
        ({"runtime_is_approximate": True}, "Track 2 ends at about 45:00."),
    ],
)
def test_an_end_that_is_not_known_is_not_said(as_member, alice, episode, known, says):
    Episode.objects.update(**known)
    page = as_member(alice).post(EPISODE, {**FORM, "kind": "moment", "at": "7:00:00"})
    assert says in page.text


def test_an_approximate_end_leaves_room(as_member, alice, episode):
    Episode.objects.update(runtime_is_approximate=True)
    assert as_member(alice).post(EPISODE, {**FORM, "kind": "moment", "at": "54:00"}).status_code == 302


@pytest.mark.parametrize("asked", ["12:30", "750", "１２：３０"])
def test_an_address_that_names_a_minute_begins_a_moment_there(as_member, alice, episode, asked):
    page = as_member(alice).get(EPISODE, {"at": asked}).text
    assert 'name="at" value="12:30"' in page
    assert '<input type="radio" name="kind" value="moment"' in page
    assert page.index('value="moment"') < page.index("checked", page.index('value="moment"')) < page.index('"line"')


@pytest.mark.parametrize("asked", ["", "x", "45:01", "9" * 5000, "-1", "\x00"])
def test_an_address_that_names_no_minute_begins_talk(as_member, alice, episode, asked):
    page = as_member(alice).get(EPISODE, {"at": asked})
    assert page.context["form"]["kind"].value() == "talk"


def test_a_reply_is_talk(as_member, alice, bob, episode, make_comment):
    parent = make_comment(bob, episode)
    browser = as_member(alice)
    assert 'name="kind"' not in browser.get(parent.get_absolute_url()).text
    browser.post(EPISODE, {**FORM, "parent": parent.pk, "kind": "moment", "at": "12:30"})
    reply = Comment.objects.get(author=alice)
    assert (reply.parent, reply.kind, reply.at) == (parent, "talk", None)


def test_songs_cost_one_query_however_many(as_member, alice, series, episode, queries_of):
    browser = as_member(alice)
    bare = queries_of(browser, EPISODE)
    for number in range(20):
        Song.objects.create(series=series, title=f"Song {number}")
    assert queries_of(browser, EPISODE) == bare <= 12


# Preview


@pytest.mark.parametrize("path", [EPISODE, ROOM])
def test_a_preview_shows_the_words_and_publishes_nothing(as_member, alice, episode, path):
    page = as_member(alice).post(path, {**FORM, "kind": "song", "song_name": "Moon River", "preview": ""})
    assert page.status_code == 200
    assert "This is how it will look" in page.text
    assert "<p>Did <em>you</em> cry?</p>" in page.text
    assert ">\nDid *you* cry?</textarea>" in page.text
    assert 'value="Moon River"' in page.text
    assert not Comment.objects.exists()


def test_a_preview_is_shown_whatever_else_is_wrong(as_member, alice, episode):
    page = as_member(alice).post(EPISODE, {**FORM, "kind": "moment", "at": "noon", "preview": ""})
    assert page.status_code == 200
    assert "<p>Did <em>you</em> cry?</p>" in page.text
    assert 'value="noon"' in page.text
    assert "error-summary" not in page.text


@pytest.mark.parametrize("body", ["", "b" * 10_001, "null \x00 byte"])
def test_words_that_cannot_be_shown_are_said_to_be_wrong(as_member, alice, episode, body):
    page = as_member(alice).post(EPISODE, {**FORM, "body": body, "preview": ""})
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert "This is how it will look" not in page.text


def test_a_preview_of_a_reply_still_answers(as_member, alice, bob, episode, make_comment):
    parent = make_comment(bob, episode)
    page = as_member(alice).post(EPISODE, {**FORM, "parent": parent.pk, "preview": ""}).text
    assert f'name="parent" value="{parent.pk}"' in page
    assert "You answer Bob." in page


def test_nothing_harmful_comes_back_in_a_preview(as_member, alice, episode):
    page = as_member(alice).post(EPISODE, {**FORM, "body": "<script>alert(1)</script> [x](//evil)", "preview": ""})
    assert "<script>alert" not in page.text
    assert 'href="//evil"' not in page.text


@pytest.fixture
def kinds(alice, episode, make_comment):
    """One comment of each kind about the episode, in this order, and an answer to the moment."""
    song = Song.objects.create(series=episode.series, part=1, title="Rooftop Song")
    said = {
        "talk": make_comment(alice, episode, body="said in talk"),
        "moment": make_comment(alice, episode, body="said of a moment", kind="moment", at=754),
        "line": make_comment(alice, episode, body="said of a line", kind="line", at=60),
        "song": make_comment(alice, episode, body="said of a song", kind="song", song=song, at=779),
        "bonus": make_comment(alice, episode, body="said in answer", kind="bonus"),
    }
    make_comment(alice, episode, body="said to the moment", parent=said["moment"])
    return said


@pytest.mark.parametrize("kind", Comment.Kind.values)
def test_a_kind_can_be_chosen(client, kinds, kind):
    page = client.get(EPISODE, {"kind": kind})
    assert [thread.root.kind for thread in page.context["threads"]] == [kind]
    assert ("said to the moment" in page.text) is (kind == "moment")
    assert '<a href="/series/drama/episodes/2/comments/?">Show all</a>' in page.text


def test_the_room_has_no_kinds(client, alice, series, make_comment):
    make_comment(alice, series, body="said in the room")
    page = client.get(ROOM, {"kind": "moment", "at": "12:30"})
    assert "said in the room" in page.text
    assert "Show all" not in page.text


@pytest.mark.parametrize("typed", ["12:30", "12:59", "750", "12 30"])
def test_a_minute_shows_its_moments_by_their_time(client, alice, episode, kinds, make_comment, typed):
    make_comment(alice, episode, body="at its first second", kind="moment", at=720)
    make_comment(alice, episode, body="a second too late", kind="moment", at=780)
    page = client.get(EPISODE, {"at": typed})
    assert [thread.root.at for thread in page.context["threads"]] == [720, 754, 779]
    assert "said to the moment" in page.text
    assert "Only the minute from 12:00." in page.text


def test_what_waits_is_told_by_neither_minute_nor_kind(client, alice, episode, make_comment):
    make_comment(alice, episode, body="the kiss", kind="moment", at=754, spoils_through=2)
    for choice in ({"at": "12:30"}, {"kind": "moment"}, {"kind": "song"}):
        for query in (choice, {**choice, "waiting": "list"}):
            page = client.get(EPISODE, query).text
            assert "Alice" not in page
            assert "Waiting for you" not in page
    for query in ({}, {"waiting": "list"}):
        page = client.get(EPISODE, query).text
        assert "Alice" in page
        assert "12:34" not in page
        assert "the kiss" not in page


def test_a_comment_says_what_it_is_and_when(client, kinds):
    page = client.get(EPISODE).text
    assert '<a class="kind__time number" href="/series/drama/episodes/2/comments/?at=12:34">' in page
    for word in ("moment", "line", "song: Rooftop Song", "answer to the question"):
        assert f'<span class="kind__word" dir="auto">{word}</span>' in page
    assert page.count('class="kind__word"') == 4  # talk is talk


@pytest.mark.parametrize("named", ["of the list", "by its author"])
def test_a_song_is_named_where_the_comment_is_open(client, alice, episode, make_comment, named):
    song = Song.objects.create(series=episode.series, part=1, title="Funeral March")
    values = {"song": song} if named == "of the list" else {"song_name": "Funeral March"}
    comment = make_comment(alice, episode, kind="song", spoils_through=2, **values)
    for query, is_told in (("", True), ("?waiting=list", True), ("?kind=song", False)):
        assert ("waiting after Track 2." in client.get(EPISODE + query).text) == is_told
        assert "Funeral March</span>" not in client.get(EPISODE + query).text
    assert "song: Funeral March</span>" in client.get(EPISODE, {"reveal": comment.reveal_name}).text
    set_cookie(client, 2)
    assert "song: Funeral March</span>" in client.get(EPISODE).text


def test_the_same_seat_is_of_those_who_had_seen_no_further(
    client, as_member, alice, bob, una, series, episode, make_comment
):
    seen(alice, series, 1)
    seen(bob, series, 4)
    seen(una, series, 1)
    root = make_comment(alice, episode, body="a guess")
    make_comment(bob, episode, body="knows it all")
    make_comment(bob, episode, body="smiles at the guess", parent=root)
    browser = as_member(una)
    page = browser.get(EPISODE, {"seat": "same"}).text
    assert "a guess" in page
    assert "knows it all" not in page
    assert "smiles at the guess" not in page
    assert "1 more reply" not in page  # not from this seat
    assert "Only people who had seen no further than Track 1 when they wrote." in page
    assert "smiles at the guess" in browser.get(EPISODE).text


def test_what_leads_on_from_a_seat_stays_in_it(monkeypatch, client, crowd, episode, make_comment):
    monkeypatch.setattr(threads, "MOST_REPLIES", 3)
    root, *authors = crowd(6)
    root = make_comment(root, episode, body="the root")
    _first, second, *_others = [make_comment(author, episode, parent=root, spoils_through=3) for author in authors]
    page = client.get(EPISODE, {"seat": "same"}).text
    assert "more replies" not in page
    assert f'<a href="/comments/{root.pk}/?seat=same">More replies from your seat</a>' in page
    link = f"/comments/{second.pk}/?seat=same&amp;waiting=list#comment-{second.pk}"
    assert link in page
    everybody = client.get(EPISODE).text
    assert f'<a href="/comments/{root.pk}/">2 more replies</a>' in everybody
    assert link not in everybody


def test_the_seat_of_a_list_of_what_waits_is_asked_before_it(client, crowd, episode, make_comment):
    for author in crowd(3):
        make_comment(author, episode, spoils_through=3)
    set_cookie(client, 1)
    page = client.get(EPISODE, {"waiting": "list"}).text
    assert page.index('class="seat"') < page.index('id="waiting"') < page.index("article class")


def test_the_most_felt_come_first(client, crowd, episode, make_comment):
    pks = [make_comment(author, episode, body="words").pk for author in crowd(3)]
    Comment.objects.filter(pk=pks[1]).update(like_count=2)
    page = client.get(EPISODE, {"sort": "felt"})
    assert [thread.root.pk for thread in page.context["threads"]] == [pks[1], pks[0], pks[2]]


@pytest.mark.parametrize(("count", "shown"), [(5, False), (6, True)])
def test_short_talk_has_no_controls(client, crowd, episode, make_comment, count, shown):
    for place, author in enumerate(crowd(count)):
        make_comment(author, episode, spoils_through=2 * (place % 2))
    assert ('id="list-sort"' in client.get(EPISODE).text) is shown
    assert ('id="list-kind"' in client.get(EPISODE).text) is shown


def test_the_newest_that_waits_is_shown_and_all_are_counted(client, crowd, episode, make_comment):
    roots = [make_comment(author, episode, body="a far root", spoils_through=3) for author in crowd(22)]
    make_comment(roots[-1].author, episode, parent=roots[-1], body="a far reply")
    page = client.get(EPISODE)
    assert page.context["stubs"] == [roots[-1]]
    assert "23 in all wait after Track 3, answers included." in page.text
    assert f'<a href="?waiting=list#comment-{roots[-2].pk}">List them</a>' in page.text
    assert "Newest first." in page.text
    listed = client.get(EPISODE, {"waiting": "list"})
    assert len(listed.context["threads"]) == 20
    assert "a far" not in listed.text
    chosen = client.get(EPISODE, {"seat": "same"}).text
    assert "in all" not in chosen
    assert "More waits." in chosen


def test_few_that_wait_are_counted_one_by_one(client, crowd, episode, make_comment):
    for place, author in enumerate(crowd(5)):
        make_comment(author, episode, kind="moment", at=60, spoils_through=3 + place % 2)
    page = client.get(EPISODE).text
    assert page.count("article class") == 1
    assert "2 more wait after Track 3." in page
    assert "2 wait after Track 4." in page
    assert "Newest first." not in page  # where nothing can be sorted nobody wonders


def test_neighbouring_replies_fold_and_what_stands_between_them_does_not(client, bob, crowd, episode, make_comment):
    root = make_comment(bob, episode, body="the root")
    scopes = [0, 3, 3, 4, 0, 2, 0]
    replies = [
        make_comment(author, episode, parent=root, body=f"reply {place}", spoils_through=scope)
        for place, (author, scope) in enumerate(zip(crowd(7), scopes, strict=True))
    ]
    page = client.get(EPISODE).text
    assert [f'id="comment-{reply.pk}"' in page for reply in replies] == [True, True, False, False, True, True, True]
    assert "1 more waits after Track 3." in page
    assert "1 waits after Track 4." in page
    assert f'<a href="/comments/{replies[2].pk}/?waiting=list#comment-{replies[2].pk}">List them all</a>' in page
    asked = client.get(EPISODE, {"reveal": f"comment-{replies[2].pk}"}).text
    assert "reply 2" in asked
    assert "waits after Track 4.</li>" not in asked  # what is shown once parts its neighbours
    assert "reply 3" not in asked


def test_in_a_long_discussion_what_opens_is_read_on_its_own_page(client, crowd, episode, make_comment):
    back = "progress/?next=%2Fseries%2Fdrama%2Fepisodes%2F2%2Fcomments%2F%3Fsort%3Dfelt%23comment-"
    for author in crowd(20):
        far = make_comment(author, episode, spoils_through=2)
    assert f"{back}{far.pk}" in client.get(EPISODE, {"sort": "felt"}).text
    far = make_comment(author, episode, body="one more than a page", spoils_through=2)
    page = client.get(EPISODE, {"sort": "felt"}).text
    assert back not in page
    assert f"progress/?next=%2Fcomments%2F{far.pk}%2F%23comment-{far.pk}" in page


def test_what_was_asked_for_is_shown_wherever_it_stands(client, crowd, episode, make_comment):
    pks = [
        make_comment(author, episode, body=f"far {place}.", spoils_through=3).pk
        for place, author in enumerate(crowd(25))
    ]
    page = client.get(EPISODE, {"reveal": f"comment-{pks[0]}"})
    assert [stub.pk for stub in page.context["stubs"]] == [pks[24], pks[0]]
    assert "far 0." in page.text
    assert "far 24." not in page.text


def test_a_page_keeps_what_was_chosen(client, crowd, episode, make_comment):
    pks = [make_comment(author, episode, kind="moment", at=9).pk for author in crowd(21)]
    make_comment(crowd(1)[0], episode)
    first = client.get(EPISODE, {"kind": "moment", "sort": "felt"})
    key = first.context["page"].next_key
    assert f'rel="next" href="?kind=moment&amp;sort=felt&amp;page={key}"' in first.text
    second = client.get(EPISODE, {"kind": "moment", "sort": "felt", "page": key})
    assert [thread.root.pk for thread in second.context["threads"]] == pks[20:]


def test_what_others_said_since_the_last_visit_is_marked(
    as_member, alice, bob, mona, episode, make_comment, una, was_here
):
    root = make_comment(bob, episode, body="old words")
    Comment.objects.filter(pk=root.pk).update(created_at=timezone.now() - timedelta(days=9))
    reply = make_comment(bob, episode, parent=root, body="a new reply")
    make_comment(alice, episode, parent=reply, body="her own")
    gone = make_comment(una, episode, body="gone words")
    make_comment(alice, episode, parent=gone, body="her own too")
    gone.hide(by=mona, reason="Spoils.")
    browser = as_member(alice)
    was_here(browser, alice, timezone.now() - timedelta(days=1))
    page = browser.get(EPISODE).text
    assert "1 new since your last visit" in page
    assert page.count("badge--new") == 1


@pytest.mark.parametrize(
    "query", ["sort=felt", "kind=moment", "at=0:09", "seat=same", "waiting=list", "sort=felt&kind=moment&seat=same"]
)
def test_every_choice_costs_little(client, as_member, alice, series, episode, crowd, make_comment, queries_of, query):
    seen(alice, series, 2)
    browser = as_member(alice)
    song = Song.objects.create(series=series, part=1, title="Rooftop Song")
    for place, author in enumerate(crowd(50)):
        kind = {"kind": "song", "song": song} if place % 3 == 0 else {"kind": "moment", "at": 9}
        root = make_comment(author, episode, spoils_through=3 * (place % 2), **kind)
        make_comment(author, episode, parent=root, spoils_through=2)
    assert queries_of(browser, f"{EPISODE}?{query}") <= 12
    key = browser.get(f"{EPISODE}?{query}").context["page"].next_key
    if key:
        assert queries_of(browser, f"{EPISODE}?{query}&page={key}") <= 12
