"""Strikes count final, distinct matters only, once each, and rest or end with what they rest on."""

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from django.db import connection

from complaints import access, actions
from complaints.followers.strikes import end_without_ground, follow_finality, propose
from complaints.models import Complaint, ComplaintItem, Restriction, Strike
from complaints.rules.policies import Step
from complaints.rules.restrictions import RestrictionState
from core import clocks
from core.actors import PUBLIC, SYSTEM
from core.errors import Conflict, Denied, Invalid, NotFound
from ledger import sealing as ledger_sealing
from ledger.models import Entry
from tests.complaints import penalties
from tests.complaints.penalties import DAY, FINAL, acted_on_new_content, listen, misused, rejected, run, struck
from tests.complaints.test_acts import unconfirmed
from tests.complaints.world import CONTACT, NOW, World, content, follow, subscriber
from tests.factories import people
from verification.models import Account

pytestmark = pytest.mark.django_db
WHY = "It is the whole film."
LATER = NOW + DAY


@pytest.fixture
def listening(world: World) -> World:
    listen()
    return world


def restored_by_handler(w: World) -> Complaint:
    made = w.acted()
    return actions.restore(reference=made.reference, by=w.handler, reasons=WHY, now=NOW)


def contested(w: World, of: Complaint) -> None:
    w.counter(of, LATER)


def upheld_after_suit(w: World, of: Complaint) -> None:
    w.counter(of, LATER)
    actions.show_suit(reference=of.reference, by=w.rights_holder, kind="lawsuit", body="A court", now=LATER)
    actions.uphold(reference=of.reference, by=w.handler, reasons=WHY, now=LATER)


def appealed(w: World, of: Complaint) -> None:
    actions.appeal(reference=of.reference, by=w.uploader, reasons=WHY, now=LATER)


def decided(outcome: str) -> Callable[[World, Complaint], None]:
    def decide(w: World, of: Complaint) -> None:
        appealed(w, of)
        actions.decide_appeal(reference=of.reference, by=w.reviewer, outcome=outcome, reasons=WHY, now=LATER)

    return decide


def nothing(w: World, of: Complaint) -> None:
    """The uploader lets the measure stand."""


def closed(w: World, of: Complaint) -> None:
    actions.close(reference=of.reference, by=w.handler, now=LATER)


def withdrawn(w: World, of: Complaint) -> None:
    actions.withdraw(reference=of.reference, by=w.rights_holder, now=LATER)


def restored(w: World, of: Complaint) -> None:
    actions.restore(reference=of.reference, by=w.handler, reasons=WHY, now=LATER)


AFTER_THE_MEASURE: dict[str, tuple[Callable[[World, Complaint], None], bool]] = {
    "nothing": (nothing, True),
    "closed": (closed, True),
    "upheld after a suit": (upheld_after_suit, True),
    "appeal dismissed": (decided("dismissed"), True),
    "appeal granted": (decided("granted"), False),
    "contested": (contested, False),
    "appeal open": (appealed, False),
    "withdrawn": (withdrawn, False),
    "restored": (restored, False),
}


def test_a_matter_counts_when_nothing_contests_it_for_thirty_days(listening: World):
    made = {name: acted_on_new_content(listening) for name in AFTER_THE_MEASURE}
    for name, (what, _counts) in AFTER_THE_MEASURE.items():
        what(listening, made[name])
    forwarded = listening.accepted()
    grounds = ["partial_deletion_impossible", "harms_other_tenants", "no_full_shutdown"]
    listening.measure(forwarded, "forward_only", grounds=grounds)

    run(NOW + 30 * DAY)
    before = Strike.objects.count()
    run(NOW + 32 * DAY)

    counted = {name: Strike.objects.filter(complaint=one).count() for name, one in made.items()}
    assert before == 0
    assert counted == {name: int(counts) for name, (_what, counts) in AFTER_THE_MEASURE.items()}
    assert not Strike.objects.filter(complaint=forwarded).exists()


def test_a_strike_is_taken_back_with_the_measure(listening: World):
    ends: dict[str, Callable[[Complaint], object]] = {
        "complaint.counter_notice_filed": lambda c: listening.counter(c, FINAL + DAY),
        "complaint.withdrawn": lambda c: withdrawn(listening, c),
        "complaint.restored": lambda c: restored(listening, c),
    }
    made = {name: acted_on_new_content(listening) for name in ends}
    run(FINAL)
    before = penalties.points(listening, FINAL)

    for name, end in ends.items():
        end(made[name])
    run(FINAL + DAY)

    assert {one.complaint: one.taken_back_because for one in Strike.objects.all()} == {c: n for n, c in made.items()}
    assert (before, penalties.points(listening, FINAL + DAY)) == (4, 0)  # one day's notices are one strike


