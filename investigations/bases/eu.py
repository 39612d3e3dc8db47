"""Legal bases of the European Union."""

from django.utils.translation import gettext_lazy as _

from investigations.bases.shape import ALL, IDENTIFYING, TOLD_AT_DISCLOSURE, Basis, Capacity, Document, Ground

ORDER_TO_INFORM = Basis(
    code="eu.dsa.10",
    version="2024-02-17",
    regime="eu",
    capacity=Capacity.AUTHORITY,
    title=_("Order to provide information"),
    article="Regulation (EU) 2022/2065, art. 10",
    summary=_(
        "A national judicial or administrative authority may order information about specific recipients: with legal "
        "basis, reasons why it is necessary and proportionate, and redress; only data that is already held."
    ),
    documents=(Document("order", _("The order with the elements of art. 10(2)"), "DSA art. 10(2)"),),
    categories=ALL,
    telling=_("The uploader is told when the order takes effect, or at the time that the authority sets."),
    telling_source="DSA art. 10(5)",
    delay_grounds=(Ground("authority_sets_time", _("The authority set a later time."), "DSA art. 10(5)"),),
    unsure=(_("Art. 10(5) was not read in its text."),),
)

COURT_ORDER = Basis(
    code="eu.2004-48.8",
    version="2004-05-20",
    regime="eu",
    capacity=Capacity.RIGHTS_HOLDER,
    title=_("Court order on origin and networks of infringing goods or services"),
    article="Directive 2004/48/EC, art. 8",
    summary=_("A court orders information on a justified and proportionate request of the claimant, by national law."),
    documents=(Document("court_order", _("The court's order"), "Directive 2004/48/EC art. 8(1)"),),
    categories=IDENTIFYING,
    telling=TOLD_AT_DISCLOSURE,
    telling_source="House rule: as for orders under DSA art. 10(5)",
    delay_grounds=(Ground("court_forbids_telling", _("The court forbids telling."), "House rule"),),
    unsure=(_("The directive works through national law, which was not read."),),
)

BASES = (ORDER_TO_INFORM, COURT_ORDER)
