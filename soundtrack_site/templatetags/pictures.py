"""Where a stored picture is found."""

from django import template

from soundtrack_site import pictures
from soundtrack_site.pictures import POSTER, STILL

register = template.Library()


@register.filter
def picture(name: object) -> str:
    """The address of its larger size."""
    return pictures.address(str(name))


@register.filter
def small_picture(name: object) -> str:
    return pictures.address(pictures.small(str(name)))


@register.simple_tag
def picture_sizes(name: object, width: int) -> str:
    """What `srcset` says of a poster or still so many pixels wide; nothing where both sizes are the same."""
    shape = POSTER if str(name).startswith(f"{POSTER.folder}/") else STILL
    if width <= shape.small:
        return ""
    return f"{small_picture(name)} {shape.small}w, {picture(name)} {width}w"
