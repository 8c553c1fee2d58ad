"""The one rule of this site: words of scope k are sent only to those who have seen through k.

Every table with scoped words asks here, in its own `.for_reader(viewer)`; nothing else compares scopes, and
`soundtrack_site/tests/test_one_rule.py` holds it. What a reader may have arrives under another name, `sent_…`,
decided in SQL. That words are read in no other way, `soundtrack_site.withheld` sees to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Expression, Q, Value, When
from django.db.models.lookups import Exact

from soundtrack_site.withheld import Released

if TYPE_CHECKING:
    from episodes.models import Series
    from episodes.viewer import Viewer


def reaches(point: int, scope: int) -> bool:
    """The rule for words that are in no row yet: whoever has seen through `point` may have them."""
    return scope <= point


def within_reach(viewer: Viewer, scope: str, series: Series | None = None, path: str = "series") -> Q:
    """True where the words' scope is no further than the viewer has seen.

    `scope` is the column to compare. With `series` the point is a literal; without, each row is held
    against the viewer's point in its own series, found along `path`. Unanswered counts as 0.
    """
    point: int | Expression = viewer.point(series) if series is not None else viewer.point_in(path)
    return Q(**{f"{scope}__lte": point})


def beyond_reach(viewer: Viewer, scope: str, series: Series | None = None, path: str = "series") -> Q:
    """The other side of the same rule; within one series a range that an index can answer."""
    point: int | Expression = viewer.point(series) if series is not None else viewer.point_in(path)
    return Q(**{f"{scope}__gt": point})


def sent(column: str, rule: Q) -> Case:
    """The column where the rule holds, else null: words that are not sent are not in the answer of the database."""
    return Case(When(rule, then=Released(column)), default=Value(None))


def there_is(column: str) -> Case:
    """Whether it holds any words, for columns of which everybody may know that."""
    return Case(When(Exact(Released(column), Value("")), then=False), default=True)
