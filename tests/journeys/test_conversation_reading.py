"""Reading a conversation in a real browser: what was said long ago, what was proposed, and what stays when one goes."""

import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.client import Program
from tests.journeys.test_conversation_in_full import (
    RIGHTS_HOLDER,
    UPLOADER,
    Two,
    body,
    conversation_on,
    field,
    last,
    said,
    two_browsers,
)
from tests.journeys.test_conversation_page import write
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(60)]
TOP = "document.querySelector('#log').scrollTop"


@pytest.fixture(scope="module")
def holder(live_portal: LivePortal) -> Program:
    return Program(live_portal.url, live_portal.token(RIGHTS_HOLDER))


@pytest.fixture(scope="module")
def uploader(live_portal: LivePortal) -> Program:
    return Program(live_portal.url, live_portal.token(UPLOADER))


@pytest.fixture(scope="module")
def conversation(holder: Program) -> str:
    """Return a conversation of a hundred and twenty messages, with a proposal after the seventieth."""
    found = conversation_on(holder, "item-21")
    for number in range(1, 121):
        say(holder, found, f"Number {number}")
        if number == 70:
            holder.post(
                f"/api/v1/conversations/{found}/proposals", {"kind": "credit", "text": "Film by the studio"}
            ).expect(201)
    return found


def say(program: Program, conversation: str, text: str) -> None:
    told = {"client_id": str(uuid.uuid4()), "body": text, "attachments": []}
    program.post(f"/api/v1/conversations/{conversation}/messages", told).expect(201)


def unread(program: Program, conversation: str) -> int:
    return int(program.get(f"/api/v1/conversations/{conversation}").expect(200).json["unread"])


@pytest.fixture(scope="module")
def contexts(browser: "Browser", live_portal: LivePortal) -> "Iterator[tuple[BrowserContext, BrowserContext]]":
    yield from two_browsers(browser, live_portal)


@pytest.fixture
def two(contexts: "tuple[BrowserContext, BrowserContext]", conversation: str) -> Iterator[Two]:
    made = Two(*contexts, f"/conversations/{conversation}/")
    yield made
    made.mine.close()
    made.theirs.close()
    assert made.problems == []


def all_said(page: "Page") -> list[str]:
    return [text.strip() for text in page.locator("li.message > .message-body").all_inner_texts()]


def numbers(first: int, end: int) -> list[str]:
    return [f"Number {number}" for number in range(first, end + 1)]


def test_earlier_messages_come_above_what_is_read_and_move_nothing(
    two: Two, holder: Program, conversation: str
) -> None:
    from playwright.sync_api import expect

    mine = two.mine
    bodies: list[str] = []
    for after in (0, 200):
        place = f"/api/v1/conversations/{conversation}/messages?limit=200&after={after}"
        bodies += [one["body"] for one in holder.get(place).expect(200).json["results"]]
    earlier = mine.get_by_role("link", name="Earlier messages")
    assert all_said(mine) == [text.strip() for text in bodies[-50:]]
    mine.evaluate(f"{TOP} = 40")
    first = mine.locator("li.message").first
    seq = first.get_attribute("data-seq")
    before = mine.locator(f"#message-{seq}").bounding_box()

    earlier.click()
    expect(mine.locator("li.message")).to_have_count(100)

    after = mine.locator(f"#message-{seq}").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    shown = 100
    while earlier.count():
        earlier.click()
        shown = min(shown + 50, len(bodies))
        expect(mine.locator("li.message")).to_have_count(shown)
    assert all_said(mine) == [text.strip() for text in bodies]
    # What lies between two pages is on one of them.
    expect(mine.locator("li.proposal-item", has_text="Proposal 1")).to_have_count(1)
    assert mine.evaluate("document.activeElement.id") == "log"
    # They can be answered, and found from where they are quoted.
    mine.locator("#message-5").get_by_role("button", name="Reply").click()
    write(mine, "About the fifth")
    expect(last(mine).locator(".reach")).to_have_text("read")
    last(mine).locator(".message-quoted a").click()
    expect(mine.locator("#message-5")).to_be_focused()


