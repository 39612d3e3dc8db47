"""A browser is asked to tell of messages, and its worker shows what is pushed; the push service stands in for the world."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.journeys.test_conversation_page import signed_in
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(180)]
# A browser without a head has no push service: what it would answer is put in its place, with keys of the right shape.
SERVICE = """
const p256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const keys = { p256dh, auth: "BTBZMqHH6r4Tts7J_aSIgg" };
let held = null;
const made = { endpoint: "https://push.example/one", toJSON: () => ({ endpoint: made.endpoint, expirationTime: null, keys }) };
made.unsubscribe = async () => { held = null; return true; };
PushManager.prototype.getSubscription = async () => held;
PushManager.prototype.subscribe = async (options) => { window.subscribedWith = options; held = made; return made; };
Notification.requestPermission = async () => "granted";
"""


def test_a_browser_is_told_and_told_no_more(browser: "Browser", live_portal: LivePortal) -> None:
    from playwright.sync_api import expect

    context = browser.new_context(base_url=live_portal.url, locale="en-GB", permissions=["notifications"])
    context.set_default_timeout(10_000)
    context.add_init_script(SERVICE)
    problems: list[str] = []
    try:
        page = signed_in(context, "uploader@demo.example", "/conversations/preferences/")
        page.on("pageerror", lambda error: problems.append(str(error)))
        told = page.locator("#push [role=status]")
        expect(told).to_contain_text("is told nothing")

        page.get_by_role("button", name="Tell this browser").click()
        expect(told).to_contain_text("is told that something waits")
        number = "async () => (await (await fetch('/api/v1/me/messaging/push')).json()).browsers"
        assert page.evaluate(number) == 1
        assert page.evaluate("window.subscribedWith.applicationServerKey.length") == 65

        page.get_by_role("button", name="Tell it no more").click()
        expect(told).to_contain_text("is told nothing")
        assert page.evaluate(number) == 0
        assert problems == []
    finally:
        context.close()


def test_the_worker_shows_that_a_message_waits_and_leads_nowhere_else(
    browser: "Browser", live_portal: LivePortal
) -> None:
    context = browser.new_context(base_url=live_portal.url, locale="en-GB", permissions=["notifications"])
    context.set_default_timeout(10_000)
    context.add_init_script(SERVICE)
    try:
        with context.expect_event("serviceworker") as started:
            signed_in(context, "uploader@demo.example", "/conversations/preferences/")
        worker = started.value

        def shown(told: str) -> dict[str, str]:
            found: dict[str, str] = worker.evaluate(
                """async (told) => {
                  let given = null;
                  ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
                    given = { title, body: options.body, path: options.data.path };
                  };
                  self.dispatchEvent(new PushEvent("push", { data: told }));
                  await new Promise((done) => setTimeout(done, 50));
                  return given;
                }""",
                told,
            )
            return found

        path = "/conversations/0198-a/"
        told = {"title": "A message waits for you", "body": "Portal", "path": path}
        assert shown(json.dumps(told)) == told
        assert shown(json.dumps(told | {"path": "https://elsewhere.example/"}))["path"] == "/conversations/"
        assert shown("not JSON")["path"] == "/conversations/"
    finally:
        context.close()
