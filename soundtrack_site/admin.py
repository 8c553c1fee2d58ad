"""What every page of the admin does with keys and numbers that no row has: nothing, instead of breaking."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Site(admin.AdminSite):
    """Django filters by whatever is sent as a selection or stands in an address, before anything looks at it."""

    FIRST = ("reviews", "accounts", "episodes")  # what staff are here for, before what libraries keep
    enable_nav_sidebar = False  # lists of texts want the width; the path above each page leads back

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # What apps add to the first page: each answers what its template is given.
        self.fronts: list[Callable[[HttpRequest], dict[str, Any]]] = []

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        context = dict(extra_context or {})
        for front in self.fronts:
            context.update(front(request))
        return super().index(request, context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Within an app in the order in which its tables were registered, and not by the alphabet."""
        every = super().get_app_list(request, app_label)
        tables = list(self._registry)
        for app in every:
            app["models"].sort(key=lambda table: tables.index(table["model"]))
        places = {label: place for place, label in enumerate(self.FIRST)}
        return sorted(every, key=lambda app: places.get(app["app_label"], len(places)))

    def get_urls(self) -> list[Any]:
        on_site = self.admin_view(self.on_site)
        return [path("r/<path:content_type_id>/<path:object_id>/", on_site, name="view_on_site"), *super().get_urls()]

    def on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponseBase:
        """Lead from a row to its page, whoever may see the row; to others it is answered like none.

        Django leads all staff there, of any table: it would tell which keys there are, and the names in addresses.
        """
        is_key = content_type_id.isascii() and content_type_id.isdecimal() and len(content_type_id) < 10
        kind = ContentType.objects.filter(pk=int(content_type_id)).first() if is_key else None
        page = self._registry.get(kind.model_class()) if kind else None  # type: ignore[arg-type] # none for no class
        if page is None or not page.has_view_or_change_permission(request):
            raise Http404
        return shortcut(request, content_type_id, object_id)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return super().admin_view(unbreakable(view), cacheable)


# What Django's own pages add where one picks a row for another; it also asks lists for other columns than the key.
POPUP = {IS_POPUP_VAR, TO_FIELD_VAR}


def unbreakable(view: View) -> View:
    # An act on one row is a partial of the page's method.
    page = getattr(getattr(view, "func", view), "__self__", None)
    model = getattr(page, "model", None)
    is_desk = getattr(page, "is_desk", False)
    has_history = page if getattr(view, "__name__", "") == "history_view" else None

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Django looks for the row first, and would tell from its answer who is there.
        if has_history and not has_history.has_view_or_change_permission(request):
            raise PermissionDenied
        if model is not None and ACTION_CHECKBOX_NAME in request.POST:
            select_keys(request, model._meta.pk)
        if is_desk and POPUP & (request.GET.keys() | request.POST.keys()):
            raise SuspiciousOperation("A page of the desk opens in no window of another.")
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
