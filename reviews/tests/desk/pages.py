"""Where things stand on the desk, and what its pages offer."""

import re

from django.urls import reverse

from reviews.models import Case, ModerationAction

WORDS = "She leaves him on the bridge"
LIST = "/admin/reviews/case/"


def case_of(target, **how):
    return Case.objects.about(target, **how).get()


def page(row, name="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def last():
    act = ModerationAction.objects.first()
    assert act
    return act


def undone(browser, shown):
    """Press *Undo* in the message."""
    found = re.search(r'form="undo" formaction="([^"]+)" name="acts" value="([\d.]+)">Undo<', shown)
    assert found
    return browser.post(found[1], {"acts": found[2]}, follow=True).text


def buttons(text):
    """What each button on the page leads to."""
    found = re.findall(r'<button[^>]*formaction="([^"]+)"(?: name="(\w+)" value="([^"]*)")?>([^<]+)</button>', text)
    return {label: (url, {name: value} if name else {}) for url, name, value, label in found}
