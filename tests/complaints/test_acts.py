"""Every act of this app leaves exactly one entry, under its own name."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from complaints import actions
from complaints.access import Wanted, tracking_code_of
from complaints.models import Batch, Complaint, PowersOfAttorney, TrustedFlagger
from core.actors import PUBLIC, SYSTEM
from core.imap import Message
from core.models import MailState, OutgoingMail
from ledger.acts import ACTIONS
from ledger.models import Entry
from tests.complaints import penalties
from tests.complaints.world import CONTACT, NOW, World, follow, mails
from verification.actions import store_file

LATER = NOW + dt.timedelta(days=60)
MUCH_LATER = NOW + dt.timedelta(days=200)
WHY = "It is the whole film."


def unconfirmed(w: World) -> tuple[Complaint, str]:
    """Return a notice of somebody without account, and the token of its link."""
    made = w.filed("cn", by=PUBLIC, contact={**CONTACT, "email": w.rights_holder.email})
    follow()
    return made, mails()[-1]["body"].split("/complain/confirm/")[1].split("/")[0]


def confirmed(w: World) -> Complaint:
    _made, token = unconfirmed(w)
    return actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)


def answered(w: World) -> Complaint:
    """Return a notice of somebody without account to which the uploader has answered."""
    made = confirmed(w)
    actions.accept(reference=made.reference, by=w.handler, now=NOW)
    w.measure(made)
    w.counter(made)
    return made


def disclosed(w: World) -> Complaint:
    """Return a notice of somebody without account to whom a counter-notice was forwarded with the uploader's contact."""
    w.filed("us", by=PUBLIC, contact=CONTACT)
    follow()
    token = mails()[-1]["body"].split("/complain/confirm/")[1].split("/")[0]
    made = actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)
    actions.accept(reference=made.reference, by=w.handler, now=NOW)
    w.measure(made)
    w.counter(made)
    return actions.forward_counter_notice(reference=made.reference, by=SYSTEM, now=NOW)


def sued(w: World) -> Complaint:
    made = w.contested()
    actions.show_suit(reference=made.reference, by=w.rights_holder, kind="lawsuit", body="A court", now=NOW)
    return made


def settled(w: World) -> Complaint:
    """Return a complaint that its two sides settled."""
    made = w.acted()
    return actions.settle(reference=made.reference, kind="remove_by", proposal="p-1", by=SYSTEM, now=NOW)


def upheld(w: World) -> Complaint:
    return actions.uphold(**on(sued(w), w.handler, reasons=WHY))


def appealed(w: World) -> Complaint:
    made = w.acted()
    actions.appeal(reference=made.reference, by=w.uploader, reasons=WHY, now=NOW)
    return made


def taken(w: World) -> Complaint:
    return actions.assign(**on(w.filed(), w.handler)).complaint


def unreached(w: World) -> Complaint:
    made = w.filed()
    follow()
    lost = {"state": MailState.FAILED, "tried_at": NOW}
    OutgoingMail.objects.filter(subject_reference=made.reference).exclude(party="").update(**lost)
    return made


def declared(w: World, made: Complaint) -> Complaint:
    return actions.declare_interest(**on(made, w.handler, about="matter", reasons=WHY)).complaint


def saved_template(w: World) -> Any:
    words = {"name": "Wait", "purpose": "other", "language": "en", "subject": "Wait", "body": "Please."}
    return actions.save_template(by=w.handler, provider=w.provider, now=NOW, **words)


def prepared(w: World) -> Batch:
    return actions.prepare_batch(
        by=w.handler, provider=w.provider, act="acceptance", references=[w.filed().reference], given={}, now=NOW
    )


def started(w: World, made: Batch) -> Batch:
    return actions.start_batch(batch_id=made.pk, by=w.handler, digest=made.digest, now=NOW)


def worked_off(w: World) -> Batch:
    made = started(w, prepared(w))
    actions.run_batches(NOW, limit=1)
    return made


def asked_by_post(w: World) -> Complaint:
    """Return an accepted request whose uploader has no account."""
    w.subscriber.account = w.subscriber.claimed_at = None
    w.subscriber.save()
    return w.accepted("jp")


