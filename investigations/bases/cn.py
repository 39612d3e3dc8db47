"""Legal bases of the PRC."""

from django.utils.translation import gettext_lazy as _

from investigations.bases.shape import (
    ALL,
    IDENTIFYING,
    TOLD_AT_DISCLOSURE,
    Basis,
    Capacity,
    Document,
    Ground,
)

SECRECY = Ground("secrecy_required", _("A law or regulation requires secrecy."), "PIPL art. 18(1)")
IMPEDES = Ground("would_impede_duty", _("Telling would impede the authority's statutory duty."), "PIPL art. 35")
ORDER = Document("court_order", _("The court's order, with its seal"), "SPC 法释〔2014〕11号 (2020) art. 3")
ORDER_UNSURE = (_("The provision was written for personality rights; its use in copyright cases rests on analogy."),)

RCIN_13 = Basis(
    code="cn.rcin.13",
    version="2013-03-01",
    regime="cn",
    capacity=Capacity.AUTHORITY,
    title=_("Request of a copyright administration"),
    article="Regulation on the Right of Communication through Information Networks, art. 13",
    summary=_(
        "To investigate an infringement, the copyright administration may require name, contact and network address "
        "of the user whose material is suspected to infringe."
    ),
    documents=(Document("evidence_request", _("The authority's written evidence request"), "Reg. art. 13"),),
    categories=ALL,
    telling=TOLD_AT_DISCLOSURE,
    telling_source="PIPL arts. 23, 35",
    delay_grounds=(SECRECY, IMPEDES),
    unsure=(
        _("Times of upload rest on the duty to keep and show them (2005 Measures, art. 6); its length is unsure."),
    ),
)

COURT_ORDER = Basis(
    code="cn.court_order",
    version="2021-01-01",
    regime="cn",
    capacity=Capacity.AUTHORITY,
    title=_("Order of a people's court"),
    article="SPC 法释〔2014〕11号 (2020), art. 3",
    summary=_("A court may order the provider to give name, contact and network address of the user."),
    documents=(ORDER,),
    categories=ALL,
    telling=TOLD_AT_DISCLOSURE,
    telling_source="PIPL arts. 23, 35",
    delay_grounds=(SECRECY, IMPEDES),
    unsure=ORDER_UNSURE,
)

COURT_ORDER_SHOWN = Basis(
    code="cn.court_order.shown",
    version="2021-01-01",
    regime="cn",
    capacity=Capacity.RIGHTS_HOLDER,
    title=_("Court order shown by the rights holder"),
    article="SPC 法释〔2014〕11号 (2020), art. 3",
    summary=_("The rights holder shows an order by which a court has the provider name the user to it."),
    documents=(ORDER,),
    categories=IDENTIFYING,
    telling=TOLD_AT_DISCLOSURE,
    telling_source="PIPL arts. 23, 35",
    delay_grounds=(SECRECY,),
    unsure=ORDER_UNSURE,
)

CONSENT = Basis(
    code="cn.consent",
    version="2021-11-01",
    regime="cn",
    capacity=Capacity.RIGHTS_HOLDER,
    title=_("Separate consent of the uploader"),
    article="PIPL art. 23",
    summary=_(
        "No statute gives a rights holder the uploader's identity directly. The uploader is told who asks, for what, "
        "how and for which data, and may consent to just that."
    ),
    documents=(
        Document("notice", _("The notice of infringement"), "Reg. art. 14; CC art. 1195", is_in_complaint=True),
    ),
    categories=IDENTIFYING,
    telling=_("The uploader is asked first, and told again when the data is collected."),
    telling_source="PIPL art. 23",
    hears_subject=True,
    hearing_source="PIPL art. 23",
    needs_consent=True,
)

BASES = (RCIN_13, COURT_ORDER, COURT_ORDER_SHOWN, CONSENT)
