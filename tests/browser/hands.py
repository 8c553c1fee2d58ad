"""The two ways to sit before a window: with a mouse and no scripts, or with nothing but the keyboard.

Both take the names that a page says aloud, so that one evening can be told once and lived twice.
"""

from __future__ import annotations

import re
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Locator, Page, Request, expect

from accounts.models import User

MOST_STOPS = 200  # a page with more is a trap
Name = str | re.Pattern[str]


class Hand:
    """A window and whoever sits before it. `within`: the part of the page they look at, else all of it."""

    scripts = False

    def __init__(self, page: Page) -> None:
        self.page = page
        self.posted: set[str] = set()  # URL names, as "reviews:rate"
        page.on("request", self.note)

    def note(self, request: Request) -> None:
        if request.method == "POST":
            self.posted.add(resolve(urlsplit(request.url).path).view_name)

    def press(self, name: Name, within: Locator | None = None) -> None:
        self.go(self.named("button", name, within))

    def follow(self, name: Name, within: Locator | None = None) -> None:
        self.go(self.named("link", name, within))

    def choose(self, name: Name, within: Locator | None = None) -> None:
        """One of several radios."""
        self.check(self.named("radio", name, within))

    def write(self, label: Name, text: str, within: Locator | None = None) -> None:
        self.fill((within or self.page).get_by_label(label).first, text)

    def pick(self, label: Name, option: str, within: Locator | None = None) -> None:
        """An option of a list that drops down."""
        field = (within or self.page).get_by_label(label).first
        self.select(field, option)
        expect(field.locator("option:checked")).to_have_text(option)

    def named(self, role: Any, name: Name, within: Locator | None) -> Locator:
        return (within or self.page).get_by_role(role, name=name, exact=isinstance(name, str)).first

    def go(self, target: Locator) -> None:
        raise NotImplementedError

    def check(self, radio: Locator) -> None:
        raise NotImplementedError

    def fill(self, field: Locator, text: str) -> None:
        raise NotImplementedError

    def select(self, field: Locator, option: str) -> None:
        raise NotImplementedError


class Mouse(Hand):
    """Without scripts."""

    def go(self, target: Locator) -> None:
        with self.page.expect_navigation():
            target.click()

    def check(self, radio: Locator) -> None:
        radio.click()
        expect(radio).to_be_checked()

    def fill(self, field: Locator, text: str) -> None:
        field.fill(text)

    def select(self, field: Locator, option: str) -> None:
        field.select_option(label=option)


class Keys(Hand):
    """With scripts, and with no hand on the mouse: whatever is used has to be reached, and show that it was."""

    scripts = True

    def reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        here, wanted = "element => element === document.activeElement", target.element_handle()
        for _stop in range(MOST_STOPS):
            if wanted.evaluate(here):
                shown = focused(self.page)
                assert shown["outline"] >= 2, f"no visible focus on {shown}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {target}")

    def go(self, target: Locator) -> None:
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def check(self, radio: Locator) -> None:
        """Tab comes to the radio that is chosen, or to the first; arrows lead to the others."""
        group = radio.evaluate("radio => [...radio.form.elements[radio.name]].map(one => one.id)")
        self.reach(self.page.locator(f"#{self.entrance(group)}"))
        for _place in group:
            if radio.is_checked():
                return
            if focused(self.page)["id"] == radio.get_attribute("id"):
                self.page.keyboard.press("Space")
            else:
                self.page.keyboard.press("ArrowDown")
        expect(radio).to_be_checked()

    def entrance(self, group: list[str]) -> str:
        return next((one for one in group if self.page.locator(f"#{one}").is_checked()), group[0])

    def fill(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)

    def select(self, field: Locator, option: str) -> None:
        self.reach(field)
        self.page.keyboard.type(option)


class Sit(Protocol):
    """Opens a window, for a member or for a visitor, and sits down before it."""

    def __call__(self, member: User | None = None) -> Hand: ...


def focused(page: Page) -> dict[str, Any]:
    """The element that has the focus: what it is, what it says, where it stands and how its focus shows."""
    found: dict[str, Any] = page.evaluate(
        """() => {
            const element = document.activeElement;
            const box = element.getBoundingClientRect();
            // A link whose box is a whole row shows its focus around the row.
            const widths = [null, "::after"].map((part) => getComputedStyle(element, part))
                .map((style) => style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth));
            return {
                tag: element.localName,
                type: element.type || "",
                name: element.name || "",
                value: element.value || "",
                text: (element.innerText || "").trim(),
                id: element.id,
                top: box.top + scrollY,
                left: box.left,
                width: box.width,
                height: box.height,
                outline: Math.max(...widths),
            };
        }"""
    )
    return found
