"""What every page may cost, in queries, with nothing kept and with more on it than one page shows."""

import pytest

from conftest import seen
from episodes.models import Credit, Cue, KeyMoment, Kin, Note, Person, PressReview, Song, Source, Tag, WatchLink
from reviews.models import Comment

TEXTS = 21

BUDGETS = {  # page: for a visitor, for a member; session and member counted
    "/series/drama/episodes/2/": (8, 12),
    "/series/drama/episodes/2/recap/": (8, 12),
    "/series/drama/episodes/2/reviews/": (8, 12),
    "/series/drama/episodes/2/reviews/?sort=felt": (8, 12),
    "/series/drama/episodes/2/reviews/?sort=felt&page=0-99999": (9, 12),
    "/series/drama/episodes/2/reviews/?sort=highest": (9, 12),
    "/series/drama/episodes/2/reviews/?sort=lowest&page=8-0": (10, 12),
    "/series/drama/episodes/2/reviews/?stars=8": (8, 12),
    "/series/drama/episodes/2/reviews/?waiting=list": (8, 12),
    "/series/drama/episodes/2/reviews/?seat=same": (8, 12),
    "/series/drama/reviews/": (8, 12),
    "/series/drama/episodes/2/comments/": (8, 12),
    "/series/drama/episodes/2/comments/?sort=felt": (9, 12),
    "/series/drama/episodes/2/comments/?sort=felt&page=0-0": (10, 12),
    "/series/drama/episodes/2/comments/?kind=song&seat=same": (8, 12),
    "/series/drama/episodes/2/comments/?at=0:00": (8, 12),
    "/series/drama/episodes/2/comments/?waiting=list": (8, 12),
    "/series/drama/comments/": (8, 12),
    "/reviews/{review}/": (8, 12),
    "/reviews/{review}/?sort=felt": (9, 12),
    "/reviews/{review}/?waiting=list": (8, 12),
    "/reviews/{review}/?seat=same": (8, 12),
    "/comments/{comment}/": (8, 12),
    "/comments/{comment}/?seat=same": (8, 12),
    "/series/": (8, 12),
    # The sleeve shows ten kinds of facts, each a query whatever its length.
    "/series/drama/": (13, 17),
    "/": (13, 12),
}


@pytest.fixture
def full(series, episode, crowd, make_review, make_comment):
    """More than a page of everything."""
    for author in crowd(TEXTS):
        for subject in (series, episode):
            review = make_review(author, subject, spoils_through=2 * (author.pk % 2))
            for place in (subject, review):
                root = make_comment(author, place, spoils_through=2 * (author.pk % 2))
                make_comment(author, place, parent=root, spoils_through=2)
    for number in range(TEXTS):
        name = f"name {number}"
        series.tags.add(Tag.objects.create(kind="mood", name=name))
        Credit.objects.create(series=series, person=Person.objects.create(name=name), job="cast", character=name)
        song = Song.objects.create(series=series, part=number, title=name)
        Cue.objects.create(song=song, episode=episode, at=number)
        make_comment(review.author, episode, body=name, kind="song", song=song, at=number)
        KeyMoment.objects.create(episode=episode, at=number, text=name)
        PressReview.objects.create(series=series, episode=episode, outlet=name, score=4)
        Kin.objects.create(series=series, title=name, why=name)
        WatchLink.objects.create(series=series, service=name, checked_on="2026-01-01")
        Note.objects.create(series=series, about=name, text=name)
        Source.objects.create(series=series, name=name)
    return series


@pytest.mark.parametrize("through", [None, 2, 4])
def test_a_full_page_stays_within_its_budget(client, as_member, una, full, queries_of, through):
    if through is not None:
        seen(una, full, through)
        client.post("/series/drama/progress/", {"seen_through": through})
    client.get("/")  # the message of the answer above is shown, and its cookie gone
    browser = as_member(una)
    comment = Comment.objects.filter(review__isnull=False).earliest("pk")
    too_dear = {}
    for pattern, (visitor, member) in BUDGETS.items():
        path = pattern.format(review=comment.review_id, comment=comment.pk)
        asked = queries_of(client, path), queries_of(browser, path)
        if asked[0] > visitor or asked[1] > member:
            too_dear[pattern] = asked
    assert too_dear == {}
