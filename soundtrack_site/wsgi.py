import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")

BOUNDARY = re.compile(r'boundary=("[^"]+"|[^"]+)', re.IGNORECASE)

django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, told that every request is in UTF-8, which all our pages are.

    It believes the charset that a request names before any of our code can answer: some of Python's codecs are
    none for text and end in an error, others make lone surrogates of plain letters.
    """
    if stated := environ.get("CONTENT_TYPE"):
        environ["CONTENT_TYPE"] = content_type_without_charset(stated)
    return django(environ, start_response)


def content_type_without_charset(stated: str) -> str:
    """The kind of content and, where its parts need one, their boundary; nothing else."""
    kind, *parameters = (part.strip() for part in stated.split(";"))
    boundary = next((part for part in parameters if BOUNDARY.fullmatch(part)), None)
    return f"{kind}; {boundary}" if boundary else kind
