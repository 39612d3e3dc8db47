"""What conversations bring to the apps below: who reads their entries in the ledger, and what they say of content."""

from hosting import pending
from ledger.access import register_reader
from messaging.access import pending_at, require_can_read

register_reader("conversation:", require_can_read)
pending.register("messaging", pending_at)
