"""A final matter becomes a strike, and stops being one; a handler finds that a notice was a misuse."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from complaints import access, rules
from complaints.access import get_for, require_handler
from complaints.access.strikes import Against
from complaints.actions.deciding import require_reasons
from complaints.models import Complaint, Finding, Strike
from complaints.rules import Side
from complaints.rules.policies import StrikeKind, end_of_days, local_day
from complaints.rules.strikes import FOUND_IN
from core import clocks
from core.actors import Actor
from core.errors import Conflict, invalid
from ledger.acts import action, record
from verification.models import Account


def run_finality(complaint: Complaint, *, anew_for: Collection[str], because: str, since: dt.datetime) -> None:
    """Have the matter become final against each whom it stands against, when that one contests nothing in time.

    The time is the policy's days after ``since``; it begins anew for those to whom something new was done, and ends
    for whoever contests. What happened later than ``since`` has set the clocks already; doing it twice changes nothing.
    """
    to_count = access.to_count(complaint)
    for clock in clocks.running(access.clock_key(complaint.reference)):
        holder = clock.basis.get("holder")
        if holder is not None and holder not in to_count:
            clocks.stop(matter=clock.matter, name=clock.name, because=because, now=since)
    for holder in to_count:
        _run_against(complaint, holder, is_anew=holder in anew_for, since=since)
    if not to_count:
        clocks.stop(matter=access.clock_key(complaint.reference), because=because, now=since)


def _run_against(complaint: Complaint, holder: str, *, is_anew: bool, since: dt.datetime) -> None:
    known = access.finality_clocks(complaint.reference, holder)
    is_running = any(clock.ended_at is None for clock in known)
    if any(clock.started_at >= since for clock in known) or (is_running and not is_anew):
        return
    key, name = access.clock_key(complaint.reference), access.clock_name(holder)
    clocks.stop(matter=key, name=name, because="begins_anew", now=since)
    policy, zone = access.policy_in_force(complaint.provider, complaint.filed_at), complaint.provider.time_zone
    days = policy.numbers.final_after_days
    clocks.start(
        matter=key,
        name=name,
        action=access.FINALITY,
        due_at=end_of_days(since, days, zone),
        basis={"policy": policy.version, "days": days, "zone": zone, "holder": holder},
        now=since,
    )


def _locked(reference: str) -> Complaint:
    found = Complaint.objects.select_related("provider", "data_key", "complainant").select_for_update(of=("self",))
    return found.get(reference=reference)


@action("strike.counted")
def count_strikes(
    *, reference: str, by: Actor, now: dt.datetime, holders: Mapping[str, dt.datetime] | None = None
) -> list[Strike]:
    """Count a matter that became final, as the portal: one strike for each whom it is held against; return them.

    ``holders`` are those against whom it is final, each with since when, from which day on it fades, however late it is
    counted; None: all of them, from now. Raises Conflict when it is final against none of
    them, or counts already.
    """
    complaint = _locked(reference)
    found = access.to_count(complaint).values()
    counting = [one for one in found if holders is None or one.holder in holders]
    if not counting:
        raise Conflict(_("This matter counts against nobody (any more)."), state=complaint.state)
    made = [_count(complaint, one, now if holders is None else holders[one.holder]) for one in counting]
    facts = {"as": Side.SYSTEM.value, "strikes": [str(one.pk) for one in made]}
    record(subject=f"strikes:{reference}", provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made


def _count(complaint: Complaint, against: Against, final_at: dt.datetime) -> Strike:
    # One that was taken back counts again as the same one.
    known = Strike.objects.filter(holder=against.holder, complaint=complaint).first()
    strike = known or Strike(holder=against.holder, complaint=complaint)
    policy = access.policy_in_force(complaint.provider, complaint.filed_at)
    strike.provider, strike.subscriber, strike.kind = complaint.provider, against.subscriber, against.kind
    strike.side = Side.COMPLAINANT if against.subscriber is None else Side.UPLOADER
    strike.policy, strike.policy_version = policy.policy, policy.version
    strike.noticed_on = local_day(complaint.filed_at, complaint.provider.time_zone)
    strike.content, strike.counted_at = against.content, final_at
    strike.taken_back_at, strike.taken_back_because = None, ""
    strike.save()
    return strike


@action("strike.taken_back")
def take_back_strikes(*, reference: str, because: str, by: Actor, now: dt.datetime) -> list[Strike]:
    """Take back what rests on a matter, or on its part against somebody, that does not stand; return the strikes.

    A finding of misuse ends with the decision that it rests on; while an appeal is open it only rests.
    """
    complaint = _locked(reference)
    finding = access.finding_without_ground(complaint)
    taken = access.strikes_to_take_back(complaint)
    if not (taken or finding):
        raise Conflict(_("Nothing of this matter is to be taken back."), state=complaint.state)
    Strike.objects.filter(pk__in=[one.pk for one in taken]).update(taken_back_at=now, taken_back_because=because)
    if finding is not None:
        Finding.objects.filter(pk=finding.pk).update(ended_at=now)
    facts = {"as": Side.SYSTEM.value, "strikes": [str(one.pk) for one in taken], "because": because}
    record(subject=f"strikes:{reference}", provider=complaint.provider.code, by=by, facts=facts, now=now)
    return taken


@action("misuse.found")
def find_misuse(*, reference: str, by: Account, kind: str, reasons: str, now: dt.datetime) -> Finding:
    """Find, as a handler and with reasons, that a notice was a misuse; return the finding.

    It counts only once it is final. Raises Denied for others and for a party, Conflict in a state that does not bear
    such a finding, where one stands already, and for a sender whose address nobody confirmed.
    """
    complaint = get_for(by, reference, lock=True)
    handler = require_handler(by, complaint)
    if kind not in FOUND_IN:
        raise invalid("/kind", "unknown", _("Choose one of: %(known)s.") % {"known": ", ".join(FOUND_IN)})
    rules.check_state(complaint.state, FOUND_IN[StrikeKind(kind)])
    require_reasons(reasons)
    if access.open_finding(complaint) is not None:
        raise Conflict(_("A misuse was found in this matter already."), state=complaint.state)
    if not access.may_be_found_misuse(complaint):
        raise Conflict(_("Nobody confirmed the sender's address, so it counts against nobody."), state=complaint.state)
    made = Finding.objects.create(complaint=complaint, kind=kind, reasons=reasons, found_at=now, found_by=handler)
    facts = {"as": Side.HANDLER.value, "finding": str(made.pk), "kind": str(kind)}
    record(subject=f"misuse:{reference}", provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made
