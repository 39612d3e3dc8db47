"""What the record's followers tell those who watch a complaint."""

import pytest

from complaints.followers import news
from core.times import rfc3339
from ledger.models import Entry
from tests.complaints.world import World


def test_open_pages_hear_act_state_and_time_and_nothing_else(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    monkeypatch.setattr(news, "matter_changed", lambda *told: heard.append(told))
    complaint = world.accepted()
    entry = Entry.objects.get(subject=complaint.reference, act="complaint.accepted")

    news.hint(entry)

    assert heard == [(complaint.reference, {"act": "complaint.accepted", "state": "accepted", "at": rfc3339(entry.at)})]
