"""The one browser of all tests that need one."""

from __future__ import annotations

import os
import shutil

# A test machine has no sandbox, no graphics card, and nobody to phone.
LAUNCH_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path_of_chromium() -> str | None:
    """The one that CHROMIUM names, else the system's."""
    return shutil.which(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
