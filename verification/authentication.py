"""Who is at the door: bearer tokens and sessions, the second factor, and allauth's hooks. It decides nothing further."""

import datetime as dt
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal.httpkit import is_headless_request
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.request import Request

from core import limits, sealing, times
from core.errors import NotSignedIn, StepUpRequired
from verification import access, actions
from verification.models import Account, Token
from verification.rules import CODES_WITHIN, MOST_WRONG_CODES, SECOND_FACTOR_ROLES

WAY = "way after signing in"  # in the session, and what it is sealed for

SEALED_FOR = "second_factor"


class Bearer(authentication.BaseAuthentication):
    """``Authorization: Bearer TOKEN``. The header ``X-OTP`` gives the token a fresh second factor for five minutes."""

    def authenticate(self, request: Request) -> tuple[Account, Token] | None:
        """Return the token's account; None where no token came; NotSignedIn for one that is not valid."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not secret.strip():
            raise NotSignedIn(_("Sign in with: Authorization: Bearer TOKEN."))
        now = times.now()
        token = access.token_by_secret(secret.strip(), now)
        code = request.headers.get("X-OTP")
        if code is not None:
            token = step_up(token, code, now)
        token.account.token, token.account.second_factor_at = token, token.stepped_up_at
        return token.account, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework says which arguments come
        """Return what an answer 401 names as the way in."""
        return "Bearer"


def step_up(token: Token, code: str, now: dt.datetime) -> Token:
    """Return the token with a fresh second factor; TooFast after five wrong codes of the account in five minutes."""
    bucket = f"one-time-code:{token.account_id}"
    # Counted first and given back when right, so that guesses sent all at once are counted too.
    limits.require_room(bucket, limit=MOST_WRONG_CODES, within=CODES_WITHIN, now=now)
    stepped = actions.step_up_token(token=token, code=code, now=now)
    limits.give_back(bucket, within=CODES_WITHIN, now=now)
    return stepped


class Session(authentication.SessionAuthentication):
    """A browser's session; changing requests need the form token, which keeps other sites from using it."""


class SecondFactor:
    """Middleware: says when the session's second factor was last given, as ``request.user.second_factor_at``."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace the lazy user by one that knows it; nothing is asked of the database before somebody looks."""
        account: Any = SimpleLazyObject(lambda: _with_second_factor(request))
        request.user = account
        return self.get_response(request)  # type: ignore[no-any-return]  # Django types the callable loosely


def _with_second_factor(request: HttpRequest) -> Any:
    user = get_user(request)
    if isinstance(user, Account):
        user.second_factor_at = second_factor_at(request, user)
    return user


def second_factor_at(request: HttpRequest, account: Account) -> dt.datetime | None:
    """Return when the account last gave its second factor in this session (at sign-in or again), or None."""
    records = get_authentication_records(request, account)
    given = [float(record["at"]) for record in records if record.get("method") == "mfa"]
    return dt.datetime.fromtimestamp(max(given), dt.UTC) if given else None


def remember_way(request: HttpRequest, path: str) -> None:
    """Have whoever signs in next in this browser go on at this address of ours, also after a confirmation by mail.

    It may hold a secret, so it is sealed; it is used once.
    """
    request.session[WAY] = sealing.seal_text(WAY, path)


class AccountAdapter(DefaultAccountAdapter):
    """What is ours in signing in: links from the settings, the way on, and staff led to their second factor."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where somebody goes on who did not say it: where it was asked to sign in, or home."""
        way = request.session.pop(WAY, "")
        return sealing.open_text(WAY, way) if way else str(super().get_login_redirect_url(request))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Send staff and authorities without a second factor to set one up; they can do nothing before."""
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        if not is_headless_request(request) and access.needs_second_factor(user):
            answer["Location"] = reverse("mfa_activate_totp")
        return answer

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002 - allauth's
        """Return the link of a confirmation mail. Its host comes from the settings, never from a request."""
        return f"{settings.PORTAL_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset mail, with its host from the settings."""
        # allauth's address takes user and key apart; the two are joined by the first hyphen.
        user, _hyphen, rest = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": rest})
        return f"{settings.PORTAL_URL}{path}"


class MfaAdapter(DefaultMFAAdapter):
    """What is ours in second factors: their secrets are sealed, and staff keep theirs."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return sealing.seal_text(SEALED_FOR, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the stored secret, opened."""
        return sealing.open_text(SEALED_FOR, encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return the name under which an authenticator app lists this portal."""
        return str(settings.PORTAL_NAME)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say whether the factor may go: staff and authorities cannot be without one."""
        if authenticator.type != Authenticator.Type.TOTP:
            return True
        held = access.memberships_of(authenticator.user).filter(role__in=SECOND_FACTOR_ROLES)
        return not held.exists()


def validate_once(factor: TOTP, code: str) -> bool:
    """Say whether the code is right and was not used before, for allauth's pages and its headless API."""
    account_id, secret = factor.instance.user_id, actions.secret_of(factor.instance)
    try:
        actions.use_one_time_code(account_id=account_id, secret=secret, code=code, now=times.now())
    except StepUpRequired:
        return False
    return True


# allauth remembers a used code for one step, but takes it for three (MFA_TOTP_TOLERANCE): the same code could be given
# twice. Ours is kept in the table that tokens use as well, so a code works once, wherever. It can go when allauth
# keeps codes for as long as it takes them.
TOTP.validate_code = validate_once
