"""Steps on the name under which an account complains: compared with its own verified name, and with nobody else's."""

from django.conf import settings
from django.utils.translation import gettext as _

from complaints.actions.notice import Notice
from complaints.models import Complaint
from complaints.rules import Capacity, NameClaim
from core.actors import Actor
from core.errors import invalid
from verification.access import VerifiedNames
from verification.models import Account


def note_claim(complaint: Complaint, notice: Notice, by: Actor, names: VerifiedNames) -> None:
    """Note what is known of the notice's name; Invalid for an owner whose verified name is another.

    Who acts for somebody says so by the capacity; then any name stands. ``names`` are those of the sender.
    """
    name = str(notice.contact.get("name") or "").strip()
    complaint.name_claim = ""
    if not name or not isinstance(by, Account):
        return
    is_own = names.hold(name)
    complaint.name_claim = NameClaim.UNVERIFIED if is_own is None else NameClaim.OWN if is_own else NameClaim.OTHER
    if is_own is False and notice.capacity == Capacity.OWNER and settings.OWNERS_BY_VERIFIED_NAME:
        text = _(
            "Your verified name is another, and none of your organisations is called so. Say in which capacity you act "
            "for the owner, as agent or as licensee, or give your own name."
        )
        raise invalid("/complainant/capacity", "not_your_name", text)
