"""Who handles a matter: taken, given on, given back; and who must not, by whatever account."""

import datetime as dt
from typing import Any

import pytest

from complaints import access, actions, rules
from complaints.models import Assignment, Complaint, DeclaredInterest, InterestException, UnreachedAside
from core.actors import SYSTEM
from core.errors import Conflict, Denied, Invalid, NotFound
from ledger.models import Entry
from tests.complaints.test_models import changed, refused
from tests.complaints.world import NOW, World, follow, mails
from tests.factories import people
from verification.actions import end_role, suspend_account
from verification.models import Account
from verification.rules import Role

WHY = "My sister made this film."


def colleague(world: World) -> Account:
    return people.member(Role.HANDLER, world.provider)


def holder(made: Complaint) -> Account | None:
    found = access.held(made)
    return None if found is None else found.handler


def declare(made: Complaint, by: Account, about: str = "matter") -> DeclaredInterest:
    return actions.declare_interest(reference=made.reference, by=by, about=about, reasons=WHY, now=NOW)


def take(made: Complaint, by: Account, to: Account | None = None) -> Assignment:
    return actions.assign(reference=made.reference, by=by, to=to.pk if to else None, now=NOW)


@pytest.mark.parametrize(
    ("held_by", "acting", "to", "because"),
    [("a", "a", "b", "handed_on"), ("a", "b", "b", "taken_over"), ("a", "b", "c", "taken_over")],
)
def test_a_matter_is_handed_on_by_who_has_it_and_taken_over_by_others(
    held_by: str, acting: str, to: str, because: str
) -> None:
    assert rules.assignment_end(held_by, acting, to).value == because


def test_a_handler_takes_a_matter_gives_it_on_takes_it_back_and_gives_it_back(world: World) -> None:
    made, other = world.filed(), colleague(world)

    take(made, world.handler)
    take(made, world.handler, to=other)
    take(made, world.handler)
    with pytest.raises(Conflict):
        take(made, world.handler)
    with pytest.raises(Conflict):
        actions.release(reference=made.reference, by=other, now=NOW)
    actions.release(reference=made.reference, by=world.handler, now=NOW)

    assert [(one.handler, one.ended_because) for one in access.assignments_of(made)] == [
        (world.handler, "handed_on"),
        (other, "taken_over"),
        (world.handler, "released"),
    ]
    acts = Entry.objects.filter(subject=made.reference).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["complaint.filed", *["complaint.assigned"] * 3, "complaint.released"]


ROLES: dict[str, type[Exception]] = {
    "reviewer": Denied,
    "auditor": Denied,
    "authorizer": Denied,
    "rights_holder": Denied,
    "uploader": NotFound,
    "service": NotFound,
    "stranger": NotFound,
    "other_handler": NotFound,
}


def test_nobody_but_a_handler_of_the_provider_assigns_or_is_given_a_matter(world: World) -> None:
    made = world.filed()

    for who, error in ROLES.items():
        with pytest.raises(error):
            take(made, getattr(world, who))
        with pytest.raises(Invalid) as refusal:
            take(made, world.handler, to=getattr(world, who))
        assert [one.code for one in refusal.value.problems] == ["cannot_handle"], who


def test_acting_in_a_colleagues_matter_is_possible_and_pointed_out_to_staff_alone(world: World) -> None:
    made, other = world.filed(), colleague(world)
    take(made, other)
    page, api = f"/complaints/{made.reference}/", f"/api/v1/complaints/{made.reference}"
    seen = {who: people.program(getattr(world, who)).get(api).json() for who in ("handler", "rights_holder")}
    shown = {}
    for who in ("handler", "rights_holder"):
        from tests.complaints.test_views import browser

        shown[who] = browser(getattr(world, who)).get(page).content.decode()

    actions.accept(reference=made.reference, by=world.handler, now=NOW)

    assert seen["handler"]["assignment"]["handler"] == {"id": str(other.pk), "email": other.email}
    assert "assignment" not in seen["rights_holder"]
    assert [other.email in shown[who] for who in shown] == [True, False]
    steps = people.program(world.rights_holder).get(f"{api}/timeline").json()["results"]
    assert [step["act"] for step in steps] == ["complaint.filed", "complaint.accepted"]


