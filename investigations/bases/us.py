"""Legal bases of the United States."""

from django.utils.translation import gettext_lazy as _

from investigations.bases.shape import CONTACT, TOLD_AT_DISCLOSURE, Basis, Capacity, Document, Ground

SUBPOENA = Basis(
    code="us.512h",
    version="1998-10-28",
    regime="us",
    capacity=Capacity.RIGHTS_HOLDER,
    title=_("Subpoena of a court's clerk"),
    article="17 USC 512(h)",
    summary=_(
        "On request of the owner or its agent the clerk of a district court issues a subpoena; the provider then "
        "expeditiously gives what identifies the alleged infringer. It does not reach a mere conduit (512(a))."
    ),
    documents=(
        Document("notice", _("A copy of the notification"), "17 USC 512(h)(2)(A)", is_in_complaint=True),
        Document("subpoena", _("The subpoena, signed by the clerk"), "17 USC 512(h)(2)(B), (h)(4)"),
        Document("declaration", _("The sworn declaration of purpose and use"), "17 USC 512(h)(2)(C)"),
    ),
    categories=CONTACT,
    telling=TOLD_AT_DISCLOSURE,
    telling_source="House rule: the statute is silent; the usual policy is to tell unless a court forbids it",
    delay_grounds=(Ground("court_forbids_telling", _("A court forbids telling."), "House rule"),),
    unsure=(_("Telling the user of a subpoena is not regulated; the house rule is to tell."),),
)

BASES = (SUBPOENA,)
