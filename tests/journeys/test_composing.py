"""Where one writes in a conversation, in a real browser: files, long texts, drafts, and the keyboard."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.journeys.client import Program
from tests.journeys.test_conversation_in_full import (
    RIGHTS_HOLDER,
    UPLOADER,
    Two,
    body,
    conversation_on,
    field,
    last,
    two_browsers,
)
from tests.journeys.test_conversation_page import signed_in, write
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(90)]


@pytest.fixture(scope="module")
def conversation(live_portal: LivePortal) -> str:
    return conversation_on(Program(live_portal.url, live_portal.token(RIGHTS_HOLDER)), "item-5")


@pytest.fixture(scope="module")
def both(browser: "Browser", live_portal: LivePortal) -> "Iterator[tuple[BrowserContext, BrowserContext]]":
    yield from two_browsers(browser, live_portal)


# Nothing of what was being written stays for the next test, whatever the page keeps as it goes.
FORGET = """() => {
  Storage.prototype.setItem = () => {};
  for (const key of Object.keys(localStorage)) if (/draft|unsent/.test(key)) localStorage.removeItem(key);
}"""


@pytest.fixture
def two(both: "tuple[BrowserContext, BrowserContext]", conversation: str) -> Iterator[Two]:
    made = Two(*both, f"/conversations/{conversation}/")
    yield made
    both[0].set_offline(False)
    for page in (made.mine, made.theirs):
        page.evaluate(FORGET)
        page.unroute_all(behavior="ignoreErrors")
        page.close()
    assert made.problems == []


@pytest.fixture
def plain(browser: "Browser", live_portal: LivePortal, conversation: str) -> "Iterator[Page]":
    """Give the conversation's page as the uploader has it without scripts."""
    context = browser.new_context(base_url=live_portal.url, java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield signed_in(context, UPLOADER, f"/conversations/{conversation}/")
    context.close()


def text(name: str, said: bytes = b"What we agreed on.") -> Any:
    return {"name": name, "mimeType": "text/plain", "buffer": said}


def choose(page: "Page", *files: Any) -> None:
    page.locator("input[type=file]").set_input_files(files=list(files))


def chosen(page: "Page") -> "Locator":
    return page.get_by_role("list", name="What you chose").get_by_role("listitem")


def send(page: "Page") -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def names_of_files(message: "Locator") -> "Locator":
    return message.locator(".message-file a[download]")


def test_several_files_go_with_one_message_and_each_can_be_taken_out_before(two: Two) -> None:
    from playwright.sync_api import expect

    choose(two.mine, text("one.txt"), text("two.txt"))
    choose(two.mine, text("three.txt"))  # one after the other
    expect(chosen(two.mine)).to_have_text([re.compile(name) for name in ("one.txt", "two.txt", "three.txt")])
    two.mine.get_by_role("button", name="Take out two.txt").click()
    expect(two.mine.get_by_role("button", name="Take out three.txt")).to_be_focused()
    field(two.mine).fill("See both")
    send(two.mine)

    expect(body(last(two.theirs))).to_have_text("See both")
    expect(names_of_files(last(two.theirs))).to_have_count(2)
    expect(chosen(two.mine)).to_have_count(0)
    write(two.mine, "And nothing more")
    expect(body(last(two.theirs))).to_have_text("And nothing more")
    expect(names_of_files(last(two.theirs))).to_have_count(0)


def test_more_files_than_a_message_may_have_are_refused_at_the_button_and_none_is_lost(two: Two) -> None:
    from playwright.sync_api import expect

    choose(two.mine, *(text(f"{number}.txt") for number in range(11)))
    field(two.mine).fill("All of them")
    send(two.mine)

    expect(two.mine.locator("#not-sent")).to_contain_text("at most 10 files; these are 11")
    expect(chosen(two.mine)).to_have_count(11)
    expect(field(two.mine)).to_have_value("All of them")
    two.mine.get_by_role("button", name="Take out 7.txt").click()
    send(two.mine)
    expect(body(last(two.theirs))).to_have_text("All of them")
    expect(names_of_files(last(two.theirs))).to_have_count(10)


def test_one_of_several_files_is_given_up_and_the_others_wait_handed_in_for_the_next_try(two: Two) -> None:
    from playwright.sync_api import expect

    handed_in: list[str] = []

    def hold_the_large_one(route: "Route") -> None:
        if route.request.method == "PATCH":
            return  # it never comes through
        handed_in.append(f"{route.request.method} {route.request.url.split('/')[-1]}")
        route.continue_()

    before = two.theirs.locator("li.message").count()
    two.mine.route(re.compile("/api/v1/(uploads|files)"), hold_the_large_one)
    choose(two.mine, text("a.txt"), text("film.txt", b"x" * 600_000), text("b.txt"))
    field(two.mine).fill("Two of three")
    send(two.mine)
    lines = two.mine.locator(".uploading")
    expect(lines).to_have_count(3)
    two.mine.get_by_role("button", name="Cancel film.txt").focus()
    two.mine.keyboard.press("Enter")

    expect(two.mine.locator("#not-sent")).to_have_text("You took out film.txt. Nothing was sent yet.")
    expect(lines).to_have_count(0)
    expect(field(two.mine)).to_be_focused()
    expect(field(two.mine)).to_have_value("Two of three")
    expect(chosen(two.mine)).to_have_text([re.compile("a.txt"), re.compile("b.txt")])
    assert two.theirs.locator("li.message").count() == before
    send(two.mine)
    expect(body(last(two.theirs))).to_have_text("Two of three")
    expect(names_of_files(last(two.theirs))).to_have_count(2)
    assert handed_in.count("POST files") == 2


def test_about_each_file_that_cannot_be_cleaned_is_asked_by_its_name(two: Two) -> None:
    from playwright.sync_api import expect

    def mail(name: str) -> Any:
        return {"name": name, "mimeType": "message/rfc822", "buffer": b"From: me@films.example\r\n\r\nSee above.\r\n"}

    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message.split("\n")[0])
        dialog.dismiss() if "second" in asked[-1] and len(asked) < 3 else dialog.accept()

    two.mine.on("dialog", answer)
    choose(two.mine, mail("first.eml"), mail("second.eml"))
    send(two.mine)
    expect(two.mine.locator("#not-sent")).to_contain_text("second.eml is not passed on, so nothing was sent.")
    assert asked == ["first.eml", "second.eml"]
    two.mine.get_by_role("button", name="Take out second.eml").click()
    field(two.mine).fill("The first one alone")
    send(two.mine)

    expect(body(last(two.theirs))).to_have_text("The first one alone")
    with two.theirs.expect_download():
        names_of_files(last(two.theirs)).click()


