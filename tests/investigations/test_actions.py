"""What each act demands, changes and records; promises D1 to D8 but for those that need several transactions."""

import datetime as dt
from typing import Any

import pytest

from complaints.actions import Notice, file_complaint
from core import clocks
from core.actors import SYSTEM
from core.errors import Conflict, Denied, Gone, Invalid, StepUpRequired
from core.models import Clock, Opening, OutgoingMail
from hosting.models import Content
from investigations import access, actions, tasks
from investigations.models import Access, Authorization, Disclosure, Investigation, SubjectNotice
from ledger.models import Entry
from tests.investigations import world as worlds
from tests.investigations.world import World
from verification.models import Identity, Membership
from verification.rules import IdentityState, OrganisationKind, Role

DAY = dt.timedelta(days=1)


def acts_of(made: Investigation) -> list[str]:
    entries = Entry.objects.filter(subject=made.reference).order_by("pk")
    return [entry.act.removeprefix("investigation.") for entry in entries]


def again(made: Investigation) -> Investigation:
    return Investigation.objects.get(pk=made.pk)


# --- filing


def test_a_whole_request_is_filed_with_both_clocks_and_one_entry(world: World):
    made = world.filed()

    assert made.state == "filed"
    assert {clock.name for clock in clocks.running(made.reference)} == {"acknowledgement", "answer"}
    assert acts_of(made) == ["filed"]
    entry = Entry.objects.get(subject=made.reference)
    assert entry.facts["request_digest"] == made.request_digest
    assert "administrative" not in entry.facts_text


@pytest.mark.parametrize("left_out", ["purpose", "necessity", "documents", "categories", "content"])
def test_a_request_that_lacks_something_is_kept_and_says_what(world: World, left_out: str):
    made = world.filed(**{left_out: [] if left_out in ("documents", "categories", "content") else ""})

    assert made.state == "incomplete"
    wanted = "evidence_request" if left_out == "documents" else left_out
    assert Entry.objects.get(subject=made.reference).facts["missing"] == [wanted]


def test_the_receipt_is_noted_and_mailed_once(world: World):
    made = world.filed()

    worlds.follow()
    worlds.follow()

    assert acts_of(made) == ["filed", "acknowledged"]
    assert OutgoingMail.objects.filter(template="investigations/mail/receipt").count() == 1
    assert [clock.name for clock in clocks.running(made.reference)] == ["answer"]


def test_a_time_limit_that_runs_out_is_recorded(world: World):
    made = world.filed()

    clocks.fire_due(worlds.now() + 40 * DAY)

    assert acts_of(made) == ["filed", "overdue", "overdue"]
    assert again(made).overdue_at is not None


def test_who_is_not_verified_cannot_ask(world: World):
    Identity.objects.filter(account=world.officer).update(state=IdentityState.EXPIRED)
    with pytest.raises(Denied):
        world.filed()

    world.authority.verified_at = None
    world.authority.save()
    with pytest.raises(Denied):
        world.filed(by=world.officer)


def test_an_officer_of_an_unverified_authority_cannot_ask(world: World):
    office = worlds.organisation("unknown-office", OrganisationKind.AUTHORITY, is_verified=False)
    officer = worlds.verify(worlds.give_role(worlds.account("officer"), Role.AUTHORITY_OFFICER, office), world.provider)

    with pytest.raises(Denied):
        world.filed(by=officer)


def test_a_rights_holder_is_no_authority_and_the_other_way_round(world: World):
    with pytest.raises(Denied):
        world.filed(by=world.rights_holder)
    with pytest.raises(Denied):
        world.filed(capacity="rights_holder", regime="us", legal_basis="us.512h")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"legal_basis": "cn.none"}, "/legal_basis"),
        ({"regime": "us"}, "/regime"),
        ({"legal_basis": "cn.consent"}, "/capacity"),
        ({"provider": "nobody"}, "/provider"),
        ({"content": ["no-such-item"]}, "/content/0"),
        ({"complaint": "C-0000000000000000"}, "/complaint"),
        ({"documents": ["00000000-0000-7000-8000-000000000000"]}, "/documents/0"),
        ({"confidentiality_ground": "Secret."}, "/notify_subject_after"),
        ({"notify_subject_after": worlds.now() + DAY}, "/confidentiality_ground"),
        ({"notify_subject_after": worlds.now() - DAY, "confidentiality_ground": "x"}, "/notify_subject_after"),
        ({"notify_subject_after": worlds.now() + 500 * DAY, "confidentiality_ground": "x"}, "/notify_subject_after"),
    ],
)
def test_what_is_wrong_in_a_request_is_pointed_at(world: World, changes: dict[str, Any], pointer: str):
    with pytest.raises(Invalid) as refused:
        world.filed(**changes)

    assert [problem.pointer for problem in refused.value.problems] == [pointer]
    assert not Investigation.objects.exists()


