"""Where the demo's providers can be reached about complaints, published by their own handlers."""

import datetime as dt

from complaints import access, actions
from portal.demo_world.people import OPENED, People
from verification.access import account_with_email

HANDLERS = {"cloudhaven": "handler@demo.example", "otherhost": "handler@otherhost.example"}


def make(_who: People, now: dt.datetime) -> None:
    """Publish the contact points that are missing."""
    for code, handler in HANDLERS.items():
        by, provider = account_with_email(handler), access.provider_of_channel(code)
        if by is not None and access.contact_point_of(provider) is None:
            given = {
                "name": f"{provider.name}, copyright desk",
                "contact_person": "The head of the copyright desk (demo)",
                "postal_address": f"1 {provider.name} Street, 00000 Exampleton",
                "email": f"copyright@{code}.example",
                "phone": "+1 202 555 0123",
                "agent": f"{provider.name} agent (demo), DMCA-0000000",
            }
            actions.publish_contact_point(provider=code, given=given, by=by, now=now - OPENED)
