"""Who takes part in which conversation now, and where it gets its mail."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from core.actors import Actor
from core.errors import NotFound
from core.sealing import Plain
from hosting.access import notify_address
from messaging.models import Conversation, Party
from messaging.rules import Side
from verification.access import require_role, require_verified
from verification.models import Account
from verification.rules import Role

# The one definition of who takes part now: the party's own account, or the one that claimed its subscriber; active; of
# a provider that is not suspended; still in the role of its side. Used by the pages, the API and the sockets alike.
PRESENT = """
(SELECT party.id, party.conversation_id, party.side, party.read_seq, account.id AS account_id
 FROM (
    SELECT id, conversation_id, side, read_seq, account_id FROM messaging_party
    WHERE account_id IS NOT NULL AND left_at IS NULL
    UNION ALL
    SELECT claimed.id, claimed.conversation_id, claimed.side, claimed.read_seq, subscriber.account_id
    FROM messaging_party claimed JOIN hosting_subscriber subscriber ON subscriber.id = claimed.subscriber_id
    WHERE subscriber.account_id IS NOT NULL
 ) AS party
 JOIN verification_account account
    ON account.id = party.account_id AND account.is_active AND account.suspended_at IS NULL
 JOIN messaging_conversation conversation ON conversation.id = party.conversation_id
 JOIN verification_organisation provider
    ON provider.id = conversation.provider_id AND provider.suspended_at IS NULL
 WHERE CASE party.side
    WHEN 'rights_holder' THEN EXISTS (
        SELECT 1 FROM verification_membership held
        LEFT JOIN verification_organisation holder ON holder.id = held.organisation_id
        WHERE held.account_id = account.id AND held.role = 'rights_holder' AND held.ended_at IS NULL
        AND holder.suspended_at IS NULL)
    WHEN 'uploader' THEN NOT EXISTS (
        SELECT 1 FROM verification_membership lost
        WHERE lost.account_id = account.id AND lost.organisation_id = provider.id AND lost.role = 'uploader'
        AND lost.ended_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM verification_membership again
            WHERE again.account_id = lost.account_id AND again.organisation_id = lost.organisation_id
            AND again.role = 'uploader' AND again.ended_at IS NULL))
    ELSE EXISTS (
        SELECT 1 FROM verification_membership held
        WHERE held.account_id = account.id AND held.organisation_id = provider.id AND held.ended_at IS NULL
        AND held.role IN ('handler', 'reviewer', 'authorizer', 'auditor'))
 END) AS present
"""


# Whose one place is now. Asked of each row of a page, where all that somebody has would be reckoned by the above.
PRESENT_AT = f"(SELECT account_id FROM {PRESENT} WHERE present.id = messaging_party.id)"  # noqa: S608 - a constant of ours
# A condition of which PostgreSQL takes for granted that it nearly always holds, and so reads a page from its first row.
IS_PRESENT = f"""
(SELECT account_id FROM {PRESENT} WHERE present.id = messaging_party.id AND present.account_id = %s)
"""  # noqa: S608 - a constant of ours
# Of a place: that something was said or proposed in its conversation, and that some of it was not read there yet.
BEGUN = Q(conversation__last_seq__gt=0) | Q(conversation__last_news__gt=0)
HAS_NEWS = Q(conversation__last_seq__gt=F("read_seq")) | Q(conversation__last_news__gt=F("read_news"))


def present_in(places: QuerySet[Party], account: Actor) -> QuerySet[Party]:
    """Return those of the places that the account has now: each row that is read is looked at."""
    pk = account.pk if isinstance(account, Account) else None
    return places.alias(present=RawSQL(IS_PRESENT, (pk,))).filter(present__isnull=False)  # noqa: S611 - a constant of ours


def keys_of(account: Actor) -> list[tuple[str, UUID]]:
    """Return by which columns and values the account's places are found: its own, and those of what it claimed."""
    if not isinstance(account, Account):
        return []
    # Asked on every page, for the number of what is unread: so without the cost of making a statement.
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM hosting_subscriber WHERE account_id = %s ORDER BY id", [account.pk])
        return [("account_id", account.pk), *(("subscriber_id", one) for (one,) in cursor.fetchall())]


def places_of(account: Actor) -> list[QuerySet[Party]]:
    """Return the places that the account has or had: its own, and those of each subscriber that it claimed.

    In parts, so that an index gives each in the order of its conversations.
    """
    return [Party.objects.filter(**{column: key}) for column, key in keys_of(account)]


def parties_of(account: Actor) -> list[QuerySet[Party]]:
    """Return the places that the account has now, in whatever conversations, in the same parts."""
    return [present_in(part, account) for part in places_of(account)]


def party_of(account: Actor, conversation_id: UUID, *, lock: bool = False) -> Party:
    """Return the account's place in the conversation, both locked where that is asked; NotFound when it has none."""
    found = present_in(Party.objects.filter(conversation=conversation_id), account).order_by("pk").first()
    if found is None:
        raise NotFound
    return _locked(found) if lock else found


def _locked(party: Party) -> Party:
    # The conversation first, as everywhere, so that two acts cannot wait for each other.
    conversations = Conversation.objects.select_for_update(of=("self",)).select_related("provider")
    conversation = conversations.get(pk=party.conversation_id)
    held = Party.objects.select_for_update(of=("self",)).select_related("subscriber").get(pk=party.pk)
    held.conversation = conversation
    return held


def sides_of(conversation: Conversation) -> list[Party]:
    """Return the places of the two sides of the conversation, whoever has them now."""
    found = Party.objects.filter(conversation=conversation).exclude(side=Side.STAFF)
    return list(found.select_related("account", "subscriber__account").order_by("pk"))


def mailed_at(party: Party, *, purpose: str, now: dt.datetime) -> tuple[Plain | None, str]:
    """Return where a party gets its mail, and in which language; no address where it has none.

    Opening a subscriber's sealed address is recorded, for ``purpose``.
    """
    if party.account is not None:
        return (Plain(party.account.email), party.account.language) if party.account.is_active else (None, "")
    assert party.subscriber is not None
    account = party.subscriber.account
    address = notify_address(party.subscriber, purpose=purpose, now=now)
    return address, account.language if account is not None else ""


def sides_behind(references: Iterable[str]) -> dict[str, str]:
    """Return on which side each of these actors stands, for those that are parties of a conversation."""
    keys = [UUID(one.partition(":")[2]) for one in references if one.startswith("party:")]
    found = Party.objects.filter(pk__in=keys).order_by("pk") if keys else ()
    return {party.ledger_reference: str(Side(party.side).label) for party in found}


def require_can_open(account: Actor, now: dt.datetime) -> None:
    """Raise Denied unless the account is a rights holder whose identity is verified."""
    require_role(account, Role.RIGHTS_HOLDER)
    require_verified(account, now)


def require_can_read(account: Actor, subject: str, _provider: str) -> None:
    """Raise NotFound unless the account takes part in the conversation of this ledger reference."""
    kind, _colon, key = subject.partition(":")
    try:
        conversation_id = UUID(key)
    except ValueError:
        raise NotFound from None
    if kind != "conversation":
        raise NotFound
    party_of(account, conversation_id)
