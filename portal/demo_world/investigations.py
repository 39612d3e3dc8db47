"""The demo's requests for an uploader's identity: one for every step, each come there by the portal's acts.

A story is found again by the content that it asks about, and each step looks where the story stands.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from investigations import access, actions
from investigations.models import Investigation
from investigations.rules import Category, Recommendation, State
from ledger import sealing
from portal.demo_world.people import People
from verification import actions as verification

DAY = dt.timedelta(days=1)
BASIS = {"regime": "cn", "legal_basis": "cn.rcin.13"}
CATEGORIES = [Category.NAME, Category.POSTAL_ADDRESS, Category.EMAIL]
DOCUMENT = """\
Copyright Office of the Demo
Evidence request under art. 13 of the Regulation on the right of communication through information networks

The office is investigating the suspected infringement named in this request and requires the name and contact details of
the user concerned.

Seal of the office
"""
BALANCE = "The office cannot go on without a name; the user keeps every remedy and is told. Nothing less would do."


@dataclass(frozen=True)
class Step:
    """What happens so many days ago, when the request stands in this state."""

    state: State
    days_ago: int
    act: Callable[[Investigation, People, dt.datetime], object]


@dataclass(frozen=True)
class Story:
    """A request of the demo: about which content, filed how many days ago, and what then."""

    item: str
    days_ago: int
    steps: tuple[Step, ...] = ()
    has_document: bool = True


def _consult(one: Investigation, people: People, now: dt.datetime) -> object:
    message = "A copyright office asks for your name and address because of this upload. What do you say to that?"
    return actions.consult(reference=one.reference, message=message, by=people.reviewer, now=now)


def _assess(one: Investigation, people: People, now: dt.datetime) -> object:
    return actions.assess(
        reference=one.reference,
        recommendation=Recommendation.PARTIAL,
        categories=[Category.NAME, Category.POSTAL_ADDRESS],
        reasons="Name and address suffice for the office's proceeding; an e-mail address adds nothing.",
        balance=BALANCE,
        by=people.reviewer,
        now=now,
    )


def _advise_against(one: Investigation, people: People, now: dt.datetime) -> object:
    return actions.assess(
        reference=one.reference,
        recommendation=Recommendation.REFUSE,
        categories=[],
        reasons="The document names another address than the content that was asked about.",
        balance="",
        by=people.reviewer,
        now=now,
    )


def _refuse(one: Investigation, people: People, now: dt.datetime) -> object:
    reasons = "The document does not fit the content; the office can ask again with one that does."
    people.authorizer.second_factor_at = now
    return actions.refuse(reference=one.reference, reasons=reasons, by=people.authorizer, now=now)


def _authorize(one: Investigation, people: People, now: dt.datetime) -> object:
    people.authorizer.second_factor_at = now
    return actions.authorize(
        reference=one.reference,
        categories=[Category.NAME, Category.POSTAL_ADDRESS],
        reasons="The basis holds, the document is genuine, and the assessment is right that less suffices.",
        by=people.authorizer,
        now=now,
    )


def _disclose(one: Investigation, people: People, now: dt.datetime) -> object:
    people.authorizer.second_factor_at = now
    return actions.disclose(reference=one.reference, by=people.authorizer, now=now)


def _collect(one: Investigation, people: People, now: dt.datetime) -> object:
    people.authority.second_factor_at = now
    return actions.collect(reference=one.reference, by=people.authority, now=now)


def _disclosed(days_ago: int) -> tuple[Step, ...]:
    return (
        Step(State.FILED, days_ago + 2, _assess),
        Step(State.RECOMMENDED, days_ago + 1, _authorize),
        Step(State.AUTHORIZED, days_ago, _disclose),
    )


STORIES = (
    Story("item-36", 24, (*_disclosed(19), Step(State.DISCLOSED, 18, _collect))),
    Story("item-35", 7, _disclosed(1)),
    Story("item-34", 30, (Step(State.FILED, 27, _advise_against), Step(State.RECOMMENDED, 26, _refuse))),
    Story("item-33", 6, (Step(State.FILED, 3, _assess),)),
    Story("item-22", 4, (Step(State.FILED, 2, _consult),)),
    Story("item-32", 2, has_document=False),
    Story("item-31", 1),
)


def make(people: People, now: dt.datetime) -> None:
    """Make the requests that are missing, and go on with those that were begun."""
    for story in STORIES:
        _tell(story, people, now)


def _tell(story: Story, people: People, now: dt.datetime) -> None:
    one = access.own(people.authority).filter(content__external_id=story.item).first()
    if one is None:
        one = _file(story, people, now - story.days_ago * DAY)
    for step in story.steps:
        one.refresh_from_db(fields=["state"])
        if one.state == step.state:
            # What is handed over must be sealed before; no worker runs yet.
            sealing.seal(now)
            step.act(one, people, now - step.days_ago * DAY)


def _file(story: Story, people: People, now: dt.datetime) -> Investigation:
    documents = []
    if story.has_document:
        data, name = DOCUMENT.encode(), "evidence-request.txt"
        documents = [verification.store_file(data=data, name=name, by=people.authority, now=now).pk]
    given = {
        "content": [story.item],
        "categories": CATEGORIES,
        "purpose": "Investigation of a suspected infringement of the right of communication through networks.",
        "necessity": "The user is known to the provider only, and must be heard in the proceeding by name.",
        "documents": documents,
    }
    return actions.file_request(
        provider="cloudhaven", capacity="authority", given=given, by=people.authority, now=now, **BASIS
    )
