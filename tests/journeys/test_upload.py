"""A large file from a real browser: the connection breaks, the page is reloaded, and it goes on where it was."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys.client import Program
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(180)]
PIECE = 512 * 1024
SIZE = 3 * PIECE + 1000
# A file that the page has again after it was reloaded: the same name, size and time.
HAND_IN = """
async (size) => {
  const { upload } = await import("/static/messaging/upload.js");
  const file = new File(["x".repeat(size)], "合同.txt", { lastModified: 1_700_000_000_000 });
  window.told = [];
  return upload(file, { onProgress: (sent) => window.told.push(sent) });
}
"""


@pytest.fixture
def page(browser: "Browser", live_portal: LivePortal) -> "Iterator[Page]":
    context = browser.new_context(base_url=live_portal.url, locale="en-GB")
    made = context.new_page()
    made.goto("/demo/")
    made.locator("button[value='rights-holder@demo.example']").click()
    made.goto("/conversations/")
    yield made
    context.close()


def stored(live_portal: LivePortal, file_id: str) -> tuple[int, str]:
    told = (
        Program(live_portal.url, live_portal.token("rights-holder@demo.example")).get(f"/api/v1/files/{file_id}").json
    )
    return told["size"], told["sha256"]


def test_a_lost_connection_is_waited_for(page: "Page", live_portal: LivePortal) -> None:
    broken = []

    def at_times(route: "Route") -> None:
        if route.request.method == "PATCH" and len(broken) < 2:
            broken.append(route.request.headers["upload-offset"])
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/**", at_times)

    file = page.evaluate(HAND_IN, SIZE)

    assert broken == ["0", "0"]
    assert page.evaluate("window.told.at(-1)") == SIZE
    assert stored(live_portal, file) == (SIZE, hashlib.sha256(b"x" * SIZE).hexdigest())


def test_after_the_page_was_reloaded_an_upload_goes_on_where_it_was(page: "Page", live_portal: LivePortal) -> None:
    def only_the_first(route: "Route") -> None:
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/uploads/**", only_the_first)
    page.evaluate(f"void ({HAND_IN})({SIZE}).catch(() => {{}})")
    while not page.evaluate(f"window.told?.includes({PIECE}) ?? false"):
        page.wait_for_timeout(50)
    page.reload()
    page.unroute("**/api/v1/uploads/**")  # not before, or the page that goes sends the next piece

    offsets: list[str] = []
    page.on("request", lambda sent: offsets.append(sent.headers.get("upload-offset", sent.method)))
    file = page.evaluate(HAND_IN, SIZE)

    assert [one for one in offsets if one != "GET"] == ["HEAD", str(PIECE), str(2 * PIECE), str(3 * PIECE)]
    assert stored(live_portal, file) == (SIZE, hashlib.sha256(b"x" * SIZE).hexdigest())


def test_a_small_file_goes_as_a_whole_and_a_refusal_is_told_in_words(page: "Page", live_portal: LivePortal) -> None:
    file = page.evaluate(HAND_IN, 2000)
    refused = page.evaluate(
        """async () => {
          const { upload } = await import("/static/messaging/upload.js");
          const program = new File(["MZ\\u0090\\0\\u0003" + "\\0".repeat(600_000)], "film.mp4");
          return upload(program).catch((problem) => [problem.code, problem.message]);
        }"""
    )

    assert stored(live_portal, file)[0] == 2000
    assert refused == ["invalid", "Give a PDF, a picture, a sound, a film, a ZIP, an e-mail or plain text."]
