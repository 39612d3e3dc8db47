"""Each act: the row, the one ledger entry, what follows after commit, and nothing after a refusal."""

import datetime as dt

import pytest

from complaints import actions
from complaints.models import Complaint, ComplaintItem, Correction, CounterNotice, Measure
from complaints.rules import ItemState, State
from core import clocks
from core.actors import PUBLIC, SYSTEM
from core.errors import Conflict, Denied, Gone, Invalid, NotFound
from core.models import Clock
from ledger.models import Entry
from tests.complaints.world import CANARY, CONTACT, NOW, World, content, counter_statement, follow, mails, subscriber
from tests.factories import people

FORWARD_GROUNDS = ["partial_deletion_impossible", "harms_other_tenants", "no_full_shutdown"]


def last_entry(complaint: Complaint) -> Entry:
    found = Entry.objects.filter(subject=complaint.reference).order_by("-pk").first()
    assert found is not None
    return found


def test_filing_keeps_the_notice_and_leaves_one_entry_without_personal_data(world: World) -> None:
    made = world.filed()

    assert made.state == State.FILED
    assert made.missing == []
    assert made.regime_version.startswith("us-")
    assert made.items.get().content == world.content[0]
    entry = Entry.objects.get(subject=made.reference)
    assert entry.act == "complaint.filed"
    assert not any(value in entry.facts_text for value in CONTACT.values())


def test_a_notice_that_lacks_something_is_kept_as_defective(world: World) -> None:
    made = world.filed(signature="", statements=["accuracy"])

    assert made.state == State.DEFECTIVE
    assert made.missing == [["signature", "/signature"], ["good_faith", "/statements"]]
    assert made.answer_due_at is None


def test_a_notice_without_account_counts_only_after_the_mailed_link(world: World) -> None:
    made = world.filed(by=PUBLIC)
    assert made.state == State.UNCONFIRMED

    follow()

    (mail,) = mails()
    assert mail["template"] == "confirm"
    assert mail["to"] == CONTACT["email"]
    assert not any(text in mail["body"] for text in ("Harbour", "Films Example", world.content[0].url, "whole of it"))
    token = mail["body"].split("/complain/confirm/")[1].split("/")[0]
    confirmed = actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)
    assert confirmed.state == State.FILED
    with pytest.raises(Gone):
        actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)


def test_a_link_that_has_expired_or_was_never_made_confirms_nothing(world: World) -> None:
    made = world.filed(by=PUBLIC)
    follow()
    token = mails()[0]["body"].split("/complain/confirm/")[1].split("/")[0]

    with pytest.raises(Gone):
        actions.confirm_complaint(token=token, by=PUBLIC, now=NOW + dt.timedelta(days=7))
    with pytest.raises(NotFound):
        actions.confirm_complaint(token="guessed", by=PUBLIC, now=NOW)

    assert Complaint.objects.get(pk=made.pk).state == State.UNCONFIRMED


@pytest.mark.parametrize(
    ("regime", "provider", "changes", "pointer"),
    [
        ("xx", None, {}, "/regime"),
        ("us", "nowhere", {}, "/provider"),
        ("us", None, {"statements": ["invented"]}, "/statements/0"),
        ("us", None, {"items": [{"url": "https://a.example/"}] * 501}, "/items"),
        ("us", None, {"capacity": "king"}, "/complainant/capacity"),
    ],
)
def test_what_is_unknown_or_too_much_is_refused_at_its_place(world, regime, provider, changes, pointer) -> None:
    with pytest.raises(Invalid) as refused:
        actions.file_complaint(
            by=world.rights_holder,
            provider=provider or world.provider.code,
            regime=regime,
            notice=world.notice(**changes),
            now=NOW,
        )

    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not Complaint.objects.exists()
    assert not Entry.objects.filter(act="complaint.filed").exists()


def test_a_correction_cures_and_keeps_what_was_said_before(world: World) -> None:
    made = world.filed(signature="")

    after = actions.correct_complaint(
        reference=made.reference, by=world.rights_holder, changes={"signature": "F. Example"}, now=NOW
    )

    assert after.state == State.FILED
    assert after.answer_due_at is not None
    assert Correction.objects.filter(complaint=made).count() == 1
    assert last_entry(made).act == "complaint.corrected"


