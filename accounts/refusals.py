"""A refused form is answered with 422, other apps' too: they would say 200, as if all were well."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def say_refused(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "POST" and response.status_code == 200 and isinstance(response, TemplateResponse):
            shown = (response.context_data or {}).values()
            if any(isinstance(value, BaseForm) and value.errors for value in shown):
                response.status_code = 422
        return response

    return middleware
