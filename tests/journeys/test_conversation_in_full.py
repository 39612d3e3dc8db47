"""Everything people expect of a conversation, in a real browser: two people at once, networks and servers that go away."""

import base64
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.client import Program
from tests.journeys.test_conversation_page import signed_in, write
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(60)]

# One white point.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
RIGHTS_HOLDER, UPLOADER = "rights-holder@demo.example", "uploader@demo.example"


@pytest.fixture(scope="module")
def holder(live_portal: LivePortal) -> Program:
    return Program(live_portal.url, live_portal.token(RIGHTS_HOLDER))


def conversation_on(holder: Program, content: str) -> str:
    wanted = {"content": content, "provider": "cloudhaven"}
    return str(holder.post("/api/v1/conversations", wanted).expect(200, 201).json["id"])


@pytest.fixture(scope="module")
def conversation(holder: Program) -> str:
    return conversation_on(holder, "item-4")


class Two:
    """The rights holder and the uploader, each before the same conversation in a browser of their own."""

    def __init__(self, mine: "BrowserContext", theirs: "BrowserContext", path: str) -> None:
        self.path, self.contexts, self.problems = path, (mine, theirs), list[str]()
        self.mine, self.theirs = self.open(mine, RIGHTS_HOLDER), self.open(theirs, UPLOADER)

    def open(self, context: "BrowserContext", email: str) -> "Page":
        page = context.new_page()
        page.goto(self.path)
        if self.path not in page.url.split("?")[0]:
            page.close()
            page = signed_in(context, email, self.path)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.locator("#connection").wait_for(state="hidden")
        return page


def two_browsers(browser: "Browser", live_portal: LivePortal) -> "Iterator[tuple[BrowserContext, BrowserContext]]":
    """Give a browser each to the rights holder and the uploader."""
    mine, theirs = (browser.new_context(base_url=live_portal.url, locale="en-GB") for _ in range(2))
    for context in (mine, theirs):
        context.set_default_timeout(10_000)
    yield mine, theirs
    for context in (mine, theirs):
        context.close()


@pytest.fixture(scope="module")
def contexts(browser: "Browser", live_portal: LivePortal) -> "Iterator[tuple[BrowserContext, BrowserContext]]":
    yield from two_browsers(browser, live_portal)


@pytest.fixture
def two(contexts: "tuple[BrowserContext, BrowserContext]", conversation: str) -> Iterator[Two]:
    made = Two(*contexts, f"/conversations/{conversation}/")
    yield made
    contexts[0].set_offline(False)
    made.mine.close()
    made.theirs.close()
    assert made.problems == []


def last(page: "Page") -> "Locator":
    return page.locator("li.message").last


def body(message: "Locator") -> "Locator":
    return message.locator(":scope > .message-body")


def press(message: "Locator", act: str) -> None:
    message.get_by_role("button", name=re.compile(f"^{act} ")).click()


def field(page: "Page") -> "Locator":
    return page.get_by_label("Message", exact=True)


def said(page: "Page") -> list[str]:
    return page.locator("li.message > .message-body").all_inner_texts()


def test_an_edit_a_quotation_and_a_withdrawal_are_seen_by_the_other_side_at_once(two: Two) -> None:
    from playwright.sync_api import expect

    write(two.mine, "Is this your flim?")
    expect(body(last(two.theirs))).to_have_text("Is this your flim?")
    press(last(two.mine), "Edit")
    expect(field(two.mine)).to_have_value("Is this your flim?")
    write(two.mine, "Is this your film?")
    expect(body(last(two.theirs))).to_have_text("Is this your film?")
    expect(last(two.theirs).locator(".message-edited")).to_have_text("edited")
    expect(field(two.mine)).to_have_value("")

    press(last(two.theirs), "Reply")
    write(two.theirs, "It is.")
    expect(last(two.mine).locator(".message-quoted .message-body")).to_have_text("Is this your film?")
    last(two.mine).locator(".message-quoted a").click()
    expect(two.mine.locator("li.message").nth(-2)).to_be_focused()

    two.mine.on("dialog", lambda dialog: dialog.accept())
    press(two.mine.locator("li.message").nth(-2), "Withdraw")
    expect(two.theirs.locator("li.message").nth(-2)).to_contain_text("This message was withdrawn.")
    expect(last(two.theirs).locator(".message-quoted")).to_contain_text("This message was withdrawn.")
    expect(two.theirs.get_by_text("Is this your film?")).to_have_count(0)
    for page in (two.mine, two.theirs):  # and the page from the server says the same
        page.reload()
        expect(page.locator("li.message").nth(-2)).to_contain_text("This message was withdrawn.")
        expect(page.get_by_text("Is this your film?")).to_have_count(0)


