"""One name, four places: a view is called as its URL, its template and its test file. Held for all of ours."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("accounts", "episodes", "reviews")
METHODS = {"GET", "HEAD", "POST"}

# Views without a page of their own, and what they answer instead.
WITHOUT_TEMPLATE = {
    "accounts:authenticator_qr": "a picture",
    "accounts:delete_avatar": "back to the form",
    "accounts:set_preferences": "back to the page",
    "episodes:undo_progress": "back to the page",
    "reviews:answer_review": "back to the review, or the review's page with the refused form",
    "reviews:like_comment": "back to the comment",
    "reviews:like_review": "back to the review",
    "reviews:peek": "back to the score",
    "reviews:read_answer": "to the answer",
    "reviews:read_answers": "back home",
    "reviews:read_notifications": "back to the notices",
    "reviews:remove_rating": "back to the form",
    "reviews:undelete_comment": "to the comment, or with words why not to its discussion",
    "reviews:undelete_review": "to the review, or with words why not to what it was about",
}

# Views that take a POST from anybody, and why that is safe.
OPEN_TO_STRANGERS = {
    "accounts:set_preferences": "visitors choose light or dark and a language too; it checks where the form stood",
    "episodes:set_progress": "visitors have a point too; it checks where the form stood",
    "episodes:undo_progress": "the same",
    "reviews:edit_review": "visitors write first and join after: kept in their session",
    "reviews:comments": "the same",
    "reviews:answer_review": "the same",
    "reviews:answer_bonus": "the same",
    "reviews:edit_comment": "whose session ended finds their words after logging in",
    "reviews:rate": "stars wait like words",
    "reviews:rate_episodes": "the same",
}

# What a browser says of a form that stood on our own page.
HERE = {"sec-fetch-site": "same-origin"}


def ours(resolver: URLResolver, namespace: str = "", route: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Name, path and pattern of every URL in a namespace of ours."""
    for pattern in resolver.url_patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from ours(pattern, pattern.namespace or namespace, path)
        elif namespace in OURS:
            yield f"{namespace}:{pattern.name}", path, pattern


URLS = list(ours(get_resolver()))
VIEWS: dict[str, Callable[..., Any]] = {name: pattern.callback for name, _path, pattern in URLS}


def layers(view: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """The view with all its decorators, outermost first."""
    while True:
        yield view
        if not hasattr(view, "__wrapped__"):
            return
        view = view.__wrapped__


def methods(view: Callable[..., Any]) -> set[str]:
    """What `require_http_methods` lets through to this view."""
    for layer in layers(view):
        if layer.__code__.co_qualname.startswith("require_http_methods."):
            return set(inspect.getclosurevars(layer).nonlocals["request_method_list"])
    return set()


def address(path: str) -> str:
    """The path with something in every gap."""
    gaps = {"<slug:slug>": "drama", "<str:username>": "alice", "<int:number>": "1", "<int:pk>": "1"}
    gaps["<str:token>"] = "x"
    for gap, something in gaps.items():
        path = path.replace(gap, something)
    return "/" + path


def test_the_walk_finds_our_views():
    assert {"episodes:home", "episodes:set_progress", "reviews:edit_review", "accounts:authenticator_qr"} <= set(VIEWS)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_called_as_its_url(name):
    app, _, word = name.partition(":")
    view = VIEWS[name]
    assert view.__name__ == word
    assert view.__module__.startswith(f"{app}.views")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_a_template_of_its_name(name):
    template = name.replace(":", "/") + ".html"
    if name in WITHOUT_TEMPLATE:
        with pytest.raises(TemplateDoesNotExist):
            get_template(template)
    else:
        get_template(template)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_a_test_file_of_its_name(name):
    app, _, word = name.partition(":")
    assert (settings.BASE_DIR / app / "tests" / f"test_{word}.py").exists()


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_names_its_methods(name):
    named = methods(VIEWS[name])
    assert named
    assert named <= METHODS
    assert ("GET" in named) == ("HEAD" in named) or "POST" in named


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "BREW"])
@pytest.mark.parametrize("path", [path for _name, path, _pattern in URLS])
def test_a_method_that_no_view_names_is_refused(as_member, alice, series, method, path):
    assert as_member(alice).generic(method, address(path)).status_code == 405


def test_posts_that_strangers_may_send_are_declared(client, series):
    """Everywhere else a stranger's post is refused before anything is looked for, with the text given back."""
    open_to_strangers = {
        name
        for name, path, pattern in URLS
        if "POST" in methods(pattern.callback)
        and client.post(address(path), {"body": "Kept"}, headers=HERE).status_code != 403
    }
    assert open_to_strangers == set(OPEN_TO_STRANGERS)


def test_nothing_is_declared_that_is_not_there():
    assert set(WITHOUT_TEMPLATE) | set(OPEN_TO_STRANGERS) <= set(VIEWS)
