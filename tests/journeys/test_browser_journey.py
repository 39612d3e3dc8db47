"""The main job as people walk it: each in a browser of their own, by what they read, press and fill in.

A letter becomes a complaint and a measure; a rights holder files another one, both sides talk, the uploader objects; an
authority asks, two people allow it, the details are handed over once. `live_portal` is the portal's real processes.
"""

import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.client import one_time_code
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(150)]

PASSWORD = "demo-portal-2026"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
REFERENCE = re.compile(r"\b[CI]-[0-9A-Z]{16}\b")
WITHIN_MS = 10_000

LETTER = """To the designated agent of Cloudhaven

We write for the owner of the copyright in the recording "Songs of the Low Country". It can be heard at
https://choir.example/low-country.

The whole recording is offered for download here, without permission:

https://cloudhaven.example/v/item-4

I have a good faith belief that use of the copyrighted material described above is not authorized by the copyright
owner, its agent, or the law.

The information in this notification is accurate and, under penalty of perjury, I am authorized to act on behalf of the
owner of an exclusive right that is allegedly infringed.

Telephone: +1 202 555 0143
E-mail: rights@choir.example

/s/ For the choir
"""


@dataclass
class People:
    """Everybody in the story, each in a context of the browser of their own."""

    browser: "Browser"
    portal: LivePortal
    contexts: "dict[str, BrowserContext]" = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    def context(self, who: str, **options: Any) -> "BrowserContext":
        """Return the context of somebody; the trouble that it meets is kept."""
        if who not in self.contexts:
            options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options}
            context = self.browser.new_context(base_url=self.portal.url, **options)
            context.set_default_timeout(WITHIN_MS)
            context.on("weberror", lambda error: self.trouble.append(f"{who}: {error.error}"))
            context.on("console", lambda said: self._hear(who, said))
            context.on("response", lambda answer: self._see(who, answer))
            self.contexts[who] = context
        return self.contexts[who]

    def page(self, who: str, **options: Any) -> "Page":
        """Return a page of somebody who is signed in by the demo's one click; nobody is ``passer-by``."""
        is_known = who in self.contexts
        context = self.context(who, **options)
        page = context.pages[0] if context.pages else context.new_page()
        if not is_known and "@" in who:
            page.goto("/demo/")
            page.locator(f"button[value='{who}']").click()
            page.wait_for_url("**/home/")
        return page

    def _hear(self, who: str, said: Any) -> None:
        # An answer of 404 or 410 is said in the console too; what a page refuses by its policy is one of ours.
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.trouble.append(f"{who}: {said.text}")

    def _see(self, who: str, answer: Any) -> None:
        if answer.status >= 500:
            self.trouble.append(f"{who}: {answer.status} {answer.url}")

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()
        self.contexts.clear()


@pytest.fixture(scope="module")
def people(browser: "Browser", live_portal: LivePortal) -> Iterator[People]:
    found = People(browser, live_portal)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def nothing_breaks(people: People) -> Iterator[None]:
    """Fail the test in which a script failed, a page broke its own policy, or the portal answered 5xx."""
    people.trouble.clear()
    yield
    assert people.trouble == []


def expect(what: Any) -> Any:
    from playwright.sync_api import expect as of_playwright

    return of_playwright(what, "a person would look for it")


def press(page: "Page", name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: "Page", name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()


def heading(page: "Page", name: str | re.Pattern[str]) -> None:
    """See that this is the page's title."""
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def said(page: "Page", text: str) -> None:
    """See what became of the last act."""
    expect(page.locator("main").get_by_role("status").first).to_contain_text(text)


def reference_on(page: "Page") -> str:
    found = REFERENCE.search(page.get_by_role("heading", level=1).inner_text())
    assert found is not None
    return found[0]


def picture(page: "Page", name: str, *, whole: bool = False) -> None:
    """Keep a picture of the page for the documents, where that is wanted."""
    if os.environ.get("PORTAL_PICTURES") == "1":
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=whole, animations="disabled")


