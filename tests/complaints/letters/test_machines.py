"""Forms for machines in letters: ACNS and X-ARF as senders write them, wherever they stand; each mark where it is."""

import base64
import hashlib
import json

import pytest

from complaints.letters import Reading, enclosed_in, read

WORDS = """We have a good faith belief that this use is not authorized by the owner, its agent or the law. The information in
this notice is accurate and, under penalty of perjury, we are authorized to act for the owner. Pay less at
https://settle.enforcer.example/case/1 .

Respectfully,
Ann Clerk
"""
ITEM = "<Item><Title>The Ferry</Title><FileName>The.Ferry.mkv</FileName></Item>"
ACNS = """<?xml version="1.0" encoding="UTF-8"?>
<Infringement xmlns="http://www.acns.net/ACNS" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.acns.net/ACNS http://www.acns.net/v1.2/ACNS2v1_2.xsd">
<Case><ID>77</ID><Status>Open</Status></Case>
<Complainant><Entity>Paragon Film &amp; Sons</Entity><Contact>Ann Clerk</Contact><Address>1 Road
Town</Address><Phone>+1 202 555 0100</Phone><Email>notices@enforcer.example</Email></Complainant>
<Service_Provider><Entity>Coast</Entity><Email>abuse@coast.example</Email></Service_Provider>
<Source><TimeStamp>2026-01-02T03:04:05Z</TimeStamp><IP_Address>203.0.113.5</IP_Address><Port>6881</Port></Source>
<Content>{item}</Content></Infringement>
"""
PLAIN = ACNS.replace("{item}", ITEM)
HEAD = "From: notices@enforcer.example\nSubject: Notice\nMIME-Version: 1.0\n"
SEAL = "-----BEGIN PGP SIGNATURE-----\n\niQEc\n-----END PGP SIGNATURE-----\n"
PGP = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}\n" + SEAL


def fenced(dashes: str) -> str:
    return f"{HEAD}\n{WORDS}\n{dashes}Start ACNS XML\n{PLAIN}{dashes}End ACNS XML\n"


def attached(name: str, kind: str, data: bytes, words: str = WORDS) -> bytes:
    encoded = base64.encodebytes(data).decode()
    return (
        f'{HEAD}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\n{words}\n--b\n'
        f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{encoded}\n--b--\n"
    ).encode()


