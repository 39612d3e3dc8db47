"""A provider's mailbox: set, ended, looked into; and the letters that were fetched from it, each once."""

import datetime as dt
import hashlib
import re
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import rules
from complaints.access.mailboxes import MAILBOX_TABLE, credentials_of, is_fetched, mailbox_of
from complaints.actions.letters import store_letter
from complaints.letters.mails import sender_of
from complaints.models import Letter, Mailbox
from complaints.rules import Side
from core import imap, sealing
from core.actors import SYSTEM, Actor
from core.errors import Conflict, invalid
from core.outgoing import NotCallable
from core.shapes import has_unfit_characters
from ledger.acts import action, record
from verification.access import require_staff
from verification.models import Account, Organisation
from verification.rules import Role

UNFIT = {
    "malformed": gettext_lazy(
        "Give a whole address, as in imaps://mail.example/INBOX, without a name or password in it."
    ),
    "not_https": gettext_lazy("Give an address that begins with imaps://."),
    "not_public": gettext_lazy("This address is not a public one. An operator of the portal can allow a host by name."),
}
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*([^\r\n]{1,500})", re.I | re.M)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@action("mailbox.set")
def set_mailbox(
    *, by: Account, provider: Organisation, address: str, user: str, password: str, now: dt.datetime
) -> Mailbox:
    """Have the provider's letters be fetched from this mailbox from now on, as its handler or authorizer; return it.

    Without a password the one that was given before stays, where host and user stay the same. Raises Invalid for an
    address that the portal does not call, and where the password is missing.
    """
    require_staff(by, provider, Role.HANDLER, Role.AUTHORIZER)
    _check(address, user, password)
    Organisation.objects.select_for_update(no_key=True).get(pk=provider.pk)
    mailbox = mailbox_of(provider)
    if not password:
        password = _known_password(mailbox, address, user)
    box = Mailbox.objects.filter(provider=provider).first() or Mailbox(provider=provider)
    if box.address != address:
        box.uid_validity = box.last_uid = 0
    box.address, box.set_at, box.set_by, box.ended_at, box.next_try_at = address, now, by, None, now
    box.failures, box.failure, box.failing_since = 0, "", None
    box.data_key = sealing.new_data_key(now=now)
    row = (MAILBOX_TABLE, box.pk)
    box.user_sealed = sealing.seal(box.data_key, row=row, field="user", text=user)
    box.password_sealed = sealing.seal(box.data_key, row=row, field="password", text=password)
    box.save()
    facts = {"as": Side.HANDLER.value, "address": sealing.keyed_digest("mailbox", address)}
    record(subject=f"mailbox:{box.pk}", provider=provider.code, by=by, facts=facts, now=now)
    return box


def _check(address: str, user: str, password: str) -> None:
    try:
        imap.folder_of(address)
    except NotCallable as refusal:
        raise invalid("/address", refusal.code, UNFIT[refusal.code]) from None
    if not user.strip():
        raise invalid("/user", "required", _("Say who signs in there."))
    for pointer, text in (("/user", user), ("/password", password)):
        if not text.isprintable() or has_unfit_characters(text):
            raise invalid(pointer, "characters", _("Remove the characters that are not text."))


def _known_password(mailbox: Mailbox | None, address: str, user: str) -> str:
    """Return the password that is kept for the same host and user: nobody else's host is ever shown it."""
    if mailbox is not None:
        known, password = credentials_of(mailbox)
        if known == user and imap.folder_of(mailbox.address).target == imap.folder_of(address).target:
            return password
    raise invalid("/password", "required", _("Give the password of the mailbox."))


@action("mailbox.ended")
def end_mailbox(*, by: Account, provider: Organisation, now: dt.datetime) -> Mailbox:
    """Fetch nothing there any more and forget who signs in; return the mailbox. Raises Conflict when none is set."""
    require_staff(by, provider, Role.HANDLER, Role.AUTHORIZER)
    found = Mailbox.objects.select_for_update(of=("self",)).select_related("data_key")
    mailbox = found.filter(provider=provider, ended_at__isnull=True).first()
    if mailbox is None:
        raise Conflict(_("No mailbox is set."), state="none")
    sealing.destroy(mailbox.data_key, now=now)
    mailbox.ended_at = now
    mailbox.save(update_fields=["ended_at"])
    record(subject=f"mailbox:{mailbox.pk}", provider=provider.code, by=by, facts={"as": Side.HANDLER.value}, now=now)
    return mailbox


