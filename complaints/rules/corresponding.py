"""Letters that handlers write to a party: purposes, the closed list of placeholders, and how they are filled in."""

import re
from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.rules.kinds import Side

LONGEST_LETTER_SUBJECT = 200
LONGEST_LETTER_BODY = 10_000
PLACE = re.compile(r"\{\{\s*([a-z_]{1,40})\s*\}\}")
TRACKING_URL = "tracking_url"


class Purpose(TextChoices):
    """What a letter is for."""

    ASK_MORE = "ask_more", _("to ask for more")
    FORWARD = "forward", _("to forward something")
    REJECT = "reject", _("to explain a rejection")
    RESTORE = "restore", _("to explain a restoration")
    OTHER = "other", _("something else")


# Everything that a template may name. Of no person anything is among them.
PLACEHOLDERS: dict[str, str | Promise] = {
    "reference": _("the reference of the matter"),
    "provider": _("the provider's name"),
    "regime": _("the law under which it was filed"),
    "state": _("where the matter stands"),
    "works": _("the titles of the works"),
    "items": _("the addresses that concern whoever gets the letter"),
    "missing": _("what the notice lacks"),
    "reasons": _("the reasons of the last decision"),
    "due": _("until when the next step is due"),
    "today": _("the day on which the letter is written"),
    "page": _("the address of the matter's page"),
    TRACKING_URL: _("the complainant's own tracking page; nobody but the complainant sees it"),
}
ONLY_FOR: dict[str, Side] = {TRACKING_URL: Side.COMPLAINANT, "missing": Side.COMPLAINANT}


def unknown_in(text: str, side: Side | None = None) -> list[str]:
    """Return what stands in double braces and is no placeholder (of a letter to that side, where one is given).

    House rule: the list is closed, so that no template reaches data that nobody meant to send; braces that are left
    open are named, too, rather than sent.
    """
    fit = {name for name in PLACEHOLDERS if side in (None, ONLY_FOR.get(name, side))}
    names = [name for name in PLACE.findall(text) if name not in fit]
    rest = PLACE.sub("", text)
    return list(dict.fromkeys([*names, *(brace for brace in ("{{", "}}") if brace in rest)]))


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Return the text with the facts put into their places; a place without a fact stays as it is.

    House rule: one pass and nothing but names: what a fact holds is never read as a place again.
    """
    return PLACE.sub(lambda found: facts.get(found.group(1), found.group(0)), text)
