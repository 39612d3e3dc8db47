"""What happens by time alone: checkpoints go to auditors, once a day."""

import datetime as dt

import pytest
from django.core import mail

from core.actors import SYSTEM
from core.mail import send_due
from ledger import keys, notes, sealing
from tests.factories import people
from tests.factories.people import NOW
from verification import actions
from verification.rules import Role
from verification.tasks import mail_checkpoints

pytestmark = pytest.mark.django_db


def test_every_auditor_gets_the_newest_checkpoint_once_a_day():
    auditors = [people.member(Role.AUDITOR, people.provider(code)) for code in ("cloudhaven", "otherhost")]
    people.member(Role.HANDLER, people.provider())
    sealing.seal(NOW)

    sent = [mail_checkpoints(NOW), mail_checkpoints(NOW), mail_checkpoints(NOW + dt.timedelta(days=1))]
    send_due(NOW + dt.timedelta(days=1))

    assert sent == [2, 0, 2]
    assert sorted(one.to[0] for one in mail.outbox) == sorted(auditor.email for auditor in auditors * 2)
    for one in mail.outbox:
        start = one.body.index(f"{keys.signer().verifier.name}\n")
        note = one.body[start : one.body.index("\n", one.body.index("\n— ", start) + 1) + 1]
        assert notes.open_note(note, keys.own_verifiers()).tree_size > 0


def test_who_audits_no_longer_gets_none():
    host = people.provider("cloudhaven")
    former, present = (people.member(Role.AUDITOR, host) for _ in range(2))
    actions.end_role(account=former, role=Role.AUDITOR, organisation=host, by=SYSTEM, now=NOW)
    sealing.seal(NOW)

    assert mail_checkpoints(NOW) == 1
    send_due(NOW)
    assert [one.to for one in mail.outbox] == [[present.email]]


def test_before_the_first_sealing_there_is_nothing_to_send():
    people.member(Role.AUDITOR, people.provider("cloudhaven"))

    assert mail_checkpoints(NOW) == 0