def test_the_refused_one_of_several_files_is_named(two: Two) -> None:
    from playwright.sync_api import expect

    choose(two.mine, text("fine.txt"), {"name": "a.exe", "mimeType": "text/plain", "buffer": b"MZ" + bytes(200)})
    send(two.mine)

    expect(two.mine.locator("#not-sent")).to_contain_text("a.exe: Give a PDF")
    expect(chosen(two.mine)).to_have_count(2)


def test_what_is_taken_back_keeps_all_its_files(two: Two) -> None:
    from playwright.sync_api import expect

    choose(two.mine, text("one.txt"), text("two.txt"))
    write(two.mine, "Write to jo@films.example")
    two.mine.get_by_role("button", name="Change it").click()

    expect(chosen(two.mine)).to_have_text([re.compile("one.txt"), re.compile("two.txt")])
    write(two.mine, "Write to me here")
    expect(body(last(two.theirs))).to_have_text("Write to me here")
    expect(names_of_files(last(two.theirs))).to_have_count(2)


def test_an_edit_midway_costs_no_chosen_file(two: Two) -> None:
    from playwright.sync_api import expect

    write(two.mine, "A mistoke")
    expect(last(two.mine).locator(".reach")).not_to_have_text("not sent yet")
    choose(two.mine, text("one.txt"))
    last(two.mine).get_by_role("button", name=re.compile("^Edit")).click()
    write(two.mine, "A mistake")
    expect(body(last(two.theirs))).to_have_text("A mistake")

    expect(chosen(two.mine)).to_have_text([re.compile("one.txt")])


