"""Who sees what: two uploaders in one matter, roles that end, letters and ledger entries, sealed contact."""

import pytest
from pytest_django import DjangoAssertNumQueries

from complaints import access
from complaints.models import Complaint
from core.actors import PUBLIC, SYSTEM
from core.errors import NotFound
from core.models import Opening
from ledger.access import entries_of
from tests.complaints.world import NOW, World, content, subscriber
from tests.factories import people
from verification import actions as verification
from verification.rules import Role


def test_each_uploader_sees_its_own_items_and_answers_only(world: World) -> None:
    from complaints.serializers import shown

    other = people.account("uploader")
    theirs = content(subscriber(world.provider, other))
    made = world.acted(items=[{"external_id": world.content[0].external_id}, {"external_id": theirs.external_id}])
    world.counter(made)

    for account, own in ((world.uploader, world.content[0]), (other, theirs)):
        whole = shown.whole(access.get_for(account, made.reference), access.viewer_of(account, made), NOW)
        assert [item["external_id"] for item in whole["items"]] == [own.external_id]
        assert [item["external_id"] for measure in whole["measures"] for item in measure["items"]] == [own.external_id]
        assert len(whole["counter_notices"]) == (account == world.uploader)


def test_an_uploader_sees_nothing_before_it_is_told(world: World) -> None:
    made = world.accepted()

    with pytest.raises(NotFound):
        access.get_for(world.uploader, made.reference)
    world.measure(made)
    assert access.get_for(world.uploader, made.reference) == made


def test_the_service_sees_what_was_acted_on(world: World) -> None:
    made = world.accepted()

    with pytest.raises(NotFound):
        access.get_for(world.service, made.reference)
    world.measure(made)
    assert access.get_for(world.service, made.reference) == made


def test_a_role_that_ended_shows_nothing_any_more(world: World) -> None:
    made = world.acted()
    verification.end_role(account=world.handler, role=Role.HANDLER, organisation=world.provider, by=SYSTEM, now=NOW)
    verification.grant_role(account=world.uploader, role=Role.UPLOADER, organisation=world.provider, by=SYSTEM, now=NOW)
    assert access.get_for(world.uploader, made.reference)
    verification.end_role(account=world.uploader, role=Role.UPLOADER, organisation=world.provider, by=SYSTEM, now=NOW)

    for account in (world.handler, world.uploader):
        with pytest.raises(NotFound):
            access.get_for(account, made.reference)


def test_nobody_but_its_sender_knows_of_what_is_not_confirmed(world: World) -> None:
    made = world.filed(by=PUBLIC)

    for account in (world.handler, world.auditor, world.uploader, world.service, PUBLIC):
        assert not access.visible_to(account).filter(pk=made.pk).exists()
    assert not access.desk_of(world.handler).exists()


def test_the_handlers_look_at_the_contact_is_recorded_and_the_owners_is_not(world: World) -> None:
    from complaints.serializers import shown

    made = world.filed()
    shown.whole(made, access.viewer_of(world.rights_holder, made), NOW)
    assert not Opening.objects.filter(data_key=made.data_key).exists()

    whole = shown.whole(made, access.viewer_of(world.handler, made), NOW)

    assert whole["complainant"]["email"] == "rights@films.example"
    opening = Opening.objects.get(data_key=made.data_key)
    assert (opening.by, opening.purpose) == (world.handler.ledger_reference, "handling the complaint")
    for who in (world.auditor, world.reviewer, world.authorizer):
        assert shown.whole(made, access.viewer_of(who, made), NOW)["complainant"] is None


def test_the_entries_of_a_complaint_are_for_who_may_see_it(world: World) -> None:
    made = world.acted()

    for account in (world.rights_holder, world.uploader, world.handler):
        assert entries_of(account, made.reference).count() == 3
    for account in (world.stranger, world.other_handler):
        with pytest.raises(NotFound):
            entries_of(account, made.reference)


def test_the_entry_of_a_letter_is_for_its_handlers(world: World) -> None:
    from complaints import actions

    letter = actions.keep_letter(by=world.handler, provider=world.provider, content=b"Dear provider", now=NOW)

    assert entries_of(world.handler, f"letter:{letter.pk}").count() == 1
    for subject in (f"letter:{letter.pk}", "letter:none"):
        with pytest.raises(NotFound):
            entries_of(world.other_handler, subject)


def test_what_is_sealed_stays_unreadable_in_the_row(world: World) -> None:
    made = world.filed()

    row = (
        Complaint.objects.filter(pk=made.pk).values_list("contact_sealed", "signature_sealed", "tracking_sealed").get()
    )

    whole = b"".join(bytes(value) for value in row)
    assert not any(text in whole for text in (b"Films Example", b"Harbour Street", b"rights@", b"F. Example"))
    assert access.tracking_code_of(made).reveal().encode() not in whole


def test_one_complaint_is_found_by_its_reference_by_whoever_finds_it_among_all(world: World) -> None:
    matters = [world.filed(by=PUBLIC), world.filed(), world.accepted(), world.acted()]
    accounts = (world.rights_holder, world.handler, world.auditor, world.service, world.uploader)

    for account in (*accounts, people.account("stranger"), PUBLIC, SYSTEM):
        seen = set(access.visible_to(account))
        for made in matters:
            try:
                is_found = access.get_for(account, made.reference) == made
            except NotFound:
                is_found = False
            assert is_found is (made in seen), (account, made.state)


def test_staff_and_complainant_find_a_complaint_with_one_question(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = world.filed()

    for account in (world.handler, world.rights_holder):
        with django_assert_num_queries(1):
            access.get_for(account, made.reference)


@pytest.mark.parametrize(("who", "most"), [("handler", 25), ("rights_holder", 17)])
def test_the_page_of_a_matter_asks_the_database_only_so_often(
    world: World, who: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from complaints.serializers import pages

    made, account = world.filed(), getattr(world, who)

    with django_assert_max_num_queries(most):
        matter = access.get_for(account, made.reference)
        pages.matter(matter, access.viewer_of(account, matter), NOW)