def test_a_basis_allows_only_its_categories(world: World):
    mine = [worlds.file_of(world.rights_holder) for _ in range(4)]
    asked = {"capacity": "rights_holder", "regime": "us", "legal_basis": "us.512h", "documents": mine}

    with pytest.raises(Invalid) as refused:
        world.filed(by=world.rights_holder, **asked, categories=["name", "network_address"])

    assert refused.value.problems[0].pointer == "/categories/1"


def test_somebody_elses_file_cannot_be_a_document(world: World):
    with pytest.raises(Invalid):
        world.filed(documents=[worlds.file_of(world.stranger)])


def test_a_foreign_proceeding_lacks_the_approval_of_the_prc_authority(world: World):
    mine = [worlds.file_of(world.rights_holder, str(n)) for n in range(4)]
    asked = {"capacity": "rights_holder", "regime": "us", "legal_basis": "us.512h", "categories": ["name"]}

    without = world.filed(by=world.rights_holder, **asked, documents=mine[:3])
    with_it = world.filed(by=world.rights_holder, **asked, documents=mine)

    assert Entry.objects.get(subject=without.reference).facts["missing"] == ["approval_abroad"]
    assert with_it.state == "filed"


def complained(world: World, content: Content) -> str:
    contact = {"name": "Rights Films", "postal_address": "1 Street", "email": "f@films.example", "phone": "+49301"}
    notice = Notice(
        capacity="owner", contact=contact, works=[{"title": "A film", "kind": "film"}], grounds="It is ours.",
        items=[{"url": content.url, "external_id": content.external_id}], statements=["accuracy"], signature="R. F.",
    )  # fmt: skip
    at = world.provider.code
    return file_complaint(by=world.rights_holder, provider=at, regime="cn", notice=notice, now=worlds.now()).reference


@pytest.mark.parametrize(("is_about_it", "missing"), [(True, []), (False, ["notice"])])
def test_a_complaint_is_the_notice_of_the_content_that_it_names_and_of_no_other(
    world: World, is_about_it: bool, missing: list[str]
):
    other = Content.objects.create(
        provider=world.provider, subscriber=world.subscriber, external_id="item-2", url="https://host.example/item-2",
        title="Another film", media="video", registered_at=worlds.now(), changed_at=worlds.now(),
    )  # fmt: skip
    asked = {"capacity": "rights_holder", "legal_basis": "cn.consent", "categories": ["name"], "documents": []}

    made = world.filed(
        by=world.rights_holder, **asked, complaint=complained(world, world.content if is_about_it else other)
    )

    assert Entry.objects.get(subject=made.reference).facts["missing"] == missing


def test_one_request_is_about_one_uploader(world: World):
    other = worlds.make()
    content = other.content
    Content.objects.filter(pk=content.pk).update(provider=world.provider, external_id="item-of-another")

    with pytest.raises(Invalid) as refused:
        world.filed(content=["item-1", "item-of-another"])

    assert refused.value.problems[0].code == "several_uploaders"


# --- hearing


def test_the_uploader_is_asked_and_answers_once(world: World):
    made = world.filed()
    actions.consult(reference=made.reference, message="What do you say?", by=world.reviewer, now=worlds.now())
    assert again(made).state == "consulting"
    worlds.follow()
    assert OutgoingMail.objects.filter(template="investigations/mail/asked").count() == 1

    answer = {"reference": made.reference, "by": world.uploader, "now": worlds.now()}
    actions.give_statement(statement="It is my own film.", has_consented=False, **answer)

    assert again(made).state == "assessing"
    with pytest.raises(Conflict):
        actions.give_statement(statement="Again.", has_consented=True, **answer)


def test_silence_of_the_uploader_lets_the_assessment_go_on(world: World):
    made = world.filed()
    actions.consult(reference=made.reference, message="", by=world.reviewer, now=worlds.now())

    clocks.fire_due(worlds.now() + 15 * DAY)

    assert again(made).state == "assessing"
    assert "hearing_ended" in acts_of(made)


def test_the_uploader_is_not_asked_while_it_must_not_know(world: World):
    made = world.filed(notify_subject_after=worlds.now() + 30 * DAY, confidentiality_ground="Secrecy.")

    with pytest.raises(Conflict) as refused:
        actions.consult(reference=made.reference, message="", by=world.reviewer, now=worlds.now())

    assert refused.value.code == "confidential"


