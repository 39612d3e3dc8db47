"""PRC: Civil Code arts. 1194 to 1197 and the Regulation on the right of communication through information networks."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from complaints.regimes.engine import WORKING_DAYS
from complaints.regimes.shape import ClockRule, Counter, Defect, Element, Part, Regime, Statement, Telling

RESTORATION = ClockRule(
    code="cn-cc1196",
    source="Civil Code art. 1196(2); SPC Reply Fa Shi [2020] No. 9",
    label=_("Measures end unless a complaint to an authority or a lawsuit is shown"),
    starts="counter_notice.reached_right_holder",
    does="restoration",
    unit=WORKING_DAYS,
    length=15,
    latest=20,
    calendar="CN",
    stopped_by=("lawsuit", "authority_complaint"),
    stopped=_("the right holder shows that it has complained to an authority or filed a lawsuit"),
    unsure=_(
        "The law says “a reasonable period”. This portal takes 15 working days, and never more than the 20 "
        "working days "
        "of the Supreme People's Court's reply; the Regulation (art. 17) would restore at once. Counsel must confirm."
    ),
)

COUNTER = Counter(
    source="Civil Code art. 1196(1); Regulation art. 16",
    elements=(
        Element(
            code="identity",
            source="Civil Code art. 1196(1); Regulation art. 16(1)",
            label=_("Who you are"),
            asks=_("Your real name, how you can be reached, and your address."),
            parts=(
                Part(("contact.name",), _("Give your real name.")),
                Part(("contact.email", "contact.phone"), _("Give an e-mail address or a telephone number.")),
                Part(("contact.postal_address",), _("Give your address.")),
            ),
            checked=_("Something must be given; it is sealed and given to nobody without recorded authorization."),
        ),
        Element(
            code="material",
            source="Regulation art. 16(2)",
            label=_("What should return"),
            asks=_("The title and network address of what should be restored."),
            parts=(Part(("items",), _("Name at least one of the items.")),),
            checked=_("Compared with the items of the matter."),
        ),
        Element(
            code="evidence",
            source="Civil Code art. 1196(1); Regulation art. 16(3)",
            label=_("Why there is no infringement"),
            asks=_("Prima facie evidence that there is no infringement: documents, or a reasoned explanation."),
            parts=(Part(("evidence", "grounds"), _("Say why there is no infringement, or add a document.")),),
            checked=_("Something must be given; whether it is enough, a person judges."),
        ),
    ),
    statements=(
        Statement(
            code="accuracy",
            source="Regulation art. 16",
            text=_("I answer for the truth of this statement."),
            is_required=False,
        ),
    ),
    clock=RESTORATION,
    bars_repetition="Regulation art. 17",
    consequences=_(
        "Your statement goes to the right holder, who is told that it may complain to an authority or sue. If it shows "
        "neither within the period, the measures end. Whoever states what is not true answers for it."
    ),
)

REGIME = Regime(
    code="cn",
    version="cn-2026.1",
    in_force_from=dt.date(2021, 1, 1),
    title=_("PRC: Civil Code and Regulation on the right of communication through information networks"),
    jurisdiction=_("People's Republic of China"),
    calendar="CN",
    time_zone="Asia/Shanghai",
    summary=_(
        "On a notice with prima facie evidence and the right holder's real identity the provider promptly "
        "forwards it to "
        "the user and takes the necessary measures, according to the evidence and the type of service; the user can "
        "state that there is no infringement."
    ),
    elements=(
        Element(
            code="identity",
            source="Civil Code art. 1195(1); Regulation art. 14(1)",
            label=_("Who the right holder is"),
            asks=_("The right holder's real name, how it can be reached, and its address."),
            parts=(
                Part(("complainant.name",), _("Give the right holder's name.")),
                Part(("complainant.email", "complainant.phone"), _("Give an e-mail address or a telephone number.")),
                Part(("complainant.postal_address",), _("Give the right holder's address.")),
            ),
            checked=_("Name, address and one way to be reached must be given."),
        ),
        Element(
            code="work",
            source="Regulation art. 14(2)",
            label=_("The work"),
            asks=_("The title of the work that should be removed or unlinked."),
            parts=(Part(("works.title", "works.work"), _("Give the title of at least one work.")),),
            checked=_("At least one title must be given."),
        ),
        Element(
            code="location",
            source="Regulation art. 14(2)",
            label=_("Where it is"),
            asks=_("The network address of what should be removed or unlinked."),
            parts=(Part(("items.url", "items.external_id"), _("Give the network address of at least one item.")),),
            checked=_("At least one address or identifier must be given; the provider looks whether it is found."),
        ),
        Element(
            code="evidence",
            source="Civil Code art. 1195(1); Regulation art. 14(3)",
            label=_("Evidence of infringement"),
            asks=_(
                "Prima facie evidence that it infringes: documents, or an explanation of ownership and infringement."
            ),
            parts=(Part(("evidence", "grounds"), _("Explain why it infringes, or add a document.")),),
            checked=_("Something must be given; whether it is enough, a person judges."),
        ),
    ),
    statements=(
        Statement(
            code="good_faith",
            source="Regulation art. 14",
            text=_("I believe in good faith that the use is not authorized by the right holder or by law."),
            is_required=False,
        ),
        Statement(
            code="accuracy",
            source="Regulation art. 14",
            text=_("This notice is true, and I answer for its truth."),
            is_required=False,
        ),
    ),
    clocks=(RESTORATION,),
    tells=(
        Telling(
            _("the uploader"),
            _("the notice, promptly, with the measure"),
            "Civil Code art. 1195(2); Regulation art. 15",
        ),
        Telling(
            _("the right holder"),
            _("the statement that there is no infringement, and that it may complain to an authority or sue"),
            "Civil Code art. 1196(2)",
        ),
    ),
    for_rights_holders=(
        _("Give your real name, address and contact, the work, where the infringing copy is, and why it infringes."),
        _("A wrongful notice makes you liable for the harm that it does (Civil Code art. 1195(3))."),
        _(
            "After the uploader's statement you have 15 working days to show that you complained to an "
            "authority or sued."
        ),
    ),
    for_uploaders=(
        _("The notice is forwarded to you together with the measure."),
        _("You can state, with your real identity and prima facie evidence, that there is no infringement."),
        _("If the right holder shows no complaint and no lawsuit within 15 working days, the measures end."),
    ),
    names_complainant_to_uploader="Civil Code art. 1195(2)",
    accuracy=_(
        "Whoever causes harm by a wrongful notice is liable for it (Civil Code art. 1195(3); Regulation art. 24)."
    ),
    counter=COUNTER,
    defects=(
        Defect(
            code="deemed_not_sent",
            source="Measures of 2005 art. 10",
            meaning=_(
                "A notice that lacks something counts as not sent. It is kept here, and counts as sent on the day on "
                "which it becomes complete."
            ),
            provider=_("Until then the provider need not act on it."),
            is_curable=False,
        ),
    ),
    unsure=(
        RESTORATION.unsure,
        _(
            "The administrative measures of 2005 (art. 8) may also ask for a statement of truth in the notice; "
            "it is offered "
            "here and not demanded, because the statutory minimum is always enough."
        ),
        _(
            "The e-commerce law (15 days, art. 43) is not applied: it does not cover audio-video programmes, "
            "publishing and "
            "cultural products (art. 2(3))."
        ),
    ),
)
