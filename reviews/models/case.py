"""What members report: one case for each text, headline or member, however many tell of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from episodes.boundary import sent, within_reach
from episodes.models import Progress, Series
from reviews.models.comment import Comment
from reviews.models.flood import Burst
from reviews.models.policy import Policy
from reviews.models.review import Review
from reviews.models.revision import exactly_one, target_of
from reviews.models.text import Text, check_scope
from soundtrack_site.withheld import Guarded, GuardedQuerySet, Withholding, WithholdingQuerySet

if TYPE_CHECKING:
    from episodes.viewer import Viewer
    from reviews.models.moderation import ModerationAction

LONGEST_NOTE = 500  # characters
ENOUGH_TO_FOLD = 3  # established members who tell of harm
CLAIM = timedelta(minutes=30)  # how long a case is somebody's without a sign of life

Target = Review | Comment | User


class CaseQuerySet(GuardedQuerySet["Case"]):
    def about(self, target: Target, is_headline: bool = False) -> Self:
        return self.filter(**columns_of(target), is_headline=is_headline)

    def waiting(self) -> Self:
        """The desk: what harms most comes first, then what has waited longest."""
        return self.filter(open_count__gt=0).order_by("-harm", "waits_since", "pk")

    def of(self, target: Target, is_headline: bool) -> Case:
        """The one case about this, made where there is none. Called under the target's lock."""
        case, _created = self.get_or_create(**columns_of(target), is_headline=is_headline)
        return case


class Case(Guarded):
    """All that members report about one text, one headline or one member, and what came of it.

    It stays one case for good: reported anew, it opens anew. `open_count`, `harm` and `waits_since` are of the
    reports that no decision has answered.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="cases", null=True, blank=True)
    comment = models.ForeignKey(Comment, models.PROTECT, related_name="cases", null=True, blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases", null=True, blank=True)
    is_headline = models.BooleanField(_("about the headline"), default=False)

    open_count = models.PositiveIntegerField(_("reports to answer"), default=0)
    harm = models.PositiveSmallIntegerField(_("harm"), default=0)
    waits_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("claimed by"),
        related_name="claimed_cases",
        null=True,
        blank=True,
    )
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-harm", "waits_since", "pk"]
        permissions = [("decide_case", _("Can decide cases"))]
        constraints = [
            models.CheckConstraint(condition=exactly_one("review", "comment", "member"), name="case_about_one"),
            models.CheckConstraint(
                condition=Q(is_headline=False) | Q(review__isnull=False), name="case_headline_of_a_review"
            ),
            models.UniqueConstraint(
                fields=["review", "is_headline"], condition=Q(review__isnull=False), name="case_once_per_review"
            ),
            models.UniqueConstraint(
                fields=["comment"], condition=Q(comment__isnull=False), name="case_once_per_comment"
            ),
            models.UniqueConstraint(fields=["member"], condition=Q(member__isnull=False), name="case_once_per_member"),
            models.CheckConstraint(
                condition=Q(open_count=0, harm=0, waits_since=None)
                | Q(open_count__gt=0, harm__gt=0, waits_since__isnull=False),
                name="case_waits_while_reports_do",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="case_claimed_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["-harm", "waits_since", "id"], condition=Q(open_count__gt=0), name="case_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.target)

    @property
    def target(self) -> Target:
        return self.review or self.comment or self.member  # type: ignore[return-value] # a constraint: it has one

    @property
    def is_claimed(self) -> bool:
        return self.claimed_at is not None and timezone.now() < self.claimed_at + CLAIM

    def claim(self, by: User) -> bool:
        """Say that one is at it, for half an hour; answers whether nobody else is. Whoever is may say so again."""
        stale = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM) | Q(claimed_by=by)
        return bool(Case.objects.filter(stale, pk=self.pk).update(claimed_by=by, claimed_at=timezone.now()))

    def release(self, by: User) -> None:
        Case.objects.filter(pk=self.pk, claimed_by=by).update(claimed_by=None, claimed_at=None)

    def take_stock(self) -> None:
        """Bring what the desk is sorted by in step with the reports. Called under the target's lock; two queries."""
        waiting = self.reports.filter(action=None).aggregate(
            open_count=Count("pk"), harm=Max("harm", default=0), waits_since=Min("created_at")
        )
        if not waiting["open_count"]:
            waiting.update(claimed_by=None, claimed_at=None)
        Case.objects.filter(pk=self.pk).update(**waiting)

    def fold_if_enough(self, text: Text) -> None:
        """Fold the text where enough established members tell of harm. Called under its lock; three queries."""
        harm = self.reports.waiting().filter(is_established=True).exclude(reason=Report.Reason.SPOILER)
        if text.folded_at is None and Policy.objects.current().folds_reported and harm.count() >= ENOUGH_TO_FOLD:
            text.folded_at = timezone.now()
            rows = type(text)._default_manager.filter(pk=text.pk)
            rows.update(folded_at=text.folded_at, version=F("version") + 1)