def test_of_two_uploaders_only_the_one_whose_content_came_back_is_cleared(world: World):
    theirs = content(subscriber(world.provider, people.account("second-uploader")))
    items = [{"url": one.url, "external_id": one.external_id} for one in (world.content[0], theirs)]
    made = world.acted(items=items)
    strikes = actions.count_strikes(reference=made.reference, by=SYSTEM, now=FINAL)
    ComplaintItem.objects.filter(content=theirs).update(state="restored")

    actions.take_back_strikes(reference=made.reference, because="test", by=SYSTEM, now=FINAL)

    assert len(strikes) == 2
    assert [one.subscriber for one in Strike.objects.filter(taken_back_at=None)] == [world.subscriber]


@dataclass(frozen=True)
class Two:
    """A matter about one item of each of two uploaders."""

    matter: Complaint
    other: Account

    def against(self) -> dict[str, bool]:
        """Return whether the matter counts against each, of those of whom it ever did."""
        found = Strike.objects.filter(complaint=self.matter).select_related("subscriber__account")
        return {str(one.subscriber and one.subscriber.account): one.taken_back_at is None for one in found}


def of_two(w: World) -> Two:
    other = people.account("second-uploader")
    theirs = content(subscriber(w.provider, other))
    items = [{"url": one.url, "external_id": one.external_id} for one in (w.content[0], theirs)]
    return Two(w.acted(items=items), other)


def test_the_counter_notice_of_one_uploader_lets_the_strike_of_the_other_stand(listening: World):
    two = of_two(listening)
    run(FINAL)

    listening.counter(two.matter, FINAL + DAY)
    run(FINAL + DAY)

    assert two.against() == {str(listening.uploader): False, str(two.other): True}


def test_the_time_of_one_uploader_runs_on_while_the_other_contests(listening: World):
    two = of_two(listening)
    run(NOW)

    listening.counter(two.matter, NOW + 20 * DAY)
    run(NOW + 20 * DAY)
    run(FINAL)

    assert two.against() == {str(two.other): True}


def test_what_is_upheld_counts_against_who_contested_after_a_time_of_its_own(listening: World):
    two = of_two(listening)
    run(NOW)
    contested_and_stopped = NOW + 20 * DAY
    listening.counter(two.matter, contested_and_stopped)
    actions.show_suit(
        reference=two.matter.reference,
        by=listening.rights_holder,
        kind="lawsuit",
        body="A court",
        now=contested_and_stopped,
    )
    actions.uphold(reference=two.matter.reference, by=listening.handler, reasons=WHY, now=contested_and_stopped)

    run(FINAL)
    first = two.against()
    run(contested_and_stopped + 31 * DAY)

    assert first == {str(two.other): True}
    assert two.against() == {str(two.other): True, str(listening.uploader): True}


def test_the_appeal_of_one_uploader_lets_the_strike_of_the_other_stand(listening: World):
    two = of_two(listening)
    run(FINAL)

    actions.appeal(reference=two.matter.reference, by=two.other, reasons=WHY, now=FINAL + DAY)
    run(FINAL + DAY)

    assert two.against() == {str(listening.uploader): True, str(two.other): False}


def test_what_the_clock_restores_takes_back_the_strike_of_its_own_uploader_only(listening: World):
    two = of_two(listening)
    run(FINAL)
    listening.counter(two.matter, FINAL + DAY)
    run(FINAL + DAY)

    run(FINAL + 60 * DAY)

    assert ComplaintItem.objects.get(complaint=two.matter, content=listening.content[0]).state == "restored"
    assert two.against() == {str(listening.uploader): False, str(two.other): True}


def test_a_measure_on_the_item_of_one_uploader_gives_the_other_no_new_time(listening: World):
    other = content(subscriber(listening.provider, people.account("second-uploader")))
    mine = listening.content[0]
    made = listening.accepted(items=[{"url": one.url, "external_id": one.external_id} for one in (mine, other)])
    listening.measure(made, items=[mine.url])
    run(NOW)
    listening.measure(made, items=[other.url], now=NOW + 20 * DAY)
    run(NOW + 20 * DAY)

    run(FINAL)
    first = [one.subscriber for one in Strike.objects.all()]
    run(FINAL + 20 * DAY)

    assert first == [listening.subscriber]
    assert Strike.objects.count() == 2


