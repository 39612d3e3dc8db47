"""What a provider publishes of its complaint channel."""

import datetime as dt
from collections.abc import Mapping

from complaints.access.channel import contact_point_of, provider_of_channel, require_publisher
from complaints.models import ContactPoint
from complaints.rules import CONTACT_POINT_FIELDS
from core.actors import Actor
from core.sealing import keyed_digest
from ledger.acts import action, record


@action("channel.contact_published")
def publish_contact_point(*, provider: str, given: Mapping[str, str], by: Actor, now: dt.datetime) -> ContactPoint:
    """Publish where the provider can be reached about complaints, in place of what stood there; return it.

    Earlier versions are kept. Raises NotFound for strangers, Denied for staff that does not publish.
    """
    organisation = provider_of_channel(provider)
    account = require_publisher(by, organisation)
    before = contact_point_of(organisation)
    values = {name: given.get(name, "").strip() for name in CONTACT_POINT_FIELDS}
    made = ContactPoint(provider=organisation, published_by=account, published_at=now, **values)
    made.save(force_insert=True)
    changed = [name for name in CONTACT_POINT_FIELDS if values[name] != (getattr(before, name) if before else "")]
    digest = keyed_digest("contact point", "\n".join(values[name] for name in CONTACT_POINT_FIELDS))
    facts = {"version": str(made.pk), "changed": changed, "digest": digest}
    record(subject=f"organisation:{organisation.code}", provider=organisation.code, by=by, facts=facts, now=now)
    return made
