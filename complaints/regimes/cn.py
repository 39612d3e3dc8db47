"""PRC: Civil Code arts. 1194 to 1197 and the Regulation on the right of communication through information networks."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from complaints.regimes.shape import (
    CALENDAR_DAYS,
    IMMEDIATE,
    WORKING_DAYS,
    ClockRule,
    Counter,
    Defect,
    Element,
    Part,
    Regime,
    Setting,
    Statement,
    Telling,
)

CIVIL_CODE, REGULATION, E_COMMERCE = "civil_code", "regulation", "e_commerce"
WHICH_RULE = Setting(
    code="restoration",
    source="Civil Code art. 1196(2); Regulation art. 17; E-Commerce Law art. 43(2)",
    label=_("Which rule ends the measures"),
    asks=_("By which rule do measures end after the uploader's statement?"),
    default=CIVIL_CODE,
    choices=(
        (CIVIL_CODE, _("a reasonable period (Civil Code art. 1196)")),
        (REGULATION, _("at once (Regulation art. 17)")),
        (E_COMMERCE, _("15 days, for goods and marketplaces only (E-Commerce Law art. 43)")),
    ),
    unsure=_(
        "The Civil Code gives the right holder a reasonable period, the older Regulation restores at once, and both are "
        "in force. The E-Commerce Law does not cover audio-video programmes, publishing and cultural products "
        "(art. 2(3)). Counsel must confirm."
    ),
)
PERIOD = Setting(
    code="reasonable_period",
    source="Civil Code art. 1196(2); SPC Reply Fa Shi [2020] No. 9",
    label=_("The reasonable period"),
    asks=_("How many working days is a reasonable period?"),
    default=15,
    least=0,
    most=20,
    unit=WORKING_DAYS,
    unsure=_(
        "The law names no number. The Supreme People's Court's reply allows 20 working days at the most. Counsel must "
        "confirm."
    ),
)

RESTORATION = ClockRule(
    code="cn-cc1196",
    source="Civil Code art. 1196(2); SPC Reply Fa Shi [2020] No. 9",
    label=_("Measures end unless a complaint to an authority or a lawsuit is shown"),
    starts="counter_notice.reached_right_holder",
    does="restoration",
    unit=WORKING_DAYS,
    length=15,
    length_from=PERIOD.code,
    latest=20,
    cap=20,
    calendar="CN",
    where=((WHICH_RULE.code, CIVIL_CODE),),
    stopped_by=("lawsuit", "authority_complaint"),
    stopped=_("the right holder shows that it has complained to an authority or filed a lawsuit"),
    paused_by=("delay.beyond_control",),
    resumed_by=("delay.over",),
    paused=_(
        "while notarization or legalization that the right holder cannot hasten takes its time, and never beyond the "
        "20th working day"
    ),
    unsure=_(
        "The law says “a reasonable period”. This portal takes 15 working days, and never more than the 20 "
        "working days "
        "of the Supreme People's Court's reply; the Regulation (art. 17) would restore at once. Counsel must confirm."
    ),
)
AT_ONCE = ClockRule(
    code="cn-reg17",
    source="Regulation art. 17",
    label=_("What was removed returns at once"),
    starts="counter_notice.received",
    does="restoration",
    unit=IMMEDIATE,
    length=0,
    where=((WHICH_RULE.code, REGULATION),),
    consequences=_(
        "Your statement goes to the right holder, and what was removed returns at once. The right holder may not "
        "complain about it again, but can go to an authority or a court. Whoever states what is not true answers for it."
    ),
    unsure=WHICH_RULE.unsure,
)
FIFTEEN_DAYS = ClockRule(
    code="cn-ecl43",
    source="E-Commerce Law art. 43(2)",
    label=_("Measures on goods end unless a complaint to an authority or a lawsuit is shown"),
    starts="counter_notice.reached_right_holder",
    does="restoration",
    unit=CALENDAR_DAYS,
    length=15,
    where=((WHICH_RULE.code, E_COMMERCE),),
    stopped_by=("lawsuit", "authority_complaint"),
    stopped=_("the right holder shows that it has complained to an authority or filed a lawsuit"),
    unsure=_("The law says “15 days”; this portal counts calendar days. It is for goods and marketplaces only."),
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
    others=(AT_ONCE, FIFTEEN_DAYS),
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
    clocks=(RESTORATION, AT_ONCE, FIFTEEN_DAYS),
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
            "After the uploader's statement you have the period that is shown with the clock to show that you complained "
            "to an authority or sued."
        ),
    ),
    for_uploaders=(
        _("The notice is forwarded to you together with the measure."),
        _("You can state, with your real identity and prima facie evidence, that there is no infringement."),
        _("If the right holder shows no complaint and no lawsuit within that period, the measures end."),
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
    settings=(WHICH_RULE, PERIOD),
    unsure=(
        _(
            "The administrative measures of 2005 (art. 8) may also ask for a statement of truth in the notice; "
            "it is offered "
            "here and not demanded, because the statutory minimum is always enough."
        ),
    ),
)
