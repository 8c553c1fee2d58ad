from django import template
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from reviews.held import WHY
from reviews.models import Comment, Review
from reviews.unsent import signed_writer

register = template.Library()


@register.filter
def writer_mark(user: User | AnonymousUser) -> str:
    """Whose words a form will hold; nobody's for a visitor."""
    return signed_writer(user) if user.is_authenticated else ""


@register.filter
def why_held(text: Review | Comment) -> str:
    """Why it waits for a moderator, for its author."""
    return str(WHY[text.held_for])
