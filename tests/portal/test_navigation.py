"""Where a page belongs in the navigation of each role."""

import pytest

from portal.navigation import NAVIGATION, for_roles, here_of
from verification.rules import Role


@pytest.mark.parametrize(
    ("role", "path", "here"),
    [
        (Role.HANDLER, "/complaints/C-0123456789ABCDEF/", "/desk/complaints/"),
        (Role.HANDLER, "/complaints/C-0123456789ABCDEF/measure/", "/desk/complaints/"),
        (Role.HANDLER, "/desk/letters/", "/desk/letters/"),
        (Role.RIGHTS_HOLDER, "/complaints/C-0123456789ABCDEF/", "/complaints/"),
        (Role.REVIEWER, "/investigations/I-0123456789ABCDEF/", "/investigations/desk/"),
        (Role.AUTHORITY_OFFICER, "/investigations/I-0123456789ABCDEF/", "/investigations/"),
        (Role.REVIEWER, "/desk/powers/", "/desk/powers/"),
        (Role.AUDITOR, "/desk/powers/", "/desk/powers/"),
        (Role.AUTHORIZER, "/desk/flaggers/", "/desk/flaggers/"),
        (Role.AUDITOR, "/desk/flaggers/", "/desk/flaggers/"),
        (Role.AUDITOR, "/accounts/email/", ""),
    ],
)
def test_a_page_belongs_to_the_closest_place_of_the_role(role: Role, path: str, here: str):
    assert here_of(for_roles(NAVIGATION, {role}), path) == here


def test_who_complains_and_handles_is_at_the_complaints_of_their_own():
    places = for_roles(NAVIGATION, {Role.HANDLER, Role.RIGHTS_HOLDER})

    assert here_of(places, "/complaints/C-0123456789ABCDEF/") == "/complaints/"