PLACES = {
    "between lines": fenced("- ----").encode(),
    "between lines escaped once more": fenced("- - ----").encode(),
    "between plain lines": fenced("----").encode(),
    "signed with PGP": (HEAD + "\n" + PGP.format(fenced("- - ----").split("\n\n", 1)[1])).encode(),
    "attached": attached("notice.xml", "application/xml", PLAIN.encode()),
    "attached as mere bytes": attached("notice.xml", "application/octet-stream", PLAIN.encode()),
    "by itself": PLAIN.encode(),
    "quoted": (HEAD + "\n> " + PLAIN.replace("\n", "\n> ")).encode(),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_acns_notice_is_read_wherever_it_stands(place: str):
    reading = read(PLACES[place])

    assert reading.kind == "notice"
    assert said(reading, "complainant_name")[0] == "Paragon Film &amp; Sons"
    assert said(reading, "contact_email")[0] == "notices@enforcer.example"
    assert said(reading, "work_description")[0] == "The Ferry"
    assert said(reading, "item_location") == ["203.0.113.5"]
    assert (reading.items, reading.originals) == ([], [])
    assert [vars(source) for source in reading.sources] == [
        {"address": "203.0.113.5", "port": "6881", "time": "2026-01-02T03:04:05Z", "files": ["The.Ferry.mkv"]}
    ]
    assert all(reading.text[mark.start : mark.end] == mark.value for marks in reading.found.values() for mark in marks)


def test_the_words_around_it_state_and_sign():
    reading = read(fenced("- ----"))

    assert reading.missing == []
    assert said(reading, "signature") == ["Ann Clerk"]


def test_a_seal_of_pgp_is_a_signature_that_a_person_looks_at():
    reading = read(HEAD + "\n" + PGP.format(PLAIN))

    assert said(reading, "signature") == ["-----BEGIN PGP SIGNATURE-----"]
    assert "signature" in reading.unsure


@pytest.mark.parametrize(
    "namespace",
    [
        ' xmlns="http://www.movielabs.com/ACNS"',
        ' xmlns="http://www.acns.net/ACNS"',
        "",
        ' xmlns:a="http://x.example/a"',
    ],
)
def test_every_revision_is_read(namespace: str):
    body = PLAIN[PLAIN.index("<Case>") :]

    assert said(read(f"<Infringement{namespace}>{body}"), "work_description") == ["The Ferry"]


def test_names_with_a_prefix_are_the_same_names():
    body = "<a:Infringement xmlns:a='http://www.acns.net/ACNS'><a:Content><a:Item><a:Title>T</a:Title></a:Item></a:Content></a:Infringement>"

    assert said(read(body), "work_description") == ["T"]


def test_several_items_with_addresses_are_several_items():
    item = "<Item><Title>One &amp; only</Title><URL>https://files.example/1?a=b&amp;c=d</URL></Item>"
    other = "<Item><Title>Two</Title><URL>https://files.example/2?a=b&c=d</URL></Item>"

    reading = read(ACNS.replace("{item}", item + other))

    assert reading.items == ["https://files.example/1?a=b&c=d", "https://files.example/2?a=b&c=d"]
    assert said(reading, "item_location") == ["https://files.example/1?a=b&amp;c=d", "https://files.example/2?a=b&c=d"]


MENDED = {
    "a raw ampersand": ("<Item><Title>Tom & Jerry</Title></Item>", "Tom & Jerry"),
    "an unknown entity": ("<Item><Title>Tom &jerry; Co</Title></Item>", "Tom &jerry; Co"),
    "character data": ("<Item><Title><![CDATA[Tom & <Jerry>]]></Title></Item>", "Tom & <Jerry>"),
    "a bracket in a name": ("<Item><Title>Tom <live> Jerry</Title></Item>", "Tom <live> Jerry"),
    "a control character": ("<Item><Title>Tom\x0b\x1f Jerry</Title></Item>", "Tom\x0b\x1f Jerry"),
    "an empty title": ("<Item><Title/><FileName>tom.mkv</FileName></Item>", "tom.mkv"),
    "a comment": ("<Item><!-- <Title>No</Title> --><Title>Tom</Title></Item>", "Tom"),
    "character data never closed": ("<Item><Title>Tom</Title><FileName><![CDATA[x</FileName></Item>", "Tom"),
}


@pytest.mark.parametrize("what", MENDED)
def test_what_senders_break_is_mended(what: str):
    item, title = MENDED[what]

    assert said(read(ACNS.replace("{item}", item)), "work_description") == [title]


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "gb18030"])
def test_a_wrong_declaration_of_the_charset_does_no_harm(charset: str):
    name = "Café au lait" if charset == "latin-1" else "我们的电影在这里"

    assert said(
        read(ACNS.replace("{item}", f"<Item><Title>{name}</Title></Item>").encode(charset)), "work_description"
    ) == [name]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE I [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE I SYSTEM "file:///etc/passwd">',
        "<!ENTITY % x '1'>",
    ],
)
def test_a_document_that_declares_entities_is_not_read(declared: str):
    reading = read(f"{HEAD}\n{WORDS}\n{declared}\n{PLAIN.split(chr(10), 1)[1]}")

    assert reading.sources == []
    assert "acns" in reading.unsure
    assert "work_description" not in reading.found or "The Ferry" not in said(reading, "work_description")


def test_what_was_cut_off_is_read_and_not_sure():
    reading = read(PLAIN[: PLAIN.index("<FileName>")])

    assert said(reading, "work_description") == ["The Ferry"]
    assert "acns" in reading.unsure


@pytest.mark.parametrize(("status", "kind"), [("Closed", "retraction"), ("Open", "other")])
def test_an_update_of_a_case_is_no_new_notice(status: str, kind: str):
    update = PLAIN.replace("Infringement", "StatusUpdate").replace("Open", status)

    assert read(update).kind == kind


