"""What the site says, and its own pages."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.utils.translation import gettext as _

from accounts.models import Sanction
from reviews.design.sheet import Sheet
from reviews.design.world import BODY, NOW, World
from reviews.design.writing import SpecimenForm
from soundtrack_site.kept_text import KeptText


def notices(sheet: Sheet, world: World) -> None:
    sheet.begin("notices", _("Messages and errors"))
    said = [
        Message(constants.SUCCESS, "It is on the record."),
        Message(constants.ERROR, "That one has not aired yet."),
    ]
    sheet.show("_messages", "after a press", messages=said)
    wrong = SpecimenForm({})
    wrong.add_error(None, "Give stars, write something, or both.")
    sheet.show("_error_summary", "a refused form", form=wrong)
    sheet.show("accounts/_kept_text", "a form that could not be sent", kept_texts=[KeptText("body", "The text", BODY)])
    for state, ends_at in (("until a day", NOW + timedelta(days=3)), ("for good", None)):
        sheet.show("accounts/_sanction", state, sanction=Sanction(ends_at=ends_at, reason="Sold scarves here."))
    sheet.show("accounts/_sanction", "has run out", sanction=None)


def house(sheet: Sheet, world: World) -> None:
    sheet.begin("house", _("House"))
    for state, user in (("a visitor", AnonymousUser()), ("a member", world.reader), ("staff", world.moderator)):
        sheet.show("_site_links", state, user=user, request=world.request(user))
    for theme in ("system", "light", "dark"):
        sheet.show("_preferences", theme, theme=theme, request=world.request(world.reader))
    sheet.show("accounts/_account_links", "on the settings", path="/settings/")
    addresses = (("main", True, False), ("another", False, True), ("one.of.two", True, True))
    for state, verified, has_others in addresses:
        address = EmailAddress(email=f"{state}@example.com", verified=verified)
        sheet.show(
            "account/_address", state, address=address, main="main@example.com", has_others=has_others, action_url="#"
        )
    sheet.show("account/_mail_notice", "no mail server", has_mail_server=False, sent=True)
    sheet.show("account/_mail_notice", "sent", has_mail_server=True, sent=True)
    sheet.show("account/_record", "leads in")
