"""The conversation page in a real browser: two people at once, a network that goes away, and no scripts at all."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.journeys.client import Program
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def conversation(live_portal: LivePortal) -> str:
    rights_holder = Program(live_portal.url, live_portal.token("rights-holder@demo.example"))
    wanted = {"content": "item-5", "provider": "cloudhaven"}
    found: str = rights_holder.post("/api/v1/conversations", wanted).expect(200, 201).json["id"]
    return found


def signed_in(context: "BrowserContext", email: str, path: str) -> "Page":
    page = context.new_page()
    page.goto("/demo/")
    page.locator(f"button[value='{email}']").click()
    page.goto(path)
    return page


@pytest.fixture
def contexts(browser: "Browser", live_portal: LivePortal) -> "Iterator[list[BrowserContext]]":
    made = [browser.new_context(base_url=live_portal.url, locale="en-GB") for _ in range(2)]
    for context in made:
        context.set_default_timeout(10_000)
    yield made
    for context in made:
        context.close()


def pages_of(contexts: "list[BrowserContext]", conversation: str) -> "tuple[Page, Page]":
    path = f"/conversations/{conversation}/"
    who = ("rights-holder@demo.example", "uploader@demo.example")
    mine, theirs = (signed_in(context, email, path) for context, email in zip(contexts, who, strict=True))
    for page in (mine, theirs):
        page.locator("#connection").wait_for(state="hidden")
    return mine, theirs


def write(page: "Page", text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def test_two_people_write_to_each_other(contexts: "list[BrowserContext]", conversation: str) -> None:
    from playwright.sync_api import expect

    mine, theirs = pages_of(contexts, conversation)
    problems: list[str] = []
    for page in (mine, theirs):
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)

    write(mine, "Is <b>this</b> yours?\nSee https://films.example/a?b=c.")

    got = theirs.locator(".message").last
    expect(got.locator(".message-body")).to_have_text("Is <b>this</b> yours? See https://films.example/a?b=c.")
    expect(got.locator("strong")).to_have_text("Rights holder")
    expect(got.locator(".message-body a")).to_have_attribute("href", "https://films.example/a?b=c")
    expect(mine.locator(".message").last.locator(".message-state")).to_have_text("read")
    theirs.get_by_label("Message", exact=True).press_sequentially("N")
    expect(mine.locator("#typing")).to_contain_text("is typing")
    write(theirs, "No.")
    expect(mine.locator(".message").last.locator(".message-body")).to_have_text("No.")
    assert problems == []


def test_the_newest_message_is_seen_whole_with_all_that_one_can_do_with_it(
    contexts: "list[BrowserContext]", conversation: str
) -> None:
    from playwright.sync_api import expect

    mine, theirs = pages_of(contexts, conversation)

    for number in range(6):
        write(mine, f"One of several\nNumber {number}")

    expect(theirs.locator(".message").last.locator(".message-body")).to_contain_text("Number 5")
    expect(mine.locator(".message").last.get_by_role("button", name="Withdraw")).to_be_attached()
    hidden = "(log) => [log.scrollHeight > log.clientHeight, log.scrollHeight - log.scrollTop - log.clientHeight < 2]"
    for page in (mine, theirs):
        assert page.locator("#log").evaluate(hidden) == [True, True]


def test_what_is_written_without_a_network_is_sent_when_it_is_back(
    contexts: "list[BrowserContext]", conversation: str, live_portal: LivePortal
) -> None:
    from playwright.sync_api import expect

    mine, theirs = pages_of(contexts, conversation)
    live_portal.kill("web")
    expect(mine.locator("#connection")).to_contain_text("The connection is lost")

    write(mine, "Written in the dark")

    last = mine.locator(".message").last
    expect(last.locator(".message-body")).to_have_text("Written in the dark")
    expect(theirs.locator(".message").last.locator(".message-body")).to_have_text("Written in the dark", timeout=40_000)
    expect(last.locator(".message-state")).to_have_text("read", timeout=40_000)
    expect(mine.locator("#connection")).to_be_hidden()
    assert theirs.get_by_text("Written in the dark").count() == 1
    live_portal.wait_until_ready()


def test_what_waits_survives_that_the_page_is_closed(contexts: "list[BrowserContext]", conversation: str) -> None:
    from playwright.sync_api import expect

    mine, theirs = pages_of(contexts, conversation)
    # The socket is there no more and does not come back while this page is open.
    mine.evaluate("window.WebSocket.prototype.send = () => {}")
    write(mine, "Kept in the browser")
    expect(mine.locator(".is-unsent .message-state").last).to_have_text("not sent yet")

    mine.reload()

    expect(theirs.locator(".message").last.locator(".message-body")).to_have_text("Kept in the browser")
    expect(mine.locator(".is-unsent")).to_have_count(0)


def test_a_signed_out_page_says_so(contexts: "list[BrowserContext]", conversation: str) -> None:
    from playwright.sync_api import expect

    mine, _theirs = pages_of(contexts, conversation)
    contexts[0].clear_cookies()
    mine.evaluate("fetch('/', {redirect: 'manual'})")
    mine.reload()

    assert "/conversations/" not in mine.url.split("?")[0]
    expect(mine.get_by_role("heading", level=1)).to_be_visible()


def test_a_file_is_sent_with_a_message(contexts: "list[BrowserContext]", conversation: str) -> None:
    from playwright.sync_api import expect

    mine, theirs = pages_of(contexts, conversation)
    mine.get_by_label("File").set_input_files(
        files=[{"name": "who-i-am.txt", "mimeType": "text/plain", "buffer": b"The contract."}]
    )
    mine.get_by_label("Message", exact=True).fill("See the contract")
    mine.get_by_role("button", name="Send").click()

    link = theirs.locator(".message").last.locator(".message-file a")
    expect(link).to_have_text(re.compile(r"^attachment-[0-9a-f]{6}\.txt$"))
    with theirs.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == link.inner_text()
    assert download.value.path().read_bytes() == b"The contract."
    assert "who-i-am" not in theirs.content()


def test_the_page_works_without_scripts(browser: "Browser", live_portal: LivePortal, conversation: str) -> None:
    from playwright.sync_api import expect

    context = browser.new_context(base_url=live_portal.url, java_script_enabled=False)
    page = signed_in(context, "uploader@demo.example", f"/conversations/{conversation}/")
    page.get_by_label("Message", exact=True).fill("Sent by a form\nof two lines")
    page.get_by_role("button", name="Send").click()

    expect(page.locator(".message").last.locator(".message-body")).to_contain_text("Sent by a form")
    page.goto("/conversations/")
    expect(page.get_by_role("table")).to_contain_text("cloudhaven", ignore_case=True)
    context.close()


def test_the_page_has_no_barriers_that_axe_finds(contexts: "list[BrowserContext]", conversation: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    mine, _theirs = pages_of(contexts, conversation)
    write(mine, "Something to look at")

    for path in (f"/conversations/{conversation}/", "/conversations/"):
        mine.goto(path)
        found = Axe().run(mine).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
