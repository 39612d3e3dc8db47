"""The app of the record: entries, their tree, proofs, and what follows from a recorded act."""

from django.apps import AppConfig

from ledger.rules import APPEND_ONLY_TABLES


class LedgerConfig(AppConfig):
    """Names the tables that the application may only read and add to."""

    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
    append_only_tables = APPEND_ONLY_TABLES

    def ready(self) -> None:
        """Register the system check of the ledger's name and public keys."""
        from ledger import checks  # noqa: F401 - importing registers the check
