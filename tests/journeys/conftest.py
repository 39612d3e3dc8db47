"""A real headless browser for whole stories; the portal that it visits is `live_portal` of tests/conftest.py."""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The first that is there: made to run without a head, it keeps no windows, and its main process takes half the CPU.
CHROMIUMS = ("chromium-headless-shell", "chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Give the machine's own Chromium, without a head."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield started
        started.close()


@pytest.fixture
def browser_page(browser: "Browser", live_portal: LivePortal) -> "Iterator[Page]":
    """Give a fresh page of a browser that nobody signed in with, whose addresses begin at the portal."""
    context = browser.new_context(base_url=live_portal.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
