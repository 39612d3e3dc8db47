"""Transcripts and records as pages: every script reads as it should, nothing leaves the page, nothing is left out."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from core import typesetting
from messaging import actions, documents, evidence
from messaging.models import Proposal, Undertaking
from messaging.rules import ProposalKind, Terms
from tests.core.test_cleaning import png
from tests.messaging import papers, world
from tests.messaging.test_settlement import accepted, fetched, revised, say, settled
from verification.actions import store_file

FRAME = {"title": "", "portal": "", "reference": "", "facts": [], "intro": "", "heading": "", "lang": "en"}


def page_of(*said: str, name: str = "") -> bytes:
    """Set what somebody said as the transcript sets it, and beside a name as it sets terms."""
    facts = [(name, one) for one in said] if name else []
    lines = [{"head": f"{place} · Uploader", "parts": [{"said": one}]} for place, one in enumerate(said)]
    return typesetting.pdf("transcript", {**FRAME, "lines": lines, "parts": [{"title": "Terms", "facts": facts}]})


def row_with(data: bytes, word: str) -> str:
    [found] = [row for row in papers.rows(data) if word in row]
    return found


# --- which way it reads


def test_arabic_and_hebrew_read_from_right_to_left_with_numbers_and_latin_words_in_between() -> None:
    data = page_of("שלום עולם, this is (Latin) 12.5!", "مرحبا 2026, ok.")

    assert row_with(data, "Latin").replace(" ", "") == "!thisis(Latin)12.5,םלועםולש".replace(" ", "")
    arabic = row_with(data, "2026").replace(" ", "")
    assert arabic.startswith(".ok,2026")
    assert arabic.endswith("م")


def test_each_paragraph_reads_and_stands_as_its_own_first_letter_says() -> None:
    found = papers.glyphs(page_of("English first, שלום.\nשלום first.\n\u2066abc\u2069 123 שלום!"))

    [english, hebrew, isolated] = [
        [one for one in found if one.up == up and one.text.strip()]
        for up in sorted({one.up for one in found if one.text == "ש"}, reverse=True)
    ]
    assert min(one.left for one in english) < papers.MARGIN + 10
    assert max(one.right for one in hebrew) > papers.WIDE - papers.MARGIN - 1
    assert max(one.right for one in isolated) > papers.WIDE - papers.MARGIN - 1
    assert min(hebrew, key=lambda one: one.left).text == "."


def test_arabic_letters_are_set_in_the_forms_in_which_they_join() -> None:
    apart, together = (
        sum(one.right - one.left for one in papers.glyphs(page_of(text)) if one.text.strip() in tuple("بيت"))
        for text in ("ب ي ت", "بيت")
    )

    assert together < apart * 0.9


def test_what_turns_one_speakers_words_around_turns_no_other() -> None:
    data = page_of("abc \u202egpj.exe\nnext line", "plain words")

    assert row_with(data, "abc").replace("\u202e", "") == "abc exe.jpg"
    assert "next line" in papers.rows(data)
    assert "plain words" in papers.rows(data)


# --- what is too long for a line

LONG = {
    "letters": "a" * 600,
    "an address": "https://example.org/" + "watch?v=Ab1-" * 50,
    "digits": "7" * 600,
    "Chinese": "汉字" * 300,
    "Chinese that is held together": "汉\u2060" * 300,
    "closing signs": "。" * 600,
    "brackets with blanks": "( " * 300,
    "Arabic": "ب" * 600,
    "Hebrew": "א" * 600,
    "digits in Arabic": "عربي " + "1234567890" * 60,
    "an address in Hebrew": "שלום https://example.org/" + "watch" * 120,
    "marks": "a" + "\u0301" * 600,
    "pictures": "😀" * 600,
    "old Korean letters": "\u1116" * 300,
    "pictures without a turn of their own": "\U0001f51c" * 300,
    "brackets with signs that are not seen": "〙\u2069" * 300,
    "no-break spaces": "word\u00a0" * 120,
}


@pytest.mark.parametrize("what", LONG)
def test_nothing_runs_off_the_page(what: str) -> None:
    data = page_of(LONG[what], name="Terms")

    assert papers.glyphs(data)
    assert papers.beyond(data) == []


@pytest.mark.parametrize("what", ["letters", "an address", "digits", "Hebrew", "Chinese"])
def test_a_long_word_is_copied_as_it_was_written(what: str) -> None:
    copied = "".join(one.text for one in papers.glyphs(page_of(LONG[what])))

    assert LONG[what] in copied


def test_a_long_number_between_arabic_words_keeps_the_order_of_its_digits() -> None:
    number = "".join(str(place % 10) for place in range(300))

    rows = papers.rows(page_of(f"عربي {number}"))

    digits = ["".join(sign for sign in row if sign.isdigit()) for row in rows if "12345" in row]
    assert "".join(digits) == number


def test_words_that_fit_a_line_are_not_broken() -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitän"

    rows = papers.rows(page_of(f"{word} " * 9))

    assert sum(row.count(word) for row in rows) == 9


# --- what nobody should be able to do with words


def test_nothing_that_is_said_is_a_command() -> None:
    said = '#panic("x") $x^2$ *b* _i_ `c` \\ <label> @ref // no /* no */ #eval("1") ~ --'

    data = page_of(said, f"= Title\n- item\n+ item\n/ Term: x\n{said}")

    assert papers.rows(data).count(said) == 2
    assert "= Title" in papers.rows(data)
    assert "- item" in papers.rows(data)


def test_signs_that_are_not_seen_are_named() -> None:
    rows = papers.rows(page_of("a\x1b[31mb\x7f c\td"))

    assert "a[U+001B][31mb[U+007F] c    d" in rows


@pytest.mark.parametrize(
    "said",
    [
        *("\u0955" * 250, "عربي👍🏽 " * 40, "ב\U0001f3fd-" * 200, "\n" * 8_000, "\x01" * 8_000, "word " * 1_600),
        *("\u200d".join("👨" * 4_000), "\u202e" * 8_000, "\t" * 7_999 + "x", "a\r\n\r\n\u2028\u2029\x0b\x0cb", " "),
        *("\u0737 \ufb96\u0737" * 200, "\u064a\U0001f3ff\U0001f3ff" * 200),
    ],
)
def test_no_words_keep_a_document_from_being_made(said: str) -> None:
    assert page_of(said, "عربي and more", name="Terms").startswith(b"%PDF-")


def test_where_typst_breaks_down_over_a_text_that_one_is_set_sign_by_sign_and_the_others_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PanicException(BaseException):
        pass

    compiled = typesetting.typst.compile

    def breaks_down(*args: Any, sys_inputs: dict[str, str], **given: Any) -> Any:
        if "hostile" in sys_inputs["data"] and "hostile" not in sys_inputs["fragile"]:
            raise PanicException
        asked.append(json.loads(sys_inputs["fragile"]))
        return compiled(*args, sys_inputs=sys_inputs, **given)

    asked: list[list[str]] = []
    monkeypatch.setattr(typesetting.typst, "compile", breaks_down)

    data = page_of("first words", "hostile words", "last words")

    assert asked[-1] == ["hostile words"]
    assert {"first words", "hostile words", "last words"} <= set(papers.rows(data))


# --- what it tells


@pytest.fixture
def pair(transactional_db: None) -> world.Pair:
    return settled()


def told(pair: world.Pair) -> tuple[dict[str, Any], str]:
    """Return what the package says, and all that the document says."""
    conversation, whole = actions.transcript_of(
        conversation_id=pair.conversation.pk, by=pair.rights_holder, now=world.now()
    )
    return whole.said, json.dumps(documents.transcript_words(conversation, whole), ensure_ascii=False)


def declined(pair: world.Pair) -> Proposal:
    waiting = Proposal.objects.get(conversation=pair.conversation, state="open")
    return actions.decline(
        proposal_id=waiting.pk, by=pair.rights_holder, reasons="Our name is missing.\nאין שם", now=world.now()
    )


def test_why_a_proposal_was_declined_stands_in_the_transcript(client: Client, pair: world.Pair) -> None:
    declined(pair)

    rows = papers.rows(fetched(client, pair, pair.uploader, "transcript", "pdf").content)

    assert "Why it was declined" in rows
    assert "Our name is missing." in rows


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_transcript_tells_people_all_that_its_package_tells_programs(pair: world.Pair, language: str) -> None:
    declined(pair)
    file = store_file(data=png(), name="picture.png", by=pair.uploader, now=world.now())
    say(pair, pair.uploader, "See this", (file.pk,))
    revised(pair)
    asked = actions.remove_now(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())
    actions.report_done(undertaking_id=asked.pk, by=pair.rights_holder, now=world.now())

    with translation.override(language):
        said, paper = told(pair)

    digests = [message["digest"] for message in said["messages"]]
    digests += [change["digest"] for message in said["messages"] for change in message["revisions"]]
    digests += [one["sha256"] for message in said["messages"] for one in message["attachments"]]
    assert [digest for digest in digests if digest not in paper] == []
    instants = [said["created_at"], *(one["at"] for one in said["events"])]
    instants += [one["sent_at"] for one in said["messages"]]
    for one in (*said["proposals"], *said["undertakings"]):
        instants += [
            one[key] for key in ("made_at", "expires_at", "ended_at", "due_at", "asked_at", "done_at") if one.get(key)
        ]
    assert [at for at in instants if at[11:19] not in paper] == []
    texts = [one["body"] for one in said["messages"] if one["body"]] + [one["reasons"] for one in said["proposals"]]
    texts += [
        value for one in said["proposals"] for key, value in one["terms"].items() if key in ("terms", "text", "reasons")
    ]
    assert [text for text in texts if json.dumps(text, ensure_ascii=False)[1:-1] not in paper] == []
    assert pair.conversation.subject in paper
    [name] = [one["name"] for message in said["messages"] for one in message["attachments"]]
    assert name in paper
    if language == "en":
        for words in (
            "Answers message 4.", "Message 5", "It answers proposal 1.", "As it was first said:", "edited on",
            "withdrawn on", "Reported as done on", "by the rights holder", "Asked of the provider's service on",
        ):  # fmt: skip
            assert words in paper


def test_what_was_not_done_in_time_stands_there(pair: world.Pair) -> None:
    undertaken = Undertaking.objects.get(conversation=pair.conversation)
    actions.miss_undertaking(undertaking_id=undertaken.pk, now=undertaken.due_at)

    _said, paper = told(pair)

    assert "Found not done on" in paper


def test_a_record_holds_its_digest_and_its_number(client: Client, pair: world.Pair) -> None:
    one = accepted(pair)

    rows = papers.rows(fetched(client, pair, pair.uploader, f"proposals/{one.pk}/record", "pdf").content)

    digest = evidence.rules.record_digest(bytes(pair.conversation.salt), actions.proposing.settlement_record(one))
    assert f"SHA-256 {digest}" in rows
    assert str(one.pk) in "".join(rows)


def test_terms_in_hebrew_are_set_from_right_to_left_in_the_record(client: Client, pair: world.Pair) -> None:
    made = actions.propose(
        conversation_id=pair.conversation.pk, terms=Terms(ProposalKind.CREDIT, text="צולם בידי Studio, 2026."),
        by=pair.uploader, now=world.now(),
    )  # fmt: skip
    actions.accept(proposal_id=made.pk, by=pair.rights_holder, now=world.now())

    data = fetched(client, pair, pair.uploader, f"proposals/{made.pk}/record", "pdf").content

    assert row_with(data, "Studio").endswith(".Studio, 2026 ידיב םלוצ")
