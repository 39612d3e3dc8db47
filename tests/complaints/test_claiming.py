"""The name under which an account complains: its own, its organisation's, or somebody else's, for whom it says to act."""

from typing import Any

import pytest

from complaints import actions
from complaints.models import Complaint
from core.actors import PUBLIC
from core.errors import Invalid
from tests.complaints.test_models import changed
from tests.complaints.test_views import browser
from tests.complaints.world import CONTACT, NOW, World
from tests.factories import people
from verification.rules import Role

NAME = "Rosa Reyes"


@pytest.fixture
def verified(world: World, settings: Any) -> World:
    """Return a world in which the rights holder is verified, and names are compared."""
    settings.OWNERS_BY_VERIFIED_NAME = True
    people.verified(world.rights_holder, world.provider, world.reviewer, NOW, legal_name=NAME)
    return world


@pytest.mark.parametrize(
    ("name", "capacity", "claim"),
    [
        (NAME, "owner", "own"),
        ("  rosa   REYES ", "owner", "own"),
        ("Films Example Ltd", "agent", "other"),
        ("Films Example Ltd", "licensee", "other"),
        ("Films Example Ltd", "owner", None),
        ("", "owner", ""),
    ],
)
def test_a_verified_account_that_complains_under_another_name_says_for_whom_it_acts(
    verified: World, name: str, capacity: str, claim: str | None
) -> None:
    give: dict[str, Any] = {"contact": {**CONTACT, "name": name}, "capacity": capacity}

    if claim is not None:
        assert verified.filed(**give).name_claim == claim
        return
    with pytest.raises(Invalid) as refused:
        verified.filed(**give)
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/complainant/capacity", "not_your_name")]
    assert not Complaint.objects.exists()


def test_the_name_of_ones_organisation_is_ones_own(verified: World) -> None:
    people.verified(verified.handler, verified.provider, verified.reviewer, NOW, legal_name="A handler")

    assert verified.filed(by=verified.handler, contact={"name": verified.provider.name.upper()}).name_claim == "own"


def test_somebody_elses_verified_name_tells_no_more_than_any_other(verified: World) -> None:
    people.verified(verified.stranger, verified.provider, verified.reviewer, NOW, legal_name="Somebody Else")

    refusals = []
    for name in ("Somebody Else", "Nobody At All"):
        with pytest.raises(Invalid) as refused:
            verified.filed(contact={**CONTACT, "name": name})
        refusals.append([(one.pointer, one.code, str(one.detail)) for one in refused.value.problems])

    assert refusals[0] == refusals[1]


def test_a_correction_cannot_bring_another_name_in(verified: World) -> None:
    made = verified.filed(contact={**CONTACT, "name": NAME})

    with pytest.raises(Invalid):
        actions.correct_complaint(
            reference=made.reference, by=verified.rights_holder, changes={"contact": {"name": "Another"}}, now=NOW
        )

    assert Complaint.objects.get(pk=made.pk).name_claim == "own"


def test_who_is_not_verified_may_say_any_name_and_is_shown_so(verified: World) -> None:
    unverified = verified.filed(by=people.member(Role.RIGHTS_HOLDER))
    guest = verified.filed(by=PUBLIC)
    actions.confirm_complaint(token=token_of(guest), by=PUBLIC, now=NOW)

    assert (unverified.name_claim, guest.name_claim) == ("unverified", "")
    page = browser(verified.handler)
    assert "its name is not verified" in page.get(f"/complaints/{unverified.reference}/").content.decode()
    assert "filed without an account" in page.get(f"/complaints/{guest.reference}/").content.decode()
    changed(Complaint, "complaint_name_claim_known", name_claim="crowned")


def test_where_it_is_turned_off_the_name_is_only_shown(verified: World, settings: Any) -> None:
    settings.OWNERS_BY_VERIFIED_NAME = False

    assert verified.filed().name_claim == "other"


def token_of(made: Complaint) -> str:
    from complaints.access import confirmation_token_of

    token = confirmation_token_of(made)
    assert token is not None
    return token.reveal()