def test_without_scripts_several_files_and_what_is_answered_outlive_the_warning(plain: "Page") -> None:
    from playwright.sync_api import expect

    plain.get_by_label("Message", exact=True).fill("Something to answer")
    send(plain)
    last(plain).get_by_role("link", name=re.compile("^Reply")).click()
    choose(plain, text("one.txt"), text("two.txt"))
    field(plain).fill("Write to jo@films.example")
    send(plain)

    expect(plain.locator(".hints")).to_contain_text("jo@films.example")
    expect(plain.locator("#about")).to_contain_text("Something to answer")
    kept = plain.get_by_role("group", name="Sent with it").get_by_role("checkbox")
    expect(kept).to_have_count(2)
    plain.get_by_label("two.txt").uncheck()
    choose(plain, text("three.txt"), text("four.txt"))
    plain.get_by_role("button", name="Send it as it is").click()

    expect(body(last(plain))).to_have_text("Write to jo@films.example")
    expect(last(plain).locator(".message-quoted")).to_contain_text("Something to answer")
    expect(names_of_files(last(plain))).to_have_count(3)


def test_without_scripts_too_many_or_unfit_files_are_refused_by_name_and_the_rest_is_kept(plain: "Page") -> None:
    from playwright.sync_api import expect

    field(plain).fill("All of them")
    choose(plain, *(text(f"{number}.txt") for number in range(11)))
    send(plain)
    expect(plain.locator(".errorlist")).to_contain_text(["at most 10 files; these are 11"])
    expect(field(plain)).to_have_value("All of them")

    choose(
        plain,
        text("fine.txt"),
        {"name": "a.exe", "mimeType": "text/plain", "buffer": b"MZ" + bytes(200)},
        text("e.txt", b""),
    )
    send(plain)
    expect(plain.locator(".errorlist").first).to_contain_text("e.txt: ")
    choose(plain, text("fine.txt"), {"name": "a.exe", "mimeType": "text/plain", "buffer": b"MZ" + bytes(200)})
    send(plain)
    expect(plain.locator(".errorlist").first).to_contain_text("a.exe: Give a PDF")
    expect(plain.get_by_label("fine.txt")).to_be_checked()
    send(plain)
    expect(body(last(plain))).to_have_text("All of them")
    expect(names_of_files(last(plain))).to_have_count(1)


def paste(page: "Page", said: str) -> None:
    """Put in a text as from the clipboard, which a browser cuts where the field has a longest length."""
    field(page).focus()
    page.keyboard.insert_text(said)


def test_a_text_that_is_too_long_is_counted_as_the_portal_counts_and_refused_whole(two: Two) -> None:
    from playwright.sync_api import expect

    counter = two.mine.locator(".length[role=status]")
    paste(two.mine, "😀" * 7_900)
    expect(counter).to_have_text("Characters left: 100")
    paste(two.mine, "x" * 1_100)
    expect(counter).to_have_text("Too long. Characters too many: 1,000")
    two.mine.keyboard.press("Enter")

    expect(two.mine.locator("#not-sent")).to_contain_text("Characters too many: 1,000")
    assert field(two.mine).input_value() == "😀" * 7_900 + "x" * 1_100
    field(two.mine).fill("😀" * 8_000)
    expect(counter).to_have_text("Characters left: 0")
    two.mine.keyboard.press("Enter")
    expect(body(last(two.theirs))).to_have_text("😀" * 8_000)
    expect(counter).to_have_text("")


def test_without_scripts_a_text_that_is_too_long_comes_back_whole_with_by_how_much(plain: "Page") -> None:
    from playwright.sync_api import expect

    long = "line\n" * 1_601
    paste(plain, long)
    send(plain)

    expect(plain.locator("#id_body_error")).to_contain_text("Characters too many: 5")
    assert field(plain).input_value() == long
    field(plain).fill("line\n" * 1_600)  # a line's end is one character, however a form sends it
    send(plain)
    expect(plain.locator("#id_body_error")).to_have_count(0)
    expect(body(last(plain))).to_have_text("line " * 1_599 + "line")


