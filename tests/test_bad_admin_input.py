"""Whatever the admin is sent as a selection, or asked for in an address: a clear answer, nothing written."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import reverse

# What no key of a row looks like, nor fits into its column.
NO_KEYS = ["", "abc", "1.5", "-1", "\x00", "9" * 20, "9" * 5_000, "\ufffd", "1, 2", "²", "None"]


def actions_of(model):
    found = admin.site._registry[model].actions or ()
    return ["delete_selected", *(action if isinstance(action, str) else action.__name__ for action in found)]


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_no_list_of_the_admin_breaks_over_what_was_selected(as_member, admin_user, world, rows, model):
    browser, before = as_member(admin_user), rows()
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    asked = {"reason": "Why", "spoils_through": "2"}
    for place, action in enumerate(actions_of(model)):
        for turn, wrong in enumerate(NO_KEYS, start=place):
            # Asked and confirmed by turns: over all actions each key meets both.
            sure = {"post": "yes", "confirmed": "yes", "index": "0"} if turn % 2 else {}
            answer = browser.post(url, {"action": action, "_selected_action": [wrong], **asked, **sure})
            assert answer.status_code < 500, (action, wrong)
    assert rows() == before


def test_what_is_selected_beside_them_is_acted_upon(as_member, admin_user, world):
    chosen = {"action": "hide_selected", "_selected_action": ["abc", str(world.comment.pk), "9" * 20]}
    answer = as_member(admin_user).post(reverse("admin:reviews_comment_changelist"), chosen)
    assert [entry.text.pk for entry in answer.context["entries"]] == [world.comment.pk]


def asked_of(listing: Any) -> list[str]:
    """What the address of this list may ask, sensibly or not."""
    filters = [
        name if isinstance(name, str) else name[0] for name in listing.list_filter if not isinstance(name, type)
    ]
    looks = [f"{name}{look}" for name in filters for look in ("", "__id__exact", "__exact", "__isnull")]
    dates = [f"{listing.date_hierarchy}__{part}" for part in ("year", "month", "day") if listing.date_hierarchy]
    return ["q", "p", "o", "e", "all", "_facets", "_popup", "_to_field", *looks, *dates]


NOTHING_ASKED = ["abc", "1.5", "\x00", "9" * 20, "9" * 5_000, ""]


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_no_page_of_the_admin_breaks_over_its_address(as_member, admin_user, world, model):
    browser, of = as_member(admin_user), f"{model._meta.app_label}_{model._meta.model_name}"
    for wrong in NOTHING_ASKED:
        for name in asked_of(admin.site._registry[model]):
            # Refused it leads to `?e=1`, which is one of the names.
            answer = browser.get(reverse(f"admin:{of}_changelist"), {name: wrong})
            assert answer.status_code < 500, (name, wrong)
        for page in ("change", "delete", "history"):
            url = reverse(f"admin:{of}_{page}", args=[quote(wrong or "x")])
            assert browser.get(url, follow=True).status_code < 500, (page, wrong)
            assert browser.post(url, {"post": "yes"}, follow=True).status_code < 500, (page, wrong)