def test_the_desk_and_the_list_show_what_is_mine_and_what_is_nobodys(
    world: World, django_assert_max_num_queries: Any
) -> None:
    from tests.complaints.test_views import browser

    mine, others, nobodys = (world.filed() for _ in range(3))
    take(mine, world.handler)
    take(others, world.handler, to=colleague(world))
    page, client = browser(world.handler), people.program(world.handler)
    expected = {"mine": ["me", {mine}], "unassigned": ["none", {nobodys}]}

    for tab, (word, found) in expected.items():
        # Who asks, its roles (six), the page's own (two), the rows, and who has them.
        with django_assert_max_num_queries(12):
            text = page.get(f"/desk/complaints/?tab={tab}").content.decode()
        assert {one for one in (mine, others, nobodys) if f'value="{one.reference}"' in text} == found
        listed = client.get(f"/api/v1/complaints?assigned={word}").json()["results"]
        assert {one["reference"] for one in listed} == {one.reference for one in found}
    assert client.get("/api/v1/complaints?assigned=everybody").status_code == 400


def end(world: World, account: Account) -> None:
    end_role(account=account, role=Role.HANDLER, organisation=world.provider, by=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "leave",
    [end, lambda _world, account: suspend_account(account_id=account.pk, reason="Left.", by=SYSTEM, now=NOW)],
    ids=["role", "account"],
)
def test_what_somebody_has_returns_to_the_desk_when_it_is_no_handler_any_more(world: World, leave: Any) -> None:
    made, kept, leaving = world.filed(), world.filed(), colleague(world)
    take(made, leaving)
    take(kept, world.handler)
    follow()

    leave(world, leaving)
    follow()

    assert (holder(made), holder(kept)) == (None, world.handler)
    assert access.assignments_of(made)[0].ended_because == "role_ended"


def test_who_declares_an_interest_neither_acts_nor_has_nor_gets_the_matter(world: World) -> None:
    made, other = world.filed(), colleague(world)
    take(made, world.handler)

    declare(made, world.handler)

    assert holder(made) is None
    for act in (
        lambda: actions.accept(reference=made.reference, by=world.handler, now=NOW),
        lambda: take(made, world.handler),
    ):
        with pytest.raises(Denied) as refusal:
            act()
        assert refusal.value.code == "conflict_declared"
    with pytest.raises(Invalid):
        take(made, other, to=world.handler)
    offered = access.acts_for(access.viewer_of(world.handler, made), made)
    assert offered == []
    assert WHY not in str(Entry.objects.filter(subject=made.reference).values_list("facts_text", flat=True))


@pytest.mark.parametrize(("about", "is_barred"), [("matter", False), ("complainant", True), ("uploader", True)])
def test_an_interest_in_a_party_concerns_its_other_matters_too(world: World, about: str, is_barred: bool) -> None:
    made, same, unlike = (
        world.filed(),
        world.filed(),
        world.filed(by=world.stranger, items=[{"url": "https://a.example/"}]),
    )
    for one in (made, same, unlike):
        take(one, world.handler)
    follow()

    declare(made, world.handler, about)
    follow()

    assert access.barred_by(world.handler, same) == ("conflict_declared" if is_barred else "")
    assert [holder(one) for one in (made, same, unlike)] == [None, None if is_barred else world.handler, world.handler]


def test_an_authorizer_records_an_exception_for_one_matter_and_never_for_itself(world: World) -> None:
    made, same = world.filed(), world.filed()
    declare(made, world.handler, "complainant")
    given = {"reference": made.reference, "handler": world.handler.pk, "reasons": "Nobody else is there.", "now": NOW}

    with pytest.raises(Denied):
        actions.except_interest(by=world.handler, **given)
    with pytest.raises(Invalid):
        actions.except_interest(by=world.authorizer, **{**given, "handler": world.reviewer.pk})
    actions.except_interest(by=world.authorizer, **given)
    with pytest.raises(Conflict):
        actions.except_interest(by=world.authorizer, **given)

    assert [access.barred_by(world.handler, one) for one in (made, same)] == ["", "conflict_declared"]
    asked = people.program(world.authorizer).get(f"/api/v1/complaints/{made.reference}/interest")
    assert [(one["reasons"], one["is_excepted"]) for one in asked.json()["results"]] == [(WHY, True)]
    assert people.program(world.handler).get(f"/api/v1/complaints/{made.reference}/interest").status_code == 403


@pytest.mark.parametrize("side", ["complainant", "uploader"])
def test_another_account_of_a_party_does_not_handle_the_matter(world: World, side: str) -> None:
    made = world.filed()
    document = {"document_number": "P7654321"}
    people.verified(world.handler, world.provider, **document)
    people.verified(world.rights_holder if side == "complainant" else world.uploader, world.provider, **document)

    with pytest.raises(Denied) as refusal:
        actions.accept(reference=made.reference, by=world.handler, now=NOW)

    assert refusal.value.code == "own_matter"


