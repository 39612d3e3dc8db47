"""The mail of a letter that a handler wrote to a party."""

from complaints import access
from complaints.models import SentLetter
from core.mail import enqueue
from core.sealing import Plain
from hosting.access import notify_address
from ledger.followers import follower
from ledger.models import Entry


@follower("complaints.letters", acts=("complaint.letter_sent",))
def mail_letter(entry: Entry) -> None:
    """Send the letter to the party to whom it was written; without an address it is read on the matter's page."""
    letter = access.sent_letter(str(entry.facts["letter"]))
    address = _address_of(letter, entry)
    if not address:
        return
    whom = access.party_of(letter.subscriber)
    enqueue(
        dedupe=f"{entry.pk}:{whom}:letter",
        party=whom,
        to=address,
        template="complaints/mail/letter",
        context=access.text_for_party(letter, letter.complaint) | {"provider": letter.complaint.provider.name},
        language=letter.language,
        subject_reference=letter.complaint.reference,
        now=entry.at,
    )


def _address_of(letter: SentLetter, entry: Entry) -> Plain | None:
    if letter.subscriber is None:
        return access.address_of(letter.complaint)
    return notify_address(letter.subscriber, purpose=f"telling the uploader: {entry.act}", now=entry.at)
