"""Accounts by their id, address or token, what of them is shown to their owner, and the rules of providers."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import ids
from core.actors import Actor
from core.desk import Waiting
from core.errors import NotFound, NotSignedIn
from core.planned import planned
from verification.access.roles import organisations_where
from verification.models import Acceptance, Account, Identity, Organisation, ServiceRules, Token
from verification.rules import REMIND_OF_EXPIRY_WITHIN, IdentityState, Role

MOST_SHOWN = 50


def account_for(pk: UUID) -> Account:
    """Return the active account of this id, for code that runs for an account known already; NotFound else."""
    found = Account.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise NotFound
    return found


def account_with_email(email: str) -> Account | None:
    """Return the active account of this e-mail address, or None."""
    return Account.objects.filter(email__iexact=email, is_active=True).first()


def account_of_reference(reference: str) -> Account:
    """Return the account, active or not, that the ledger knows by this reference; NotFound when there is none."""
    try:
        found = Account.objects.filter(pk=UUID(reference.removeprefix("account:"))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found


def token_by_secret(secret: str, now: dt.datetime) -> Token:
    """Return the valid bearer token with its account; NotSignedIn for a wrong, expired or revoked one."""
    found = _valid_tokens(ids.hash_secret(secret), now)
    if not found:
        raise NotSignedIn
    return found[0]


@planned
def _valid_tokens(hashed: Any, now: Any) -> QuerySet[Token]:
    valid = Q(revoked_at__isnull=True, expires_at__gt=now, account__is_active=True)
    return Token.objects.filter(valid, hash=hashed).select_related("account")


def tokens_of(account: Account) -> QuerySet[Token]:
    """Return the account's bearer tokens, newest first."""
    return Token.objects.filter(account=account).order_by("-pk")


def organisation(code: str) -> Organisation:
    """Return the organisation of this code; NotFound when there is none."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def rules_of(provider: Organisation) -> QuerySet[ServiceRules]:
    """Return every version of the provider's service rules, newest first."""
    return ServiceRules.objects.filter(provider=provider).select_related("provider").order_by("-pk")


def rules_by_id(rules_id: UUID) -> ServiceRules:
    """Return one version of a provider's service rules; NotFound when there is none."""
    served = ServiceRules.objects.filter(pk=rules_id, provider__suspended_at__isnull=True)
    found = served.select_related("provider").first()
    if found is None:
        raise NotFound
    return found


def is_superseded(rules: ServiceRules, now: dt.datetime) -> bool:
    """Say whether a later version of the same rules is in force already."""
    in_force = ServiceRules.objects.filter(provider=rules.provider_id, effective_at__lte=now)
    newest = in_force.aggregate(newest=Max("effective_at"))["newest"]
    return newest is not None and rules.effective_at < newest


def acceptances_of(account: Account) -> QuerySet[Acceptance]:
    """Return which rules the account accepted, newest first."""
    return Acceptance.objects.filter(account=account).select_related("rules__provider").order_by("-pk")


def accepted_at(account: Actor) -> dict[UUID, dt.datetime]:
    """Return when the account accepted which version of rules, by the version's id."""
    if not isinstance(account, Account):
        return {}
    return dict(Acceptance.objects.filter(account=account).order_by("pk").values_list("rules", "accepted_at"))


def waiting_for(account: Account, mine: Identity | None, now: dt.datetime) -> list[Waiting]:
    """Return the identities that the account should review, and what it must do about its own, the current one."""
    return [*_to_review(account), *_to_do_oneself(mine, now)]


def _to_review(account: Account) -> list[Waiting]:
    providers = organisations_where(account, Role.REVIEWER)
    waiting = Identity.objects.filter(provider__in=providers, state=IdentityState.SUBMITTED)
    return [
        Waiting(
            title=_("An identity to review"),
            url=reverse("verification:review", args=[identity.pk]),
            reference="",
            role=str(Role.REVIEWER.label),
            since=identity.submitted_at,
            detail=str(identity.get_kind_display()),
        )
        for identity in waiting.exclude(account=account).order_by("pk")[:MOST_SHOWN]
    ]


def _to_do_oneself(mine: Identity | None, now: dt.datetime) -> list[Waiting]:
    if mine is None:
        return []
    about: dict[str, Any] = {"url": reverse("verification:submit"), "reference": "", "role": _("yourself")}
    if mine.state == IdentityState.REFUSED and mine.reviewed_at is not None:
        title = _("Your identity was not verified: see why and submit it again")
        return [Waiting(title=title, since=mine.reviewed_at, **about)]
    ends = mine.expires_at
    if mine.state == IdentityState.VERIFIED and ends is not None and ends < now + REMIND_OF_EXPIRY_WITHIN:
        title = _("Your verified identity ends soon: submit it again")
        return [Waiting(title=title, since=ends - REMIND_OF_EXPIRY_WITHIN, due_at=ends, **about)]
    return []
