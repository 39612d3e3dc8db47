"""What a link from a provider's own page may bring along: values and pure functions, no clock."""

import re

from complaints.rules.limits import LONGEST_URL

# What a provider publishes of where it can be reached; law: Regulation art. 22(1), DSA arts. 11 and 12, 17 USC 512(c)(2).
CONTACT_POINT_FIELDS = ("name", "contact_person", "postal_address", "email", "phone", "agent")
LONGEST_EXTERNAL_ID = 120
_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f]+")
_EXTERNAL_ID = re.compile(r"[\w.:~@-]+")


def brought_item(text: str) -> str:
    """Return the item that a link names, to be filled in for the complainant; empty when it is none.

    House rule: a link of somebody else's page fills in an address of the web or a provider's identifier and nothing
    else, on one line; the complainant sees it, can change it, and is the one who sends it.
    """
    item = text.strip()
    if _ADDRESS.fullmatch(item):
        return item if len(item) <= LONGEST_URL else ""
    return item if len(item) <= LONGEST_EXTERNAL_ID and _EXTERNAL_ID.fullmatch(item) else ""


def brought_language(text: str, known: tuple[str, ...]) -> str:
    """Return which of the known languages a link asks for, such as ``zh-Hans`` or ``zh``; empty when none of them.

    House rule: a badge in one language leads to a page in the same language, whatever the browser prefers.
    """
    wanted = text.strip().lower()
    if wanted in known:
        return wanted
    return next((code for code in known if wanted and code.partition("-")[0] == wanted.partition("-")[0]), "")
