"""Letters: what is handed in, what was read in them, and the notice that a person is offered to correct."""

from __future__ import annotations

import html
import json
import re
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.conf.locale import LANG_INFO
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from complaints import access, rules
from complaints.serializers import given
from core.api import shaped
from core.errors import TooLarge, invalid
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.models import Letter

# Which statement of ours a letter makes, when all of these were found in it.
STATED = {
    "good_faith": ("good_faith",),
    "accuracy": ("accuracy", "perjury"),
}
STATED_WITHOUT_PERJURY = {**STATED, "accuracy": ("accuracy",)}
CONTACT = {
    "name": "complainant_name",
    "postal_address": "contact_address",
    "email": "contact_email",
    "phone": "contact_phone",
}
# A title stands in quotation marks of some kind.
TITLE = re.compile(
    r"“([^”\n]{2,150})”|\"([^\"\n]{2,150})\"|«([^»\n]{2,150})»|《([^》\n]{1,150})》|『([^』\n]{1,150})』"
)
GROUNDS = ("infringement_statement", "ownership_proof", "work_description")


class LetterFileInput(given.LetterInput):
    """What comes beside a letter that is handed in as a file."""

    text = given.Optional()


def letter_given(request: Request) -> dict[str, Any]:
    """Return the letter that the request hands in: ``content`` as bytes, and what is said of it.

    Raises Invalid without text or file, TooLarge above the bound.
    """
    if not str(request.content_type).startswith("multipart/"):
        body = shaped(given.LetterInput, request)
        return {**body, "content": str(body["text"]).encode()}
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise invalid("/file", "required", _("Give the letter as a file, or as text."))
    fields = LetterFileInput(data={name: value for name, value in request.POST.items() if name != "file"})
    fields.is_valid(raise_exception=True)
    return {"name": (file.name or "")[:120], **fields.validated_data, "content": bytes_of(file)}


def bytes_of(file: Any) -> bytes:
    """Return the bytes of an uploaded letter; TooLarge above the bound."""
    if (file.size or 0) > rules.LONGEST_MAIL_BYTES:
        raise TooLarge(_("A mail with its files may have at most ten million bytes."))
    content: bytes = file.read()
    return content


def letter_row(letter: Letter) -> dict[str, Any]:
    """Return a letter as lists show it."""
    return {
        "id": str(letter.pk),
        "provider": letter.provider.code,
        "kind": letter.kind,
        "language": letter.language,
        "regime": letter.regime,
        "received_at": rfc3339(letter.received_at),
        "kept_at": rfc3339(letter.kept_at),
        "complaint": None if letter.complaint is None else letter.complaint.reference,
    }


def letter_shown(letter: Letter) -> dict[str, Any]:
    """Return a letter with what was read in it, as ``read_letter`` prints it."""
    reading = {name: value for name, value in access.reading_of(letter).items() if name != "text"}
    return {**reading, **letter_row(letter), "from": access.letter_sender_of(letter), "sha256": letter.sha256}


KINDS = {
    "notice": gettext_lazy("notice"),
    "counter_notice": gettext_lazy("counter-notice"),
    "retraction": gettext_lazy("retraction"),
}


def described(letter: Letter) -> str:
    """Return what a letter is, under which law and in which language, in words."""
    language = LANG_INFO.get(letter.language, {}).get("name")
    words = [str(KINDS.get(letter.kind, gettext_lazy("another letter"))), letter.regime.upper()]
    return " · ".join(filter(None, [*words, _(language) if language else letter.language]))