def confirm_with_code(page: "Page") -> None:
    """Give the one-time code that is asked for; a code that was used already is followed by the next."""
    code = page.get_by_label("Code")
    asked_at = page.url
    used = one_time_code()
    code.fill(used)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()
    if page.url == asked_at:
        LivePortal.wait(lambda: one_time_code() != used, 31)
        code.fill(one_time_code())
        page.locator("main form button[type=submit]").first.click()


@pytest.fixture(scope="module")
def from_letter(people: People) -> str:
    """A letter, pasted by a handler, corrected, filed, accepted, and the removal ordered: the reference."""
    page = people.page("handler@demo.example")
    follow(page, "Letters")
    page.get_by_label("Paste the letter").fill(LETTER)
    page.get_by_label("From whom it came").fill("rights@choir.example")
    press(page, "Keep and read it")

    heading(page, "A letter from rights@choir.example")
    marks = page.get_by_role("region", name="The letter as it came").locator("mark")
    expect(marks.filter(has_text="https://cloudhaven.example/v/item-4")).to_be_visible()
    expect(marks.filter(has_text="I have a good faith belief")).to_be_visible()
    expect(page.get_by_label("The addresses of what infringes")).to_have_value("https://cloudhaven.example/v/item-4")
    expect(page.get_by_label("E-mail address")).to_have_value("rights@choir.example")
    expect(page.get_by_role("checkbox", name=re.compile("The information in this notice is accurate"))).to_be_checked()
    picture(page, "letter")

    page.get_by_label("The works, one title a line").fill("Songs of the Low Country")
    page.get_by_label("What kind of work is it?").select_option("music")
    page.get_by_label("Why it is said to infringe").fill("The whole recording is offered for download.")
    page.get_by_label("The complainant is").select_option("authorized agent of the owner")
    page.get_by_label("Name of the person or organisation").fill("Agency for the choir")
    page.get_by_label("Postal address").fill("Harbour Street 1, Port Example")
    press(page, "File it as a complaint")

    said(page, "Filed. The letter stays with the complaint.")
    reference = reference_on(page)
    expect(page.get_by_text("received, being checked")).to_be_visible()
    expect(page.get_by_role("region", name="Items").get_by_role("row").nth(1)).to_contain_text("Archive of the choir")
    expect(page.get_by_role("list").filter(has_text="Good faith").get_by_text("missing")).to_have_count(0)

    follow(page, "Accept it")
    heading(page, "Accept the notice")
    press(page, "Accept")
    said(page, "Accepted. The next step is a measure.")
    order_removal(page, "The notice is complete, and the recording is whole.")
    return reference


def order_removal(page: "Page", reasons: str) -> None:
    follow(page, "Order a measure")
    page.get_by_label("removal", exact=True).check()
    page.get_by_label("Reasons").fill(reasons)
    press(page, "Order it and tell the uploader")
    said(page, "Ordered. The uploader is told with the notice.")
    expect(page.get_by_text("a measure was taken", exact=True)).to_be_visible()


@dataclass
class Filed:
    """What the receipt of a complaint says."""

    reference: str
    tracking_code: str
    received: str


