"""The pairs that load is driven with: made by acts, and able to talk."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from ledger.models import Entry
from messaging import access
from messaging.models import Conversation
from tests.messaging import world
from verification.access import token_by_secret

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_line_is_a_pair_with_an_open_conversation() -> None:
    out = io.StringIO()

    call_command("bench_world", pairs=3, stdout=out)

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(lines) == len({line["conversation"] for line in lines}) == 3
    for line in lines:
        conversation = Conversation.objects.get(pk=line["conversation"])
        for secret, side in zip(line["tokens"], ("rights_holder", "uploader"), strict=True):
            account = token_by_secret(secret, world.now()).account
            assert access.party_of(account, conversation.pk).side == side
    for act in ("account.registered", "identity.reviewed", "subscriber.claimed", "conversation.opened", "token.issued"):
        assert Entry.objects.filter(act=act).count() >= 3


@pytest.mark.parametrize("pairs", [0, -1, 10**9])
def test_numbers_out_of_range_are_refused(pairs: int) -> None:
    with pytest.raises(CommandError):
        call_command("bench_world", pairs=pairs)