def test_a_correction_can_make_a_notice_defective_and_replace_its_items(world: World) -> None:
    made = world.filed()

    after = actions.correct_complaint(
        reference=made.reference,
        by=world.rights_holder,
        changes={"items": [{"url": world.content[1].url + "/"}], "works": []},
        now=NOW,
    )

    assert after.state == State.DEFECTIVE
    assert after.items.get().content == world.content[1]


def test_only_the_complainant_corrects_and_only_before_a_decision(world: World) -> None:
    made = world.accepted()

    with pytest.raises(Denied):
        actions.correct_complaint(reference=made.reference, by=world.handler, changes={}, now=NOW)
    with pytest.raises(Conflict) as refused:
        actions.correct_complaint(reference=made.reference, by=world.rights_holder, changes={}, now=NOW)
    assert refused.value.state == "accepted"


def test_a_sender_without_account_takes_the_notice_over_with_the_same_address(world: World) -> None:
    from complaints.access import tracking_code_of

    made = world.filed(by=PUBLIC, contact={**CONTACT, "email": world.rights_holder.email.upper()})
    code = tracking_code_of(made).reveal()
    with pytest.raises(Conflict):
        actions.adopt_complaint(tracking_code=code, by=world.rights_holder, now=NOW)
    follow()
    token = mails()[0]["body"].split("/complain/confirm/")[1].split("/")[0]
    actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)

    with pytest.raises(Denied):
        actions.adopt_complaint(tracking_code=code, by=world.stranger, now=NOW)
    after = actions.adopt_complaint(tracking_code=code, by=world.rights_holder, now=NOW)

    assert after.complainant == world.rights_holder
    assert last_entry(made).act == "complaint.adopted"


def test_a_rejection_needs_reasons_and_tells_the_complainant(world: World) -> None:
    made = world.filed()
    with pytest.raises(Invalid):
        actions.reject(reference=made.reference, by=world.handler, reasons="  ", now=NOW)

    after = actions.reject(reference=made.reference, by=world.handler, reasons="It is a review.", now=NOW)
    follow()

    assert (after.state, after.decision, after.decided_by) == (State.REJECTED, "rejected", world.handler)
    told = [mail for mail in mails() if mail["template"] == "rejected"]
    assert [mail["to"] for mail in told] == [world.rights_holder.email]
    assert "It is a review." in told[0]["body"]


def test_forwarding_alone_needs_all_three_grounds(world: World) -> None:
    made = world.accepted("cn")

    for grounds in ([], FORWARD_GROUNDS[:2]):
        with pytest.raises(Invalid) as refused:
            world.measure(made, "forward_only", grounds=grounds)
        assert refused.value.problems[0].pointer == "/grounds"
    measure = world.measure(made, "forward_only", grounds=FORWARD_GROUNDS)

    assert Complaint.objects.get(pk=made.pk).state == State.FORWARDED
    assert measure.covered.get().item.state == ItemState.FORWARDED


def test_a_measure_names_items_of_the_complaint_once(world: World) -> None:
    both = [{"external_id": one.external_id} for one in world.content[:2]]
    made = world.accepted(items=both)

    with pytest.raises(Invalid) as refused:
        world.measure(made, items=["nothing", world.content[0].url])
    assert [problem.pointer for problem in refused.value.problems] == ["/items/0"]
    world.measure(made, items=[world.content[0].url])
    with pytest.raises(Invalid):
        world.measure(made, items=[world.content[0].external_id])
    world.measure(made, "blocking")

    assert {item.state for item in made.items.all()} == {ItemState.RESTRICTED}
    with pytest.raises(Conflict):
        world.measure(made)


def test_the_uploader_is_told_with_the_notice_and_without_private_contact(world: World) -> None:
    made = world.acted("us")
    follow()

    (told,) = [mail for mail in mails() if mail["template"] == "told"]
    assert told["to"] == world.uploader.email
    for text in (made.reference, "The Harbour", world.content[0].url, "the whole of it", "It is the whole film."):
        assert text in told["body"]
    assert CONTACT["name"] in told["body"]
    assert not any(CONTACT[name] in told["body"] for name in ("email", "postal_address", "phone"))


def test_under_the_european_regime_the_uploader_is_not_told_the_name(world: World) -> None:
    world.acted("eu")
    follow()

    (told,) = [mail for mail in mails() if mail["template"] == "told"]
    assert CONTACT["name"] not in told["body"]