def asked(w: World, made: Complaint | None = None) -> Complaint:
    made = made or w.accepted("jp")
    actions.send_inquiry(**on(made, w.handler))
    return made


def setting(w: World, regime: str, name: str, value: Any) -> Any:
    return actions.change_law_setting(
        provider=w.provider.code, regime=regime, setting=name, value=value, reasons=WHY, by=w.authorizer, now=NOW
    )


def large_platform(w: World) -> Complaint:
    setting(w, "jp", "large_platform", "yes")
    return w.filed("jp")


def paused(w: World) -> Complaint:
    made = w.contested("cn")
    actions.pause_clock(**on(made, w.handler, reasons=WHY))
    return made


def letter(w: World) -> Any:
    return actions.keep_letter(by=w.handler, provider=w.provider, content=b"Dear provider", now=NOW)


def defective(w: World) -> Complaint:
    return w.filed(signature="")


def repeated(w: World) -> Complaint:
    w.filed()
    return w.filed()


def flagger(w: World, named_by: Complaint | None = None) -> TrustedFlagger:
    by = named_by or w.filed("eu")
    award = actions.Award(authority="Bundesnetzagentur", since_on=NOW.date(), complaint=by.reference)
    return actions.record_flagger(by=w.authorizer, provider=w.provider, award=award, now=NOW)


def suspended(w: World) -> TrustedFlagger:
    return actions.suspend_flagger(flagger_id=flagger(w).pk, by=w.authorizer, reasons=WHY, now=NOW)


def powers_file(w: World) -> UUID:
    return store_file(data=b"We let them act for us.", name="powers.txt", by=w.rights_holder, now=NOW).pk


def powers(w: World, file: UUID | None = None) -> PowersOfAttorney:
    given = actions.PowersGiven("The owner", [file or powers_file(w)], NOW.date())
    return actions.submit_powers(by=w.rights_holder, provider=w.provider.code, given=given, now=NOW)


def mailbox(w: World) -> Any:
    given = {"address": "imaps://mail.films.example", "user": "letters", "password": "a password"}
    return actions.set_mailbox(by=w.handler, provider=w.provider, **given, now=NOW)


def fetched(box: Any) -> Any:
    message = Message(1, b"From: a@films.example\n\nDear provider", NOW, is_whole=True)
    return actions.keep_fetched(mailbox_id=box.pk, uid_validity=1, message=message, now=NOW)


def on(made: Complaint, by: Any, now: dt.datetime = NOW, **given: Any) -> dict[str, Any]:
    return {"reference": made.reference, "by": by, "now": now, **given}


