"""Letters from a handler to a party, and the provider's templates for them."""

import datetime as dt
import json
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from complaints import access, rules
from complaints.access.corresponding import SENT_TABLE, Recipient
from complaints.models import Complaint, LetterTemplate, SentLetter
from complaints.rules import Purpose, Side
from core import sealing
from core.errors import Conflict, Invalid, Problem, invalid
from ledger.acts import action, record
from verification.models import Account, Organisation


@action("template.saved")
def save_template(
    *,
    by: Account,
    provider: Organisation,
    name: str,
    purpose: str,
    language: str,
    subject: str,
    body: str,
    now: dt.datetime,
) -> LetterTemplate:
    """Save a template of the provider, as its handler; one of the same name and language becomes an older version.

    Raises Invalid for a placeholder that is none, a purpose or language that is unknown, and an empty text.
    """
    provider = access.provider_of_handler(by, provider.code)
    _check_template(name, purpose, language, {"subject": subject, "body": body})
    older = LetterTemplate.objects.select_for_update().filter(provider=provider, name=name.strip(), language=language)
    newest = older.order_by("-version").first()
    older.filter(replaced_at__isnull=True).update(replaced_at=now)
    made = LetterTemplate.objects.create(
        provider=provider, name=name.strip(), purpose=purpose, language=language, subject=subject, body=body,
        version=1 if newest is None else newest.version + 1, made_at=now, made_by=by,
    )  # fmt: skip
    _record_template(made, by, now)
    return made


def _check_template(name: str, purpose: str, language: str, text: dict[str, str]) -> None:
    problems = []
    if not name.strip():
        problems.append(Problem("/name", "required", _("Give the template a name.")))
    if purpose not in Purpose.values:
        problems.append(Problem("/purpose", "unknown", ", ".join(Purpose.values)))
    if language not in dict(settings.LANGUAGES):
        problems.append(Problem("/language", "unknown", ", ".join(dict(settings.LANGUAGES))))
    problems += _problems_of(text, None)
    if problems:
        raise Invalid(problems)


def _problems_of(text: dict[str, str], side: Side | None) -> list[Problem]:
    known = ", ".join(name for name in rules.PLACEHOLDERS if side in (None, rules.ONLY_FOR.get(name, side)))
    problems = [
        Problem(
            f"/{part}",
            "placeholder",
            _("“%(name)s” cannot be filled in here. What can: %(known)s.") % {"name": name, "known": known},
        )
        for part, value in text.items()
        for name in rules.unknown_in(value, side)
    ]
    problems += [Problem(f"/{p}", "required", _("Write something.")) for p, value in text.items() if not value.strip()]
    for part, most in (("subject", rules.LONGEST_LETTER_SUBJECT), ("body", rules.LONGEST_LETTER_BODY)):
        if len(text[part]) > most:
            problems.append(Problem(f"/{part}", "max_length", _("At most %(most)s characters.") % {"most": most}))
    return problems


@action("template.retired")
def retire_template(*, template_id: UUID, by: Account, now: dt.datetime) -> LetterTemplate:
    """Take a template out of use, as a handler of its provider; what was sent with it stays as it is."""
    found = access.template_for(by, template_id, lock=True)
    found.replaced_at = now
    found.save(update_fields=["replaced_at"])
    _record_template(found, by, now)
    return found


def _record_template(template: LetterTemplate, by: Account, now: dt.datetime) -> None:
    facts = {"purpose": template.purpose, "language": template.language, "version": template.version}
    record(subject=f"template:{template.pk}", provider=template.provider.code, by=by, facts=facts, now=now)


def draft_letter(*, complaint: Complaint, to: str, template: str, now: dt.datetime) -> dict[str, str]:
    """Return the letter of a template to a party, filled in, to be read and changed before it is sent.

    The tracking page stays a placeholder: only the complainant gets to see it. Errors as ``send_letter``.
    """
    recipient = access.recipient_of(complaint, to)
    chosen = access.template_of(complaint.provider, template)
    text = {"subject": chosen.subject, "body": chosen.body}
    return _filled(complaint, recipient, chosen.language, text, now) | {"language": chosen.language}


def require_fillable(text: dict[str, str], side: Side) -> None:
    """Raise Invalid, naming each, for placeholders that are none for this side, and for a text that is none."""
    problems = _problems_of(text, side)
    if problems:
        raise Invalid(problems)


def _filled(
    complaint: Complaint, recipient: Recipient, language: str, text: dict[str, str], now: dt.datetime
) -> dict[str, str]:
    require_fillable(text, recipient.side)
    facts = access.facts_of(complaint, recipient, language, now)
    return {name: rules.filled(value, facts) for name, value in text.items()}


@action("complaint.letter_sent")
def send_letter(
    *,
    reference: str,
    by: Account,
    to: str,
    subject: str = "",
    body: str = "",
    template: str = "",
    language: str = "",
    now: dt.datetime,
) -> SentLetter:
    """Write to a party of the complaint, as a handler: the text as given, or else that of the template; return it.

    ``to`` is ``complainant`` or an uploader's pseudonym. Raises Invalid for whoever cannot be written to, for a
    placeholder that is none for this party, and for a text that says to the uploader how the complainant is reached.
    """
    complaint = access.get_for(by, reference, lock=True)
    handler = access.require_handler(by, complaint)
    if complaint.state in rules.BEFORE_IT_COUNTS:
        raise Conflict(_("Nothing of this complaint counts yet."), state=complaint.state)
    recipient = access.recipient_of(complaint, to)
    chosen = access.template_of(complaint.provider, template) if template else None
    given = {
        "subject": " ".join((subject or (chosen.subject if chosen else "")).split()),
        "body": body or (chosen.body if chosen else ""),
    }
    spoken = language or (chosen.language if chosen else "") or complaint.language or settings.LANGUAGE_CODE
    text = _filled(complaint, recipient, spoken, given, now)
    if access.names_other_side(complaint, recipient, "\n".join(text.values()), handler, now):
        told = _("This says who the complainant is or how to reach them. The uploader must not learn it from you.")
        raise invalid("/body", "names_the_other_side", told)
    made = SentLetter(
        complaint=complaint, side=recipient.side, subscriber=recipient.subscriber, template=template[:80],
        language=spoken[:10], sent_at=now, sent_by=handler,
    )  # fmt: skip
    made.text_sealed = sealing.seal_json(complaint.data_key, row=(SENT_TABLE, made.pk), field="text", value=text)
    made.save(force_insert=True)
    facts = {
        "as": Side.HANDLER.value,
        "state": complaint.state,
        "letter": str(made.pk),
        "to": recipient.side.value,
        "text": sealing.keyed_digest("letter", json.dumps(text, sort_keys=True, ensure_ascii=False)),
    }
    record(subject=reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return made