def by_consent(world: World) -> Investigation:
    mine = [worlds.file_of(world.rights_holder)]
    asked = {"capacity": "rights_holder", "legal_basis": "cn.consent", "categories": ["name", "email"]}
    return world.filed(by=world.rights_holder, **asked, documents=mine)


def test_where_the_uploader_must_be_heard_nothing_is_advised_before(world: World):
    made = by_consent(world)

    with pytest.raises(Conflict) as refused:
        world.assess(made)

    assert refused.value.code == "hearing_needed"


@pytest.mark.parametrize("has_consented", [False, True])
def test_on_the_ground_of_consent_nothing_is_given_without_it(world: World, has_consented: bool):
    made = by_consent(world)
    actions.consult(reference=made.reference, message="", by=world.reviewer, now=worlds.now())
    said = {"statement": "I have read it.", "has_consented": has_consented}
    actions.give_statement(reference=made.reference, **said, by=world.uploader, now=worlds.now())
    world.assess(made)

    if has_consented:
        assert world.authorize(made).decision == "authorize"
    else:
        with pytest.raises(Conflict) as refused:
            world.authorize(made)
        assert refused.value.code == "no_consent"


# --- two persons


def same_person(world: World, one: str, other: str) -> None:
    index = bytes(Identity.objects.get(account=getattr(world, one)).person_index)
    Identity.objects.filter(account=getattr(world, other)).update(person_index=index)


def test_the_requester_in_person_does_not_assess_with_another_account(world: World):
    same_person(world, "officer", "reviewer")
    made = world.filed()

    with pytest.raises(Denied) as refused:
        world.assess(made)

    assert refused.value.code == "same_person"


@pytest.mark.parametrize("other", ["officer", "reviewer"])
def test_the_authorizer_is_a_third_person_whatever_the_account(world: World, other: str):
    same_person(world, other, "authorizer")
    made = world.assessed()

    with pytest.raises(Denied) as refused:
        world.authorize(made)

    assert refused.value.code == "same_person"
    assert again(made).state == "recommended"


def test_one_account_with_both_roles_does_not_do_both(world: World):
    worlds.give_role(world.reviewer, Role.AUTHORIZER, world.provider)
    made = world.assessed()
    world.reviewer.second_factor_at = worlds.now()

    with pytest.raises(Denied):
        actions.authorize(
            reference=made.reference, categories=["name"], reasons="Mine.", by=world.reviewer, now=worlds.now()
        )


def test_a_decision_needs_a_fresh_second_factor(world: World):
    made = world.assessed()
    world.authorizer.second_factor_at = worlds.now() - dt.timedelta(minutes=6)

    for act in (actions.authorize, actions.refuse):
        extra = {"categories": ["name"]} if act is actions.authorize else {}
        with pytest.raises(StepUpRequired):
            act(reference=made.reference, reasons="R", by=world.authorizer, now=worlds.now(), **extra)


@pytest.mark.parametrize("name", ["reviewer", "auditor", "officer"])
def test_only_an_authorizer_decides(world: World, name: str):
    made = world.assessed()
    somebody = getattr(world, name)
    somebody.second_factor_at = worlds.now()

    with pytest.raises(Denied):
        actions.refuse(reference=made.reference, reasons="No.", by=somebody, now=worlds.now())


def test_categories_only_ever_become_fewer(world: World):
    made = world.filed(categories=["name", "email", "phone"])
    with pytest.raises(Invalid):
        world.assess(made, categories=["name", "postal_address"])
    world.assess(made)

    with pytest.raises(Invalid):
        world.authorize(made, ["name", "phone"])

    assert world.authorize(made, ["name"]).categories == ["name"]


def test_advice_against_leads_to_refusal_with_reasons_only(world: World):
    made = world.filed(purpose="")
    with pytest.raises(Conflict):
        world.assess(made)
    world.assess(made, recommendation="refuse", categories=[], balance="")
    with pytest.raises(Invalid):
        world.authorize(made)

    world.authorizer.second_factor_at = worlds.now()
    refused = actions.refuse(
        reference=made.reference, reasons="No purpose was given.", by=world.authorizer, now=worlds.now()
    )

    assert (refused.decision, again(made).state) == ("refuse", "refused")
    assert not clocks.running(made.reference).filter(name="answer").exists()
    worlds.follow()
    assert OutgoingMail.objects.filter(template="investigations/mail/refused").count() == 1


def test_a_requester_who_is_no_longer_verified_gets_nothing(world: World):
    made = world.assessed()
    Identity.objects.filter(account=world.officer).update(state=IdentityState.WITHDRAWN)
    with pytest.raises(Conflict) as refused:
        world.authorize(made)

    assert refused.value.code == "requester_changed"


