"""The acts on accounts: opened, suspended, their second factor, their bearer tokens, their files."""

import datetime as dt
import hashlib
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from core import files, ids, partial, renditions
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Denied, NotFound, StepUpRequired
from core.models import StoredFile
from core.renditions import OthersGet
from core.sealing import keyed_digest
from ledger.acts import action, record
from verification import rules
from verification.models import Account, Token, UsedCode


@action("account.registered")
def register_account(
    *, email: str, by: Actor, now: dt.datetime, password: str | None = None, language: str = ""
) -> Account:
    """Return a new account whose address counts as confirmed; Conflict when the address has one.

    For the operator's commands and the demo: people open their own accounts on the sign-up page. Without a password
    nobody can sign in before its owner has set one by the link that a reset sends.
    """
    if by is not SYSTEM:
        raise Denied
    try:
        with transaction.atomic():
            account = Account.objects.create_user(email, password, language=language)
    except IntegrityError:
        raise Conflict(_("This address has an account already."), state="registered") from None
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    record(subject=account.ledger_reference, provider="", by=by, facts={}, now=now)
    return account


@action("account.opened")
def record_opened_account(*, account: Account, now: dt.datetime) -> Account:
    """Return the account that its owner just opened on the sign-up page."""
    record(subject=account.ledger_reference, provider="", by=account, facts={}, now=now)
    return account


def _locked(account_id: UUID) -> Account:
    found = Account.objects.select_for_update().filter(pk=account_id).first()
    if found is None:
        raise NotFound
    return found


@action("account.suspended")
def suspend_account(*, account_id: UUID, reason: str, by: Actor, now: dt.datetime) -> Account:
    """Return the account, suspended: no session and no token of it works from now on."""
    if by is not SYSTEM:
        raise Denied
    account = _locked(account_id)
    if account.suspended_at is not None:
        raise Conflict(_("The account is suspended already."), state="suspended")
    account.suspended_at, account.is_active = now, False
    account.save(update_fields=["suspended_at", "is_active"])
    revoked = _revoke_all(account, now)
    facts = {"tokens": revoked, "reason": keyed_digest("reason", reason)}
    record(subject=account.ledger_reference, provider="", by=by, facts=facts, now=now)
    return account


@action("account.reinstated")
def reinstate_account(*, account_id: UUID, by: Actor, now: dt.datetime) -> Account:
    """Return the account, whose suspension has ended; its tokens stay revoked."""
    if by is not SYSTEM:
        raise Denied
    account = _locked(account_id)
    if account.suspended_at is None:
        raise Conflict(_("The account is not suspended."), state="active")
    account.suspended_at, account.is_active = None, True
    account.save(update_fields=["suspended_at", "is_active"])
    record(subject=account.ledger_reference, provider="", by=by, facts={}, now=now)
    return account


@action("account.second_factor_set")
def enrol_totp(*, account: Account, secret: str, by: Actor, now: dt.datetime) -> Authenticator:
    """Return the account's new authenticator with a secret that is known already, for the demo and for tests.

    People set up their own on allauth's page. Raises Conflict when the account has one.
    """
    if by is not SYSTEM:
        raise Denied
    try:
        with transaction.atomic():
            authenticator: Authenticator = TOTP.activate(account, secret).instance
    except IntegrityError:
        raise Conflict(_("The account has a second factor already."), state="set") from None
    record(subject=account.ledger_reference, provider="", by=by, facts={"type": "totp"}, now=now)
    return authenticator


def use_one_time_code(*, account_id: UUID, secret: str, code: str, now: dt.datetime) -> None:
    """Use up a one-time code of this secret within a transaction; StepUpRequired for a wrong one or one used before."""
    given = "".join(code.split())
    for counter in rules.code_counters(now):
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), given):
            break
    else:
        raise StepUpRequired(_("This one-time code is not right; use the one that is shown now."))
    used = UsedCode(account_id=account_id, digest=hashlib.sha256(str(counter).encode()).digest(), used_at=now)
    try:
        with transaction.atomic():
            used.save(force_insert=True)
    except IntegrityError:
        raise StepUpRequired(_("This one-time code was used already; wait for the next one.")) from None


def forget_used_codes(now: dt.datetime) -> int:
    """Delete the traces of codes that no clock would take any more, and return how many; bears being run twice."""
    return UsedCode.objects.filter(used_at__lt=now - rules.CODES_KEPT_FOR).delete()[0]


