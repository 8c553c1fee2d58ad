"""One rule, one place: only `episodes/boundary.py` holds a scope against a point; only a few may have the words.

Walks our own Python and templates. Whatever compares scopes for another end than reading is declared, with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("accounts", "episodes", "reviews", "soundtrack_site")
THE_RULE = "episodes/boundary.py"
MECHANISM = "soundtrack_site/withheld.py"

# What counts how far: of texts and titles, and of people.
SCOPES = {"spoils_through", "scope", "title_scope", "ending_scope", "least_scope", "scope_before", "scope_after"}
POINTS = {"seen_through", "author_seen_through", "furthest", "point"}
MEASURES = SCOPES | POINTS

# Comparisons that decide about something else than whether words are sent. A class stands for its methods.
NOT_ABOUT_READING = {
    "accounts/arrival.py bring_along": "a visitor's point comes along where it is further than the member's",
    "episodes/admin/cornerstones.py EpisodeAdmin.seen_by": "an episode that somebody has seen is not deleted",
    "episodes/documents/rules.py broken_by_others": "a document's scopes lie within its episodes",
    "episodes/forms.py ProgressForm": "a point lies within what has aired",
    "episodes/guide.py Guide.is_rewatching": "whether to offer the way forward again",
    "episodes/guide.py Guide.next_episode": "which one to watch next",
    "episodes/homecoming.py next_of": "series that are not watched to the end",
    "episodes/models/episode.py Episode.Meta": "a constraint: no title spoils beyond its own episode",
    "episodes/models/progress.py Progress": "furthest is never behind",
    "episodes/viewer.py Point": "a cookie's numbers make sense",
    "episodes/viewer.py Viewer.record": "whether a press led further than ever",
    "reviews/demo/": "invented people write and feel what they have seen",
    "reviews/forms/text.py HindsightForm": "whether an author is asked of later points, and of which",
    "reviews/forms/text.py ScopedForm.set_floor": "from which point on the form asks that",
    "reviews/listing.py seats_differ": "whether to offer the choice of seat",
    "reviews/models/appeal.py AppealQuerySet.settle_with": "whether a text was put all the way back, as was asked",
    "reviews/models/comment.py CommentQuerySet": "a reply's scope is raised with what it answers",
    "reviews/models/moderated.py Moderated.rescope": "the same, by moderators",
    "reviews/models/reading.py TextQuerySet._unseen_then": "what the author had not seen, to be said beside the words",
    "reviews/models/text.py": "scopes are raised and lowered, and lie within what has aired",
    "reviews/rules.py rules": "looks for rows that break a rule",
    "reviews/taken_back.py take_back": "whether an author has written with what they would take back",
    "reviews/waiting.py Fold.is_of": "whether the stub that stands there is among those that a line counts",
    "soundtrack_site/paging.py beyond": "what follows on the next page, by any column",
    "reviews/told.py is_past": "whether a text still stands as far as a moderator had put it",
}

# Queries that may name withheld words, and what for.
WITH_WORDS = {
    "episodes/admin/cornerstones.py CornerstoneAdmin.get_queryset": "editors write the catalogue",
    "episodes/documents/stored.py Stored": "the catalogue as a document, to compare and to write",
    "episodes/management/commands/dump_series.py Command.handle": "the same",
    "reviews/management/commands/render_texts.py": "renders them anew",
    "reviews/models/appeal.py Appeal._answer": "the verb that answers an appeal",
    "reviews/models/comment.py Comment.twin": "the same words said twice are one comment",
    "reviews/models/comment.py Comment.stay_ruled": "finds the same words that a moderator has put further",
    "reviews/models/review.py ReviewQuerySet.own": "verbs of the author, who may read their own",
    "reviews/models/text.py Text.locked": "verbs that change the words",
    "reviews/models/text.py Text.unretract": "words that come back",
    "reviews/notices.py own_words": "its author is mailed what a moderator decided about",
    "reviews/views/own_comments.py": "the author's own form",
    "reviews/views/own_reviews.py": "the author's own form",
    "reviews/views/own_scopes.py": "the same",
}

# SQL in strings, which the guard does not see, and querysets without one.
UNGUARDED = {
    "reviews/demo/community.py Community.move_sequence": "moves PostgreSQL's keys, reads no row",
    "reviews/recount.py alone": "a lock, no row",
    "reviews/recount.py one_moment": "an isolation level, no row",
}

# Templates that compare them for another end.
IN_TEMPLATES = {
    "episodes/_band.html": "which cells are lit: numbers that everybody knows",
    "reviews/_outcome.html": "whether a text still waits for longer than before, as whoever reported it is told",
}

ORDERS = ("lt", "lte", "gt", "gte", "range")
ENDS_IN_ORDER = re.compile(rf"__({'|'.join(ORDERS)})$")
LOOKUP = re.compile(rf"(^|__)({'|'.join(MEASURES)})__({'|'.join(ORDERS)})$")
ORDERING = {"LessThan", "LessThanOrEqual", "GreaterThan", "GreaterThanOrEqual"}

Finder = Callable[[ast.AST], bool]


def measures(node: ast.AST) -> bool:
    """Something in it is a scope or a point: a variable, an attribute, a call, a key or a column."""
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=name)):
                if name in MEASURES:
                    return True
            case ast.Call(args=[ast.Constant(value=str(column)), *_]):
                if column.rpartition("__")[2] in MEASURES:
                    return True
    return False


def compares(node: ast.AST) -> bool:
    match node:
        case ast.Compare(ops=ops):
            ordered = any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE | ast.In | ast.NotIn) for op in ops)
            return ordered and any(measures(side) for side in (node.left, *node.comparators))
        case ast.keyword(arg=str(name), value=value):
            return bool(LOOKUP.search(name)) or (bool(ENDS_IN_ORDER.search(name)) and measures(value))
        case ast.Constant(value=str(text)):
            return bool(LOOKUP.search(text))
        case ast.JoinedStr(values=[*_, ast.Constant(value=str(end))]):
            return bool(ENDS_IN_ORDER.search(end))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in ORDERING
    return False


def takes_words(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("with_words", "has_words")


def goes_around(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in {"raw", "extra", "RawSQL", "cursor", "Query", "QuerySet", "Released"}
    return False


def found(finds: Finder, tree: ast.AST, place: str) -> Iterator[str]:
    """The places in this tree, as "reviews/waiting.py Waiting.reviews_beyond", each as often as it is found."""
    if finds(tree):
        yield place
    for child in ast.iter_child_nodes(tree):
        inside = place
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inside = f"{place}.{child.name}" if " " in place else f"{place} {child.name}"
        yield from found(finds, child, inside)


@cache
def sources() -> dict[str, ast.AST]:
    files = [path.relative_to(settings.BASE_DIR) for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    ours = [path for path in files if not {"tests", "migrations"} & {*path.parts}]
    return {path.as_posix(): ast.parse((settings.BASE_DIR / path).read_text()) for path in ours}


def places(finds: Finder) -> set[str]:
    others = {name: tree for name, tree in sources().items() if name not in (THE_RULE, MECHANISM)}
    return {place for name, tree in others.items() for place in found(finds, tree, name)}


def conditions(path: Path) -> Iterator[str]:
    """What stands in each if of a template."""
    yield from re.findall(r"\{%\s*(?:el)?if\s(.*?)%\}", path.read_text())


def template_compares(condition: str) -> bool:
    words = condition.split()
    ordered = {"<", "<=", ">", ">=", "in"} & {*words}
    return bool(ordered) and any({*re.split(r"[.|:]", word)} & MEASURES for word in words)


def undeclared(found_in: set[str], declared: dict[str, str]) -> list[str]:
    return sorted(place for place in found_in if not place.startswith(tuple(declared)))


def idle(found_in: set[str], declared: dict[str, str]) -> list[str]:
    return sorted(entry for entry in declared if not any(place.startswith(entry) for place in found_in))


KINDS = {
    "compares": (compares, NOT_ABOUT_READING),
    "takes words": (takes_words, WITH_WORDS),
    "goes around": (goes_around, UNGUARDED),
}


@pytest.mark.parametrize(("finds", "declared"), KINDS.values(), ids=KINDS)
def test_nothing_undeclared(finds, declared):
    assert not undeclared(places(finds), declared)


@pytest.mark.parametrize(("finds", "declared"), KINDS.values(), ids=KINDS)
def test_nothing_is_declared_that_is_not_there(finds, declared):
    assert not idle(places(finds), declared)


def test_templates_hold_no_scope_against_a_point():
    root = settings.BASE_DIR / "templates"
    found_in = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.*")
        if path.suffix in (".html", ".txt", ".xml") and any(map(template_compares, conditions(path)))
    }
    assert not undeclared(found_in, IN_TEMPLATES)
    assert not idle(found_in, IN_TEMPLATES)


# The walk itself


def finds_in(finds: Finder, code: str) -> bool:
    return bool(list(found(finds, ast.parse(code), "somewhere.py")))


@pytest.mark.parametrize(
    "code",
    [
        "text.spoils_through <= viewer.point(series)",
        "episode.number > viewer.seen_through(series)",
        "scope in range(point + 1)",
        "row['scope'] < 3",
        "(progress.seen_through or 0) >= 2",
        "texts.filter(spoils_through__lte=3)",
        "texts.exclude(review__spoils_through__gt=3)",
        "texts.filter(**{'title_scope__lte': 3})",
        "texts.filter(**{f'{column}__lte': 3})",
        "episodes.filter(number__lte=viewer.point(series))",
        "episodes.filter(number__gt=OuterRef('author_seen_through'))",
        "texts.filter(LessThanOrEqual(F('spoils_through'), 3))",
    ],
)
def test_the_walk_sees_a_comparison(code):
    assert finds_in(compares, code)


@pytest.mark.parametrize(
    "code",
    [
        "text.spoils_through = max(scope, 3)",
        "viewer.seen_through(series) is None",
        "within_reach(viewer, 'spoils_through', series)",
        "reaches(viewer.point(series), episode.number)",
        "column == 'ending_scope'",
        "episodes.filter(airs_at__lte=now)",
    ],
)
def test_the_walk_sees_nothing_else(code):
    assert not finds_in(compares, code)


def test_the_walk_sees_who_takes_words_and_who_goes_around():
    assert finds_in(takes_words, "Review.objects.with_words()")
    for code in ("Review.objects.raw('…')", "Released('body')", "models.QuerySet(Review)", "connection.cursor()"):
        assert finds_in(goes_around, code)


def test_the_walk_finds_the_rule_itself_and_names_places():
    rule = ast.parse((settings.BASE_DIR / THE_RULE).read_text())
    assert {f"boundary {name}" for name in ("reaches", "within_reach", "beyond_reach")} == {
        *found(compares, rule, "boundary")
    }
    code = "class Text:\n  def open(self):\n    return self.scope < 2"
    assert {*found(compares, ast.parse(code), "text.py")} == {"text.py Text.open"}


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("text.spoils_through <= point", True),
        ("episode.number > guide.seen_through", True),
        ("row.scope in reached", True),
        ("text.spoils_through", False),
        ("text.is_open and count > 3", False),
        ("guide.seen_through == 0", False),
    ],
)
def test_the_walk_reads_conditions(condition, told):
    assert template_compares(condition) == told