def test_a_message_is_sent_then_delivered_then_read_and_who_is_here_is_seen(two: Two) -> None:
    from playwright.sync_api import expect

    badge = two.theirs.locator("[data-unread]")
    waiting = int(badge.get_attribute("data-unread") or 0)  # in other conversations
    expect(two.mine.locator("#here")).to_have_text(re.compile(r"^Here now: uploader-\w+$"))
    # Their page is in the background: it gets messages, and nobody reads them.
    hidden = "Object.defineProperty(document, 'visibilityState', {value: '%s', configurable: true})"
    two.theirs.evaluate(hidden % "hidden")
    write(two.mine, "Three steps")
    state = last(two.mine).locator(".message-state")
    expect(state).to_have_text("delivered")
    expect(two.theirs).to_have_title(re.compile(r"^\(1\) "))
    expect(badge.locator("[data-count]")).to_have_text(str(waiting + 1))

    two.theirs.evaluate(f"{hidden % 'visible'}; document.dispatchEvent(new Event('visibilitychange'))")

    expect(state).to_have_text("read")
    expect(two.theirs).not_to_have_title(re.compile(r"^\("))
    field(two.theirs).press_sequentially("W")
    expect(two.mine.locator("#typing")).to_have_text(re.compile(r"^uploader-\w+ is typing …$"))
    field(two.theirs).fill("")
    two.theirs.close()
    expect(two.mine.locator("#here")).to_be_hidden()
    write(two.mine, "And nobody there")
    expect(last(two.mine).locator(".message-state")).to_have_text("sent")
    two.theirs = two.contexts[1].new_page()
    two.theirs.goto("/home/")
    link = two.theirs.get_by_role("navigation", name="Main").get_by_role("link", name="Conversations")
    expect(link).to_have_accessible_name(f"Conversations {waiting + 1} unread")
    two.theirs.goto("/conversations/")
    expect(two.theirs).to_have_title(re.compile(rf"^\({waiting + 1}\) Conversations"))


def test_what_tells_who_one_is_is_pointed_out_before_it_is_sent_and_its_writer_decides(two: Two) -> None:
    from playwright.sync_api import expect

    before = len(said(two.theirs))
    write(two.mine, "😀 Write to me@films.example")
    panel = two.mine.locator(".hints")
    expect(panel.locator("mark")).to_have_text("me@films.example")
    expect(panel).to_contain_text("an e-mail address")
    expect(panel.get_by_role("button", name="Change it")).to_be_focused()
    two.mine.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(field(two.mine)).to_have_value("😀 Write to me@films.example")
    assert len(said(two.theirs)) == before

    two.mine.keyboard.press("Enter")
    panel.get_by_role("button", name="Send it as it is").click()

    expect(body(last(two.theirs))).to_have_text("😀 Write to me@films.example")
    assert len(said(two.theirs)) == before + 1


def test_without_a_network_all_is_kept_and_sent_once_and_in_order_and_nothing_is_missed(
    two: Two, live_portal: LivePortal
) -> None:
    from playwright.sync_api import expect

    mine, theirs = two.mine, two.theirs
    two.contexts[0].set_offline(True)
    expect(mine.locator("#connection")).to_contain_text("The connection is lost")
    for text in ("First", "Second", "Third"):
        write(mine, text)
    expect(mine.locator(".is-unsent")).to_have_count(3)
    expect(mine.locator(".is-unsent .message-state").first).to_have_text("not sent yet")
    # A socket that is there already, or comes anew, may still take it: the browser cuts off requests alone.
    is_stored = re.compile("^(sent|delivered)$")
    write(theirs, "Meanwhile one")
    expect(last(theirs).locator(".reach")).to_have_text(is_stored)
    live_portal.restart("web")
    expect(theirs.locator("#connection")).to_be_hidden(timeout=40_000)
    write(theirs, "Meanwhile two")
    expect(last(theirs).locator(".reach")).to_have_text(is_stored)

    two.contexts[0].set_offline(False)

    expect(mine.locator(".is-unsent")).to_have_count(0, timeout=40_000)
    wanted = ["Meanwhile one", "Meanwhile two", "First", "Second", "Third"]
    for page in (mine, theirs):
        expect(body(last(page))).to_have_text("Third")
        assert said(page)[-5:] == wanted
        page.reload()
        assert said(page)[-5:] == wanted


