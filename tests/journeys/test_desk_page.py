"""The desk in a real browser: by keyboard to a preview of what is done with many matters, and to its report."""

from typing import TYPE_CHECKING

import pytest

from tests.journeys.test_conversation_page import signed_in
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(120)]


def test_a_handler_chooses_by_keyboard_sees_the_preview_and_the_report(
    browser: "Browser", live_portal: LivePortal
) -> None:
    from playwright.sync_api import expect

    context = browser.new_context(base_url=live_portal.url, locale="en-GB")
    context.set_default_timeout(10_000)
    page = signed_in(context, "handler@demo.example", "/desk/complaints/?tab=all")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    boxes, every = page.locator("td.choose input"), page.get_by_label("All on this page")

    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(boxes.first).to_be_checked()
    expect(every).not_to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tbody tr").first.locator("a.reference")).to_be_focused()
    page.get_by_label("Keys:").uncheck()
    page.locator("tbody tr a.reference").first.focus()
    page.keyboard.press("j")
    expect(page.locator("tbody tr").first.locator("a.reference")).to_be_focused()
    page.get_by_label("Keys:").check()
    every.check()
    expect(page.locator("output")).to_have_text(str(boxes.count()))

    page.get_by_label("With the chosen").select_option("assignment")
    page.get_by_role("button", name="Show the preview").click()
    page.get_by_role("button", name="Show the preview").click()
    page.get_by_role("button", name="Do it as shown").click()

    expect(page.get_by_text("done", exact=True).first).to_be_visible()
    expect(page.locator("progress")).to_have_attribute("max", str(page.locator("tbody").last.locator("tr").count()))
    assert problems == []
    context.close()