@action("letter.fetched")
def keep_fetched(
    *, mailbox_id: UUID, uid_validity: int, message: imap.Message, by: Actor = SYSTEM, now: dt.datetime
) -> Letter:
    """Keep a message of a provider's mailbox as a letter, exactly as it came; return it.

    Raises Conflict for one that was kept before, in this place or another: nothing is kept twice.
    """
    mailbox = Mailbox.objects.select_for_update(of=("self",)).select_related("provider").get(pk=mailbox_id)
    digest = digest_of(message.raw)
    known = mailbox.uid_validity == uid_validity and mailbox.last_uid >= message.uid
    if known or mailbox.ended_at is not None or is_fetched(mailbox, digest):
        raise Conflict(state="kept")
    came_at = min(message.received_at or now, now)
    letter = Letter(provider=mailbox.provider, mailbox=mailbox, name="message.eml", received_at=came_at, kept_at=now)
    letter.uid_validity, letter.uid, letter.message_digest = uid_validity, message.uid, digest
    store_letter(letter, message.raw, sender_of(message.raw), is_whole=message.is_whole)
    _note_place(mailbox, uid_validity, message.uid)
    facts = {"as": Side.SYSTEM.value, "kind": letter.kind, "digest": sealing.keyed_digest("letter", letter.sha256)}
    record(subject=f"letter:{letter.pk}", provider=mailbox.provider.code, by=by, facts=facts, now=now)
    return letter


def digest_of(raw: bytes) -> str:
    """Return what two deliveries of one message share: its number and its body, not the stamps of its way."""
    parts = _HEADER_END.split(raw, maxsplit=1)
    number = _MESSAGE_ID.search(parts[0])
    same = raw if number is None or len(parts) == 1 else number.group(1).strip() + b"\n" + parts[1]
    return hashlib.sha256(same).hexdigest()


def _note_place(mailbox: Mailbox, uid_validity: int, uid: int) -> None:
    mailbox.uid_validity, mailbox.last_uid = uid_validity, uid
    mailbox.save(update_fields=["uid_validity", "last_uid"])


def pass_over(*, mailbox_id: UUID, uid_validity: int, uid: int) -> None:
    """Note that the mailbox was read up to here, where what lies there is no letter."""
    further = Q(last_uid__lt=uid) | ~Q(uid_validity=uid_validity)
    Mailbox.objects.filter(further, pk=mailbox_id).update(uid_validity=uid_validity, last_uid=uid)


def note_look(*, mailbox: Mailbox, has_more: bool, now: dt.datetime) -> None:
    """Note that the mailbox was looked into, and when it is again; unless it was set anew meanwhile."""
    again = rules.next_look_at(now, failures=0, has_more=has_more)
    mine = Mailbox.objects.filter(pk=mailbox.pk, set_at=mailbox.set_at)
    mine.update(checked_at=now, next_try_at=again, failures=0, failure="", failing_since=None)


def note_failure(*, mailbox: Mailbox, code: str, now: dt.datetime) -> None:
    """Note that the mailbox could not be read, why, and since when; it is tried again ever later."""
    again = rules.next_look_at(now, failures=mailbox.failures + 1, has_more=False)
    since = mailbox.failing_since or now
    mine = Mailbox.objects.filter(pk=mailbox.pk, set_at=mailbox.set_at)
    mine.update(next_try_at=again, failures=F("failures") + 1, failure=code[:40], failing_since=since)


def claim_mailboxes(*, room: int, now: dt.datetime) -> list[Mailbox]:
    """Return at most so many mailboxes that are due, held for this process for a while; call it in a transaction."""
    due = Mailbox.objects.filter(ended_at__isnull=True, next_try_at__lte=now, provider__suspended_at__isnull=True)
    found = list(
        due.select_related("data_key")
        .order_by("next_try_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))[:room]
    )
    for mailbox in found:
        mailbox.next_try_at = now + rules.HELD_FOR
    Mailbox.objects.bulk_update(found, ["next_try_at"])
    return found
