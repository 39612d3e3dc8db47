"""What the provider's service is told: that a matter in which something was ordered has moved, and how its items stand."""

from django.utils.translation import gettext_lazy as _

from complaints import access
from hosting import events, outbox
from ledger.followers import follower
from ledger.models import Entry

# Nothing is told before a measure: until then there is nothing for the service to do.
TOLD = {
    "complaint.measure_ordered": _("A measure was ordered: carry it out and report its execution."),
    "complaint.counter_notice_filed": _("The uploader has contested the notice."),
    "complaint.suit_shown": _("The complainant has shown a suit: nothing returns by itself."),
    "complaint.restored": _("What is restored returns: carry it out and report its execution."),
    "complaint.upheld": _("The measure stays."),
    "complaint.withdrawn": _("The complainant has taken the notice back: what was under a measure returns."),
    "complaint.settled": _("The two sides agreed: what they let stay returns, everything else stays as it is."),
    "complaint.reopened": _("What the two sides agreed was not kept: the matter is open again."),
    "complaint.appeal_decided": _("An appeal was decided: what is restored returns."),
    "complaint.execution_overdue": _("A measure waits to be carried out or undone: do it and report its execution."),
    "complaint.measure_ended": _("The time of a measure is over: what was under it returns."),
    "complaint.closed": _("The matter is closed."),
}
OF_MEASURE = ("measure", "kind", "until", "territory", "what")

for _name, _meaning in TOLD.items():
    events.register(_name, _meaning)


@follower("complaints.webhooks", acts=tuple(TOLD), from_now=True)
def tell_service(entry: Entry) -> None:
    """Put the news into the outbox: ids and states only, and each item as it stands now, so that a late one is right too."""
    complaint = access.for_follower(entry.subject)
    if not access.is_acted_on(complaint):
        return
    data = {"reference": entry.subject, "state": str(entry.facts.get("state", ""))}
    data |= {name: entry.facts[name] for name in OF_MEASURE if name in entry.facts}
    outbox.put(entry, {**data, "items": access.registered_items(complaint)})
