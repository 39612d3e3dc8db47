"""What a conversation's page shows of its people as it changes, without reloading: who may write, is here, came, is reached.

All tests share two pages, the rights holder's and the uploader's, and each leaves them as it found them.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.client import Program
from tests.journeys.test_conversation_in_full import RIGHTS_HOLDER, UPLOADER, body, field, last, said
from tests.journeys.test_conversation_page import signed_in, write
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(120)]

PIECE = 512 * 1024
HANDLER, SERVICE = "handler@demo.example", "service@demo.example"
SILENCED = "You can read this conversation, but not write in it any more."
# Every text that an element has had since, also where it is gone again at once.
NOTE_TEXTS = """(id) => {
  window.noted = [];
  const note = () => {
    const text = document.getElementById(id)?.textContent.trim() ?? "";
    if (text !== window.noted.at(-1)) window.noted.push(text);
  };
  note();
  new MutationObserver(note).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""

# The names of what can be pressed or followed, in the order of the page.
OFFERED = """[...document.querySelectorAll("main a, main button, main summary")]
  .filter((one) => !one.closest("[hidden]")).map((one) => one.textContent.trim())"""


@dataclass
class Scene:
    """The conversation, the pages of its two sides, and everybody's programs."""

    portal: LivePortal
    programs: dict[str, Program]
    conversation: str
    mine: "Page"
    theirs: "Page"

    def act(self, who: str, act: str, **given: Any) -> None:
        """Have somebody do something to the conversation by its program."""
        self.programs[who].post(f"/api/v1/conversations/{self.conversation}/{act}", given).expect(200, 201)


def conversation_about(programs: dict[str, Program], content: str, subscriber: str, **contact: str) -> str:
    """Have the service name content of a subscriber, and the rights holder open a conversation on it."""
    service, holder = programs[SERVICE], programs[RIGHTS_HOLDER]
    if contact:
        service.put(f"/api/v1/subscribers/{subscriber}", {"contact": contact}).expect(200, 201)
    told = {"url": f"https://cloudhaven.example/v/{content}", "title": f"About {content}", "media": "video"}
    told |= {"subscriber": {"external_id": subscriber}, "private": False, "shared_tenancy": False, "earning": False}
    service.put(f"/api/v1/content/{content}", told).expect(200, 201)
    wanted = {"content": content, "provider": "cloudhaven"}
    return str(holder.post("/api/v1/conversations", wanted).expect(200, 201).json["id"])


@pytest.fixture(scope="module")
def programs(live_portal: LivePortal) -> dict[str, Program]:
    everybody = (RIGHTS_HOLDER, UPLOADER, HANDLER, SERVICE)
    tokens = live_portal.tokens(*everybody)
    return {who: Program(live_portal.url, token) for who, token in zip(everybody, tokens, strict=True)}


@pytest.fixture(scope="module")
def contexts(browser: "Browser", live_portal: LivePortal) -> "Iterator[list[BrowserContext]]":
    # Requests that a service worker makes could not be held up.
    wanted: Any = {"base_url": live_portal.url, "locale": "en-GB", "service_workers": "block"}
    made = [browser.new_context(**wanted) for _ in range(3)]
    for context in made:
        context.set_default_timeout(10_000)
    yield made
    for context in made:
        context.close()


@pytest.fixture(scope="module")
def scene(live_portal: LivePortal, programs: dict[str, Program], contexts: "list[BrowserContext]") -> Iterator[Scene]:
    key = conversation_about(programs, "states-1", "sub-1001")
    mine, theirs = (
        signed_in(context, who, f"/conversations/{key}/")
        for context, who in zip(contexts, (RIGHTS_HOLDER, UPLOADER), strict=False)
    )
    problems: list[str] = []
    for page in (mine, theirs):
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.locator("#connection").wait_for(state="hidden")
    yield Scene(live_portal, programs, key, mine, theirs)
    assert problems == []


@pytest.fixture(scope="module", autouse=True)
def unreached(programs: dict[str, Program], contexts: "list[BrowserContext]", scene: Scene) -> "Page":
    """Give the rights holder's page about an uploader without account, who is called while the other tests run."""
    key = conversation_about(programs, "states-2", "sub-of-states", email="sub-of-states@post.example")
    message = {"client_id": str(uuid.uuid4()), "body": "Is anybody there?", "attachments": []}
    programs[RIGHTS_HOLDER].post(f"/api/v1/conversations/{key}/messages", message).expect(201)
    page = contexts[0].new_page()
    page.goto(f"/conversations/{key}/")
    page.locator("#connection").wait_for(state="hidden")
    page.evaluate(NOTE_TEXTS, "reached")
    programs[HANDLER].post(f"/api/v1/unreached-uploaders/{key}/call").expect(201)
    return page


def test_who_is_silenced_while_it_writes_reads_so_keeps_its_draft_and_goes_on_when_it_may(scene: Scene) -> None:
    from playwright.sync_api import expect

    mine, theirs = scene.mine, scene.theirs
    write(mine, "Before")
    expect(body(last(theirs))).to_have_text("Before")
    field(mine).press_sequentially("Half a thought")
    expect(theirs.locator("#here")).to_be_visible()
    expect(theirs.locator("#typing")).to_have_text("Rights holder is typing …")
    seen = theirs.locator("#log").inner_text()

    scene.act(UPLOADER, "block")

    expect(mine.locator("#silenced")).to_have_text(SILENCED)
    expect(mine.locator("#silenced")).to_be_focused()
    expect(field(mine)).to_be_disabled()
    expect(field(mine)).to_have_value("Half a thought")
    expect(mine.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    expect(mine.get_by_role("button", name=re.compile("^(Reply|Edit) "))).to_have_count(0)
    expect(mine.get_by_role("button", name=re.compile("^Withdraw "))).not_to_have_count(0)
    expect(mine.get_by_role("heading", name="Settle it")).to_be_hidden()
    # To the other side it is somebody who went away, no more.
    expect(theirs.locator("#here")).to_be_hidden()
    expect(theirs.locator("#typing")).to_have_text("", timeout=2_000)  # and not only once it has typed nothing for long
    expect(field(theirs)).to_be_enabled()
    assert theirs.locator("#log").inner_text() == seen
    mine.reload()
    expect(field(mine)).to_be_disabled()
    expect(field(mine)).to_have_value("Half a thought")

    scene.act(UPLOADER, "unblock")

    expect(field(mine)).to_be_enabled()
    expect(mine.locator("#silenced")).to_be_hidden()
    expect(mine.get_by_role("link", name="Credit line")).to_be_visible()
    expect(field(mine)).to_have_value("Half a thought")
    field(mine).press("Enter")
    expect(body(last(theirs))).to_have_text("Half a thought")
    expect(last(mine).get_by_role("button", name=re.compile("^Edit "))).to_be_visible()


def test_one_proposal_answers_another_only_while_one_may_write_on_cards_that_were_there_and_that_came(
    scene: Scene,
) -> None:
    from playwright.sync_api import expect

    place, cards = f"/api/v1/conversations/{scene.conversation}/proposals", scene.mine.locator(".proposal")
    made = [propose(scene, place)]
    elsewise = [card.get_by_text("Propose something else") for card in (cards.first, cards.last)]
    expect(elsewise[0]).to_be_visible()

    scene.act(UPLOADER, "block")
    expect(elsewise[0]).to_be_hidden()
    made.append(propose(scene, place))

    expect(cards).to_have_count(2)
    for card, other in zip(cards.all(), elsewise, strict=True):
        expect(other).to_be_hidden()
        expect(card.get_by_role("link", name="Accept")).to_be_visible()
        expect(card.get_by_role("link", name="Decline")).to_be_visible()
    scene.mine.reload()
    scene.mine.locator("#connection").wait_for(state="hidden")
    expect(cards).to_have_count(2)
    expect(elsewise[0]).to_be_hidden()

    scene.act(UPLOADER, "unblock")

    for other in elsewise:
        expect(other).to_be_visible()
    for one in made:
        scene.programs[RIGHTS_HOLDER].post(f"{place}/{one}/answer", {"answer": "decline"}).expect(200)
    for other in elsewise:
        expect(other).to_have_count(0)


def propose(scene: Scene, place: str) -> str:
    """Have the uploader propose something, and return the proposal's id."""
    terms = {"kind": "credit", "text": "Music: the rights holder"}
    return str(scene.programs[UPLOADER].post(place, terms).expect(201).json["id"])


def test_what_was_not_on_its_way_when_its_writer_was_silenced_is_given_back(scene: Scene) -> None:
    from playwright.sync_api import expect

    mine, theirs = scene.mine, scene.theirs
    before = len(said(theirs))
    mine.context.set_offline(True)
    expect(mine.locator("#connection")).to_contain_text("The connection is lost")
    write(mine, "First")
    write(mine, "Second")
    expect(mine.locator(".is-unsent")).to_have_count(2)
    scene.act(UPLOADER, "block")

    mine.context.set_offline(False)

    expect(field(mine)).to_have_value("First\nSecond", timeout=30_000)
    expect(field(mine)).to_be_disabled()
    expect(mine.locator(".is-unsent")).to_have_count(0)
    scene.act(UPLOADER, "unblock")
    expect(field(mine)).to_be_enabled()
    field(mine).press("Enter")
    expect(body(last(theirs))).to_have_text("First\nSecond", use_inner_text=True)
    assert len(said(theirs)) == before + 1


def test_staff_that_joins_and_leaves_is_seen_by_both_sides_at_once(
    scene: Scene, contexts: "list[BrowserContext]"
) -> None:
    from playwright.sync_api import expect

    sides = (scene.mine, scene.theirs)
    staff = signed_in(contexts[2], HANDLER, f"/desk/conversations/{scene.conversation}/")
    staff.get_by_label("Reasons").first.fill("A threat was reported.")
    staff.get_by_role("button", name="Join visibly").click()

    for page in sides:
        expect(page.locator(".happening").last).to_contain_text("The provider's staff joined")
        expect(body(last(page))).to_have_text("A threat was reported.")
        expect(last(page).locator("strong")).to_have_text("Provider's staff")
        expect(page.locator("#with")).to_contain_text("Provider's staff")
        expect(page.locator("#here")).to_contain_text("Provider's staff")
    expect(staff.locator("#here")).to_contain_text("Rights holder")
    write(scene.mine, "Good that you are here")
    expect(body(last(staff))).to_have_text("Good that you are here")

    scene.act(HANDLER, "staff/leave")

    for page in sides:
        expect(page.locator(".happening").last).to_contain_text("The provider's staff left")
        expect(page.locator("#with")).not_to_contain_text("Provider's staff")
        expect(page.locator("#here")).not_to_contain_text("Provider's staff")
    expect(staff.locator("#connection")).to_contain_text("You take no part in this conversation any more")
    expect(staff.locator("li.message")).to_have_count(0)
    expect(field(staff)).to_have_count(0)
    expect(staff.locator("#here")).to_be_hidden()
    scene.mine.reload()
    expect(scene.mine.locator("#with")).not_to_contain_text("Provider's staff")
    staff.close()


def test_whoever_is_here_before_the_page_knows_its_name_is_named_once_it_does(
    programs: dict[str, Program], contexts: "list[BrowserContext]", scene: Scene
) -> None:
    from playwright.sync_api import expect

    # One in which staff was never: a page knows the names of who took part before.
    key = conversation_about(programs, "states-3", "sub-1001")
    mine, theirs = (context.new_page() for context in contexts[:2])
    scene = Scene(scene.portal, programs, key, mine, theirs)
    theirs.goto(f"/conversations/{key}/")
    theirs.locator("#connection").wait_for(state="hidden")
    frames, asked = list[str](), list["Route"]()
    mine.once("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    mine.goto(f"/conversations/{key}/")
    expect(mine.locator("#here")).to_have_text(re.compile(r"^Here now: uploader-\w+$"))
    whole = re.compile(f"/api/v1/conversations/{scene.conversation}$")

    def hold(route: "Route") -> None:
        asked.append(route)

    mine.route(whole, hold)  # who takes part is asked, and not answered yet
    known = len(frames)

    staff = signed_in(contexts[2], HANDLER, f"/desk/conversations/{scene.conversation}/")
    staff.get_by_label("Reasons").first.fill("A threat was reported.")
    staff.get_by_role("button", name="Join visibly").click()

    expect(staff.locator("#here")).to_contain_text("Rights holder")
    expect(mine.locator(".happening").last).to_contain_text("The provider's staff joined")
    until(mine, lambda: any('"presence"' in frame and '"here":true' in frame for frame in frames[known:]))
    expect(mine.locator("#here")).to_have_text(re.compile(r"^Here now: uploader-\w+$"))
    assert asked
    mine.route(whole, lambda route: route.continue_())
    for route in asked:
        route.continue_()
    expect(mine.locator("#here")).to_have_text(re.compile(r"^Here now: uploader-\w+, Provider's staff$"))
    mine.unroute_all(behavior="wait")

    scene.act(HANDLER, "staff/leave")
    expect(mine.locator("#here")).to_have_text(re.compile(r"^Here now: uploader-\w+$"))
    for page in (mine, theirs, staff):
        page.close()


def until(page: "Page", holds: Callable[[], bool]) -> None:
    """Wait until something that the page's events tell holds."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never held")


def test_who_switches_off_what_others_see_is_seen_neither_here_nor_typing_on_open_pages(
    scene: Scene, contexts: "list[BrowserContext]"
) -> None:
    from playwright.sync_api import expect

    mine, theirs = scene.mine, scene.theirs
    expect(mine.locator("#here")).to_have_text(re.compile(r"^Here now: uploader-\w+$"))
    expect(theirs.locator("#here")).to_have_text("Here now: Rights holder")
    settings = contexts[1].new_page()
    settings.goto("/conversations/preferences/")
    boxes = [settings.get_by_label(f"Show that I {what}") for what in ("have a conversation open", "am typing")]
    for box in boxes:
        box.uncheck()
    save(settings)

    for page in (mine, theirs):  # who is not seen sees nobody
        expect(page.locator("#here")).to_be_hidden()
    mine.evaluate(NOTE_TEXTS, "typing")
    field(theirs).press_sequentially("Unseen")
    field(theirs).press("Enter")
    expect(body(last(mine))).to_have_text("Unseen")
    assert mine.evaluate("window.noted") == [""]

    for box in boxes:
        box.check()
    save(settings)
    for page in (mine, theirs):
        expect(page.locator("#here")).to_be_visible()
    field(theirs).press_sequentially("S")
    expect(mine.locator("#typing")).to_have_text(re.compile(r"^uploader-\w+ is typing …$"))
    field(theirs).fill("")


def save(settings: "Page") -> None:
    """Press the button, and wait for the page that says that it is set."""
    with settings.expect_navigation():
        settings.get_by_role("button", name="Save").click()
    settings.get_by_text("It is set.").wait_for()


@pytest.mark.parametrize("held_up", ["PATCH", "for-others"])
def test_a_file_that_is_given_up_midway_is_not_sent_and_can_be_chosen_again(scene: Scene, held_up: str) -> None:
    from playwright.sync_api import expect

    mine, theirs, methods, handed_in = scene.mine, scene.theirs, list[str](), list[str]()
    before = len(said(theirs))

    def hold(route: "Route") -> None:
        """Let the first piece of the file through, and hold up the second, or what is asked once all are there."""
        methods.append(route.request.method)
        is_second = held_up == methods[-1] and methods.count(held_up) > 1
        if route.request.url.endswith("for-others"):
            handed_in.append(route.request.url.split("/")[-2])
        if not is_second and not route.request.url.endswith(held_up):
            route.continue_()

    mine.route(re.compile("/api/v1/(uploads|files)"), hold)
    file: Any = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"What we agreed on.\n" * 40_000}
    mine.get_by_label("File").set_input_files(files=[file])
    field(mine).fill("See the notes")
    mine.get_by_role("button", name="Send", exact=True).click()
    came = PIECE if held_up == "PATCH" else len(file["buffer"])
    expect(mine.locator(".uploading progress")).to_have_js_property("value", came)
    expect(field(mine)).not_to_be_editable()
    with mine.expect_event("requestfailed"):
        mine.locator(".uploading").get_by_role("button", name="Cancel").click()

    expect(mine.locator(".uploading")).to_have_count(0)
    expect(field(mine)).to_be_editable()
    expect(field(mine)).to_have_value("See the notes")
    mine.unroute_all(behavior="ignoreErrors")
    field(theirs).fill("Still here")
    field(theirs).press("Enter")
    expect(body(last(mine))).to_have_text("Still here")
    assert len(said(theirs)) == before + 1  # theirs, and nothing of mine
    assert "DELETE" in methods
    program = scene.programs[RIGHTS_HOLDER]
    until(mine, lambda: all(program.get(f"/api/v1/files/{file_id}").status == 404 for file_id in handed_in))
    assert bool(handed_in) == (held_up == "for-others")

    mine.get_by_label("File").set_input_files(files=[file])
    mine.get_by_role("button", name="Send", exact=True).click()

    expect(body(last(theirs))).to_have_text("See the notes")
    expect(last(theirs).locator(".message-file a")).to_have_count(1)


def test_the_rights_holder_sees_in_their_order_that_the_uploader_is_called_told_here_and_has_read(
    scene: Scene, unreached: "Page", contexts: "list[BrowserContext]"
) -> None:
    from playwright.sync_api import expect

    sentence = unreached.locator("#reached")
    told = re.compile(r"It was told of this conversation on \w+ \d+, \d{4}; messages wait for it\.$")
    expect(sentence).to_have_text(told, timeout=60_000)
    expect(unreached.locator(".happening").last).to_contain_text("The uploader was told of this conversation")
    link = claim_link(scene.portal)

    theirs = contexts[1].new_page()
    theirs.goto(link)
    theirs.get_by_role("button", name="It is mine: claim it").click()
    expect(sentence).to_have_text("The uploader is here and has not read anything yet.")
    expect(unreached.locator(".happening").last).to_contain_text("The uploader came here")
    state = last(unreached).locator(".message-state")
    expect(state).to_have_text("sent")
    theirs.goto(unreached.url)

    expect(sentence).to_have_count(0)
    expect(state).to_have_text("read")
    first, *others = unreached.evaluate("window.noted")
    assert first == "The uploader is not here yet and is being called; messages wait for it."
    assert [bool(told.search(others[0])), *others[1:]] == [
        True,
        "The uploader is here and has not read anything yet.",
        "",
    ]
    unreached.reload()
    expect(sentence).to_have_count(0)
    theirs.close()


def claim_link(portal: LivePortal) -> str:
    """Return the link of the mail by which the uploader was told."""
    mails = [path.read_text() for path in (portal.data_dir / "mail").glob("*.eml")]
    [mail] = [one for one in mails if "To: sub-of-states@post.example" in one]
    found = re.search(r"/claim/\S+", mail.replace("=\n", ""))
    assert found is not None
    return found.group()


def test_once_it_is_closed_an_open_page_offers_no_more_than_one_that_is_loaded_anew(
    scene: Scene, programs: dict[str, Program], contexts: "list[BrowserContext]"
) -> None:
    from playwright.sync_api import expect

    key = conversation_about(programs, "states-4", "sub-1001")
    place = f"/api/v1/conversations/{key}"
    given = {"kind": "credit", "text": "A film of ours"}
    programs[RIGHTS_HOLDER].post(f"{place}/proposals", given).expect(201)
    page = contexts[1].new_page()
    page.goto(f"/conversations/{key}/")
    page.locator("#connection").wait_for(state="hidden")
    field(page).fill("An answer that took an hour")
    page.get_by_role("link", name="Accept").focus()

    programs[RIGHTS_HOLDER].post(f"{place}/end", {}).expect(201)

    expect(page.locator("p.closed")).to_be_focused()
    expect(page.locator("p.closed ~ .was-writing blockquote")).to_have_text("An answer that took an hour")
    seen = page.evaluate(OFFERED)
    page.reload()
    assert seen == page.evaluate(OFFERED)
    assert not [name for name in seen if name in ("Accept", "Decline", "I remove it now", "End the conversation")]
    expect(page.get_by_role("link", name="Transcript as PDF")).to_be_visible()
    page.close()
