"""What must be right about the ledger's settings before a process starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from ledger import keys


@register()
def ledger_settings_are_right(**_: Any) -> list[CheckMessage]:
    """Report a ledger name that can't stand in a checkpoint, and public keys that are none."""
    found: list[CheckMessage] = []
    try:
        keys.read_verifiers(str(settings.LEDGER_PUBLIC_KEY))
    except keys.WrongKey as error:
        found.append(Error(f"LEDGER_PUBLIC_KEY: {error}", id="ledger.E001"))
    if len(settings.LEDGER_SEED) == keys.SEED_BYTES:  # Its absence is core's check to report.
        try:
            keys.signer()
        except ImproperlyConfigured as error:
            found.append(Error(str(error), id="ledger.E002"))
    return found
