"""What came back on a counter-notice: where the law bars it, the same claimant gives no notice of it again."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import actions
from complaints.actions.repeating import returned_alike
from complaints.models import Complaint, ComplaintItem
from core.actors import PUBLIC, SYSTEM
from core.errors import Conflict
from tests.complaints.world import CONTACT, NOW, World, follow, mails

MAIL = "claimant@films.example"


def returned(world: World, regime: str = "cn", **changes: Any) -> Complaint:
    """Return a complaint of which the first item came back on a counter-notice."""
    made = world.contested(regime, **changes)
    return actions.restore(reference=made.reference, by=SYSTEM, now=NOW.replace(year=2027))


def confirm(world: World, email: str) -> Complaint:
    world.filed("cn", by=PUBLIC, contact={**CONTACT, "email": email})
    follow()
    token = [mail for mail in mails() if mail["template"] == "confirm"][-1]["body"].split("/complain/confirm/")[1]
    return actions.confirm_complaint(token=token.split("/")[0], by=PUBLIC, now=NOW)


def refused(act: Any) -> Conflict:
    with pytest.raises(Conflict) as error:
        act()
    assert error.value.code == "repetition_barred"
    return error.value


def test_the_same_claimant_gives_no_notice_of_it_again_and_is_told_the_article_and_the_way(world: World) -> None:
    returned(world)
    two = [{"url": world.content[1].url}, {"url": world.content[0].url}]
    before = Complaint.objects.count()

    said = str(refused(lambda: world.filed("cn", items=two)).detail)

    assert "Regulation art. 17" in said
    assert world.content[0].url in said
    assert world.content[1].url not in said
    assert "court" in said
    assert Complaint.objects.count() == before
    other = world.filed("cn", items=two[:1])
    refused(
        lambda: actions.correct_complaint(
            reference=other.reference, by=world.rights_holder, changes={"items": two}, now=NOW
        )
    )


def test_others_and_other_laws_are_not_barred_and_learn_nothing(world: World) -> None:
    returned(world)

    assert world.filed("us").state == "filed"
    assert world.filed("cn", by=world.stranger).state == "filed"
    assert confirm(world, "somebody.else@films.example").state == "filed"


def test_what_came_back_for_another_reason_can_be_complained_about_again(world: World) -> None:
    made = world.contested("cn")
    actions.withdraw(reference=made.reference, by=world.rights_holder, now=NOW)

    assert world.filed("cn").state == "filed"


def test_a_guest_is_refused_only_once_the_address_is_confirmed(world: World) -> None:
    first = confirm(world, MAIL)
    actions.accept(reference=first.reference, by=world.handler, now=NOW)
    world.measure(first)
    world.counter(first)
    actions.forward_counter_notice(reference=first.reference, by=SYSTEM, now=NOW)
    actions.restore(reference=first.reference, by=SYSTEM, now=NOW.replace(year=2027))

    refused(lambda: confirm(world, MAIL.upper()))


def test_of_whom_no_address_is_known_nobody_says_that_it_is_the_same(world: World) -> None:
    def from_letter() -> Complaint:
        kept = actions.keep_letter(by=world.handler, provider=world.provider, content=b"Dear provider", now=NOW)
        notice = world.notice(contact={**CONTACT, "email": ""})
        return actions.complaint_from_letter(letter_id=kept.pk, by=world.handler, regime="cn", notice=notice, now=NOW)

    first = from_letter()
    actions.accept(reference=first.reference, by=world.handler, now=NOW)
    world.measure(first)
    world.counter(first)
    actions.forward_counter_notice(reference=first.reference, by=world.handler, now=NOW)
    actions.restore(reference=first.reference, by=SYSTEM, now=NOW.replace(year=2027))

    assert from_letter().state == "filed"


def test_an_agent_who_names_another_owner_speaks_for_another(world: World) -> None:
    returned(world, capacity="agent")

    refused(lambda: world.filed("cn", capacity="agent"))
    assert world.filed("cn", capacity="agent", contact={**CONTACT, "name": "Another Owner"}).state == "filed"


def test_what_came_back_is_looked_for_with_one_question_and_by_its_indexes(world: World) -> None:
    items = [{"url": f"https://host.example/{number}"} for number in range(3)]
    with CaptureQueriesContext(connection) as asked:
        made = world.filed("cn", items=items)
    assert len([one for one in asked if '"complaints_measureitem"' in one["sql"]]) == 1

    ours = [*made.items.all(), ComplaintItem(external_id="a"), ComplaintItem(content=world.content[0])]
    with connection.cursor() as cursor:
        # Among so few rows it is as quick to read them all; among many it is not.
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = returned_alike(ours).explain()
    assert ("complaint_item_back_by" in plan, "Seq Scan" in plan) == (True, False), plan
