"""Looking changes nothing: every address of ours, by everybody, leaves every row as it was."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

OURS = ("episodes", "reviews", "accounts")


def names():
    """`namespace:name` and the arguments of every pattern of ours, one entry for each way of writing it."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace in OURS:
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern), "a nested urls.py: walk it as well"
                yield f"{resolver.namespace}:{pattern.name}", tuple(pattern.pattern.converters)


NAMES = sorted(set(names()))


def address(world, name, arguments):
    text = world.comment if "comment" in name.split(":")[1] else world.review
    values = {
        "slug": world.series.slug,
        "number": world.episode.number,
        "pk": text.pk,
        "username": "alice",
        "token": "x",
    }
    return reverse(name, kwargs={argument: values[argument] for argument in arguments})


def test_the_walk_knows_every_page():
    assert len(NAMES) >= 20
    assert {name for name, _arguments in NAMES} >= {"episodes:home", "reviews:edit_review", "reviews:delete_comment"}


@pytest.mark.parametrize(("name", "arguments"), NAMES, ids=str)
def test_to_look_is_to_change_nothing(client, as_member, alice, bob, mona, world, rows, name, arguments):
    path = address(world, name, arguments)
    readers = [client, *map(as_member, (alice, bob, mona))]
    before = rows()
    for query in ("", f"?reveal={world.review.reveal_name}&page=1&next=/&seen_through=4&stars=1&body=x&liked=true"):
        for reader in readers:
            for method in (reader.get, reader.head, reader.options):
                assert method(path + query).status_code < 500
    assert rows() == before


def test_a_row_that_changes_is_noticed(world, rows):
    before = rows()
    world.comment.retract()
    assert rows() != before


def test_words_that_change_are_noticed(world, rows):
    before = rows()
    type(world.review).objects.update(body="Other words")
    assert rows() != before
