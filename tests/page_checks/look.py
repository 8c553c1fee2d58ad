"""Uses a page as its readers do, and says what is wrong with it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.audit import faults_on

HERE = Path(__file__).parent
AXE = HERE / "node_modules/axe-core/axe.min.js"
LOOK = (HERE / "look.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_STOPS = 700
AT_ONCE = 10  # keys before anybody asks whether the end is reached: each question costs as much as a key

# What axe cannot tell by itself, and why it is well here. Rule → part of the target or of the message → reason.
EXPLAINED: dict[str, dict[str, str]] = {
    "color-contrast": {
        "background gradient": "ruled paper; audit.js measures against the paper between its lines",
        "overlapped by another element": "a clear radio of the label's size lies over it; audit.js measures the label",
        "Element has no value": "an empty field; audit.js measures the ink that it would be written in",
        "Element content is too short": "a number; audit.js measures it like any other text",
    },
    "th-has-data-cells": {"#result_list": "a list of Django's with one column, which leads to its rows"},
}
# What Django's own admin does, and cannot be taught from outside. The beginning of a fault there → why it is borne.
DJANGOS = {
    " leads nowhere: <a class=": "a link to #, which Django's scripts show and press: select all, add another",
    'says nothing: <a class="sortremove': "not shown, and named by its title",
    'says nothing: <a class="toggle': "not shown, and named by its title",
    'says nothing: <a class="related-widget-wrapper-link': "a picture, named by what stands in for it",
}


def faults_of(page: Page, theme: str) -> list[str]:
    """Every fault of the page as it stands. Leaves it as it came, but for the focus."""
    page.evaluate(LOOK)
    page.emulate_media(reduced_motion="reduce")
    found = [
        *faults_on(page, theme),
        *asked(page, "collisions"),
        *axe_on(page),
        *keyboard_on(page),
        *[f"{fault} (as somebody who wants less motion)" for fault in asked(page, "moving")],
        *in_little_room(page),
        *in_other_colours(page),
    ]
    return [fault for fault in dict.fromkeys(found) if not is_djangos(fault)]


def is_djangos(fault: str) -> bool:
    where, _colon, what = fault.partition(": ")
    return where.startswith("/admin/") and what.startswith(tuple(DJANGOS))


def asked(page: Page, question: str) -> list[str]:
    answer: list[str] = page.evaluate(f"pageCheck.{question}()")
    return answer


def axe_on(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    # It would copy what a sheet imports into an inline style, and our CSP says no: Django's forms.css imports one.
    imports = page.evaluate(
        "[...document.styleSheets].some((sheet) => [...sheet.cssRules].some((rule) => rule instanceof CSSImportRule))"
    )
    options = {"runOnly": AXE_TAGS, "resultTypes": ["violations", "incomplete"], "preload": not imports}
    found: Any = page.evaluate("options => axe.run(document, options)", options)
    faults = []
    for kind in ("violations", "incomplete"):
        for rule in found[kind]:
            for node in rule["nodes"]:
                where = f"{node['target'][-1]}: {' '.join(node.get('failureSummary', '').split())[:160]}"
                if kind == "violations" or not explained(rule["id"], where):
                    faults.append(f"axe {kind} {rule['id']}: {where}")
    return faults


def explained(rule: str, where: str) -> bool:
    return any(part in where for part in EXPLAINED.get(rule, {}))


def keyboard_on(page: Page) -> list[str]:
    """Tab to the end and back: the same stops, in the order of reading, each seen."""
    forwards = tab_through(page, "Tab")
    backwards = tab_through(page, "Shift+Tab")
    faults = [f"Tab: {fault}" for fault in forwards["faults"]] + [
        f"Shift+Tab: {fault}" for fault in backwards["faults"]
    ]
    if forwards["order"] != backwards["order"][::-1]:
        faults.append(f"Tab has {len(forwards['order'])} stops, Shift+Tab {len(backwards['order'])} or others")
    for before, after in pairwise(forwards["stops"]):
        if before["free"] or after["free"]:
            continue
        # Up is against the reading, unless it leads on to the next column.
        if after["bottom"] <= before["top"] and after["left"] < before["right"]:
            faults.append(f"Tab leads back up: from {before['what']} to {after['what']}")
    return faults


def tab_through(page: Page, key: str) -> Any:
    page.evaluate("backwards => pageCheck.startTabbing(backwards)", key != "Tab")
    for _batch in range(MOST_STOPS // AT_ONCE):
        for _stop in range(AT_ONCE):
            page.keyboard.press(key)
        if page.evaluate("pageCheck.atEnd()"):
            return page.evaluate("pageCheck.tabbed()")
    return {"faults": [f"{key} never leaves the page"], "order": [], "stops": []}


def in_little_room(page: Page) -> list[str]:
    usual = page.viewport_size
    assert usual is not None
    before = {*asked(page, "sideways"), *asked(page, "collisions")}
    faults = []
    for width, height in ((usual["width"], usual["height"]), (320, 640), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        faults += [f"at {width} × {height}: {fault}" for fault in asked(page, "sideways")]
    page.set_viewport_size(usual)
    for setting in ("enlarge", "space"):
        page.evaluate(f"pageCheck.{setting}(true)")
        new = [
            fault
            for look in ("sideways", "clipped", "collisions")
            for fault in asked(page, look)
            if fault not in before
        ]
        faults += [f"{setting}d text: {fault}" for fault in new]
        page.evaluate(f"pageCheck.{setting}(false)")
    return faults


def in_other_colours(page: Page) -> list[str]:
    page.emulate_media(forced_colors="active")
    faults = asked(page, "lost")
    page.emulate_media(forced_colors="none", media="print")
    faults += asked(page, "printed")
    page.emulate_media(media="screen")
    return faults


def refuse(page: Page, field: str, values: dict[str, str]) -> None:
    """Send the form of this field with these values as a script-free browser would, whatever its own checks say."""
    with page.expect_navigation():
        page.evaluate(
            """([name, values]) => {
                const found = [...document.querySelectorAll(`main [name=${name}], .band [name=${name}]`)];
                const fields = [...found.filter((one) => !["radio", "hidden"].includes(one.type)), ...found];
                const form = fields.find((one) => one.form && one.form.method === "post").form;
                for (const [name, value] of Object.entries(values)) {
                    const field = form.elements[name];
                    const types = "input:not([type=radio]), textarea";
                    const options = field instanceof HTMLSelectElement ? [...field.options] : [];
                    const isOffered = options.some((one) => one.value === value);
                    if (isOffered || (field instanceof Element && field.matches(types))) field.value = value;
                    else {
                        const hidden = document.createElement("input");
                        [hidden.type, hidden.name, hidden.value] = ["hidden", name, value];
                        form.append(hidden);
                    }
                }
                HTMLFormElement.prototype.submit.call(form);
            }""",
            [field, values],
        )