def test_an_appeal_is_decided_by_another_person_and_not_by_another_account(world: World) -> None:
    made = world.acted()
    actions.appeal(reference=made.reference, by=world.uploader, reasons="It is mine.", now=NOW)
    document = {"document_number": "P7654322"}
    for account in (world.handler, world.reviewer):
        people.verified(account, world.provider, **document)
    given = {"reference": made.reference, "outcome": "granted", "reasons": "It is.", "now": NOW}

    with pytest.raises(Denied) as refusal:
        actions.decide_appeal(by=world.reviewer, **given)
    actions.decide_appeal(by=colleague(world), **given)

    assert refusal.value.code == "same_decider"


def test_the_pages_take_give_back_and_declare(world: World) -> None:
    from tests.complaints.test_views import browser

    made, other, page = world.filed(), colleague(world), browser(world.handler)
    path = f"/complaints/{made.reference}"

    assert other.email in page.get(f"{path}/assignment/").content.decode()
    page.post(f"{path}/assignment/", {"to": str(world.handler.pk)})
    assert holder(made) == world.handler
    assert page.post(f"{path}/release/").status_code == 303
    assert page.post(f"{path}/interest/", {"about": "matter", "reasons": WHY}).status_code == 303
    assert page.get(f"{path}/assignment/").status_code == 409
    authorizer = browser(world.authorizer)
    assert world.handler.email in authorizer.get(f"{path}/exception/").content.decode()
    given = {"handler": str(world.handler.pk), "reasons": "Nobody else is there."}
    assert authorizer.post(f"{path}/exception/", given).status_code == 303
    assert page.get(f"{path}/assignment/").status_code == 200


def test_the_tables_of_the_desk_hold_no_half_truths(world: World) -> None:
    made, later = world.filed(), NOW + dt.timedelta(days=1)
    first = take(made, world.handler)
    declared = declare(made, world.reviewer)
    actions.except_interest(
        reference=made.reference, by=world.authorizer, handler=world.reviewer.pk, reasons=WHY, now=NOW
    )

    changed(Assignment, "assignment_ended_says_why", ended_at=later)
    refused(
        "assignment_one_at_a_time",
        lambda: Assignment.objects.create(
            complaint=made, handler=world.handler, assigned_at=NOW, assigned_by=first.handler
        ),
    )
    changed(DeclaredInterest, "interest_known", about="money")
    declared.pk = None
    refused("interest_declared_once", lambda: declared.save(force_insert=True))
    changed(InterestException, "interest_exception_has_reasons", reasons="")
    changed(InterestException, "interest_excepted_by_another", made_by=world.reviewer)
    UnreachedAside.objects.create(complaint=made, reasons=WHY, made_at=NOW, made_by=world.handler)
    changed(UnreachedAside, "unreached_aside_has_reasons", reasons="")


def assigned_mails(template: str = "assigned_handler") -> list[str]:
    return [one["to"] for one in mails() if one["template"] == template]


def test_who_is_given_a_matter_is_mailed_once_and_who_takes_one_is_not(world: World) -> None:
    made, own, other = world.filed(), world.filed(), colleague(world)

    take(made, world.handler, other)
    take(own, world.handler)
    follow()
    follow()

    assert assigned_mails() == [other.email]
    [mail] = [one for one in mails() if one["template"] == "assigned_handler"]
    assert f"/complaints/{made.reference}/" in mail["body"]
    assert made.reference in mail["subject"]
    assert "To be answered by" in mail["body"]


def test_who_has_the_matter_no_more_is_not_mailed_that_it_was_given(world: World) -> None:
    made, other = world.filed(), colleague(world)

    take(made, world.handler, other)
    take(made, world.handler)
    follow()

    assert assigned_mails() == []


def test_what_a_batch_gives_is_told_in_one_mail(world: World) -> None:
    made, other = [world.filed() for _ in range(3)], colleague(world)
    for to in (other, world.handler):
        batch = actions.prepare_batch(
            by=world.handler, provider=world.provider, act="assignment", given={"to": to.pk}, now=NOW,
            references=[one.reference for one in (made if to is other else made[:1])],
        )  # fmt: skip
        actions.start_batch(batch_id=batch.pk, by=world.handler, digest=batch.digest, now=NOW)
        actions.run_batches(NOW)
        follow()

    assert assigned_mails() == []
    assert assigned_mails("assigned_many") == [other.email]
    [mail] = [one for one in mails() if one["template"] == "assigned_many"]
    assert mail["subject"].endswith("3")
