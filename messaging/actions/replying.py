"""Answers by mail: where they go, and what becomes of each.

A mail is believed when it comes to an address that was given to one party alone and from the address of its account.
What becomes of it is told to that account's address and to no other, so nobody can have mail sent to a third.
"""

import base64
import binascii
import datetime as dt
import hmac
import re
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core import limits, mail, sealing
from core.errors import Conflict, Denied, DomainError, Invalid, NotFound, TooLarge
from core.models import FileState
from messaging import access, mailed, rules
from messaging.access import REPLY_TABLE
from messaging.actions.sending import post_message
from messaging.mailed import Mailed
from messaging.models import MailedReply, Party, ReplyAddress
from messaging.rules import ReplyState, Why
from verification.actions import store_file
from verification.models import Account

SIGNATURE_BYTES = 10
_TOKEN = "[a-z2-7]{42}"  # noqa: S105 - the shape of it: 16 bytes of id and 10 of signature in base32


def make_reply_address(*, party: Party, now: dt.datetime) -> str:
    """Return a new address that stands for the party in its conversation; empty where the portal has no mailbox."""
    local, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    if not local or not settings.REPLIES_URL:
        return ""
    made = ReplyAddress.objects.create(party=party, made_at=now, expires_at=now + rules.ANSWERED_WITHIN)
    token = base64.b32encode(made.pk.bytes + _signature(made.pk)).decode().rstrip("=").lower()
    return f"{local}+{token}@{domain}"


def _signature(address_id: UUID) -> bytes:
    return sealing.blind_index("reply address", str(address_id))[:SIGNATURE_BYTES]


def _address_in(addresses: tuple[str, ...]) -> ReplyAddress | None:
    """Return the address of ours among these; None when none was signed by us."""
    local, _at, domain = settings.REPLY_ADDRESS.rpartition("@")
    ours = re.compile(rf"{re.escape(local)}\+({_TOKEN})@{re.escape(domain)}", re.IGNORECASE)
    for address in addresses if local else ():
        found = ours.fullmatch(address.strip())
        if found is None:
            continue
        try:
            data = base64.b32decode(found.group(1).upper() + "=" * (-len(found.group(1)) % 8))
        except binascii.Error:
            continue
        if hmac.compare_digest(data[16:], _signature(UUID(bytes=data[:16]))):
            return access.reply_address(UUID(bytes=data[:16]))
    return None


def revoke_reply_addresses(*, account: Account, now: dt.datetime) -> int:
    """Let no mail be answered any more that went to the account so far, and return how many could have been."""
    return access.addresses_of(account).filter(revoked_at__isnull=True, expires_at__gt=now).update(revoked_at=now)


def take_reply(*, raw: bytes, is_whole: bool = True, now: dt.datetime) -> MailedReply | None:
    """Send what a mail says into the conversation that it answers, and return what became of it.

    None is a mail with which nothing is done and of which nobody is told: one that cannot be read, that a machine
    wrote, that comes to no address of ours, or that was taken before. Raises Unavailable when it is to be tried again.
    """
    mail_in = mailed.read(raw)
    if mail_in is None or mail_in.is_automatic:
        return None
    with transaction.atomic():
        address = _address_in(mail_in.to)
        account = access.account_of_party(address.party) if address is not None else None
        if address is None or account is None:
            return None
        # Locked, so that two copies of one mail are looked at one after the other.
        Party.objects.select_for_update(no_key=True).get(pk=address.party_id)
        client_id = uuid5(NAMESPACE_URL, f"mail:{address.party_id}:{mail_in.number}")
        if MailedReply.objects.filter(party=address.party_id, client_id=client_id).exists():
            return None
        reply = MailedReply(party=address.party, client_id=client_id, received_at=now)
        why = _why_not_believed(address, account, mail_in, now)
        if why is not None:
            return _refuse(reply, why, account, now)
        return _take(reply, account, mail_in, is_whole, now)


def _why_not_believed(address: ReplyAddress, account: Account, mail_in: Mailed, now: dt.datetime) -> Why | None:
    if mail_in.sender != account.email.lower():
        return Why.SENDER
    if address.revoked_at is not None or address.expires_at <= now:
        return Why.EXPIRED
    hour = dt.timedelta(hours=1)
    if limits.count_within(f"mailed:{address.party_id}", within=hour, now=now) > rules.REPLIES_AN_HOUR:
        return Why.TOO_MANY
    return None


