"""Who can do an act: an account, the system itself, or the public."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Whoever acts. The reference is what the ledger keeps: opaque, never a name."""

    @property
    def ledger_reference(self) -> str:
        """Return the opaque reference of the actor."""
        ...


@dataclass(frozen=True)
class Nobody:
    """An actor without an account."""

    ledger_reference: str


SYSTEM = Nobody("system")
PUBLIC = Nobody("public")
# A party of a matter that has no account and proved to be it by the address that it confirmed.
GUEST = Nobody("guest")