def test_the_service_reports_a_measure_once_and_what_was_lifted_again(world: World) -> None:
    made = world.acted()

    done = actions.report_execution(reference=made.reference, by=world.service, now=NOW)
    assert done.executed_by == world.service
    with pytest.raises(Conflict):
        actions.report_execution(reference=made.reference, by=world.service, now=NOW)
    with pytest.raises(Denied):
        actions.report_execution(reference=made.reference, by=world.handler, now=NOW)
    actions.restore(reference=made.reference, by=world.handler, reasons="A mistake.", now=NOW)
    undone = actions.report_execution(reference=made.reference, by=world.service, now=NOW)

    assert undone.undone_at == NOW


def test_a_report_is_about_the_measure_that_its_kind_and_items_name(world: World) -> None:
    made = world.acted()
    address = made.items.get().url
    say = {"reference": made.reference, "by": world.service, "now": NOW}

    for other in ({"kind": "blocking"}, {"items": ["item-of-another"]}, {"kind": "blocking", "items": [address]}):
        with pytest.raises(Conflict):
            actions.report_execution(**say, **other)

    assert actions.report_execution(**say, kind="removal", items=[address]).executed_at == NOW


@pytest.mark.parametrize(("regime", "clock"), [("us", "us-512g"), ("cn", "cn-cc1196")])
def test_a_counter_notice_starts_the_clock_and_goes_to_the_complainant(world: World, regime: str, clock: str) -> None:
    made = world.contested(regime)
    follow()

    running = Clock.objects.get(matter=made.reference)
    assert running.name == clock
    one = made.counter_notices.get()
    assert one.restore_due_at == running.due_at
    assert one.reached_at == NOW
    sent = {mail["template"]: mail for mail in mails()}
    assert sent["contested"]["to"] == world.rights_holder.email
    assert not any(value in sent["contested"]["body"] for value in CANARY.values())
    assert sent["counter_received_uploader"]["to"] == world.uploader.email


def test_a_counter_notice_that_lacks_something_says_what_and_is_not_kept(world: World) -> None:
    made = world.acted()

    with pytest.raises(Invalid) as refused:
        world.counter(made, contact={}, statements=[], signature="", items=[])

    assert [problem.code for problem in refused.value.problems] == [
        "missing.signature",
        "missing.material",
        "missing.good_faith",
        "missing.contact",
        "missing.contact",
        "missing.contact",
        "missing.jurisdiction",
    ]
    assert not made.counter_notices.exists()


def test_only_the_uploader_who_was_told_contests(world: World) -> None:
    made = world.accepted()

    with pytest.raises(NotFound):
        world.counter(made)
    world.measure(made)
    for other in (world.rights_holder, world.handler):
        with pytest.raises(Denied):
            world.counter(made, by=other)
    with pytest.raises(NotFound):
        world.counter(made, by=world.stranger)
    world.counter(made)
    with pytest.raises(Conflict):
        world.counter(made)


def test_a_regime_without_counter_notice_says_so(world: World) -> None:
    made = world.acted("eu")

    with pytest.raises(Conflict) as refused:
        world.counter(made)
    assert refused.value.code == "no_counter_notice"


def test_a_counter_notice_reaches_a_complainant_without_account_by_mail_and_starts_the_clock_then(world: World) -> None:
    made = world.filed("cn", by=PUBLIC)
    follow()
    token = mails()[0]["body"].split("/complain/confirm/")[1].split("/")[0]
    actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)
    actions.accept(reference=made.reference, by=world.handler, now=NOW)
    world.measure(made)
    world.counter(made)
    assert not clocks.running(made.reference).exists()

    follow()

    assert clocks.running(made.reference).get().name == "cn-cc1196"
    assert [mail["to"] for mail in mails() if mail["template"] == "contested"] == [CONTACT["email"]]
    assert last_entry(made).act == "complaint.counter_notice_forwarded"
    with pytest.raises(Conflict):
        actions.forward_counter_notice(reference=made.reference, by=world.handler, now=NOW)


def test_a_suit_stops_the_clock_so_that_nothing_returns(world: World) -> None:
    made = world.contested("us")

    actions.show_suit(
        reference=made.reference, by=world.rights_holder, kind="lawsuit", body="A district court", now=NOW
    )
    follow()

    assert not clocks.running(made.reference).exists()
    clocks.fire_due(NOW + dt.timedelta(days=60))
    assert Complaint.objects.get(pk=made.pk).state == State.CONTESTED
    assert "suit_uploader" in [mail["template"] for mail in mails()]
    actions.uphold(reference=made.reference, by=world.handler, reasons="The court decided.", now=NOW)
    assert Complaint.objects.get(pk=made.pk).state == State.UPHELD


