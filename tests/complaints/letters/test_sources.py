"""Letters arrive as bytes of any kind; something is read of each, in bounded time."""

import time

import pytest

from complaints.letters import read
from complaints.letters.sources import text_of

PAGE = (
    '<html><head><style>p {}</style></head><body><p>The infringing copy: <a href="https://cloud.example/v/1">here</a>'
    "</p><p>Please remove it, our copyright is infringed.</p></body></html>"
)


def test_a_page_shows_the_address_behind_its_words():
    assert read(PAGE).items == ["https://cloud.example/v/1"]


def test_mail_shows_its_sender_and_subject_and_its_plain_part():
    mail = (
        b"From: rights@films.example\r\nTo: agent@cloud.example\r\nSubject: =?utf-8?B?5L615p2D?=\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=gb18030\r\n\r\n" + "请删除侵权内容".encode("gb18030")
    )

    assert text_of(mail) == "From: rights@films.example\nSubject: 侵权\n\n请删除侵权内容"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "gb18030"])
def test_chinese_is_read_in_the_charsets_it_comes_in(charset: str):
    assert text_of("我们的作品被侵权".encode(charset)) == "我们的作品被侵权"


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_wide_characters_are_known_without_a_mark(charset: str):
    assert text_of("Please remove it".encode(charset)) == "Please remove it"


def test_western_bytes_are_read_as_such():
    assert text_of("Ihr Gruß".encode("cp1252")) == "Ihr Gruß"


def test_line_ends_and_hidden_characters_are_tidied():
    assert text_of("a\r\nb\rc\u200bd\u00a0e") == "a\nb\ncd e"


def test_marks_count_in_the_letter_as_it_came():
    letter = "Dear\u00a0agent,\r\n\u200bour film is\u200c infringed at https://cloud.example/v/1\u200b, remove it.\r\n"

    reading = read(letter.encode())

    assert reading.text == letter.replace("\r\n", "\n")
    marks = [mark for found in reading.found.values() for mark in found]
    assert marks
    assert all(reading.text[mark.start : mark.end] == mark.value for mark in marks)
    assert reading.items == ["https://cloud.example/v/1"]


def test_a_mark_across_a_question_holds_the_question_too():
    reading = read(
        "> The whole repository https://cloud.example/v/1 infringes our copyright and was\n> \n"
        "> **Have you searched for any forks of the allegedly infringing files?**\n> \n> uploaded without permission\n"
    )

    marks = [mark for found in reading.found.values() for mark in found]
    assert all(reading.text[mark.start : mark.end] == mark.value for mark in marks)


def test_lines_that_a_page_puts_in_blocks_of_their_own_are_one_paragraph():
    page = "<html><body><div>good faith</div>\n<div>belief</div><div><br></div><div>End</div></body></html>"

    assert text_of(page).strip() == "good faith\nbelief\n\nEnd"


MAIL = b"From: rights@films.example\r\nSubject: Notice\r\nMIME-Version: 1.0\r\n"
ATTACHED = (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the attached notice.\r\n'
    b'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="notice.txt"\r\n\r\nThe notice.\r\n--b--\r\n'
)
FORWARDED = (
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nForwarded.\r\n'
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@films.example\r\nSubject: n\r\n\r\nThe notice.\r\n--b--\r\n"
)
UNTRUE = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nThis is no base64: The notice."


@pytest.mark.parametrize("rest", [ATTACHED, FORWARDED, UNTRUE], ids=["attached", "forwarded", "wrongly encoded"])
def test_mail_shows_the_notice_wherever_it_stands_in_it(rest: bytes):
    assert "The notice." in text_of(MAIL + rest)


def test_mail_nested_without_end_is_read_as_it_stands():
    nested = b"From: a@films.example\nSubject: n\nContent-Type: message/rfc822\n\n" * 3000

    assert "The notice." in text_of(nested + b"The notice.")


def test_mail_that_breaks_its_lines_softly_keeps_its_addresses_whole():
    body = b"The copy:\r\nhttps://cloud.example/video/ \r\n2024/film.mp4\r\n"

    flowed = MAIL + b"Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n" + body

    assert "https://cloud.example/video/2024/film.mp4\n" in text_of(flowed)


@pytest.mark.parametrize("letter", [b"", b"\xff\xfe\x00", bytes(range(256)) * 40, b"From: \xff\nSubject: \x00\n\n\xfe"])
def test_no_bytes_raise(letter: bytes):
    assert read(letter).items == []


@pytest.mark.parametrize(
    "piece",
    ["https://github.com/", "**a\n", "[", "<a ", "<!--", "> ", "a ", "good faith ", "\n", "1. ", "infringing ", "x@",
     "name: ", "From: a\nSubject: b\n\n", "sincerely\n", "Are you the copyright\n", "(a", "0 ", "address ", "signature ",
     "https://github.com/a/b\n", "我们", "-----\n", "[private]\n\n", "my ", "x.com ", "| https://a.com/b |",
     "a[.]", "a(dot)com ", "[https://a.com/(", "\u200b", "a \u00a0",
     "https://a.com/b（(original)\n", "[private] "],
)  # fmt: skip
def test_time_grows_with_the_letter_and_not_faster(piece: str):
    short, long = (_seconds(piece * (size // len(piece))) for size in (20_000, 160_000))

    assert long < 40 * short + 0.5


def test_blanks_before_an_address_are_read_once():
    short, long = (_seconds(" " * size + "x https://github.com/a/b x") for size in (10_000, 80_000))

    assert long < 40 * short + 0.5


def _seconds(letter: str) -> float:
    start = time.process_time()
    read(letter)
    return time.process_time() - start
