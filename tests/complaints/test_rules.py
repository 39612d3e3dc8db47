"""The chart of moves: every pair of states; and what is offered. Who may do what in which state is in test_grid."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from complaints import actions, rules
from complaints.access import acts_for, viewer_of
from complaints.models import Complaint
from complaints.rules import MOVES, State, check_move
from core.actors import PUBLIC
from core.errors import Conflict, NotFound
from tests.complaints.world import NOW, World, counter_statement

S = State
# Every move there is, written down a second time by hand.
ALLOWED = {
    ("draft", "unconfirmed"), ("draft", "filed"), ("draft", "defective"), ("draft", "withdrawn"),
    ("unconfirmed", "filed"), ("unconfirmed", "defective"), ("unconfirmed", "withdrawn"),
    ("defective", "defective"), ("defective", "filed"), ("defective", "rejected"), ("defective", "withdrawn"),
    ("defective", "settled"), ("defective", "closed"),
    ("filed", "filed"), ("filed", "defective"), ("filed", "accepted"), ("filed", "rejected"), ("filed", "withdrawn"),
    ("filed", "settled"),
    ("accepted", "acted"), ("accepted", "forwarded"), ("accepted", "rejected"), ("accepted", "withdrawn"),
    ("accepted", "settled"),
    ("acted", "acted"), ("acted", "contested"), ("acted", "upheld"), ("acted", "restored"), ("acted", "withdrawn"),
    ("acted", "settled"), ("acted", "closed"),
    ("forwarded", "forwarded"), ("forwarded", "acted"), ("forwarded", "contested"), ("forwarded", "upheld"),
    ("forwarded", "restored"), ("forwarded", "withdrawn"), ("forwarded", "settled"), ("forwarded", "closed"),
    ("contested", "contested"), ("contested", "acted"), ("contested", "restored"), ("contested", "upheld"),
    ("contested", "withdrawn"), ("contested", "settled"),
    ("restored", "accepted"), ("restored", "closed"),
    ("upheld", "acted"), ("upheld", "restored"), ("upheld", "withdrawn"), ("upheld", "settled"), ("upheld", "closed"),
    ("rejected", "accepted"), ("rejected", "closed"),
    ("withdrawn", "closed"), ("settled", "closed"), ("settled", "defective"),
    ("settled", "filed"), ("settled", "accepted"), ("settled", "acted"), ("settled", "forwarded"),
}  # fmt: skip


def test_the_chart_names_every_state_and_every_state_its_next_step() -> None:
    assert set(MOVES) == set(State)
    assert set(rules.NEXT_STEPS) == set(State)
    assert all(str(rules.next_step(state)) for state in State)


@pytest.mark.parametrize(("old", "new"), list(itertools.product(State.values, State.values)))
def test_a_move_is_possible_when_the_chart_says_so_and_only_then(old: str, new: str) -> None:
    if (old, new) in ALLOWED:
        check_move(old, State(new))
        return
    with pytest.raises(Conflict) as refused:
        check_move(old, State(new))
    assert refused.value.state == old


def make(world: World, state: str) -> Complaint:
    """Return a complaint in the state, by the acts that lead there."""
    begun: dict[str, Callable[[], Complaint]] = {
        "unconfirmed": lambda: world.filed(by=PUBLIC),
        "defective": lambda: world.filed(signature=""),
        "filed": world.filed,
        "rejected": world.filed,
        "accepted": world.accepted,
        "forwarded": world.accepted,
        "contested": world.contested,
    }
    made = begun.get(state, world.acted)()
    give: dict[str, Any] = {"reference": made.reference, "by": world.handler, "now": NOW}
    grounds = list(rules.ALL_FORWARD_GROUNDS)
    ends: dict[str, Callable[[], object]] = {
        "rejected": lambda: actions.reject(reasons="A review.", **give),
        "forwarded": lambda: world.measure(made, "forward_only", grounds=grounds),
        "restored": lambda: actions.restore(reasons="A mistake.", **give),
        "upheld": lambda: actions.uphold(reasons="It stays.", **give),
        "withdrawn": lambda: actions.withdraw(reference=made.reference, by=world.rights_holder, now=NOW),
        "closed": lambda: actions.close(**give),
    }
    if state in ends:
        ends[state]()
    return Complaint.objects.get(pk=made.pk)


def call(act: str, world: World, reference: str, by: Any) -> object:
    give = {"reference": reference, "by": by, "now": NOW}
    calls = {
        "acceptance": lambda: actions.accept(**give),
        "rejection": lambda: actions.reject(reasons="Because.", **give),
        "cure": lambda: actions.ask_for_more(elements=["location"], reasons="Because.", **give),
        "measure": lambda: actions.order_measure(kind="removal", reasons="Because.", **give),
        "execution": lambda: actions.report_execution(**give),
        "counter-notice": lambda: actions.file_counter_notice(counter=counter_statement("us"), **give),
        "suit": lambda: actions.show_suit(kind="lawsuit", body="A court", **give),
        "correction": lambda: actions.correct_complaint(changes={"grounds": "More."}, **give),
        "withdrawal": lambda: actions.withdraw(**give),
        "restoration": lambda: actions.restore(reasons="Because.", **give),
        "upholding": lambda: actions.uphold(reasons="Because.", **give),
        "closing": lambda: actions.close(**give),
        "appeal": lambda: actions.appeal(reasons="Because.", **give),
        "assignment": lambda: actions.assign(**give),
        "interest": lambda: actions.declare_interest(about="matter", reasons="Because.", **give),
        "letters": lambda: actions.send_letter(to="complainant", subject="A word", body="A text.", **give),
        "misuse": lambda: actions.find_misuse(kind="false_identity", reasons="Because.", **give),
    }
    return calls[act]()


STATES = (
    "unconfirmed", "defective", "filed", "accepted", "rejected", "forwarded", "acted", "contested", "restored", "upheld",
    "withdrawn", "closed",
)  # fmt: skip


@pytest.mark.parametrize("state", [state for state in STATES if state != "unconfirmed"])
def test_what_is_offered_is_what_would_succeed(world: World, state: str) -> None:
    made = make(world, state)
    for who in ("rights_holder", "uploader", "handler"):
        account = getattr(world, who)
        try:
            viewer = viewer_of(account, made)
        except NotFound:
            continue
        for act in acts_for(viewer, made):
            if act in ("restoration", "measure") and state in ("contested",):
                continue  # offered all day, and possible from the earliest day on
            with transaction.atomic():
                call(act, world, made.reference, account)
                transaction.set_rollback(True)
