"""A complaint as X-ARF: valid by the format, for those who may know the complainant, and read by our own reader."""

import json
from typing import Any

import jsonschema
import pytest

from complaints.letters import read
from tests.complaints.world import CONTACT, World
from tests.factories import people

# What the published schema of the type demands (xarf-core.json with copyright-copyright.json, v4), in short.
PARTY = {
    "type": "object",
    "required": ["org", "contact", "domain"],
    "additionalProperties": False,
    "properties": {
        "org": {"maxLength": 200},
        "contact": {"pattern": "^[^@ <>]+@[^@ <>]+$"},
        "domain": {"pattern": r"^[a-z0-9.-]+$"},
    },
}
TEXTS = ("xarf_version", "report_id", "timestamp", "source_identifier", "category", "type", "infringing_url")
SCHEMA = {
    "type": "object",
    "required": [*TEXTS, "reporter", "sender"],
    "properties": {
        **{name: {"type": "string"} for name in TEXTS},
        "xarf_version": {"pattern": r"^4\.[0-9]+\.[0-9]+$"},
        "report_id": {"pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "timestamp": {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
        "category": {"const": "copyright"},
        "type": {"const": "copyright"},
        "infringing_url": {"pattern": r"^https?://\S+$"},
        "reporter": PARTY,
        "sender": PARTY,
        "work_title": {"type": "string", "maxLength": 500},
        "rights_holder": {"type": "string", "maxLength": 200},
        "description": {"type": "string", "maxLength": 1000},
        "tags": {"maxItems": 20, "items": {"pattern": "^[a-z0-9][a-z0-9_+-]*:[a-z0-9][a-z0-9_+-.]*$"}},
    },
}


@pytest.mark.django_db
def test_a_complaint_is_given_as_valid_reports_which_our_own_reader_understands(world: World):
    items = [
        {"url": "https://files.example/1"},
        {"url": "https://files.example/2"},
        {"url": "203.0.113.5:6881 at noon"},
    ]
    complaint = world.filed(items=items)

    reports = people.program(world.handler).get(f"/api/v1/complaints/{complaint.reference}/xarf").json()

    for report in reports:
        jsonschema.validate(report, SCHEMA)
    assert [report["infringing_url"] for report in reports] == ["https://files.example/1", "https://files.example/2"]
    reading = read(json.dumps(reports))
    assert (reading.kind, reading.items) == ("notice", ["https://files.example/1", "https://files.example/2"])
    assert CONTACT["name"] in [mark.value for mark in reading.found["complainant_name"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("rights_holder", 200),
        ("handler", 200),
        ("uploader", 403),
        ("auditor", 403),
        ("stranger", 404),
        ("other_handler", 404),
    ],
)
def test_only_who_may_know_the_complainant_gets_it(world: World, who: str, status: int):
    complaint = world.acted()

    answer: Any = people.program(getattr(world, who)).get(f"/api/v1/complaints/{complaint.reference}/xarf")

    assert answer.status_code == status
    assert (CONTACT["email"] in answer.content.decode()) == (status == 200)