@pytest.fixture(scope="module")
def own_notice(people: People) -> Filed:
    """A notice that the rights holder filed in the public channel, one question a page: its receipt."""
    page = people.page("rights-holder@demo.example")
    follow(page, "Report an infringement")
    heading(page, "Report a copyright infringement")
    follow(page, "File a notice")
    steps: list[tuple[str, Callable[[], object]]] = [
        ("Where", lambda: page.get_by_label("Cloudhaven").check()),
        ("Which law", lambda: page.get_by_label(re.compile("Digital Millennium Copyright Act")).check()),
        ("The works", lambda: page.get_by_label("The works, one title a line").fill("Paper Lanterns at Dusk")),
        ("What infringes", lambda: page.get_by_label("The addresses").fill("https://cloudhaven.example/v/item-3")),
        ("Why", lambda: page.get_by_label("Why does it infringe").fill("The whole film can be watched there.")),
        ("Who you are", lambda: fill_who(page)),
        ("Statements", lambda: fill_statements(page)),
    ]
    for title, answer in steps:
        heading(page, title)
        expect(page.get_by_role("navigation", name="Steps").locator("[aria-current=step]")).to_contain_text(title)
        answer()
        press(page, "Continue")

    heading(page, "Check and send")
    for given in ("Paper Lanterns at Dusk", "https://cloudhaven.example/v/item-3", "The owner of the lanterns"):
        expect(page.get_by_role("main").get_by_text(given).first).to_be_visible()
    expect(page.get_by_text("missing", exact=True)).to_have_count(0)
    press(page, "Send the notice")

    heading(page, "Your notice was received")
    receipt = [found.inner_text() for found in page.get_by_role("definition").all()]
    assert REFERENCE.fullmatch(receipt[0])
    assert re.fullmatch(r"[0-9A-Z-]{20,}", receipt[1])
    assert re.fullmatch(r".*\d\d:\d\d:\d\d UTC", receipt[2])
    follow(page, "Go to the matter")
    assert reference_on(page) == receipt[0]
    return Filed(*receipt[:3])


def fill_who(page: "Page") -> None:
    page.get_by_label("Name of the person or organisation").fill("The owner of the lanterns")
    page.get_by_label("Postal address").fill("Quay 7, Port Example")
    page.get_by_label("Telephone").fill("+1 202 555 0188")


def fill_statements(page: "Page") -> None:
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Your full name as your electronic signature").fill("The owner of the lanterns")


@pytest.fixture(scope="module")
def acted_on(people: People, own_notice: Filed) -> Filed:
    """The rights holder's own notice, accepted, and the removal ordered."""
    page = people.page("handler@demo.example")
    page.goto("/home/")
    row = page.get_by_role("row").filter(has_text=own_notice.reference)
    row.get_by_role("link", name="Check a notice").click()
    follow(page, "Accept it")
    press(page, "Accept")
    order_removal(page, "The whole film can be watched there.")
    return own_notice


def test_a_handler_signs_in_with_password_and_code(people: People) -> None:
    page = people.page("handler at the form")
    page.goto("/desk/letters/")
    heading(page, "Sign In")
    page.get_by_label("Email").fill("handler@demo.example")
    page.get_by_label("Password").fill("not-the-password")
    press(page, "Sign In")
    expect(page.get_by_role("main")).to_contain_text(re.compile("not correct", re.IGNORECASE))
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign In")
    heading(page, "Two-Factor Authentication")
    confirm_with_code(page)

    heading(page, "Letters")
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Complaints")).to_be_visible()


def test_the_uploader_sees_what_waits_and_reads_the_notice(people: People, from_letter: str) -> None:
    page = people.page("uploader@demo.example")
    page.goto("/home/")
    heading(page, "What waits for you")
    row = page.get_by_role("row").filter(has_text=from_letter)
    expect(row).to_contain_text("A notice against something of yours")
    row.get_by_role("link").click()

    assert reference_on(page) == from_letter
    main = page.get_by_role("main")
    expect(main).to_contain_text("Songs of the Low Country")
    expect(main).to_contain_text("The whole recording is offered for download.")
    expect(main).to_contain_text("The notice is complete, and the recording is whole.")
    expect(main).to_contain_text("https://cloudhaven.example/v/item-4")
    for private in ("rights@choir.example", "202 555 0143", "Harbour Street"):
        expect(main).not_to_contain_text(private)
    next_step = page.get_by_role("region", name="What you can do now")
    expect(next_step.get_by_role("link", name="Contest it")).to_be_visible()
    follow(page, re.compile("whole statement of reasons"))
    heading(page, re.compile("reasons", re.IGNORECASE))


