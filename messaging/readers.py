"""Who may read the ledger's entries about a conversation: those who take part in it."""

from ledger.access import register_reader
from messaging.access import require_can_read

register_reader("conversation:", require_can_read)
