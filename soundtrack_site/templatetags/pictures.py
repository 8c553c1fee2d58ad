"""Where a stored picture is found."""

from django import template

from soundtrack_site import pictures

register = template.Library()


@register.filter
def picture(name: object) -> str:
    """The address of its larger size."""
    return pictures.address(str(name))


@register.filter
def small_picture(name: object) -> str:
    return pictures.address(pictures.small(str(name)))