def test_a_page_of_earlier_messages_stays_what_it_is_and_leads_to_the_newest(
    two: Two, holder: Program, uploader: Program, conversation: str
) -> None:
    from playwright.sync_api import expect

    theirs = two.theirs
    theirs.goto(f"{two.path}?before=41")
    expect(theirs.locator("#apart")).to_be_visible()
    assert all_said(theirs) == numbers(1, 40)
    time.sleep(0.5)  # in which all the later ones would come
    assert all_said(theirs) == numbers(1, 40)

    say(holder, conversation, "Said meanwhile")

    expect(theirs.locator("#apart-new")).to_have_text("New meanwhile: 1")
    assert all_said(theirs) == numbers(1, 40)
    assert unread(uploader, conversation) == 1
    theirs.locator("#apart").get_by_role("link", name="To the newest").click()
    expect(body(last(theirs))).to_have_text("Said meanwhile")
    # Marks are moved by the page that shows it.
    expect(theirs.locator("#apart")).to_have_count(0)
    assert unread(uploader, conversation) == 0


def test_what_is_written_beside_earlier_messages_stands_at_the_end(two: Two) -> None:
    from playwright.sync_api import expect

    theirs = two.theirs
    theirs.goto(f"{two.path}?before=41")
    write(theirs, "Written beside the old ones")

    expect(theirs.locator("#apart")).to_have_count(0)
    expect(body(last(theirs))).to_have_text("Written beside the old ones")
    expect(last(theirs).locator(".reach")).to_have_text("read")
    assert said(two.mine)[-1] == "Written beside the old ones"


def test_who_reads_further_up_is_moved_by_nothing_but_what_this_window_sends(two: Two) -> None:
    from playwright.sync_api import expect

    mine, theirs = two.mine, two.theirs
    another = two.open(two.contexts[0], RIGHTS_HOLDER)
    mine.evaluate(f"{TOP} = 0")
    write(another, "From my other window")
    expect(body(last(mine))).to_have_text("From my other window")
    write(theirs, "From the other side")
    expect(body(last(mine))).to_have_text("From the other side")
    assert mine.evaluate(TOP) == 0
    expect(mine.locator("#newer")).to_be_visible()

    write(mine, "From here")

    expect(mine.locator("#newer")).to_be_hidden()
    assert mine.evaluate(TOP) > 0
    expect(last(mine).locator(".reach")).to_have_text("read")
    another.close()


def test_a_proposal_that_comes_is_counted_until_its_page_is_looked_at(
    two: Two, holder: Program, uploader: Program, conversation: str
) -> None:
    from playwright.sync_api import expect

    theirs = two.theirs
    two.mine.close()
    hidden = "Object.defineProperty(document, 'visibilityState', {value: %s, configurable: true});"
    theirs.evaluate(hidden % "'hidden'")
    made = holder.post(
        f"/api/v1/conversations/{conversation}/proposals", {"kind": "dispute", "reasons": "It is a review"}
    )
    expect(theirs.locator("li.proposal-item")).to_have_count(1)
    assert theirs.title().startswith("(1) ")
    assert unread(uploader, conversation) == 1

    theirs.evaluate(hidden % "'visible'" + "document.dispatchEvent(new Event('visibilitychange'))")

    assert not theirs.title().startswith("(")
    deadline = time.monotonic() + 10
    while unread(uploader, conversation) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert unread(uploader, conversation) == 0
    uploader.post(f"/api/v1/proposals/{made.json['id']}/answer", {"answer": "decline"}).expect(200)


def test_on_a_line_so_slow_that_an_answer_takes_seconds_a_message_is_sent_all_the_same(two: Two) -> None:
    from playwright.sync_api import expect

    mine = two.mine

    def slow(route: "Route") -> None:
        time.sleep(4.3)
        route.continue_()

    mine.route("**/hints", slow)
    write(mine, "It takes its time")
    expect(mine.locator("#connection")).to_contain_text("very slow")

    expect(last(mine).locator(".reach")).to_have_text("read", timeout=20_000)
    expect(mine.locator("#connection")).to_be_hidden()
    mine.unroute("**/hints")