@pytest.mark.parametrize(
    ("regime", "kind", "is_taken"),
    [
        ("us", "lawsuit", True),
        ("us", "authority_complaint", False),
        ("cn", "lawsuit", True),
        ("cn", "authority_complaint", True),
        ("cn", "letter", False),
    ],
)
def test_each_regime_says_what_stops_its_clock(world: World, regime: str, kind: str, is_taken: bool) -> None:
    made = world.contested(regime)

    def show() -> object:
        return actions.show_suit(reference=made.reference, by=world.rights_holder, kind=kind, body="There", now=NOW)

    if is_taken:
        show()
    else:
        with pytest.raises(Invalid):
            show()
    assert clocks.running(made.reference).exists() is not is_taken


def test_the_clock_restores_exactly_once_and_lifts_the_measure(world: World) -> None:
    made = world.contested("us")
    actions.report_execution(reference=made.reference, by=world.service, now=NOW)
    due = clocks.running(made.reference).get().due_at

    assert clocks.fire_due(due - dt.timedelta(microseconds=1)) == 0
    assert clocks.fire_due(due) == 1
    clocks.fire_due(due + dt.timedelta(days=30))

    after = Complaint.objects.get(pk=made.pk)
    assert after.state == State.RESTORED
    assert after.items.get().state == ItemState.RESTORED
    assert Measure.objects.get(complaint=made).lifted_because == "restored"
    assert Entry.objects.filter(subject=made.reference, act="complaint.restored", actor="system").count() == 1
    assert Clock.objects.get(matter=made.reference).state == "fired"
    with pytest.raises(Conflict):
        actions.restore(reference=made.reference, by=SYSTEM, now=due)


def test_what_was_not_contested_stays_under_its_measure(world: World) -> None:
    both = [{"external_id": one.external_id} for one in world.content[:2]]
    made = world.acted("us", items=both)
    world.counter(made, items=[world.content[0].external_id])
    due = clocks.running(made.reference).get().due_at

    clocks.fire_due(due)

    states = dict(ComplaintItem.objects.filter(complaint=made).values_list("external_id", "state"))
    assert states == {world.content[0].external_id: "restored", world.content[1].external_id: "restricted"}
    assert Complaint.objects.get(pk=made.pk).state == State.ACTED
    world.counter(made)
    assert clocks.running(made.reference).get().name == "us-512g.2"


def test_after_a_counter_notice_nothing_returns_before_the_earliest_day(world: World) -> None:
    made = world.contested("us")

    with pytest.raises(Conflict) as refused:
        actions.restore(reference=made.reference, by=world.handler, reasons="Early.", now=NOW)
    assert refused.value.code == "too_early"


def test_a_measure_cannot_be_upheld_against_a_standing_counter_notice(world: World) -> None:
    made = world.contested("cn")

    with pytest.raises(Conflict):
        actions.uphold(reference=made.reference, by=world.handler, reasons="We think so.", now=NOW)


def test_a_withdrawal_lifts_the_measures_and_tells_the_uploader(world: World) -> None:
    made = world.contested("cn")

    after = actions.withdraw(reference=made.reference, by=world.rights_holder, now=NOW)
    follow()

    assert after.state == State.WITHDRAWN
    assert after.items.get().state == ItemState.RESTORED
    assert not clocks.running(made.reference).exists()
    assert "withdrawn_uploader" in [mail["template"] for mail in mails()]


def test_closing_ends_the_matter_and_waits_for_appeals(world: World) -> None:
    made = world.filed()
    actions.reject(reference=made.reference, by=world.handler, reasons="A review.", now=NOW)
    actions.appeal(reference=made.reference, by=world.rights_holder, reasons="It is not.", now=NOW)

    with pytest.raises(Conflict):
        actions.close(reference=made.reference, by=world.handler, now=NOW)
    actions.decide_appeal(
        reference=made.reference, by=world.reviewer, outcome="dismissed", reasons="It is one.", now=NOW
    )
    after = actions.close(reference=made.reference, by=world.handler, now=NOW)

    assert after.state == State.CLOSED


