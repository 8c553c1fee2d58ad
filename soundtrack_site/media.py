"""Pictures that people uploaded, from wherever they are kept."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

YEAR = 365 * 24 * 3600  # seconds


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """Whoever knows the name may have it: 128 random bits that a page sends only to those who may see the picture.

    A name never stands for another picture, so the answer stays good for ever and is the same for everybody.
    """
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404(_("There is no such picture.")) from None
    filename = name.rpartition("/")[2]
    headers = {
        "Cache-Control": f"public, max-age={YEAR}, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f'inline; filename="{filename}"',
        "ETag": f'"{filename.removesuffix(".webp")}"',
    }
    return HttpResponse(content, content_type="image/webp", headers=headers)
