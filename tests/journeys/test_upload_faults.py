"""An upload in pieces while the web process and PostgreSQL are killed: what was acknowledged is there, and all of it arrives."""

import hashlib

import pytest

from tests.journeys.client import Answer, Program
from tests.live import LivePortal

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]
PIECE = 300_000
DATA = b"".join(f"line {number}\n".encode() for number in range(100_000))


def test_nothing_acknowledged_is_lost_when_processes_are_killed_between_the_pieces(live_portal: LivePortal) -> None:
    program = Program(live_portal.url, live_portal.token("rights-holder@demo.example"), {"Tus-Resumable": "1.0.0"})
    place = (
        program.call("POST", "/api/v1/uploads", data=b"", Upload_Length=str(len(DATA))).expect(201).headers["Location"]
    )
    offset, kills = 0, ["web", "postgres"]

    while True:
        answer = piece(program, place, offset).expect(204)
        offset += PIECE
        if answer.headers["Upload-File"]:
            break
        if kills:
            live_portal.restart(kills.pop())
        standing = program.call("HEAD", place).expect(200).headers
        assert int(standing["Upload-Offset"]) == offset

    file = program.get(f"/api/v1/files/{answer.headers['Upload-File']}").json
    assert (file["size"], file["sha256"]) == (len(DATA), hashlib.sha256(DATA).hexdigest())
    assert live_portal.manage("check_files", check=False).returncode == 0


def piece(program: Program, place: str, offset: int) -> Answer:
    headers = {"Upload_Offset": str(offset), "Content_Type": "application/offset+octet-stream"}
    return program.call("PATCH", place, data=DATA[offset : offset + PIECE], **headers)