def test_the_zone_of_the_reader_is_the_only_one_on_its_pages(
    browser: "Browser", live_portal: LivePortal, holder: Program, uploader: Program, conversation: str
) -> None:
    made: Any = holder.post(
        f"/api/v1/conversations/{conversation}/proposals", {"kind": "credit", "text": "Film by the studio"}
    ).json
    context = browser.new_context(base_url=live_portal.url, locale="en-GB", timezone_id="Pacific/Kiritimati")
    page = context.new_page()
    page.goto("/demo/")
    page.locator(f"button[value='{UPLOADER}']").click()

    for path in (f"/conversations/{conversation}/", f"/conversations/{conversation}/proposals/{made['id']}/"):
        page.goto(path)
        card = page.locator("article.proposal").last
        card.wait_for()
        assert "UTC" not in card.inner_text()
    context.close()
    uploader.post(f"/api/v1/proposals/{made['id']}/answer", {"answer": "decline"}).expect(200)


def test_after_signing_out_in_another_window_nothing_of_the_conversation_stays(
    browser: "Browser", live_portal: LivePortal, conversation: str
) -> None:
    from playwright.sync_api import expect

    context = browser.new_context(base_url=live_portal.url, locale="en-GB")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/demo/")
    page.locator(f"button[value='{RIGHTS_HOLDER}']").click()
    page.goto(f"/conversations/{conversation}/?q=Number 7")
    title = page.locator("h1").inner_text()
    page.locator("#connection").wait_for(state="hidden")
    field(page).focus()

    other = context.new_page()
    other.goto("/accounts/logout/")
    other.get_by_role("main").get_by_role("button").first.click()

    expect(page.locator("#connection")).to_contain_text("You are signed out here", timeout=15_000)
    left = page.locator("main").inner_text()
    assert left.count("You are signed out here") == 1
    assert "Number 7" not in left
    assert title not in left
    assert page.locator("main a, main button").all_inner_texts() == ["Sign in"]
    expect(page.locator("#connection")).to_be_focused()
    context.close()


def test_an_answer_that_comes_late_takes_back_no_mark(two: Two) -> None:
    from playwright.sync_api import expect

    mine, place = two.mine, f"**/api/v1{two.path.rstrip('/')}"
    held: list[tuple[Any, Any]] = []
    mine.route(place, lambda route: held.append((route, route.fetch())))
    two.contexts[0].set_offline(True)
    two.contexts[0].set_offline(False)
    while not held:
        mine.wait_for_timeout(50)
    write(mine, "Read before the answer comes")
    expect(last(mine).locator(".reach")).to_have_text("read")

    for route, answer in held:
        route.fulfill(response=answer)

    mine.wait_for_timeout(300)
    expect(last(mine).locator(".reach")).to_have_text("read", timeout=1)
    mine.unroute(place)


def test_a_page_opens_where_the_new_messages_begin(
    two: Two, holder: Program, uploader: Program, conversation: str
) -> None:
    from playwright.sync_api import expect

    two.theirs.close()
    for number in range(60):
        say(holder, conversation, f"Late {number}\n" * 3)

    theirs = two.open(two.contexts[1], UPLOADER)

    expect(theirs.locator("#new")).to_be_in_viewport()
    expect(theirs.locator("li.message", has_text="Late 0\n").first).to_be_in_viewport()
    expect(theirs.locator("#newer")).to_be_visible()
    assert theirs.locator("li.message", has_text="Late ").count() == 60
    theirs.locator("#newer").click()
    expect(body(last(theirs))).to_be_in_viewport()
    assert unread(uploader, conversation) == 0
    theirs.reload()
    expect(theirs.locator("#new")).to_have_count(0)
    theirs.close()


def test_what_is_sent_in_one_window_is_no_draft_in_the_other(two: Two) -> None:
    from playwright.sync_api import expect

    mine = two.mine
    field(mine).press_sequentially("Begun in one window")
    another = two.open(two.contexts[0], RIGHTS_HOLDER)
    expect(field(another)).to_have_value("Begun in one window")

    field(another).press("Enter")

    expect(body(last(mine))).to_have_text("Begun in one window")
    expect(field(mine)).to_have_value("")
    another.close()
    mine.reload()
    expect(field(mine)).to_have_value("")
