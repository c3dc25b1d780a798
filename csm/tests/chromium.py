"""The Chromium of the browser tests; run as a module, it tells whether there is one."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No start page, no updates, no look-ups: a browser under test talks to the test's server only.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def installed() -> str | None:
    """The system's Chromium: CHROMIUM_PATH, or the first one on the PATH."""
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, found), None)


def launch_arguments() -> dict[str, Any]:
    """Arguments of Playwright's `launch`; without `executable_path` it takes its own Chromium."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments: dict[str, Any] = {"args": FLAGS + sandbox}
    if path := installed():
        arguments["executable_path"] = path
    return arguments


def is_there() -> bool:
    """Whether the browser tests can run."""
    if path := installed():
        return Path(path).exists()
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


if __name__ == "__main__":
    sys.exit(not is_there())