def test_the_rights_holder_follows_the_own_notice_by_its_code(people: People, own_notice: Filed) -> None:
    page = people.page("passer-by")
    page.goto("/")
    picture(page, "landing")
    follow(page, "Follow a complaint")
    page.get_by_label("Tracking code").fill(own_notice.tracking_code)
    press(page, "Look")

    heading(page, "Where the complaint stands")
    expect(page.get_by_text(own_notice.received)).to_be_visible()
    expect(page.get_by_role("region", name="Complainant")).to_contain_text("The notice was filed")
    expect(page.get_by_role("list").filter(has_text="The notice was filed").last).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("rights-holder@demo.example")
    page.goto("/track/0000000000000000000000000000/")
    expect(page.get_by_role("main")).to_contain_text("404")


def test_both_sides_talk_and_what_was_typed_without_a_network_is_sent_once(people: People, own_notice: Filed) -> None:
    mine, theirs = (people.page(who) for who in ("rights-holder@demo.example", "uploader@demo.example"))
    mine.goto(f"/complaints/{own_notice.reference}/")
    press(mine, "Open the conversation")
    heading(mine, re.compile("Paper Lanterns"))
    expect(mine.get_by_text("Nobody has written yet.")).to_be_visible()
    say(mine, "Good morning. Are you the one who put it up?")
    expect(last_message(mine).get_by_text("sent", exact=True)).to_be_visible()
    theirs.goto("/conversations/")
    row = theirs.get_by_role("row").filter(has_text=own_notice.reference)
    expect(row).to_contain_text("1 unread")
    row.get_by_role("link").click()
    expect(last_message(theirs)).to_contain_text("Good morning. Are you the one who put it up?")
    expect(last_message(theirs)).to_contain_text("Rights holder")
    loaded = [page.evaluate("performance.timeOrigin") for page in (mine, theirs)]

    say(mine, "Would you take it down by Friday?")
    expect(last_message(theirs)).to_contain_text("Would you take it down by Friday?")
    expect(last_message(mine).get_by_text("read", exact=True)).to_be_visible()
    say(theirs, "Which part of it is yours?")
    expect(last_message(mine)).to_contain_text("Which part of it is yours?")
    expect(last_message(theirs).get_by_text("read", exact=True)).to_be_visible()
    picture(theirs, "conversation")

    people.contexts["rights-holder@demo.example"].set_offline(True)
    expect(mine.locator("#connection")).to_contain_text("The connection is lost")
    say(mine, "All of it, from the first minute.")
    expect(last_message(mine)).to_contain_text("not sent yet")
    say(theirs, "Are you still there?")
    people.contexts["rights-holder@demo.example"].set_offline(False)

    expect(theirs.get_by_text("All of it, from the first minute.")).to_have_count(1)
    expect(mine.get_by_text("Are you still there?")).to_have_count(1)
    expect(mine.locator("#connection")).to_be_hidden()
    expect(mine.get_by_text("not sent yet")).to_have_count(0)
    assert [page.evaluate("performance.timeOrigin") for page in (mine, theirs)] == loaded
    for page in (mine, theirs):
        page.reload()
        expect(page.get_by_role("log").get_by_role("listitem")).to_have_count(5)
        expect(page.get_by_role("main")).not_to_contain_text("@demo.example")


def say(page: "Page", text: str) -> None:
    page.wait_for_load_state()  # before its script has come, Enter is a new line, as in any form
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def last_message(page: "Page") -> Any:
    return page.get_by_role("log").get_by_role("listitem").last


