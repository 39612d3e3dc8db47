"""Mail as it comes: parts, charsets, what is attached or forwarded; and what hostile mail cannot do."""

import base64
import json
import time

import pytest

from complaints.letters import enclosed_in, read
from complaints.letters.pages import page_text
from complaints.letters.sources import text_of

HEAD = "From: rights@films.example\nSubject: Notice\nMIME-Version: 1.0\n"
COPY = "https://files.example/d/1"
NAME = f"=?utf-8?B?{base64.b64encode('证明.pdf'.encode()).decode()}?="
PDF = base64.b64encode(b"%PDF-1.7 proof").decode()


def mixed(*parts: str, kind: str = "mixed", head: str = HEAD) -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f'{head}Content-Type: multipart/{kind}; boundary="b"\n\n{body}--b--\n'.encode()


def part(kind: str, body: str, name: str = "") -> str:
    disposition = f'Content-Disposition: attachment; filename="{name}"\n' if name else ""
    return f"Content-Type: {kind}\n{disposition}\n{body}"


READ = {
    "a page attached": mixed(part("text/html", "<p>The copy: <a href='https://files.example/d/1'>x</a>", "n.html")),
    "text called bytes": mixed(part("application/octet-stream", COPY, "notice.txt")),
    "a mail in a mail in a mail": mixed(
        "Content-Type: message/rfc822\n\n" + HEAD + "Content-Type: message/rfc822\n\n" + HEAD + "\n" + COPY
    ),
    "a page beside poor words": mixed(
        part("text/plain", "Your program shows no pages."),
        part("text/html", f"<p>See <a href='{COPY}'>x</a>"),
        kind="alternative",
    ),
    "a page alone": f"{HEAD}Content-Type: text/html; charset=utf-8\n\n<p>Copy: <a href={COPY}>here</a>".encode(),
    "soft line breaks": f"{HEAD}Content-Transfer-Encoding: quoted-printable\n\nhttps://files.exam=\nple/d/1".encode(),
    "base64": f"{HEAD}Content-Transfer-Encoding: base64\n\n{base64.b64encode(COPY.encode()).decode()}".encode(),
    "a letter beside a picture": mixed(part("text/plain", COPY), part("image/png", "x", "a.png")),
    "a bounced letter": mixed(
        part("text/plain", "Not delivered."), "Content-Type: message/rfc822\n\n" + HEAD + "\n" + COPY, kind="report"
    ),
}


@pytest.mark.parametrize("how", READ)
def test_a_notice_is_read_however_its_mail_is_built(how: str):
    assert COPY in text_of(READ[how])


def test_plain_words_are_taken_before_the_page_that_says_the_same():
    mail = mixed(part("text/plain", f"Plain {COPY}"), part("text/html", f"<p>Page {COPY}</p>"), kind="alternative")

    assert "Page" not in text_of(mail)


CHARSETS = {
    "gb18030": "请立即删除侵权作品的链接",
    "big5": "請立即刪除侵權的內容，我們的作品在這裡",
    "shift_jis": "無断で掲載されている動画を削除してください",
    "euc_jp": "無断で掲載されている動画を削除してください",
    "iso2022_jp": "無断で掲載されている動画を削除してください",
    "euc_kr": "저작권 침해 게시물의 삭제를 요청합니다",
}


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("said", ["right", "none", "wrong"])
def test_a_body_is_read_whatever_is_said_of_its_charset(charset: str, said: str):
    declared = {"right": f"; charset={charset}", "none": "", "wrong": "; charset=iso-8859-1"}[said]

    mail = f"{HEAD}Content-Type: text/plain{declared}\n\n".encode() + CHARSETS[charset].encode(charset)

    assert text_of(mail).endswith(CHARSETS[charset])


def test_a_subject_in_bare_bytes_is_read():
    subject = "侵权通知：我们的作品".encode("gb18030")

    assert "侵权通知" in text_of(b"From: a@films.example\nSubject: " + subject + b"\nMIME-Version: 1.0\n\nx")


def test_what_is_no_words_is_a_file_that_came_with_the_letter():
    mail = mixed(
        part("text/plain", "See the proof."),
        f'Content-Type: application/pdf\nContent-Disposition: attachment; filename="{NAME}"\n'
        f"Content-Transfer-Encoding: base64\n\n{PDF}",
    )

    assert [(file.name, file.data) for file in enclosed_in(mail)] == [("证明.pdf", b"%PDF-1.7 proof")]
    assert "%PDF" not in text_of(mail)


def test_no_more_files_are_taken_than_a_complaint_may_have():
    assert len(enclosed_in(mixed(*[part("image/png", "x", "a.png")] * 30))) == 20


MIXED = 'Content-Type: multipart/mixed; boundary="b"\n\n'
# Each a start, what is repeated after it, and an end.
HOSTILE = {
    "an element in an element": ("<Infringement>", "<a>", ""),
    "character data never closed": ("<Infringement>", "<![CDATA[", ""),
    "comments never closed": ("<Infringement>", "<!--", ""),
    "very many titles": ("<Infringement>", "<Item><Title>x</Title></Item>", "</Infringement>"),
    "very many documents": ("", "<Infringement></Infringement>", ""),
    "an object in an object": ('{"xarf_version":', '{"a":', ""),
    "a list in a list": ('{"xarf_version":', "[", ""),
    "quotes never closed": ('{"xarf_version":"', '\\"', ""),
    "very many objects": ("", '{"a":1} ', '"xarf_version"'),
    "mail in mail": (HEAD, "Content-Type: message/rfc822\n\nFrom: a\nSubject: b\n", ""),
    "parts in parts": (HEAD, 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n', ""),
    "very many parts": (HEAD + MIXED, "--b\nContent-Type: text/html\n\nx\n", ""),
    "a long field": (HEAD + "Content-Type: ", "text/plain;", "\n\nx"),
    "a long name": (HEAD + MIXED + "--b\nContent-Disposition: attachment; ", "filename*0=a; ", "\n\nx"),
    "a long subject": ("From: a\nSubject: ", "=?utf-8?B?eA==?= ", "\n\nx"),
    "boxes in boxes": ("<html>", "<div>", ""),
    "anchors in anchors": ("<html>", "<a href='https://x.example/a'>", ""),
    "addresses without a scheme": ("", "x.com ", ""),
    "words that tell sides": ("", "infringing our original without permission under penalty of perjury ", ""),
    "seals of PGP": ("", "-----BEGIN PGP SIGNATURE-----\nabc\n", ""),
    "zero bytes": ("From: a\nSubject: b\n\n", "\0", ""),
    "half characters": ("", "\ud800", "x"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_letters_are_read_in_bounded_time_and_break_nothing(what: str):
    start, again, end = HOSTILE[what]
    letter = start + again * (60_000 // len(again)) + end
    began = time.process_time()

    reading = read(letter if "\ud800" in letter else letter.encode())
    enclosed_in(letter.encode("utf-8", "replace"))

    assert time.process_time() - began < 2
    assert json.dumps(reading.as_json(), ensure_ascii=False).encode()
    assert isinstance(reading.text.encode(), bytes)


def test_what_was_not_looked_through_is_said():
    reading = read("Please remove it. " * 20_000)

    assert "text" in reading.unsure
    assert len(reading.text) > 300_000


def test_a_page_keeps_the_lines_that_were_typed_as_such():
    page = (
        "<html><body><pre>Infringing pages:\nhttps://copies.example/a\nhttps://copies.example/b\n</pre></body></html>"
    )

    text = page_text(page)

    assert "https://copies.example/a\nhttps://copies.example/b\n" in text
