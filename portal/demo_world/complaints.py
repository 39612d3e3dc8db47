"""The demo's complaints: one for every state that a newcomer would want to see, each come there by the portal's acts.

A story is found again by the title of its work, and each step looks where the story stands, so that a world that was
begun is gone on with, and a finished one is left as it is.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from complaints import access, actions
from complaints.models import Complaint
from complaints.rules import ALL_FORWARD_GROUNDS, Capacity, MeasureKind, State, SuitKind
from core.actors import PUBLIC, SYSTEM
from messaging import access as conversations
from messaging import actions as conversation_actions
from messaging import rules as messaging
from portal.demo_world.people import People
from verification.models import Account

DAY = dt.timedelta(days=1)
CONTACT = {
    "name": "Films Example Ltd",
    "postal_address": "1 Example Street, 00000 Exampleton",
    "email": "rights-holder@demo.example",
    "phone": "+1 202 555 0100",
}
COUNTER_CONTACT = {
    "name": "The uploader of the demo",
    "postal_address": "7 Sample Lane, 00000 Sampleton",
    "email": "uploader@demo.example",
    "phone": "+1 202 555 0177",
}
URL = "https://cloudhaven.example/v/"
LETTER_NAME = "notice-by-mail.txt"
LETTER = """\
To the designated agent of Cloudhaven

I am writing on behalf of Films Example Ltd, owner of the copyright in the film "The Ferry at Dawn".

The film has been uploaded without permission at:
https://cloudhaven.example/v/item-1

The original is offered at https://films.example/the-ferry-at-dawn

I have a good faith belief that use of the material in the manner complained of is not authorized by the copyright
owner, its agent, or the law.

Please remove it.

Films Example Ltd
1 Example Street, 00000 Exampleton
legal@films.example

