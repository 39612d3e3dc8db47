"""Who reads what the ledger has on content, subscribers and webhooks."""

from hosting import access
from ledger.access import register_reader

register_reader("content:", access.require_can_read)
register_reader("subscriber:", access.require_can_read)
register_reader("webhook:", access.require_can_read_webhook)
