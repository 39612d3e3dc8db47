"""The complaint channel of each provider: what it published of itself, and who may publish it."""

from uuid import UUID

from complaints.models import ContactPoint
from core.actors import Actor
from core.errors import NotFound
from verification.access import organisations_where, providers, require_staff
from verification.models import Account, Organisation
from verification.rules import Role

PUBLISHERS = (Role.HANDLER, Role.AUTHORIZER)


def provider_of_channel(code: str) -> Organisation:
    """Return the provider whose channel this is; NotFound when the portal serves none of this code."""
    found = providers().filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def contact_point_of(provider: Organisation) -> ContactPoint | None:
    """Return the contact point that the provider published last, if it published any."""
    return ContactPoint.objects.filter(provider=provider).order_by("-pk").first()


def contact_points() -> dict[UUID, ContactPoint]:
    """Return what each provider published last, by the provider."""
    newest = ContactPoint.objects.order_by("provider", "-pk").distinct("provider")
    return {one.provider_id: one for one in newest}


def require_publisher(account: Actor, provider: Organisation) -> Account:
    """Return the account as one that publishes for the provider; NotFound for strangers, Denied for other staff."""
    require_staff(account, provider, *PUBLISHERS)
    assert isinstance(account, Account)
    return account


def may_publish(account: Actor, provider: Organisation) -> bool:
    """Say whether it is worth offering to the account to publish the contact point; the guard decides."""
    return organisations_where(account, *PUBLISHERS).filter(pk=provider.pk).exists()