def test_an_officer_who_left_cannot_collect(world: World):
    made = world.disclosed()
    Membership.objects.filter(account=world.officer).update(ended_at=worlds.now())

    with pytest.raises(Conflict):
        world.collected(made)

    assert worlds.live(made).collected_at is None


# --- edits void approvals


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "Another purpose."},
        {"categories": ["name"]},
        {"necessity": "Another need."},
        {"content": ["item-1", "item-2"]},
        {"documents": "new"},
        {"notify": True},
    ],
)
@pytest.mark.parametrize("stage", ["assessed", "authorized", "disclosed"])
def test_any_change_voids_what_followed(world: World, stage: str, change: dict[str, Any]):
    made = getattr(world, stage)()
    if "content" in change:
        Content.objects.create(
            provider=world.provider, subscriber=world.subscriber, external_id="item-2", url="https://host.example/2",
            media="video", registered_at=worlds.now(), changed_at=worlds.now(),
        )  # fmt: skip
    if "documents" in change:
        change = {"documents": [worlds.file_of(world.officer, "Another paper")]}
    if "notify" in change:
        change = {"notify_subject_after": worlds.now() + DAY, "confidentiality_ground": "Secrecy."}

    actions.correct_request(reference=made.reference, changes=change, by=world.officer, now=worlds.now())

    changed = again(made)
    assert (changed.state, changed.revision) == ("filed", 2)
    assert access.assessment_of(changed) is None
    assert access.authorization_of(changed) is None
    assert access.latest_disclosure(changed) is None
    assert access.live_disclosure(changed) is None
    with pytest.raises(Conflict):
        world.authorize(changed)
    with pytest.raises(Conflict):
        world.collected(changed)
    assert {clock.name for clock in clocks.running(made.reference)} >= {"answer"}
    assert not clocks.running(made.reference).filter(name="collection").exists()


def test_a_row_that_was_changed_behind_the_actions_is_noticed(world: World):
    made = world.assessed()
    Investigation.objects.filter(pk=made.pk).update(
        notify_subject_after=None, basis_version="2013-03-01", capacity="authority"
    )
    made.content.clear()

    with pytest.raises(Conflict) as refused:
        world.authorize(made)

    assert refused.value.code == "request_changed"


def test_only_the_requester_changes_or_withdraws_the_request(world: World):
    made = world.filed()

    with pytest.raises(Denied):
        actions.correct_request(reference=made.reference, changes={"purpose": "x"}, by=world.reviewer, now=worlds.now())
    with pytest.raises(Denied):
        actions.withdraw(reference=made.reference, by=world.authorizer, now=worlds.now())

    actions.withdraw(reference=made.reference, by=world.officer, now=worlds.now())
    assert again(made).state == "withdrawn"
    assert not clocks.running(made.reference).exists()


def test_nothing_is_changed_after_it_was_collected(world: World):
    made = world.disclosed()
    world.collected(made)

    with pytest.raises(Conflict):
        actions.correct_request(reference=made.reference, changes={"purpose": "x"}, by=world.officer, now=worlds.now())
    with pytest.raises(Conflict):
        actions.withdraw(reference=made.reference, by=world.officer, now=worlds.now())


# --- delivery


def test_a_delivery_is_collected_once_and_everything_about_it_is_recorded(world: World):
    made = world.disclosed()

    world.collected(made)

    with pytest.raises(Gone):
        world.collected(made)
    entry = Entry.objects.get(subject=made.reference, act="investigation.collected")
    names = {"request", "legal_basis", "documents", "assessor", "authorizer", "recipient", "categories"}
    assert names <= set(entry.facts)
    assert len({entry.facts["assessor"], entry.facts["authorizer"], entry.facts["recipient"]}) == 3
    assert entry.facts["categories"] == ["name", "email"]
    opening = Opening.objects.get(data_key=world.subscriber.data_key, by=world.officer.ledger_reference)
    assert opening.fields == ["email", "name"]
    assert opening.purpose == f"disclosure {made.reference} under cn.rcin.13"
    assert Access.objects.filter(investigation=made, what="package").count() == 1


@pytest.mark.parametrize("name", ["reviewer", "authorizer", "auditor"])
def test_staff_does_not_collect(world: World, name: str):
    made = world.disclosed()
    somebody = getattr(world, name)
    somebody.second_factor_at = worlds.now()

    with pytest.raises(Denied):
        actions.collect(reference=made.reference, by=somebody, now=worlds.now())


