"""Pictures that people uploaded, from wherever they are kept."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls.converters import StringConverter
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from soundtrack_site.pictures import AVATAR, NAME

DAY = 24 * 3600  # seconds
YEAR = 365 * DAY


class PictureName(StringConverter):
    """Any other path is no address at all: nothing is looked up that we cannot have written."""

    regex = NAME


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """Whoever knows the name may have it: 128 random bits that a page sends only to those who may see the picture.

    A name never stands for another picture, so the answer stays good for ever and is the same for everybody. A
    member's own is asked for again each day, for they may take it away. `uploaded_pictures` asks here first.
    """
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404(_("There is no such picture.")) from None
    filename = name.rpartition("/")[2]
    age = DAY if name.startswith(f"{AVATAR.folder}/") else YEAR
    headers = {
        "Cache-Control": f"public, max-age={age}, immutable",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f'inline; filename="{filename}"',
        "Content-Length": str(len(content)),
        "ETag": f'"{filename.removesuffix(".webp")}"',
    }
    return HttpResponse(content, content_type="image/webp", headers=headers)