def test_without_a_network_a_text_that_is_too_long_is_not_cut_either(two: Two) -> None:
    from playwright.sync_api import expect

    two.mine.evaluate("navigator.serviceWorker.ready.then(() => true)")
    two.contexts[0].set_offline(True)
    two.mine.reload()
    paste(two.mine, "x" * 8_001)
    two.mine.keyboard.press("Enter")
    expect(two.mine.locator("#not-sent")).to_contain_text("Characters too many: 1")
    expect(two.mine.locator("#unsent > li")).to_have_count(0)
    two.mine.keyboard.press("Backspace")
    two.mine.keyboard.press("Enter")
    expect(two.mine.locator("#unsent > li")).to_have_count(1)
    two.contexts[0].set_offline(False)
    expect(body(last(two.theirs))).to_have_text("x" * 8_000, timeout=20_000)


def picture() -> Any:
    made = io.BytesIO()
    Image.new("RGB", (400, 400), "teal").save(made, "PNG")
    return {"name": "still.png", "mimeType": "image/png", "buffer": made.getvalue()}


def expect_at_the_end(page: "Page") -> None:
    shown = page.locator(".message-preview").last
    page.wait_for_function("(one) => one.complete && one.naturalHeight > 0", arg=shown.element_handle())
    page.wait_for_function(
        "() => { const log = document.getElementById('log'); return log.scrollHeight - log.scrollTop - log.clientHeight < 2 }"
    )


def test_the_newest_stays_in_sight_when_a_picture_comes_and_on_a_page_that_ends_with_one(two: Two) -> None:
    from playwright.sync_api import expect

    for number in range(8):
        write(two.mine, f"One of several\nNumber {number}")
    expect(body(last(two.theirs))).to_contain_text("Number 7")
    choose(two.mine, picture(), picture() | {"name": "other.png"})
    send(two.mine)
    expect(names_of_files(last(two.theirs))).to_have_count(2)
    for page in (two.mine, two.theirs):
        expect_at_the_end(page)
    write(two.mine, "Below the pictures")
    expect(body(last(two.theirs))).to_have_text("Below the pictures")
    for page in (two.mine, two.theirs):
        expect_at_the_end(page)
        page.reload()
        page.locator("#connection").wait_for(state="hidden")
        expect_at_the_end(page)


def test_who_reads_what_was_said_before_is_left_there_and_led_to_the_newest(two: Two) -> None:
    from playwright.sync_api import expect

    for number in range(12):
        write(two.mine, f"One of several\nNumber {number}")
    expect(body(last(two.theirs))).to_contain_text("Number 11")
    log = two.theirs.locator("#log")
    log.hover()
    two.theirs.mouse.wheel(0, -300)
    newer = two.theirs.get_by_role("button", name="To the newest")
    two.theirs.wait_for_timeout(200)
    stood = log.evaluate("(log) => log.scrollTop")
    choose(two.mine, picture())
    send(two.mine)
    expect(newer).to_be_visible()
    expect(names_of_files(last(two.theirs))).to_have_count(1)
    assert log.evaluate("(log) => log.scrollTop") == stood

    newer.focus()
    two.theirs.keyboard.press("Enter")

    expect(newer).to_be_hidden()
    expect(log).to_be_focused()
    expect_at_the_end(two.theirs)


def test_a_draft_keeps_what_it_answers_and_says_which_files_must_be_chosen_again(two: Two) -> None:
    from playwright.sync_api import expect

    write(two.theirs, "Which part is meant?")
    expect(body(last(two.mine))).to_have_text("Which part is meant?")
    last(two.mine).get_by_role("button", name=re.compile("^Reply")).click()
    choose(two.mine, text("part.txt"))
    field(two.mine).fill("The first half")

    two.mine.reload()

    expect(field(two.mine)).to_have_value("The first half")
    expect(two.mine.locator("#about blockquote")).to_have_text("Which part is meant?")
    note = two.mine.get_by_text("Choose them again: part.txt")
    expect(note).to_be_visible()
    choose(two.mine, text("part.txt"))
    expect(note).to_have_count(0)
    send(two.mine)
    expect(body(last(two.theirs))).to_have_text("The first half")
    expect(last(two.theirs).locator(".message-quoted")).to_contain_text("Which part is meant?")
    expect(names_of_files(last(two.theirs))).to_have_count(1)
    two.mine.reload()
    expect(two.mine.locator("#about")).to_be_hidden()
    expect(chosen(two.mine)).to_have_count(0)


