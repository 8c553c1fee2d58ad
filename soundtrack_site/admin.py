"""What every page of the admin does with keys and numbers that no row has: nothing, instead of breaking."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Site(admin.AdminSite):
    """Django filters by whatever is sent as a selection or stands in an address, before anything looks at it."""

    FIRST = ("reviews", "accounts", "episodes")  # what staff are here for, before what libraries keep
    enable_nav_sidebar = False  # lists of texts want the width; the path above each page leads back

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Within an app in the order in which its tables were registered, and not by the alphabet."""
        every = super().get_app_list(request, app_label)
        tables = list(self._registry)
        for app in every:
            app["models"].sort(key=lambda table: tables.index(table["model"]))
        places = {label: place for place, label in enumerate(self.FIRST)}
        return sorted(every, key=lambda app: places.get(app["app_label"], len(places)))

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return super().admin_view(unbreakable(view), cacheable)


def unbreakable(view: View) -> View:
    model = getattr(getattr(view, "__self__", None), "model", None)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if model is not None and ACTION_CHECKBOX_NAME in request.POST:
            select_keys(request, model._meta.pk)
        if any("\x00" in value for _, values in request.GET.lists() for value in values):
            return wrong_filter(request)  # PostgreSQL's text does not hold it, and fails where it is looked for
        try:
            return view(request, *args, **kwargs)
        except OverflowError:  # SQLite's, over a number that no column holds
            return wrong_filter(request)

    return answer  # type: ignore[return-value] # it takes what the view takes


def wrong_filter(request: HttpRequest) -> HttpResponseRedirect:
    """Django's own answer to a filter that makes no sense."""
    return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")


def select_keys(request: HttpRequest, key: models.Field[Any, Any]) -> None:
    """Leave out of the selection what is no key of that table."""
    chosen = [value for value in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_key(key, value)]
    data = request.POST.copy()
    data.setlist(ACTION_CHECKBOX_NAME, chosen)
    if not chosen:
        del data[ACTION_CHECKBOX_NAME]
    request.POST = data  # type: ignore[assignment] # a copy can still be changed, the original cannot


def is_key(key: models.Field[Any, Any], value: str) -> bool:
    try:
        key.clean(value, None)
    except ValidationError:
        return False
    return True
