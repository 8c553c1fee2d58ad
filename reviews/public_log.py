"""What moderators did, as everybody may read it: without names, and no word beyond the reader's point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from episodes.boundary import sent, within_reach
from reviews.models import ModerationAction, Report

if TYPE_CHECKING:
    from episodes.viewer import Viewer

Verb = ModerationAction.Verb


def measured(acts: QuerySet[ModerationAction]) -> QuerySet[ModerationAction]:
    """Adds `furthest` and `series_key`: how long a reason waits, counted in which series; null for what is no text.

    It may tell as much as the text: it waits as long as that spoils, or did when this was done, as an act has put it,
    or as somebody who reported it thought it does.
    """
    told = Report.objects.filter(action=OuterRef("pk")).order_by().values("action").annotate(last=Max("text_scope"))
    return acts.annotate(
        series_key=Coalesce("review__series", "comment__series"),
        furthest=Greatest(
            F("text_scope"),
            Coalesce("review__spoils_through", "comment__spoils_through", 0),
            Coalesce("review__least_scope", "comment__least_scope", 0),
            Coalesce("scope_before", 0),
            Coalesce("scope_after", 0),
            Coalesce(Subquery(told.values("last")), 0),
        ),
    )


def entries(viewer: Viewer) -> QuerySet[ModerationAction]:
    """Each act with its rule, its appeal and what took it back; adds `sent_reason`, null where it is not sent.

    A reason waits as `measured` says. What is said to a member is for them alone, and neither what is deleted nor a
    series that is not published is spoken of. What was hidden or restored with everything that its author wrote is one
    act.
    """
    whole = ModerationAction.objects.filter(batch=OuterRef("batch"), verb__in=[Verb.HIDE_ALL, Verb.RESTORE_ALL])
    parts = Q(verb__in=[Verb.HIDE, Verb.RESTORE], batch__isnull=False) & Exists(whole)
    acts = measured(ModerationAction.objects.exclude(parts)).annotate(
        published=Coalesce("review__series__published_at", "comment__series__published_at")
    )
    of_text = Q(published__isnull=False, review__deleted_at=None, comment__deleted_at=None)
    readable = of_text & within_reach(viewer, "furthest", path="series_key")
    return (
        acts.annotate(sent_reason=sent("reason", readable))
        .select_related("sanction", "appeal", "undone_by", "rule")
        .order_by(F("pk").desc())
    )
