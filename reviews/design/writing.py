"""What is asked: fields, stars, points, whole forms, and what becomes of words that are not sent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from reviews.design.sheet import Sheet
from reviews.design.world import BODY, NOW, World
from reviews.forms import BonusForm, CommentForm, DiscussionForm, RaiseForm, RatingForm, ReviewForm
from reviews.forms.text import counted
from reviews.models import Draft
from reviews.newcomer import Newcomer, let_go
from reviews.unsent import Unsent
from soundtrack_site.forms import LineField, WrittenField


class SpecimenForm(forms.Form):
    """A field of each kind."""

    line = LineField(label="A line", help_text="What it is for, in one sentence.")
    choice_left = LineField(label="A line that may stay empty", required=False)
    counted = LineField(label="A line that is counted", widget=forms.TextInput(attrs=counted(40)))
    text = WrittenField(label="A text", widget=forms.Textarea(attrs={"rows": 4}))
    password = forms.CharField(label="A password", widget=forms.PasswordInput)
    time = LineField(label="A time", help_text="Write it like 12:30.")
    one = forms.ChoiceField(label="One of a list", choices=[("a", "Asia/Seoul"), ("b", "Europe/Vienna")])
    kind = forms.ChoiceField(
        label="One of a few", choices=[("talk", "Talk"), ("moment", "A moment")], widget=forms.RadioSelect
    )
    tick = forms.BooleanField(label="Mail me replies", help_text="At most one a day.")
    file = forms.FileField(label="A picture", help_text="JPEG, PNG, WebP or GIF, at most 5 MB.")


def fields(sheet: Sheet, world: World) -> None:
    sheet.begin("fields", _("Fields"))
    typed = {"line": "Something", "text": BODY}
    asks, refused = SpecimenForm(initial=typed, prefix="asks"), SpecimenForm({}, prefix="refused")
    for state, form in (("asks", asks), ("refused", refused)):
        for name in form.fields:
            sheet.show("django/forms/field", f"{state}: {name}", is_tried=True, field=form[name])


def stars(sheet: Sheet, world: World) -> None:
    sheet.begin("stars-asked", _("Stars, asked"))
    guide = world.guide(2)
    for state, form in (
        ("empty", RatingForm(guide=guide, prefix="empty")),
        ("chosen", RatingForm(guide=guide, prefix="chosen", initial={"stars": 9})),
        ("refused", RatingForm({}, guide=guide, prefix="wrong")),
    ):
        sheet.show("reviews/_stars_field", state, is_tried=True, field=form["stars"])


def points(sheet: Sheet, world: World) -> None:
    sheet.begin("points", _("Who may read it"))
    guide, long = world.guide(2), world.guide(11, is_long=True)
    why = "What you answer waits after %s, so this does too."
    forms_of_points: list[tuple[str, CommentForm]] = [
        ("four points", CommentForm(guide=guide, prefix="four", initial={"spoils_through": 2})),
        ("sixteen points", CommentForm(guide=long, prefix="sixteen", initial={"spoils_through": 11})),
        ("not below what it answers", CommentForm(guide=guide, prefix="floor", at_least=3, why=why % "Track 3")),
        ("one point left", CommentForm(guide=guide, prefix="only", at_least=4, why=why % "Track 4")),
        ("refused", CommentForm({}, guide=guide, prefix="wrong_point")),
    ]
    for state, form in forms_of_points:
        sheet.show("reviews/_points_field", state, is_tried=True, field=form["spoils_through"])
    knows_more = CommentForm(guide=world.guide(4), prefix="more", initial={"spoils_through": 1})
    sheet.show("reviews/_points_field", "asks of later episodes", is_tried=True, field=knows_more["hindsight"])


def writing(sheet: Sheet, world: World) -> None:
    sheet.begin("writing", _("Writing"))
    guide, episode = world.guide(2), world.episodes[1]
    values: dict[str, Any] = {"action": "/design/", "request": world.request(world.reader), "verb": "Say it"}
    empty = DiscussionForm(guide=guide, subject=episode, prefix="talk", initial={"spoils_through": 2})
    wrong = DiscussionForm({"wrong-at": "x"}, guide=guide, subject=episode, prefix="wrong")
    sheet.show("reviews/_comment_form", "a member's", form=empty, user=world.reader, **values)
    sheet.show("reviews/_comment_form", "a visitor's, refused", form=wrong, user=AnonymousUser(), **values)
    review = ReviewForm(guide=guide, prefix="review", initial={"spoils_through": 2, "body": BODY})
    for name in ("headline", "body"):
        sheet.show("django/forms/field", f"of a review: {name}", is_tried=True, field=review[name])
    sheet.show("reviews/_send", "a member's", verb="Put it on the record", action="/design/", is_member=True)
    bonus: dict[str, Any] = {"form": BonusForm(guide=guide, episode=episode), "episode": episode, "user": world.reader}
    sheet.show("reviews/_bonus_form", "empty", **bonus)
    text = world.review()
    text.write(BODY)
    sheet.show("reviews/_raise_form", "further, never nearer", form=RaiseForm(text=text, guide=guide), text=text)


def previews(sheet: Sheet, world: World) -> None:
    sheet.begin("previews", _("Previews and drafts"))
    guide, series, episode = world.guide(2), world.series, world.episodes[1]
    text = world.review(headline="It hums.")
    text.write(BODY)
    seen = world.review(BODY, headline="It hums.")
    shown = SimpleNamespace(newcomer=None, preview=seen.body_html, cleaned_data={"headline": "It hums."}, answers=[])
    newcomer = SimpleNamespace(newcomer=Newcomer(let_go(text, guide)))
    for state, form in (("as it will look", shown), ("for a newcomer", newcomer)):
        sheet.show("reviews/_preview", state, form=form, request=world.request(world.reader))
    kept = Unsent({"body": BODY}, NOW, [{"body": "An older start."}])
    sheet.show("reviews/_unsent", "with an older text beside it", unsent=kept)
    draft = Draft(place="review/episode-2", series=series, episode=episode, values={"body": BODY}, kept_at=NOW)
    stars_only = Draft(place="ratings/series-1", series=series, values={"stars_1": "7"}, kept_at=NOW)
    sheet.show("reviews/_draft", "a review", draft=draft)
    sheet.show("reviews/_draft", "only stars", draft=stars_only)
