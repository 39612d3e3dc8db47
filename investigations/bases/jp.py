"""Legal bases of Japan. Articles are numbered as in the text in force at the version's date: numbers have moved."""

from django.utils.translation import gettext_lazy as _

from investigations.bases.shape import IDENTIFYING, TOLD_AT_DISCLOSURE, Basis, Capacity, Document

ACT = "Act No. 137 of 2001 (平成13年法律第137号)"

REQUEST = Basis(
    code="jp.5",
    version="2025-04-01",
    regime="jp",
    capacity=Capacity.RIGHTS_HOLDER,
    title=_("Request for disclosure of sender information"),
    article=f"{ACT}, art. 5",
    summary=_(
        "Whoever's right is evidently infringed, and who needs the data for a claim or has another justifiable reason, "
        "may ask the provider. The sender is heard first."
    ),
    documents=(
        Document("request_form", _("The request form, with a masked copy for the sender"), f"{ACT} art. 5; practice"),
        Document(
            "evidence", _("Evidence that the infringement is evident"), f"{ACT} art. 5(1)(i)", is_in_complaint=True
        ),
    ),
    categories=IDENTIFYING,
    telling=TOLD_AT_DISCLOSURE,
    telling_source=f"{ACT} art. 6",
    hears_subject=True,
    hearing_source=f"{ACT} art. 6(1)",
    unsure=(_("The act sets no length for hearing the sender; the house rule is 14 days."),),
)

COURT_ORDER = Basis(
    code="jp.8",
    version="2025-04-01",
    regime="jp",
    capacity=Capacity.RIGHTS_HOLDER,
    title=_("Disclosure order of a court"),
    article=f"{ACT}, art. 8",
    summary=_("A court orders the disclosure in non-contentious proceedings; a sender who had objected is told."),
    documents=(Document("court_order", _("The court's disclosure order"), f"{ACT} art. 8"),),
    categories=IDENTIFYING,
    telling=TOLD_AT_DISCLOSURE,
    telling_source=f"{ACT} art. 6(2)",
)

BASES = (REQUEST, COURT_ORDER)
