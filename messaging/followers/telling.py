"""What follows: uploaders who are not here yet are called and welcomed; both sides hear what was decided on a report."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core import mail
from hosting import events, outbox
from hosting.access import notify_address
from ledger.followers import follower
from ledger.models import Entry
from messaging import access, actions
from messaging.rules import ReportState

UPLOADER = "uploader"

events.register(
    access.CALLED,
    _("A rights holder wrote to a subscriber without account: pass the link on, with which it is claimed."),
)


@follower("messaging.calls_planned", acts=("conversation.covered", "proposal.made"), from_now=True)
def plan(entry: Entry) -> None:
    """Plan the first call once something was said or proposed to somebody who is not here."""
    actions.plan_call(conversation_id=_key(entry.subject), now=entry.at)


@follower("messaging.calls_made", acts=(access.CALLED,))
def call(entry: Entry) -> None:
    """Send the link to the sealed address and to the provider's service; neither text says who wrote, or what."""
    made = access.call_of(entry.facts["call"])
    if not made.secret_sealed:
        return
    link = settings.PORTAL_URL + reverse("hosting:claim", args=[actions.secret_of(made)])
    is_waiting = made.subscriber.account_id is None
    address = notify_address(made.subscriber, purpose=f"calling the uploader: {entry.act}", now=entry.at)
    if is_waiting and address:
        mail.enqueue(
            dedupe=access.mail_key(made.pk),
            to=address,
            template="messaging/mail/called",
            context={
                "link": link,
                "provider": made.conversation.provider.name,
                "title": mail.one_line(made.conversation.title),
                "expires_at": made.link.expires_at if made.link else None,
            },
            subject_reference=entry.subject,
            party=UPLOADER,
            now=entry.at,
        )
    told = {"external_id": made.subscriber.external_id, "conversation": str(made.conversation_id)}
    count = outbox.put(entry, told, secret={"claim_url": link}) if is_waiting else 0
    actions.note_ways(call_id=made.pk, by_mail=is_waiting and bool(address), by_service=count > 0)


@follower("messaging.welcome", acts=("subscriber.claimed",))
def welcome(entry: Entry) -> None:
    """Let the other side know that the uploader is here now."""
    actions.welcome(subscriber_id=_key(entry.subject), now=entry.at)


def _key(subject: str) -> UUID:
    return UUID(subject.partition(":")[2])


@follower("messaging.report_mails", acts=("message.report_decided",))
def tell_decision(entry: Entry) -> None:
    """Tell the reporter what was decided, and the sender where its message was not found in order."""
    report = access.report_of(entry.facts["report"])
    told = {report.reporter_id: report.reporter}
    sender = access.reported_party(report)
    if report.state == ReportState.UPHELD and sender is not None:
        told[sender.pk] = sender
    for party in told.values():
        address, language = access.mailed_at(party, purpose=f"telling the uploader: {entry.act}", now=entry.at)
        if not address:
            continue
        link = settings.PORTAL_URL + reverse("messaging:conversation", args=[report.conversation_id])
        with translation.override(language or settings.LANGUAGE_CODE):
            decision, measure = str(report.get_state_display()), str(report.get_measure_display())
        context = {
            "title": mail.one_line(report.conversation.title),
            "provider": report.conversation.provider.name,
            "decision": decision,
            "measure": measure,
            "link": link,
        }
        mail.enqueue(
            dedupe=f"{entry.pk}:{party.pk}:report",
            to=address,
            template="messaging/mail/report_decided",
            context=context | {"is_reporter": party.pk == report.reporter_id},
            language=language,
            subject_reference=entry.subject,
            party=str(party.side),
            now=entry.at,
        )
