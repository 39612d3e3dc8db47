"""United States: 17 USC 512, notices, counter-notices and the restoring of material."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from complaints.regimes.shape import WORKING_DAYS, ClockRule, Counter, Defect, Element, Part, Regime, Statement, Telling

RESTORATION = ClockRule(
    code="us-512g",
    source="17 USC 512(g)(2)(C)",
    label=_("Material returns unless a court action is shown"),
    starts="counter_notice.received",
    does="restoration",
    unit=WORKING_DAYS,
    length=10,
    earliest=10,
    latest=14,
    calendar="US-federal",
    stopped_by=("lawsuit",),
    stopped=_("the provider's agent is shown that the complainant filed an action seeking a court order"),
)

COUNTER = Counter(
    source="17 USC 512(g)(3)",
    elements=(
        Element(
            code="signature",
            source="17 USC 512(g)(3)(A)",
            label=_("Signature"),
            asks=_("Your physical or electronic signature."),
            parts=(Part(("signature",), _("Sign: type your full name as your electronic signature.")),),
            checked=_("Something must be given."),
        ),
        Element(
            code="material",
            source="17 USC 512(g)(3)(B)",
            label=_("What was removed, and where it was"),
            asks=_("Which material was removed or disabled, and where it appeared before."),
            parts=(Part(("items",), _("Name at least one of the items that were removed.")),),
            checked=_("Compared with the items that the measure covers."),
        ),
        Element(
            code="good_faith",
            source="17 USC 512(g)(3)(C)",
            label=_("Belief in a mistake"),
            asks=_("A statement under penalty of perjury that the removal was a mistake or a misidentification."),
            parts=(
                Part(
                    ("statements.good_faith",),
                    _("State, under penalty of perjury, that you believe in good faith that this was a mistake."),
                ),
            ),
            checked=_("The statement must be made."),
        ),
        Element(
            code="contact",
            source="17 USC 512(g)(3)(D)",
            label=_("Name, address and telephone"),
            asks=_("Your name, address and telephone number."),
            parts=(
                Part(("contact.name",), _("Give your name.")),
                Part(("contact.postal_address",), _("Give your postal address.")),
                Part(("contact.phone",), _("Give your telephone number.")),
            ),
            checked=_(
                "Something must be given; it is sealed, and the law makes it part of what goes to the complainant."
            ),
        ),
        Element(
            code="jurisdiction",
            source="17 USC 512(g)(3)(D)",
            label=_("Consent to the court, and to be served"),
            asks=_("Your consent to the jurisdiction of the federal court and to accept service from the complainant."),
            parts=(
                Part(
                    ("statements.jurisdiction",),
                    _("State that you consent to the federal court's jurisdiction and will accept service of process."),
                ),
            ),
            checked=_("The statement must be made."),
        ),
    ),
    statements=(
        Statement(
            code="good_faith",
            source="17 USC 512(g)(3)(C)",
            text=_(
                "I swear, under penalty of perjury, that I have a good faith belief that the material was removed or "
                "disabled as a result of mistake or misidentification of the material to be removed or disabled."
            ),
        ),
        Statement(
            code="disclosure",
            source="17 USC 512(g)(2)(B), (g)(3)(D)",
            text=_(
                "I know that a copy of this counter-notice, with my name, address and telephone number, goes to the "
                "person who sent the notice."
            ),
            is_required=False,
        ),
        Statement(
            code="jurisdiction",
            source="17 USC 512(g)(3)(D)",
            text=_(
                "I consent to the jurisdiction of the Federal District Court for the judicial district in which my "
                "address is located or, if my address is outside of the United States, of any judicial district in "
                "which the provider may be found, and I will accept service of process from the person who sent the "
                "notice or an agent of that person."
            ),
        ),
    ),
    clock=RESTORATION,
    discloses=("name", "postal_address", "phone"),
    discloses_source="17 USC 512(g)(2)(B), (g)(3)(D)",
    discloses_words=_(
        "The law makes your name, your address and your telephone number part of the counter-notice, and a copy of it "
        "goes to whoever complained. Your e-mail address does not. If you don't want that, appeal instead: an appeal "
        "gives nobody your name."
    ),
    consequences=_(
        "A copy goes to the complainant. Unless the complainant shows within ten business days that it has asked a "
        "court for an order, the material returns. A knowingly false statement can make you liable for damages."
    ),
)

REGIME = Regime(
    code="us",
    version="us-2026.1",
    in_force_from=dt.date(1998, 10, 28),
    title=_("United States: Digital Millennium Copyright Act (17 USC 512)"),
    jurisdiction=_("United States"),
    calendar="US-federal",
    time_zone="America/New_York",
    summary=_(
        "On a complete notice the provider removes or disables the material and promptly tells the uploader, who can "
        "send a counter-notice; the material then returns unless the complainant goes to court."
    ),
    elements=(
        Element(
            code="signature",
            source="17 USC 512(c)(3)(A)(i)",
            label=_("Signature"),
            asks=_("A physical or electronic signature of a person authorized to act for the owner."),
            parts=(Part(("signature",), _("Sign: type your full name as your electronic signature.")),),
            checked=_("Something must be given."),
        ),
        Element(
            code="work",
            source="17 USC 512(c)(3)(A)(ii)",
            label=_("The work"),
            asks=_("Which copyrighted work is infringed; for many works at one site, a representative list."),
            parts=(Part(("works.title", "works.work"), _("Name at least one work that is infringed.")),),
            checked=_("At least one title must be given."),
        ),
        Element(
            code="location",
            source="17 USC 512(c)(3)(A)(iii)",
            label=_("The material and where it is"),
            asks=_("Which material is infringing, with what is reasonably sufficient to find it."),
            parts=(
                Part(("items.url", "items.external_id"), _("Give the address of at least one item complained about.")),
            ),
            checked=_("At least one address or identifier must be given; the provider looks whether it is found."),
        ),
        Element(
            code="contact",
            source="17 USC 512(c)(3)(A)(iv)",
            label=_("How to reach you"),
            asks=_("An address, telephone number or e-mail address at which the complainant can be reached."),
            parts=(
                Part(
                    ("complainant.email", "complainant.postal_address", "complainant.phone"),
                    _("Give an e-mail address, a postal address or a telephone number."),
                ),
            ),
            checked=_("One of the three must be given."),
        ),
        Element(
            code="good_faith",
            source="17 USC 512(c)(3)(A)(v)",
            label=_("Good faith"),
            asks=_(
                "A statement of good faith belief that the use is not authorized by the owner, its agent, or the law."
            ),
            parts=(
                Part(
                    ("statements.good_faith",),
                    _(
                        "State your good faith belief that the use is not authorized by the owner, its agent, "
                        "or the law."
                    ),
                ),
            ),
            checked=_("The statement must be made."),
        ),
        Element(
            code="accuracy",
            source="17 USC 512(c)(3)(A)(vi)",
            label=_("Accuracy, and authority under penalty of perjury"),
            asks=_(
                "A statement that the notice is accurate and, under penalty of perjury, that you may act for the owner."
            ),
            parts=(
                Part(
                    ("statements.accuracy",),
                    _(
                        "State that the notice is accurate and, under penalty of perjury, that you may act for "
                        "the owner."
                    ),
                ),
            ),
            checked=_("The statement must be made."),
        ),
    ),
    statements=(
        Statement(
            code="good_faith",
            source="17 USC 512(c)(3)(A)(v)",
            text=_(
                "I have a good faith belief that use of the material in the manner complained of is not authorized by "
                "the copyright owner, its agent, or the law."
            ),
        ),
        Statement(
            code="accuracy",
            source="17 USC 512(c)(3)(A)(vi)",
            text=_(
                "The information in this notice is accurate and, under penalty of perjury, I am authorized to act on "
                "behalf of the owner of an exclusive right that is allegedly infringed."
            ),
        ),
        Statement(
            code="authority_under_perjury",
            source="17 USC 512(c)(3)(A)(vi)",
            text=_(
                "Under penalty of perjury, I am authorized to act on behalf of the owner of an exclusive right that is "
                "allegedly infringed. (This repeats the second half of the statement on accuracy.)"
            ),
            is_required=False,
        ),
    ),
    clocks=(RESTORATION,),
    tells=(
        Telling(_("the uploader"), _("that the material was removed or disabled, promptly"), "17 USC 512(g)(2)(A)"),
        Telling(
            _("the complainant"),
            _("a copy of the counter-notice, and that the material returns in ten business days"),
            "17 USC 512(g)(2)(B)",
        ),
        Telling(
            _("a complainant whose notice lacks something"),
            _("what is missing, so that it can be cured"),
            "17 USC 512(c)(3)(B)(ii)",
        ),
    ),
    for_rights_holders=(
        _(
            "Name the work, say where the infringing material is, and how you can be reached; make two "
            "statements and sign."
        ),
        _("A notice that lacks something is kept, and you are told what to add."),
        _("After a counter-notice you have ten business days to ask a court for an order and to show the provider so."),
    ),
    for_uploaders=(
        _("You are told promptly when something of yours is removed, with the notice and its reasons."),
        _(
            "If it was a mistake, send a counter-notice: your material returns after ten business days unless the "
            "complainant shows that it went to court."
        ),
        _("A counter-notice is made under penalty of perjury, and agrees to the jurisdiction of a federal court."),
    ),
    names_complainant_to_uploader="17 USC 512(g)(2)(A)",
    accuracy=_(
        "Whoever knowingly misrepresents that material infringes, or that it does not, pays damages (17 USC 512(f))."
    ),
    counter=COUNTER,
    defects=(
        Defect(
            code="curable",
            source="17 USC 512(c)(3)(B)(ii)",
            meaning=_(
                "The work, the place and the contact are there, so the notice can be cured. Until it is, it gives the "
                "provider no knowledge of an infringement."
            ),
            provider=_("The provider must promptly try to reach you and to help you send all that is asked."),
            is_curable=True,
            if_there=("work", "location", "contact"),
        ),
        Defect(
            code="no_knowledge",
            source="17 USC 512(c)(3)(B)(i)",
            meaning=_(
                "A notice without the work, the place or the contact gives the provider no knowledge of an "
                "infringement. It is kept here, and counts from the day on which it becomes complete."
            ),
            provider=_("The law does not have the provider do anything about it; this portal tells you what to add."),
            is_curable=False,
        ),
    ),
)
