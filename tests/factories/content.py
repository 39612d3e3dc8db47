"""Content, subscribers and webhooks, registered by a provider's service."""

from hosting import actions
from hosting.models import Content, Subscriber, Webhook
from tests.factories import people
from tests.factories.people import NOW
from verification.models import Account, Organisation
from verification.rules import Role

CONTACT = {
    "name": "An uploader of the tests",
    "postal_address": "7 Harbour Street\n10115 Berlin",
    "email": "uploader-contact@films.example",
    "phone": "+49 30 901820",
}


def service(at: Organisation) -> Account:
    return people.member(Role.SERVICE, at)


def content(by: Account, external_id: str = "item-1", of: str = "sub-1", **changes: str) -> Content:
    values = {"url": f"https://host.example/v/{external_id}", "title": "A film", "media": "video", **changes}
    return actions.register_content(external_id=external_id, subscriber_external_id=of, by=by, now=NOW, **values)[0]


def subscriber(by: Account, external_id: str = "sub-1", contact: dict[str, str] | None = None) -> Subscriber:
    return actions.register_subscriber(external_id=external_id, contact=contact, by=by, now=NOW)[0]


def claimed(by: Account, uploader: Account, external_id: str = "sub-1") -> Subscriber:
    """Return the subscriber after the uploader has claimed it by a link."""
    made = actions.make_claim_link(external_id=external_id, by=by, now=NOW)
    return actions.claim_subscriber(secret=made.secret, by=uploader, now=NOW)


def webhook(by: Account, url: str = "https://service.example/hook", *events: str) -> Webhook:
    """Return a webhook that is told of these events, or else of claims."""
    return actions.make_webhook(url=url, events=events or ["subscriber.claimed"], by=by, now=NOW).webhook
