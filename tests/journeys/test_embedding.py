"""Badge and component on a page of another origin that allows as little as it can, in a real browser."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(180)]
PAGE = """<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><title>A page of the provider</title>
<a id="badge" href="{portal}/complain/cloudhaven/?lang=en"><img src="{portal}/embed/badge-en-light.svg" alt="Report"></a>
<copyright-complaints provider="cloudhaven" content="item-1"><a id="inside" href="{portal}/complain/cloudhaven/">举报</a>
</copyright-complaints><script type="module" src="{portal}/embed/copyright-complaints.js"></script></html>"""


@pytest.fixture
def provider_page(live_portal: LivePortal) -> Iterator[str]:
    """Give the address of a page on another port that loads from the portal only, and only what says that it may be."""
    portal = live_portal.url
    policy = f"default-src 'none'; img-src {portal}; script-src {portal}"

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in {
                "Content-Type": "text/html; charset=utf-8",
                "Content-Security-Policy": policy,
                "Cross-Origin-Embedder-Policy": "require-corp",
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(PAGE.format(portal=portal).encode())

        def log_message(self, *_: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_strict_page_of_another_origin_leads_into_the_form(browser: "Browser", provider_page: str) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 320, "height": 640})
    context.set_default_timeout(10_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)

    page.goto(provider_page)

    assert (
        page.evaluate("document.querySelector('#badge img').decode().then(() => document.images[0].naturalWidth)")
        == 232
    )
    report = page.get_by_role("link", name="举报著作权侵权")
    report.wait_for()
    assert not page.locator("#inside").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert context.cookies() == []
    assert [text for text in wrong if "favicon" not in text] == []

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.part.value") == "report"
    page.keyboard.press("Enter")
    page.wait_for_url("**/complain/new/where/")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    submit = page.locator("main form .form-end button")
    submit.click()  # the provider is chosen already
    page.wait_for_url("**/complain/new/law/")
    page.locator("main form input[type=radio]").first.check()
    submit.click()
    page.wait_for_url("**/complain/new/works/")
    submit.click()
    assert page.locator("textarea[name=items]").input_value() == "item-1"
    context.close()


def test_without_scripts_the_link_inside_is_there(browser: "Browser", provider_page: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(provider_page)

    assert page.locator("#inside").is_visible()
    context.close()
