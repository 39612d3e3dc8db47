"""Who is told what about subscribers: the account by mail, the provider's service by webhook."""

from django.utils.translation import gettext_lazy as _

from core import mail
from hosting import access, events, outbox
from ledger.followers import follower
from ledger.models import Entry
from verification import access as accounts

events.register("subscriber.claimed", _("An account has claimed the subscriber."))


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


@follower("hosting.webhooks", acts=["subscriber.claimed"], from_now=True)
def tell_service(entry: Entry) -> None:
    """Tell the service that its subscriber is somebody's now, by its own id, and not whose."""
    outbox.put(entry, {"external_id": access.external_id_of(entry.subject)})