class ReportQuerySet(WithholdingQuerySet["Report"]):
    def waiting(self) -> Self:
        return self.filter(action=None)

    def about(self, target: Target) -> Self:
        """Of the text and of its headline alike."""
        return self.filter(**{f"case__{name}": value for name, value in columns_of(target).items()})

    def still_waiting(self, reports: list[Report]) -> list[Report]:
        """Those that nobody has answered meanwhile. Called under the target's lock."""
        return list(self.waiting().filter(pk__in=[report.pk for report in reports])) if reports else []

    @transaction.atomic
    def file(
        self,
        by: User,
        target: Target,
        reason: str,
        note: str = "",
        *,
        is_headline: bool = False,
        spoils_through: int | None = None,
        client: str = "",
    ) -> tuple[Report, bool]:
        """Tell moderators of it; answers the report and whether it is new: a member tells of one thing once.

        Nothing is taken away by it. Three established members who tell of harm fold a text until somebody looks.
        `spoils_through`: how far the text goes in the eyes of whoever reports a spoiler; a moderator is offered that.
        Raises ValidationError for one's own, for what is gone, and for a scope beyond what has aired; FloodError.
        """
        Burst.objects.spend("report", by.pk, client)
        author = target.pk if isinstance(target, User) else target.author_id
        User.objects.queue_up(by.pk, author)
        text = None if isinstance(target, User) else standing(target)
        if author == by.pk:
            raise ValidationError(_("It is yours. You can change or delete it yourself."), code="own")
        case = Case.objects.of(target, is_headline)
        if told := self.filter(case=case, by=by).first():
            return told, False
        report = Report(case=case, by=by, reason=reason, note=note.strip(), harm=Report.HARM[Report.Reason(reason)])
        if text is not None:
            report.series_id = text.series_id
            report.text_scope = max(text.spoils_through, Progress.objects.furthest(by, text.series))
        if spoils_through is not None and text is not None:
            check_scope(text.series, spoils_through)
            report.spoils_through = spoils_through
            report.text_scope = max(report.text_scope, spoils_through)
        report.is_established = not (by.is_silenced() or Policy.objects.current().is_new(by))
        report.save(force_insert=True)
        case.take_stock()
        if text is not None:
            case.fold_if_enough(text)
        return report, True

    def for_moderator(self, viewer: Viewer, opens_all: bool = False) -> Self:
        """Adds `sent_note`: a note may give away as much as the text it is about, and all that its writer has seen.

        A note about a member may be about any series: it is opened by itself.
        """
        readable = Q(series__isnull=False) & within_reach(viewer, "text_scope")
        for scope in ("case__review__spoils_through", "case__comment__spoils_through"):
            readable &= Q(**{f"{scope}__isnull": True}) | within_reach(viewer, scope)
        asked = Q(pk__isnull=False) if opens_all else Q(pk__in=viewer.revealed("report"))
        return self.annotate(sent_note=sent("note", readable | asked)).select_related("by", "action")


class Report(Withholding):
    """One member tells moderators of one thing.

    `text_scope`: how far its note may give something away: as far as the text, as far as it should wait, and as far
    as whoever wrote the note had ever seen.
    """

    withheld: ClassVar[tuple[str, ...]] = ("note",)

    class Reason(models.TextChoices):
        SPOILER = "spoiler", _("It tells too much")
        SPAM = "spam", _("It is spam")
        HARASSMENT = "harassment", _("It hurts somebody")
        OTHER = "other", _("It breaks another rule")

    # What comes first on the desk.
    HARM: ClassVar[dict[str, int]] = {
        Reason.HARASSMENT: 4,
        Reason.SPOILER: 3,
        Reason.SPAM: 2,
        Reason.OTHER: 1,
    }

    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    harm = models.PositiveSmallIntegerField(_("harm"), editable=False)
    note = models.TextField(_("note"), max_length=LONGEST_NOTE, blank=True)
    series = models.ForeignKey(Series, models.PROTECT, related_name="+", null=True, blank=True)
    text_scope = models.PositiveSmallIntegerField(default=0, editable=False)
    spoils_through = models.PositiveSmallIntegerField(_("should wait until"), null=True, blank=True)
    is_established = models.BooleanField(_("established"), default=False, editable=False)
    # The decision that answered it.
    action = models.ForeignKey(
        "reviews.ModerationAction", models.PROTECT, related_name="answered_reports", null=True, blank=True
    )
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "by"], name="report_once"),
            models.CheckConstraint(
                condition=Q(reason__in=["spoiler", "spam", "harassment", "other"]), name="report_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(spoils_through=None) | Q(reason="spoiler", series__isnull=False),
                name="report_only_spoilers_have_a_scope",
            ),
        ]
        indexes = [models.Index(fields=["by", "-id"], name="report_by_member")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.case}"


def columns_of(target: Target) -> dict[str, Any]:
    """The keyword that names it among the columns of a case."""
    return {"member": target} if isinstance(target, User) else target_of(target)


def standing(text: Text) -> Text:
    """The text as it is now, locked, for what does not change its counts. ValidationError where it is gone."""
    rows = type(text)._default_manager.select_for_update(no_key=True)
    found = rows.filter(pk=text.pk, deleted_at=None, hidden_at=None).first()
    if found is None:
        raise ValidationError(_("It has been taken away meanwhile."), code="gone")
    found_text: Text = found
    return found_text


def answer(reports: list[Report], action: ModerationAction) -> None:
    """Say which decision answered these reports, and bring their cases in step. Called under the target's lock."""
    Report.objects.filter(pk__in=[report.pk for report in reports]).update(action=action)
    for case in Case.objects.filter(pk__in={report.case_id for report in reports}).order_by("pk"):
        case.take_stock()


def ask_again(action: ModerationAction) -> None:
    """Open the reports that a decision answered, for it was taken back. Called under the target's lock."""
    reports = list(Report.objects.filter(action=action))
    Report.objects.filter(pk__in=[report.pk for report in reports]).update(action=None)
    for case in Case.objects.filter(pk__in={report.case_id for report in reports}).order_by("pk"):
        case.take_stock()