def test_collecting_needs_a_fresh_second_factor_and_uses_nothing_up_without(world: World):
    made = world.disclosed()
    world.officer.second_factor_at = None

    with pytest.raises(StepUpRequired):
        actions.collect(reference=made.reference, by=world.officer, now=worlds.now())

    assert world.collected(made)


def test_there_is_nothing_to_collect_before_it_was_made_ready(world: World):
    made = world.authorized()

    with pytest.raises(Conflict):
        world.collected(made)


def test_what_expired_cannot_be_collected_with_or_without_its_clock(world: World):
    made = world.disclosed()
    late = worlds.now() + 8 * DAY
    world.officer.second_factor_at = late
    with pytest.raises(Gone):
        actions.collect(reference=made.reference, by=world.officer, now=late)

    clocks.fire_due(late)

    assert again(made).state == "expired"
    with pytest.raises(Gone):
        actions.collect(reference=made.reference, by=world.officer, now=late)


def test_what_was_revoked_cannot_be_collected(world: World):
    made = world.disclosed()

    actions.revoke(reference=made.reference, reasons="A mistake.", by=world.authorizer, now=worlds.now())

    with pytest.raises(Gone):
        world.collected(made)
    with pytest.raises(Conflict):
        actions.revoke(reference=made.reference, reasons="Twice.", by=world.authorizer, now=worlds.now())
    assert not clocks.running(made.reference).filter(name="collection").exists()


def test_what_was_collected_cannot_be_revoked(world: World):
    made = world.disclosed()
    world.collected(made)

    with pytest.raises(Conflict):
        actions.revoke(reference=made.reference, reasons="Too late.", by=world.authorizer, now=worlds.now())


def test_a_lost_delivery_is_made_ready_again_by_a_decision_with_reasons(world: World):
    made = world.disclosed()
    first = world.collected(made)
    world.authorizer.second_factor_at = worlds.now()
    reissue = {"reference": made.reference, "by": world.authorizer, "now": worlds.now()}
    worlds.seal()

    actions.reissue(reasons="The connection broke.", **reissue)

    with pytest.raises(Conflict):
        actions.reissue(reasons="Again.", **reissue)
    worlds.seal()
    second = world.collected(made)
    assert worlds.unzip(first)["data/disclosure.json"] != worlds.unzip(second)["data/disclosure.json"]
    assert SubjectNotice.objects.count() == 1
    worlds.follow()
    assert OutgoingMail.objects.filter(template="investigations/mail/told").count() == 1
    assert Disclosure.objects.filter(is_reissue=True, collected_at__isnull=False).count() == 1


# --- telling


def test_a_delayed_uploader_is_told_once_when_the_delay_ends(world: World):
    end = worlds.now() + 30 * DAY
    made = world.disclosed(notify_subject_after=end, confidentiality_ground="An investigation under secrecy.")
    world.collected(made)
    worlds.follow()
    clocks.fire_due(end - dt.timedelta(seconds=1))
    worlds.follow()
    told = {"template": "investigations/mail/told"}
    assert not access.notices_of(world.uploader).exists()
    assert not OutgoingMail.objects.filter(**told).exists()

    clocks.fire_due(end)
    clocks.fire_due(end + DAY)
    worlds.follow()

    (notice,) = access.notices_of(world.uploader)
    assert notice.told_at == end
    assert OutgoingMail.objects.filter(**told).count() == 1
    assert acts_of(made).count("subject_told") == 1
    with pytest.raises(Conflict):
        actions.tell_subject(reference=made.reference, by=SYSTEM, now=end)


def test_every_clock_of_a_request_has_somebody_who_fires_it():
    handled = {f"investigation.{name}" for name in dir(tasks) if name.endswith("_due")}

    assert handled == {name for name in clocks.HANDLERS if name.startswith("investigation.")}


def test_withdrawing_after_a_second_delivery_does_not_silence_the_notice(world: World):
    end = worlds.now() + 30 * DAY
    made = world.disclosed(notify_subject_after=end, confidentiality_ground="Secrecy.")
    world.collected(made)
    worlds.seal()
    world.authorizer.second_factor_at = worlds.now()
    actions.reissue(reference=made.reference, reasons="Lost.", by=world.authorizer, now=worlds.now())

    actions.withdraw(reference=made.reference, by=world.officer, now=worlds.now())

    assert Clock.objects.filter(matter=made.reference, state="running", name__startswith="telling").count() == 1


def test_decisions_name_the_three_persons(world: World):
    made = world.authorized()
    decision = Authorization.objects.get(investigation=made)

    indexes = {
        bytes(decision.requester_person_index),
        bytes(decision.assessor_person_index),
        bytes(decision.authorizer_person_index),
    }

    assert len(indexes) == 3