def test_the_uploader_objects_and_both_sides_read_the_same_clock(people: People, acted_on: Filed) -> None:
    mine, theirs = (people.page(who) for who in ("rights-holder@demo.example", "uploader@demo.example"))
    mine.goto(f"/complaints/{acted_on.reference}/")
    theirs.goto(f"/complaints/{acted_on.reference}/")
    follow(theirs, "Contest it")
    heading(theirs, "Contest the notice")
    press(theirs, "Send the counter-notice")
    expect(theirs.get_by_role("alert").first).to_be_visible()
    theirs.get_by_label("Why there is no infringement").fill("It is my own film; only the title is alike.")
    theirs.get_by_label("Your name").fill("The uploader of the lanterns")
    theirs.get_by_label("Your postal address").fill("Hidden Lane 9, Port Example")
    theirs.get_by_label("Telephone", exact=True).fill("+1 202 555 0199")
    for box in theirs.get_by_role("group", name="Tick what you state").get_by_role("checkbox").all():
        box.check()
    theirs.get_by_label("Your full name as your electronic signature").fill("The uploader of the lanterns")
    press(theirs, "Send the counter-notice")
    said(theirs, "Sent. It goes to the complainant.")

    words = theirs.locator(".clock-words")
    expect(words).to_contain_text(re.compile(r"Day \d+ of 10 working days; the content returns on .+ unless"))
    # The other side had the page open; its clock begins to run there by itself.
    expect(mine.locator(".clock-words")).to_have_text(words.inner_text(), timeout=15_000)
    mine.reload()
    expect(mine.locator(".clock-words")).to_have_text(words.inner_text())
    expect(mine.get_by_role("main")).to_contain_text("It is my own film; only the title is alike.")
    for private in ("Hidden Lane", "202 555 0199", "The uploader of the lanterns"):
        expect(mine.get_by_role("main")).not_to_contain_text(private)
    expect(mine.get_by_role("link", name="Show a lawsuit or complaint")).to_be_visible()
    mine.set_viewport_size({"width": 1280, "height": 1040})
    picture(mine, "matter")
    handler = people.page("handler@demo.example")
    handler.goto("/home/")
    picture(handler, "home")