def test_a_draft_keeps_what_it_answers_where_that_is_not_on_the_page(two: Two) -> None:
    from playwright.sync_api import expect

    write(two.theirs, "Long ago")
    expect(body(last(two.mine))).to_have_text("Long ago")
    last(two.mine).get_by_role("button", name=re.compile("^Reply")).click()
    field(two.mine).fill("Late, but here")
    two.mine.goto(f"{two.path}?before=2")
    expect(two.mine.locator("#about blockquote")).to_have_text("Long ago")


def test_what_is_taken_back_after_a_reload_keeps_its_files_and_what_it_answers(two: Two) -> None:
    from playwright.sync_api import expect

    write(two.theirs, "May I see it?")
    expect(body(last(two.mine))).to_have_text("May I see it?")
    last(two.mine).get_by_role("button", name=re.compile("^Reply")).click()
    choose(two.mine, text("it.txt"))
    write(two.mine, "Ask jo@films.example")
    two.mine.get_by_role("button", name="Change it").wait_for()
    two.mine.reload()
    two.mine.get_by_role("button", name="Change it").click()
    expect(chosen(two.mine)).to_have_text([re.compile(r"it\.txt \(18")])
    two.mine.reload()

    expect(chosen(two.mine)).to_have_text([re.compile(r"it\.txt \(18")])
    expect(two.mine.locator("#about blockquote")).to_have_text("May I see it?")
    write(two.mine, "Here it is")
    expect(body(last(two.theirs))).to_have_text("Here it is")
    expect(names_of_files(last(two.theirs))).to_have_count(1)
    expect(last(two.theirs).locator(".message-quoted")).to_contain_text("May I see it?")


def test_an_edit_midway_costs_neither_the_draft_nor_what_it_answers(two: Two) -> None:
    from playwright.sync_api import expect

    write(two.mine, "My own words")
    expect(last(two.mine).locator(".reach")).not_to_have_text("not sent yet")
    last(two.mine).get_by_role("button", name=re.compile("^Reply")).click()
    field(two.mine).fill("To add")
    last(two.mine).get_by_role("button", name=re.compile("^Edit")).click()
    write(two.mine, "My other words")
    expect(body(last(two.theirs))).to_have_text("My other words")

    expect(field(two.mine)).to_have_value("To add")
    expect(two.mine.locator("#about blockquote")).to_have_text("My other words")


def test_what_cancels_an_answer_is_a_button_with_scripts_and_a_link_without(two: Two, plain: "Page") -> None:
    from playwright.sync_api import expect

    write(two.theirs, "To be answered")
    expect(body(last(two.mine))).to_have_text("To be answered")
    last(two.mine).get_by_role("button", name=re.compile("^Reply")).click()
    two.mine.get_by_role("button", name="Cancel").focus()
    two.mine.keyboard.press("Space")
    expect(two.mine.locator("#about")).to_be_hidden()
    expect(field(two.mine)).to_be_focused()

    plain.reload()
    last(plain).get_by_role("link", name=re.compile("^Reply")).click()
    plain.get_by_role("link", name="Cancel").click()
    expect(plain.locator("#about")).to_be_hidden()


def test_an_edit_under_way_is_not_asked_about_or_made_twice(two: Two) -> None:
    from playwright.sync_api import expect

    answers: list[int] = []
    two.mine.on("response", lambda got: answers.append(got.status) if got.url.endswith("/revision") else None)
    write(two.mine, "Ask anybody")
    expect(last(two.mine).locator(".reach")).not_to_have_text("not sent yet")
    last(two.mine).get_by_role("button", name=re.compile("^Edit")).click()
    asked: list[str] = []

    def impatient(route: "Route") -> None:
        asked.append(route.request.url)
        field(two.mine).press("Enter")
        route.continue_()

    two.mine.route("**/api/v1/conversations/*/hints", impatient)
    write(two.mine, "Ask jo@films.example")
    panel = two.mine.locator(".hints")
    expect(panel).to_have_count(1)
    assert len(asked) == 1
    expect(panel.get_by_role("button", name="Change it")).to_be_focused()
    panel.get_by_role("button", name="Send it as it is").click()

    expect(body(last(two.theirs))).to_have_text("Ask jo@films.example")
    expect(field(two.mine)).to_have_value("")
    assert answers == [201]