def test_without_a_network_the_page_opens_and_what_is_written_there_is_sent_later(two: Two) -> None:
    from playwright.sync_api import expect

    mine = two.mine
    mine.evaluate("navigator.serviceWorker.ready.then(() => true)")
    two.contexts[0].set_offline(True)
    mine.reload()
    expect(mine.get_by_role("heading", name="No connection")).to_be_visible()
    shown = mine.locator("main").inner_text()
    assert not any(text in shown for text in said(two.theirs))
    field(mine).fill("Written on the page for no network")
    mine.get_by_role("button", name="Send later").click()
    expect(mine.locator("#unsent")).to_contain_text("Written on the page for no network")
    expect(mine.locator("#unsent .message-state")).to_have_text("not sent yet")

    two.contexts[0].set_offline(False)

    expect(body(last(two.theirs))).to_have_text("Written on the page for no network", timeout=20_000)
    expect(mine.locator("h1")).not_to_have_text("No connection")
    kept = mine.evaluate(
        "caches.keys().then(async (names) => (await Promise.all(names.map(async (name) =>"
        " (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)))).flat())"
    )
    assert all(path.startswith("/static/") or path == "/conversations/offline/" for path in kept)


def test_a_draft_survives_a_reload_and_no_sign_out(two: Two) -> None:
    from playwright.sync_api import expect

    field(two.mine).fill("Half a thou")
    two.mine.reload()
    expect(field(two.mine)).to_have_value("Half a thou")
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('portal.draft.')).length"
    assert two.mine.evaluate(drafts) >= 1  # and what another test left beside it

    other = two.contexts[0].new_page()
    other.goto("/accounts/logout/")
    other.get_by_role("main").get_by_role("button").first.click()

    expect(two.mine.locator("#connection")).to_contain_text("You are signed out here", timeout=15_000)
    expect(two.mine.locator("li.message")).to_have_count(0)
    expect(field(two.mine)).to_have_count(0)
    assert two.mine.evaluate(drafts) == 0
    assert other.evaluate(drafts) == 0
    other.close()