@pytest.fixture(scope="module")
def request_reference(people: People) -> str:
    """The authority's request for who the uploader is, with its document: the reference."""
    page = people.page("authority@demo.example")
    page.goto("/home/")
    follow(page, "Ask who an uploader is")
    heading(page, "On what ground do you ask?")
    follow(page, re.compile("Ask on this ground.*copyright administration"))
    heading(page, "Your request")
    page.get_by_label("Provider").select_option("Cloudhaven")
    page.get_by_label("Content").fill("item-4")
    page.get_by_role("checkbox", name="name", exact=True).check()
    page.get_by_role("checkbox", name="postal address").check()
    page.get_by_role("checkbox", name="e-mail address").check()
    page.get_by_label("Purpose").fill("An administrative case about the recording.")
    page.get_by_label("Necessity").fill("The uploader cannot be found otherwise.")
    document = {"name": "evidence-request.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    page.get_by_label("Documents").set_input_files(files=[document])  # type: ignore[list-item]
    press(page, "Send the request")

    reference = reference_on(page)
    said(page, f"Your request was received. Its reference is {reference}.")
    expect(page.get_by_role("link", name="evidence-request.pdf")).to_be_visible()
    expect(page.get_by_text("The provider decides.")).to_be_visible()
    return reference


def test_two_people_allow_it_and_the_details_are_collected_once(
    people: People, request_reference: str, tmp_path: Path
) -> None:
    assess(people.page("reviewer@demo.example"), request_reference)
    authorize(people.page("authorizer@demo.example"), request_reference)

    officer = people.page("authority@demo.example")
    officer.goto("/home/")
    officer.get_by_role("row").filter(has_text=request_reference).get_by_role("link").click()
    heading(officer, "Confirm Access")
    confirm_with_code(officer)
    heading(officer, "Collect what was disclosed")
    with officer.expect_download() as download:
        press(officer, "Collect it now")
    file = tmp_path / "package.zip"
    download.value.save_as(file)
    with zipfile.ZipFile(file) as package:
        assert any(name.endswith("data/disclosure.json") for name in package.namelist())
        assert package.testzip() is None
    press(officer, "Collect it now")
    heading(officer, "This was used already or has expired")
    expect(officer.get_by_role("main").get_by_role("link", name="What waits for me")).to_be_visible()
    officer.goto(f"/investigations/{request_reference}/collection/")
    expect(officer.get_by_text("There is nothing here to collect.")).to_be_visible()

    uploader = people.page("uploader@demo.example")
    uploader.goto("/home/")
    uploader.get_by_role("main").get_by_role("link", name="What was disclosed about you").click()
    panel = uploader.locator("section").filter(has_text=request_reference)
    expect(panel).to_contain_text("name, postal address")
    expect(panel).to_contain_text("Cloudhaven")
    expect(panel).to_contain_text("art. 13")


def assess(page: "Page", reference: str) -> None:
    page.goto("/home/")
    page.get_by_role("row").filter(has_text=reference).get_by_role("link").click()
    heading(page, "Assess the request")
    page.get_by_role("radio", name=re.compile("part", re.IGNORECASE)).check()
    page.get_by_role("checkbox", name="e-mail address").uncheck()
    page.get_by_label("Balance of interests").fill("Name and address suffice; the uploader is told.")
    page.get_by_label("Reasons").fill("The document is genuine and names the recording.")
    press(page, "Record the assessment")
    said(page, "Your assessment is recorded. An authorizer now decides.")
    expect(page.get_by_role("link", name="Decide")).to_have_count(0)


def authorize(page: "Page", reference: str) -> None:
    page.goto("/home/")
    page.get_by_role("row").filter(has_text=reference).get_by_role("link").click()
    heading(page, "Confirm Access")
    confirm_with_code(page)
    heading(page, "Decide on the request")
    expect(page.get_by_role("checkbox", name="e-mail address")).to_have_count(0)
    page.get_by_role("radio", name=re.compile("authori[sz]e", re.IGNORECASE)).check()
    page.get_by_label("Reasons").fill("Basis, document and assessment agree.")
    picture(page, "disclosure-approval")
    press(page, "Record the decision")
    said(page, "Your decision is recorded.")
    # What was allowed is handed over only when it is sealed in the record.
    time.sleep(1)
    follow(page, "Make the disclosure ready")
    press(page, "Make it ready")
    said(page, "It is ready.")


@pytest.mark.parametrize("who", ["stranger@demo.example", "handler@otherhost.example"])
def test_strangers_find_nothing(people: People, own_notice: Filed, request_reference: str, who: str) -> None:
    page = people.page(who)
    for path in (
        f"/complaints/{own_notice.reference}/",
        f"/complaints/{own_notice.reference}/reasons/",
        f"/investigations/{request_reference}/",
        f"/investigations/{request_reference}/collection/",
    ):
        answer = page.goto(path)

        assert answer is not None
        assert answer.status == 404, path
        expect(page.get_by_role("main")).to_contain_text("belongs to somebody else")
        expect(page.get_by_role("link", name="What waits for me").last).to_be_visible()


PASSER_BY, HANDLER = "passer-by", "handler@demo.example"
ROLES = (
    PASSER_BY,
    "rights-holder@demo.example",
    "uploader@demo.example",
    HANDLER,
    "reviewer@demo.example",
    "authorizer@demo.example",
    "auditor@demo.example",
    "authority@demo.example",
    "newcomer@demo.example",
)
# For programs, or no page at all.
NO_PAGES = ("/api/v1/", "/_allauth/", "/.well-known/", "/healthz", "/readyz", "/jsi18n/", "/accounts/logout/")
SAME_FOR_ALL = (
    "portal:landing", "portal:about", "portal:about-disclosure", "portal:about-ledger", "portal:problem", "portal:gallery",
    "portal:demo", "portal:demo-mail", "portal:demo-mail-message", "api-docs", "api-trial", "schema", "change-password",
    "complaints:channel", "complaints:laws", "complaints:law", "complaints:track", "verification:rules",
)  # fmt: skip
# Of these a role may have many in different states; a few of each are looked at.
MANY = {"complaints:matter": 3, "investigations:matter": 3, "complaints:tracked": 2}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


@cache
def page_addresses() -> list[str]:
    """Return the addresses of all pages that need no parameter, from the URL conf."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def of(resolver: URLResolver, before: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            where = before + str(one.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
            if isinstance(one, URLPattern):
                yield where
            else:
                yield from of(one, where)

    found = dict.fromkeys(of(get_resolver("portal.urls"), "/"))
    return [one for one in found if not re.search(r"[<(\\^$]", one) and not one.startswith(NO_PAGES)]


def is_same_for_all(view: str) -> bool:
    """Say whether everybody who may see the page sees the same."""
    return view in SAME_FOR_ALL or view.startswith(("account_", "mfa_", "usersessions_"))


def view_of(path: str) -> str:
    """Return the name of the page at an address, or nothing when there is none."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(path, "portal.urls").view_name if not path.startswith(NO_PAGES) else ""
    except Resolver404:
        return ""


@dataclass
class Sweep:
    """A walk over the pages of one role; what is wrong is collected, so that one run tells all of it."""

    people: People
    who: str
    seen: dict[str, int]
    wrong: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    at: str = ""

    def walk(self) -> None:
        """Look at every page of the role, then at those to which they link."""
        self.page = self.people.page(self.who, reduced_motion="reduce")
        self.page.on("request", self._sent)
        self.page.on("console", self._heard)
        waiting = list(page_addresses())
        while waiting:
            path = waiting.pop(0)
            if not self._is_new(path):
                continue
            self.at = path
            self.page.set_viewport_size({"width": 1280, "height": 900})
            answer = self._open(path)
            if answer is None or not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
                continue
            landed = self.page.url.removeprefix(self.people.portal.url)
            if landed.partition("?")[0] == path.partition("?")[0] or self._is_new(landed):
                waiting += self._look(landed)

    def _open(self, path: str) -> "Response | None":
        """Go to a page. Of one that nobody saw yet it is asked first what it is: addresses for forms alone show nothing."""
        view = view_of(path.partition("?")[0])
        if not self.seen.get(f"page {view}"):
            answer = self.people.contexts[self.who].request.get(path, max_redirects=0)
            if answer.status >= 500:
                self.wrong.append(f"{path}: {answer.status}")
            if answer.status >= 400:
                return None
            if answer.headers.get("content-disposition", "").startswith("attachment"):
                self.seen[f"download {view}"] = 1
                return None
            self.seen[f"page {view}"] = int(answer.ok)
        return self.page.goto(path)

    def _is_new(self, path: str) -> bool:
        """Say whether such a page was not looked at yet: a main page by this role, what it leads to by anybody."""
        view = view_of(path.partition("?")[0])
        is_own = view in MANY or (path.partition("?")[0] in page_addresses() and not is_same_for_all(view))
        key = f"{self.who} {view}" if is_own else view
        if not view or self.seen.get(f"download {view}") or self.seen.get(key, 0) >= MANY.get(view, 1):
            return False
        self.seen[key] = self.seen.get(key, 0) + 1
        return True

    def _look(self, path: str) -> list[str]:
        page = self.page
        self.looked.append(path)
        view = view_of(path.partition("?")[0])
        if self.seen.setdefault(f"barriers {view}", 0) < MANY.get(view, 1):
            self.seen[f"barriers {view}"] += 1
            self._look_closely()
        page.set_viewport_size({"width": 320, "height": 640})
        wide = page.evaluate(TOO_WIDE)
        self.wrong += [f"{path} at 320 px: {wide}"] if wide else []
        hrefs: list[str] = page.evaluate("[...document.querySelectorAll('main a[href]')].map(one => one.href)")
        inside = [href for href in hrefs if href.startswith(self.people.portal.url + "/")]
        paths = dict.fromkeys(href.removeprefix(self.people.portal.url).partition("#")[0] for href in inside)
        return [path for path in paths if view_of(path.partition("?")[0])]

    def _look_closely(self) -> None:
        page = self.page
        self.wrong += [f"{self.at} light: {one}" for one in barriers(page)]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.wrong += [f"{self.at} dark: {one}" for one in barriers(page, "color-contrast")]
        page.set_viewport_size({"width": 320, "height": 640})
        self.wrong += [f"{self.at} narrow: {one}" for one in barriers(page, "target-size")]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")

    @property
    def _address(self) -> str:
        return self.people.portal.url + self.at

    def _sent(self, request: Any) -> None:
        if not request.url.startswith((self.people.portal.url, self.people.portal.ws_url, "data:", "blob:")):
            self.wrong.append(f"{self.at}: asks another host: {request.url}")

    def _heard(self, told: Any) -> None:
        # That a page is not for this role is said in the console, too: it is refused, as it should be.
        is_refusal = "Failed to load resource" in told.text and told.location["url"] in (self.page.url, self._address)
        if told.type == "error" and not is_refusal:
            self.wrong.append(f"{self.at}: {told.text} ({told.location['url']})")


# A box may end inside the page while what it holds runs out of it: the innermost such boxes are to blame, unless a
# frame around them scrolls.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth - edge;
  if (wide <= 0) return "";
  const end = one => one.getBoundingClientRect().left + Math.max(one.getBoundingClientRect().width, one.scrollWidth);
  const isFramed = one => one !== document.body
    && (getComputedStyle(one).overflowX !== "visible" || isFramed(one.parentElement));
  const far = [...document.querySelectorAll("body *")].filter(one => end(one) > edge + 0.5 && !isFramed(one));
  const innermost = far.filter(one => !far.some(other => other !== one && one.contains(other)));
  return `${wide} px too wide: ${innermost.slice(0, 3).map(one => one.outerHTML.slice(0, 160)).join(" | ")}`;
}"""


BARRIERS = """async only => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false, iframes: false});
  return found.violations.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(" | ")}`);
}"""


def barriers(page: "Page", *rules: str) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA, or against these rules alone."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": WCAG}
    found: list[str] = page.evaluate(BARRIERS, only)
    return found


@pytest.fixture(scope="module")
def seen() -> dict[str, int]:
    """How often each page was looked at, so that no role looks again at what is the same for all."""
    return {}


@pytest.mark.parametrize("who", ROLES)
def test_every_page_of_a_role_works_for_everybody(people: People, seen: dict[str, int], who: str) -> None:
    own = People(people.browser, people.portal)
    sweep = Sweep(own, who, seen)

    sweep.walk()

    own.close()
    # What is the same for all may have been looked at as somebody else; the role's own addresses were not.
    assert sweep.looked or any(key.startswith(f"{who} ") for key in seen)
    assert [*sweep.wrong, *own.trouble] == []


def test_a_complaint_is_filed_and_a_message_sent_without_scripts(people: People) -> None:
    plain = People(people.browser, people.portal)
    page = plain.page("rights-holder@demo.example", java_script_enabled=False)
    page.goto("/complain/new/where/?provider=cloudhaven")
    for answer in (
        lambda: page.get_by_label("Cloudhaven").check(),
        lambda: page.get_by_label("PRC: Civil Code").check(),
        lambda: page.get_by_label("The works, one title a line").fill("The Ferry at Dawn"),
        lambda: page.get_by_label("The addresses").fill("item-2"),
        lambda: page.get_by_label("Why does it infringe").fill("We made the film and never licensed it."),
        lambda: fill_who(page),
        lambda: fill_statements(page),
    ):
        answer()
        press(page, "Continue")
    press(page, "Send the notice")
    heading(page, "Your notice was received")
    follow(page, "Go to the matter")
    reference = reference_on(page)

    press(page, "Open the conversation")
    page.get_by_label("Message", exact=True).fill("Sent by a plain form.")
    press(page, "Send")
    said(page, "Your message was sent.")
    expect(last_message(page)).to_contain_text("Sent by a plain form.")
    theirs = plain.page("uploader@demo.example", java_script_enabled=False)
    theirs.goto("/conversations/")
    theirs.get_by_role("row").filter(has_text=reference).get_by_role("link").click()
    expect(last_message(theirs)).to_contain_text("Sent by a plain form.")
    plain.close()