def test_an_edit_that_is_left_while_it_is_asked_about_is_not_made(two: Two) -> None:
    from playwright.sync_api import expect

    write(two.mine, "As it stands")
    expect(last(two.mine).locator(".reach")).not_to_have_text("not sent yet")
    field(two.mine).fill("A draft")
    last(two.mine).get_by_role("button", name=re.compile("^Edit")).click()
    write(two.mine, "Ask jo@films.example")
    two.mine.get_by_role("button", name="Send it as it is").wait_for()
    field(two.mine).press("Escape")

    expect(two.mine.locator(".hints")).to_have_count(0)
    expect(field(two.mine)).to_have_value("A draft")
    expect(body(last(two.theirs))).to_have_text("As it stands")


def test_a_file_has_one_name_and_size_live_loaded_and_saved_and_its_senders_own_for_the_sender_alone(two: Two) -> None:
    from playwright.sync_api import expect

    choose(two.mine, text("zhang-san.txt", b"x" * 1500))
    field(two.mine).fill("One name")
    send(two.mine)
    expect(body(last(two.theirs))).to_have_text("One name")
    lines = [last(page).locator(".message-file") for page in (two.mine, two.theirs)]
    pattern = re.compile(r"^\s*attachment-[0-9a-f]{6}\.txt \(1\.5\sKB\)")
    expect(lines[0]).to_contain_text("Your name for it: zhang-san.txt")
    live = [" ".join(line.inner_text().split()) for line in lines]
    assert all(pattern.match(said) for said in live), live
    assert "zhang-san" not in two.theirs.content()

    for page in (two.mine, two.theirs):
        page.reload()
    assert [" ".join(line.inner_text().split()) for line in lines] == live
    assert "zhang-san" not in two.theirs.content()
    with two.theirs.expect_download() as download:
        names_of_files(last(two.theirs)).click()
    assert live[1].startswith(download.value.suggested_filename)


@pytest.mark.parametrize("is_late", [False, True])
def test_a_file_that_is_gone_with_the_portal_gives_the_message_back_and_is_handed_in_anew(
    two: Two, live_portal: LivePortal, is_late: bool
) -> None:
    from playwright.sync_api import expect

    program = Program(live_portal.url, live_portal.token(RIGHTS_HOLDER))
    gone: list[str] = []

    def lose(route: "Route") -> None:
        """Delete the file before, or after, it is asked what the other side gets of it for the second time."""
        gone.append(route.request.url.split("/")[-2])
        answer = route.fetch() if is_late else None
        if len(gone) == 2:
            program.call("DELETE", f"/api/v1/files/{gone[0]}").expect(204)
        route.fulfill(response=answer) if answer else route.continue_()

    two.mine.route(re.compile("/for-others$"), lose)
    choose(two.mine, text("it.txt"))
    write(two.mine, "Ask jo@films.example")
    # While it waits, it is seen what goes with it.
    expect(two.mine.locator(".is-unsent .message-file")).to_have_text("it.txt")
    two.mine.get_by_role("button", name="Change it").click()
    anew = f"Here it is, {is_late}"
    write(two.mine, anew)

    why = "There is no such file of yours" if is_late else "The portal did not have it.txt any more"
    expect(two.mine.locator("#not-sent")).to_contain_text(why)
    expect(field(two.mine)).to_have_value(anew)
    send(two.mine)
    expect(body(last(two.theirs))).to_have_text(anew)
    expect(names_of_files(last(two.theirs))).to_have_count(1)


def test_without_scripts_a_file_goes_without_a_word(plain: "Page") -> None:
    from playwright.sync_api import expect

    # A page without scripts shows fifty at most, so the number of the last one tells, and not how many there are.
    before = last(plain).get_attribute("data-seq")
    send(plain)
    expect(plain.locator("#id_body_error")).to_contain_text("The message is empty.")
    choose(plain, text("alone.txt"))
    send(plain)
    expect(last(plain)).to_have_attribute("data-seq", str(int(before or 0) + 1))
    expect(names_of_files(last(plain))).to_have_count(1)
    expect(body(last(plain))).to_have_count(0)
