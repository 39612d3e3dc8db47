"""By what a socket was let in, and the statements that ask, over all sockets of a process at once, whether that holds."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore

from core.errors import NotSignedIn
from messaging.access import PRESENT
from verification.access import memberships_of, token_by_secret
from verification.models import Account


@dataclass(frozen=True)
class Pass:
    """By what a socket was let in. It holds as long as all of this holds."""

    account_id: UUID
    session_key: str | None
    token_id: UUID | None
    password: bytes  # digest of the stored password hash: a changed password ends what was signed in before
    memberships: tuple[UUID, ...]


def _pass_for(account: Account, *, session_key: str | None = None, token_id: UUID | None = None) -> Pass:
    if not account.is_active or account.suspended_at is not None:
        raise NotSignedIn
    held = tuple(memberships_of(account).values_list("pk", flat=True))
    return Pass(account.pk, session_key, token_id, hashlib.sha256(account.password.encode()).digest(), held)


def sign_in_by_token(secret: str, now: dt.datetime) -> Pass:
    """Return the pass of whoever holds this bearer token; NotSignedIn when it is not valid (any more)."""
    token = token_by_secret(secret, now)
    return _pass_for(token.account, token_id=token.pk)


def sign_in_by_session(session_key: str) -> Pass:
    """Return the pass of whoever is signed in in this session; NotSignedIn when nobody is."""
    session = SessionStore(session_key)
    account = get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]  # only the session is looked at
    if not isinstance(account, Account) or session.session_key is None:
        raise NotSignedIn
    return _pass_for(account, session_key=session.session_key)


def session_cookie_name() -> str:
    """Return the name of the cookie that holds a browser's session."""
    return settings.SESSION_COOKIE_NAME


# Each returns what no longer holds, so that the usual answer is empty. Run over all sockets of a process at once.
ENDED_PASSES = """
SELECT 'account', account_id::text
FROM unnest(%(accounts)s::uuid[], %(passwords)s::bytea[]) AS given(account_id, password)
WHERE NOT EXISTS (
    SELECT 1 FROM verification_account account WHERE account.id = given.account_id AND account.is_active
    AND account.suspended_at IS NULL AND sha256(convert_to(account.password, 'UTF8')) = given.password)
UNION ALL
SELECT 'session', session_key FROM unnest(%(sessions)s::text[]) AS given(session_key)
WHERE NOT EXISTS (
    SELECT 1 FROM django_session session WHERE session.session_key = given.session_key AND session.expire_date > now())
UNION ALL
SELECT 'token', token_id::text FROM unnest(%(tokens)s::uuid[]) AS given(token_id)
WHERE NOT EXISTS (
    SELECT 1 FROM verification_token token WHERE token.id = given.token_id AND token.revoked_at IS NULL
    AND token.expires_at > now())
UNION ALL
SELECT 'membership', membership_id::text FROM unnest(%(memberships)s::uuid[]) AS given(membership_id)
WHERE NOT EXISTS (
    SELECT 1 FROM verification_membership membership
    LEFT JOIN verification_organisation organisation ON organisation.id = membership.organisation_id
    WHERE membership.id = given.membership_id AND membership.ended_at IS NULL AND organisation.suspended_at IS NULL)
"""
LOST_PLACES = f"""
SELECT party, account FROM unnest(%(parties)s::uuid[], %(accounts)s::uuid[]) AS given(party, account)
WHERE NOT EXISTS (SELECT 1 FROM {PRESENT} WHERE present.id = given.party AND present.account_id = given.account)
"""  # noqa: S608 - constants of ours
SILENCED = "SELECT id FROM messaging_party WHERE id = ANY(%(parties)s::uuid[]) AND silenced_at IS NOT NULL"
# What an account shows of itself, where it has set anything.
PREFERENCES = """
SELECT account_id, shows_presence, shows_typing FROM messaging_preferences WHERE account_id = ANY(%(accounts)s::uuid[])
"""
PLACE = f"""
SELECT present.id, conversation.last_seq, conversation.last_event,
    COALESCE(preferences.shows_presence, true), COALESCE(preferences.shows_typing, true), party.silenced_at IS NOT NULL
FROM {PRESENT}
JOIN messaging_party party ON party.id = present.id
JOIN messaging_conversation conversation ON conversation.id = present.conversation_id
LEFT JOIN messaging_preferences preferences ON preferences.account_id = present.account_id
WHERE present.conversation_id = %(conversation)s AND present.account_id = %(account)s
"""  # noqa: S608 - constants of ours
