"""Who is told what about subscribers, by mail."""

from core import mail
from ledger.followers import follower
from ledger.models import Entry
from verification import access as accounts


@follower("hosting.mail_claimed", acts=["subscriber.claimed"])
def tell_claimer(entry: Entry) -> None:
    """Tell the account that it claimed a subscriber, in case that it was somebody else in its name."""
    account = accounts.account_of_reference(entry.facts["account"])
    provider = accounts.organisation(entry.provider)
    mail.enqueue(
        dedupe=f"{entry.id}:claimed",
        to=account.email,
        template="hosting/mail/claimed",
        context={"provider": provider.name},
        language=account.language,
        subject_reference=entry.subject,
        now=entry.at,
    )