LABELS = {
    "signature": gettext_lazy("signature"),
    "work_description": gettext_lazy("work"),
    "item_location": gettext_lazy("item"),
    "contact_address": gettext_lazy("address"),
    "contact_phone": gettext_lazy("telephone"),
    "contact_email": gettext_lazy("e-mail"),
    "complainant_name": gettext_lazy("name"),
    "good_faith": gettext_lazy("good faith"),
    "accuracy": gettext_lazy("accuracy"),
    "perjury": gettext_lazy("perjury"),
    "authority": gettext_lazy("authority to act for the owner"),
    "ownership_proof": gettext_lazy("ownership"),
    "infringement_statement": gettext_lazy("infringement"),
    "mistake_belief": gettext_lazy("mistake"),
    "consent_jurisdiction": gettext_lazy("jurisdiction"),
    "accept_service": gettext_lazy("service"),
    "source_address": gettext_lazy("network address"),
    "source_port": gettext_lazy("port"),
    "source_time": gettext_lazy("time of the connection"),
    "file_name": gettext_lazy("file"),
    "case_number": gettext_lazy("sender's number"),
    "kind": gettext_lazy("what kind of letter it is"),
    "regime": gettext_lazy("the law that is called on"),
    "text": gettext_lazy("all of its text"),
    "acns": gettext_lazy("its ACNS part"),
    "xarf": gettext_lazy("its X-ARF part"),
    "evidence": gettext_lazy("a file that is not what its digest says"),
}


def label_of(element: str) -> str:
    """Return what people call an element that was looked for in a letter; an address is called what it is."""
    if "://" in element:
        return element
    return str(LABELS.get(element, element.replace("_", " ")))


def marked(text: str, found: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the letter in pieces, in order: ``{text, labels}``, with labels where something was found.

    The pieces joined are the text exactly; marks may overlap, then a piece has several labels.
    """
    spans = [
        (mark["start"], mark["end"], element)
        for element, marks in found.items()
        for mark in marks
        if 0 <= mark["start"] < mark["end"] <= len(text)
    ]
    edges = sorted({0, len(text), *(start for start, _end, _name in spans), *(end for _start, end, _name in spans)})
    pieces: list[dict[str, Any]] = []
    for start, end in pairwise(edges):
        labels = sorted({label_of(name) for first, last, name in spans if first <= start and end <= last})
        if pieces and pieces[-1]["labels"] == labels:
            pieces[-1]["text"] += text[start:end]
        else:
            pieces.append({"text": text[start:end], "labels": labels})
    return pieces


def works_of(descriptions: list[str]) -> list[str]:
    """Return the titles that descriptions of works name in quotation marks; where there is none, the descriptions."""
    told = [" ".join(one.split()) for one in descriptions]
    titles = [next(filter(None, found.groups())).strip(" .,;") for one in told for found in TITLE.finditer(one)]
    return [one[:300] for one in list(dict.fromkeys(titles)) or told][:20]


def _connection(source: dict[str, Any]) -> str:
    """Return a connection in one line, as an item is named where no address on the web is known."""
    address = f"{source['address']}:{source['port']}" if source["port"] else str(source["address"])
    return " ".join(filter(None, [address, str(source["time"]), *source["files"][:1]]))[:500]


def spelt_out(value: str) -> str:
    """Return a value as a person writes it: forms for machines write some characters in other ways."""
    if "\\" in value:
        with suppress(ValueError):
            value = str(json.loads(f'"{value}"', strict=False))
    return html.unescape(value) if "&" in value else value


def draft_of(reading: dict[str, Any]) -> dict[str, Any]:
    """Return the notice that was read, as the first values of the form that a person corrects."""
    found: dict[str, list[dict[str, Any]]] = reading.get("found") or {}

    def first(name: str) -> str:
        return spelt_out(str(found[name][0]["value"])).strip() if found.get(name) else ""

    stated = STATED if reading.get("regime") == "us" else STATED_WITHOUT_PERJURY
    located = [str(url) for url in reading.get("items") or []] or [
        _connection(one) for one in reading.get("sources") or []
    ]
    return {
        "regime": reading.get("regime") or "us",
        "capacity": "agent" if found.get("authority") else "owner",
        **{field: first(name)[: 1000 if field == "postal_address" else 300] for field, name in CONTACT.items()},
        "works": "\n".join(works_of([spelt_out(str(one["value"])) for one in found.get("work_description", [])])),
        "items": "\n".join(located),
        "grounds": "\n\n".join(first(name) for name in GROUNDS if first(name))[: rules.LONGEST_GROUNDS],
        "statements": [code for code, needed in stated.items() if all(found.get(name) for name in needed)],
        "signature": first("signature")[:300],
    }
