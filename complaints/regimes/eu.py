"""European Union: Digital Services Act, notices, statements of reasons and internal complaints."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from complaints.regimes.shape import (
    IMMEDIATE,
    MONTHS,
    ClockRule,
    Defect,
    Element,
    Part,
    Regime,
    Setting,
    Statement,
    Telling,
)

INTERNAL_COMPLAINTS = Setting(
    code="internal_complaints",
    source="DSA arts. 19, 20",
    label=_("Whether it must take internal complaints"),
    asks=_("Is the provider an online platform that is neither micro nor small?"),
    default="yes",
    choices=(("yes", _("yes: complaints are taken for six months")), ("no", _("no: appeals are taken at any time"))),
    unsure=_(
        "The duty is that of online platforms which are not micro or small enterprises (art. 19). A hosting provider "
        "that spreads nothing to the public is no online platform."
    ),
)

REGIME = Regime(
    code="eu",
    version="eu-2026.1",
    in_force_from=dt.date(2024, 2, 17),
    title=_("European Union: Digital Services Act (Regulation (EU) 2022/2065)"),
    jurisdiction=_("European Union"),
    calendar="EU",
    time_zone="Europe/Brussels",
    summary=_(
        "On a sufficiently substantiated notice the provider decides in a timely, diligent and non-arbitrary "
        "manner, and "
        "tells both sides what it decided, why, and how to contest it."
    ),
    elements=(
        Element(
            code="reasons",
            source="DSA art. 16(2)(a)",
            label=_("The reasons"),
            asks=_("A sufficiently substantiated explanation why the item is illegal content."),
            parts=(Part(("grounds",), _("Explain why the item infringes.")),),
            checked=_("Something must be given; whether it is enough, a person judges."),
        ),
        Element(
            code="location",
            source="DSA art. 16(2)(b)",
            label=_("Where it is"),
            asks=_("The exact electronic location, such as the URL."),
            parts=(Part(("items.url", "items.external_id"), _("Give the address of at least one item.")),),
            checked=_("At least one address or identifier must be given; the provider looks whether it is found."),
        ),
        Element(
            code="contact",
            source="DSA art. 16(2)(c)",
            label=_("Name and e-mail"),
            asks=_("The name and e-mail address of whoever sends the notice."),
            parts=(
                Part(("complainant.name",), _("Give your name.")),
                Part(("complainant.email",), _("Give your e-mail address.")),
            ),
            checked=_("Both must be given."),
        ),
        Element(
            code="good_faith",
            source="DSA art. 16(2)(d)",
            label=_("Good faith"),
            asks=_("A statement of bona fide belief that the notice is accurate and complete."),
            parts=(
                Part(
                    ("statements.good_faith",),
                    _("State your bona fide belief that the notice is accurate and complete."),
                ),
            ),
            checked=_("The statement must be made."),
        ),
    ),
    statements=(
        Statement(
            code="good_faith",
            source="DSA art. 16(2)(d)",
            text=_(
                "I have a bona fide belief that the information and allegations in this notice are accurate and "
                "complete."
            ),
        ),
        Statement(
            code="accuracy",
            source="DSA art. 16(2)(d)",
            text=_("The information in this notice is accurate. (This repeats a part of the statement on good faith.)"),
            is_required=False,
        ),
    ),
    clocks=(
        ClockRule(
            code="eu-20",
            source="DSA art. 20(1), (2)",
            label=_("The internal complaint stays open"),
            starts="decision.informed",
            does="complaint_window_closes",
            unit=MONTHS,
            length=6,
            where=((INTERNAL_COMPLAINTS.code, "yes"),),
            restarted_by=("decision.informed",),
            stopped_by=("appeal.decided",),
            stopped=_("an appeal of this side is decided"),
        ),
        ClockRule(
            code="eu-17",
            source="DSA art. 17(2)",
            label=_("The statement of reasons comes with the restriction"),
            starts="restriction.imposed",
            does="statement_of_reasons",
            unit=IMMEDIATE,
            length=0,
            kept=_(
                "No clock runs: the order of the measure and the statement of reasons are one act, and it is mailed and "
                "stands in the uploader's account from that moment."
            ),
        ),
    ),
    tells=(
        Telling(_("whoever sent the notice"), _("that it was received, without undue delay"), "DSA art. 16(4)"),
        Telling(_("whoever sent the notice"), _("the decision and how to contest it"), "DSA art. 16(5)"),
        Telling(
            _("the uploader"), _("a statement of reasons, at the latest when the restriction begins"), "DSA art. 17"
        ),
    ),
    for_rights_holders=(
        _("Say why it infringes, where it is, who you are, and that you believe in good faith that this is right."),
        _("You are told the decision and can contest it; where the duty applies, for six months."),
    ),
    for_uploaders=(
        _("You get a statement of reasons at the latest when something of yours is restricted."),
        _("There is no counter-notice here: contest the decision by an appeal, which somebody else decides."),
        _("Where the duty applies, an appeal can be made for six months from the day on which you were told."),
    ),
    names_complainant_to_uploader="",
    accuracy=_("Frequent, manifestly unfounded notices can lead to a suspension after a warning (DSA art. 23(2))."),
    dsa_notices="DSA art. 16",
    trusted_flaggers="DSA art. 22",
    defects=(
        Defect(
            code="no_knowledge",
            source="DSA art. 16(3)",
            meaning=_(
                "Only a notice that lets a diligent provider see the illegality gives it knowledge. Until all is there "
                "this one does not; it is kept, and counts from the day on which it becomes complete."
            ),
            provider=_("The provider makes it easy to add what is missing."),
            is_curable=True,
        ),
    ),
    out_of_court="DSA art. 21",
    settings=(INTERNAL_COMPLAINTS,),
    suspension_source="DSA art. 23(2)",
    unsure=(_("The letters of arts. 16(4) to (6) and 17(3) were not checked against the official text."),),
)
