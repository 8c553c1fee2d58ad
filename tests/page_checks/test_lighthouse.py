"""Lighthouse on every page that search engines may keep, on a phone and on a desktop, from the production server.

Accessibility, best practices and SEO have to be 100. Performance is told, not held: it measures this machine as well.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import LAUNCH_ARGUMENTS, path_of_chromium
from tests.page_checks.conftest import NODE_MODULES
from tests.page_checks.pages import PAGES
from tests.page_checks.site import Site
from tests.page_checks.test_weights import PATHS

pytestmark = pytest.mark.browser

MEASURED = [name for name, page in PAGES.items() if page.indexable]
HELD = ("accessibility", "best-practices", "seo")
RUNS = 3 if os.environ.get("PAGES") == "all" else 1
TRIES = 3
FORMS: dict[str, list[str]] = {"phone": [], "desktop": ["--preset=desktop"]}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", MEASURED)
def test_lighthouse(
    name: str, form: str, site_of: Callable[[str], Site], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = site_of("full")
    path = PATHS.get(name, site.path(PAGES[name].path))
    # A page that asks not to be kept would be marked down for that alone.
    skipped = ["--skip-audits=is-crawlable"] if b'content="noindex' in site.get(path).body else []
    runs = [measured(site.url + path, [*FORMS[form], *skipped], tmp_path) for _run in range(RUNS)]
    scores = {kind: statistics.median(run["categories"][kind]["score"] or 0 for run in runs) for kind in HELD}
    speed = statistics.median(run["categories"]["performance"]["score"] or 0 for run in runs)
    times = [
        statistics.median(run["audits"][audit]["numericValue"] for run in runs)
        for audit in ("largest-contentful-paint", "cumulative-layout-shift")
    ]
    with capsys.disabled():
        told = f"{name} on a {form}: performance {speed * 100:.0f}, LCP {times[0]:.0f} ms, CLS {times[1]:.3f}"
        print(f"\n{told}")  # noqa: T201 - to be read
    assert scores == dict.fromkeys(HELD, 1), "\n".join(failed(runs[-1]))


def measured(url: str, how: list[str], folder: Path) -> dict[str, Any]:
    """One run's report. Lighthouse stumbles now and then; three times in a row is the page's fault."""
    lighthouse = NODE_MODULES / ".bin/lighthouse"
    chromium = path_of_chromium()
    assert chromium is not None
    flags = " ".join(["--headless=new", *LAUNCH_ARGUMENTS])
    options = ["--quiet", "--output=json", f"--output-path={folder / 'report.json'}", f"--chrome-flags={flags}"]
    options += ["--only-categories=performance,accessibility,best-practices,seo", *how]
    said = ""
    for _try in range(TRIES):
        run = subprocess.run(
            [str(lighthouse), url, *options],
            env={**os.environ, "CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        said = run.stderr
        if run.returncode == 0:
            report: dict[str, Any] = json.loads((folder / "report.json").read_text())
            if "runtimeError" not in report:
                return report
            said = report["runtimeError"]["message"]
    raise AssertionError(f"Lighthouse did not get through: {said[-800:]}")


def failed(report: dict[str, Any]) -> list[str]:
    return [
        f"{kind}: {audit['title']} {json.dumps(audit.get('details', {}).get('items', [])[:2])[:400]}"
        for kind in HELD
        for reference in report["categories"][kind]["auditRefs"]
        if (audit := report["audits"][reference["id"]])["score"] not in (None, 1) and reference["weight"]
    ]
