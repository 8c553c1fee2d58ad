from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from episodes.viewer import Viewer


def introduce_viewer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give every request its `viewer`; nothing is asked of the session until a view looks at it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: Viewer.of(request))  # type: ignore[attr-defined] # see ViewerRequest
        return get_response(request)

    return middleware