@action("token.stepped_up")
def step_up_token(*, token: Token, code: str, now: dt.datetime) -> Token:
    """Return the token with a fresh second factor; StepUpRequired when the code is wrong, used, or of no authenticator."""
    held = Authenticator.objects.filter(user_id=token.account_id, type=Authenticator.Type.TOTP)
    authenticator = held.select_for_update().first()
    if authenticator is None:
        raise StepUpRequired(_("This account has no second factor; set one up first."))
    secret = secret_of(authenticator)
    use_one_time_code(account_id=token.account_id, secret=secret, code=code, now=now)
    token.stepped_up_at = now
    token.save(update_fields=["stepped_up_at"])
    account = token.account
    record(subject=account.ledger_reference, provider="", by=account, facts={"token": str(token.pk)}, now=now)
    return token


def secret_of(authenticator: Authenticator) -> str:
    """Return the opened secret of an authenticator, to compare a code with it and for nothing else."""
    from allauth.mfa.utils import decrypt

    return str(decrypt(authenticator.data["secret"]))


@action("token.issued")
def issue_token(
    *, account: Account, by: Actor, now: dt.datetime, days: int = rules.TOKEN_USUAL_DAYS
) -> tuple[Token, str]:
    """Return a new bearer token and its secret, which is nowhere kept and never shown again."""
    if by is not SYSTEM and by.ledger_reference != account.ledger_reference:
        raise Denied
    secret = ids.new_secret()
    token = Token(account=account, hash=ids.hash_secret(secret), created_at=now)
    token.expires_at = rules.token_expires_at(now, days)
    token.save(force_insert=True)
    facts = {"token": str(token.pk), "expires_at": token.expires_at.isoformat()}
    record(subject=account.ledger_reference, provider="", by=by, facts=facts, now=now)
    return token, secret


@action("token.revoked")
def revoke_token(*, token_id: UUID, by: Account, now: dt.datetime) -> Token:
    """Return the account's own token, revoked; NotFound for anybody else's, Conflict when it was revoked before."""
    token = Token.objects.select_for_update().filter(pk=token_id, account=by).first()
    if token is None:
        raise NotFound
    if token.revoked_at is not None:
        raise Conflict(_("It is revoked already."), state="revoked")
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    record(subject=by.ledger_reference, provider="", by=by, facts={"token": str(token.pk)}, now=now)
    return token


def _revoke_all(account: Account, now: dt.datetime) -> int:
    return Token.objects.filter(account=account, revoked_at__isnull=True, expires_at__gt=now).update(revoked_at=now)


@action("account.password_changed")
def revoke_after_password_change(*, account: Account, now: dt.datetime) -> int:
    """Revoke every token of the account, because its password changed (promise A1), and return how many."""
    revoked = _revoke_all(account, now)
    record(subject=account.ledger_reference, provider="", by=account, facts={"tokens": revoked}, now=now)
    return revoked


@action("file.stored")
def store_file(*, data: bytes, name: str, by: Actor, now: dt.datetime) -> StoredFile:
    """Return the file, sealed and private to whoever handed it in; refusals as ``core.files.store``."""
    file = files.store(data=data, name=name, by=by, now=now)
    facts = {
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "sha256": keyed_digest("file", files.sha256_of(file)),
    }
    record(subject=f"file:{file.pk}", provider="", by=by, facts=facts, now=now)
    return file


@action("file.given_up")
def give_up_file(*, file_id: UUID, by: Actor, now: dt.datetime) -> None:
    """Delete the actor's own file, which is part of nothing, for good.

    Raises NotFound for another's file, Conflict for one that is part of a matter.
    """
    file = files.owned_by(by, file_id)
    partial.forget_uploads_of(file.pk)
    files.delete(file_id=file.pk, now=now)
    facts = {"media_type": file.media_type, "size_bytes": file.size_bytes}
    record(subject=f"file:{file_id}", provider="", by=by, facts=facts, now=now)


@action("file.passed_unchanged")
def pass_unchanged(*, file_id: UUID, by: Actor, now: dt.datetime) -> StoredFile:
    """Have others get the actor's file as it is, though what it says about its sender can't be taken out.

    Raises NotFound for another's file, Conflict for one that can be cleaned or is passed already.
    """
    file = files.owned_by(by, file_id)
    told = renditions.others_get(file, now)
    if told != OthersGet.WITHHELD:
        raise Conflict(_("There is nothing to decide about this file."), state=told)
    locked = StoredFile.objects.select_for_update().filter(pk=file.pk, unchanged_at__isnull=True)
    if not locked.update(unchanged_at=now):
        raise Conflict(_("There is nothing to decide about this file."), state=OthersGet.AS_IT_IS)
    file.unchanged_at = now
    record(subject=f"file:{file.pk}", provider="", by=by, facts={"media_type": file.media_type}, now=now)
    return file