/s/ For Films Example Ltd
"""


@dataclass(frozen=True)
class Story:
    """A complaint of the demo: about which work, in which law, of which item, filed how many days ago, and what then."""

    title: str
    regime: str
    item: str
    days_ago: float
    steps: "tuple[Step, ...]" = ()
    is_complete: bool = True


@dataclass(frozen=True)
class Step:
    """What happens so many days ago, when the complaint stands in this state."""

    state: State
    days_ago: float
    act: "Callable[[Complaint, People, dt.datetime], object]"


def _accept(complaint: Complaint, people: People, now: dt.datetime) -> object:
    return actions.accept(reference=complaint.reference, by=people.handler, now=now)


def _remove(complaint: Complaint, people: People, now: dt.datetime) -> object:
    return actions.order_measure(
        reference=complaint.reference,
        by=people.handler,
        kind=MeasureKind.REMOVAL,
        reasons="The notice is complete and what it shows makes the infringement likely.",
        now=now,
    )


def _report(complaint: Complaint, people: People, now: dt.datetime) -> object:
    waiting = [measure for measure in access.measures_of(complaint) if measure.executed_at is None]
    if not waiting:
        return None
    done_at = now + dt.timedelta(minutes=2)
    return actions.report_execution(reference=complaint.reference, by=people.service, now=done_at)


def _forward(complaint: Complaint, people: People, now: dt.datetime) -> object:
    return actions.order_measure(
        reference=complaint.reference,
        by=people.handler,
        kind=MeasureKind.FORWARD_ONLY,
        grounds=ALL_FORWARD_GROUNDS,
        reasons="The file lies in an encrypted volume that forty tenants share; nothing of it can be removed alone.",
        now=now,
    )


def _contest(complaint: Complaint, people: People, now: dt.datetime) -> object:
    statements = {
        "us": ("good_faith", "jurisdiction"),
        "cn": ("accuracy",),
    }
    counter = actions.CounterStatement(
        contact=COUNTER_CONTACT,
        grounds="It is my own recording of a public lecture; the film only shares its title.",
        statements=statements[complaint.regime],
        signature="The uploader of the demo",
    )
    return actions.file_counter_notice(reference=complaint.reference, by=people.uploader, counter=counter, now=now)


def _return(complaint: Complaint, _people: People, _now: dt.datetime) -> object:
    due_at = max(filter(None, (one.restore_due_at for one in access.counter_notices_of(complaint))))
    return actions.restore(reference=complaint.reference, by=SYSTEM, now=due_at)


def _bring_back(complaint: Complaint, people: People, _now: dt.datetime) -> object:
    lifted = [one.lifted_at for one in access.measures_of(complaint) if one.lifted_at and one.undone_at is None]
    if not lifted:
        return None
    done_at = lifted[0] + dt.timedelta(minutes=2)
    return actions.report_execution(reference=complaint.reference, by=people.service, now=done_at)


def _sue(complaint: Complaint, people: People, now: dt.datetime) -> object:
    if not complaint.suits.exists():
        actions.show_suit(
            reference=complaint.reference,
            by=people.rights_holder,
            kind=SuitKind.LAWSUIT,
            body="Intellectual property court, docket of the demo",
            case_number="DEMO-17",
            now=now,
        )
    reasons = "A lawsuit was shown in time; the measure stays until the court has decided."
    return actions.uphold(reference=complaint.reference, by=people.handler, reasons=reasons, now=now + DAY)


def _reject(complaint: Complaint, people: People, now: dt.datetime) -> object:
    reasons = "The address leads to a review that quotes eleven seconds; nothing shows more than a quotation."
    return actions.reject(reference=complaint.reference, by=people.handler, reasons=reasons, now=now)


def _withdraw(complaint: Complaint, people: People, now: dt.datetime) -> object:
    reasons = "We found that our own distributor put it up."
    return actions.withdraw(reference=complaint.reference, by=people.rights_holder, reasons=reasons, now=now)


def _close(complaint: Complaint, people: People, now: dt.datetime) -> object:
    return actions.close(reference=complaint.reference, by=people.handler, now=now)


def _settle(complaint: Complaint, people: People, now: dt.datetime) -> object:
    """Have the two sides agree on a licence in their conversation; the complaint is settled by it."""
    conversation = actions.conversation_for(people.uploader, complaint.reference, now)
    terms = messaging.Terms(
        kind=messaging.ProposalKind.LICENSE,
        text="The film may stay where it is, whole and unchanged, and with our name beside it.",
        amount=Decimal("120.00"),
        currency="EUR",
        territory="Europe",
    )
    known = conversations.proposals_of(conversation)
    offered = known[0] if known else conversation_actions.propose(
        conversation_id=conversation.pk, terms=terms, by=people.rights_holder, now=now
    )  # fmt: skip
    if offered.is_open:
        conversation_actions.accept(proposal_id=offered.pk, by=people.uploader, now=now)
    return actions.settle(
        reference=complaint.reference, kind=offered.kind, proposal=str(offered.pk), by=SYSTEM, now=now
    )


def _taken_down(days_ago: int) -> tuple[Step, ...]:
    return (
        Step(State.FILED, days_ago, _accept),
        Step(State.ACCEPTED, days_ago, _remove),
        Step(State.ACTED, days_ago, _report),
    )


STORIES = (
    Story("Salt and Copper", "us", "item-20", 61, (*_taken_down(60), Step(State.ACTED, 30, _close))),
    Story(
        title="Seven Winters",
        regime="us",
        item="item-16",
        days_ago=45,
        steps=(
            *_taken_down(44),
            Step(State.ACTED, 40, _contest),
            Step(State.CONTESTED, 0, _return),
            Step(State.RESTORED, 0, _bring_back),
        ),
    ),
    Story(
        title="The Glass Orchard",
        regime="cn",
        item="item-17",
        days_ago=40,
        steps=(*_taken_down(39), Step(State.ACTED, 35, _contest), Step(State.CONTESTED, 32, _sue)),
    ),
    Story("The Paper Kites", "us", "item-21", 15, (*_taken_down(14), Step(State.ACTED, 10, _settle))),
    Story("Harbour Street", "cn", "item-19", 20, (Step(State.FILED, 18, _withdraw),)),
    Story("River Without Banks", "cn", "item-15", 12, (*_taken_down(11), Step(State.ACTED, 4, _contest))),
    Story("A Map of Rain", "cn", "item-14", 9, (Step(State.FILED, 8, _accept), Step(State.ACCEPTED, 8, _forward))),
    Story("The Quiet Orchestra", "us", "item-18", 8, (Step(State.FILED, 7, _reject),)),
    Story("Paper Lanterns", "us", "item-13", 6, _taken_down(5)),
    Story("North of the Bridge", "cn", "item-12", 1, (Step(State.FILED, 0.5, _accept),)),
    Story("Ten Thousand Steps", "us", "item-11", 2, is_complete=False),
    Story("The Lighthouse at Low Tide", "cn", "item-10", 0.1),
)
UNCONFIRMED = Story("Letters to the Sea", "us", "item-10", 0)


def make(people: People, now: dt.datetime) -> None:
    """Make the complaints that are missing, and go on with those that were begun."""
    for story in STORIES:
        _tell(story, people, now)
    if not Complaint.objects.filter(works__title=UNCONFIRMED.title).exists():
        _file(UNCONFIRMED, None, now)
    _keep_letter(people.handler, now)


def _tell(story: Story, people: People, now: dt.datetime) -> None:
    complaint = access.visible_to(people.rights_holder).filter(works__title=story.title).first()
    if complaint is None:
        complaint = _file(story, people.rights_holder, now - story.days_ago * DAY)
    for step in story.steps:
        complaint.refresh_from_db(fields=["state"])
        if complaint.state == step.state:
            step.act(complaint, people, now - step.days_ago * DAY)


def _file(story: Story, by: Account | None, now: dt.datetime) -> Complaint:
    notice = actions.Notice(
        capacity=Capacity.OWNER,
        contact=CONTACT if by else {**CONTACT, "email": "passer-by@films.example"},
        works=[{"title": story.title, "kind": "film", "work": None}],
        items=[{"url": URL + story.item, "external_id": story.item}],
        grounds="We made this film and never licensed it to anybody who could put it up here.",
        statements=("good_faith", "accuracy") if story.is_complete else ("good_faith",),
        signature="For Films Example Ltd" if story.is_complete else "",
    )
    return actions.file_complaint(
        by=by or PUBLIC, provider="cloudhaven", regime=story.regime, notice=notice, language="en", now=now
    )


def _keep_letter(handler: Account, now: dt.datetime) -> None:
    if access.letters_of(handler).filter(name=LETTER_NAME).exists():
        return
    actions.keep_letter(
        by=handler,
        provider=access.provider_of_handler(handler),
        content=LETTER.encode(),
        name=LETTER_NAME,
        sender="legal@films.example",
        received_at=now - DAY,
        now=now,
    )