def test_an_appeal_is_decided_by_somebody_else(world: World) -> None:
    made = world.filed()
    actions.reject(reference=made.reference, by=world.handler, reasons="A review.", now=NOW)
    actions.appeal(reference=made.reference, by=world.rights_holder, reasons="It is not.", now=NOW)

    decision = {"reference": made.reference, "outcome": "granted", "reasons": "It is the whole film.", "now": NOW}
    with pytest.raises(Denied) as refused:
        actions.decide_appeal(by=world.handler, **decision)
    assert refused.value.code == "same_decider"
    actions.decide_appeal(by=world.reviewer, **decision)

    after = Complaint.objects.get(pk=made.pk)
    assert (after.state, after.decided_by, after.ended_at) == (State.ACCEPTED, world.reviewer, None)


def test_a_granted_appeal_of_the_uploader_brings_the_content_back(world: World) -> None:
    made = world.acted("eu")
    actions.appeal(reference=made.reference, by=world.uploader, reasons="It is mine.", now=NOW)
    with pytest.raises(Conflict):
        actions.appeal(reference=made.reference, by=world.uploader, reasons="Again.", now=NOW)

    actions.decide_appeal(reference=made.reference, by=world.reviewer, outcome="granted", reasons="It is.", now=NOW)

    after = Complaint.objects.get(pk=made.pk)
    assert (after.state, after.items.get().state) == (State.RESTORED, ItemState.RESTORED)
    assert last_entry(made).act == "complaint.appeal_decided"


def test_a_granted_appeal_ends_the_counter_notice_about_the_same_content_with_its_clock(world: World) -> None:
    second = people.account("second")
    theirs = content(subscriber(world.provider, second))
    both = [{"external_id": one.external_id} for one in (world.content[0], theirs)]
    made = world.acted(items=both)
    actions.appeal(reference=made.reference, by=world.uploader, reasons="It is mine.", now=NOW)
    world.counter(made)
    decision = {"reference": made.reference, "outcome": "granted", "reasons": "It is."}

    actions.decide_appeal(by=world.reviewer, now=NOW, **decision)

    assert Complaint.objects.get(pk=made.pk).state == State.ACTED
    assert [one.state for one in made.items.order_by("position")] == [ItemState.RESTORED, ItemState.RESTRICTED]
    assert CounterNotice.objects.get().ended_at == NOW
    assert not clocks.running(made.reference).exists()


def test_a_granted_appeal_leaves_another_uploaders_counter_notice_and_its_clock(world: World) -> None:
    second = people.account("second")
    theirs = content(subscriber(world.provider, second))
    both = [{"external_id": one.external_id} for one in (world.content[0], theirs)]
    made = world.acted(items=both)
    actions.appeal(reference=made.reference, by=world.uploader, reasons="It is mine.", now=NOW)
    world.counter(made)
    other = world.counter(made, NOW + dt.timedelta(days=1), by=second)

    actions.decide_appeal(
        reference=made.reference, by=world.reviewer, outcome="granted", reasons="It is.", now=NOW + dt.timedelta(days=1)
    )

    assert Complaint.objects.get(pk=made.pk).state == State.CONTESTED
    assert [one.pk for one in CounterNotice.objects.filter(ended_at__isnull=True)] == [other.pk]
    assert [one.due_at for one in clocks.running(made.reference)] == [other.restore_due_at]


def test_content_that_was_registered_later_is_found_when_a_measure_is_ordered(world: World) -> None:
    made = world.accepted(items=[{"url": "https://host.example/late"}])
    assert made.items.get().content is None
    late = content(world.subscriber, url="https://host.example/late")

    world.measure(made)

    assert made.items.get().content == late


def test_what_an_earning_item_concerns_is_due_sooner(world: World) -> None:
    usual = world.filed().answer_due_at
    earning = content(world.subscriber, is_earning=True)
    sooner = world.filed(items=[{"external_id": earning.external_id}]).answer_due_at

    assert usual is not None
    assert sooner is not None
    assert sooner < usual


def test_nobody_is_mailed_twice_when_followers_run_again(world: World) -> None:
    world.contested("us")
    follow()
    before = len(mails())

    follow()

    assert len(mails()) == before
    assert len({mail["dedupe"] for mail in mails()}) == before


def test_a_handler_files_the_counter_notice_that_came_as_a_letter(world: World) -> None:
    made = world.acted()
    letter = actions.keep_letter(by=world.handler, provider=world.provider, content=b"I contest this.", now=NOW)

    one = actions.file_counter_notice(
        reference=made.reference, by=world.handler, counter=counter_statement("us"), letter=letter.pk, now=NOW
    )

    assert one.subscriber == world.subscriber
    assert last_entry(made).facts["as"] == "handler"
