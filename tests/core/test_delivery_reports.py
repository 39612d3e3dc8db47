"""What mail servers write back is told apart and read; what was made to hurt the reader is not read."""

import time

import pytest

from core.delivery_reports import LONGEST_REPORT_BYTES, Outcome, read
from tests.core import bounced

TO = "bounce+x@portal.example"
WENT = "retry timeout exceeded"
SHAPES = {
    "Postfix, no such user": (bounced.postfix(TO), Outcome.FAILED, "5.1.1", True),
    "Postfix, gave up": (bounced.postfix(TO, status="4.4.1", code="x"), Outcome.FAILED, "4.4.1", False),
    "Postfix, still trying": (bounced.postfix(TO, action="delayed", status="4.7.1"), Outcome.DELAYED, "4.7.1", False),
    "Postfix, arrived": (bounced.postfix(TO, action="delivered", status="2.0.0"), Outcome.ARRIVED, "2.0.0", False),
    "a status only in the reply": (bounced.postfix(TO, status="", code="551 not here"), Outcome.FAILED, "5.0.0", True),
    "no status at all": (bounced.postfix(TO, status="", code=""), Outcome.FAILED, "", False),
    "Exchange, full": (bounced.exchange(TO), Outcome.FAILED, "5.2.2", True),
    "old Exim, unrouteable": (bounced.old_exim(TO, "Unrouteable address"), Outcome.FAILED, "5.0.0", True),
    "old Exim, refused": (bounced.old_exim(TO, "550 5.7.1 go away"), Outcome.FAILED, "5.7.1", True),
    "old Exim, too long": (bounced.old_exim(TO, f"{WENT}: 451 greylisted"), Outcome.FAILED, "4.4.7", False),
    "out of office": (bounced.out_of_office(TO), Outcome.ANSWERED, "", False),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_is_read_as_its_server_writes_it(shape: str):
    raw, outcome, status, is_permanent = SHAPES[shape]

    report = read(raw)

    assert report is not None
    assert (report.outcome, report.status, report.is_permanent) == (outcome, status, is_permanent)
    assert any(TO in address for address in report.returned_to)


def test_the_worst_of_several_recipients_counts():
    two = bounced.postfix(TO, action="delayed").replace(
        b"\nFinal-Recipient",
        b"\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient",
        1,
    )

    report = read(two)

    assert report is not None
    assert report.outcome == Outcome.FAILED


def nested(depth: int) -> bytes:
    opened = "".join(f"Content-Type: multipart/report; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return f"To: {TO}\n{opened}Content-Type: message/delivery-status\n\nAction: failed\n".encode()


NO_REPORTS = {
    "a letter": bounced.letter(TO),
    "a letter that says so": bounced.letter(TO).replace(b"Subject", b"Auto-Submitted: no\nSubject"),
    "nothing": b"",
    "bytes": bytes(range(256)) * 20,
    "a status part outside of a report": bounced.postfix(TO)
    .replace(b"multipart/report", b"multipart/mixed")
    .replace(b"Auto-Submitted: auto-replied\n", b"", 1),
    "too long": bounced.postfix(TO) + b"x" * LONGEST_REPORT_BYTES,
    "nested without end": nested(3000),
    "a header that costs": b"Content-Type: multipart/report; x=" + b'";' * 400_000 + b"\n\n",
    "a header folded that costs": b"Content-Type: multipart/report;" + b'\r "";' * 100_000 + b"\r\r",
    "a boundary in no charset": b"Content-Type: multipart/report; boundary*=\x00''a\n\n",
}


@pytest.mark.parametrize("message", NO_REPORTS)
def test_what_is_no_report_is_left_alone_at_once(message: str):
    began = time.process_time()

    assert read(NO_REPORTS[message]) is None
    assert time.process_time() - began < 0.5