def _take(reply: MailedReply, account: Account, mail_in: Mailed, is_whole: bool, now: dt.datetime) -> MailedReply:
    said, left_out = rules.cut(mail_in.text)
    if not said and not mail_in.files and is_whole:
        return _refuse(reply, Why.EMPTY, account, now)
    try:
        access.party_of(account, reply.party.conversation_id)
    except NotFound:
        return _refuse(reply, Why.AWAY, account, now)
    kept, missed = _store_files(mail_in, account, now)
    missed += not is_whole
    content = {"said": said, "left_out": left_out, "files": kept, "missed": missed}
    reply.data_key = sealing.new_data_key(now=now)
    reply.content_sealed = sealing.seal_json(
        reply.data_key, row=(REPLY_TABLE, reply.pk), field="content", value=content
    )
    held = _why_held(said, missed)
    if held is not None:
        reply.state, reply.why = ReplyState.HELD, held
        reply.save(force_insert=True)
        _tell(reply, account, now)
        return reply
    try:
        _post(reply, account, said, kept, now)
    except (Conflict, Denied, NotFound, Invalid) as refusal:
        return _refuse(reply, _why_refused(refusal), account, now)
    reply.state = ReplyState.POSTED
    reply.save(force_insert=True)
    return reply


def _store_files(mail_in: Mailed, account: Account, now: dt.datetime) -> tuple[list[str], int]:
    """Keep the files that came along as if they had been handed in, and count those that are not taken."""
    kept: list[str] = []
    missed = max(0, len(mail_in.files) - rules.MOST_ATTACHMENTS)
    for name, data in mail_in.files[: rules.MOST_ATTACHMENTS]:
        try:
            file = store_file(data=data, name=name, by=account, now=now)
        except (Invalid, TooLarge):
            missed += 1
            continue
        if file.state == FileState.CLEAN:
            kept.append(str(file.pk))
        else:
            missed += 1
    return kept, missed


def _why_held(said: str, missed: int) -> Why | None:
    if missed:
        return Why.FILES
    if len(said) > rules.LONGEST_BODY:
        return Why.TOO_LONG
    return Why.TELLS if rules.hints_in(said) else None


def _why_refused(refusal: DomainError) -> Why:
    if isinstance(refusal, Conflict):
        return Why.CLOSED
    if isinstance(refusal, NotFound):
        return Why.AWAY
    return Why.SILENCED if isinstance(refusal, Denied) else Why.EMPTY


def _post(reply: MailedReply, account: Account, body: str, kept: list[str], now: dt.datetime) -> None:
    post_message(
        conversation_id=reply.party.conversation_id, client_id=str(reply.client_id), body=body,
        attachments=[UUID(one) for one in kept], by=account, now=now,
    )  # fmt: skip


def _refuse(reply: MailedReply, why: Why, account: Account, now: dt.datetime) -> MailedReply:
    reply.state, reply.why = ReplyState.REFUSED, why
    reply.save(force_insert=True)
    _tell(reply, account, now)
    return reply


def _tell(reply: MailedReply, account: Account, now: dt.datetime) -> None:
    """Tell the account what became of its mail; of the same refusal once a day, so that two machines cannot talk."""
    is_held = reply.state == ReplyState.HELD
    once = str(reply.pk) if is_held else f"{reply.party_id}:{reply.why}:{now.date()}"
    place = reverse("messaging:reply", args=[reply.pk]) if is_held or reply.content_sealed else ""
    mail.enqueue(
        dedupe=f"mailed:{once}",
        to=account.email,
        template="messaging/mail/mailed_reply",
        context={
            "is_held": is_held,
            "why": Why(reply.why).label,
            "reply": settings.PORTAL_URL + place if place else "",
            "link": settings.PORTAL_URL + reverse("messaging:conversation", args=[reply.party.conversation_id]),
            "is_sender": reply.why == Why.SENDER,
        },
        language=account.language,
        now=now,
    )


def send_reply(*, reply_id: UUID, body: str, by: Account, now: dt.datetime) -> MailedReply:
    """Send a held answer in these words, as its writer decided who was shown what it tells; return it.

    Raises NotFound for another's, Conflict when it was decided on already or nothing can be said there any more.
    """
    with transaction.atomic():
        reply = access.reply_for(by, reply_id, lock=True)
        if reply.state != ReplyState.HELD:
            raise Conflict(state=reply.state)
        _post(reply, by, body, access.content_of_reply(reply)["files"], now)
        reply.state = ReplyState.POSTED
        reply.save(update_fields=["state"])
    return reply


def drop_reply(*, reply_id: UUID, by: Account) -> MailedReply:
    """Send a held answer never. Raises NotFound for another's, Conflict when it was decided on already."""
    with transaction.atomic():
        reply = access.reply_for(by, reply_id, lock=True)
        if reply.state != ReplyState.HELD:
            raise Conflict(state=reply.state)
        reply.state = ReplyState.DROPPED
        reply.save(update_fields=["state"])
    return reply


def forget_replies(now: dt.datetime, limit: int = 500) -> int:
    """Delete what was kept of old answers by mail, and addresses that are over; return how many answers those were."""
    before = now - rules.ANSWERED_WITHIN
    ReplyAddress.objects.filter(expires_at__lt=before).delete()
    old = list(access.old_replies(before).select_related("data_key")[:limit])
    for reply in old:
        if reply.data_key is not None:
            sealing.destroy(reply.data_key, now=now)
    return MailedReply.objects.filter(pk__in=[one.pk for one in old]).delete()[0]
