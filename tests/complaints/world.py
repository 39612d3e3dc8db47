"""The smallest world of complaints: two providers with staff, content of one uploader, a rights holder; acts as shortcuts."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from complaints import actions
from complaints.actions import CounterStatement, Notice
from complaints.models import Complaint, CounterNotice, Measure
from core import clocks, mail, sealing
from core.models import Clock, OutgoingMail
from hosting.models import Content, Subscriber
from hosting.rules import Media
from tests import record
from tests.factories import people
from verification.models import Account, Organisation
from verification.rules import Role

# A Tuesday; the week after next holds no holiday of either calendar.
NOW = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)
CONTACT = {
    "name": "Films Example Ltd",
    "postal_address": "1 Harbour Street, Port Example",
    "email": "rights@films.example",
    "phone": "+1 202 555 0100",
}
CANARY = {
    "name": "Canary Uploader Name",
    "postal_address": "77 Canary Wharf Lane",
    "email": "canary-uploader@films.example",
    "phone": "+1 202 555 0177",
}
US_STATEMENTS = ("good_faith", "accuracy")
_numbers = itertools.count(1)


@dataclass
class World:
    """One provider with its people, and what an uploader put up there."""

    provider: Organisation
    handler: Account
    reviewer: Account
    auditor: Account
    authorizer: Account
    service: Account
    rights_holder: Account
    uploader: Account
    subscriber: Subscriber
    content: list[Content]
    stranger: Account
    other_handler: Account

    def notice(self, **changes: Any) -> Notice:
        """Return a notice that is complete under every regime."""
        values: dict[str, Any] = {
            "capacity": "owner",
            "contact": CONTACT,
            "works": [{"title": "The Harbour", "kind": "film"}],
            "items": [{"url": self.content[0].url, "external_id": self.content[0].external_id}],
            "grounds": "We made this film; the upload is the whole of it.",
            "statements": list(US_STATEMENTS),
            "signature": "F. Example",
        }
        return Notice(**{**values, **changes})

    def filed(self, regime: str = "us", now: dt.datetime = NOW, by: Any = None, **changes: Any) -> Complaint:
        return actions.file_complaint(
            by=by or self.rights_holder,
            provider=self.provider.code,
            regime=regime,
            notice=self.notice(**changes),
            now=now,
        )

    def accepted(self, regime: str = "us", now: dt.datetime = NOW, **changes: Any) -> Complaint:
        made = self.filed(regime, now, **changes)
        return actions.accept(reference=made.reference, by=self.handler, now=now)

    def measure(self, of: Complaint, kind: str = "removal", now: dt.datetime = NOW, **changes: Any) -> Measure:
        values: dict[str, Any] = {"reasons": "It is the whole film.", **changes}
        return actions.order_measure(reference=of.reference, by=self.handler, kind=kind, now=now, **values)

    def acted(self, regime: str = "us", now: dt.datetime = NOW, **changes: Any) -> Complaint:
        made = self.accepted(regime, now, **changes)
        self.measure(made, now=now)
        return Complaint.objects.get(pk=made.pk)

    def counter(
        self, of: Complaint, now: dt.datetime = NOW, by: Account | None = None, **changes: Any
    ) -> CounterNotice:
        return actions.file_counter_notice(
            reference=of.reference, by=by or self.uploader, counter=counter_statement(of.regime, **changes), now=now
        )

    def contested(self, regime: str = "us", now: dt.datetime = NOW, **changes: Any) -> Complaint:
        made = self.acted(regime, now, **changes)
        self.counter(made, now)
        return Complaint.objects.get(pk=made.pk)


def counter_statement(regime: str, **changes: Any) -> CounterStatement:
    """Return a counter-notice that is complete under the regime."""
    statements = ["good_faith", "jurisdiction"] if regime == "us" else []
    values: dict[str, Any] = {
        "contact": CANARY,
        "grounds": "I made this myself.",
        "statements": statements,
        "signature": "Canary Uploader Name",
    }
    return CounterStatement(**{**values, **changes})


def subscriber(at: Organisation, owner: Account | None = None) -> Subscriber:
    number = next(_numbers)
    key = sealing.new_data_key(now=NOW)
    made = Subscriber(
        provider=at, external_id=f"sub-{number}", pseudonym=f"uploader-{number}", account=owner,
        claimed_at=NOW if owner else None, data_key=key, registered_at=NOW, contact_at=NOW,
    )  # fmt: skip
    made.contact_sealed = sealing.seal_json(key, row=("hosting_subscriber", made.pk), field="contact", value=CANARY)
    made.save(force_insert=True)
    return made


def content(of: Subscriber, **changes: Any) -> Content:
    number = next(_numbers)
    values: dict[str, Any] = {
        "external_id": f"item-{number}", "url": f"https://host.example/v/{number}", "title": "A film",
        "media": Media.VIDEO, "registered_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    return Content.objects.create(provider=of.provider, subscriber=of, **{**values, **changes})


def world(**provider: Any) -> World:
    """Return a new world; ``provider`` changes its organisation, such as its time zone."""
    here, there = people.provider(**provider), people.provider()
    of_here = (Role.HANDLER, Role.REVIEWER, Role.AUDITOR, Role.AUTHORIZER, Role.SERVICE)
    handler, reviewer, auditor, authorizer, service, holder, stranger, other_handler, uploader = people.members(
        *((role, here) for role in of_here),
        (Role.RIGHTS_HOLDER, None),
        (Role.RIGHTS_HOLDER, None),
        (Role.HANDLER, there),
        (None, None),
    )
    of = subscriber(here, uploader)
    return World(
        provider=here,
        handler=handler,
        reviewer=reviewer,
        auditor=auditor,
        authorizer=authorizer,
        service=service,
        rights_holder=holder,
        uploader=uploader,
        subscriber=of,
        content=[content(of), content(of), content(of)],
        stranger=stranger,
        other_handler=other_handler,
    )


def fire(now: dt.datetime) -> int:
    """Fire what is due, and return how many clocks of the laws fired: those of the house are not counted."""
    of_laws = Clock.objects.filter(state="fired", basis__has_key="rule")
    before = of_laws.count()
    clocks.fire_due(now)
    return of_laws.count() - before


def law_clocks(matter: str) -> dict[str, Clock]:
    """Return the running and paused clocks of the matter's law, by name."""
    return {clock.name: clock for clock in clocks.running(matter) if "rule" in clock.basis}


def follow(now: dt.datetime = NOW) -> None:
    """Run what follows from what was recorded, on the day of this world if on no other."""
    record.follow(now)


def mails() -> list[dict[str, Any]]:
    """Return the mails of complaints that wait in the outbox, in order: template, address, subject, body."""
    found = []
    for one in (
        OutgoingMail.objects.filter(template__startswith="complaints/").select_related("data_key").order_by("pk")
    ):
        row = (mail.TABLE, one.pk)
        value = sealing.open_json(one.data_key, row=row, field="content", sealed=bytes(one.content_sealed or b""))
        found.append({"template": one.template.rpartition("/")[2], "dedupe": one.dedupe, **value})
    return found
