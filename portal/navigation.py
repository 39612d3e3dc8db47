"""Where somebody can go and where they can begin, by their roles: names of addresses and the words for them."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification.rules import Role


@dataclass(frozen=True)
class Place:
    """An address with its words. Without roles it is for everybody who is signed in.

    ``also`` names other addresses, whose pages below them are reached from here too.
    """

    label: str | Promise
    name: str
    roles: tuple[Role, ...] = ()
    why: str | Promise = ""
    also: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address, or nothing when no app brings it."""
        return _address(self.name)

    @property
    def covers(self) -> list[str]:
        """The beginnings of the addresses that belong here."""
        return [address for address in (self.url, *map(_address, self.also)) if address]


def _address(name: str) -> str:
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


# What a handler reaches from the desk of complaints.
DESKS = (
    "complaints:batches",
    "complaints:templates",
    "complaints:powers-desk",
    "complaints:flaggers",
    "complaints:unconfirmed",
)
NAVIGATION = (
    Place(_("Home"), "portal:home"),
    Place(_("Complaints"), "complaints:list", (Role.RIGHTS_HOLDER, Role.UPLOADER)),
    Place(_("Complaints"), "complaints:desk", (Role.HANDLER,), also=("complaints:list", *DESKS)),
    Place(_("Restrictions"), "complaints:restrictions-desk", (Role.HANDLER,), also=("complaints:restrictions",)),
    Place(_("Letters"), "complaints:letters", (Role.HANDLER,)),
    Place(
        _("Conversations"),
        "messaging:list",
        (Role.RIGHTS_HOLDER, Role.UPLOADER, Role.HANDLER),
        also=("messaging:reports", "messaging:unreached"),
    ),
    Place(_("Identities"), "verification:queue", (Role.REVIEWER,)),
    Place(_("Investigations"), "investigations:list", (Role.RIGHTS_HOLDER, Role.AUTHORITY_OFFICER)),
    Place(_("Investigations"), "investigations:desk", (Role.REVIEWER, Role.AUTHORIZER), also=("investigations:list",)),
    Place(_("Powers of attorney"), "complaints:powers-desk", (Role.REVIEWER, Role.AUDITOR)),
    Place(_("Trusted flaggers"), "complaints:flaggers", (Role.AUTHORIZER, Role.AUDITOR)),
    Place(_("My uploads"), "hosting:my-content", (Role.UPLOADER,)),
    Place(_("Ledger"), "portal:ledger", (Role.AUDITOR,)),
)
STARTS = (
    Place(
        _("What was disclosed about you"),
        "investigations:notices",
        (Role.UPLOADER,),
        _("To whom, on which ground, and what of it."),
    ),
    Place(
        _("Strikes and restrictions"),
        "complaints:restrictions",
        (Role.UPLOADER, Role.RIGHTS_HOLDER),
        _("What counts against you, how it fades, and how to contest it."),
    ),
    Place(
        _("Report an infringement"),
        "complaints:channel",
        (Role.RIGHTS_HOLDER,),
        _("Which work, where, and why. We say at once what is missing."),
    ),
    Place(
        _("Ask who an uploader is"),
        "investigations:new",
        (Role.RIGHTS_HOLDER, Role.AUTHORITY_OFFICER),
        _("With a ground in law and the document it asks for."),
    ),
    Place(
        _("Read a letter"),
        "complaints:letters",
        (Role.HANDLER,),
        _("A notice that came by mail becomes a draft with what was found and what is missing."),
    ),
    Place(
        _("Uploaders who are not here yet"),
        "messaging:unreached",
        (Role.HANDLER,),
        _("Somebody wrote to them: how they were called, and what failed."),
    ),
    Place(
        _("Check identities"),
        "verification:queue",
        (Role.REVIEWER,),
        _("Who says to be whom, with which document."),
    ),
    Place(
        _("Read the ledger"),
        "portal:ledger",
        (Role.AUDITOR,),
        _("Every recorded act of your provider, each with its proof."),
    ),
)


def for_roles(places: tuple[Place, ...], roles: set[str]) -> list[Place]:
    """Return the places that these roles can go to."""
    return [place for place in places if (not place.roles or roles.intersection(place.roles)) and place.url]


def here_of(places: list[Place], path: str) -> str:
    """Return the address of the place to which a page belongs: the closest, and of two as close the first; or nothing."""
    found = [(len(start), place.url) for place in places for start in place.covers if path.startswith(start)]
    return max(found, key=lambda one: one[0], default=(0, ""))[1]
