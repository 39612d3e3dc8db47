"""Every act on subscribers, content and webhooks, each one entry in the ledger."""

from hosting.actions.hooking import end_gone_webhook, end_webhook, make_webhook, replay_deliveries, rotate_secret
from hosting.actions.registering import claim_subscriber, make_claim_link, register_content, register_subscriber

__all__ = [
    "claim_subscriber",
    "end_gone_webhook",
    "end_webhook",
    "make_claim_link",
    "make_webhook",
    "register_content",
    "register_subscriber",
    "replay_deliveries",
    "rotate_secret",
]
