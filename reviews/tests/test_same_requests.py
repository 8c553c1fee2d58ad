"""The same form fifty times at the same moment, as an impatient finger or a broken proxy sends it: one effect."""

from collections import Counter
from functools import partial

import pytest
from django.test import Client

from accounts.models import User
from conftest import PASSWORD, member
from episodes.models import Episode, Progress, Series
from reviews.models import Comment, Draft, Like, RatingTally, Review, Revision
from reviews.models.flood import LIMITS
from reviews.recount import differences
from reviews.tests.counting import assert_counted
from reviews.tests.racing import no_errors, together

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 50
EPISODE = "/series/drama/episodes/2/"


@pytest.fixture
def fifty(as_member, alice):
    """Fifty browsers with alice's one session; answers how often each status came back."""
    session = as_member(alice).cookies

    def post(path: str, **data: str) -> Counter[int]:
        browsers = [Client() for _ in range(TIMES)]
        for browser in browsers:
            browser.cookies = session.copy()
        answers = no_errors(together(*[partial(browser.post, path, data) for browser in browsers]))
        return Counter(answer.status_code for answer in answers)

    return post


@pytest.fixture(autouse=True)
def _counted(series, alice, monkeypatch):
    for kind in LIMITS:
        monkeypatch.setitem(LIMITS, kind, ())  # else most of the fifty are told to wait
    Progress.objects.record(alice, series, 4)
    yield
    assert_counted()
    assert differences() == []


def test_a_review(fifty):
    said = {"stars": "8", "headline": "A line", "body": "the words", "spoils_through": "2", "hindsight": "0"}
    assert fifty(f"{EPISODE}review/", **said) == {302: TIMES}
    assert (Review.objects.get().version, RatingTally.objects.get().count) == (1, 1)
    said["stars"] = "3"
    assert fifty(f"{EPISODE}review/", **said) == {302: TIMES}
    assert (Review.objects.get().version, Revision.objects.count()) == (2, 1)


def test_stars_alone(fifty):
    assert fifty(f"{EPISODE}rating/", stars="8") == {302: TIMES}
    assert (Review.objects.get().version, RatingTally.objects.get().count) == (1, 1)


def test_stars_for_every_episode(fifty):
    assert fifty("/series/drama/ratings/", stars_1="8", stars_2="7", stars_4="10") == {302: TIMES}
    assert list(Review.objects.values_list("version", flat=True)) == [1, 1, 1]


def test_stars_taken_back(fifty, alice, episode):
    review = Review.objects.publish(alice, episode, stars=8, body="the words")
    assert fifty(f"/reviews/{review.pk}/rating/delete/") == {302: TIMES}
    assert (Review.objects.get().version, Revision.objects.count()) == (2, 1)


def test_a_comment(fifty):
    assert fifty(f"{EPISODE}comments/", body="The scarf", spoils_through="2", hindsight="0") == {302: TIMES}
    assert Comment.objects.get().version == 1


def test_a_reply(fifty, bob, episode):
    root = Comment.objects.post(bob, episode, body="Root", spoils_through=0)
    said = {"body": "The scarf", "spoils_through": "2", "hindsight": "0", "parent": str(root.pk)}
    assert fifty(f"{EPISODE}comments/", **said) == {302: TIMES}
    assert Comment.objects.get(parent=root).version == 1
    assert User.objects.get(pk=bob.pk).unread_count == 1


def test_an_answer_to_a_review(fifty, bob, episode):
    review = Review.objects.publish(bob, episode, stars=8, body="the words")
    assert fifty(f"/reviews/{review.pk}/comments/", body="The scarf", spoils_through="0", hindsight="0") == {
        302: TIMES
    }
    assert Review.objects.get().comment_count == 1


def test_an_answer_to_the_bonus_question(fifty):
    assert fifty(f"{EPISODE}bonus/", body="The umbrella", hindsight="0") == {302: TIMES}
    assert Comment.objects.get().kind == "bonus"


def test_a_draft(fifty):
    for words in ("Half a thought", "The other half"):
        said = {"body": words, "spoils_through": "2", "keep": "1"}
        assert fifty(f"{EPISODE}review/", **said) == {302: TIMES}
        assert Draft.objects.get().words == [words]
    assert not Review.objects.exists()


def test_what_a_visitor_wrote(alice, episode):
    """It waits in one session, and is one draft once they have logged in."""
    first = Client(headers={"sec-fetch-site": "same-origin"})
    said = {"body": "The umbrella", "spoils_through": "2"}
    first.post(f"{EPISODE}comments/", said)
    browsers = [Client(headers={"sec-fetch-site": "same-origin"}) for _ in range(TIMES)]
    for browser in browsers:
        browser.cookies.update(first.cookies)
    answers = no_errors(together(*[partial(browser.post, f"{EPISODE}comments/", said) for browser in browsers]))
    assert {answer.status_code for answer in answers} == {302}
    assert not Comment.objects.exists()
    first.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert Draft.objects.get().words == ["The umbrella"]


def test_an_edit(fifty, alice, episode):
    comment = Comment.objects.post(alice, episode, body="First", spoils_through=0)
    assert fifty(f"/comments/{comment.pk}/edit/", body="Second", spoils_through="2") == {302: TIMES}
    assert (Comment.objects.get().version, Revision.objects.count()) == (2, 1)


@pytest.mark.parametrize("kind", ["review", "comment"])
def test_a_like_and_its_end(fifty, bob, episode, kind):
    text = (
        Review.objects.publish(bob, episode, stars=8, body="the words")
        if kind == "review"
        else Comment.objects.post(bob, episode, body="the words", spoils_through=0)
    )
    Like.objects.feel(member("fan"), text, wanted=True)
    for liked, count in (("true", 2), ("false", 1)):
        assert fifty(text.get_like_url(), liked=liked) == {302: TIMES}
        assert type(text).objects.get().like_count == count


@pytest.mark.parametrize("kind", ["review", "comment"])
def test_a_deletion_and_its_undoing(fifty, alice, episode, kind):
    text = (
        Review.objects.publish(alice, episode, stars=8, body="the words")
        if kind == "review"
        else Comment.objects.post(alice, episode, body="the words", spoils_through=0)
    )
    statuses = fifty(f"{text.get_absolute_url()}delete/")
    assert set(statuses) <= {302, 404}  # whoever comes late finds nothing
    assert statuses[302] >= 1
    assert (type(text).objects.get().version, Revision.objects.count()) == (2, 1)
    assert fifty(f"{text.get_absolute_url()}delete/undo/") == {302: TIMES}
    assert (type(text).objects.get().version, Revision.objects.count()) == (3, 0)


def test_answers_that_were_read(fifty, alice, bob, episode):
    root = Comment.objects.post(alice, episode, body="Root", spoils_through=0)
    for number in range(3):
        Comment.objects.post(bob, episode, body=f"Reply {number}", spoils_through=0, parent=root)
    assert fifty("/replies/read/") == {302: TIMES}
    assert User.objects.get(pk=alice.pk).unread_count == 0


def test_a_point(fifty, bob, as_member, series):
    episodes = list(Episode.objects.values_list("version", flat=True))
    assert fifty("/series/drama/progress/", seen_through="3") == {302: TIMES}
    progress = Progress.objects.get()
    assert (progress.seen_through, progress.furthest) == (3, 4)
    assert list(Episode.objects.values_list("version", flat=True)) == episodes
    assert Series.objects.count() == 1