HELLO = hashlib.sha256(b"hello").hexdigest()
REPORT = {
    "xarf_version": "4.0.0",
    "report_id": "711c32e8-ed30-43f2-a519-a7098fe7cc9d",
    "timestamp": "2026-01-11T14:16:41Z",
    "reporter": {"org": "Agency Example", "contact": "dmca@agency.example", "domain": "agency.example"},
    "sender": {"org": "Agency Example", "contact": "dmca@agency.example", "domain": "agency.example"},
    "source_identifier": "203.0.113.9",
    "source_port": 6881,
    "category": "copyright",
    "work_title": "黎明 / Dawn",
    "rights_holder": "Dawn Films",
    "evidence": [
        {"content_type": "text/plain", "description": "log", "payload": "aGVsbG8=", "hash": f"sha256:{HELLO}"},
        {"content_type": "image/png", "payload": "aGVsbG8=", "hash": "sha256:" + "0" * 64},
    ],
}  # fmt: skip
URL = {"infringing_url": "https://files.example/d/1", "original_url": "https://dawn.example/film"}
TYPES = {
    "copyright": (URL, ["https://files.example/d/1"]),
    "cyberlocker": (URL, ["https://files.example/d/1"]),
    "ugc-platform": (URL, ["https://files.example/d/1"]),
    "ugc_platform": (URL, ["https://files.example/d/1"]),
    "link-site": ({**URL, "downstream_links": ["https://other.example/x"]}, ["https://files.example/d/1"]),
    "p2p": ({"p2p_protocol": "bittorrent", "swarm_info": {"info_hash": "a" * 40, "torrent_name": "Dawn.mkv"}}, []),
    "usenet": ({"message_info": {"message_id": "<a@news.example>", "subject": "Dawn [1/50]"}}, []),
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("is_attached", [False, True])
def test_an_xarf_report_about_copyright_is_a_notice(kind: str, is_attached: bool):
    more, items = TYPES[kind]
    raw = json.dumps({**REPORT, "type": kind, **more}).encode()

    reading = read(attached("report.json", "application/json", raw, "See attached.") if is_attached else raw)

    assert (reading.kind, reading.items) == ("notice", items)
    assert reading.originals == (["https://dawn.example/film"] if items else [])
    assert said(reading, "complainant_name") == ["Dawn Films", "Agency Example"]
    assert "item_location" in reading.found
    assert reading.sources[0].address == "203.0.113.9"
    assert all(reading.text[mark.start : mark.end] == mark.value for marks in reading.found.values() for mark in marks)


def test_an_xarf_report_about_something_else_is_no_notice():
    assert read(json.dumps({**REPORT, "category": "messaging", "type": "spam"})).kind == "other"


def test_a_report_that_was_cut_off_is_read_and_not_sure():
    raw = json.dumps({**REPORT, "type": "copyright", **URL})

    reading = read(raw[: raw.index('"original_url"')])

    assert reading.items == ["https://files.example/d/1"]
    assert "xarf" in reading.unsure


def test_the_evidence_of_a_report_is_a_file_and_no_word_of_the_letter():
    big = base64.b64encode(b"x" * 30_000).decode()
    raw = json.dumps(
        {**REPORT, "type": "copyright", **URL, "evidence": [{"content_type": "text/plain", "payload": big}]}
    )

    assert len(read(raw).text) < 3000
    assert [(len(file.data), file.is_intact) for file in enclosed_in(raw.encode())] == [(30_000, True)]


def test_evidence_that_is_not_what_its_digest_says_is_told_from_what_is():
    raw = json.dumps({**REPORT, "type": "copyright", **URL}).encode()

    files = enclosed_in(attached("report.json", "application/json", raw))

    assert [(file.name, file.data, file.is_intact) for file in files] == [
        ("log", b"hello", True),
        ("evidence", b"hello", False),
    ]


def test_a_connection_in_plain_words_locates_what_peers_share():
    reading = read(
        "Our copyright in the film Dawn is infringed, please act.\nIP Address: 203.0.113.77\nPort: 51413\n"
        "Timestamp: 2026-04-10T22:01:13Z\nFile Name: Dawn.mkv\nMore on legal films: https://legal.example/find\n"
    )

    assert (reading.kind, reading.items) == ("notice", [])
    assert said(reading, "item_location") == ["203.0.113.77"]
    assert [vars(source) for source in reading.sources] == [
        {"address": "203.0.113.77", "port": "51413", "time": "2026-04-10T22:01:13Z", "files": ["Dawn.mkv"]}
    ]


def said(reading: Reading, element: str) -> list[str]:
    return [mark.value for mark in reading.found[element]]
