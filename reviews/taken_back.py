"""A step forward that was a slip is taken back, unless a text was written with it."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from episodes.models import Series
from episodes.viewer import Viewer
from reviews.models import Comment, Review


@transaction.atomic
def take_back(viewer: Viewer, series: Series) -> None:
    """Put the viewer where they were before their slip, as if it had not been. Six queries at most.

    Raises ValidationError where it was too long ago, where they have moved since, and where they wrote or rated
    since: such a text says how far its author had been, and must not come to say more than they ever saw.
    """
    if viewer.member is not None:
        viewer.member.queue_up()  # as every verb does that writes down how far its author had been
        viewer.forget(series)
    step = viewer.step(series)
    knew = knowledge(viewer.member, series) if viewer.member is not None else ()
    if step is not None and any(author_seen_through > step.known for author_seen_through in knew):
        said = _("You have rated or written since, so this stays. You can still go back to an earlier point.")
        raise ValidationError(said, code="written")
    if not viewer.step_back(series):
        raise ValidationError(
            _("That can no longer be taken back. You can still choose your point above."), code="late"
        )


def knowledge(member: User, series: Series) -> Iterator[int]:
    """With how much each of the member's texts was written."""
    for texts in (Review.objects.all(), Comment.objects.all()):
        yield from texts.filter(author=member, series=series).values_list("author_seen_through", flat=True)
