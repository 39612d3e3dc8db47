"""Who may come through a door at all. What they may see behind it, each app's access.py says."""

import enum
from typing import Any


class Who(enum.Enum):
    """The rule that every address states; a test walks all addresses and fails for one without."""

    PUBLIC = "public"  # anybody
    SIGNED_IN = "signed_in"  # any account, by session or bearer token
    DEMO = "demo"  # anybody, and only in the demo; elsewhere the address does not exist


def account_of(request: Any) -> Any:
    """Return the account of a request that ``Who.SIGNED_IN`` let in; typed loosely, because core knows no accounts."""
    return request.user