def test_all_of_it_is_done_by_keyboard_alone(two: Two) -> None:
    from playwright.sync_api import expect

    keys = two.mine.keyboard
    two.mine.locator("#log").focus()
    keys.press("Shift+Tab")
    expect(two.mine.get_by_role("link", name="Skip to where you write")).to_be_focused()
    keys.press("Enter")
    expect(field(two.mine)).to_be_focused()
    keys.type("By hand")
    keys.press("Shift+Enter")
    keys.type("alone")
    keys.press("Enter")
    expect(body(last(two.theirs))).to_have_text("By hand\nalone", use_inner_text=True)
    keys.press("ArrowUp")
    expect(two.mine.locator("#about")).to_contain_text("Edit your message")
    expect(field(two.mine)).to_have_value("By hand\nalone")
    keys.press("Escape")
    expect(two.mine.locator("#about")).to_be_hidden()
    expect(field(two.mine)).to_have_value("")
    keys.press("ArrowUp")
    keys.type(" indeed")
    keys.press("Enter")
    expect(body(last(two.theirs))).to_have_text("By hand\nalone indeed", use_inner_text=True)
    last(two.mine).get_by_role("button", name=re.compile("^Reply")).focus()
    keys.press("Enter")
    expect(field(two.mine)).to_be_focused()
    keys.type("And quoted")
    keys.press("Enter")
    expect(last(two.theirs).locator(".message-quoted .message-body")).to_contain_text("By hand")
    expect(two.theirs.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_signs_that_are_composed_and_texts_that_run_to_the_left_are_taken_as_they_are(two: Two) -> None:
    from playwright.sync_api import expect

    arabic, chinese = "هل هذا الفيلم لك؟ https://films.example/a", "请在周五前移除" * 30
    before = len(said(two.theirs))
    field(two.mine).fill(chinese)
    # The Enter that ends the composing of a sign belongs to the input method.
    composing = {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True}
    field(two.mine).dispatch_event("keydown", composing)
    expect(field(two.mine)).to_have_value(chinese)
    assert len(said(two.theirs)) == before
    write(two.mine, chinese)
    expect(body(last(two.theirs))).to_have_text(chinese)
    write(two.mine, arabic)
    got = body(last(two.theirs))
    expect(got).to_have_text(arabic)
    assert got.evaluate("(one) => getComputedStyle(one).direction") == "rtl"
    assert got.get_attribute("lang") is None
    write(two.mine, "w" * 400)
    expect(body(last(two.theirs))).to_have_text("w" * 400)
    two.theirs.set_viewport_size({"width": 320, "height": 640})
    assert two.theirs.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_picture_is_seen_small_and_what_cannot_be_cleaned_is_asked_about(two: Two) -> None:
    from playwright.sync_api import expect

    def choose(name: str, media_type: str, data: bytes) -> None:
        two.mine.get_by_label("File").set_input_files(files=[{"name": name, "mimeType": media_type, "buffer": data}])
        two.mine.get_by_role("button", name="Send", exact=True).click()

    before = two.theirs.locator("li.message").count()
    choose("who-i-am.png", "image/png", PICTURE)
    expect(two.theirs.locator("li.message")).to_have_count(before + 1)
    picture = last(two.theirs).locator(".message-file img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(one) => one.naturalWidth") > 0
    expect(last(two.mine).get_by_role("link", name="What the other side gets")).to_be_visible()

    asked: list[str] = []
    two.mine.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    with two.mine.expect_event("dialog"):
        choose("letter.eml", "message/rfc822", b"From: me@films.example\r\nSubject: Mine\r\n\r\nSee above.\r\n")
    expect(two.mine.locator(".uploading")).to_have_count(0)
    assert len(asked) == 1
    assert "can't be taken out" in asked[0]
    assert two.theirs.locator("li.message").count() == before + 1
    assert "who-i-am" not in two.theirs.content()


def test_what_happens_stands_among_the_messages_and_a_closed_conversation_takes_no_more(
    contexts: "tuple[BrowserContext, BrowserContext]", holder: Program
) -> None:
    from playwright.sync_api import expect

    key = conversation_on(holder, "item-3")
    two = Two(*contexts, f"/conversations/{key}/")
    write(two.mine, "Shall we settle this?")
    expect(body(last(two.theirs))).to_have_text("Shall we settle this?")
    report = last(two.theirs).get_by_role("link", name=re.compile("^Report"))
    expect(report).to_have_attribute("href", re.compile(rf"/conversations/{key}/messages/[0-9a-f-]+/report/$"))

    made: Any = holder.post(f"/api/v1/conversations/{key}/proposals", {"kind": "credit", "text": "A film of ours"})
    made.expect(201)
    card = two.theirs.locator(".proposal-item article")
    expect(card).to_contain_text("A film of ours")
    expect(card.get_by_role("link", name="Accept")).to_be_visible()
    expect(two.mine.locator(".proposal-item article")).to_have_count(1)
    holder.post(f"/api/v1/conversations/{key}/proposals/{made.json['id']}/withdrawal", {}).expect(200, 201)
    expect(card).to_have_count(1)
    expect(card.get_by_role("link", name="Accept")).to_have_count(0)
    holder.post(f"/api/v1/conversations/{key}/end", {}).expect(201)

    for page in (two.mine, two.theirs):
        expect(page.locator(".happening").last).to_contain_text("The conversation was closed")
        expect(field(page)).to_have_count(0)
        expect(page.locator(".closed")).to_contain_text("This conversation was closed")
        expect(page.get_by_role("button", name=re.compile("^(Reply|Edit|Withdraw)"))).to_have_count(0)
        page.reload()
        expect(page.locator(".happening").last).to_contain_text("The conversation was closed")
        page.close()
    assert two.problems == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_of_it_is_a_barrier_that_axe_finds_small_or_large_in_both_languages(two: Two, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, axe = two.mine, Axe()
    write(page, "A line to look at: me@films.example")
    page.locator(".hints button").last.click()
    page.locator(f"button[name=language][value='{language}']").click()
    assert page.locator("html").get_attribute("lang") == language
    page.locator(".is-mine button[data-act=reply]").last.click()
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        others = ("/conversations/", "/conversations/offline/") if width == 320 else ()
        for path in (two.path, *others):
            if path != two.path:
                page.goto(path)
            found += [(path, width, one["id"], one["nodes"][0]["html"]) for one in axe.run(page).response["violations"]]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        page.goto(two.path)
    page.locator("button[name=language][value=en]").click()
    page.locator("html[lang=en]").wait_for()  # A page that is closed on its way to another may hang.
    page.locator("#connection").wait_for(state="hidden")
    assert found == []


def test_two_windows_that_were_offline_show_each_message_once_and_in_one_order(two: Two) -> None:
    from playwright.sync_api import expect

    mark = "From two windows,"
    other = two.open(two.contexts[0], RIGHTS_HOLDER)
    two.contexts[0].set_offline(True)
    texts = [f"{mark} {name}" for name in ("one", "two", "three")]
    for page, text in zip((other, two.mine, other), texts, strict=True):
        write(page, text)
        expect(page.locator(".is-unsent .message-body", has_text=text)).to_have_count(1)
    two.contexts[0].set_offline(False)

    found = two.theirs.locator(".message > .message-body", has_text=mark)
    expect(found).to_have_count(3, timeout=40_000)
    in_order = found.all_inner_texts()
    assert sorted(in_order) == sorted(texts)
    for page in (two.mine, other):
        expect(page.locator(".is-unsent")).to_have_count(0, timeout=20_000)
        expect(page.locator(".message > .message-body", has_text=mark)).to_have_text(in_order)
    other.close()


def test_what_is_taken_back_at_the_warning_keeps_its_file_and_what_it_answers(two: Two) -> None:
    from playwright.sync_api import expect

    asked = "Which part of it is meant?"
    write(two.theirs, asked)
    item = two.mine.locator(".message", has_text=asked)
    item.get_by_role("button", name="Reply").click()
    two.mine.get_by_label("File").set_input_files(files=[{"name": "a.txt", "mimeType": "text/plain", "buffer": b"Yes"}])
    write(two.mine, "Write to jo@films.example")
    two.mine.get_by_role("button", name="Change it").click()

    expect(field(two.mine)).to_have_value("Write to jo@films.example")
    expect(two.mine.locator("#about blockquote")).to_have_text(asked)
    assert two.mine.get_by_label("File").evaluate("(field) => field.files[0].name") == "a.txt"

    write(two.mine, "The first one")
    sent = two.theirs.locator(".message", has_text="The first one")
    expect(sent.locator(".message-quoted")).to_contain_text(asked)
    expect(sent.locator(".attachment, a[href*='/files/'], a[download]").first).to_be_visible()


def test_the_warning_takes_the_keyboard_from_nobody_who_goes_on_writing(two: Two) -> None:
    from playwright.sync_api import expect

    def late(route: "Route") -> None:
        field(two.mine).press_sequentially("And ")
        route.continue_()

    two.mine.route("**/api/v1/conversations/*/hints", late)
    write(two.mine, "Write to jo@films.example")
    two.mine.get_by_role("button", name="Send it as it is").wait_for()
    two.mine.keyboard.type("what else is there")

    expect(field(two.mine)).to_have_value("And what else is there")
    two.mine.get_by_role("button", name="Send it as it is").click()
    expect(two.theirs.locator(".message-body", has_text="jo@films.example").last).to_be_visible()
    two.mine.unroute("**/api/v1/conversations/*/hints")
    field(two.mine).fill("")


def test_why_a_file_is_refused_is_said_where_one_looks_until_the_next_try(two: Two) -> None:
    from playwright.sync_api import expect

    program = {"name": "a.exe", "mimeType": "application/octet-stream", "buffer": b"MZ" + bytes(200)}
    two.mine.get_by_label("File").set_input_files(files=[program])
    two.mine.get_by_role("button", name="Send", exact=True).click()

    said_why = two.mine.locator("#not-sent")
    expect(said_why).to_be_visible()
    expect(said_why).to_be_in_viewport()
    two.mine.get_by_label("File").set_input_files(files=[])
    write(two.mine, "Without it, then")
    expect(said_why).to_be_hidden()


def test_the_page_ends_with_its_foot_however_long_the_conversation(two: Two) -> None:
    below = """document.documentElement.scrollHeight
      - Math.max(document.querySelector("footer").getBoundingClientRect().bottom + scrollY, innerHeight)"""
    for number in range(12):
        write(two.mine, f"Line {number}\n" * 6)
    two.theirs.locator(".message-body", has_text="Line 11").last.wait_for()

    for page in (two.mine, two.theirs):
        assert page.evaluate(below) < 50
