"""What members see of moderation: what is set aside, what they are told, what they ask."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Sanction
from reviews.design.sheet import Sheet
from reviews.design.world import BODY, NOW, World
from reviews.forms import AppealForm, ReportForm, TextReportForm
from reviews.models import Appeal, Case, ModerationAction, Notification, Report, Rule, RuleWording
from reviews.told import Told

REASON = "It mocks how somebody writes."


def rule_of_kindness() -> Rule:
    rule = Rule(pk=1, anchor="be-kind")
    rule._prefetched_objects_cache = {"wordings": [RuleWording(language="en", title="Be kind to people")]}  # type: ignore[attr-defined] # Django's
    return rule


def act_of(verb: str, **values: Any) -> ModerationAction:
    """As it comes from the database with all that belongs to it, though it is in none."""
    act = ModerationAction(
        pk=1, verb=verb, reason=REASON, rule=rule_of_kindness(), created_at=timezone.now(), **values
    )
    act._state.fields_cache.update({"undone_by": None, "appeal": None})
    return act


def set_aside(sheet: Sheet, world: World) -> None:
    sheet.begin("set-aside", _("Set aside"))
    request, series = world.request(world.reader), world.series
    held = world.review(BODY, author=world.reader, held_at=NOW, held_for="link")
    sheet.show("reviews/_review", "held, for its author", review=held, series=series, request=request)
    folded = world.review(BODY, headline="It hums for days.", is_open=False, folded_at=NOW)
    sheet.show("reviews/_review", "folded by reports", review=folded, series=series, request=request)
    own = world.review(BODY, author=world.reader, folded_at=NOW)
    sheet.show("reviews/_review", "folded, for its author", review=own, series=series, request=request)
    comment = world.comment("Quiet.", is_open=False, folded_at=NOW)
    sheet.show("reviews/_comment", "folded by reports", comment=comment, series=series, request=request)
    sheet.show("reviews/_closed", "below a review", act=act_of("lock"))
    sheet.show("reviews/_rulings", "with its rule", rulings=[act_of("hide", review=own)], series=series)


def told(sheet: Sheet, world: World) -> None:
    sheet.begin("told", _("Notices"))
    text = world.review(BODY)
    silence = Sanction(kind="silence", starts_at=NOW, ends_at=None)
    silenced = world.member("silenced", "Silenced", silenced_until=Sanction.FOR_GOOD)
    hidden, raised = world.review(BODY, hidden_at=NOW), world.review(BODY, spoils_through=3)
    report = Report(case=Case(review=raised), action=act_of("raise", review=raised, scope_before=1, scope_after=3))
    heard = Appeal(action=act_of("hide", review=text), heard_at=NOW, is_granted=True, answer="It was a quote.")
    for state, notice in (
        ("new, about a text", Notification(kind="decision", action=act_of("hide", review=hidden))),
        ("taken back", Notification(kind="decision", action=act_of("hide", review=text), read_at=NOW)),
        ("about a member", Notification(kind="decision", action=act_of("silence", sanction=silence, member=silenced))),
        ("for a reporter", Notification(kind="outcome", report=report)),
        ("an appeal was heard", Notification(kind="appeal", appeal=heard, read_at=NOW)),
    ):
        notice.created_at = NOW
        sheet.show("reviews/_notice", state, told=Told.of(notice))
    for verb in ("hide", "raise", "ban"):
        act = act_of(verb, sanction=Sanction(starts_at=NOW, ends_at=None))
        sheet.show("reviews/_logged", f"in the log: {verb}", act=act)


def asked(sheet: Sheet, world: World) -> None:
    sheet.begin("asked", _("Reports and appeals"))
    text = world.review(BODY, headline="It hums for days.", spoils_through=1)
    form = TextReportForm(text=text, guide=world.guide(2), parts={False, True}, auto_id="report_%s")
    sheet.show("reviews/_report_form", "of a review", form=form, back=text.get_absolute_url())
    sheet.show(
        "reviews/_report_form",
        "told already",
        form=ReportForm(auto_id="again_%s"),
        back=text.get_absolute_url(),
        is_told=True,
    )
    lodged = Appeal(answer="")
    lodged.sent_body = "It was a quote."  # type: ignore[attr-defined] # as a query would
    form_of_appeal = AppealForm(auto_id="appeal_%s")
    sheet.show("reviews/_appeal_form", "not lodged yet", act=act_of("hide"), appeal=None, form=form_of_appeal)
    sheet.show("reviews/_appeal_form", "lodged", act=act_of("hide"), appeal=lodged, form=form_of_appeal)
