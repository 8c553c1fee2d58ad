"""What every page may cost, in queries, with nothing kept and with more on it than one page shows."""

import pytest

from conftest import seen
from episodes.models import Credit, Cue, KeyMoment, Kin, Note, Person, PressReview, Song, Source, Tag, WatchLink

TEXTS = 21

BUDGETS = {  # page: for a visitor, for a member; session and member counted
    "/series/drama/episodes/2/": (8, 12),
    "/series/drama/episodes/2/recap/": (8, 12),
    "/series/drama/episodes/2/reviews/": (8, 12),
    "/series/drama/reviews/": (8, 12),
    "/series/drama/episodes/2/comments/": (8, 12),
    "/series/drama/comments/": (8, 12),
    "/series/": (8, 12),
    # The sleeve shows ten kinds of facts, each a query whatever its length.
    "/series/drama/": (13, 17),
    "/": (13, 17),
}


@pytest.fixture
def full(series, episode, crowd, make_review, make_comment):
    """More than a page of everything."""
    for author in crowd(TEXTS):
        for subject in (series, episode):
            make_review(author, subject, spoils_through=2 * (author.pk % 2))
            root = make_comment(author, subject, spoils_through=2 * (author.pk % 2))
            make_comment(author, subject, parent=root, spoils_through=2)
    for number in range(TEXTS):
        name = f"name {number}"
        series.tags.add(Tag.objects.create(kind="mood", name=name))
        Credit.objects.create(series=series, person=Person.objects.create(name=name), job="cast", character=name)
        song = Song.objects.create(series=series, part=number, title=name)
        Cue.objects.create(song=song, episode=episode, at=number)
        KeyMoment.objects.create(episode=episode, at=number, text=name)
        PressReview.objects.create(series=series, episode=episode, outlet=name, score=4)
        Kin.objects.create(series=series, title=name, why=name)
        WatchLink.objects.create(series=series, service=name, checked_on="2026-01-01")
        Note.objects.create(series=series, about=name, text=name)
        Source.objects.create(series=series, name=name)
    return series


@pytest.mark.parametrize("path", BUDGETS)
@pytest.mark.parametrize("through", [None, 2, 4])
def test_a_full_page_stays_within_its_budget(client, as_member, una, full, queries_of, path, through):
    if through is not None:
        seen(una, full, through)
        client.post("/series/drama/progress/", {"seen_through": through})
    client.get("/")  # the message of the answer above is shown, and its cookie gone
    visitor, member = BUDGETS[path]
    assert queries_of(client, path) <= visitor
    assert queries_of(as_member(una), path) <= member
