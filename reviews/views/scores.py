from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.decorators import MemberRequest, any_member_required
from episodes.guide import Guide
from episodes.models import Progress
from reviews.score import peek_number
from soundtrack_site.paths import own_path


@require_POST
@any_member_required
def peek(request: MemberRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Show this member the score before they have rated, here and from now on. Silenced members may, too."""
    guide = Guide.of(request.viewer, slug)
    subject = guide.subject(number)
    Progress.objects.peek(request.user, guide.series, peek_number(subject))
    back = own_path(request, request.GET.get("next", "")) or subject.get_absolute_url()
    return redirect(back if "#" in back else f"{back}#score")
