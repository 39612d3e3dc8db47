"""Every step has its mail, and what became of each mail is shown: to staff all, to a party its own and no address."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from complaints import access, actions
from complaints.followers.mails import TO_COMPLAINANT, TO_UPLOADER
from complaints.models import Complaint
from complaints.rules import STAFF_ONLY_ACTS
from complaints.serializers import mailed
from core import bounces, mail, times
from core.actors import PUBLIC
from core.errors import Conflict, Denied, Invalid
from core.models import BounceKind, MailState, OutgoingMail
from ledger.acts import ACTIONS
from tests.complaints.test_api import program
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow, mails
from tests.core import bounced

LATER = NOW + dt.timedelta(minutes=5)
HANDLERS = "its own follower reminds the handlers; both sides see in the matter what was not carried out yet"
DESK = dict.fromkeys(STAFF_ONLY_ACTS, "how the provider divides its work is not told to the parties")
LOOKED = "who looked stands among the uploader's accesses, and was told beforehand"
LIST = "it takes out a list and concerns no single matter"
UNTOLD = "nobody but the complainant knows of a notice before a measure"
SEEN = "both sides see the day in the matter from the first, and nothing is done on it"
ASKED = "its own follower writes to those who are asked"
# What a party is not mailed on an act, and why. Every other act of a complaint has a mail for either side.
SILENT_TO_COMPLAINANT = {
    **DESK,
    "complaint.list_exported": LIST,
    "complaint.filed": "its own follower asks for the confirmation, or sends the receipt",
    "complaint.counter_notice_forwarded": "the counter-notice itself was mailed, or came by post",
    "complaint.contact_code_asked": "its own follower mails the code",
    "complaint.counter_contact_read": LOOKED,
    "complaint.execution_overdue": HANDLERS,
    "complaint.review_due": HANDLERS,
    "complaint.appeal_window_closed": SEEN,
    "complaint.deadline_missed": SEEN,
}
SILENT_TO_UPLOADER = {
    **DESK,
    "complaint.list_exported": LIST,
    "complaint.filed": UNTOLD,
    "complaint.filed_from_letter": UNTOLD,
    "complaint.confirmed": UNTOLD,
    "complaint.corrected": UNTOLD,
    "complaint.cure_asked": UNTOLD,
    "complaint.cure_reminded": UNTOLD,
    "complaint.correction_link_asked": UNTOLD,
    "complaint.lapsed": UNTOLD,
    "complaint.parted": UNTOLD,
    "complaint.confirmed_by_hand": UNTOLD,
    "complaint.adopted": "it is between the complainant and its account",
    "complaint.accepted": UNTOLD,
    "complaint.rejected": UNTOLD,
    "complaint.items_rejected": "it concerns items of which the uploader was not told",
    "complaint.measure_ordered": "its own follower sends the whole notice",
    "complaint.contact_code_asked": "the look itself is told, and a code that nobody types opens nothing",
    "complaint.counter_contact_read": LOOKED,
    "complaint.execution_overdue": HANDLERS,
    "complaint.review_due": HANDLERS,
    "complaint.appeal_window_closed": SEEN,
    "complaint.deadline_missed": SEEN,
    "complaint.inquiry_sent": ASKED,
    "complaint.inquiry_received": ASKED,
    "complaint.inquiry_lapsed": ASKED,
    "complaint.inquiry_answered": "it is the uploader's own answer",
}
STEPS = sorted(name for name in ACTIONS if name.startswith("complaint."))


@pytest.mark.parametrize("act", STEPS)
def test_every_step_has_its_mail_for_either_side(act: str):
    assert (act in TO_COMPLAINANT) != (act in SILENT_TO_COMPLAINANT), "a mail for the complainant, or why not"
    assert (act in TO_UPLOADER) != (act in SILENT_TO_UPLOADER), "a mail for the uploader, or why not"


def test_a_step_without_words_of_its_own_is_told_to_both_with_state_clock_and_page(world: World):
    made = world.contested()
    actions.show_suit(reference=made.reference, by=world.rights_holder, kind="lawsuit", body="A court", now=NOW)
    actions.uphold(reference=made.reference, by=world.handler, reasons="It is a copy.", now=NOW)
    actions.appeal(reference=made.reference, by=world.uploader, reasons="It is mine.", now=NOW)

    follow()

    steps = [one for one in mails() if one["template"] == "step"]
    assert [one["to"] for one in steps] == [world.rights_holder.email, world.rights_holder.email, world.uploader.email]
    shown, told, own = (one["body"] for one in steps)
    assert "the clock stopped" in shown
    assert "A decision was appealed" in told
    assert own.count(f"/complaints/{made.reference}/") == 1
    assert all(one["subject"] == f"News of the matter {made.reference}" for one in steps)


def outgoing(**changes: Any) -> OutgoingMail:
    values = {"state": MailState.WAITING, "created_at": NOW, "dedupe": "x:y:z", **changes}
    return OutgoingMail(**values)


@pytest.mark.parametrize(
    ("became", "label", "tries", "since"),
    [
        ({}, "waits to be sent", "", NOW),
        (
            {"attempts": 3, "error": "ConnectionRefusedError", "tried_at": LATER},
            "waits to be sent",
            "tried 3 times (ConnectionRefusedError)",
            LATER,
        ),
        ({"state": "sent", "sent_at": LATER, "attempts": 1}, "sent: our mail server took it", "", LATER),
        ({"state": "delayed", "delayed_at": LATER}, "late: the other mail server", "", LATER),
        ({"state": "bounced", "bounced_at": LATER, "bounce_kind": "hard"}, "came back: the address", "", LATER),
        ({"state": "bounced", "bounced_at": LATER, "bounce_kind": "soft"}, "came back: the other", "", LATER),
        (
            {"state": "failed", "tried_at": LATER, "attempts": 12, "error": "TimeoutError"},
            "not sent",
            "tried 12 times (TimeoutError)",
            LATER,
        ),
    ],
)
def test_each_state_of_a_mail_has_its_words(became: dict[str, Any], label: str, tries: str, since: dt.datetime):
    one = outgoing(**became)

    assert mailed.state_label(one).startswith(label)
    assert mailed.tries_label(one) == tries
    assert mailed.stands_since(one) == since
    with translation.override("zh-hans"):
        assert not mailed.state_label(one).isascii()


@pytest.fixture
def returned(world: World, settings: Any) -> Complaint:
    """Return a matter in which the last mail to the uploader came back, and all others were sent."""
    settings.BOUNCE_ADDRESS = "bounce@portal.example"
    made = world.acted()
    follow()
    mail.send_due(NOW)
    last = OutgoingMail.objects.get(party=access.party_of(world.subscriber))
    assert bounces.take(bounced.postfix(bounces.return_path(last.pk)), now=LATER)
    return made


def browser(account: Any) -> Client:
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(account: Any, made: Complaint) -> str:
    return browser(account).get(f"/complaints/{made.reference}/").content.decode()


def test_staff_sees_what_became_of_every_mail_and_a_party_only_of_its_own(world: World, returned: Complaint):
    staff, complainant, uploader = (page(who, returned) for who in (world.handler, world.rights_holder, world.uploader))

    for text in (staff, uploader):
        assert "came back: the address takes no mail" in text
    assert "sent: our mail server took it" in staff
    assert "sent: our mail server took it" in complainant
    assert "came back" not in complainant
    assert "sent: our mail server" not in uploader
    assert CANARY["email"] not in staff + complainant
    assert CONTACT["email"] not in uploader


def test_who_is_not_reached_is_asked_for_another_address_and_staff_is_told(world: World, returned: Complaint):
    asks, warns = "We could not reach you by e-mail", "A party cannot be reached by e-mail"

    assert f"Our last mail to {world.uploader.email} did not arrive" in page(world.uploader, returned)
    assert f"{warns}: uploader" in page(world.handler, returned)
    assert warns not in page(world.rights_holder, returned)
    assert asks not in page(world.rights_holder, returned)
    assert [str(one.title) for one in access.waiting_for(world.handler, LATER)].count(warns) == 1
    assert warns not in [str(one.title) for one in access.waiting_for(world.other_handler, LATER)]


def test_the_complainant_is_asked_at_home_until_a_later_mail_is_sent(world: World, settings: Any):
    settings.BOUNCE_ADDRESS = "bounce@portal.example"
    made, title = world.filed(), "We could not reach you by e-mail: give another address"
    follow()
    mail.send_due(NOW)
    first = OutgoingMail.objects.get(party=access.COMPLAINANT)
    bounces.take(bounced.exchange(bounces.return_path(first.pk)), now=LATER)
    assert title in [str(one.title) for one in access.waiting_for(world.rights_holder, LATER)]
    assert access.complainant_is_unreached(made)

    actions.accept(reference=made.reference, by=world.handler, now=LATER)
    follow(LATER)
    assert access.complainant_is_unreached(made), "written is not sent"
    mail.send_due(LATER)

    assert title not in [str(one.title) for one in access.waiting_for(world.rights_holder, LATER)]
    assert not access.complainant_is_unreached(made)


def test_a_handler_puts_aside_who_cannot_be_reached_until_a_mail_is_lost_again(world: World, settings: Any):
    settings.BOUNCE_ADDRESS = "bounce@portal.example"
    made, title = world.filed(), "A party cannot be reached by e-mail"
    follow()
    mail.send_due(NOW)
    aside = {"reference": made.reference, "by": world.handler, "reasons": "I telephoned.", "now": LATER}
    with pytest.raises(Conflict):
        actions.put_unreached_aside(**aside)
    first = OutgoingMail.objects.get(party=access.COMPLAINANT)
    bounces.take(bounced.exchange(bounces.return_path(first.pk)), now=LATER)

    def waits() -> bool:
        return title in [str(one.title) for one in access.waiting_for(world.handler, LATER)]

    assert waits()
    with pytest.raises(Denied):
        actions.put_unreached_aside(**{**aside, "by": world.rights_holder})
    with pytest.raises(Invalid):
        actions.put_unreached_aside(**{**aside, "reasons": " "})
    browser = Client()
    browser.force_login(world.handler)
    address = f"/complaints/{made.reference}/unreached/"
    assert f'href="{address}"' in browser.get(f"/complaints/{made.reference}/").content.decode()
    program_of = {who: program(getattr(world, who)) for who in ("rights_holder", "other_handler", "handler")}
    by_api = [
        client.post(f"/api/v1{address[:-1]}", {"reasons": "I telephoned."}, format="json")
        for client in program_of.values()
    ]

    assert [answer.status_code for answer in by_api] == [403, 404, 200]
    assert "unreached" not in by_api[-1].json()["acts"]
    assert not waits()
    assert access.complainant_is_unreached(made), "the page of the tracking code says it still"
    assert f'href="{address}"' not in browser.get(f"/complaints/{made.reference}/").content.decode()
    with pytest.raises(Conflict):
        actions.put_unreached_aside(**aside)

    again = times.now() + dt.timedelta(minutes=5)
    OutgoingMail.objects.filter(pk=first.pk).update(bounced_at=again)
    assert waits()


def test_handlers_hear_nothing_of_a_notice_that_does_not_count_yet(world: World, settings: Any):
    settings.BOUNCE_ADDRESS = "bounce@portal.example"
    made = world.filed(by=PUBLIC)
    follow()
    mail.send_due(NOW)
    link = OutgoingMail.objects.get(template="complaints/mail/confirm")
    bounces.take(bounced.postfix(bounces.return_path(link.pk)), now=LATER)

    assert access.complainant_is_unreached(made)
    assert access.waiting_for(world.handler, LATER) == []


def test_programs_read_states_times_and_kinds_and_no_address(world: World, returned: Complaint):
    def read(account: Any) -> list[dict[str, Any]]:
        answer = program(account).get(f"/api/v1/complaints/{returned.reference}/timeline")
        assert b"@" not in answer.content
        return list(answer.json()["mails"])

    all_, own = read(world.handler), read(world.uploader)

    assert [one["side"] for one in all_] == ["complainant", "complainant", "complainant", "uploader"]
    assert own == [one for one in all_ if one["side"] == "uploader"]
    (back,) = own
    assert (back["act"], back["state"], back["bounce_kind"]) == (
        "complaint.measure_ordered",
        "bounced",
        BounceKind.HARD,
    )
    assert (back["bounce_status"], back["attempts"], back["bounced_at"][:16]) == ("5.1.1", 1, "2026-03-10T09:35")
    assert {one["state"] for one in all_[:3]} == {"sent"}
