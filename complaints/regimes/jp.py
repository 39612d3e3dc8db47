"""Japan: the act on infringements through specified telecommunications, with the inquiry to the sender."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from complaints.regimes.shape import (
    CALENDAR_DAYS,
    ClockRule,
    Defect,
    Element,
    Inquiry,
    Part,
    Regime,
    Setting,
    Statement,
    Telling,
)

LARGE_PLATFORM = Setting(
    code="large_platform",
    source="JP act arts. 21, 26",
    label=_("Whether it is a designated large platform"),
    asks=_("Was the provider designated as a large platform by the minister?"),
    default="no",
    choices=(("no", _("no")), ("yes", _("yes: applicants are answered within seven days"))),
    unsure=_(
        "The duty is that of designated large platforms. Art. 26 is art. 25 in the literature; an order of the ministry "
        "says seven days, the act allows fourteen."
    ),
)
ASKED = ClockRule(
    code="jp-3-2-2",
    source="JP act art. 3(2)(ii)",
    label=_("The sender may say that it does not consent"),
    starts="sender.received_inquiry",
    does="may_remove_without_liability",
    unit=CALENDAR_DAYS,
    length=7,
    stopped_by=("sender.consented", "sender.refused"),
    stopped=_("the sender says whether it consents"),
)

REGIME = Regime(
    code="jp",
    version="jp-2026.1",
    in_force_from=dt.date(2025, 4, 1),
    title=_("Japan: act on dealing with infringements of rights through specified telecommunications (2001 no. 137)"),
    jurisdiction=_("Japan"),
    calendar="JP",
    time_zone="Asia/Tokyo",
    summary=_(
        "On a request that names the information, the right and the reason, the provider may ask the sender whether it "
        "consents to removal, and is not liable for removing after seven days without an answer."
    ),
    elements=(
        Element(
            code="information",
            source="JP act art. 3(2)(ii)",
            label=_("The infringing information"),
            asks=_("Which information infringes, and where it is."),
            parts=(Part(("items.url", "items.external_id"), _("Give the address of at least one item.")),),
            checked=_("At least one address or identifier must be given; the provider looks whether it is found."),
        ),
        Element(
            code="right",
            source="JP act art. 3(2)(ii)",
            label=_("The right"),
            asks=_("Which right is said to be infringed: the work and its title."),
            parts=(Part(("works.title", "works.work"), _("Name at least one work.")),),
            checked=_("At least one title must be given."),
        ),
        Element(
            code="reason",
            source="JP act art. 3(2)(ii)",
            label=_("The reason"),
            asks=_("Why the right is said to be infringed."),
            parts=(Part(("grounds",), _("Explain why the right is infringed.")),),
            checked=_("Something must be given; whether it is enough, a person judges."),
        ),
    ),
    statements=(
        Statement(
            code="good_faith",
            source="JP act art. 3(2)(ii)",
            text=_("I believe in good faith that the right named here is infringed."),
            is_required=False,
        ),
        Statement(
            code="accuracy",
            source="JP act art. 3(2)(ii)",
            text=_("The information in this request is accurate."),
            is_required=False,
        ),
    ),
    clocks=(
        ASKED,
        ClockRule(
            code="jp-26",
            source="JP act art. 26(1) (numbering as of 2025-04-01; art. 25 in the literature)",
            label=_("Large platforms answer the applicant"),
            starts="notice.received",
            does="answer_applicant",
            unit=CALENDAR_DAYS,
            length=7,
            latest=14,
            where=((LARGE_PLATFORM.code, "yes"),),
            stopped_by=("applicant.answered", "sender.asked"),
            stopped=_("the applicant is answered, or told that the sender is asked (art. 26(2))"),
            paused_by=("notice.incomplete",),
            resumed_by=("notice.received",),
            paused=_("while the request lacks something that the law asks"),
            unsure=_("Designated large platforms only."),
        ),
    ),
    tells=(
        Telling(_("the sender"), _("the request, with the question whether it consents"), "JP act art. 3(2)(ii)"),
        Telling(_("the sender"), _("that it was removed, and why (large platforms)"), "JP act art. 28"),
    ),
    for_rights_holders=(_("Name the information, the right, and the reason. Nothing else is asked by the act."),),
    for_uploaders=(
        _("You may be asked whether you consent to removal; you have seven days to say that you do not."),
        _("There is no counter-notice here: contest a removal by an appeal, which somebody else decides."),
    ),
    names_complainant_to_uploader="",
    accuracy=_("Data that was disclosed must not be used to harm anybody's honour or peace of life (art. 7)."),
    defects=(
        Defect(
            code="no_request",
            source="JP act art. 3(2)(ii)",
            meaning=_(
                "Without the information, the right and the reason there is no request that could be put to the sender. "
                "It is kept, and counts from the day on which it becomes complete."
            ),
            provider=_("Until then the provider need not ask the sender."),
            is_curable=False,
        ),
    ),
    inquiry=Inquiry(
        source="JP act art. 3(2)(ii)",
        asks=_(
            "The sender is asked whether it consents to the removal. If it does not say within seven days of receiving "
            "the question that it does not, a removal makes the provider liable to nobody."
        ),
        clock=ASKED,
        belief=_("there is reasonable ground to believe that the right is infringed"),
        belief_source="JP act art. 3(2)(i)",
    ),
    settings=(LARGE_PLATFORM,),
    unsure=(
        _(
            "Article numbers are those of the text with arts. 12-2, 12-3 and 17; the literature counts one "
            "lower from 20 on."
        ),
    ),
)