def test_a_clock_that_was_started_for_all_uploaders_together_counts_for_all(listening: World):
    two = of_two(listening)
    run(NOW)
    key = access.clock_key(two.matter.reference)
    clocks.stop(matter=key, because="begins_anew", now=NOW)
    clocks.start(matter=key, name=access.FINALITY_CLOCK, action=access.FINALITY, due_at=FINAL, now=NOW)

    run(FINAL)

    assert two.against() == {str(listening.uploader): True, str(two.other): True}


def test_a_strike_that_rested_while_it_was_contested_counts_again_as_the_same_one(listening: World):
    made = listening.acted()
    run(FINAL)
    listening.counter(made, FINAL + DAY)
    run(FINAL + DAY)
    actions.show_suit(
        reference=made.reference, by=listening.rights_holder, kind="lawsuit", body="A court", now=FINAL + 2 * DAY
    )
    actions.uphold(reference=made.reference, by=listening.handler, reasons=WHY, now=FINAL + 2 * DAY)

    run(FINAL + 40 * DAY)

    [strike] = Strike.objects.all()
    # From the day on which it became final anew: thirty days after it was upheld.
    assert strike.taken_back_at is None
    assert FINAL + 31 * DAY < strike.counted_at < FINAL + 34 * DAY


def test_a_strike_keeps_the_policy_that_held_when_the_notice_came(world: World):
    assert (struck(world).policy, struck(world, 1).policy_version) == (None, "house-2026.1")


def test_a_matter_is_counted_once(world: World):
    strike = struck(world)

    with pytest.raises(Conflict):
        actions.count_strikes(reference=strike.complaint.reference, by=SYSTEM, now=FINAL)
    with pytest.raises(Conflict):
        actions.take_back_strikes(reference=strike.complaint.reference, because="mistake", by=SYSTEM, now=FINAL)


def again(*acts: str) -> None:
    """Have the followers be given everything a second time, as after a crash before their cursor was kept."""
    followed = {"strike.counted": propose, "strike.taken_back": end_without_ground}
    for entry in Entry.objects.filter(act__in=acts).order_by("pk"):
        followed.get(entry.act, follow_finality)(entry)


def test_followers_that_run_twice_change_nothing(listening: World):
    acted_on_new_content(listening)
    acted_on_new_content(listening, NOW + DAY)
    run(FINAL)
    run(FINAL + DAY)
    acts, strikes, restrictions = Entry.objects.count(), Strike.objects.count(), Restriction.objects.count()

    again("complaint.measure_ordered", "strike.counted")
    follow(FINAL + DAY)
    clocks.fire_due(FINAL + DAY)

    assert (strikes, restrictions) == (2, 2)
    assert (Entry.objects.count(), Strike.objects.count(), Restriction.objects.count()) == (acts, 2, 2)


def test_taking_back_drops_what_was_proposed_and_lifts_what_is_in_force(listening: World):
    first = acted_on_new_content(listening)
    acted_on_new_content(listening, NOW + DAY)
    run(FINAL)
    run(FINAL + DAY)
    [warning, proposal] = Restriction.objects.order_by("pk")

    actions.restore(reference=first.reference, by=listening.handler, reasons=WHY, now=FINAL + 2 * DAY)
    run(FINAL + 2 * DAY)
    again("strike.taken_back")

    warning.refresh_from_db()
    proposal.refresh_from_db()
    assert (warning.step, warning.state, warning.ended_because) == ("warning", "lifted", "strikes_taken_back")
    assert (proposal.step, proposal.state) == ("publishing_checked", "dropped")


