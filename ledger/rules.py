"""What the ledger allows: names, sizes and waiting times, as values and pure functions; no tables, no clock."""

from datetime import timedelta

# The tables of which no row is ever changed or removed. The application's role may only read and add to them.
APPEND_ONLY_TABLES = ("ledger_entry", "ledger_leaf", "ledger_node", "ledger_checkpoint")

# The patterns hold in Python and in PostgreSQL; they leave no room for what would need escaping in canonical JSON.
ACT_PATTERN = r"^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39}){1,2}$"
REFERENCE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9:._~-]{0,119}$"
PROVIDER_PATTERN = r"^[A-Za-z0-9._-]{0,64}$"
KEY_ID_PATTERN = r"^[0-9a-f]{8}$"

FACTS_MAX_BYTES = 16 * 1024
FACTS_MAX_DEPTH = 6
FACT_NAME_PATTERN = r"^[!-~]{1,80}$"
LARGEST_EXACT_INTEGER = 2**53 - 1  # RFC 8785 writes numbers as ECMAScript does: larger ones would lose digits.

HASH_BYTES = 32
SIGNATURE_BYTES = 64

# Roots of complete subtrees are stored for every eighth level only: 1/256 of the rows, and a proof reads few tiles.
LEVELS_PER_TILE = 8
HASHES_PER_TILE = 2**LEVELS_PER_TILE
STORED_LEVELS = (8, 16, 24, 32, 40)

SEAL_BATCH = 5_000
SEALED_WITHIN = timedelta(seconds=1)
HISTORY_KEPT_EVERY = timedelta(minutes=1)

FOLLOWER_BATCH = 10
FOLLOWER_WINDOW = 2_000
FOLLOWER_RETRIES = (
    timedelta(seconds=1),
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)


def retry_after(attempts: int) -> timedelta:
    """Return how long a follower leaves an entry alone that has failed `attempts` times (1 or more).

    House rule: 1 s, 5 s, 30 s, 2 min, 10 min, then every hour without end, because what follows from a recorded act
    is owed until it is done.
    """
    return FOLLOWER_RETRIES[min(attempts, len(FOLLOWER_RETRIES)) - 1]


def is_kept_in_history(since_last: timedelta) -> bool:
    """Say whether a checkpoint is added to the history outside the database, `since_last` after the one before.

    House rule: one a minute at most, so that a month of history stays under 12 MB; a clock set back adds one.
    """
    return since_last >= HISTORY_KEPT_EVERY or since_last < timedelta(0)
