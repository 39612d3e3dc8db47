"""Every act of this app leaves exactly one entry, under its own name."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from core.actors import SYSTEM
from investigations import actions
from investigations.models import Investigation
from ledger.acts import ACTIONS
from ledger.models import Entry
from tests.investigations.world import World, now, seal
from verification.models import Account

WHY = "The basis holds."


def on(made: Investigation, by: Any, **given: Any) -> dict[str, Any]:
    if isinstance(by, Account):
        by.second_factor_at = now()
    return {"reference": made.reference, "by": by, "now": now(), **given}


def consulted(w: World) -> Investigation:
    made = w.filed()
    actions.consult(**on(made, w.reviewer, message="What do you think?"))
    return made


def collected(w: World) -> Investigation:
    made = w.disclosed()
    w.collected(made)
    return made


def collected_untold(w: World) -> Investigation:
    """Return a request of whose collection the uploader is told a day later."""
    ground = {"notify_subject_after": now() + dt.timedelta(days=1), "confidentiality_ground": "It would be hidden."}
    made = w.disclosed(**ground)
    w.collected(made)
    return made


# What an act needs first, and the act on it.
ACTS: dict[str, tuple[Callable[[World], Any], Callable[[World, Any], object]]] = {
    "investigation.filed": (lambda w: w.given(), lambda w, given: w.filed(**given)),
    "investigation.corrected": (
        World.filed, lambda w, made: actions.correct_request(**on(made, w.officer, changes={"purpose": "Another."})),
    ),
    "investigation.acknowledged": (World.filed, lambda w, made: actions.acknowledge(**on(made, SYSTEM))),
    "investigation.overdue": (World.filed, lambda w, made: actions.note_overdue(**on(made, SYSTEM, clock="answer"))),
    "investigation.withdrawn": (World.filed, lambda w, made: actions.withdraw(**on(made, w.officer))),
    "investigation.consulted": (
        World.filed, lambda w, made: actions.consult(**on(made, w.reviewer, message="What do you think?")),
    ),
    "investigation.statement_given": (
        consulted,
        lambda w, made: actions.give_statement(**on(made, w.uploader, statement="No.", has_consented=False)),
    ),
    "investigation.hearing_ended": (consulted, lambda w, made: actions.end_hearing(**on(made, SYSTEM))),
    "investigation.assessed": (World.filed, lambda w, made: w.assess(made)),
    "investigation.authorized": (World.assessed, lambda w, made: w.authorize(made)),
    "investigation.refused": (World.assessed, lambda w, made: actions.refuse(**on(made, w.authorizer, reasons=WHY))),
    "investigation.disclosed": (World.authorized, lambda w, made: actions.disclose(**on(made, w.authorizer))),
    "investigation.collected": (World.disclosed, lambda w, made: w.collected(made)),
    "investigation.reissued": (collected, lambda w, made: actions.reissue(**on(made, w.authorizer, reasons="Lost."))),
    "investigation.revoked": (World.disclosed, lambda w, made: actions.revoke(**on(made, w.authorizer, reasons=WHY))),
    "investigation.expired": (World.disclosed, lambda w, made: actions.expire(**on(made, SYSTEM))),
    "investigation.subject_told": (
        collected_untold,
        lambda w, made: actions.tell_subject(
            reference=made.reference, by=SYSTEM, now=now() + dt.timedelta(days=2)
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_one_entry_under_its_name(world: World, name: str):
    prepare, act = ACTS[name]
    prepared = prepare(world)
    seal()
    before = set(Entry.objects.values_list("pk", flat=True))

    act(world, prepared)

    assert [entry.act for entry in Entry.objects.exclude(pk__in=before)] == [name]


def test_every_act_is_in_this_table():
    assert {name for name, act in ACTIONS.items() if act.__module__.startswith("investigations.")} == set(ACTS)