def test_what_other_strikes_carry_stays(world: World):
    first = penalties.warned(world).strikes.get()
    struck(world, 1)
    third = penalties.propose(struck(world, 2), Step.PUBLISHING_CHECKED)

    actions.restore(reference=first.complaint.reference, by=world.handler, reasons=WHY, now=FINAL + 3 * DAY)
    actions.take_back_strikes(reference=first.complaint.reference, because="test", by=SYSTEM, now=FINAL + 3 * DAY)

    assert third in first.restrictions.all()
    assert [one.step for one in access.without_ground(first)] == ["warning"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("append_only_tables_can_be_emptied")
def test_two_workers_count_and_warn_once(world: World):
    listen()
    for day in (0, 1, 2):
        acted_on_new_content(world, NOW + day * DAY)
    follow()
    gate, wrong = threading.Barrier(2), []

    def work() -> None:
        gate.wait()
        try:
            for _ in range(4):
                clocks.fire_due(FINAL + 3 * DAY)
                ledger_sealing.seal(FINAL + 3 * DAY)
                follow(FINAL + 3 * DAY)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    follow(FINAL + 3 * DAY)

    assert wrong == []
    assert Strike.objects.count() == Entry.objects.filter(act="strike.counted").count() == 3
    assert Restriction.objects.filter(step=Step.WARNING).count() == 1
    assert Restriction.objects.filter(state=RestrictionState.PROPOSED).count() == 1


# --- misuse of notices


def test_a_rejection_alone_is_no_misuse(listening: World):
    rejected(listening)

    run(NOW + 60 * DAY)

    assert not Strike.objects.exists()


def test_a_finding_counts_once_nobody_contests_the_rejection(listening: World):
    misused(listening)

    run(NOW + 30 * DAY)
    before = Strike.objects.count()
    run(FINAL)

    [strike] = Strike.objects.all()
    assert before == 0
    assert (strike.side, strike.holder) == ("complainant", f"account:{listening.rights_holder.pk}")


def test_a_finding_rests_while_its_rejection_is_appealed_and_ends_with_it(listening: World):
    made = misused(listening)
    run(FINAL)

    actions.appeal(reference=made.reference, by=listening.rights_holder, reasons=WHY, now=FINAL + DAY)
    run(FINAL + DAY)
    resting = [(one.ended_at is None) for one in made.findings.all()]
    actions.decide_appeal(
        reference=made.reference, by=listening.reviewer, outcome="granted", reasons=WHY, now=FINAL + 2 * DAY
    )
    run(FINAL + 60 * DAY)

    assert resting == [True]
    assert not Strike.objects.filter(taken_back_at__isnull=True).exists()
    assert not made.findings.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("kind", "matter", "refusal"),
    [
        ("manifestly_unfounded", rejected, None),
        ("false_identity", rejected, None),
        ("bad_faith", rejected, Conflict),
        ("bad_faith", restored_by_handler, None),
        ("false_identity", restored_by_handler, None),
        ("manifestly_unfounded", restored_by_handler, Conflict),
        ("manifestly_unfounded", World.filed, Conflict),
        ("manifestly_unfounded", World.acted, Conflict),
        ("infringement", rejected, Invalid),
    ],
)
def test_a_misuse_is_found_only_where_the_matter_bears_it(
    world: World, kind: str, matter: Callable[[World], Complaint], refusal: type[Exception] | None
):
    made = matter(world)

    def find() -> object:
        return actions.find_misuse(reference=made.reference, by=world.handler, kind=kind, reasons=WHY, now=NOW)

    if refusal is None:
        find()
        with pytest.raises(Conflict):
            find()
    else:
        with pytest.raises(refusal):
            find()


WHO_MAY_FIND = {
    "handler": None, "reviewer": Denied, "auditor": Denied, "authorizer": Denied, "service": NotFound,
    "rights_holder": Denied, "uploader": NotFound, "stranger": NotFound, "other_handler": NotFound,
}  # fmt: skip


def test_who_may_find_a_misuse(world: World):
    made = rejected(world)
    given = {"reference": made.reference, "kind": "manifestly_unfounded", "reasons": WHY, "now": NOW}

    for who, refusal in sorted(WHO_MAY_FIND.items(), key=lambda one: one[1] is None):
        with pytest.raises(refusal) if refusal else nullcontext():
            actions.find_misuse(by=getattr(world, who), **given)


def test_a_guest_is_counted_by_the_confirmed_address_and_an_account_of_it_is_the_same_person(world: World):
    made, token = unconfirmed(world)
    actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)
    actions.reject(reference=made.reference, by=world.handler, reasons=WHY, now=NOW)
    actions.find_misuse(reference=made.reference, by=world.handler, kind="manifestly_unfounded", reasons=WHY, now=NOW)
    [strike] = actions.count_strikes(reference=made.reference, by=SYSTEM, now=FINAL)
    of_account = penalties.misuse_counted(world, 1)

    assert strike.holder.startswith("address:")
    assert world.rights_holder.email not in strike.holder
    assert actions.warn(strike=of_account, prompted_by=of_account.pk, by=SYSTEM, now=FINAL + DAY).points == 8


def test_a_letter_counts_against_nobody_whose_address_was_never_confirmed(world: World):
    kept = actions.keep_letter(by=world.handler, provider=world.provider, content=b"Dear provider", now=NOW)
    made = actions.complaint_from_letter(
        letter_id=kept.pk, by=world.handler, regime="us", notice=world.notice(contact=CONTACT), now=NOW
    )
    actions.reject(reference=made.reference, by=world.handler, reasons=WHY, now=NOW)

    with pytest.raises(Conflict):
        actions.find_misuse(
            reference=made.reference, by=world.handler, kind="manifestly_unfounded", reasons=WHY, now=NOW
        )