# What an act needs first, and the act on it.
ACTS: dict[str, tuple[Callable[[World], Any], Callable[[World, Any], object]]] = {
    "channel.contact_published": (
        lambda w: {"name": "Host", "postal_address": "1 Host Street", "email": "copyright@host.example"},
        lambda w, given: actions.publish_contact_point(
            provider=w.provider.code, given=given, by=w.handler, now=NOW
        ),
    ),
    "complaint.filed": (lambda w: None, lambda w, _: w.filed()),
    "complaint.confirmed": (
        unconfirmed, lambda w, made: actions.confirm_complaint(token=made[1], by=PUBLIC, now=NOW),
    ),
    "complaint.corrected": (
        World.filed, lambda w, made: actions.correct_complaint(**on(made, w.rights_holder, changes={"grounds": WHY})),
    ),
    "complaint.adopted": (
        confirmed,
        lambda w, made: actions.adopt_complaint(
            tracking_code=tracking_code_of(made).reveal(), by=w.rights_holder, now=NOW
        ),
    ),
    "complaint.cure_asked": (
        World.filed, lambda w, made: actions.ask_for_more(**on(made, w.handler, elements=["work"], reasons=WHY)),
    ),
    "complaint.cure_reminded": (defective, lambda w, made: actions.remind_of_cure(**on(made, SYSTEM))),
    "complaint.correction_link_asked": (defective, lambda w, made: actions.mail_correction_link(**on(made, PUBLIC))),
    "complaint.lapsed": (defective, lambda w, made: actions.lapse(**on(made, SYSTEM, LATER))),
    "complaint.confirmed_by_hand": (
        lambda w: w.filed(by=PUBLIC, contact={"phone": "+1 202 555 0100"}),
        lambda w, made: actions.confirm_by_hand(**on(made, w.handler, how="phone")),
    ),
    "complaint.parted": (repeated, lambda w, made: actions.part(**on(made, SYSTEM))),
    "flagger.recorded": (World.filed, flagger),
    "flagger.suspended": (
        flagger, lambda w, one: actions.suspend_flagger(flagger_id=one.pk, by=w.authorizer, reasons=WHY, now=NOW),
    ),
    "flagger.resumed": (
        suspended, lambda w, one: actions.resume_flagger(flagger_id=one.pk, by=w.authorizer, now=NOW),
    ),
    "flagger.ended": (flagger, lambda w, one: actions.end_flagger(flagger_id=one.pk, by=w.authorizer, now=NOW)),
    "powers.submitted": (powers_file, powers),
    "powers.checked": (
        powers, lambda w, one: actions.check_powers(powers_id=one.pk, by=w.handler, reasons=WHY, now=NOW),
    ),
    "powers.refused": (
        powers, lambda w, one: actions.refuse_powers(powers_id=one.pk, by=w.reviewer, reasons=WHY, now=NOW),
    ),
    "powers.withdrawn": (
        powers, lambda w, one: actions.withdraw_powers(powers_id=one.pk, by=w.rights_holder, now=NOW),
    ),
    "letter.kept": (lambda w: None, lambda w, _: letter(w)),
    "letter.fetched": (mailbox, lambda w, box: fetched(box)),
    "mailbox.set": (lambda w: None, lambda w, _: mailbox(w)),
    "mailbox.ended": (mailbox, lambda w, _: actions.end_mailbox(by=w.handler, provider=w.provider, now=NOW)),
    "complaint.filed_from_letter": (
        letter,
        lambda w, kept: actions.complaint_from_letter(
            letter_id=kept.pk, by=w.handler, regime="us", notice=w.notice(), now=NOW
        ),
    ),
    "complaint.accepted": (World.filed, lambda w, made: actions.accept(**on(made, w.handler))),
    "complaint.rejected": (World.filed, lambda w, made: actions.reject(**on(made, w.handler, reasons=WHY))),
    "complaint.items_rejected": (
        lambda w: w.accepted(items=[{"external_id": one.external_id} for one in w.content]),
        lambda w, made: actions.reject_items(**on(made, w.handler, items=[w.content[0].external_id], reasons=WHY)),
    ),
    "complaint.measure_ordered": (World.accepted, lambda w, made: w.measure(made)),
    "complaint.measure_executed": (World.acted, lambda w, made: actions.report_execution(**on(made, w.service))),
    "complaint.execution_overdue": (
        World.acted, lambda w, made: actions.chase_execution(measure=made.measures.get().pk, now=LATER),
    ),
    "complaint.measure_ended": (
        World.acted, lambda w, made: actions.end_measure(measure=made.measures.get().pk, now=LATER),
    ),
    "complaint.review_due": (
        World.acted, lambda w, made: actions.call_for_review(measure=made.measures.get().pk, now=LATER),
    ),
    "complaint.counter_notice_filed": (World.acted, lambda w, made: w.counter(made)),
    "complaint.counter_notice_forwarded": (
        answered, lambda w, made: actions.forward_counter_notice(**on(made, w.handler)),
    ),
    "complaint.contact_code_asked": (disclosed, lambda w, made: actions.mail_contact_code(**on(made, PUBLIC))),
    "complaint.counter_contact_read": (
        World.contested, lambda w, made: actions.read_counter_contact(**on(made, w.rights_holder)),
    ),
    "complaint.suit_shown": (
        World.contested,
        lambda w, made: actions.show_suit(**on(made, w.rights_holder, kind="lawsuit", body="A court")),
    ),
    "complaint.restored": (World.contested, lambda w, made: actions.restore(**on(made, SYSTEM, LATER))),
    "complaint.upheld": (sued, lambda w, made: actions.uphold(**on(made, w.handler, reasons=WHY))),
    "complaint.withdrawn": (World.acted, lambda w, made: actions.withdraw(**on(made, w.rights_holder))),
    "complaint.settled": (
        World.acted,
        lambda w, made: actions.settle(**on(made, SYSTEM, kind="license", proposal="p-1")),
    ),
    "complaint.reopened": (settled, lambda w, made: actions.reopen(**on(made, SYSTEM, undertaking="u-1"))),
    "complaint.appealed": (World.acted, lambda w, made: actions.appeal(**on(made, w.uploader, reasons=WHY))),
    "complaint.appeal_decided": (
        appealed, lambda w, made: actions.decide_appeal(**on(made, w.reviewer, outcome="granted", reasons=WHY)),
    ),
    "complaint.assigned": (World.filed, lambda w, made: actions.assign(**on(made, w.handler))),
    "complaint.released": (taken, lambda w, made: actions.release(**on(made, w.handler))),
    "complaint.unreached_put_aside": (
        unreached, lambda w, made: actions.put_unreached_aside(**on(made, w.handler, LATER, reasons=WHY)),
    ),
    "complaint.conflict_declared": (World.filed, declared),
    "complaint.conflict_excepted": (
        lambda w: declared(w, w.filed()),
        lambda w, made: actions.except_interest(**on(made, w.authorizer, handler=w.handler.pk, reasons=WHY)),
    ),
    "complaint.letter_sent": (
        World.filed, lambda w, made: actions.send_letter(**on(made, w.handler, to="complainant", subject=WHY, body=WHY)),
    ),
    "template.saved": (lambda w: None, lambda w, _: saved_template(w)),
    "template.retired": (
        saved_template,
        lambda w, made: actions.retire_template(template_id=made.pk, by=w.handler, now=NOW),
    ),
    "batch.started": (prepared, started),
    "batch.stopped": (
        lambda w: started(w, prepared(w)), lambda w, made: actions.stop_batch(batch_id=made.pk, by=w.handler, now=NOW),
    ),
    "batch.finished": (worked_off, lambda w, made: actions.finish_batch(batch_id=made.pk, now=NOW)),
    "complaint.inquiry_sent": (asked_by_post, lambda w, made: actions.send_inquiry(**on(made, w.handler))),
    "complaint.inquiry_received": (
        lambda w: asked(w, asked_by_post(w)), lambda w, made: actions.record_inquiry_received(**on(made, w.handler)),
    ),
    "complaint.inquiry_answered": (
        asked, lambda w, made: actions.answer_inquiry(**on(made, w.uploader, answer="consents")),
    ),
    "complaint.inquiry_lapsed": (asked, lambda w, made: actions.lapse_inquiries(**on(made, SYSTEM, LATER))),
    "complaint.appeal_window_closed": (
        lambda w: w.acted("eu"), lambda w, made: actions.close_appeal_windows(**on(made, SYSTEM, MUCH_LATER)),
    ),
    "complaint.deadline_missed": (large_platform, lambda w, made: actions.miss_deadline(**on(made, SYSTEM, LATER))),
    "complaint.clock_paused": (
        lambda w: w.contested("cn"), lambda w, made: actions.pause_clock(**on(made, w.handler, reasons=WHY)),
    ),
    "complaint.clock_resumed": (paused, lambda w, made: actions.resume_clock(**on(made, w.handler))),
    "law_setting.changed": (lambda w: None, lambda w, _: setting(w, "cn", "reasonable_period", 10)),
    "complaint.list_exported": (
        World.filed, lambda w, made: actions.export_list(by=w.auditor, wanted=Wanted(), asked={}, now=NOW),
    ),
    "complaint.closed": (upheld, lambda w, made: actions.close(**on(made, w.handler))),
    **penalties.ACTS,
}  # fmt: skip


@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_one_entry_under_its_name(world: World, name: str):
    prepare, act = ACTS[name]
    prepared = prepare(world)
    before = set(Entry.objects.values_list("pk", flat=True))

    act(world, prepared)

    assert [entry.act for entry in Entry.objects.exclude(pk__in=before)] == [name]


def test_every_act_is_in_this_table():
    assert {name for name, act in ACTIONS.items() if act.__module__.startswith("complaints.")} == set(ACTS)
